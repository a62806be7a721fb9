"""Cells merged over several rows: a value among them stands in each of its rows.

Labels are merged over the rows of their group as a matter of course. A merged value is a fault of whoever made the
table: the rows below would be a cell short, and all their values open. So it takes its place in every row, marked as
shared, and costs nobody else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from parsers.document import Cell, Table
from parsers.forms.labels import is_words
from parsers.forms.values import ValueReader
from parsers.tables.model import NumberedLine, Slot


def table_lines(table: Table, values: ValueReader) -> list[NumberedLine]:
    """The rows of a table with their numbers, values that are merged over several rows in each of them."""
    rows = [(number, cells) for number, cells in enumerate(table.rows()) if cells]
    lines = [(number, [_slot(cell) for cell in cells]) for number, cells in rows]
    if table.ragged or not any(cell.row_span > 1 for cell in table.cells):
        return lines
    valued = [any(map(values.is_number, (cell.text for cell in cells))) for _, cells in rows]
    for at, (number, cells) in enumerate(rows):
        width = max(cell.column + cell.column_span for cell in cells)
        for cell in cells:
            if cell.row_span == 1 or not values.could_be(cell.text) or not _is_among_values(cell, cells):
                continue
            covered = [i for i in range(at, len(rows)) if rows[i][0] < number + cell.row_span]
            below = [i for i in covered if valued[i] or all(slot.column < cell.column for slot in lines[i][1])]
            if len(below) > 1 and all(_has_room(cell, lines[i][1], width) for i in below if i != at):
                for i in below:
                    _share(cell, lines[i][1])
    return lines


def _slot(cell: Cell) -> Slot:
    return Slot(cell.text, cell.locator, cell.column, cell.column_span)


def _is_among_values(cell: Cell, cells: Sequence[Cell]) -> bool:
    """Whether a label stands before a cell in its row: blanks before it are merged like labels."""
    return any(other.column < cell.column and is_words(other.text) for other in cells)


def _has_room(cell: Cell, line: Sequence[Slot], width: int) -> bool:
    """Whether nothing of a row stands where the merged cell does; spans lie, and push the row's own cells aside."""
    clear = all(slot.column >= cell.column + cell.column_span or slot.end <= cell.column for slot in line)
    return clear and all(slot.end <= width for slot in line)


def _share(cell: Cell, line: list[Slot]) -> None:
    shared = dataclasses.replace(_slot(cell), shared=True)
    line[:] = sorted([*(slot for slot in line if slot.column != cell.column), shared], key=lambda slot: slot.column)
