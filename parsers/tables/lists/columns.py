"""What the columns of a list hold, as its header says: label, unit, the year's figure, and what is never taken for it.

A list may print more than one number a row: the month and the year, the year and all years so far, a body and the sum.
Which of them is the year's figure, is said by the header alone. Where it does not say it, the row stays open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from parsers.forms.labels import fold
from parsers.forms.templates import ListHeader
from parsers.remembered import remembered
from parsers.tables.model import Slot

Role = Literal["label", "unit", "count", "value", "other", "none"]

_YEAR = re.compile(r"20\d\d(?:年度?|(?=\D|$))")
_CENTURY = "20"
_ORDINAL = re.compile(r"[一二三四五六七八九十\d]{1,3}")
_ANY_YEAR = "{year}"
_MOST_PIECES = 6  # into which one header word may be broken
_HOLDS_NUMBERS = ("count", "value", "other")


@dataclass(frozen=True, slots=True)
class Head:
    """One cell of a header: the grid columns it covers (``end`` is behind the last) and its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that belong to one label column.

    Attributes:
        label: grid column of the label.
        before: how many columns in front of the label belong to its row.
        behind: the columns behind the label with their roles, in printed order.
        chosen: which of them holds the year's figure; None where the header does not say it.
        end: where the header's line ends.
    """

    label: int
    before: int
    behind: tuple[tuple[Head, Role], ...]
    chosen: int | None
    end: int

    @property
    def numbers(self) -> tuple[int, ...]:
        """Which columns behind the label can hold numbers."""
        return tuple(i for i, (_, role) in enumerate(self.behind) if role in _HOLDS_NUMBERS)

    @property
    def has_unit(self) -> bool:
        """Whether one of the columns is that of the units."""
        return any(role == "unit" for _, role in self.behind)

    def is_figure(self, index: int) -> bool:
        """Whether a column can hold a figure, the year's or another."""
        return self.behind[index][1] in {"value", "other"}


