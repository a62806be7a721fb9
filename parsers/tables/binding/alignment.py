"""Cells to columns: every way in which the cells of a row can belong to its columns.

As many cells as columns: one way, and no arithmetic may doubt it (a legible number is never repaired). Otherwise the
row is damaged or padded, and all ways are kept that the damage allows; the caller keeps those that the row's own
identity confirms, and takes only what is the same in all that remain.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

Way = tuple[int | None, ...]  # for each column the index of its cell; None: no cell is printed for it

_MOST = 4000


@dataclass(frozen=True, slots=True)
class Ways:
    """How a row's cells can belong to ``columns``.

    Attributes:
        ways: all of them; empty when there are too many to say anything.
        kind: exact | padded (blank cells outside the values) | surplus | missing.
    """

    ways: tuple[Way, ...]
    kind: str


def ways(filled: Sequence[bool], columns: int, *, lead: int | None = None, sure: bool = False) -> Ways:
    """All ways in which cells can belong to columns.

    Args:
        filled: for every cell whether anything is printed in it.
        columns: how many columns there are.
        lead: how many cells of padding stand before the values, as far as other rows tell.
        sure: the padding is known to be so; where the row does not fit it, it has a cell too many.
    """
    count = len(filled)
    if count == columns:
        return Ways((tuple(range(columns)),), "exact")
    if count < columns:
        return missing(count, columns)
    first = next((i for i, yes in enumerate(filled) if yes), None)
    last = next((count - 1 - i for i, yes in enumerate(reversed(filled)) if yes), None)
    if first is None or last is None:
        return Ways((tuple(range(columns)),), "padded")
    printed = [i for i, yes in enumerate(filled) if yes]
    if len(printed) == columns and len({b - a for a, b in itertools.pairwise(printed)}) == 1 and printed[1] - first > 1:
        return Ways((tuple(printed),), "padded")  # every cell is followed by as many empty ones
    starts = [start for start in range(count - columns + 1) if start <= first and last < start + columns]
    if lead in starts and (sure or len(starts) > 1):
        starts = [lead] if lead is not None else starts
    elif sure and last - first < columns:
        # The row does not fit the padding that others have: either it has a cell too many, or its padding is its own.
        from_ = min(lead or 0, first) if count - (lead or 0) >= columns else 0
        return surplus(count - from_, columns, from_)
    if starts:
        return Ways(tuple(tuple(range(start, start + columns)) for start in starts), "padded")
    return surplus(last - first + 1, columns, first)


def complete(filled: Sequence[bool], columns: int) -> Way | None:
    """Just as many printed cells as columns, side by side: the blanks around them need be no cells."""
    first = next((i for i, yes in enumerate(filled) if yes), 0)
    whole = sum(filled) == columns and all(filled[first : first + columns])
    return tuple(range(first, first + columns)) if whole else None


def missing(count: int, columns: int) -> Ways:
    """Fewer cells than columns: any column may be the one without."""
    if math.comb(columns, count) > _MOST:
        return Ways((), "missing")
    found: list[Way] = []
    for chosen in itertools.combinations(range(columns), count):
        places = dict(zip(chosen, range(count), strict=True))
        found.append(tuple(places.get(column) for column in range(columns)))
    return Ways(tuple(found), "missing")


def surplus(count: int, columns: int, first: int = 0) -> Ways:
    """More cells than columns: any of the ``count`` cells from ``first`` on may be the one too many."""
    if math.comb(count, columns) > _MOST:
        return Ways((), "surplus")
    return Ways(tuple(itertools.combinations(range(first, first + count), columns)), "surplus")


def plain_ways(texts: Sequence[str], found: Ways) -> frozenset[Way]:
    """The ways of a row with cells too many that its cells themselves explain, whatever they add up to.

    A cell too many is padding (blank, outside the others) or a cell printed twice (its neighbour says the same).
    """
    folded = [text.strip() for text in texts]
    plain: set[Way] = set()
    for way in found.ways:
        kept = sorted(at for at in way if at is not None)
        if not kept:
            continue
        extra = [at for at in range(len(folded)) if at not in kept]
        if all(
            (not folded[at] and not kept[0] < at < kept[-1])
            or any(near in kept and folded[at] == folded[near] for near in (at - 1, at + 1))
            for at in extra
        ):
            plain.add(way)
    return frozenset(plain)
