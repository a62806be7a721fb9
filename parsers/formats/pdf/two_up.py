"""Two pages that were printed side by side on one sheet: each half is read by itself, the left one first.

A sheet is taken for two pages where it is wider than high, nothing reaches over its middle, a ruled table stands on it,
and both halves hold a table or a few lines of running text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsers.formats.pdf.page import Grid, Line, Page, around

_WIDER = 1.2  # than high
_LINES = 3  # of text, where a half holds no table
_GUTTER = 6.0  # points on both sides of the middle, in which nothing stands


def halves(found: Sequence[Page]) -> Iterator[Page]:
    """The pages in reading order, both halves of a sheet as pages; places stay those of the sheet.

    The sides of columns (``Grid.edges``) are those of the half, so that a table goes on in the next one.
    """
    for page in found:
        yield from _split(page) or (page,)


def _split(page: Page) -> tuple[Page, Page] | None:
    if page.width < _WIDER * page.height or not page.tables:
        return None
    middle = page.width / 2
    boxes = [table.places[0][1] for table in page.tables]
    boxes += [box for line in page.lines for _, box in line.segments]
    if any(box[0] < middle + _GUTTER and box[2] > middle - _GUTTER for box in boxes):
        return None
    parts = (_half(page, 0.0, middle), _half(page, middle, page.width))
    return parts if all(map(_is_page, parts)) else None


def _half(page: Page, left: float, right: float) -> Page:
    lines = [part for line in page.lines if (part := _part(line, left, right))]
    tables = [_moved(table, left) for table in page.tables if left <= table.places[0][1][0] < right]
    return replace(page, lines=lines, tables=tables)


def _part(line: Line, left: float, right: float) -> Line | None:
    segments = tuple((text, box) for text, box in line.segments if left <= box[0] < right)
    if not segments:
        return None
    return Line(line.page, segments, around([box for _, box in segments]))


def _moved(table: Grid, left: float) -> Grid:
    return replace(table, edges=tuple(edge - left for edge in table.edges))


def _is_page(half: Page) -> bool:
    if any(len(line.segments) > 1 for line in half.lines):
        return False  # labels and figures without rules, which may be those of the other half
    return bool(half.tables) or len(half.lines) >= _LINES
