"""Tables in the text of a rendered page: what a browser gives for cells that hold paragraphs.

Between two cells stands a line that is nothing but a tab, with as many blank lines around it as paragraphs keep apart;
between two rows stand more blank lines. A cell may go on over such blank lines (a label in two paragraphs), but a value
never does: behind the last value of a table its blank lines look the same. Blank cells are kept: two tabs with nothing
between them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.document import Cell, Table
from parsers.formats.text.lines import Line, locate

_TABS = re.compile(r"[ \u00a0\u3000]*\t[\s\u00a0]*")
_VALUE = re.compile(r"[\s\d.,，/\\+＋\-−－—–%％]*[元件条项个宗次万亿]{0,2}")
_LEAST = 2  # lines of a tab alone, before they are taken for a table


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line that says something: text, or tabs alone; and the blank lines before it."""

    index: int
    tabs: int
    before: int


def begins(lines: Sequence[Line], position: int) -> bool:
    """Whether such a table begins at ``position``: text, and the next thing is a tab on a line of its own."""
    if lines[position].blank or "\t" in lines[position].text:
        return False
    following = next(_pieces(lines, position + 1), None)
    return following is not None and following.tabs > 0


def read(lines: Sequence[Line], position: int) -> tuple[Table, int] | None:
    """The table that begins at ``position``, and the line behind it; None when it is none."""
    pieces = [_Piece(position, 0, 0), *_pieces(lines, position + 1)]
    pitch = _pitch(pieces)
    rows: list[list[list[int]]] = []
    kept = end = 0
    at = 0
    while at < len(pieces):
        row, at_next = _row(lines, pieces, at, pitch)
        rows.append(row)
        if len(row) > 1:
            kept, end = len(rows), at_next
        elif kept < len(rows) - 1:
            break  # two rows of one cell: text again
        if at_next < len(pieces) and pieces[at_next].before <= pitch:
            break  # behind a value as near as a paragraph: text again
        at = at_next
    if sum(1 for piece in pieces[:end] if piece.tabs) < _LEAST:
        return None
    cells = [
        _cell(lines, cell, row, column) for row, parts in enumerate(rows[:kept]) for column, cell in enumerate(parts)
    ]
    last = max(piece.index for piece in pieces[:end])
    where = locate(lines[position].number, 0, len(lines[last].text), lines[last].number)
    return Table(tuple(cells), where, ragged=True), last + 1


def _pieces(lines: Sequence[Line], start: int) -> Iterator[_Piece]:
    before = 0
    for index in range(start, len(lines)):
        text = lines[index].text
        if _TABS.fullmatch(text):
            yield _Piece(index, text.count("\t"), before)
        elif not text.strip():
            before += 1
            continue
        elif "\t" in text:
            return
        else:
            yield _Piece(index, 0, before)
        before = 0


def _pitch(pieces: Sequence[_Piece]) -> int:
    """Blank lines between a cell and the tab beside it."""
    return Counter(piece.before for piece in pieces if piece.tabs).most_common(1)[0][0]


def _row(lines: Sequence[Line], pieces: Sequence[_Piece], at: int, pitch: int) -> tuple[list[list[int]], int]:
    """The cells of one row, each with its lines (a blank cell: the line of the tab before it), and what comes next."""
    open_cell = not pieces[at].tabs
    row: list[list[int]] = [[pieces[at].index if open_cell else -pieces[at].index]]
    at += open_cell
    begun = open_cell
    while at < len(pieces):
        piece = pieces[at]
        if piece.tabs:
            # Farther away than a blank cell is wide: the first cell of the next row is blank.
            if begun and piece.before > (pitch if open_cell else 2 * pitch + 1):
                break
            begun = True
            row += [[-piece.index] for _ in range(piece.tabs)]
            open_cell = False
        elif not open_cell and row[-1][0] < 0 and piece.before <= pitch:
            row[-1] = [piece.index]
            open_cell = True
        elif open_cell and piece.before <= pitch and not _VALUE.fullmatch(lines[row[-1][-1]].text):
            row[-1].append(piece.index)
        else:
            break
        at += 1
    return row, at


def _cell(lines: Sequence[Line], indices: Sequence[int], row: int, column: int) -> Cell:
    if indices[0] < 0:
        line = lines[-indices[0]]
        return Cell("", row, column, locate(line.number, len(line.text), len(line.text)))
    first, last = lines[indices[0]], lines[indices[-1]]
    text = "\n".join(line.text for line in lines[indices[0] : indices[-1] + 1])
    return Cell(text, row, column, locate(first.number, 0, len(last.text), last.number))
