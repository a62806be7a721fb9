"""The grid of a table drawn with lines of characters: which column and row each cell stands in, and over how many.

Widths are those of a terminal. Chinese characters are two wide; characters of ambiguous width (UAX #11: lines of boxes,
curly quotes) are one or two, as makes all lines of the table equally long. Where no way does, or the lines enclose
something else than rectangles, there is no grid.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.formats.text.widths import screen_width

STROKES = frozenset("-=─━═╌┄┈╍┅┉")
BARS = frozenset("|│┃║┆┇┊┋¦｜")
CORNERS = frozenset("+┼├┤┌┐└┘┬┴╀╁╂╃╄╅╆╇╈╉╊╋┝┞┟┠┡┢┣┥┦┧┨┩┪┫┭┮┯┰┱┲┳┵┶┷┸┹┺┻┽┾┿╔╗╚╝╠╣╦╩╬╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨╪╫╭╮╯╰")
_WAYS = tuple(itertools.product((1, 2), (1, 2), (1, 2)))  # how wide strokes, bars and other such characters are
_SLACK = 2  # how far a line with one character of another width may be off


@dataclass(frozen=True, slots=True)
class Boxed:
    """A cell: its place, and the parts of lines (line, start, end) that it holds."""

    row: int
    column: int
    row_span: int
    column_span: int
    parts: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What lies between two sides on one line: columns from the left, and characters."""

    first: int
    last: int
    start: int
    end: int
    rule: bool


def boxes(lines: Sequence[str]) -> list[Boxed] | None:
    """The cells of a drawn table, row by row; None where its lines make no grid.

    Args:
        lines: the lines of the table, each from its first to its last side.
    """
    for way in _ways(lines):
        placed = [_placed(line, way) for line in lines]
        sides = _sides(lines, placed)
        if len(sides) < 2:
            continue
        stretches = [_stretches(line, places, sides) for line, places in zip(lines, placed, strict=True)]
        if (cells := _cells([each for each in stretches if each is not None], len(lines))) is not None:
            return cells
    return None


def _ways(lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Ways to count widths that make nearly all lines equally long, the best first."""
    rated: list[tuple[int, tuple[int, int, int]]] = []
    for way in _WAYS:
        lengths = Counter(_placed(line, way)[-1] for line in lines)
        length, count = lengths.most_common(1)[0]
        if all(abs(other - length) <= _SLACK for other in lengths) and 2 * count > len(lines):
            rated.append((-count, way))
    yield from (way for _, way in sorted(rated))


def _placed(line: str, way: tuple[int, int, int]) -> list[int]:
    """Where each character of a line begins, and where the line ends."""
    stroke, bar, other = way

    def width(character: str) -> int:
        known = screen_width(character)
        if known is not None:
            return known
        if character in STROKES:
            return stroke
        return bar if character in BARS or character in CORNERS else other

    return list(itertools.accumulate(map(width, line), initial=0))


def _sides(lines: Sequence[str], placed: Sequence[Sequence[int]]) -> list[int]:
    """Where the sides of columns stand: at corners that a stroke touches."""
    found: set[int] = set()
    length = Counter(places[-1] for places in placed).most_common(1)[0][0]
    for line, places in zip(lines, placed, strict=True):
        if places[-1] != length:
            continue
        found.update(places[at] for at in range(len(line)) if _is_corner(line, at))
    return sorted(found)


def _is_corner(line: str, at: int) -> bool:
    beside = line[max(0, at - 1) : at] + line[at + 1 : at + 2]
    return (line[at] in CORNERS or line[at] in BARS) and any(char in STROKES for char in beside)


def _stretches(line: str, places: Sequence[int], sides: Sequence[int]) -> list[_Stretch] | None:
    """The parts of a line between its sides; None where it does not begin and end at the outer ones."""
    marks: list[tuple[int, int]] = []  # side, character
    for at, char in enumerate(line):
        if char in BARS or _is_corner(line, at):
            side = min(range(len(sides)), key=lambda number: abs(sides[number] - places[at]))
            if abs(sides[side] - places[at]) <= _SLACK - 1 and (not marks or marks[-1][0] < side):
                marks.append((side, at))
    if len(marks) < 2 or (marks[0][0], marks[-1][0]) != (0, len(sides) - 1):
        return None
    found = []
    for (first, start), (last, end) in itertools.pairwise(marks):
        inside = line[start + 1 : end]
        rule = inside != "-" and bool(inside) and STROKES.issuperset(inside)
        found.append(_Stretch(first, last, start + 1, end, rule))
    return found


def _cells(lines: Sequence[Sequence[_Stretch]], count: int) -> list[Boxed] | None:
    if len(lines) < count:
        return None
    ruled = [number for number, line in enumerate(lines) if any(stretch.rule for stretch in line)]
    found: list[tuple[int, int, _Stretch, list[tuple[int, int, int]]]] = []  # first line, last line, columns, parts
    open_: list[tuple[int, _Stretch, list[tuple[int, int, int]]]] = []
    for number, line in enumerate(lines):
        going = []
        for stretch in line:
            above = [one for one in open_ if one[1].first < stretch.last and one[1].last > stretch.first]
            part = (number, stretch.start, stretch.end)
            if stretch.rule:
                continue
            if not above:
                going.append((number, stretch, [part]))
            elif len(above) == 1 and (above[0][1].first, above[0][1].last) == (stretch.first, stretch.last):
                above[0][2].append(part)
                going.append(above[0])
            else:
                return None  # sides begin or end without a rule
        kept = {id(one[2]) for one in going}
        found += [(one[0], number - 1, one[1], one[2]) for one in open_ if id(one[2]) not in kept]
        open_ = going
    found += [(one[0], len(lines) - 1, one[1], one[2]) for one in open_]
    above_of = {number: sum(rule < number for rule in ruled) for number in range(len(lines) + 1)}
    rows = sorted({above_of[first] for first, *_ in found})
    cells = []
    for first, last, stretch, parts in found:
        covered = [row for row in rows if above_of[first] <= row <= above_of[last + 1]]
        row = rows.index(above_of[first])
        cells.append(Boxed(row, stretch.first, len(covered), stretch.last - stretch.first, tuple(parts)))
    return sorted(cells, key=lambda cell: (cell.row, cell.column))
