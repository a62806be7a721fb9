"""Tables of plain text whose cells are set below their headers with spaces: the place of a cell tells its column.

Widths are those of a terminal (Chinese characters two, those of ambiguous width one or two), or each character is one.
A table is taken for one only where all its numbers begin below the beginning of a header, or all end below the end of
one, and every other part stands below such a part, too; everything else stays text. A label that fills its column goes
on in the next line, where that line holds nothing else and no label of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from parsers.document import Cell, Locator, Table
from parsers.formats.html import content
from parsers.formats.text.lines import Line, locate
from parsers.formats.text.widths import WAYS_OF_COUNTING, width_of

_CHUNK = re.compile(r"[^\s]+(?:[ ][^\s]+)*")
_NUMBER = re.compile(r"[-+]?[0-9０-９][0-9０-９,.，．]*")
_OWN = re.compile(
    r"(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?[0-9]{1,2}[)）、.．]|第[一二三四五六七八九十]+条|其中|总计|合计)"
)
_RULER = re.compile(r"[-=_─━—\s]+")
_COLUMNS = 5  # of numbers: with fewer of them labels and order tell enough
_FULL = 4  # wide: a label that goes on leaves less room than that before the next column


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A part of a line between wide gaps: its characters, and where it begins and ends on a screen."""

    text: str
    start: int
    end: int
    left: int
    right: int


_Placed = tuple[int, list[tuple[Line, _Chunk]]]  # a cell: its column, and its parts


def read(lines: Sequence[Line], position: int) -> tuple[Table, int] | None:
    """The table that begins at ``position``, and the line behind it; None where none does."""
    end = position
    while end < len(lines) and lines[end].text.strip() and not re.search(r"[\t|]", lines[end].text):
        end += 1
    kept = [line for line in lines[position:end] if not _RULER.fullmatch(line.text)]
    for widths in WAYS_OF_COUNTING:
        chunks = [_chunks(line.text, widths) for line in kept]
        for side in ("left", "right"):
            found = _table(kept, chunks, side)
            if found is not None:
                table, last = found
                return table, position + next(n for n, line in enumerate(lines[position:end], 1) if line is last)
    return None


def begins(lines: Sequence[Line], position: int) -> bool:
    """Whether a table may begin here: at the first of some lines that have several parts."""
    before = lines[position - 1].text if position else ""
    return len(_CHUNK.findall(lines[position].text)) > 1 and len(_CHUNK.findall(before)) <= 1


def _chunks(text: str, widths: tuple[int, int]) -> list[_Chunk]:
    places = [0]
    for character in text:
        places.append(places[-1] + width_of(character, widths))
    chunks: list[_Chunk] = []
    for match in _CHUNK.finditer(text):
        start, end = match.span()
        chunks.append(_Chunk(match.group(), start, end, places[start], places[end]))
    return chunks


def _table(lines: Sequence[Line], rows: list[list[_Chunk]], side: str) -> tuple[Table, Line] | None:
    def at(chunk: _Chunk) -> int:
        return chunk.left if side == "left" else chunk.right

    numbered = [number for number, row in enumerate(rows) if any(_NUMBER.fullmatch(chunk.text) for chunk in row)]
    if not numbered or numbered[0] == 0:
        return None
    anchors = sorted({at(c) for number in numbered for c in rows[number] if _NUMBER.fullmatch(c.text)})
    heads = {at(chunk) for row in rows[: numbered[0]] for chunk in row}
    if not set(anchors) <= heads:
        return None
    if side == "left":  # columns without any number have headers, too; without labels even the first ones
        unlabelled = all(_NUMBER.fullmatch(chunk.text) for number in numbered for chunk in rows[number])
        printed, anchors = len(anchors), sorted({head for head in heads if unlabelled or head >= anchors[0]})
        if len(anchors) > 2 * printed:
            return None
    if len(anchors) < _COLUMNS:
        return None
    first = min(chunk.left for row in rows for chunk in row if at(chunk) == anchors[0])
    labels = sorted({chunk.left for row in rows for chunk in row if chunk.left < first and at(chunk) not in anchors})
    heads_end = numbered[0]
    while heads_end and len(rows[heads_end - 1]) == 1 and _OWN.match(rows[heads_end - 1][0].text):
        heads_end -= 1  # rows without any value
    placed: list[list[_Placed]] = []
    for number, (line, row) in enumerate(zip(lines, rows, strict=True)):
        if _goes_on(row, placed, first):
            placed[-1][-1 if len(placed[-1]) == 1 else _last_label(placed[-1], len(labels))][1].append((line, row[0]))
            continue
        if number > numbered[-1]:
            break
        cells: list[_Placed] = []
        for chunk in row:
            if at(chunk) in anchors:
                column = len(labels) + anchors.index(at(chunk))
            elif chunk.left in labels and (chunk.right < first or len(row) == 1 or number < numbered[0]):
                column = labels.index(chunk.left)
            else:
                return None
            cells.append((column, [(line, chunk)]))
        if [column for column, _ in cells] != sorted({column for column, _ in cells}):
            return None
        if number in numbered and labels and cells[0][0] >= len(labels):
            return None  # values beside a label that stands in other lines
        placed.append(cells)
    table = _grid(lines, placed, len(labels), len(labels) + len(anchors), lines[heads_end].number)
    return table, max((line for cells in placed for _, parts in cells for line, _ in parts), key=attrgetter("number"))


def _last_label(cells: Sequence[_Placed], labels: int) -> int:
    return max((at for at, (column, _) in enumerate(cells) if column < labels), default=0)


def _goes_on(row: Sequence[_Chunk], placed: Sequence[Sequence[_Placed]], first: int) -> bool:
    """Whether a line is the rest of the label above it."""
    if len(row) != 1 or not placed or _OWN.match(row[0].text) or content.words().holds_label(row[0].text):
        return False
    above = [parts[-1][1] for _, parts in placed[-1] if parts[0][1].left == row[0].left]
    return bool(above) and row[0].right < first and above[0].right > first - 2 - _FULL


def _grid(lines: Sequence[Line], placed: Sequence[Sequence[_Placed]], labels: int, width: int, heads_end: int) -> Table:
    """The cells in their places; headers stand above the line ``heads_end`` and reach to the next one."""
    cells: list[Cell] = []
    for row, found in enumerate(placed):
        line = found[-1][1][0][0]
        header = line.number < heads_end
        columns = [column for column, _ in found]
        for at, (column, parts) in enumerate(found):
            following = columns[at + 1] if at + 1 < len(columns) else width
            span = following - column if header else min(following, labels) - column if column < labels else 1
            cells.append(_cell(parts, row, column, max(1, span)))
        if not header:
            end = len(line.text)
            cells += [
                Cell("", row, column, locate(line.number, end, end))
                for column in range(labels, width)
                if column not in columns
            ]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    last = placed[-1][-1][1][-1][0]
    return Table(tuple(cells), locate(lines[0].number, 0, len(last.text), last.number))


def _cell(parts: Sequence[tuple[Line, _Chunk]], row: int, column: int, span: int) -> Cell:
    line, chunk = parts[0]
    more = [{"line": other.number, "start": rest.start, "end": rest.end} for other, rest in parts[1:]]
    where = Locator.of("text", line=line.number, start=chunk.start, end=chunk.end, more=more or None)
    return Cell("\n".join(part.text for _, part in parts), row, column, where, column_span=span)
