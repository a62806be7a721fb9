"""Rows whose figures stand behind words of their own, on their way to figures."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from parsers.forms.labels import fold
from parsers.record import Figure, Issue
from parsers.tables.binding.alignment import Ways
from parsers.tables.binding.figures import Figures
from parsers.tables.binding.totals import adds_up
from parsers.tables.labelled.label_paths import NamedRow
from parsers.tables.model import Column, Header, Row, Slot
from parsers.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A cell of a form, the word of its column and its value as they are printed."""

    code: str
    word: Slot
    value: Slot


_LEAST_ALIKE = 3  # rows of a table that print the same columns

_Below = tuple[NamedRow, tuple[NamedCell, ...], tuple[int, int]]  # a row, its cells, and where they begin


def _columns_of(row: NamedRow, cells: Sequence[NamedCell]) -> frozenset[str]:
    """Which columns of its table the cells of a row are, whichever row it is."""
    return frozenset(cell.code.removeprefix(row.code) for cell in cells)


@dataclass(slots=True)
class Found:
    """Gathers the figures of one document.

    Attributes:
        rows: what was read, each with its label's row and its place.
        issues: what was told on the way.
        words: words of the forms that were met.
    """

    vocabulary: Vocabulary
    rows: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    _figures: Figures | None = None
    _below: list[_Below] = field(default_factory=list)

    def add_below(self, row: NamedRow, cells: Sequence[NamedCell], place: tuple[int, int]) -> None:
        """Take in cells that stand in lines below their row's label; whether they are all its own `settle` decides."""
        self._below.append((row, tuple(cells), place))

    def settle(self) -> None:
        """Take rows whose lines are whole; of the others a lost label may have parted them, and they are told.

        A row is whole with all cells of a form's row, where its total is the sum of what is printed, or where most rows
        of its table print the same columns.
        """
        usual = Counter((row.table, _columns_of(row, cells)) for row, cells, _ in self._below)
        each = Counter(row.table for row, _, _ in self._below)
        for row, cells, place in self._below:
            alike = usual[row.table, _columns_of(row, cells)]
            common = alike >= _LEAST_ALIKE and 2 * alike > each[row.table]
            if common or self._is_whole(row, cells) or self._adds_up(row, cells):
                self.add(row, cells, place)
            else:
                self._refuse(row, cells, place)
        self._below = []

    def _is_whole(self, row: NamedRow, cells: Sequence[NamedCell]) -> bool:
        printed = {cell.code for cell in cells}
        for block in self.vocabulary.blocks.get(row.table, ()):
            if any({cell.code for cell in line.cells} == printed for line in block.rows if line.code == row.code):
                return True
        forms = (*self.vocabulary.matrices.get(row.table, ()), *self.vocabulary.records.get(row.table, ()))
        return any({form.code.format(row=row.code, column=c.code) for c in form.columns} == printed for form in forms)

    def _adds_up(self, row: NamedRow, cells: Sequence[NamedCell]) -> bool:
        for form in (*self.vocabulary.matrices.get(row.table, ()), *self.vocabulary.records.get(row.table, ())):
            codes = [cell.code for cell in cells]
            total = form.code.format(row=row.code, column=form.total)
            values = [self.vocabulary.values.read(cell.value.text) for cell in cells]
            known = all(value.status in {"number", "blank"} for value in values)
            if known and len(cells) > 1 and total in codes:
                numbers = [value.number or Decimal() for value in values]
                return adds_up(numbers, range(len(numbers)), codes.index(total))
        return False

    def _refuse(self, row: NamedRow, cells: Sequence[NamedCell], place: tuple[int, int]) -> None:
        named = self._row(row, cells, place)
        figures = self._reader()
        told = "cells below its label are neither all of a form's nor add up; a label between them may be lost"
        figures.tell("row_in_words", f"{row.label.strip()}: {told}", named)
        for cell in cells:
            own = dataclasses.replace(named, slots=(cell.value,))
            figures.unreadable(own, [cell.code])
        self.rows.append(named)

    def _reader(self) -> Figures:
        if self._figures is None:
            self._figures = Figures(self.vocabulary, ())
        return self._figures

    def _row(self, row: NamedRow, cells: Sequence[NamedCell], place: tuple[int, int]) -> Row:
        header = Header(tuple(Column((cell.code,), cell.word) for cell in cells))
        code = row.code if row.table not in self.vocabulary.records else ""
        return Row(row.table, code, row.label, tuple(cell.value for cell in cells), place, header=header)

    def add(self, row: NamedRow, cells: Sequence[NamedCell], place: tuple[int, int]) -> None:
        """Take in the cells of one row."""
        named = self._row(row, cells, place)
        assert named.header is not None
        one_way = Ways((tuple(range(len(cells))),), "exact")
        self._reader().emit(named, [cell.code for cell in cells], named.header.columns, one_way, None)
        self.rows.append(named)
        self.words |= {fold(cell.word.text) for cell in cells} & self.vocabulary.decisive.keys()

    def tell_unread(self, label: str, line: str, where: Slot) -> None:
        """Tell a row of which not all words are known: nothing of it is read."""
        said = " ".join(line.split())
        message = f"{label.strip()}: not all words beside its figures are a form's, and they are not read: {said}"
        self.issues.append(Issue("row_in_words", message, where.locator))

    @property
    def figures(self) -> list[Figure]:
        """What was read."""
        return self._figures.figures if self._figures is not None else []

    @property
    def told(self) -> list[Issue]:
        """What was told."""
        return [*self.issues, *(self._figures.issues if self._figures is not None else [])]
