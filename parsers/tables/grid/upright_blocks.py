"""Small tables that stand upright: one cell a row, ``规章 | 本年制发件数 | 0``, with labels merged over their cells.

The cell is what both labels say. Below a row's label its other columns go on, each named once, until another row, or a
line of anything else, comes. A blank value begins no such table: a header with a row's label before it looks the same.
"""

from __future__ import annotations

from parsers.tables.grid.table_lines import TableLine
from parsers.tables.headers.blocks import read_block_column
from parsers.tables.model import Column, Header, Row, Slot
from parsers.tables.vocabulary import RowKey, Vocabulary

_LABELS = 2  # in such a line: the row's and the column's


class UprightBlocks:
    """Reads small tables with one cell a row, line by line."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self._row: tuple[RowKey, Slot] | None = None  # the row that goes on, and its label
        self._begun = False
        self._left: set[str] = set()  # its cells that no line has named

    def read(self, line: TableLine) -> Row | None:
        """Return the cell that a line prints, as a row; None where it is none of such a table."""
        said = [slot for slot in line.slots if slot.text.strip()]
        value = line.slots[-1]
        labels = [slot for slot in said if slot is not value]
        found = self._find_cell(labels) if 1 <= len(labels) <= _LABELS and self._is_value(value) else None
        if found is None:
            self._row = None
            return None
        (table, code), label, column = found
        at = line.slots.index(labels[-1])
        if at != len(line.slots) - 2:
            return None
        self._begun = True
        row = line.make_row(table, code, Header((column,), lead=0), label_at=at)
        return row.named(label.text)

    def _find_cell(self, labels: list[Slot]) -> tuple[RowKey, Slot, Column] | None:
        """The row, its label and the column that the labels of a line name."""
        if len(labels) == _LABELS:
            rows = [key for key in self._words.rows.exact(labels[0].text) if key[0] in self._words.blocks]
            if len(rows) != 1:
                return None
            self._row = (rows[0], labels[0])
            self._left = set(self._words.row_cells[rows[0]])
        if self._row is None:
            return None
        column = read_block_column(labels[-1], self._words)
        codes = [code for code in column.codes if code in self._left] if column.quality == "exact" else []
        if len(codes) != 1:
            return None
        self._left.discard(codes[0])
        return (*self._row, Column((codes[0],), column.slot))

    def _is_value(self, slot: Slot) -> bool:
        return self._words.values.could_be(slot.text) and (bool(slot.text.strip()) or self._begun)
