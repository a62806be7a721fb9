"""Pages of lines and ruled tables put together to one text: what PDF files and recognised scans have in common.

Positions are points from the upper left corner of a page. A table goes on over a page break when nothing but a page
number or a running head stands between its parts and both are equally wide (stack measurement: three tables instead of
seven fragments in a six-page report). Columns need not agree: a part shows only those its rows use.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from parsers.formats.html import content

Box = tuple[float, float, float, float]  # x0, top, x1, bottom
Place = tuple[int, Box]  # page from 1, box on it
Margins = tuple[float, float]  # left and right side of the text body

PAGE_NUMBER = re.compile(
    r"[-—–－_·.\s]*(?:第\s*)?[0-9０-９]{1,4}(?:\s*[/／]\s*[0-9]{1,4})?(?:\s*页)?(?:\s*[，,/]?\s*共\s*[0-9]{1,4}\s*页)?[-—–－_·.\s]*"
)
"""A line that says which page this is."""

_SAME_EXTENT = 6.0  # points: how far the sides of two parts of one table may differ
_SAME_EDGE = 3.0  # points: rules closer than this are one rule
_ORDINAL = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十百0-9]+条|[0-9]{1,2}\s*[.．、)）])"
)
_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[-+]?[0-9０-９][0-9０-９,.]*")
_LONGEST_UNIT = 2  # characters: 次, 万元
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line outside of tables; ``segments`` are its parts between wide gaps."""

    page: int
    segments: tuple[tuple[str, Box], ...]
    box: Box

    @property
    def text(self) -> str:
        """The line, wide gaps as tabs."""
        return "\t".join(text for text, _ in self.segments)

    @property
    def height(self) -> float:
        """Height of its letters."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell on one page: its text, its box, and which characters of the page stand in it."""

    text: str
    box: Box
    characters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table; ``places`` are its boxes, more than one when a page break cuts it."""

    text: str
    row: int
    column: int
    row_span: int
    column_span: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, on one page or over several.

    Attributes:
        edges: the left sides of its columns and the last right side.
        order: which page in reading order it ends on.
    """

    cells: tuple[GridCell, ...]
    places: tuple[Place, ...]
    edges: tuple[float, ...] = ()
    rows: int = 0
    ragged: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines joined to a paragraph; ``places`` has one box for each page it stands on."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """The first or last line of a page, in the margin.

    Attributes:
        page: its number.
        text: what the line says.
        box: where it stands.
        cell: which table of the page and which of its cells hold it; None outside of tables.
        rest: what the cell says without it.
    """

    page: int
    text: str
    box: Box
    cell: tuple[int, int] | None = None
    rest: str = ""


@dataclass(slots=True)
class Page:
    """What was found on one page.

    Attributes:
        unknown: letters of fonts that do not say which they are.
        turned: a part of the text stands on its side, with figures in it.
        edges: its first and last line, where they stand in the margins.
        drawn_elsewhere: the file holds a form that viewers may draw in place of its pages (noted on the first).
        laid_over: texts of watermarks and stamps, which were left out.
    """

    number: int
    width: float
    height: float
    characters: int
    pictures: int
    lines: list[Line] = field(default_factory=list)
    tables: list[Grid] = field(default_factory=list)
    unknown: int = 0
    turned: bool = False
    edges: list[Edge] = field(default_factory=list)
    drawn_elsewhere: bool = False
    laid_over: tuple[str, ...] = ()

    def cell_at(self, box: Box) -> GridCell | None:
        """The cell with exactly this box: of a ruled table, or a segment of a line."""
        for table in self.tables:
            for cell in table.cells:
                if _equal(cell.places[0][1], box):
                    return cell
        return None

    def lines_in(self, box: Box) -> list[Line]:
        """The lines, or segments of lines, whose middle lies in a box."""
        found: list[Line] = []
        for line in self.lines:
            inside = tuple((text, part) for text, part in line.segments if _holds(box, part))
            if inside:
                found.append(Line(line.page, inside, line.box))
        return found


def _equal(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) < 0.02 for a, b in zip(one, other, strict=True))


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] - 0.02 <= x <= outer[2] + 0.02 and outer[1] - 0.02 <= y <= outer[3] + 0.02


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of ``boxes``."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _clusters(values: Sequence[float], tolerance: float) -> list[float]:
    """Distinct positions: values closer than ``tolerance`` to the first of their group are one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > tolerance:
            found.append(value)
    return found


