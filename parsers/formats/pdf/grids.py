"""Grids of ruled tables: rows and columns from the boxes of cells, and tables that go on over a page break.

A table goes on when nothing but a page number or a running head stands between its parts and both are equally wide
(stack measurement: three tables instead of seven fragments in a six-page report). Columns need not agree: a part shows
only those its rows use. What the break cut is joined: a cell whose label goes on below, or the whole last row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parsers.formats.html import content
from parsers.formats.pdf.page import Grid, GridCell, Piece, around

SPACE = re.compile(r"\s+")
DIGITS = re.compile(r"[0-9]+")

_SAME_EXTENT = 6.0  # points: how far the sides of two parts of one table may differ
_SAME_EDGE = 3.0  # points: rules closer than this are one rule
_FIRST_COLUMNS = 4  # at which a part of a table may begin: its labels stand to the left
_LONGEST_HEADER = 4  # rows that may be repeated on the next page
_LONGEST_UNIT = 2  # characters: 次, 万元
_ORDINAL = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十百0-9]+条|[0-9]{1,2}\s*[.．、)）])"
)
_NUMBER = re.compile(r"[-+]?[0-9０-９][0-9０-９,.]*")


def build_grid(page: int, pieces: Sequence[Piece]) -> Grid:
    """The grid of one ruled table: rows and columns from the boxes of its cells.

    Args:
        page: its number, from 1.
        pieces: the cells of the table.
    """
    column_edges = _distinct_positions([side for piece in pieces for side in (piece.box[0], piece.box[2])], _SAME_EDGE)
    row_edges = _distinct_positions([side for piece in pieces for side in (piece.box[1], piece.box[3])], _SAME_EDGE)
    cells: list[GridCell] = []
    for piece in pieces:
        x0, top, x1, bottom = piece.box
        column, row = _nearest(column_edges, x0), _nearest(row_edges, top)
        cells.append(
            GridCell(
                text=piece.text,
                row=row,
                column=column,
                row_span=max(1, _nearest(row_edges, bottom) - row),
                column_span=max(1, _nearest(column_edges, x1) - column),
                places=((page, piece.box),),
            )
        )
    rows = max(1, len(row_edges) - 1)
    for row in range(rows - 1, 0, -1):  # from below: a row that goes does not move those that are still to be seen
        if _is_step(cells, row):
            cells = [_without_row(cell, row) for cell in cells if cell.row != row or cell.row_span > 1]
            rows -= 1
    cells.sort(key=lambda cell: (cell.row, cell.column))
    whole = around([piece.box for piece in pieces])
    return Grid(tuple(cells), ((page, whole),), tuple(column_edges), rows)


def goes_on(former: Grid, part: Grid) -> bool:
    """Whether a table goes on: on the next page, to the same right side, from the left side or from a column of it.

    A label that spans the whole page has no rule of its own there, so the part may begin at the second column.
    """
    if part.order != former.order + 1 or not former.edges or not part.edges:
        return False
    left = min(abs(part.edges[0] - edge) for edge in former.edges[:_FIRST_COLUMNS])
    return left <= _SAME_EXTENT and abs(part.edges[-1] - former.edges[-1]) <= _SAME_EXTENT


def stitch(former: Grid, part: Grid) -> Grid:
    """Two parts of a table as one: columns merged, cells cut by the break joined, a repeated header left out once."""
    edges = _distinct_positions([*former.edges, *part.edges], _SAME_EXTENT)
    upper = _move_to_columns(former, edges)
    lower = _move_to_columns(part, edges)
    repeated = _count_repeated_header(upper, lower)
    lower = [replace(cell, row=cell.row - repeated) for cell in lower if cell.row >= repeated]
    split = _is_split_row(upper, lower, former.rows)
    first_row = former.rows - 1 if split else former.rows
    lower = [replace(cell, row=cell.row + first_row) for cell in lower]
    cells = _join_cut_cells(upper, lower, former.rows, split=split)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    rows = first_row + part.rows - repeated
    return Grid(tuple(cells), (*former.places, *part.places), tuple(edges), rows, order=part.order)


def join_cells(texts: Sequence[str]) -> str:
    """The text of a cell that stands on several pages."""
    return "\n".join(text for text in texts if text)


def _distinct_positions(values: Sequence[float], tolerance: float) -> list[float]:
    """Positions in order: values closer than ``tolerance`` to the first of their group are one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > tolerance:
            found.append(value)
    return found


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - value))


def _is_step(cells: Sequence[GridCell], row: int) -> bool:
    """Whether a row is only a step in the rules: an empty piece begins in it, and most cells go on through it."""
    begun = [cell for cell in cells if cell.row == row]
    through = [cell for cell in cells if cell.row < row < cell.row + cell.row_span]
    if len(through) < 2 or any(cell.text.strip() for cell in begun):
        return False
    return sum(cell.column_span for cell in begun) < sum(cell.column_span for cell in through)


def _without_row(cell: GridCell, row: int) -> GridCell:
    """A cell as it stands when a row is taken out of its table."""
    crosses = cell.row < row < cell.row + cell.row_span
    begins = cell.row == row and cell.row_span > 1
    if crosses or begins:
        return replace(cell, row_span=cell.row_span - 1)
    return replace(cell, row=cell.row - 1) if cell.row > row else cell


