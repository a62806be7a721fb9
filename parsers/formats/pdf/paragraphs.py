"""Lines outside of ruled tables: which of them are one paragraph, and which are the rows of a table without rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from parsers.formats.pdf.grids import DIGITS
from parsers.formats.pdf.page import Grid, GridCell, Line, Page, Paragraph, Place, around

_SHARED_EDGE = 0.15  # of the lines: so many begin where the body of the text begins
_LEAST_WIDTH = 0.6  # of the page: a file of short lines has no body to fill
# In heights of a letter: how far a paragraph's lines may be from filling the body, and from each other.
_ENDS_EARLY = 2.2
_INDENT = 1.2
_LINE_GAP = 1.6
_ROW_GAP = 1.5
_OTHER_SIZE = 0.3
_ROWS_OF_A_TABLE = 2  # that have three parts, or a number in their second


class Margins(NamedTuple):
    """Left and right side of the text body on a page, in points."""

    left: float
    right: float


def find_margins(pages: Sequence[Page], lines: Sequence[Line]) -> dict[int, Margins]:
    """For each page, by number, the sides of the text body, taken from all pages of the same width.

    Left is the smallest left edge that many lines share (titles are centred, paragraphs begin indented), right the
    farthest right edge, but never less than 60 % of the page's width.
    """
    widths = {page.number: round(page.width) for page in pages}
    by_width: dict[int, Margins] = {}
    for width in set(widths.values()):
        on_such_pages = [line for line in lines if widths[line.page] == width]
        lefts = Counter(round(line.box[0]) for line in on_such_pages)
        least = max(1, _SHARED_EDGE * len(on_such_pages))
        shared = [left for left, count in lefts.items() if count >= least]
        right = max((line.box[2] for line in on_such_pages), default=0.0)
        by_width[width] = Margins(float(min(shared or lefts or [0])), max(right, _LEAST_WIDTH * width))
    return {number: by_width[width] for number, width in widths.items()}


def join_to_paragraphs(lines: Sequence[Line], margins: Mapping[int, Margins]) -> Iterator[Paragraph | Grid]:
    """Paragraphs and tables without rules of lines that follow one another."""
    position = 0
    while position < len(lines):
        end = _find_end_of_table(lines, position)
        if end > position:
            yield _make_ragged_grid(lines[position:end])
            position = end
            continue
        end = position + 1
        while end < len(lines) and _is_same_paragraph(lines[end - 1], lines[end], margins):
            if _find_end_of_table(lines, end) > end:
                break
            end += 1
        yield Paragraph(join_lines(lines[position:end]), _places(lines[position:end]))
        position = end


def join_lines(lines: Sequence[Line]) -> str:
    """The lines of a paragraph as one: nothing between Chinese characters, a space between two Latin words."""
    text = lines[0].text
    for line in lines[1:]:
        following = line.text
        if _is_latin(text[-1:]) and _is_latin(following[:1]):
            text += " "
        text += following
    return text


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _find_end_of_table(lines: Sequence[Line], start: int) -> int:
    """Where a table without rules that begins at ``start`` ends; ``start`` itself when none begins there.

    Rows are lines of two or more parts. At least two must have three parts or end in a number. Label lines of one part
    belong to the table when rows follow closely.
    """
    certain = 0
    end = position = start
    while position < len(lines):
        parts = lines[position].segments
        if len(parts) >= 2:
            if len(parts) >= 3 or DIGITS.fullmatch(parts[1][0].strip()):
                certain += 1
            end = position + 1
        elif position == start or not _leads_to_row(lines, position):
            break
        position += 1
    return end if certain >= _ROWS_OF_A_TABLE else start


def _leads_to_row(lines: Sequence[Line], position: int) -> bool:
    """Whether a line of one part is followed by a row within two lines, without a gap."""
    for line, following in zip(lines[position : position + 2], lines[position + 1 : position + 3], strict=False):
        if following.page != line.page or following.box[1] - line.box[3] > _ROW_GAP * line.height:
            return False
        if len(following.segments) >= 2:
            return True
    return False


def _make_ragged_grid(lines: Sequence[Line]) -> Grid:
    """A table whose columns are not known: the cells of each row are counted from the left."""
    cells: list[GridCell] = []
    for row, line in enumerate(lines):
        for column, (text, box) in enumerate(line.segments):
            cells.append(GridCell(text, row, column, 1, 1, ((line.page, box),)))
    return Grid(tuple(cells), _places(lines), rows=len(lines), ragged=True)


def _is_same_paragraph(former: Line, line: Line, margins: Mapping[int, Margins]) -> bool:
    size = max(former.height, 1.0)
    body = margins[former.page]
    if len(former.segments) > 1 or len(line.segments) > 1:
        return False
    if former.box[2] < body.right - _ENDS_EARLY * size:
        return False
    if line.box[0] > margins[line.page].left + _INDENT * size:
        return False
    if former.box[0] > (body.left + body.right) / 2:  # set to the right: a signature, a date
        return False
    if former.page != line.page:
        return line.page == former.page + 1
    if abs(former.height - line.height) > _OTHER_SIZE * size:
        return False
    return line.box[1] - former.box[3] < _LINE_GAP * size


def _places(lines: Sequence[Line]) -> tuple[Place, ...]:
    """One box for each page on which the lines stand."""
    numbers = sorted({line.page for line in lines})
    return tuple((number, around([line.box for line in lines if line.page == number])) for number in numbers)
