"""Empty cells before a row's values: what the other rows tell about them.

Converters leave an empty cell for a merged label, or none, and do so alike for all rows of a piece whose labels stand
at the same depth. So the rows that can be read in one way say how many there are before the values of the others.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import defaultdict
from collections.abc import Sequence

from parsers.tables.binding.alignment import ways
from parsers.tables.model import Row


def lead(row: Row, rows: Sequence[Row], columns: int) -> tuple[int | None, bool]:
    """How many empty cells stand before the values of ``row``, and whether that is sure.

    Where the columns of a grid say it, they do. Else asked are, in this order: rows of the same depth in its piece;
    where no row of the piece has such cells, rows of the same depth in pieces that are set alike; all rows of its
    piece, whose answer only decides between ways.
    """
    found = [(other, at) for other in rows if other is not row and (at := _first(other, columns)) is not None]
    here = [(other, at) for other, at in found if other.piece == row.piece and other.ragged == row.ragged]
    used = {column for other, at in here for column in _used(other, at)}
    grid = _by_grid(row, rows, columns)
    if grid is not None and (not used or _used(row, grid) <= used):
        return grid, True
    beside = {at for other, at in here if other.depth == row.depth}
    if beside:
        # Where the depths of labels were lost, rows of as many cells are alike; a blank of theirs must be padding, too.
        alike = {at for other, at in here if (other.depth, len(other.slots)) == (row.depth, len(row.slots))}
        if len(beside) > 1 and len(alike) == 1 and prints_all(row, rows, columns):
            return _only(alike, sure=True)
        return _only(beside, sure=True)
    leads = {at for _, at in here}
    if _is_open(row, columns):
        set_alike = [other for other in rows if (other.piece, other.depth) == (row.piece, row.depth)]
        open_rows = [other for other in set_alike if _is_open(other, columns)]
        return _only(set.intersection(*(_possible(other, here, columns) for other in open_rows)), sure=False)
    if leads - {0}:
        return _only(leads, sure=False)  # some rows of the piece have such cells: this one may have them too
    habits = _habits(here)
    far = [(other, at) for other, at in found if other.piece != row.piece and other.ragged == row.ragged]
    pieces = {other.piece for other, _ in far}
    set_so = {piece for piece in pieces if _agree(habits, _habits([pair for pair in far if pair[0].piece == piece]))}
    there = {at for other, at in far if other.piece in set_so and other.depth == row.depth}
    if there:
        return _only(there, sure=True)
    # Where no row has an empty cell before its values and this one would be out of line, it has none either.
    return _only(leads, sure=not any(_fits(row, other.depth - row.depth, columns) for other, _ in here))


def is_padded(row: Row, rows: Sequence[Row], columns: int, before: int | None) -> bool:
    """Whether empty cells around a row's values can be padding: then other lines of its table have them too.

    Args:
        row: the row in question.
        rows: all rows of its table.
        columns: how many columns the table has.
        before: how many empty cells stand before the values, where that is sure.
    """
    if len(row.slots) <= columns:
        return True
    if row.ragged:
        return row.regular or (before is not None and before + columns == len(row.slots))
    peers = [other for other in rows if other.piece == row.piece and other is not row]
    return row.regular and sum(1 for other in peers if len(other.slots) > columns) >= 2


def may_be_padding(row: Row, rows: Sequence[Row], columns: int) -> bool:
    """Whether the blank first cell of a full line may be its label's, as in other lines: of a table without a width."""
    if not row.ragged or row.regular or len(row.slots) != columns or row.slots[0].text.strip():
        return False
    beside = [other for other in rows if other is not row and other.piece == row.piece and other.ragged]
    return any(at for other in beside if (at := _first(other, columns)) is not None)


def without_padding(row: Row, rows: Sequence[Row], columns: int) -> Row | None:
    """A row of a grid that lost a cell, without the empty cells of its label; None where nothing shows that it did.

    It is shorter than the others, and begins blank where those whose labels are as deep all have cells of padding.
    """
    if row.ragged or row.regular or len(row.slots) < columns:
        return None
    beside = [other for other in rows if other is not row and (other.piece, other.depth) == (row.piece, row.depth)]
    leads = {at for other in beside if other.regular and (at := _first(other, columns)) is not None}
    count = min(leads, default=0)
    if len(row.slots) - count >= columns or any(row.filled[:count]):
        return None
    return dataclasses.replace(row, slots=row.slots[count:])


def has_totals(row: Row, rows: Sequence[Row], total: int) -> bool:
    """Whether other rows of the piece (where there are none: of the document) have something under the total."""
    others = [other for other in rows if other is not row]
    for other in [other for other in others if other.piece == row.piece] or others:
        found = ways(other.filled, total + 1)
        at = found.ways[0][total] if len(found.ways) == 1 else None
        if at is not None and other.slots[at].text.strip():
            return True
    return False


