"""Lines of text that are rows: the label with its pairs behind it, or alone above lines of one pair each."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.document import Block, Text
from parsers.tables.labelled.found import Found, NamedCell
from parsers.tables.labelled.label_paths import LabelPaths, NamedRow
from parsers.tables.labelled.pairs import Pair, read_pair, read_pairs
from parsers.tables.lines import part
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary

_COLON = re.compile(r"[:：]")
_BULLET = re.compile(r"[\s\-*+•·●○◆■▪>|_]*")
_LONGEST = 300  # characters of a line that is a row
_LEAST_STRAYS = 3  # pairs one below the other whose row is not said


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text: its block's index, and where it begins and ends in the block."""

    index: int
    block: Text
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.block.text[self.start : self.end]

    def slot(self, span: tuple[int, int]) -> Slot:
        """A stretch of the block as a cell."""
        first, last = span
        return Slot(self.block.text[first:last], part(self.block, first, last))


class ListReader:
    """Reads the lines between two tables of a document."""

    def __init__(self, words: Vocabulary, paths: LabelPaths, found: Found) -> None:
        self._words = words
        self._paths = paths
        self._found = found
        self._above: str | None = None  # the table of the row read last
        self._row: NamedRow | None = None  # whose pairs may follow
        self._label: _Line | None = None
        self._cells: list[NamedCell] = []
        self._used: list[_Line] = []
        self._strays: list[_Line] = []
        self._taken: list[_Line] = []

    @property
    def label_above(self) -> str | None:
        """The label that stands alone right above what follows, if any."""
        return self._label.text if self._label is not None and not self._cells else None

    @property
    def table_above(self) -> str | None:
        """The table of the row that was read last."""
        return self._above

    def begin_row(self, table: str | None) -> None:
        """A row of ``table`` was read elsewhere."""
        self._above = table

    def read(self, index: int, block: Text) -> None:
        """Take in one block of text."""
        for line in _lines(index, block):
            self._read_line(line)

    def end(self) -> None:
        """No pair of the row above can follow any more."""
        if self._row is not None and self._label is not None and self._cells:
            self._finish(self._row, self._label)
        if len(self._strays) >= _LEAST_STRAYS:
            line = self._strays[0]
            said = " | ".join(each.text.strip() for each in self._strays)
            label = self._label.text if self._label is not None else "a row without a label"
            self._found.tell_unread(label, said, line.slot((line.start, line.end)))
        self._row, self._label = None, None
        self._cells, self._used, self._strays = [], [], []

    def without_rows(self, blocks: list[Block]) -> set[int]:
        """Put blanks where rows were read; the indices of blocks of which nothing is left."""
        for line in self._taken:
            block = blocks[line.index]
            assert isinstance(block, Text)
            text = block.text[: line.start] + " " * (line.end - line.start) + block.text[line.end :]
            blocks[line.index] = dataclasses.replace(block, text=text)
        rests = ((line.index, blocks[line.index]) for line in self._taken)
        return {index for index, rest in rests if isinstance(rest, Text) and not rest.text.strip()}

    # ---- lines

    def _read_line(self, line: _Line) -> None:
        if not line.text.strip():
            return
        if len(line.text) > _LONGEST:
            self.end()
            return
        if self._read_pair_line(line):
            return
        self.end()
        for colon in _COLON.finditer(line.text):
            named = self._paths.row(line.text[: colon.start()], self._above)
            if named is not None:
                self._read_inline(line, named, colon.end())
                return
        row = self._paths.row(line.text, self._above)
        self._label = line
        if row is not None:
            self._row = row

    def _read_pair_line(self, line: _Line) -> bool:
        """A line of one pair: of the row above it, or of none that is said."""
        bullet = _BULLET.match(line.text)
        start = line.start + (bullet.end() if bullet else 0)
        pair = read_pair(line.block.text[start : line.end], self._words.values)
        if pair is None:
            return False
        pair = _moved(pair, start)
        word = line.block.text[slice(*pair.word)]
        if self._row is None:
            if self._paths.names_column(word):
                self._strays.append(line)
            return self._paths.names_column(word)
        code = self._paths.cell(self._row, word)
        if code is None or any(cell.code == code for cell in self._cells):
            if self._cells and line.block.text[slice(*pair.value)].strip():
                self._found.tell_unread(self._row.label, line.text, line.slot(pair.word))
            return False
        self._cells.append(NamedCell(code, line.slot(pair.word), line.slot(pair.value)))
        self._used.append(line)
        return True

    def _finish(self, row: NamedRow, label: _Line) -> None:
        self._found.add_below(row, self._cells, (self._used[0].index, self._used[0].start))
        self._taken += [label, *self._used]
        self._above = row.table

    def _read_inline(self, line: _Line, row: NamedRow, behind: int) -> None:
        """A row's label with its pairs behind it in one line."""
        pairs = read_pairs(line.block.text, line.start + behind, line.end, self._words.values)
        if not pairs:
            self._row, self._label = row, line
            return
        cells = list(self._cells_of(row, line, pairs))
        codes = [cell.code for cell in cells if cell is not None]
        if None in cells or len(set(codes)) < len(codes):
            if codes:
                self._found.tell_unread(row.label, line.text, line.slot((line.start, line.end)))
            return
        self._found.add(row, [cell for cell in cells if cell is not None], (line.index, line.start))
        self._taken.append(line)
        self._above = row.table

    def _cells_of(self, row: NamedRow, line: _Line, pairs: Sequence[Pair | None]) -> Iterator[NamedCell | None]:
        for pair in pairs:
            code = self._paths.cell(row, line.block.text[slice(*pair.word)]) if pair is not None else None
            yield NamedCell(code, line.slot(pair.word), line.slot(pair.value)) if pair and code else None


def _moved(pair: Pair, by: int) -> Pair:
    return Pair((pair.word[0] + by, pair.word[1] + by), (pair.value[0] + by, pair.value[1] + by))


def _lines(index: int, block: Text) -> Iterator[_Line]:
    start = 0
    for line in block.text.split("\n"):
        yield _Line(index, block, start, start + len(line))
        start += len(line) + 1
