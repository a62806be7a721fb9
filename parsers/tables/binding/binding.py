"""Rows to figures: every value under its code, or flagged.

What is printed in as many cells as there are columns is taken as printed. Anything else is decided by the row's own
identity, or by all readings agreeing, and says so (``method`` identity); what remains open is ``ambiguous`` and lists
what it could be.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

from parsers.document import Locator
from parsers.forms.labels import fold
from parsers.forms.templates import MatrixTable, RecordTable
from parsers.record import Figure, Issue
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
from parsers.tables.binding.totals import Sums, adds_up, block_sums, has_lost_one, proven
from parsers.tables.grid.transposed import trimmed
from parsers.tables.headers.by_grid import stands_below
from parsers.tables.model import Findings, Header, Row, Slot
from parsers.tables.vocabulary import Vocabulary

_TWO_NUMBERS = re.compile(r"\s*\d+\s+\d+\s*")
_MOST = 4  # of so many rows under a header of its own kind, one may not stand as it says


class Binder:
    """Turns the rows of one document into figures and issues."""

    def __init__(self, vocabulary: Vocabulary, findings: Findings) -> None:
        self._words = vocabulary
        self._findings = findings
        self._out = Figures(vocabulary, findings.issues)

    @property
    def figures(self) -> list[Figure]:
        """What was read."""
        return self._out.figures

    @property
    def issues(self) -> list[Issue]:
        """What was told."""
        return self._out.issues

    @property
    def compared(self) -> set[Locator]:
        """Where subtotals stand that were compared with what they sum up."""
        return self._out.compared

    def run(self) -> None:
        """Bind all rows."""
        for name in self._words.blocks:
            rows = list(self._findings.of(name))
            for row in rows:
                self._block(row, rows)
        for name, matrices in self._words.matrices.items():
            rows = [row for row in self._findings.of(name) if row.code is not None]
            self._out.tell_header(rows, name)
            add_up = proven(rows, self._words, matrices[0])
            for row in rows:
                self._matrix(row, matrices[0], rows, add_up)
            turned = sorted((row for row in self._findings.turned if row.table == name), key=lambda row: row.place)
            self._out.tell_header(turned, name)
            for _, piece in itertools.groupby(turned, key=lambda row: row.header):
                for row in trimmed(list(piece)):
                    self._turned(row, matrices[0])
        for name, records in self._words.records.items():
            rows = list(self._findings.of(name))
            self._out.tell_header(rows, name)
            for row in rows:
                self._record(row, records[0], rows)

    # ---- blocks

    def _block(self, row: Row, rows: Sequence[Row]) -> None:
        header = row.header
        if header is None:
            if any(self._words.values.is_number(slot.text) for slot in row.slots):
                self._out.tell("header_missing", f"{row.label}: values without column headers", row)
            return
        columns = self._block_columns(row, header)
        self._out.tell_label(row)
        if row.piece < 0 and self._lacks_columns(row, columns):
            self._out.tell("header_cut", f"{row.label}: column headers are lost, and no cell says under which", row)
            self._out.unreadable(row, [code for code in columns if code])
            return
        count = len(header.columns)
        # Empty headers at the end that could not be told are no columns: what stands under them is a cell too many.
        while count > 1 and columns[count - 1] is None and not header.columns[count - 1].slot.text.strip():
            count -= 1
        pad = header.pad + len(columns) - count
        columns = columns[:count]
        row = self._unmerged(row, count)
        if row.run_together:
            codes = [code for code in columns if code]
            if len(codes) == count:
                self._out.cut(row, codes, None)
            return
        ways = self._ways(row, count, lead=header.lead, sure=True, padded=len(row.slots) <= count + pad)
        self._tell_blank_end(row, ways, rows)
        self._out.emit(row, columns, header.columns[:count], ways, None)

    def _block_columns(self, row: Row, header: Header) -> list[str | None]:
        """The code of each printed column for this row; None where the row has no such cell."""
        cells = self._words.row_cells[row.table, row.code or ""]
        options = [[code for code in cells if code in column.codes] for column in header.columns]
        found: list[str | None] = [choice[0] if len(choice) == 1 else None for choice in options]
        open_columns = [
            index
            for index, (choice, column) in enumerate(zip(options, header.columns, strict=True))
            if len(choice) > 1 or not column.codes
        ]
        if open_columns:
            resolved = self._resolve(row, options, found, open_columns, header)
            for index, code in resolved.items():
                found[index] = code
            if resolved:
                self._out.tell(
                    "header_cut", f"{row.label}: column headers are cut or lost; they can be only these", row
                )
        for column, named in zip(header.columns, found, strict=True):
            if named and column.quality != "exact" and column.codes:
                self._out.tell("header_misspelt", f"the column header {column.slot.text.strip()} is misspelt", row)
        return found

    def _resolve(
        self,
        row: Row,
        options: Sequence[Sequence[str]],
        found: Sequence[str | None],
        open_columns: Sequence[int],
        header: Header,
    ) -> dict[int, str]:
        """Codes of cut or lost column headers, when the form leaves one choice in its printed order."""
        answers: set[tuple[str, ...]] = set()
        for table in self._words.blocks[row.table]:
            for line in table.rows:
                codes = [cell.code for cell in line.cells]
                known = [code for code in found if code]
                if line.code != row.code or len(codes) != len(header.columns) or not set(known) <= set(codes):
                    continue
                left = [code for code in codes if code not in known]
                if len(left) == len(open_columns) and all(
                    code in options[index] if options[index] else self._may_head(header.columns[index].slot.text, code)
                    for index, code in zip(open_columns, left, strict=True)
                ):
                    answers.add(tuple(left))
        if len(answers) != 1:
            return {}
        lost = sum(1 for index in open_columns if not options[index])
        return dict(zip(open_columns, next(iter(answers)), strict=True)) if lost <= 1 else {}

    def _may_head(self, printed: str, code: str) -> bool:
        """Whether what is printed over a column can be what is left of a header: it says nothing else."""
        folded = fold(printed)
        return not any(self._words.contrasts.differ(folded, fold(word)) for word in self._words.cells[code].wordings)

    def _lacks_columns(self, row: Row, columns: Sequence[str | None]) -> bool:
        """Whether a header in running text, where lost words and blank cells leave no trace, is that of no form."""
        known = {code for code in columns if code}
        lines = [line for table in self._words.blocks[row.table] for line in table.rows if line.code == row.code]
        whole = ({cell.code for cell in line.cells} for line in lines)
        return not any(known <= codes and len(codes) <= len(columns) for codes in whole)

    # ---- matrix

    def _matrix(self, row: Row, table: MatrixTable, rows: Sequence[Row], add_up: bool) -> None:
        header = row.header
        if header is None or (header.assumed and not add_up) or not _stands_as_headed(row, rows):
            if any(self._words.values.is_number(slot.text) for slot in row.slots):
                self._out.tell("header_missing", f"{row.label.strip()}: the columns have no readable headers", row)
                self._out.unreadable(row, [table.code.format(row=row.code, column=c.code) for c in table.columns])
            return
        self._out.tell_label(row)
        codes = [table.code.format(row=row.code, column=code) if code else None for code in header.codes]
        own = tuple(index for index, column in enumerate(header.columns) if not column.subtotal)
        total = header.codes.index(table.total) if table.total in header.codes else -1
        told = total >= 0 and len(own) > 1

        def holds(numbers: Sequence[Decimal]) -> bool:
            return told and adds_up(numbers, own, total)

        if row.run_together:
            named = [code for code in codes if code]
            if len(named) == len(codes):
                self._out.cut(row, named, holds if _are_runs(rows, len(codes)) else None)
            else:
                self._out.unreadable(row, named)
            return
        row = self._unmerged(row, len(codes))
        if self._lost_column(row, header, rows, codes):
            return
        row = without_padding(row, rows, len(codes)) or row
        before, sure = lead(row, rows, len(codes))
        padded = is_padded(row, rows, len(codes), before if sure else None)
        if may_be_padding(row, rows, len(codes)):
            read = [self._out.value(slot) for slot in row.slots]
            if any(value.status == "text" for value in read) or not holds([v.number or Decimal() for v in read]):
                self._out.tell_count(row, "other", len(codes))
                self._out.unreadable(row, [code for code in codes if code])
                return
        ways = self._ways(row, len(codes), lead=before, sure=sure, padded=padded)
        sums = [(own, total)] if told else []
        whole = alignment.complete([bool(slot.text.strip()) for slot in row.slots], len(codes))
        agreed = whole is not None and (not sure or whole[0] == before or prints_all(row, rows, len(codes)))
        if whole is not None and agreed and not row.overrun:
            numbers = [self._out.value(row.slots[at]).number for at in whole if at is not None]
            known = [number for number in numbers if number is not None]
            # Zeros add up whichever cell was printed twice; they say nothing unless other rows are padded so, too.
            if len(known) == len(codes) and holds(known) and (padded or any(known)):
                ways = alignment.Ways((whole,), "padded")
        # Where no row has a total, a blank one says nothing.
        if total >= 0 and has_totals(row, rows, total):
            if self._is_short(row, ways, sums, rows):
                ways = alignment.missing(len(codes) - 1, len(codes))
            else:
                self._tell_blank_end(row, ways, rows)
        if header.by_grid and not (_is_below(row, rows) and len(ways.ways) == 1):
            ways = alignment.Ways((), "surplus")
        self._out.emit(row, codes, header.columns, ways, sums)

    def _lost_column(self, row: Row, header: Header, rows: Sequence[Row], codes: Sequence[str | None]) -> bool:
        """Tell a row of a table that has not the columns that its header seems to have; whether it is one."""
        alike = [other for other in rows if other.header == header]
        named = [code for code in codes if code]
        if any(column.inferred for column in header.columns) and not shows_all(alike, len(codes)):
            told = "a column header is lost, and no rows show that its column is there"
            self._out.tell("header_cut", f"{row.label.strip()}: {told}", row)
        elif len(named) == len(codes) and filled_count(row) <= len(codes) and have_more(alike, len(codes)):
            self._out.tell_count(row, "other", len(codes))
        else:
            return False
        self._out.unreadable(row, named)
        return True

    def _turned(self, row: Row, table: MatrixTable) -> None:
        """A row of a matrix that is turned round: no identity runs along it, so only a full row is read."""
        header = row.header
        assert header is not None
        self._out.tell_label(row)
        codes = [table.code.format(row=code, column=row.code) for code in header.codes]
        row = self._unmerged(row, len(codes))
        if len(row.slots) != len(codes):
            self._out.tell_count(row, "more" if len(row.slots) > len(codes) else "fewer", len(codes))
            self._out.unreadable(row, codes)
            return
        ways = self._ways(row, len(codes), lead=None, sure=False, padded=False)
        self._tell_blank_end(row, ways, ())
        self._out.emit(row, codes, header.columns, ways, None)

    # ---- record

    def _record(self, row: Row, table: RecordTable, rows: Sequence[Row]) -> None:
        header = row.header
        if header is None:
            return
        codes = list(header.codes)
        own = [code for code in codes if code]
        sums = block_sums(codes, table)
        told = {index for part, _ in sums for index in part}

        def holds(numbers: Sequence[Decimal]) -> bool:
            return all(adds_up(numbers, part, at) for part, at in sums)

        if row.run_together:
            self._out.cut(row, codes, holds if len(told) == len(codes) else None)
            return
        if header.assumed:
            numbers = [self._out.value(slot).number for slot in row.slots]
            if (
                len(numbers) != len(codes)
                or any(n is None for n in numbers)
                or not holds([n or Decimal() for n in numbers])
            ):
                self._out.tell("header_missing", "the columns have no readable headers", row)
                self._out.unreadable(row, own)
                return
        named = [sum(code in codes for code in block) for block in _cells_of_blocks(table)]
        if row.piece < 0 and any(1 < count < len(table.columns) for count in named):
            self._out.tell("header_cut", "column headers are lost, and no cell says under which it stands", row)
            self._out.unreadable(row, own)
            return
        row = self._unmerged(row, len(codes))
        if header.lead is None:
            like = [other for other in rows if other.header and len(other.header.columns) == len(codes)]
            if _has_lost_header(row, like, len(codes)):
                self._out.tell_count(row, "other", len(codes))
                self._out.unreadable(row, own)
                return
            before, sure = lead(row, like, len(codes))
            padded = is_padded(row, like, len(codes), before if sure else None)
        else:
            before, sure = header.lead, True
            padded = row.regular and (row.ragged or bool(header.lead or header.pad))
        ways = self._ways(row, len(codes), lead=before, sure=sure, padded=padded)
        if self._is_short(row, ways, sums, rows) and not self._lack_totals(row, rows, sums):
            ways = alignment.missing(len(codes) - 1, len(codes))
        else:
            self._tell_blank_end(row, ways, rows)
        if header.by_grid and not (_is_below(row, rows) and len(ways.ways) == 1):
            ways = alignment.Ways((), "surplus")
        self._out.emit(row, [code or None for code in codes], header.columns, ways, sums)

    def _lack_totals(self, row: Row, rows: Sequence[Row], sums: Sums) -> bool:
        """Whether the rows of the other blocks are printed, and none has a total: then a blank one says nothing."""
        alike = [other for other in rows if other.header and row.header and other.header.codes != row.header.codes]
        filled = [other for other in alike if any(slot.text.strip() for slot in other.slots)]
        return len(sums) == 1 and bool(filled) and not has_totals(row, filled, sums[0][1])

    # ---- shared

    def _unmerged(self, row: Row, columns: int) -> Row:
        """A row of a grid with its merged blank cells as so many blank cells."""
        if row.ragged or len(row.slots) >= columns or sum(slot.span for slot in row.slots) != columns:
            return row
        if any(slot.span > 1 and not self._words.values.is_blank(slot.text) for slot in row.slots):
            return row  # a number over several columns: which of them it is of is not said
        return dataclasses.replace(row, slots=tuple(slot for slot in row.slots for _ in range(slot.span)))

    def _ways(self, row: Row, columns: int, *, lead: int | None, sure: bool, padded: bool) -> alignment.Ways:
        if row.overrun:
            return alignment.Ways((), "surplus")
        filled = [bool(slot.text.strip()) for slot in row.slots]
        if len(filled) > columns and not padded:
            return alignment.surplus(len(filled), columns)
        ways = alignment.ways(filled, columns, lead=lead, sure=sure)
        slots = [row.slots[at] for at in ways.ways[0] if at is not None] if len(ways.ways) == 1 else []
        # Two numbers in one cell, and the last cell empty: the row lost a cell's border, and was filled up.
        if slots and not slots[-1].text.strip() and any(_TWO_NUMBERS.fullmatch(slot.text) for slot in slots):
            return alignment.missing(columns - 1, columns)
        return ways

    def _is_short(self, row: Row, ways: alignment.Ways, sums: Sums, rows: Sequence[Row]) -> bool:
        """Whether a line of text, or a row of a sheet, has lost a cell and is padded: its last cell looks blank.

        Only arithmetic can tell: as it stands the row does not add up, and with a cell more it does.
        """
        slots = self._ends_blank(row, ways, rows)
        if slots is None or len(slots) < 3:
            return False
        read = [self._out.value(slot) for slot in slots]
        known = not any(value.status == "text" for value in read)
        return known and has_lost_one([value.number or Decimal() for value in read], sums)

    def _ends_blank(self, row: Row, ways: alignment.Ways, rows: Sequence[Row]) -> list[Slot] | None:
        """The cells of a row whose last cell alone is blank at its end, and may be missing; None for all others."""
        if not (row.ragged or _stands_out(row, rows)) or len(ways.ways) != 1 or ways.kind not in {"exact", "padded"}:
            return None
        slots = [row.slots[at] for at in ways.ways[0] if at is not None]
        blank = len(slots) > 1 and not slots[-1].text.strip() and slots[-2].text.strip()
        return slots if blank else None

    def _tell_blank_end(self, row: Row, ways: alignment.Ways, rows: Sequence[Row]) -> None:
        slots = self._ends_blank(row, ways, rows)
        if slots is not None:
            what = "line" if row.ragged else "row"
            message = f"{row.label.strip()}: the last cell is blank; a {what} that lost a cell looks the same"
            self._out.tell("blank_at_end", message, row, slots[-1])


def _stands_as_headed(row: Row, rows: Sequence[Row]) -> bool:
    """Whether no row under a header with other columns than the form's has more cells: else its last line was lost."""
    if row.header is None or not (row.header.lumped or row.header.by_grid):
        return True
    columns = len(row.header.columns)
    alike = [other for other in rows if other.header is row.header]
    found = [alignment.ways([bool(slot.text.strip()) for slot in other.slots], columns) for other in alike]
    return all(each.kind in {"exact", "padded", "missing"} for each in found)