def prints_all(row: Row, rows: Sequence[Row], columns: int) -> bool:
    """Whether the other rows that can be read in one way have no blank cell: then a blank of this one is padding."""
    found = [(other, at) for other in rows if other is not row and (at := _first(other, columns)) is not None]
    return bool(found) and all(all(other.filled[at : at + columns]) for other, at in found)


def shows_all(rows: Sequence[Row], columns: int) -> bool:
    """Whether rows show so many columns.

    Two have something in as many cells, or the only one that has anything; or all have as many cells, and one of them
    begins and ends with a value, so that no column of theirs is padding.
    """
    exact = [row.filled for row in rows if len(row.slots) == columns]
    if len(exact) == len(rows) and any(filled[0] and filled[-1] for filled in exact):
        return True
    counts = [count for row in rows if (count := filled_count(row))]
    return sum(count >= columns for count in counts) >= min(2, len(counts))


def have_more(rows: Sequence[Row], columns: int) -> bool:
    """Whether most of a few rows, or several of many, have something in more cells than there are columns.

    One may be so by a cell printed twice; that several are, shows that a column's header is lost.
    """
    counts = [count for row in rows if (count := filled_count(row))]
    more = sum(count > columns for count in counts)
    return (len(counts) > 2 and 2 * more > len(counts)) or (more > 2 and 6 * more >= len(counts))


def filled_count(row: Row) -> int:
    """In how many cells of a row something stands."""
    return sum(row.filled)


def _first(row: Row, columns: int) -> int | None:
    """Where the values of a row begin, when it can be read in one way only."""
    return _begin(row.filled, columns)


@functools.lru_cache(maxsize=4096)  # the rows of a table are filled in few ways, and each is asked for each other
def _begin(filled: tuple[bool, ...], columns: int) -> int | None:
    found = ways(filled, columns)
    if not any(filled) or found.kind not in {"exact", "padded"} or len(found.ways) != 1:
        return None
    return found.ways[0][0]


def _by_grid(row: Row, rows: Sequence[Row], columns: int) -> int | None:
    """The cell at which the values begin, where each stands under its header and all other cells are empty.

    Spans lie, so the grid is believed only where it fits all rows of the piece.
    """
    at = _under_headers(row, columns)
    if at is None or len(row.slots) == columns:
        return None
    others = [other for other in rows if other.piece == row.piece]
    places = [(other, _under_headers(other, columns)) for other in others]
    fits = all(place is not None and _fits(other, place, columns) for other, place in places)
    return at if fits else None


def _under_headers(row: Row, columns: int) -> int | None:
    """The cell that begins in the column of the first header, where those behind it do in those of the others."""
    if row.ragged or row.header is None or row.header.assumed:
        return None
    heads = row.header.starts
    starts = row.starts
    return next((at for at in range(len(starts) - columns + 1) if starts[at : at + columns] == heads), None)


def _fits(row: Row, before: int, columns: int) -> bool:
    """Whether a row can have ``before`` empty cells before its values, and whatever follows them is empty too."""
    filled = row.filled
    return 0 <= before <= len(filled) - columns and not any(filled[:before]) and not any(filled[before + columns :])


def _is_open(row: Row, columns: int) -> bool:
    """Whether the row itself leaves open where its values begin."""
    found = ways(row.filled, columns)
    return found.kind == "padded" and len(found.ways) > 1 and any(row.filled)


def _possible(row: Row, here: Sequence[tuple[Row, int]], columns: int) -> set[int]:
    """Where the values of an open row can begin: behind as many empty cells as those of others, or in line with them.

    What no other row of the piece has anything in, this one leaves blank too.
    """
    lines = {other.depth + at for other, at in here}
    starts = {at for _, at in here} | ({line - row.depth for line in lines} if len(lines) == 1 else set())
    used = {column for other, at in here for column in _used(other, at)}
    return {at for at in starts if _fits(row, at, columns) and _used(row, at) <= used}


def _used(row: Row, before: int) -> set[int]:
    """The columns in which a row has something, when its values begin behind so many cells."""
    return {index - before for index, yes in enumerate(row.filled) if yes}


def _only(leads: set[int], *, sure: bool) -> tuple[int | None, bool]:
    return (next(iter(leads)), sure) if len(leads) == 1 else (None, False)


def _habits(rows: Sequence[tuple[Row, int]]) -> dict[int, set[int]]:
    """For each depth the leads of the rows there."""
    habits: dict[int, set[int]] = defaultdict(set)
    for row, at in rows:
        habits[row.depth].add(at)
    return habits


def _agree(first: dict[int, set[int]], second: dict[int, set[int]]) -> bool:
    """Whether two pieces are set alike, as far as both show it; a piece that shows nothing is set like any other."""
    shared = first.keys() & second.keys()
    return not first or (bool(shared) and all(first[depth] & second[depth] for depth in shared))