def _index(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))


def grid(page: int, pieces: Sequence[Piece]) -> Grid:
    """The grid of one ruled table: rows and columns from the boxes of its cells."""
    columns = _clusters([side for piece in pieces for side in (piece.box[0], piece.box[2])], _SAME_EDGE)
    rows = _clusters([side for piece in pieces for side in (piece.box[1], piece.box[3])], _SAME_EDGE)
    cells: list[GridCell] = []
    for piece in pieces:
        x0, top, x1, bottom = piece.box
        column, row = _index(columns, x0), _index(rows, top)
        cells.append(
            GridCell(
                text=piece.text,
                row=row,
                column=column,
                row_span=max(1, _index(rows, bottom) - row),
                column_span=max(1, _index(columns, x1) - column),
                places=((page, piece.box),),
            )
        )
    count = max(1, len(rows) - 1)
    for row in range(count - 1, 0, -1):
        if _is_step(cells, row):
            cells = [_without_row(cell, row) for cell in cells if cell.row != row or cell.row_span > 1]
            count -= 1
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(tuple(cells), ((page, around([piece.box for piece in pieces])),), tuple(columns), count)


def _is_step(cells: Sequence[GridCell], row: int) -> bool:
    """Whether a row is only a step in the rules: an empty piece begins in it, and most cells go on through it."""
    begun = [cell for cell in cells if cell.row == row]
    through = [cell for cell in cells if cell.row < row < cell.row + cell.row_span]
    wide, rest = (sum(cell.column_span for cell in group) for group in (begun, through))
    return not any(cell.text.strip() for cell in begun) and wide < rest and len(through) > 1


def _without_row(cell: GridCell, row: int) -> GridCell:
    if cell.row < row < cell.row + cell.row_span or (cell.row == row and cell.row_span > 1):
        return replace(cell, row_span=cell.row_span - 1)
    return replace(cell, row=cell.row - 1) if cell.row > row else cell


def assemble(found: Sequence[Page]) -> Iterator[Paragraph | Grid]:
    """The whole text in reading order: running heads dropped, tables stitched, lines joined to paragraphs."""
    dropped = _running(found)
    parts: list[Line | Grid] = []
    order, before = 0, 0
    for page in found:
        order, before = order + 1 + (page.number > before + 1), page.number  # a page that is missing counts
        here: list[Line | Grid] = [line for line in page.lines if line not in dropped]
        here.extend(replace(table, order=order) for table in page.tables)
        here.sort(key=lambda part: (_top(part), _left(part)))
        parts.extend(here)
    stitched: list[Line | Grid] = []
    for part in parts:
        last = stitched[-1] if stitched else None
        if isinstance(part, Grid) and isinstance(last, Grid) and _goes_on(last, part):
            stitched[-1] = _stitch(last, part)
        else:
            stitched.append(part)
    margins = _margins(found, [part for part in stitched if isinstance(part, Line)])
    run: list[Line] = []
    for part in stitched:
        if isinstance(part, Line):
            run.append(part)
            continue
        yield from _texts(run, margins)
        run = []
        yield part
    yield from _texts(run, margins)


def _top(part: Line | Grid) -> float:
    return part.box[1] if isinstance(part, Line) else part.places[0][1][1]


def _left(part: Line | Grid) -> float:
    return part.box[0] if isinstance(part, Line) else part.places[0][1][0]