def _is_below(row: Row, rows: Sequence[Row]) -> bool:
    """Whether the cells of a row stand under the words of its header, as those of the other rows do."""
    assert row.header is not None
    header = row.header
    alike = [stands_below(other.slots, header) for other in rows if other.header is header]
    return stands_below(row.slots, header) and _MOST * sum(alike) >= (_MOST - 1) * len(alike)


def _stands_out(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row of a sheet alone is blank at its end: a sheet fills up a row that lost a cell."""
    if not row.slots or row.slots[-1].locator.kind != "sheet":
        return False
    others = [other for other in rows if other.place != row.place and len(other.slots) == len(row.slots)]
    return len(others) > 1 and all(other.slots[-1].text.strip() for other in others)


def _has_lost_header(row: Row, rows: Sequence[Row], columns: int) -> bool:
    """Whether the rows of a piece have more columns than its header: it has lost one, and all rows are of it."""
    piece = [other for other in rows if other.piece == row.piece]
    if sum(sum(bool(slot.text.strip()) for slot in other.slots) > columns for other in piece) > 1:
        return True
    # In a grid, no empty column is padding in one row and filled in another.
    alike = [other for other in piece if (other.depth, len(other.slots)) == (row.depth, len(row.slots))]
    used = {index for other in alike for index, slot in enumerate(other.slots) if slot.text.strip()}
    return not row.ragged and len(alike) > 1 and len(used) > columns


def _cells_of_blocks(table: RecordTable) -> list[list[str]]:
    return [[table.code.format(row=block.code, column=c.code) for c in table.columns] for block in table.blocks]


def _are_runs(rows: Sequence[Row], columns: int) -> bool:
    """Whether the lone numbers of a table can be digits run together: most have one for each column at least."""
    digits = [len(row.slots[0].text.strip()) for row in rows if row.run_together]
    return 2 * sum(count >= columns for count in digits) > len(digits)
