"""The place named at the start of a text: 河南省焦作市温县..., 温县..., 博爱县孝敬镇..., 兴安盟....

A text may name several levels, each below the one before. All ways to read it are tried; the longest wins, among equals
the one with fewer short forms, then the one that names more levels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parsers.identity.division_list import Row, level_of, lies_in, rows_of_year
from parsers.identity.division_names import DivisionNames
from parsers.record import Division

_COUNTY_DIGITS = 6  # of a code; below lie townships, which hold no division
_TOWNSHIP_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Place:
    """A place read at the start of a text.

    Attributes:
        candidates: the divisions it may be; more than one when namesakes remain.
        length: how many characters of the text name it.
        path: the divisions named on the way, outermost first, ending with the place itself; of the first candidate.
        short: the place itself was named by a short form (``河北``, ``黔西南``).
    """

    candidates: tuple[Division, ...]
    length: int
    path: tuple[Division, ...]
    short: bool = False


class _Step(NamedTuple):
    """One name in a chain of names: its division, where it ends in the text, and whether it is a short form."""

    row: Row
    end: int
    short: bool


_Chain = tuple[_Step, ...]


def read_place(names: DivisionNames, text: str, year: int | None, within: str | None) -> Place | None:
    """The place named at the start of ``text``; None where none is.

    Args:
        names: all names.
        text: folded (no blanks).
        year: decides what exists; a year more or less is let through.
        within: a division known to be right: see `parsers.identity.divisions.Divisions.read`.
    """
    chains = list(_chains(names, text, 0, None, year))
    if within is not None:
        chains = _chains_within(names, text, within, year, chains) or chains
    if not chains:
        return None
    best = _best_chains(chains, within)
    rows = rows_of_year([chain[-1].row for chain in best], year)
    candidates = {row.code: row.as_division() for row in rows}
    first = next(chain for chain in best if chain[-1].row in rows)
    return Place(
        candidates=tuple(candidates[code] for code in sorted(candidates)),
        length=first[-1].end,
        path=tuple(step.row.as_division() for step in first),
        short=first[-1].short,
    )


def _chains_within(
    names: DivisionNames, text: str, within: str, year: int | None, chains: Sequence[_Chain]
) -> list[_Chain]:
    """The chains that end in a division, inside it or above it; of a township only itself or its county."""
    county = within[:_COUNTY_DIGITS]
    inside = [chain for chain in chains if _is_related(chain[-1].row.code, within)]
    inside += _chains(names, text, 0, county, year)  # names that only stand below a county: townships
    if len(within) < _TOWNSHIP_DIGITS:
        return inside
    return [chain for chain in inside if chain[-1].row.code in {within, county}]


def _is_related(code: str, within: str) -> bool:
    return lies_in(code, within) or lies_in(within, code)


def _best_chains(chains: Sequence[_Chain], within: str | None) -> list[_Chain]:
    length = max(chain[-1].end for chain in chains)
    best = [chain for chain in chains if chain[-1].end == length]
    fewest = min(_count_short(chain) for chain in best)
    best = [chain for chain in best if _count_short(chain) == fewest]
    if within is not None:
        best = [chain for chain in best if lies_in(chain[-1].row.code, within)] or best
    deepest = max(len(chain) for chain in best)
    return [chain for chain in best if len(chain) == deepest]


def _count_short(chain: _Chain) -> int:
    return sum(step.short for step in chain)


def _chains(names: DivisionNames, text: str, start: int, above: str | None, year: int | None) -> Iterator[_Chain]:
    """All ways to read place names at ``start``, each below the one before."""
    for step in _steps(names, text, start, above, year):
        yield (step,)
        if len(step.row.code) == _COUNTY_DIGITS:
            for rest in _chains(names, text, step.end, step.row.code, year):
                yield (step, *rest)


def _steps(names: DivisionNames, text: str, start: int, above: str | None, year: int | None) -> Iterator[_Step]:
    """Names that stand at ``start``, the longest first; those of divisions in ``above`` where it is given."""
    is_known = names.is_beginning(text[start : start + 2])
    may_be_township = above is not None and len(above) == _COUNTY_DIGITS
    if not is_known and not may_be_township:
        return
    for end in range(min(len(text), start + names.longest), start + 1, -1):
        name = text[start:end]
        if is_known:
            for row in names.by_name(name):
                if row.is_near(year) and _lies_below(row.code, above):
                    yield _Step(row, end, short=False)
            for row in names.by_short_form(name):
                if row.is_near(year) and _lies_below(row.code, above) and _may_be_short(names, row, text, name, end):
                    yield _Step(row, end, short=True)
        if above is not None and may_be_township:
            for row in names.townships_written(name, above):
                yield _Step(row, end, short=False)


def _lies_below(code: str, above: str | None) -> bool:
    return above is None or (code != above and lies_in(code, above))


def _may_be_short(names: DivisionNames, row: Row, text: str, name: str, end: int) -> bool:
    """Whether a short form stands for its place here: 河北, 黔西南, 维西县; a county's without 县 is any word."""
    if text.startswith(names.words.not_after_short, end):
        return False
    return level_of(row.code) in {"province", "prefecture"} or name.endswith(("县", "旗"))
