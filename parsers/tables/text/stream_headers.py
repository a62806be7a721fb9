"""The headers of a stream of text, label by label.

The labels of a header come one after the other; a line of the header begins where the kind of the labels changes. What
is no label between two of them is a column that no form has.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.forms.labels import is_words
from parsers.tables.headers.broken import assume_header
from parsers.tables.headers.matrices import prints_total_first, read_matrix_header
from parsers.tables.model import Column, Header, Slot
from parsers.tables.text.found_rows import HEADER_REACH
from parsers.tables.text.gaps import REMARK
from parsers.tables.text.stream import Stream
from parsers.tables.text.wordings import Meaning, Token
from parsers.tables.vocabulary import Vocabulary

_ORDINAL = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．:：]*")
_WORD = re.compile(r"[^\s|]+")
_COLUMNS_OF_A_HEADER = 4  # side by side, where nothing else says that a header begins
_SHORTEST_COLUMN = 3  # letters of the first of them


@dataclass(frozen=True, slots=True)
class LastLabel:
    """The label that was read last.

    Attributes:
        kind: marker | block_column | header | row; empty where prose ended the reign of what stood above.
        table: of a label in a header: whose.
    """

    kind: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class HeaderLabel:
    """A label of a header. ``kind``: corner, block, parent or column."""

    kind: str
    table: str


@dataclass(slots=True)
class _TableHeader:
    """The header of one table, as far as it has been read.

    Attributes:
        lines: its labels.
        kind: of the labels in the last line.
        flat: all columns stand in one line, without the words over them.
        columns: what the lines come to; read anew after each label.
        is_read: whether ``columns`` has been read.
    """

    lines: list[list[Slot]] = field(default_factory=list)
    kind: str = ""
    flat: bool = False
    columns: Header | None = None
    is_read: bool = False

    def begin(self, *, flat: bool) -> None:
        self.lines = []
        self.flat = flat

    def forget(self) -> None:
        """Prose ends the header's reign. That its columns stood in one line is still true of the next one."""
        self.lines = []
        self.columns = None
        self.is_read = False


