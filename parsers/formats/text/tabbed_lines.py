"""Tables set with tabs: a row a line with its cells parted by tabs, or one cell a line, begun by a tab."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.document import Cell, Table
from parsers.formats.text.lines import Line, locate, span, take_number_below

_WORDS = re.compile(r"[㐀-鿿]")
_LONGEST_REST = 16  # characters of the rest of a label that a break cut


def is_cell(text: str) -> bool:
    """A line that is one cell: begun by a tab, no further tab."""
    return text.startswith("\t") and text.count("\t") == 1


def read_rows(lines: Sequence[Line], position: int) -> tuple[Table, int]:
    """The table whose first row stands in a line with tabs, and the line behind it."""
    cells: list[Cell] = []
    start = position
    row = 0
    while position < len(lines) and "\t" in lines[position].text:
        line, offset = lines[position], 0
        for column, text in enumerate(line.text.split("\t")):
            locator = locate(line.number, offset, offset + len(text))
            cells.append(Cell(text, row, column, locator))
            offset += len(text) + 1
        row += 1
        position += 1
        position = take_number_below(cells, lines, position)
    return Table(tuple(cells), span(lines, start, position), ragged=True), position


def read_cells(lines: Sequence[Line], position: int) -> tuple[Table, int]:
    """One cell a line. A cell goes on in lines without a tab, even over an empty line where words were cut."""
    rows: list[list[list[Line]]] = []
    start = position
    fresh = True
    while position < len(lines):
        line = lines[position]
        if is_cell(line.text):
            if fresh:
                rows.append([])
            rows[-1].append([line])
            fresh = False
        elif line.blank and line.text == "":
            fresh = True
            ahead = position + 1
            if ahead >= len(lines) or lines[ahead].text == "":
                break  # two empty lines end the table
            if not is_cell(lines[ahead].text) and not _goes_on(lines, ahead, rows[-1][-1]):
                break
        elif _goes_on(lines, position, rows[-1][-1]) or not fresh:
            rows[-1][-1].append(line)
            fresh = False
        else:
            break
        position += 1
    cells = []
    for row, parts_of_row in enumerate(rows):
        for column, parts in enumerate(parts_of_row):
            cells.append(_joined_cell(parts, row, column))
    return Table(tuple(cells), span(lines, start, position), ragged=True), position


def _goes_on(lines: Sequence[Line], position: int, cell: Sequence[Line]) -> bool:
    """Whether a line without a tab is the rest of a cut label: words before it, short, and cells right after it."""
    following = lines[position + 1].text if position + 1 < len(lines) else ""
    before = cell[-1].text
    text = lines[position].text
    if "\t" in text or len(text.strip()) > _LONGEST_REST:
        return False
    is_cut_label = _WORDS.search(before) is not None and not before.rstrip()[-1:].isdecimal()
    return is_cut_label and is_cell(following)


def _joined_cell(parts: Sequence[Line], row: int, column: int) -> Cell:
    first, last = parts[0], parts[-1]
    numbers = {line.number: line.text for line in parts}
    texts = [numbers.get(number, "") for number in range(first.number, last.number + 1)]
    texts[0] = texts[0][1:]
    return Cell("\n".join(texts), row, column, locate(first.number, 1, len(last.text), last.number))
