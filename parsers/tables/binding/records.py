"""Rows of records to figures: blocks of columns, each with a total of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from parsers.forms.templates import RecordTable
from parsers.tables.binding import alignment
from parsers.tables.binding.figures import Figures
from parsers.tables.binding.padding import has_totals, is_padded, lead
from parsers.tables.binding.places import Columns, find_places
from parsers.tables.binding.row_ways import (
    UNKNOWN,
    fill_merged,
    find_blank_end,
    find_ways,
    has_lost_cell,
    stands_in_grid,
)
from parsers.tables.binding.totals import Sums, adds_up, block_sums
from parsers.tables.model import Header, Row
from parsers.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of the form that a row of a record has. ``codes``: empty where no form has the column."""

    codes: tuple[str, ...]
    sums: Sums

    @property
    def named(self) -> list[str]:
        """The codes of columns that a form has."""
        return [code for code in self.codes if code]

    @property
    def all_summed(self) -> bool:
        """Whether each column is one of an identity."""
        return len({index for part, _ in self.sums for index in part}) == len(self.codes)

    def hold(self, numbers: Sequence[Decimal]) -> bool:
        """Whether every block adds up to its total."""
        return all(adds_up(numbers, part, at) for part, at in self.sums)


class RecordBinder:
    """Binds the rows of the records of one document."""

    def __init__(self, vocabulary: Vocabulary, out: Figures) -> None:
        self._words = vocabulary
        self._out = out

    def bind_row(self, row: Row, table: RecordTable, rows: Sequence[Row]) -> None:
        """Give the cells of a row their codes, or tell why not.

        Args:
            row: the row.
            table: the form's own.
            rows: all rows of the table in the document.
        """
        header = row.header
        if header is None:
            return
        cells = _Cells(header.codes, block_sums(header.codes, table))
        count = len(cells.codes)
        if row.run_together:
            self._out.cut(row, cells.codes, cells.hold if cells.all_summed else None)
            return
        if header.assumed and not self._proves_header(row, cells):
            self._out.tell("header_missing", "the columns have no readable headers", row)
            self._out.unreadable(row, cells.named)
            return
        if row.piece < 0 and _lacks_columns(cells.codes, table):
            self._out.tell("header_cut", "column headers are lost, and no cell says under which it stands", row)
            self._out.unreadable(row, cells.named)
            return
        row = fill_merged(row, count, self._words.values)
        like = [other for other in rows if other.header and len(other.header.columns) == count]
        if header.lead is None and _has_lost_header(row, like, count):
            self._out.tell_count(row, "other", count)
            self._out.unreadable(row, cells.named)
            return
        ways = _find_ways(row, header, like)
        if ways.kind == "missing" and cells.all_summed:
            heads = tuple(column.slot for column in header.columns)
            placed = find_places(row, rows, Columns(heads, cells.sums, self._words.values))
            ways = alignment.Ways((placed,), "exact") if placed is not None else ways
        if has_lost_cell(row, ways, cells.sums, rows, self._words.values) and not _lack_totals(row, rows, cells.sums):
            ways = alignment.missing(count - 1, count)
        else:
            self._out.tell_blank_end(row, find_blank_end(row, ways, rows))
        if header.by_grid and not (len(ways.ways) == 1 and stands_in_grid(row, header, rows)):
            ways = UNKNOWN
        self._out.emit(row, [code or None for code in cells.codes], header.columns, ways, cells.sums)

    def _proves_header(self, row: Row, cells: _Cells) -> bool:
        """Whether a row under a broken header adds up in every block, so that the header is the form's."""
        numbers = [self._out.value(slot).number for slot in row.slots]
        known = [number for number in numbers if number is not None]
        return len(known) == len(numbers) == len(cells.codes) and cells.hold(known)


def _find_ways(row: Row, header: Header, like: Sequence[Row]) -> alignment.Ways:
    """The ways in which the cells of a row can belong to its columns.

    Args:
        row: the row.
        header: its columns; one that stands in a line of its own says how many cells there are around the values.
        like: rows of the record with as many columns.
    """
    count = len(header.columns)
    if header.lead is not None:
        padded = row.regular and (row.ragged or bool(header.lead or header.pad))
        return find_ways(row, count, lead=header.lead, sure=True, padded=padded)
    before, sure = lead(row, like, count)
    padded = is_padded(row, like, count, before if sure else None)
    return find_ways(row, count, lead=before, sure=sure, padded=padded)


def _lacks_columns(codes: Sequence[str], table: RecordTable) -> bool:
    """Whether a block has more columns than one, and not all: in running text lost words leave no trace."""
    for block in table.blocks:
        named = sum(table.code.format(row=block.code, column=column.code) in codes for column in table.columns)
        if 1 < named < len(table.columns):
            return True
    return False


def _has_lost_header(row: Row, rows: Sequence[Row], columns: int) -> bool:
    """Whether the rows of a piece have more columns than its header: it has lost one, and all rows are of it."""
    piece = [other for other in rows if other.piece == row.piece]
    longer = [other for other in piece if sum(bool(slot.text.strip()) for slot in other.slots) > columns]
    if len(longer) > 1:
        return True
    # In a grid, no empty column is padding in one row and filled in another.
    alike = [other for other in piece if (other.depth, len(other.slots)) == (row.depth, len(row.slots))]
    used = {index for other in alike for index, slot in enumerate(other.slots) if slot.text.strip()}
    return not row.ragged and len(alike) > 1 and len(used) > columns


def _lack_totals(row: Row, rows: Sequence[Row], sums: Sums) -> bool:
    """Whether the rows of the other blocks are printed, and none has a total: then a blank one says nothing."""
    if len(sums) != 1:
        return False
    alike = [other for other in rows if other.header and row.header and other.header.codes != row.header.codes]
    filled = [other for other in alike if any(slot.text.strip() for slot in other.slots)]
    return bool(filled) and not has_totals(row, filled, sums[0][1])
