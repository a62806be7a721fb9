"""Tables whose cells are parted by pipes: Markdown's, and those of which extractors left the first pipe out.

Ragged: converters double the pipes between cells, and fill lines up with bare pipes, which are no cells. A table of
Markdown begins at the row above each ``|---|``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from parsers.document import Cell, Locator, Table
from parsers.formats.text import html_tables
from parsers.formats.text.lines import EDGE, RULE, Line, locate, span, take_number_below

_DOUBLED = re.compile(r"\|[^|]*(?:\|\|[^|]*)+\|")
_BARE_REACH = 6  # lines within which a second row must stand
_FILLING = re.compile(r"\|\s?\|+\s*$")  # bare pipes that fill a line up to the width of its table
_PIPE = re.compile(r"(?<!\\)\|")
_ENDS = re.compile(r"\|\s?$")


def is_row(text: str) -> bool:
    """Whether a line is a row of a table: it begins with a pipe."""
    stripped = text.strip()
    return stripped.startswith("|") and stripped.count("|") >= 2


def read(lines: Sequence[Line], position: int) -> tuple[Table, int]:
    """Rows from ``position`` to the row above the next rule, or to the end of the pipes."""
    cells: list[Cell] = []
    row = 0
    start = position
    while position < len(lines):
        text = lines[position].text
        if RULE.match(text) and "|" in text:
            position += 1
            continue
        if not is_row(text):
            break
        following = lines[position + 1].text if position + 1 < len(lines) else ""
        heads = bool(RULE.match(following)) and "|" in following
        if heads and position > start:
            break
        cells += _cells(lines[position], row, heads)
        row += 1
        position += 1
        position = take_number_below(cells, lines, position)
    return Table(tuple(cells), span(lines, start, position), ragged=True), position


def _is_bare_row(text: str) -> bool:
    """``规章 | 0 | 0 | 0 |``: cells parted by pipes, none before the first."""
    stripped = text.strip()
    parts = stripped.split("|")
    return not stripped.startswith("|") and sum(1 for part in parts if part.strip()) > 1


def begins_bare(lines: Sequence[Line], position: int) -> bool:
    """Two such rows one after the other (rows of one cell may stand between them), or one above a rule."""
    ahead = [line.text for line in lines[position : position + _BARE_REACH]]
    if not (_is_bare_row(ahead[0]) or ahead[0].rstrip().endswith("|")):
        return False
    rows = list(itertools.takewhile(lambda text: "|" in text and not is_row(text), ahead))
    if len(rows) > 1 and RULE.match(rows[1]):
        return True
    return sum(_is_bare_row(text) for text in rows) > 1 and _is_bare_row(rows[0])


def read_bare(lines: Sequence[Line], position: int) -> tuple[Table, int]:
    """The table that `begins_bare` found, and the line behind it."""
    cells: list[Cell] = []
    start = last = position
    whole = 0
    widths: set[int] = set()
    while position < len(lines):
        text = lines[position].text
        heads = position + 1 < len(lines) and bool(RULE.match(lines[position + 1].text))
        # Behind a blank, or with as many pipes as rows above, the first pipe parts a blank cell from the next.
        first_blank = text.count("|") in widths or (bool(widths) and text[:1].isspace())
        if "|" not in text or (is_row(text) and not EDGE.fullmatch(text) and not first_blank):
            break
        if not RULE.match(text) and not EDGE.fullmatch(text):
            if heads and position > start and "|" in lines[position + 1].text:
                break
            cells += _cells(lines[position], position - start, heads, bare=True)
            if _is_bare_row(text) or is_row(text):
                last, whole = position, len(cells)
                widths.add(text.count("|"))
        position += 1
    # Lines of one cell belong to the table only where rows follow them: a title under a table of facts does not.
    return Table(tuple(cells[:whole]), span(lines, start, last + 1), ragged=True), last + 1


def _cells(line: Line, row: int, header: bool, *, bare: bool = False) -> list[Cell]:
    """The cells of one row; ``bare``: no pipe stands before the first."""
    bounds = _bare_bounds(line.text) if bare else _bounds(line.text)
    cells = []
    for column, (start, end) in enumerate(bounds):
        raw = line.text[start:end]
        first = start + len(raw) - len(raw.lstrip())
        last = max(first, start + len(raw.rstrip()))
        content, where = line.text[first:last], locate(line.number, first, last)
        if html_tables.is_marked(content):
            content = html_tables.plain(content)
            where = Locator.of("text", line=line.number, start=first, end=last, markup=True)
        cells.append(Cell(content, row, column, where, header=header))
    return cells


def _bounds(text: str) -> list[tuple[int, int]]:
    """Where each cell begins and ends in a row that begins with a pipe."""
    edges = [match.start() for match in _PIPE.finditer(text)]
    if _DOUBLED.fullmatch(text.strip()):
        # |规章||0||0|: each cell has pipes of its own.
        return [(begin + 1, end) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    bounds = _between(edges, len(text))
    if text.rstrip().endswith("|") and len(edges) > 1:
        bounds.pop()  # behind the last pipe stands nothing
    return bounds


def _bare_bounds(text: str) -> list[tuple[int, int]]:
    """Where each cell begins and ends in a row without a pipe before its first cell."""
    shown = _FILLING.sub("|", text)
    edges = [-1, *(match.start() for match in _PIPE.finditer(shown))]
    bounds = _between(edges, len(shown))
    # Behind the last pipe of such a line a wide blank is a cell (converters end lines in two spaces).
    if _ENDS.search(shown):
        bounds.pop()
    return bounds


def _between(edges: Sequence[int], length: int) -> list[tuple[int, int]]:
    ends = [*edges[1:], length]
    return [(edge + 1, end) for edge, end in zip(edges, ends, strict=True)]