class StreamHeaders:
    """Gathers the labels of headers in one stream, and gives rows their columns."""

    def __init__(self, stream: Stream, tokens: Sequence[Token], words: Vocabulary) -> None:
        self._stream = stream
        self._tokens = tokens
        self._words = words
        self._tables: dict[str, _TableHeader] = {}
        self._end = 0  # where the last label of any header ends
        self._block_columns: list[Column] = []
        self.last = LastLabel()
        self.unsure: list[tuple[str, Header]] = []  # matrices, and their headers that may name the total first

    def lines_of(self, name: str) -> list[list[Slot]]:
        """The labels of a table's header, line by line."""
        return self._table(name).lines

    def forget(self) -> None:
        """Prose ends the reign of all headers."""
        for table in self._tables.values():
            table.forget()
        self._block_columns = []
        self.last = LastLabel()

    def end_table(self, name: str) -> None:
        """A record has its values: the next label begins another table."""
        self._table(name).lines = []
        self.last = LastLabel()

    def _table(self, name: str) -> _TableHeader:
        return self._tables.setdefault(name, _TableHeader())

    # ---- small tables

    def take_marker(self) -> None:
        """The word over the labels of a small table: its header begins."""
        self._block_columns = []
        self.last = LastLabel("marker")

    def take_block_column(self, codes: Sequence[str], number: int) -> None:
        """Take in a column of a small table.

        Args:
            codes: what it can be; none: a column that no form has.
            number: of the label in the stream.
        """
        token = self._tokens[number]
        if self.last.kind not in {"marker", "block_column"}:
            self._block_columns = []
        elif codes and (unknown := self._find_words_before(number)) is not None:
            self._block_columns.append(unknown)
        self._block_columns.append(Column(tuple(codes), self._stream.slot(token.start, token.end)))
        self.last = LastLabel("block_column")

    def use_block_header(self, number: int) -> Header:
        """Return the columns of a small table for the row whose label is ``number``."""
        if self.last.kind == "block_column" and (unknown := self._find_words_before(number)) is not None:
            self._block_columns.append(unknown)
        return Header(tuple(self._block_columns), lead=0)

    def count_block_columns(self) -> int:
        """How many columns the small table has."""
        return len(self._block_columns)

    def _find_words_before(self, number: int) -> Column | None:
        """Words between two column headers, or the last and the first row: a header of no form, or a damaged one."""
        end = self._tokens[number].start
        start = next((token.end for token in reversed(self._tokens[:number]) if token.end <= end), 0)
        match = re.search(r"\S+", _blank_remark(self._stream.raw[start:end]))
        if match is None or not _is_heading(match.group()):
            return None
        slot = self._stream.slot(start + match.start(), start + match.end())
        near = self._words.block_columns.find(slot.text)
        return Column(tuple(found.key for found in near), slot, near[0].quality if near else "exact")

    # ---- matrices and records

    def take_label(self, number: int) -> HeaderLabel | None:
        """Take in a label, if it is one of a header.

        A corner and a block are of a header whatever stands before them, so they are asked first.
        """
        token = self._tokens[number]
        for kind in ("corner", "block", "parent", "column"):
            for meaning in token.of(kind):
                if self._belongs_to_header(kind, meaning.key[0], number):
                    self._add_label(kind, meaning, token)
                    return HeaderLabel(kind, meaning.key[0])
        return None

    def _belongs_to_header(self, kind: str, name: str, number: int) -> bool:
        """Whether a label goes on with a table's header, or begins one; where it does, the one before is forgotten."""
        table = self._table(name)
        goes_on = self.last == LastLabel("header", name)
        if kind == "column" and not (goes_on and table.lines):
            # 总计 and 其他 are columns only where the header they belong to has begun.
            if not self._opens_header(number, name):
                return False
            table.begin(flat=True)
        elif kind in {"corner", "block"} and not goes_on:
            table.begin(flat=False)
        return True

    def _opens_header(self, number: int, name: str) -> bool:
        """Whether a matrix's header begins with a column: nothing names its corner, further columns stand beside.

        A total among them is that of two lines in one, whose order says nothing.
        """
        tokens = self._tokens[number : number + _COLUMNS_OF_A_HEADER]
        if name not in self._words.matrices or len(tokens) < _COLUMNS_OF_A_HEADER:
            return False
        total = self._words.matrices[name][0].total
        for token in tokens:
            codes = {meaning.key[1] for meaning in token.of("column") if meaning.key[0] == name}
            if not codes - {total}:
                return False
        raw = self._stream.raw
        first, last = tokens[0], tokens[-1]
        if first.end - first.start < _SHORTEST_COLUMN or "\n" in raw[first.start : last.end]:
            return False
        return not any(is_words(raw[left.end : right.start]) for left, right in itertools.pairwise(tokens))

    def _add_label(self, kind: str, meaning: Meaning, token: Token) -> None:
        name = meaning.key[0]
        table = self._table(name)
        is_matrix = name in self._words.matrices
        group = "child" if self._is_child(meaning) and not table.flat else kind
        # A total in a line of its own is a cell of the line above: it says nothing about the order.
        alone = group == "column" and is_matrix and "\n" in self._stream.raw[self._end : token.start]
        if not table.lines or table.kind != group or alone:
            table.lines.append([])
        elif is_matrix and self.last == LastLabel("header", name):
            table.lines[-1] += self._find_headings(self._end, token.start)
        table.lines[-1].append(self._stream.slot(token.start, token.end))
        table.kind = group
        table.is_read = False
        self._end = token.end
        self.last = LastLabel("header", name)

    def _is_child(self, meaning: Meaning) -> bool:
        """Whether a column stands under a word over several."""
        name, code = meaning.key
        for table in self._words.matrices.get(name, ()):
            if any(column.code == code and column.parent for column in table.columns):
                return True
        return False

    def _find_headings(self, start: int, end: int) -> Iterator[Slot]:
        """Words between two column headers of a matrix: of a column that no form has."""
        for match in _WORD.finditer(_blank_remark(self._stream.raw[start:end])):
            if _is_heading(match.group()):
                yield self._stream.slot(start + match.start(), start + match.end())

    def use_matrix_header(self, name: str, before: int = 0) -> Header | None:
        """Return the columns of a matrix for a row.

        Args:
            name: of the table in the forms.
            before: where the row begins; pieces of a broken header stand before it.
        """
        table = self._table(name)
        if not table.is_read:
            table.columns = self._read_matrix_header(name, table.lines, before)
            table.is_read = True
        return table.columns

    def _read_matrix_header(self, name: str, lines: list[list[Slot]], before: int) -> Header | None:
        form = self._words.matrices[name][0]
        header = read_matrix_header(name, form, lines, self._words) if lines else None
        if header is None:
            codes = [column.code for column in form.columns]
            text = self._stream.raw[max(0, before - HEADER_REACH) : before]
            return assume_header(codes, form.columns, text, self._stream.slot(before, before))
        if prints_total_first(name, form, lines, self._words):
            self.unsure.append((name, header))
        return header


def _blank_remark(text: str) -> str:
    """A text with blanks in place of the remark at its beginning: every other letter keeps its place."""
    return REMARK.sub(lambda match: " " * len(match.group()), text)


def _is_heading(text: str) -> bool:
    return is_words(text) and not _ORDINAL.fullmatch(text)
