"""By how many line breaks a text parts two cells and two rows, and what a blank cell adds: shown by its rows together.

Texts that keep the empty lines of their tables keep their blank cells that way. Complete rows show the steps; where
nothing parts two rows, only the right steps make every row of a table come out whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_FEWEST_FITTING = 3  # rows, before they show by which steps a text was set
_SHORT_ROWS = 2  # rows that lack cells, beside which a full one is odd


@dataclass(frozen=True, slots=True)
class Gap:
    """The values of one row as they stand: where each begins and ends, and the text up to the next label."""

    start: int  # raw position behind the label
    parts: tuple[tuple[int, int], ...]
    end: int  # raw position of the next label (with its ordinal)
    columns: int
    breaks: tuple[int, ...]  # line breaks before each part, and behind the last
    inside: bool  # another row of a form follows at once
    rest: tuple[int, int]  # what stands behind the values, up to the next label


@dataclass(frozen=True, slots=True)
class Pitch:
    """Line breaks between two cells, and between two rows, where the text keeps them.

    Attributes:
        cell, row: line breaks from a cell to the next one, in its row and in the next.
        ends: what stands behind the last row of more than one table; a table that ends so has no blank cell there.
        blank: line breaks that a blank cell adds.
    """

    cell: int
    row: int
    ends: frozenset[int] = frozenset()
    blank: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "blank", self.blank or self.cell)

    @classmethod
    def measure(cls, gaps: Iterator[Gap]) -> Pitch | None:
        """From rows that are complete; None when there are none."""
        cells: Counter[int] = Counter()
        rows: Counter[int] = Counter()
        ends: Counter[int] = Counter()
        for gap in gaps:
            if gap.columns >= 2 and len(gap.parts) == gap.columns and all(gap.breaks[:-1]):
                cells.update(gap.breaks[:-1])
                (rows if gap.inside else ends)[gap.breaks[-1]] += 1
        if not cells or not rows:
            return None
        cell, row = cells.most_common(1)[0][0], rows.most_common(1)[0][0]
        usual = frozenset(end for end, count in ends.items() if count > 1)
        return cls(cell, row, usual) if row > cell else None

    @classmethod
    def fitting(cls, gaps: Sequence[tuple[Gap, bool]], ends: frozenset[int] = frozenset()) -> Pitch | None:
        """The steps by which every row of a table comes out whole, its blank cells counted; None where there are none.

        Texts without anything between two rows show no row's end, but only the right steps fit all rows.

        Args:
            gaps: of all rows of the table; and whether a row's values begin in a line of their own.
            ends: what stands behind the last row of more than one table of the text.
        """
        inner = [count for gap, _ in gaps if gap.parts for count in gap.breaks[1:-1]]
        behind = [gap.breaks[-1] for gap, _ in gaps if gap.parts and gap.inside]
        if len(behind) < _FEWEST_FITTING or not inner or not all(inner):
            return None
        cell = min(inner)
        for row in sorted(set(behind)):
            for blank in range(cell, 0, -1):
                pitch = cls(cell, row, ends, blank)
                if all(pitch.blanks(gap, own_line=own_line) is not None for gap, own_line in gaps if gap.parts):
                    return pitch
        return None

    def may_hide_blank(self, gap: Gap) -> bool:
        """Whether a row that is full may have a blank cell behind it, so that another of its cells is one too many."""
        full = len(gap.parts) == gap.columns and not gap.inside
        return full and gap.breaks[-1] - self.row >= self.cell and gap.breaks[-1] not in self.ends

    def blanks(self, gap: Gap, *, own_line: bool) -> list[int] | None:
        """Blank cells before each part and behind the last; None where the line breaks do not add up."""
        breaks = list(gap.breaks)
        found: list[int] = []
        for index, count in enumerate(breaks[:-1]):
            net = count - (self.row - self.cell if own_line and index == 0 else 0)
            if net < self.cell or (net - self.cell) % self.blank:
                return None
            found.append((net - self.cell) // self.blank)
        rest = gap.columns - len(gap.parts) - sum(found)
        behind = breaks[-1] - self.row
        # What follows the last row of a table is not bound by its pitch: a row without blanks ends where it is full.
        # Where blanks were counted, what is left of them behind the row would make it a cell too long.
        fits = behind == rest * self.blank if gap.inside else rest == max(0, behind // self.blank)
        fits = fits or (not gap.inside and rest == 0 and not any(found))
        return [*found, rest] if rest >= 0 and fits else None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a text on its way to its steps.

    Attributes:
        table: name of the table in the forms.
        gap: its values as they stand.
        own_line: they begin in a line of their own.
        twice: two neighbours of it say the same.
        counted: it stands in a text whose lines are counted.
    """

    table: str
    gap: Gap
    own_line: bool
    twice: bool
    counted: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """What all rows of a document's texts show.

    Attributes:
        pitches: the steps of each table.
        closest: by table the fewest line breaks that part two of its rows.
        lonely: numbers of columns of which one row alone is full: it may be so by a cell printed twice.
    """

    pitches: Mapping[str, Pitch | None]
    closest: Mapping[str, int]
    lonely: frozenset[int]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Steps:
        """Measure all rows of a document."""
        filled = [line for line in lines if line.gap.parts]
        full = Counter(line.gap.columns for line in filled if len(line.gap.parts) == line.gap.columns)
        short = Counter(line.gap.columns for line in filled if len(line.gap.parts) < line.gap.columns)
        lonely = frozenset(n for n, count in full.items() if count == 1 and short[n] >= _SHORT_ROWS)
        # The only full row may be so by a cell printed twice: it shows nothing.
        measured = Pitch.measure(line.gap for line in filled if not (line.twice and line.gap.columns in lonely))
        last = Counter(
            line.gap.breaks[-1] for line in filled if not line.gap.inside and len(line.gap.parts) == line.gap.columns
        )
        ends = frozenset(count for count, often in last.items() if often > 1)
        tables: dict[str, list[Line]] = {}
        for line in lines:
            tables.setdefault(line.table, []).append(line)
        fitting = {
            name: Pitch.fitting([(line.gap, line.own_line) for line in rows if line.counted], ends)
            for name, rows in tables.items()
        }
        # A record is one row, and shows nothing by itself: it was set as the tables around it.
        shown = {found for found in fitting.values() if found is not None}
        usual = next(iter(shown)) if len(shown) == 1 else measured
        closest = {
            name: min(
                (row.gap.breaks[-1] for row in rows if row.counted and row.gap.parts and row.gap.inside), default=0
            )
            for name, rows in tables.items()
        }
        return cls({name: found or usual for name, found in fitting.items()}, closest, lonely)
