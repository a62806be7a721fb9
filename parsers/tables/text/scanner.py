"""Tables that were set as text: one cell a line or paragraph, cells parted by spaces, or run together.

The text between two tables is one stream (`stream`). Labels are found in it letter by letter (`wordings`), and what
stands between one label and the next is the row's values (`gaps`). The same rules hold as for tables: a header must
govern a row, prose between them ends its reign, and a row is what its label says.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from parsers.document import Document, Text
from parsers.forms.labels import fold, is_bare_ordinal, is_words
from parsers.forms.templates import RecordTable
from parsers.record import Issue
from parsers.tables.headers.broken import assume_header
from parsers.tables.headers.matrices import prints_total_first, read_matrix_header
from parsers.tables.headers.records import read_record_header
from parsers.tables.model import Column, Findings, Header, Row, Slot
from parsers.tables.text.blank_cells import Gap, Line, Steps
from parsers.tables.text.gaps import REMARK, Gaps
from parsers.tables.text.record_layouts import Segment
from parsers.tables.text.stream import Stream
from parsers.tables.text.wordings import Dictionary, Meaning, Token
from parsers.tables.units import CountWords, UnitWords, is_remark
from parsers.tables.vocabulary import Vocabulary

_PROSE = re.compile(r"[㐀-鿿，]{16}|[。；]\s*\S*[㐀-鿿]{4}")
_ORDINAL = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．:：]*")
_SHORTEST_ROW = 4
_COLUMNS_OF_A_HEADER = 4  # side by side, where nothing else says that a header begins
_SHORTEST_COLUMN = 3  # letters of the first of them
_HEADER_REACH = 300  # characters in which the pieces of a broken header are looked for


def scan(document: Document, words: Vocabulary, findings: Findings) -> None:
    """Add to ``findings`` the rows that stand in text blocks."""
    dictionary = Dictionary(words)
    scans: list[_Scan] = []
    run: list[tuple[int, Text]] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Text):
            run.append((index, block))
            continue
        if run:
            scans.append(_Scan(Stream(run), words, dictionary))
        run = []
    if run:
        scans.append(_Scan(Stream(run), words, dictionary))
    steps = Steps.of([line for each in scans for line in each.lines])
    for each in scans:
        each.finish(steps, findings)


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match.group())


class _Scan:
    """One stream: its labels, headers and rows."""

    def __init__(self, stream: Stream, words: Vocabulary, dictionary: Dictionary) -> None:
        self._stream = stream
        self._words = words
        self._tokens = list(dictionary.tokens(stream.raw))
        self._gaps = Gaps(stream, self._tokens, dictionary, words.values)
        self._rows: list[tuple[Row, Gap, bool]] = []
        self._loose: list[Row] = []
        self._other_rows: list[Issue] = []
        self._block_header: list[Column] = []
        self._lines: dict[str, list[list[Slot]]] = {}
        self._header: dict[str, Header | None] = {}
        self._header_end = 0
        self._unsure: list[tuple[str, Header]] = []
        self._line_kind: dict[str, str] = {}
        self._flat: set[str] = set()  # matrices whose columns stand in one line, without their groups
        self._last: str = ""
        self._segments: dict[str, Segment] = {}
        self._read()

    @property
    def lines(self) -> list[Line]:
        """All rows, for measuring the steps between their cells."""
        counted = self._stream.counts_lines
        return [Line(row.table, gap, own_line, self._gaps.repeats(gap), counted) for row, gap, own_line in self._rows]

    def _read(self) -> None:
        previous_end = 0
        for number, token in enumerate(self._tokens):
            between = REMARK.sub("", self._stream.raw[previous_end : token.start])
            if _PROSE.search(between):
                self._forget()
            self._token(token, number)
            previous_end = token.end
        self._forget()

    def _forget(self) -> None:
        for name in list(self._segments):
            self._segment(name, official=False)
        self._segments = {}
        self._block_header = []
        self._lines = {}
        self._last = ""
        self._header = {}

    def _token(self, token: Token, number: int) -> None:
        slot = self._stream.slot(token.start, token.end)
        if token.of("marker"):
            self._block_header = []
            self._last = "marker"
            return
        if token.of("other_block_column"):
            if self._last not in {"marker", "block_column"}:
                self._block_header = []
            self._block_header.append(Column((), slot))
            self._last = "block_column"
            return
        if token.of("other_row"):
            self._other_row(slot, number)
            return
        if meanings := token.of("block_column"):
            if self._last not in {"marker", "block_column"}:
                self._block_header = []
            elif (unknown := self._words_before(token)) is not None:
                self._block_header.append(unknown)
            self._block_header.append(Column(tuple(meaning.key[1] for meaning in meanings), slot))
            self._last = "block_column"
            return
        if kind := self._take_header(token, slot, number):
            self._record(token, number, kind)
            return
        for meaning in token.of("row"):
            if self._is_row(token, meaning):
                self._row(token, meaning, number)
                self._last = "row"
                return

    def _other_row(self, slot: Slot, number: int) -> None:
        """A label that only looks like one of the form's: its row is none of them."""
        gap = self._gaps.gap(number, len(self._block_header) or 1)
        values = [self._stream.raw[a:b] for a, b in gap.parts]
        if any(map(self._words.values.is_number, values)):
            raw = " | ".join((slot.text, *values))
            self._other_rows.append(Issue("unknown_row", f"a row that no form has: {raw}", slot.locator))
            self._last = "row"

    def _words_before(self, token: Token) -> Column | None:
        """Words between two column headers, or the last and the first row: a header of no form, or a damaged one."""
        before = [other for other in self._tokens if other.end <= token.start][-1:]
        start = before[0].end if before else 0
        match = re.search(r"\S+", REMARK.sub(_blanked, self._stream.raw[start : token.start]))
        if match is None or not is_words(match.group()) or _ORDINAL.fullmatch(match.group()):
            return None
        slot = self._stream.slot(start + match.start(), start + match.end())
        near = self._words.block_columns.find(slot.text)
        return Column(tuple(found.key for found in near), slot, near[0].quality if near else "exact")

    def _unknown_words(self, start: int, end: int) -> list[Slot]:
        """Words between two column headers of a matrix: of a column that no form has."""
        text = REMARK.sub(_blanked, self._stream.raw[start:end])
        found = [match for match in re.finditer(r"[^\s|]+", text) if is_words(match.group())]
        return [
            self._stream.slot(start + match.start(), start + match.end())
            for match in found
            if not _ORDINAL.fullmatch(match.group())
        ]

    def _take_header(self, token: Token, slot: Slot, number: int) -> str | None:
        """What kind of header a token is, where it is one."""
        for kind in ("corner", "block", "parent", "column"):
            for meaning in token.of(kind):
                name = meaning.key[0]
                if kind == "column":
                    # 总计 and 其他 are columns only where the header they belong to has begun.
                    if not self._lines.get(name) or self._last not in {"header", f"header:{name}"}:
                        if not self._opens_header(number, name):
                            continue
                        self._lines[name] = []
                        self._flat.add(name)
                elif kind in {"corner", "block"} and self._last != f"header:{name}":
                    self._lines[name] = []
                    self._flat.discard(name)
                lines = self._lines.setdefault(name, [])
                child = name not in self._flat and self._is_child(name, meaning)
                group = "child" if child else kind
                # A total in a line of its own is a cell of the line above: it says nothing about the order.
                alone = (
                    group == "column"
                    and name in self._words.matrices
                    and "\n" in self._stream.raw[self._header_end : token.start]
                )
                if not lines or self._line_kind.get(name) != group or alone:
                    lines.append([])
                elif name in self._words.matrices and self._last == f"header:{name}":
                    lines[-1] += self._unknown_words(self._header_end, token.start)
                self._header_end = token.end
                self._line_kind[name] = group
                lines[-1].append(slot)
                self._header.pop(name, None)
                self._last = f"header:{name}"
                return kind
        return None

    def _opens_header(self, number: int, name: str) -> bool:
        """Whether a matrix's header begins with a column: nothing names its corner, further columns stand beside.

        A total among them is that of two lines in one, whose order says nothing.
        """
        if name not in self._words.matrices:
            return False
        table = self._words.matrices[name][0]
        tokens = self._tokens[number : number + _COLUMNS_OF_A_HEADER]
        raw = self._stream.raw
        beside = "\n" not in raw[tokens[0].start : tokens[-1].end] and not any(
            is_words(raw[left.end : right.start]) for left, right in itertools.pairwise(tokens)
        )
        columns = [
            any(meaning.key[0] == name and meaning.key[1] != table.total for meaning in token.of("column"))
            for token in tokens
        ]
        whole = len(tokens) == _COLUMNS_OF_A_HEADER and len(raw[tokens[0].start : tokens[0].end]) >= _SHORTEST_COLUMN
        return whole and beside and all(columns)

    def _is_child(self, name: str, meaning: Meaning) -> bool:
        tables = self._words.matrices.get(name, [])
        return any(c.code == meaning.key[1] and c.parent for table in tables for c in table.columns)

    def _is_row(self, token: Token, meaning: Meaning) -> bool:
        name, _ = meaning.key
        length = len(fold(self._stream.raw[token.start : token.end]))
        before = self._stream.raw[max(0, token.start - 5) : token.start]
        if name in self._words.blocks:
            return bool(self._block_header) and self._last in {"block_column", "row"}
        if length >= _SHORTEST_ROW:
            return True
        if meaning.printed_ordinal:
            return bool(re.search(rf"{meaning.printed_ordinal}\s*[.．、)）]\s*$", before)) and self._last == "row"
        return bool(re.search(r"[一二三四五六七八九十]\s*[)）、.．]\s*$", before)) and self._last == "row"

    def _row(self, token: Token, meaning: Meaning, number: int) -> None:
        name, code = meaning.key
        if name in self._words.blocks:
            if self._last == "block_column" and (unknown := self._words_before(token)) is not None:
                self._block_header.append(unknown)
            header: Header | None = Header(tuple(self._block_header), lead=0)
            columns = len(self._block_header)
        else:
            header = self._matrix_header(name, token.start)
            columns = len(header.columns) if header is not None else self._words.width(name)
        if header is None:
            return
        gap = self._gaps.gap(number, columns)
        self._rest(gap, number)
        self._add(name, code, token, gap, header, own_line=False)

    def _matrix_header(self, name: str, before: int = 0) -> Header | None:
        if name not in self._header:
            lines = self._lines.get(name)
            table = self._words.matrices[name][0]
            header = read_matrix_header(name, table, lines, self._words) if lines else None
            if header is None:
                codes = [column.code for column in table.columns]
                text = self._stream.raw[max(0, before - _HEADER_REACH) : before]
                header = assume_header(codes, table.columns, text, self._stream.slot(before, before))
            elif prints_total_first(name, table, lines or (), self._words):
                self._unsure.append((name, header))
            self._header[name] = header
        return self._header[name]

    def _record(self, token: Token, number: int, kind: str) -> None:
        """A label of a record's header: values may stand behind it."""
        name = self._last.partition(":")[2]
        if name not in self._words.records:
            return
        table = self._words.records[name][0]
        gap = self._gaps.gap(number, len(list(table.codes())))
        raw = self._stream.raw
        values = sum(1 for a, b in gap.parts if self._words.values.is_number(raw[a:b]))
        segment = self._segments.setdefault(name, Segment(name, table, self._words))
        before = raw[self._tokens[number - 1].end : token.start].split() if number else []
        headed = bool(before) and is_words(before[-1])
        segment.take(kind, self._stream.slot(token.start, token.end), number, values, headed=headed)
        following = self._tokens[number + 1] if number + 1 < len(self._tokens) else None
        header = read_record_header(name, table, self._lines.get(name, []), self._words)
        if (
            (header is None or not values)
            and following is not None
            and any(
                meaning.key[0] == name
                for meaning in following.meanings
                if meaning.kind in {"column", "block", "parent"}
            )
        ):
            return
        if self._segment(name, official=header is not None):
            return
        if header is not None:
            self._add(name, "", token, self._gaps.gap(number, len(header.columns)), header, own_line=True)
        else:
            self._broken_record(name, table, token)
        self._end_record(name)

    def _segment(self, name: str, *, official: bool) -> bool:
        """Take the lines of a record that is laid out in another way, if they make a table."""
        segment = self._segments.get(name)
        lines = segment.whole(official=official) if segment else []
        for line in lines:
            gap = self._gaps.gap(line.number, len(line.header.columns))
            own_line = line.kind == "part"
            self._add(name, "", self._tokens[line.number], gap, line.header, own_line=own_line)
        if lines:
            self._end_record(name)
        return bool(lines)

    def _end_record(self, name: str) -> None:
        self._segments.pop(name, None)
        self._lines[name] = []
        self._last = ""

    def _broken_record(self, name: str, table: RecordTable, token: Token) -> None:
        """A line of as many values as the record has, under a header that is in pieces."""
        codes = tuple(table.codes())
        raw = self._stream.raw
        at = token.end
        for line in raw[at : at + _HEADER_REACH].split("\n"):
            pieces = [(at + m.start(), at + m.end()) for m in re.finditer(r"\S+", line)]
            if len(pieces) == len(codes) and all(self._words.values.could_be(raw[a:b]) for a, b in pieces):
                labels = [*table.blocks, *(column for _ in table.blocks for column in table.columns)]
                slots = tuple(self._stream.slot(a, b) for a, b in pieces)
                header = assume_header(codes, labels, raw[max(0, at - _HEADER_REACH) : at], slots[0])
                if header is not None:
                    place = (self._stream.blocks[self._stream.index(at)][0], at)
                    self._loose.append(Row(name, "", "", slots, place, piece=-1, header=header, ragged=True))
                return
            at += len(line) + 1

    def _rest(self, gap: Gap, number: int) -> None:
        """Rows in the rest of a gap: their labels are wrapped around the values, misspelt, cut or lost."""
        token = self._tokens[number]
        name = next((meaning.key[0] for meaning in token.of("row") if meaning.key[0] in self._words.matrices), None)
        if name is None:
            return
        raw = self._stream.raw
        start, end = gap.rest
        words: list[tuple[int, int]] = []
        values: list[tuple[int, int]] = []
        for match in [*re.finditer(r"[^\s|]+", raw[start:end]), None]:
            piece = (start + match.start(), start + match.end()) if match else None
            text = raw[slice(*piece)] if piece else ""
            if piece and self._words.values.could_be(text) and not is_bare_ordinal(text):
                values.append(piece)
                continue
            if len(values) == gap.columns:
                self._loose_row(name, words, values)
            if values:
                words, values = [], []
            if piece:
                words.append(piece)

    def _loose_row(self, name: str, words: Sequence[tuple[int, int]], values: Sequence[tuple[int, int]]) -> None:
        label = "".join(self._stream.raw[a:b] for a, b in words)
        matches = [match for match in self._words.rows.find(label) if match.key[0] == name]
        place = (self._stream.blocks[self._stream.index(values[0][0])][0], values[0][0])
        self._loose.append(
            Row(
                name,
                matches[0].key[1] if len(matches) == 1 else None,
                label if len(matches) == 1 else "",
                tuple(self._stream.slot(a, b) for a, b in values),
                place,
                piece=-1,
                header=self._matrix_header(name),
                quality=matches[0].quality if len(matches) == 1 else "exact",
                ragged=True,
            )
        )

    def _add(self, name: str, code: str, token: Token, gap: Gap, header: Header, *, own_line: bool) -> None:
        place = (self._stream.blocks[self._stream.index(token.start)][0], token.start)
        label = self._stream.raw[token.start : token.end]
        slots = tuple(self._stream.slot(a, b) for a, b in gap.parts)
        around = (self._words.money, self._words.counts) if name in self._words.blocks else ()
        unit, counted = (self._unit_around(words, token.start, gap.end) for words in around) if around else (None, None)
        row = Row(name, code, label, slots, place, piece=-1, header=header, ragged=True, unit=unit, counted=counted)
        self._rows.append((row, gap, own_line))

    def _unit_around(self, words: UnitWords | CountWords, start: int, end: int) -> str | None:
        """The unit of amounts that the nearest line above a row says, or a remark behind it."""
        above = self._stream.raw[max(0, start - _HEADER_REACH) : start].split("\n")
        behind = self._stream.raw[end : end + _HEADER_REACH].strip().split("\n")[:2]
        lines = [*reversed(above), *filter(is_remark, behind)]
        return next(filter(None, map(words.said, lines)), None)

    def finish(self, steps: Steps, findings: Findings) -> None:
        """Turn what was read into rows, blanks counted back where the text keeps them."""
        kept = 0
        for name, header in self._unsure:
            self._settle(name, header)
        for row, gap, own_line in self._rows:
            finished = self._gaps.finished(row, gap, steps, own_line=own_line)
            if finished is None:
                continue
            kept += 1
            findings.rows.append(finished)
            last = gap.parts[-1][1] - 1 if gap.parts else gap.start
            findings.used.update(
                self._stream.blocks[i][0]
                for i in range(self._stream.index(gap.start - 1), self._stream.index(last) + 1)
            )
        findings.rows += self._loose
        findings.issues += self._other_rows
        kept += len(self._loose)
        if self._rows and not kept:
            labels = ", ".join(dict.fromkeys(row.label.strip() for row, _, _ in self._rows))
            message = f"labels of a form without any value behind them: {labels}"
            findings.issues.append(Issue("rows_without_values", message, self._stream.slot(*self._place()).locator))
        if kept:
            self._note_words(findings)
            findings.used.update(self._all_labels())

    def _place(self) -> tuple[int, int]:
        """Where the label of the first row stands."""
        row = self._rows[0][0]
        return row.place[1], row.place[1] + len(row.label)

    def _settle(self, name: str, header: Header) -> None:
        """Where running text prints the total's header first: its column is where the rows add up, or unknown."""
        total = header.codes.index(self._words.matrices[name][0].total)
        first = Header((header.columns[total], *header.columns[:total], *header.columns[total + 1 :]))
        votes: Counter[bool] = Counter()
        for row, gap, _ in self._rows:
            read = [self._words.values.read(slot.text).number for slot in row.slots if row.header is header]
            numbers = [number for number in read if number is not None]
            if len(numbers) == gap.columns:
                whole = sum(numbers) / 2
                votes[numbers[0] == whole] += (numbers[0] == whole) != (numbers[total] == whole)
        chosen = None if votes[True] and votes[False] else first if votes[True] else header
        self._rows = [
            (dataclasses.replace(row, header=chosen) if row.header is header else row, gap, own_line)
            for row, gap, own_line in self._rows
        ]

    def _all_labels(self) -> Iterator[int]:
        """Blocks that hold nothing but labels of forms: headers and headings over rows."""
        lengths: Counter[int] = Counter()
        for token in self._tokens:
            lengths[self._stream.index(token.start)] += len(fold(self._stream.raw[token.start : token.end]))
        for number, length in lengths.items():
            index, block = self._stream.blocks[number]
            if length >= len(fold(block.text)):
                yield index

    def _note_words(self, findings: Findings) -> None:
        for token in self._tokens:
            folded = fold(self._stream.raw[token.start : token.end])
            if folded in self._words.decisive:
                findings.words.add(folded)
            findings.words.update(
                word for word in self._words.decisive if folded.startswith(word) and len(word) >= _SHORTEST_ROW
            )
