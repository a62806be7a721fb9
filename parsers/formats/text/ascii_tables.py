"""Tables drawn with characters: ``+---+`` and ``|``, or the box characters ``├──┼──┤`` and ``│``.

Rules part the rows; a cell goes on over the lines between two rules. Widths are those of a terminal, in which a Chinese
character is two wide. Where the lines enclose rectangles (`boxed`), rows, columns and spans are those that are drawn;
else the cells of a row are those between its bars.

Locators are those of `text`; a cell of several lines has ``more``, a list of the further {line, start, end}.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.document import Cell, Locator, Table
from parsers.formats.text import ascii_grid
from parsers.formats.text.lines import Line, locate

_RULE = re.compile(r"\s*[+┼├┌└┝┠╠╔╚╟][-=─━═+┬┴┼╦╩╬┯┷┿┰┸╂╤╧╪|│ \u3000-]*[+┼┤┐┘┥┨╣╗╝╢|│]\s*")
_STROKE = re.compile(r"[-=─━═]{2}")
_BAR = re.compile(r"[|│┃║]")
_SIDE = re.compile(r"[|│┃║+├┤┝┥┠┨┣┫╟╢╠╣╞╡]")


@dataclass(frozen=True, slots=True)
class _Part:
    line: Line
    start: int
    end: int


def is_rule(text: str) -> bool:
    """Whether a line is a rule between two rows."""
    return _RULE.fullmatch(text) is not None and _STROKE.search(text) is not None


def is_row(text: str) -> bool:
    """Whether a line holds cells between bars; a rule may part some of them from the cells below (``│label├──┤``)."""
    stripped = text.strip()
    return len(stripped) > 1 and _SIDE.match(stripped[0]) is not None and _SIDE.match(stripped[-1]) is not None


def begins(lines: Sequence[Line], position: int) -> bool:
    """Whether a drawn table begins here: a rule, and cells below it."""
    return is_rule(lines[position].text) and position + 1 < len(lines) and is_row(lines[position + 1].text)


def read(lines: Sequence[Line], position: int) -> tuple[Table, int]:
    """The table, and the line behind it."""
    start = position
    while position < len(lines) and (is_rule(lines[position].text) or is_row(lines[position].text)):
        position += 1
    if grid := _grid(lines[start:position]):
        return grid, position
    position = start
    cells: list[Cell] = []
    row = 0
    open_row: list[list[_Part]] = []
    while position < len(lines) and (is_rule(lines[position].text) or is_row(lines[position].text)):
        line = lines[position]
        if is_rule(line.text) and not any(part.strip() for part in _words(line.text)):
            if open_row:
                cells += [_cell(parts, row, column) for column, parts in enumerate(open_row)]
                row, open_row = row + 1, []
        else:
            bars = [match.start() for match in _BAR.finditer(line.text)]
            parts = [_Part(line, a + 1, b) for a, b in itertools.pairwise(bars)]
            if open_row and len(open_row) != len(parts):
                cells += [_cell(each, row, column) for column, each in enumerate(open_row)]
                row, open_row = row + 1, []
            open_row = open_row or [[] for _ in parts]
            for cell, part in zip(open_row, parts, strict=True):
                cell.append(part)
        position += 1
    cells += [_cell(parts, row, column) for column, parts in enumerate(open_row)]
    last = lines[position - 1]
    where = locate(lines[start].number, 0, len(last.text), last.number)
    return Table(tuple(cells), where, ragged=True), position


def _grid(lines: Sequence[Line]) -> Table | None:
    """The table whose lines enclose rectangles."""
    indents = [len(line.text) - len(line.text.lstrip()) for line in lines]
    found = ascii_grid.boxes([line.text.strip() for line in lines])
    if found is None or len(set(indents)) > 1:
        return None
    cells = []
    for box in found:
        parts = [_Part(lines[at], indents[at] + start, indents[at] + end) for at, start, end in box.parts]
        cell = _cell(parts, box.row, box.column)
        cells.append(replace(cell, row_span=box.row_span, column_span=box.column_span))
    # Programs fill rows up that are too short: where a blank cell stands at an end, arithmetic decides.
    where = locate(lines[0].number, 0, len(lines[-1].text), lines[-1].number)
    return Table(tuple(cells), where, ragged=True)


def _words(rule: str) -> list[str]:
    return re.findall(r"[^\s+├┌└┝┠╠╔╚╟┬┴┼╦╩╬┯┷┿┰┸╂╤╧╪┤┐┘┥┨╣╗╝╢|│=─━═-]+", rule)


def _cell(parts: Sequence[_Part], row: int, column: int) -> Cell:
    written: list[tuple[str, int, int, int]] = []
    for part in parts:
        raw = part.line.text[part.start : part.end]
        text = raw.strip()
        if text:
            first = part.start + len(raw) - len(raw.lstrip())
            written.append((text, part.line.number, first, first + len(text)))
    if not written:
        at = parts[0]
        return Cell("", row, column, locate(at.line.number, at.start, at.start))
    _, line, start, end = written[0]
    more = [{"line": number, "start": a, "end": b} for _, number, a, b in written[1:]]
    locator = Locator.of("text", line=line, start=start, end=end, more=more or None)
    return Cell("\n".join(text for text, *_ in written), row, column, locator)