class HeaderWords:
    """The words of one list's header.

    Attributes:
        may_begin: whether a text of several lines can consist of header words, its first line being this.
        may_name_labels: whether a cell, or one of the header words that it consists of, is the header of labels: no
            line without such a cell is a header.
        role: what a column with this header holds.
    """

    def __init__(self, header: ListHeader) -> None:
        self._roles: dict[str, Role] = {}
        self._group: dict[str, int] = {}
        self._year: int | None = None
        for number, words in enumerate(header.value):
            for word in words:
                if word == _ANY_YEAR:
                    self._year = number
                else:
                    self._roles[fold(word)] = "value"
                    self._group.setdefault(fold(word), number)
        named: tuple[tuple[Role, tuple[str, ...]], ...] = (
            ("count", header.ignore),
            ("unit", header.unit),
            ("label", header.label),
        )
        for role, words in named:
            self._roles.update({fold(word): role for word in words})
        longest = sorted(self._roles, key=len, reverse=True)
        self.may_begin: Callable[[str], bool] = remembered(self._may_begin)
        self.may_name_labels: Callable[[str], bool] = remembered(self._may_name_labels)
        self.role: Callable[[str], Role] = remembered(self._role)
        self._word = re.compile("|".join((_YEAR.pattern, *map(re.escape, longest))))

    def _may_begin(self, text: str) -> bool:
        first = fold((text.split() or [""])[0])
        if not first or _ORDINAL.fullmatch(first) or first[:2] == _CENTURY[: len(first)]:
            return True
        return any(first.startswith(word) or word.startswith(first) for word in self._roles)

    def _may_name_labels(self, text: str) -> bool:
        return self.role(text) == "label" or any(self.role(word) == "label" for word in self.words_of(text) or ())

    def _role(self, text: str) -> Role:
        folded = fold(text)
        if not folded:
            return "none"
        if self._year is not None and _YEAR.fullmatch(folded):
            return "value"
        return self._roles.get(folded, "other")

    def is_header(self, texts: Sequence[str]) -> bool:
        """Whether these cells are a header: a label column, and another one that is known."""
        roles = {self.role(text) for text in texts}
        return "label" in roles and bool(roles & {"unit", "value"})

    def words_of(self, text: str) -> list[str] | None:
        """The header words that a text consists of; None when it holds anything else.

        Blanks and lines part words, but for those that were wrapped or spaced out (``本年 累计`` is not ``本年累计``).
        """
        return self._in_pieces(text.split()) or None

    def _in_pieces(self, pieces: Sequence[str]) -> list[str] | None:
        if not pieces:
            return []
        for length in range(1, min(_MOST_PIECES, len(pieces)) + 1):
            words = self._run_on("".join(pieces[:length]))
            rest = self._in_pieces(pieces[length:]) if words is not None else None
            if words is not None and rest is not None:
                return words + rest
        return None

    def _run_on(self, text: str) -> list[str] | None:
        folded = fold(text)
        found: list[str] = []
        at = 0
        while at < len(folded):
            match = self._word.match(folded, at)
            if match is None:
                return None
            found.append(match.group())
            at = match.end()
        return found or None

    def columns(self, heads: Sequence[Head]) -> tuple[Columns, ...]:
        """The cells of a header to the columns of each label."""
        roles = [(head, self.role(head.text)) for head in heads]
        labels = [
            next(run)[0] for known, run in groupby(enumerate(roles), key=lambda item: item[1][1] == "label") if known
        ]
        found = []
        for number, at in enumerate(labels):
            until = labels[number + 1] if number + 1 < len(labels) else len(roles)
            behind = [pair for pair in roles[at + 1 : until] if pair[1] != "label"]
            while until < len(roles) and behind and behind[-1][1] == "count":
                behind.pop()  # counts the rows of the next label
            before = at if number == 0 else sum(role == "count" for _, role in roles[at - 1 : at])
            columns = Columns(heads[at].start, before, tuple(behind), self._chosen(behind), heads[-1].end)
            found.append(columns)
        return tuple(found)

    def _chosen(self, behind: Sequence[tuple[Head, Role]]) -> int | None:
        ranked = [(self._rank(head.text), i) for i, (head, role) in enumerate(behind) if role == "value"]
        if ranked:
            first = [i for rank, i in ranked if rank == min(ranked)[0]]
            years = {fold(behind[i][0].text): i for i in first}
            if len(first) == len(years) > 1 and all(map(_YEAR.fullmatch, years)):
                return years[max(years)]  # a report compares with years before its own, never with later ones
            return first[0] if len(first) == 1 else None
        others = [i for i, (_, role) in enumerate(behind) if role == "other"]
        return others[0] if len(others) == 1 else None

    def _rank(self, text: str) -> int:
        folded = fold(text)
        if folded in self._group:
            return self._group[folded]
        return self._year if self._year is not None else len(self._group)


