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


def ways(filled: Sequence[bool], columns: int, *, lead: int | None = None) -> Ways:
    """All ways in which cells can belong to columns.

    Args:
        filled: for every cell whether anything is printed in it.
        columns: how many columns there are.
        lead: how many cells of padding stand before the values in rows of the same piece, when they agree.
    """
    count = len(filled)
    if count == columns:
        return Ways((tuple(range(columns)),), "exact")
    first = next((i for i, yes in enumerate(filled) if yes), None)
    last = next((count - 1 - i for i, yes in enumerate(reversed(filled)) if yes), None)
    if count > columns:
        if first is None or last is None:
            return Ways((tuple(range(columns)),), "padded")
        windows = [
            tuple(range(start, start + columns))
            for start in range(count - columns + 1)
            if start <= first and last < start + columns
        ]
        if len(windows) > 1 and lead is not None and any(window[0] == lead for window in windows):
            windows = [window for window in windows if window[0] == lead]
        if windows:
            return Ways(tuple(windows), "padded")
        return _surplus(first, last, columns)
    if math.comb(columns, count) > _MOST:
        return Ways((), "missing")
    found: list[Way] = []
    for chosen in itertools.combinations(range(columns), count):
        places = dict(zip(chosen, range(count), strict=True))
        found.append(tuple(places.get(column) for column in range(columns)))
    return Ways(tuple(found), "missing")


def _surplus(first: int, last: int, columns: int) -> Ways:
    """More printed cells than columns: any of them may be the one too many."""
    inner = range(first, last + 1)
    if math.comb(len(inner), columns) > _MOST:
        return Ways((), "surplus")
    return Ways(tuple(itertools.combinations(inner, columns)), "surplus")
