"""The lines of a table, made ready to be read: parted, joined, and freed of columns that hold no figures.

What a line needs besides its cells (is it as wide as the others, which unit holds for it) is said once, here.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.document import Block, Document, Locator, Table, Text
from parsers.forms.labels import fold
from parsers.record import Issue
from parsers.tables.grid.broken_rows import broken_rows
from parsers.tables.grid.grouped_numbers import GroupedNumbers
from parsers.tables.grid.label_pieces import with_whole_labels
from parsers.tables.grid.merged_cells import table_lines
from parsers.tables.grid.spelled_numbers import spelled_out
from parsers.tables.left_out.numbering import drop_numbering
from parsers.tables.left_out.other_columns import OtherColumns, Region
from parsers.tables.left_out.year_columns import drop_rows_of_other_years, year_columns, years_of
from parsers.tables.model import Header, NumberedLine, Row, RowQuality, Slot
from parsers.tables.units import UnitsAbove
from parsers.tables.vocabulary import Vocabulary

_REMARKS = 2  # blocks of text behind a table that may say its unit


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of a table, ready to be read.

    Attributes:
        slots: its cells from left to right, at least one.
        place: (block, line) in reading order.
        ragged: the table is set as text.
        regular: the line is as wide as most lines of its table.
        unit: the unit of amounts that holds for it, where anything around it says one.
        counted: the same of counts.
    """

    slots: Sequence[Slot]
    place: tuple[int, int]
    ragged: bool
    regular: bool
    unit: str | None
    counted: str | None

    def without(self, count: int) -> TableLine:
        """The line without its first cells."""
        return dataclasses.replace(self, slots=self.slots[count:])

    def make_row(
        self,
        table: str,
        code: str | None,
        header: Header | None,
        *,
        label_at: int = -1,
        label: str = "",
        quality: RowQuality = "exact",
    ) -> Row:
        """Return the row that the line is.

        Args:
            table: name of the table in the forms.
            code: of the row; None when its label is lost.
            header: the columns that hold for it.
            label_at: the cell of its label, with the values behind it; -1: all cells are values.
            label: what is left of its label, where that is in none of the cells.
            quality: how it got its label.
        """
        return Row(
            table,
            code,
            self.slots[label_at].text if label_at >= 0 else label,
            tuple(self.slots[label_at + 1 :]),
            self.place,
            piece=self.place[0],
            depth=label_at,
            header=header,
            quality=quality,
            ragged=self.ragged,
            regular=self.regular,
            unit=self.unit,
            counted=self.counted,
        )


@dataclass(frozen=True, slots=True)
class TableRegion:
    """Lines of a table that have the same columns.

    Attributes:
        lines: from above.
        issues: what was left out of them.
        left_out: where the cells stand that were left out.
    """

    lines: tuple[TableLine, ...]
    issues: tuple[Issue, ...]
    left_out: tuple[Locator, ...]


@dataclass(frozen=True, slots=True)
class ReadyTable:
    """A table as it is read.

    Attributes:
        regions: from above.
        issues: rows that stood in one, and were parted; rows of other years.
        no_values: where cells stand that only number the rows or the columns, or are of other years.
    """

    regions: tuple[TableRegion, ...]
    issues: tuple[Issue, ...]
    no_values: tuple[Locator, ...]


