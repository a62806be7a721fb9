"""Rows of matrices to figures: all rows of such a table have the same columns, and each has a total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from parsers.forms.templates import MatrixTable
from parsers.tables.binding import alignment
from parsers.tables.binding.figures import Figures
from parsers.tables.binding.padding import (
    filled_count,
    has_totals,
    have_more,
    is_padded,
    lead,
    may_be_padding,
    prints_all,
    shows_all,
    without_padding,
)
from parsers.tables.binding.places import Columns, find_places
from parsers.tables.binding.row_ways import (
    UNKNOWN,
    fill_merged,
    find_blank_end,
    find_ways,
    has_lost_cell,
    stands_as_headed,
    stands_in_grid,
)
from parsers.tables.binding.totals import Sums, adds_up
from parsers.tables.model import Header, Row
from parsers.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of the form that a row of a matrix has.

    Attributes:
        codes: for each printed column; None where no form has it.
        own: the columns that add up to the total, itself among them; subtotals are none of them.
        total: the column of the total; -1 where none is printed.
    """

    codes: tuple[str | None, ...]
    own: tuple[int, ...]
    total: int

    @property
    def named(self) -> list[str]:
        """The codes of columns that a form has."""
        return [code for code in self.codes if code]

    @property
    def sums(self) -> Sums:
        """The identity of the row, where it has one."""
        return [(self.own, self.total)] if self.total >= 0 and len(self.own) > 1 else []

    def hold(self, numbers: Sequence[Decimal]) -> bool:
        """Whether numbers add up to their total; a row without a total proves nothing."""
        return any(adds_up(numbers, part, at) for part, at in self.sums)


