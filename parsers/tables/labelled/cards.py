"""Tables whose cells say what they are: a card a row, cells with their column's word, phrases in one cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from parsers.document import Cell, Table
from parsers.tables.labelled.found import Found, NamedCell
from parsers.tables.labelled.label_paths import LabelPaths, NamedRow
from parsers.tables.labelled.pairs import Pair, read_pair, read_pairs
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary

_LEAST_PAIRS = 2
_LONGEST = 80  # characters of a cell with several figures
_CARD = 2  # cells of a line of a card: word and value


class CardReader:
    """Reads the tables of a document whose rows need no header."""

    def __init__(self, words: Vocabulary, paths: LabelPaths, found: Found) -> None:
        self._words = words
        self._paths = paths
        self._found = found
        self._above: str | None = None

    @property
    def table_above(self) -> str | None:
        """The table of the row that was read last."""
        return self._above

    def read(self, table: Table, index: int, label_above: str | None, above: str | None) -> Table:
        """Return the table without the rows that were read.

        Args:
            table: the document's block ``index``.
            index: its number.
            label_above: a label that stands alone right above it.
            above: the table of the form whose row was read last.
        """
        self._above = above
        lines = [[cell for cell in line if cell.text.strip()] for line in table.rows()]
        if self._read_cards([line for line in lines if line], index, label_above):
            return dataclasses.replace(table, cells=())
        read = [cell for number, line in enumerate(lines) if self._read_line(line, (index, number)) for cell in line]
        return dataclasses.replace(table, cells=tuple(c for c in table.cells if c not in read)) if read else table

    # ---- cards

    def _read_cards(self, lines: Sequence[Sequence[Cell]], index: int, label_above: str | None) -> bool:
        """A table that is cards alone: a row's label in a line of its own, below it a word and a value a line."""
        if (
            not lines
            or any(len(line) > _CARD for line in lines)
            or sum(len(line) == _CARD for line in lines) < _LEAST_PAIRS
        ):
            return False
        row = self._paths.row(label_above, self._above) if label_above else None
        above = row.table if row is not None else self._above
        cards: list[tuple[NamedRow, int, list[NamedCell]]] = []
        if row is not None:
            cards.append((row, 0, []))
        for number, line in enumerate(lines):
            if len(line) < _CARD:
                row = self._paths.row(line[0].text, above)
                if row is None or row.table not in self._words.matrices:
                    return False
                above = row.table
                cards.append((row, number, []))
                continue
            code = self._paths.cell(row, line[0].text) if row is not None else None
            taken = cards[-1][2] if cards else []
            value = line[1]
            if code is None or any(cell.code == code for cell in taken) or not self._words.values.could_be(value.text):
                return False
            taken.append(NamedCell(code, _slot(line[0]), _slot(value)))
        if any(card.table not in self._words.matrices or not cells for card, _, cells in cards):
            return False
        for card, number, cells in cards:
            self._found.add_below(card, cells, (index, number))
        self._above = above
        return True

    # ---- cells

    def _read_line(self, line: Sequence[Cell], place: tuple[int, int]) -> bool:
        """A line with its row's label, and a word with the value in each cell behind it, or all in one cell."""
        pairs = [read_pair(cell.text, self._words.values) if _says_word(cell) else None for cell in line]
        named = [at for at, pair in enumerate(pairs) if pair is not None and self._heads(line[at], pair)]
        if len(named) >= _LEAST_PAIRS:
            return self._read_named(line, pairs, named, place)
        return len(line) >= _CARD and self._read_phrase(line[-2], line[-1], place)

    def _heads(self, cell: Cell, pair: Pair) -> bool:
        return self._paths.names_column(cell.text[slice(*pair.word)])

    def _read_named(
        self, line: Sequence[Cell], pairs: Sequence[Pair | None], named: Sequence[int], place: tuple[int, int]
    ) -> bool:
        label = line[named[0] - 1].text if named[0] else ""
        row = self._paths.row(label, self._above)
        cells: list[NamedCell] = []
        for cell, pair in zip(line[named[0] :], pairs[named[0] :], strict=True):
            code = self._paths.cell(row, cell.text[slice(*pair.word)]) if row is not None and pair is not None else None
            if code is None or pair is None or any(other.code == code for other in cells):
                said = " | ".join(each.text.strip() for each in line)
                self._found.tell_unread(label or "a row without a label", said, _slot(cell))
                return False
            cells.append(_named_cell(code, cell, pair))
        assert row is not None
        self._found.add(row, cells, place)
        self._above = row.table
        return True

    def _read_phrase(self, label: Cell, cell: Cell, place: tuple[int, int]) -> bool:
        """Several figures of a small table's row in one cell, each behind a piece of its header (制发3件、废止4件)."""
        pairs = read_pairs(cell.text, 0, len(cell.text), self._words.values) if len(cell.text) <= _LONGEST else []
        row = self._paths.row(label.text, None) if len(pairs) >= _LEAST_PAIRS else None
        if row is None:
            return False
        cells: list[NamedCell] = []
        for pair in pairs:
            word = cell.text[slice(*pair.word)] if pair is not None else ""
            code = self._paths.cell(row, word) or self._paths.cell_by_piece(row, word)
            if pair is None or code is None or any(other.code == code for other in cells):
                return False
            cells.append(_named_cell(code, cell, pair))
        self._found.add(row, cells, place)
        return True


def _says_word(cell: Cell) -> bool:
    return len(cell.text) <= _LONGEST and (":" in cell.text or "：" in cell.text)


def _slot(cell: Cell) -> Slot:
    return Slot(cell.text, cell.locator)


def _named_cell(code: str, cell: Cell, pair: Pair) -> NamedCell:
    """A cell that prints a word and its value: what it says is the value, what stands in the document is the whole."""
    word = Slot(cell.text[slice(*pair.word)], cell.locator)
    return NamedCell(code, word, Slot(cell.text[slice(*pair.value)], cell.locator, printed=cell.text))
