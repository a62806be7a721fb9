"""Two pages that were printed side by side on one sheet: each half is read by itself, the left one first.

A sheet is taken for two pages where it is wider than high, nothing reaches over its middle, a ruled table stands on it,
and both halves hold a table or a few lines of running text. So is one that was set in two columns under a title of its
own: lines over the middle may stand above and below everything else, and are read first and last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsers.formats.pdf.page import Box, Grid, Line, Page, around

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
    over = [line for line in page.lines if any(_reaches_over(box, middle) for _, box in line.segments)]
    columns = replace(page, lines=[line for line in page.lines if line not in over])
    boxes = [table.places[0][1] for table in page.tables] + [line.box for line in columns.lines]
    if any(_reaches_over(table.places[0][1], middle) for table in page.tables):
        return None
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    above = [line for line in over if line.box[3] <= top]
    below = [line for line in over if line.box[1] >= bottom]
    if len(above) + len(below) < len(over):
        return None
    left, right = _half(columns, 0.0, middle), _half(columns, middle, page.width)
    if not _is_page(left) or not _is_page(right):
        return None
    return replace(left, lines=[*above, *left.lines]), replace(right, lines=[*right.lines, *below])


def _reaches_over(box: Box, middle: float) -> bool:
    return box[0] < middle + _GUTTER and box[2] > middle - _GUTTER


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