class MatrixBinder:
    """Binds the rows of the matrices of one document."""

    def __init__(self, vocabulary: Vocabulary, out: Figures) -> None:
        self._words = vocabulary
        self._out = out

    def bind_row(self, row: Row, table: MatrixTable, rows: Sequence[Row], *, add_up: bool) -> None:
        """Give the cells of a row their codes, or tell why not.

        Args:
            row: the row.
            table: the form's own.
            rows: all rows of the table in the document.
            add_up: the rows under a broken header add up as they should: so it is the form's.
        """
        header = row.header
        if header is None or (header.assumed and not add_up) or not stands_as_headed(row, rows):
            self._tell_no_header(row, table)
            return
        self._out.tell_label(row)
        cells = _find_cells(row, header, table)
        count = len(cells.codes)
        if row.run_together:
            self._cut_run(row, cells, rows)
            return
        row = fill_merged(row, count, self._words.values)
        if self._has_lost_column(row, header, rows, cells):
            self._out.unreadable(row, cells.named)
            return
        row = without_padding(row, rows, count) or row
        if may_be_padding(row, rows, count) and not self._holds_as_printed(row, cells):
            self._out.tell_count(row, "other", count)
            self._out.unreadable(row, cells.named)
            return
        ways = self._find_ways(row, cells, rows)
        if ways.kind == "missing" and cells.sums:
            heads = tuple(column.slot for column in header.columns)
            placed = find_places(row, rows, Columns(heads, cells.sums, self._words.values))
            ways = alignment.Ways((placed,), "exact") if placed is not None else ways
        # Where no row has a total, a blank one says nothing.
        if cells.total >= 0 and has_totals(row, rows, cells.total):
            if has_lost_cell(row, ways, cells.sums, rows, self._words.values):
                ways = alignment.missing(count - 1, count)
            else:
                self._out.tell_blank_end(row, find_blank_end(row, ways, rows))
        if header.by_grid and not (len(ways.ways) == 1 and stands_in_grid(row, header, rows)):
            ways = UNKNOWN
        self._out.emit(row, cells.codes, header.columns, ways, cells.sums)

    def _tell_no_header(self, row: Row, table: MatrixTable) -> None:
        if any(self._words.values.is_number(slot.text) for slot in row.slots):
            self._out.tell("header_missing", f"{row.label.strip()}: the columns have no readable headers", row)
            codes = [table.code.format(row=row.code, column=column.code) for column in table.columns]
            self._out.unreadable(row, codes)

    def _cut_run(self, row: Row, cells: _Cells, rows: Sequence[Row]) -> None:
        """A row whose digits were run together can be cut where every column is one of a form's."""
        if len(cells.named) == len(cells.codes):
            self._out.cut(row, cells.named, cells.hold if _are_runs(rows, len(cells.codes)) else None)
        else:
            self._out.unreadable(row, cells.named)

    def _has_lost_column(self, row: Row, header: Header, rows: Sequence[Row], cells: _Cells) -> bool:
        """Whether the table has not the columns that its header seems to have; if so, it is told."""
        count = len(cells.codes)
        alike = [other for other in rows if other.header == header]
        if any(column.inferred for column in header.columns) and not shows_all(alike, count):
            told = "a column header is lost, and no rows show that its column is there"
            self._out.tell("header_cut", f"{row.label.strip()}: {told}", row)
            return True
        if len(cells.named) == count and filled_count(row) <= count and have_more(alike, count):
            self._out.tell_count(row, "other", count)
            return True
        return False

    def _holds_as_printed(self, row: Row, cells: _Cells) -> bool:
        """Whether the cells of a row add up just as they are printed."""
        read = [self._out.value(slot) for slot in row.slots]
        if any(value.status == "text" for value in read):
            return False
        return cells.hold([value.number or Decimal() for value in read])

    def _find_ways(self, row: Row, cells: _Cells, rows: Sequence[Row]) -> alignment.Ways:
        """The ways in which the cells of a row can belong to its columns.

        As many printed cells as columns, side by side, that add up to their total, can be only these columns.
        """
        count = len(cells.codes)
        before, sure = lead(row, rows, count)
        padded = is_padded(row, rows, count, before if sure else None)
        whole = alignment.complete([bool(slot.text.strip()) for slot in row.slots], count)
        if whole is not None and not row.overrun and (not sure or whole[0] == before or prints_all(row, rows, count)):
            numbers = [self._out.value(row.slots[at]).number for at in whole if at is not None]
            known = [number for number in numbers if number is not None]
            # Zeros add up whichever cell was printed twice; they say nothing unless other rows are padded so, too.
            if len(known) == count and cells.hold(known) and (padded or any(known)):
                return alignment.Ways((whole,), "padded")
        return find_ways(row, count, lead=before, sure=sure, padded=padded)

    def bind_turned(self, row: Row, table: MatrixTable) -> None:
        """Bind a row of a matrix that is turned round: no identity runs along it, so only a full row is read."""
        header = row.header
        assert header is not None
        self._out.tell_label(row)
        codes = [table.code.format(row=code, column=row.code) for code in header.codes]
        row = fill_merged(row, len(codes), self._words.values)
        if len(row.slots) != len(codes):
            self._out.tell_count(row, "more" if len(row.slots) > len(codes) else "fewer", len(codes))
            self._out.unreadable(row, codes)
            return
        ways = find_ways(row, len(codes), lead=None, sure=False, padded=False)
        self._out.tell_blank_end(row, find_blank_end(row, ways, ()))
        self._out.emit(row, codes, header.columns, ways, None)


def _find_cells(row: Row, header: Header, table: MatrixTable) -> _Cells:
    codes = tuple(table.code.format(row=row.code, column=code) if code else None for code in header.codes)
    own = tuple(index for index, column in enumerate(header.columns) if not column.subtotal)
    total = header.codes.index(table.total) if table.total in header.codes else -1
    return _Cells(codes, own, total)


def _are_runs(rows: Sequence[Row], columns: int) -> bool:
    """Whether the lone numbers of a table can be digits run together: most have one for each column at least."""
    digits = [len(row.slots[0].text.strip()) for row in rows if row.run_together]
    return 2 * sum(count >= columns for count in digits) > len(digits)