def _running(found: Sequence[Page]) -> set[Line]:
    """Page numbers and running heads and feet: lines in the margins that say the same on several pages."""
    margins: dict[tuple[str, bool, int], list[Line]] = {}
    dropped: set[Line] = set()
    for page in found:
        inner = [table.places[0][1] for table in page.tables]
        for line in page.lines:
            high = line.box[3] < 0.12 * page.height
            low = line.box[1] > 0.88 * page.height
            if not high and not low:
                continue
            beyond = [other.box for other in page.lines if other is not line] + inner
            if high and any(box[1] < line.box[1] - line.height * 2 and box[3] < line.box[1] for box in beyond):
                continue
            folded = _DIGITS.sub("#", _SPACE.sub("", line.text))
            if PAGE_NUMBER.fullmatch(line.text) and (low or high):
                dropped.add(line)
            margins.setdefault((folded, high, round(line.box[1] / 4)), []).append(line)
    least = 2 if len(found) <= 3 else 3
    for lines in margins.values():
        if len({line.page for line in lines}) >= least:
            dropped.update(lines)
    return dropped


def _goes_on(former: Grid, part: Grid) -> bool:
    """Whether a table goes on: on the next page, to the same right side, from the left side or from a column of it.

    A label that spans the whole page has no rule of its own there, so the part may begin at the second column.
    """
    if part.order != former.order + 1 or not former.edges or not part.edges:
        return False
    left = min(abs(part.edges[0] - edge) for edge in former.edges[:4])
    return left <= _SAME_EXTENT and abs(part.edges[-1] - former.edges[-1]) <= _SAME_EXTENT


def _stitch(former: Grid, part: Grid) -> Grid:
    """Two parts of a table as one: columns merged, cells cut by the break joined, a repeated header left out once."""
    edges = _clusters([*former.edges, *part.edges], _SAME_EXTENT)

    def placed(cells: Sequence[GridCell], own: Sequence[float], shift: int) -> list[GridCell]:
        moved: list[GridCell] = []
        for cell in cells:
            first = _index(edges, own[cell.column])
            last = _index(edges, own[min(cell.column + cell.column_span, len(own) - 1)])
            moved.append(replace(cell, row=cell.row + shift, column=first, column_span=max(1, last - first)))
        return moved

    upper = placed(former.cells, former.edges, 0)
    lower = placed(part.cells, part.edges, 0)
    repeated = _repeated_header(upper, lower)
    lower = [replace(cell, row=cell.row - repeated) for cell in lower if cell.row >= repeated]
    split = _is_split_row(upper, lower, former.rows)
    shift = former.rows - (1 if split else 0)
    lower = [replace(cell, row=cell.row + shift) for cell in lower]
    cells = _join_cut_cells(upper, lower, former.rows, split=split)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    rows = shift + part.rows - repeated
    return Grid(tuple(cells), (*former.places, *part.places), tuple(edges), rows, order=part.order)


def _repeated_header(upper: Sequence[GridCell], lower: Sequence[GridCell]) -> int:
    """How many first rows of the continuation repeat the first rows of the table (a header printed on every page)."""
    count = 0
    while count < 4:
        ours = [(cell.column, _SPACE.sub("", cell.text)) for cell in upper if cell.row == count]
        theirs = [(cell.column, _SPACE.sub("", cell.text)) for cell in lower if cell.row == count]
        texts = [text for _, text in theirs if text]
        if ours != theirs or not texts or any(_DIGITS.fullmatch(text) for text in texts):
            break
        count += 1
    if any(cell.row < count < cell.row + cell.row_span for cell in lower):
        return 0
    return count


