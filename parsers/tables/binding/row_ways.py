"""In which ways the cells of one row can belong to its columns, by its cells and by those of the other rows."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from decimal import Decimal

from parsers.forms.values import ValueReader
from parsers.tables.binding import alignment
from parsers.tables.binding.alignment import Ways
from parsers.tables.binding.totals import Sums, has_lost_one
from parsers.tables.headers.by_grid import stands_below
from parsers.tables.model import Header, Row, Slot

_TWO_NUMBERS = re.compile(r"\s*\d+\s+\d+\s*")
_TELLING = 3  # cells of a row whose arithmetic can tell that one is lost
_ONE_ODD = 4  # of so many rows under a header of its own kind, one may not stand as it says
UNKNOWN = Ways((), "surplus")
"""No way that could be listed."""


def fill_merged(row: Row, columns: int, values: ValueReader) -> Row:
    """Return a row of a grid with its merged blank cells as so many blank cells."""
    if row.ragged or len(row.slots) >= columns or sum(slot.span for slot in row.slots) != columns:
        return row
    if any(slot.span > 1 and not values.is_blank(slot.text) for slot in row.slots):
        return row  # a number over several columns: which of them it is of is not said
    slots: list[Slot] = []
    for slot in row.slots:
        slots += [slot] * slot.span
    return dataclasses.replace(row, slots=tuple(slots))


def find_ways(row: Row, columns: int, *, lead: int | None, sure: bool, padded: bool) -> Ways:
    """Return all ways in which the cells of a row can belong to its columns.

    Args:
        row: the row.
        columns: how many columns there are.
        lead: how many empty cells stand before the values, as far as is known.
        sure: whether that is certain.
        padded: empty cells around the values can be padding.
    """
    if row.overrun:
        return UNKNOWN
    filled = [bool(slot.text.strip()) for slot in row.slots]
    if len(filled) > columns and not padded:
        return alignment.surplus(len(filled), columns)
    ways = alignment.ways(filled, columns, lead=lead, sure=sure)
    slots = _read_slots(row, ways)
    # Two numbers in one cell, and the last cell empty: the row lost a cell's border, and was filled up.
    if slots and not slots[-1].text.strip() and any(_TWO_NUMBERS.fullmatch(slot.text) for slot in slots):
        return alignment.missing(columns - 1, columns)
    return ways


def find_blank_end(row: Row, ways: Ways, rows: Sequence[Row]) -> list[Slot] | None:
    """Return the cells of a row whose last cell alone is blank at its end, and may be missing; None for all others."""
    if not (row.ragged or _stands_out(row, rows)) or ways.kind not in {"exact", "padded"}:
        return None
    slots = _read_slots(row, ways)
    blank = len(slots) > 1 and not slots[-1].text.strip() and slots[-2].text.strip()
    return slots if blank else None


def has_lost_cell(row: Row, ways: Ways, sums: Sums, rows: Sequence[Row], values: ValueReader) -> bool:
    """Whether a line of text, or a row of a sheet, has lost a cell and is padded: its last cell looks blank.

    Only arithmetic can tell: as it stands the row does not add up, and with a cell more it does.
    """
    slots = find_blank_end(row, ways, rows)
    if slots is None or len(slots) < _TELLING:
        return False
    read = [values.read(slot.text) for slot in slots]
    if any(value.status == "text" for value in read):
        return False
    return has_lost_one([value.number or Decimal() for value in read], sums)


def stands_as_headed(row: Row, rows: Sequence[Row]) -> bool:
    """Whether no row under a header with other columns than the form's has more cells: else its last line was lost."""
    if row.header is None or not (row.header.lumped or row.header.by_grid):
        return True
    columns = len(row.header.columns)
    for other in rows:
        if other.header is row.header:
            ways = alignment.ways([bool(slot.text.strip()) for slot in other.slots], columns)
            if ways.kind not in {"exact", "padded", "missing"}:
                return False
    return True


def stands_in_grid(row: Row, header: Header, rows: Sequence[Row]) -> bool:
    """Whether the cells of a row stand under the words of its header, as those of the other rows do."""
    alike = [stands_below(other.slots, header) for other in rows if other.header is header]
    return stands_below(row.slots, header) and _ONE_ODD * sum(alike) >= (_ONE_ODD - 1) * len(alike)


def _read_slots(row: Row, ways: Ways) -> list[Slot]:
    """The printed cells of a row that can be read in one way; none of any other."""
    if len(ways.ways) != 1:
        return []
    return [row.slots[at] for at in ways.ways[0] if at is not None]


def _stands_out(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row of a sheet alone is blank at its end: a sheet fills up a row that lost a cell."""
    if not row.slots or row.slots[-1].locator.kind != "sheet":
        return False
    others = [other for other in rows if other.place != row.place and len(other.slots) == len(row.slots)]
    return len(others) > 1 and all(other.slots[-1].text.strip() for other in others)