class TablePreparer:
    """Makes the tables of one document ready, in reading order: units that stand above a table hold for it.

    Attributes:
        years: those that the document's headlines name.
    """

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._blocks = document.blocks
        self.years = years_of(document)
        self._words = vocabulary
        self._others = OtherColumns(vocabulary)
        self._grouped = GroupedNumbers(document, vocabulary.values)
        self._units = UnitsAbove(vocabulary.money)
        self._counts = UnitsAbove(vocabulary.counts)

    def pass_text(self, text: str) -> None:
        """Take in a text between two tables."""
        self._units.pass_text(text)
        self._counts.pass_text(text)

    def prepare_table(self, table: Table, index: int) -> ReadyTable:
        """Return the lines of the table that is the document's block ``index``."""
        behind = _texts_behind(self._blocks[index + 1 : index + 1 + _REMARKS])
        unit = self._units.of_table(table.caption, behind)
        counted = self._counts.of_table(table.caption, behind)
        lines, issues = self._part_rows(table)
        lines, no_values = drop_numbering(lines, self._words, ragged=table.ragged)
        if not table.ragged:
            lines, other_years = drop_rows_of_other_years(lines, self._words.year_columns, self.years)
            issues += _tell_other_years(other_years)
            no_values += other_years
        regions: list[TableRegion] = []
        for region in self._others.regions(lines, self.years, ragged=table.ragged):
            ready: list[TableLine] = []
            regular_end = _find_regular_end(region.lines, ragged=table.ragged)
            for number, slots in self._drop_counting_columns(region.lines):
                # A line without numbers may say the unit of those below it, also of those below the next header.
                unit = self._find_unit(slots) or unit
                regular = slots[-1].end == regular_end
                ready.append(TableLine(slots, (index, number), table.ragged, regular, unit, counted))
            left_out = tuple(slot.locator for slot in region.cells) if region.left_out else ()
            regions.append(TableRegion(tuple(ready), tuple(_tell_left_out(region)), left_out))
        return ReadyTable(tuple(regions), tuple(issues), tuple(slot.locator for slot in no_values))

    def _part_rows(self, table: Table) -> tuple[list[NumberedLine], list[Issue]]:
        """The lines of a table as its rows are; and what is told of those that stood in one."""
        lines = self._grouped.joined(table_lines(table, self._words.values), ragged=table.ragged)
        lines = spelled_out(lines, self._words.values)
        if table.ragged:
            return with_whole_labels(lines, self._words), []
        lines, labels = broken_rows(lines, self._words)
        issues: list[Issue] = []
        for slot in labels:
            message = f"rows that stand in one are read line by line: {' | '.join(slot.raw.split())}"
            issues.append(Issue("rows_in_one", message, slot.locator))
        return lines, issues

    def _drop_counting_columns(self, lines: Sequence[NumberedLine]) -> Iterator[NumberedLine]:
        """The lines without columns that number the rows, or say of which year each is."""
        ordinals = self._find_ordinal_columns(lines)
        dated = year_columns([slots for _, slots in lines], self._words.year_columns, self.years)
        for number, slots in lines:
            kept = [slot for slot in slots if slot.column not in ordinals]
            kept = [slot for slot in kept if slot.column not in dated or slot.span > 1]
            if kept:
                yield number, kept

    def _find_ordinal_columns(self, lines: Sequence[NumberedLine]) -> set[int]:
        """Columns that count the rows: their header says so, and they stand in front of all others."""
        counts = self._words.ordinal_columns
        first = {slots[0].column for _, slots in lines if slots[0].span == 1 and fold(slots[0].text) in counts}
        return first if first == {0} else set()

    def _find_unit(self, slots: Sequence[Slot]) -> str | None:
        """The unit of amounts that a line without numbers says."""
        if any(self._words.values.is_number(slot.text) for slot in slots):
            return None
        return next(filter(None, (self._words.money.said(slot.text) for slot in slots)), None)


def _texts_behind(blocks: Sequence[Block]) -> list[str]:
    """The texts that follow a table, up to the next table."""
    texts: list[str] = []
    for block in blocks:
        if not isinstance(block, Text):
            break
        texts.append(block.text)
    return texts


def _find_regular_end(lines: Sequence[NumberedLine], *, ragged: bool) -> int:
    """Where most lines end; -1 where nothing shows that lines are padded."""
    ends = Counter(slots[-1].end for _, slots in lines)
    if not ends:
        return 0
    # Lines of text that have different lengths, or one alone, may be just as long as they are.
    if ragged and (len(ends) > 1 or len(lines) == 1):
        return -1
    return ends.most_common(1)[0][0]


def _tell_other_years(cells: Sequence[Slot]) -> Iterator[Issue]:
    if cells:
        said = ", ".join(dict.fromkeys(slot.text.strip() for slot in cells if slot.column == cells[0].column))
        yield Issue("columns_left_out", f"rows of another year are left out: {said}", cells[0].locator)


def _tell_left_out(region: Region) -> Iterator[Issue]:
    if region.left_out:
        said = ", ".join(dict.fromkeys(slot.text.strip() for slot in region.left_out))
        message = f"columns of another year, of changes, shares or remarks are left out: {said}"
        yield Issue("columns_left_out", message, region.left_out[0].locator)