def _is_split_row(upper: Sequence[GridCell], lower: Sequence[GridCell], rows: int) -> bool:
    """Whether the break cuts the last row itself: same columns, and only a label goes on below."""
    first = sorted((c for c in lower if c.row == 0 and c.row_span == 1), key=lambda c: c.column)
    last = sorted((c for c in upper if c.row + c.row_span == rows and c.row == rows - 1), key=lambda c: c.column)
    if first:  # labels of several rows stand to the left
        last = [cell for cell in last if cell.column >= first[0].column]
    if len(last) < 2 or [(c.column, c.column_span) for c in last] != [(c.column, c.column_span) for c in first]:
        return False
    written = [cell.text for cell in first if cell.text.strip()]
    if not written:
        return False
    head = first[0].text.strip()
    if not head:  # the label stood whole above, its values alone below
        return not any(cell.text.strip() for cell in last[1:]) and bool(last[0].text.strip())
    if any(cell.text.strip() for cell in first[1:]) or not any(cell.text.strip() for cell in last[1:]):
        return False
    above = last[0].text.strip()
    if not above:  # the values stood alone above, their label whole below
        return True
    if _ORDINAL.match(head):
        return False
    known = content.words().holds_label
    return not known(head) or (not known(above) and known(above + head))


def _join_cut_cells(upper: list[GridCell], lower: list[GridCell], rows: int, *, split: bool) -> list[GridCell]:
    bottom = {(c.column, c.column_span): i for i, c in enumerate(upper) if c.row + c.row_span == rows}
    joined: list[GridCell] = []
    heads_go_on = True  # from the left: a label goes on only where the label it belongs to does
    first_row = rows - 1 if split else rows
    for cell in sorted(lower, key=lambda c: (c.row, c.column)):
        index = bottom.get((cell.column, cell.column_span))
        if cell.row != first_row or index is None:
            joined.append(cell)
            heads_go_on = heads_go_on and cell.row != first_row
            continue
        above = upper[index]
        if not split:
            own = _has_values(above, upper) and _has_values(cell, lower)
            heads_go_on = heads_go_on and not own and _label_goes_on(above, cell)
        if split or heads_go_on:
            upper[index] = replace(
                above,
                text=join_cells([above.text, cell.text]),
                row_span=cell.row + cell.row_span - above.row,
                places=(*above.places, *cell.places),
            )
        else:
            joined.append(cell)
    return [*upper, *joined]


def _has_values(label: GridCell, cells: Sequence[GridCell]) -> bool:
    """Whether nothing but numbers, with their unit, stands beside a label: it is a row's, and no heading of rows."""
    row = label.row + label.row_span - 1
    beside = [_SPACE.sub("", c.text) for c in cells if c.row == row and c.row_span == 1 and c.column > label.column]
    printed = [text for text in beside if text]
    return any(_NUMBER.fullmatch(text) for text in printed) and all(
        _NUMBER.fullmatch(text) or len(text) <= _LONGEST_UNIT for text in printed
    )


def _label_goes_on(above: GridCell, below: GridCell) -> bool:
    """Whether a row label cut by the page break goes on: below is nothing, or text without an ordinal of its own."""
    text = below.text.strip()
    if _DIGITS.fullmatch(_SPACE.sub("", above.text)):
        return False
    if not text:
        return below.row_span > 1 or above.row_span > 1 or below.column == 0
    if not above.text.strip():  # a label is printed in the middle of its cell, here in the lower part
        return _DIGITS.fullmatch(_SPACE.sub("", text)) is None and (below.row_span > 1 or above.row_span > 1)
    return (
        _ORDINAL.match(above.text) is not None
        and _ORDINAL.match(text) is None
        and _DIGITS.fullmatch(_SPACE.sub("", text)) is None
        and not content.words().holds_label(text)
    )


def join_cells(texts: Sequence[str]) -> str:
    """The text of a cell that stands on several pages."""
    return "\n".join(text for text in texts if text)


def _texts(lines: Sequence[Line], margins: Mapping[int, Margins]) -> Iterator[Paragraph | Grid]:
    """Paragraphs and unruled tables of a run of lines."""
    position = 0
    while position < len(lines):
        end = _unruled(lines, position)
        if end > position:
            yield _ragged(lines[position:end])
            position = end
            continue
        end = position + 1
        while end < len(lines) and _same_paragraph(lines[end - 1], lines[end], margins):
            if _unruled(lines, end) > end:
                break
            end += 1
        yield _paragraph(lines[position:end])
        position = end


