"""Rows with blanks that leave no cell, in tables that are set by place: each number stands under its column.

Where zeros are not printed, lines set with spaces and pages without rules hold fewer numbers than columns, and nothing
but their place says which they are. The columns are where the rows stand that print all of them, or else where their
headers stand; a number is its column's where it stands below that one alone. It is read so only where the row then adds
up, each total in its own column: what moved when something was lost in the middle of a line moves the totals too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from parsers.forms.values import ValueReader
from parsers.tables.binding.alignment import Way
from parsers.tables.binding.totals import Sums, adds_up
from parsers.tables.model import Row, Slot

_LEAST = 2  # rows that print all columns
Stretch = tuple[float, float]  # where something begins and ends, across the page


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table.

    Attributes:
        heads: their headers, from left to right.
        sums: which of them add up to which.
        values: what is a number.
    """

    heads: tuple[Slot, ...]
    sums: Sums
    values: ValueReader

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.heads)

    def holds(self, numbers: Sequence[Decimal]) -> bool:
        """Whether numbers of all columns add up."""
        return bool(self.sums) and all(adds_up(numbers, part, at) for part, at in self.sums)


def find_places(row: Row, rows: Sequence[Row], columns: Columns) -> Way | None:
    """For each column the cell that stands under it; None where the places do not say it.

    Args:
        row: with fewer cells than columns.
        rows: all rows of the table in the document.
        columns: the table's.
    """
    slots = [slot for slot in row.slots if slot.text.strip()]
    if not row.ragged or not 1 < len(slots) < columns.count or len(slots) < len(row.slots):
        return None
    numbers = [columns.values.read(slot.text).number for slot in slots]
    if any(number is None for number in numbers):
        return None
    full = [_stretches(other.slots) for other in rows if _is_whole(other, row, columns)]
    heads = _stretches(columns.heads)
    found: set[tuple[int, ...]] = set()
    for counted, own in enumerate(_stretches(slots)):
        alike = [stretches[counted] for stretches in full if counted < len(stretches)]
        if len(alike) < _LEAST:
            alike = heads[counted : counted + 1]
        placed = _place(own, alike, columns.count) if alike else None
        if placed is not None:
            found.add(placed)
    if len(found) != 1:
        return None
    by_column = {column: at for at, column in enumerate(found.pop())}
    known = [numbers[by_column[column]] if column in by_column else None for column in range(columns.count)]
    lacks_total = any(at not in by_column and by_column.keys() & set(part) for part, at in columns.sums)
    # Where the blanks before a block were trimmed, it stands where another should: the last column denies that.
    moved = len(columns.sums) > 1 and columns.count - 1 not in by_column
    if lacks_total or moved or not columns.holds([number or Decimal() for number in known]):
        return None
    return tuple(by_column.get(column) for column in range(columns.count))


def _is_whole(other: Row, row: Row, columns: Columns) -> bool:
    """Whether a row prints a number in each column, and they add up."""
    if other.header != row.header or not other.ragged or len(other.slots) != columns.count:
        return False
    numbers = [columns.values.read(slot.text).number for slot in other.slots]
    known = [number for number in numbers if number is not None]
    return len(known) == columns.count and any(known) and columns.holds(known)


def _stretches(slots: Sequence[Slot]) -> list[list[Stretch]]:
    """Where cells stand, for each way of counting; none where that is not known of all of them."""
    each = [_across(slot) for slot in slots]
    return [list(cells) for cells in zip(*each, strict=False)] if all(each) else []


def _across(slot: Slot) -> Sequence[Stretch]:
    if slot.across:
        return slot.across
    box = slot.locator.get("box") if slot.locator.kind == "pdf" else None
    return ((float(box[0]), float(box[2])),) if isinstance(box, (list, tuple)) else ()


def _place(cells: Sequence[Stretch], rows: Sequence[Sequence[Stretch]], columns: int) -> tuple[int, ...] | None:
    """The column of each cell; None where columns run into each other, or a cell stands under none or several."""
    sides = [(min(row[at][0] for row in rows), max(row[at][1] for row in rows)) for at in range(columns)]
    if any(left[1] >= right[0] for left, right in pairwise(sides)):
        return None
    found: list[int] = []
    for begin, end in cells:
        under = [at for at, (left, right) in enumerate(sides) if begin < right and left < end]
        if len(under) != 1:
            return None
        found.append(under[0])
    return tuple(found) if all(a < b for a, b in pairwise(found)) else None
