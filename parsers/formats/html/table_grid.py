"""The table model of HTML, as browsers build it (HTML Standard, 4.9.12.1 "Forming a table"), without a slot matrix.

Spans lie in real pages: ``rowspan="0"``, spans that reach beyond the table, spans that overlap. Browsers still agree on
where every cell begins, and so do we: a cell begins in the first free column of its row; a row group ends all spans;
overlaps are allowed. Only the downward reach of each column is kept, so that ``rowspan="65534"`` costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_COLUMN_SPAN = 1000  # both limits: HTML Standard, "Attributes common to td and th elements"
MAX_ROW_SPAN = 65534
WIDEST = 10_000  # columns; ours: beyond it spans count as one column, so that hostile tables take bounded time


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A cell in the grid: where it begins and how far it reaches (clipped to its row group)."""

    content: T
    row: int
    column: int
    row_span: int
    column_span: int


def span(value: str | None, *, limit: int, zero: int) -> int:
    """A span attribute as browsers read it: leading digits count, nonsense is 1, 0 is ``zero``."""
    if not value:
        return 1
    match = re.match(r"[ \t\n\f\r]*\+?([0-9]+)", value)
    if match is None:
        return 1
    number = int(match.group(1)[:9])
    return zero if number == 0 else min(number, limit)


def place(groups: Iterable[Sequence[Sequence[tuple[T, str | None, str | None]]]]) -> list[Placed[T]]:
    """Place the cells of a table.

    Args:
        groups: row groups (thead, tbody ...) of rows of cells, each ``(content, rowspan, colspan)`` with the attribute
            values as written.

    Returns:
        The cells in document order.
    """
    placed: list[Placed[T]] = []
    first = 0
    for group in groups:
        reach: dict[int, int] = {}  # column -> first row of the grid in which it is free again
        end = first + len(group)
        for row, cells in enumerate(group, start=first):
            column = 0
            for content, rowspan, colspan in cells:
                while reach.get(column, 0) > row:
                    column += 1
                width = min(span(colspan, limit=MAX_COLUMN_SPAN, zero=1), max(1, WIDEST - column))
                height = min(span(rowspan, limit=MAX_ROW_SPAN, zero=MAX_ROW_SPAN), end - row)
                placed.append(Placed(content, row, column, height, width))
                for covered in range(column, column + width):
                    reach[covered] = max(reach.get(covered, 0), row + height)
                column += width
        first = end
    return placed