def _unruled(lines: Sequence[Line], start: int) -> int:
    """Where a table without rules that begins at ``start`` ends; ``start`` itself when none begins there.

    Rows are lines of two or more parts. At least two must have three parts or end in a number. Label lines of one part
    belong to the table when rows follow closely.
    """
    rows = strong = 0
    end = position = start
    while position < len(lines):
        parts = lines[position].segments
        if len(parts) >= 2:
            rows += 1
            strong += len(parts) >= 3 or _DIGITS.fullmatch(parts[1][0].strip()) is not None
            end = position + 1
        elif position == start or not _leads_to_row(lines, position):
            break
        position += 1
    return end if strong >= 2 else start


def _leads_to_row(lines: Sequence[Line], position: int) -> bool:
    """Whether a line of one part is followed by a row within two lines, without a gap."""
    for offset in (0, 1):
        if position + offset + 1 >= len(lines):
            return False
        line, following = lines[position + offset], lines[position + offset + 1]
        if following.page != line.page or following.box[1] - line.box[3] > 1.5 * line.height:
            return False
        if len(following.segments) >= 2:
            return True
    return False


def _ragged(lines: Sequence[Line]) -> Grid:
    cells = tuple(
        GridCell(text, row, column, 1, 1, ((line.page, box),))
        for row, line in enumerate(lines)
        for column, (text, box) in enumerate(line.segments)
    )
    return Grid(cells, _places(lines), rows=len(lines), ragged=True)


def _margins(found: Sequence[Page], lines: Sequence[Line]) -> dict[int, Margins]:
    """For each page the left and right side of the text body, taken from all pages of the same width.

    Left is the smallest left edge that many lines share (titles are centred, paragraphs begin indented), right the
    farthest right edge, but never less than 60 % of the page's width: a file of short lines has no body to fill.
    """
    widths = {page.number: round(page.width) for page in found}
    margins: dict[int, Margins] = {}
    by_width: dict[int, Margins] = {}
    for width in set(widths.values()):
        here = [line for line in lines if widths[line.page] == width]
        lefts = Counter(round(line.box[0]) for line in here)
        shared = [left for left, count in lefts.items() if count >= max(1, 0.15 * len(here))]
        right = max((line.box[2] for line in here), default=0.0)
        by_width[width] = (float(min(shared or lefts or [0])), max(right, 0.6 * width))
    for number, width in widths.items():
        margins[number] = by_width[width]
    return margins


def _same_paragraph(former: Line, line: Line, margins: Mapping[int, Margins]) -> bool:
    size = max(former.height, 1.0)
    if len(former.segments) > 1 or len(line.segments) > 1:
        return False
    if former.box[2] < margins[former.page][1] - 2.2 * size:  # the former line ends early
        return False
    if line.box[0] > margins[line.page][0] + 1.2 * size:  # this line is indented
        return False
    if former.box[0] > sum(margins[former.page]) / 2:  # the former line is set to the right: a signature, a date
        return False
    if former.page != line.page:
        return line.page == former.page + 1
    if abs(former.height - line.height) > 0.3 * size:  # another size of letters
        return False
    return line.box[1] - former.box[3] < 1.6 * size


def _paragraph(lines: Sequence[Line]) -> Paragraph:
    return Paragraph(join_lines(lines), _places(lines))


def _places(lines: Sequence[Line]) -> tuple[Place, ...]:
    numbers = sorted({line.page for line in lines})
    return tuple((number, around([line.box for line in lines if line.page == number])) for number in numbers)


def join_lines(lines: Sequence[Line]) -> str:
    """The lines of a paragraph as one: nothing between Chinese characters, a space between two Latin words."""

    def add(text: str, line: Line) -> str:
        following = line.text
        latin = text[-1:].isascii() and text[-1:].isalpha() and following[:1].isascii() and following[:1].isalpha()
        return f"{text}{' ' if latin else ''}{following}"

    return functools.reduce(add, lines[1:], lines[0].text)