def _move_to_columns(table: Grid, edges: Sequence[float]) -> list[GridCell]:
    """The cells of a table in the columns of another one."""
    moved: list[GridCell] = []
    for cell in table.cells:
        right = min(cell.column + cell.column_span, len(table.edges) - 1)
        first, last = _nearest(edges, table.edges[cell.column]), _nearest(edges, table.edges[right])
        moved.append(replace(cell, column=first, column_span=max(1, last - first)))
    return moved


def _count_repeated_header(upper: Sequence[GridCell], lower: Sequence[GridCell]) -> int:
    """How many first rows of the continuation repeat the first rows of the table (a header printed on every page)."""
    count = 0
    while count < _LONGEST_HEADER:
        ours = [(cell.column, SPACE.sub("", cell.text)) for cell in upper if cell.row == count]
        theirs = [(cell.column, SPACE.sub("", cell.text)) for cell in lower if cell.row == count]
        printed = [text for _, text in theirs if text]
        if ours != theirs or not printed or any(DIGITS.fullmatch(text) for text in printed):
            break
        count += 1
    # A cell that reaches below the header belongs to the rows.
    if any(cell.row < count < cell.row + cell.row_span for cell in lower):
        return 0
    return count


def _is_split_row(upper: Sequence[GridCell], lower: Sequence[GridCell], rows: int) -> bool:
    """Whether the break cuts the last row itself: same columns, and only a label goes on below."""
    first = sorted((cell for cell in lower if cell.row == 0 and cell.row_span == 1), key=lambda cell: cell.column)
    last = sorted((cell for cell in upper if cell.row == rows - 1 and cell.row_span == 1), key=lambda cell: cell.column)
    if first:  # labels of several rows stand to the left
        last = [cell for cell in last if cell.column >= first[0].column]
    if len(last) < 2 or _columns_of(last) != _columns_of(first):
        return False
    label_above, *values_above = [cell.text.strip() for cell in last]
    label_below, *values_below = [cell.text.strip() for cell in first]
    if not label_below and not any(values_below):
        return False
    if not label_below:  # the label stood whole above, its values alone below
        return bool(label_above) and not any(values_above)
    if any(values_below) or not any(values_above):
        return False
    if not label_above:  # the values stood alone above, their label whole below
        return True
    if _ORDINAL.match(label_below):
        return False
    is_label = content.words().holds_label
    return not is_label(label_below) or (not is_label(label_above) and is_label(label_above + label_below))


def _columns_of(cells: Sequence[GridCell]) -> list[tuple[int, int]]:
    return [(cell.column, cell.column_span) for cell in cells]


def _join_cut_cells(upper: list[GridCell], lower: list[GridCell], rows: int, *, split: bool) -> list[GridCell]:
    """The cells of both parts, those joined that the break cut.

    Args:
        upper: the part above.
        lower: the part below, its rows counted on.
        rows: how many rows the part above has.
        split: the last row goes on below.
    """
    at_bottom: dict[tuple[int, int], int] = {}
    for number, cell in enumerate(upper):
        if cell.row + cell.row_span == rows:
            at_bottom[cell.column, cell.column_span] = number
    cells = list(upper)
    alone: list[GridCell] = []
    first_row = rows - 1 if split else rows
    labels_go_on = True  # from the left: a label goes on only where the label it belongs to does
    for cell in sorted(lower, key=lambda cell: (cell.row, cell.column)):
        index = at_bottom.get((cell.column, cell.column_span))
        if cell.row != first_row or index is None:
            alone.append(cell)
            labels_go_on = labels_go_on and cell.row != first_row
            continue
        above = cells[index]
        if not split:
            own_rows = _is_label_of_values(above, cells) and _is_label_of_values(cell, lower)
            labels_go_on = labels_go_on and not own_rows and _label_goes_on(above, cell)
        if not split and not labels_go_on:
            alone.append(cell)
            continue
        cells[index] = replace(
            above,
            text=join_cells([above.text, cell.text]),
            row_span=cell.row + cell.row_span - above.row,
            places=(*above.places, *cell.places),
        )
    return [*cells, *alone]


def _is_label_of_values(label: GridCell, cells: Sequence[GridCell]) -> bool:
    """Whether nothing but numbers, with their unit, stands beside a label: it is a row's, and no heading of rows."""
    row = label.row + label.row_span - 1
    numbers = 0
    for cell in cells:
        if cell.row != row or cell.row_span != 1 or cell.column <= label.column:
            continue
        text = SPACE.sub("", cell.text)
        if _NUMBER.fullmatch(text):
            numbers += 1
        elif len(text) > _LONGEST_UNIT:
            return False
    return numbers > 0


def _label_goes_on(above: GridCell, below: GridCell) -> bool:
    """Whether a row label cut by the page break goes on: below is nothing, or text without an ordinal of its own."""
    text = below.text.strip()
    if DIGITS.fullmatch(SPACE.sub("", above.text)):
        return False
    if not text:
        return below.row_span > 1 or above.row_span > 1 or below.column == 0
    if DIGITS.fullmatch(SPACE.sub("", text)):
        return False
    if not above.text.strip():  # a label is printed in the middle of its cell, here in the lower part
        return below.row_span > 1 or above.row_span > 1
    if _ORDINAL.match(text) or not _ORDINAL.match(above.text):
        return False
    return not content.words().holds_label(text)
