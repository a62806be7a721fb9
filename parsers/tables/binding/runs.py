"""Digits that were run together: ``4000004`` under seven columns.

Numbers are printed without leading zeros, so a run can be cut only in certain ways. A cutting is taken only when it is
the only one: by itself (one column; nothing but zeros), or the only one that the row's identity allows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

_MOST = 3000


def cuttings(run: str, columns: int) -> Iterator[tuple[str, ...]]:
    """All ways to cut ``run`` (digits) into ``columns`` whole numbers without leading zeros."""
    if columns == 1:
        if run and (run == "0" or run[0] != "0"):
            yield (run,)
        return
    if len(run) < columns:
        return
    longest = 1 if run[0] == "0" else len(run) - columns + 1
    for length in range(1, longest + 1):
        for rest in cuttings(run[length:], columns - 1):
            yield (run[:length], *rest)


def only_cutting(
    run: str, columns: int, holds: Callable[[Sequence[Decimal]], bool] | None
) -> tuple[tuple[str, ...] | None, tuple[tuple[str, ...], ...]]:
    """The only possible cutting, if there is one, and all that were possible (at most a few are worth telling).

    Args:
        run: the digits as printed.
        columns: how many numbers they hold when no cell is blank.
        holds: the row's identity; None where the form has none for this row.
    """
    if not re.fullmatch(r"\d+", run):
        return None, ()
    if set(run) == {"0"}:
        # Zeros cannot be run together to any other number; fewer or more than columns means lost or doubled cells.
        return (tuple(run), (tuple(run),)) if len(run) == columns else (None, ())
    if holds is None:
        found = tuple(_first(cuttings(run, columns), 2))
        return (found[0] if columns == 1 and found else None), found
    possible: list[tuple[str, ...]] = []
    for number, cut in enumerate(cuttings(run, columns)):
        if number > _MOST:
            return None, ()
        if holds([Decimal(part) for part in cut]):
            possible.append(cut)
    return (possible[0] if len(possible) == 1 else None), tuple(possible)


def _first(items: Iterator[tuple[str, ...]], most: int) -> Iterator[tuple[str, ...]]:
    for number, item in enumerate(items):
        if number >= most:
            return
        yield item
