"""Pages put together to one text: running heads dropped, tables joined over page breaks, lines joined to paragraphs.

What PDF files and recognised scans have in common: both come as `parsers.formats.pdf.page.Page`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsers.formats.pdf.grids import DIGITS, SPACE, goes_on, stitch
from parsers.formats.pdf.page import PAGE_NUMBER, Box, Grid, Line, Page, Paragraph
from parsers.formats.pdf.paragraphs import find_margins, join_to_paragraphs

_MARGIN = 0.12  # of the page's height, above and below: where running heads and page numbers stand
_SAME_HEIGHT = 4  # points: a running head stands at the same height on every page
_FEW_PAGES = 3  # of so many, two that say the same are enough for a running head, else three


def assemble(pages: Sequence[Page]) -> Iterator[Paragraph | Grid]:
    """The whole text in reading order.

    Args:
        pages: in order; a page that is missing between them keeps tables apart.
    """
    parts = _stitch_tables(_put_in_order(pages, _find_running_heads(pages)))
    margins = find_margins(pages, [part for part in parts if isinstance(part, Line)])
    run: list[Line] = []
    for part in parts:
        if isinstance(part, Line):
            run.append(part)
            continue
        yield from join_to_paragraphs(run, margins)
        run = []
        yield part
    yield from join_to_paragraphs(run, margins)


def _put_in_order(pages: Sequence[Page], dropped: set[Line]) -> list[Line | Grid]:
    """Lines and tables from top to bottom, page after page; a table knows which page in this order it stands on."""
    parts: list[Line | Grid] = []
    order = before = 0
    for page in pages:
        order += 1
        if page.number > before + 1:
            order += 1  # a page that is missing counts
        before = page.number
        on_page: list[Line | Grid] = [line for line in page.lines if line not in dropped]
        on_page.extend(replace(table, order=order) for table in page.tables)
        on_page.sort(key=_top_and_left)
        parts.extend(on_page)
    return parts


def _top_and_left(part: Line | Grid) -> tuple[float, float]:
    box = part.box if isinstance(part, Line) else part.places[0][1]
    return box[1], box[0]


def _stitch_tables(parts: Sequence[Line | Grid]) -> list[Line | Grid]:
    stitched: list[Line | Grid] = []
    for part in parts:
        last = stitched[-1] if stitched else None
        if isinstance(part, Grid) and isinstance(last, Grid) and goes_on(last, part):
            stitched[-1] = stitch(last, part)
        else:
            stitched.append(part)
    return stitched


def _find_running_heads(pages: Sequence[Page]) -> set[Line]:
    """Page numbers and running heads and feet: lines in the margins that say the same on several pages."""
    alike: dict[tuple[str, bool, int], list[Line]] = {}
    found: set[Line] = set()
    for page in pages:
        boxes = [(line, line.box) for line in page.lines]
        tables = [table.places[0][1] for table in page.tables]
        for line in page.lines:
            is_head = line.box[3] < _MARGIN * page.height
            is_foot = line.box[1] > (1 - _MARGIN) * page.height
            if not is_head and not is_foot:
                continue
            others = [box for other, box in boxes if other is not line] + tables
            if is_head and any(_stands_above(box, line) for box in others):
                continue
            if PAGE_NUMBER.fullmatch(line.text):
                found.add(line)
            words = DIGITS.sub("#", SPACE.sub("", line.text))  # the number of the page, or of the day it was printed
            alike.setdefault((words, is_head, round(line.box[1] / _SAME_HEIGHT)), []).append(line)
    least = 2 if len(pages) <= _FEW_PAGES else 3
    for lines in alike.values():
        if len({line.page for line in lines}) >= least:
            found.update(lines)
    return found


def _stands_above(box: Box, line: Line) -> bool:
    """Whether something stands clearly above a line: it is no running head, but the text begins high on the page."""
    return box[1] < line.box[1] - line.height * 2 and box[3] < line.box[1]