def year_of(text: str) -> int | None:
    """The year that a header is (``2016年度``); None where it is another."""
    folded = fold(text)
    return int(folded[:4]) if _YEAR.fullmatch(folded) else None


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row, as far as the header explains them.

    Attributes:
        unit: the unit's cell.
        values: the year's figure (``certain``), or everything that it can be.
        whole: every column of the header that can hold a figure has its cell here, and none of them is blank.
        headed: a header explains the row; without one, what counts the rows is told by its counting.
    """

    unit: Slot | None
    values: tuple[Slot, ...]
    certain: bool
    whole: bool = False
    headed: bool = False


_Found = tuple[tuple[Slot, ...], bool, bool]  # values, certain, whole


def choose_figure_cells(
    slots: Sequence[Slot],
    columns: Columns | None,
    label: Slot,
    units: Collection[str],
    *,
    grid: bool,
    ragged: bool = False,
    follows: bool = False,
) -> Cells:
    """Return which of the cells behind a label is the year's figure.

    Args:
        slots: the cells behind the label.
        columns: what the header says; None without a header.
        label: the label's own cell.
        units: words that are units.
        grid: the cells have grid columns (tables); else only their order is known.
        ragged: the grid is the order of the cells within their line.
        follows: without a grid, another label follows; what counts its row then stands behind these cells.
    """
    unit = next((slot for slot in slots if fold(slot.text) in units or slot.text.strip() in units), None)
    rest = [slot for slot in slots if slot is not unit]
    if columns is not None and unit is not None and unit.text.strip() and not columns.has_unit:
        columns = None  # a header that has no column for what the rows print is torn
    if columns is not None:
        found = _by_count(slots, columns) if grid else None
        if found is None and grid:
            found = _by_grid(slots, rest, columns, label, ragged=ragged)
        if found is None:
            found = _by_order(rest, columns, grid=grid, next_row=columns.before if follows else 0)
        return Cells(unit, *found, headed=True)
    return Cells(unit, tuple(rest), len(rest) <= 1)


def _by_count(slots: Sequence[Slot], columns: Columns) -> _Found | None:
    """As many cells as columns; what the document says of spans does not matter then."""
    return _taken(slots, columns) if len(slots) == len(columns.behind) else None


def _by_grid(
    slots: Sequence[Slot], rest: Sequence[Slot], columns: Columns, label: Slot, *, ragged: bool
) -> _Found | None:
    """By grid columns; None where the grid cannot be believed."""
    if columns.label not in label.columns:
        return None
    if ragged and slots and slots[-1].end != columns.end:
        return None
    under = [[s for s in slots if s.column < head.end and s.end > head.start] for head, _ in columns.behind]
    if any(len(cells) == 1 for cells in under) and all(len(cells) <= 1 for cells in under):
        row = [cells[0] if cells else None for cells in under]
        if columns.chosen is not None and row[columns.chosen] is None:
            return None if any(slot.text.strip() for slot in rest) else ((), True, False)
        return _taken(row, columns)
    if columns.chosen is None or len(under[columns.chosen]) < 2:
        return None
    return tuple(under[columns.chosen]), False, False  # several cells under one header


def _taken(row: Sequence[Slot | None], columns: Columns) -> _Found | None:
    """The figure of a row whose cells are known by column; None where a number stands under the unit's header."""
    for (_, role), cell in zip(columns.behind, row, strict=True):
        if role == "unit" and cell is not None and any(char.isdigit() for char in cell.text):
            return None
    if columns.chosen is not None:
        cell = row[columns.chosen]
        return ((cell,), True, True) if cell is not None else None
    return _all_of([cell for i, cell in enumerate(row) if columns.is_figure(i)])


def _by_order(rest: Sequence[Slot], columns: Columns, *, grid: bool, next_row: int) -> _Found:
    """As many cells as columns for numbers: in printed order. Else only a lone cell of a lone column is certain."""
    wanted = columns.numbers
    cells = list(rest)
    while grid and len(cells) > len(wanted) and not cells[-1].text.strip():
        cells.pop()
    if next_row:
        if len(cells) != len(wanted) + next_row:
            return tuple(cells), not cells, False
        cells = cells[: len(wanted)]  # behind them stands what counts the next row
    if len(cells) == len(wanted):
        at = dict(zip(wanted, cells, strict=True))
        if columns.chosen is not None:
            return (at[columns.chosen],), True, True
        return _all_of([cell for i, cell in at.items() if columns.is_figure(i)])
    printed = [cell for cell in cells if cell.text.strip()]
    if len(wanted) == 1 and columns.chosen is not None and len(printed) <= 1:
        return tuple(printed or cells[:1]), True, True
    return tuple(cells), not printed, False


def _all_of(cells: Sequence[Slot | None]) -> _Found:
    """All figures of a row of which no header says which is the year's."""
    there = tuple(cell for cell in cells if cell is not None)
    return there, False, len(there) == len(cells) and all(cell.text.strip() for cell in there)
