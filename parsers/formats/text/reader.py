"""Plain text and Markdown: lines, and the tables that people and converters set with tabs and pipes.

Such tables are *ragged*: a cell's place in its line says nothing, only the order does. Ways of setting them known here:
cells parted by tabs; cells parted by pipes or other bars (Markdown, a table begins at the row above each ``|---|``;
extractors leave out the first pipe, double those between cells, and fill lines up with bare pipes, which are no cells);
and one cell a line, every cell begun by a tab, rows parted by empty lines. What is set in other ways (one cell a
line with nothing or a pipe at its edge, cells parted by spaces) stays text and is recognised by its labels in
`parsers.tables`.

Locators: ``line`` (from 1), ``start`` and ``end`` (character offsets, end exclusive); a text that goes on over further
lines has ``line_end``, and ``end`` counts in that line. Lines end at CR LF, LF or CR.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from parsers.document import Block, Cell, Document, Locator, Notice, Table, Text
from parsers.errors import LocatorError
from parsers.formats import limits
from parsers.formats.charset import Decoded, decode
from parsers.formats.text import aligned, ascii_tables, html_tables, markdown_marks, tab_tables
from parsers.formats.text.tab_tables import Line, locate
from parsers.record import Hints

_BARS = str.maketrans("｜¦", "||")
_DRAWN_BARS = str.maketrans("│┃", "||")  # of tables without rules
_LINE = re.compile(r"\r\n|\n|\r")
_RULE = re.compile(r"^\s*+(?:\|\s*+)?:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+$")
_DOUBLED = re.compile(r"\|[^|]*(?:\|\|[^|]*)+\|")
_BARE_REACH = 6
_FILLING = re.compile(r"\|\s?\|+\s*$")  # bare pipes that fill a line up to the width of its table
_EDGE = re.compile(r"[ \u3000\xa0|]*")  # pipes around nothing
_BAR_OR_TAG = re.compile(r"[|<]")
_MARKDOWN_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<text>.*\S)\s*$")
_SENTENCE_END = re.compile(r"[。！？：；:;!?.]\s*$")
_OPENING = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}[)）、]|\d{1,2}[.．](?!\d)|第[一二三四五六七八九十]+条)"
)
_WORDS = re.compile(r"[㐀-鿿]")
_NUMBER_ALONE = re.compile(r"\s*(?P<number>\d{1,9})[\s|]*")
_WRAPPED_LEAST = 6
_WRAPPED_WIDEST = 110


def read(data: bytes, hints: Hints) -> Document:
    """Read plain text or Markdown.

    Args:
        data: the file; its charset is found by `parsers.formats.charset`.
        hints: ``charset`` and ``media_type`` as the server said.
    """
    decoded = _decode(data, hints)
    limits.check_text(decoded.text)
    written = _LINE.split(decoded.text)
    bars = _BARS if any(map(ascii_tables.is_rule, written)) else _BARS | _DRAWN_BARS
    lines = [Line(number, text.translate(bars)) for number, text in enumerate(written, start=1)]
    blocks: list[Block] = []
    position = 0
    width = _wrapped_at(lines)
    markdown = False
    while position < len(lines):
        line = lines[position]
        if _EDGE.fullmatch(line.text):
            position += 1
            continue
        if html_tables.begins(line.text) and (inner := html_tables.read(lines, position)):
            tables, position = inner
            blocks += tables
            continue
        if aligned.begins(lines, position) and (set_ := aligned.read(lines, position)):
            table, position = set_
        elif ascii_tables.begins(lines, position):
            table, position = ascii_tables.read(lines, position)
        elif _is_pipe_row(line.text):
            table, position = _pipe_table(lines, position)
            markdown = True
        elif tab_tables.begins(lines, position) and (found := tab_tables.read(lines, position)):
            table, position = found
        elif _is_bare_pipe_table(lines, position):
            table, position = _bare_pipe_table(lines, position)
        elif _is_tab_cell(line.text):
            table, position = _column_table(lines, position)
        elif "\t" in line.text.strip(" "):
            table, position = _tab_table(lines, position)
        elif _RULE.match(line.text) or html_tables.is_bare(line.text):
            position += 1
            continue
        else:
            text, position = _paragraph(lines, position, width)
            text = replace(text, text=_stretch(written, text.locator))
            markdown = markdown or text.heading is not None
            blocks.append(text)
            continue
        if table.cells:
            blocks.append(table)
    notices = []
    if decoded.lossy:
        message = "some bytes are no text in any charset that fits; they are shown as U+FFFD"
        notices.append(Notice("undecodable_bytes", message))
    if struck := [
        str(line.number) for line in lines if _BAR_OR_TAG.search(line.text) and markdown_marks.strikes(line.text)
    ]:
        message = f"line(s) {', '.join(struck[:20])}: text in cells is struck through or hidden; it was not read"
        notices.append(Notice("text_not_shown", message))
    kind = "text/markdown" if markdown else "text/plain"
    return Document(kind, tuple(blocks), notices=tuple(notices), charset=decoded.charset)


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The raw text at a ``text`` locator.

    Raises:
        LocatorError: there is no such line or character.
    """
    lines = _LINE.split(_decode(data, hints).text)
    if more := locator.get("more"):
        places = [{name: locator.get(name) for name in ("line", "start", "end")}, *more]
        return "\n".join(_stretch(lines, Locator.of("text", **place)) for place in places)
    found = _stretch(lines, locator)
    return html_tables.plain(found) if locator.get("markup") else found


def _stretch(lines: Sequence[str], locator: Locator) -> str:
    first, start, end = (locator.get(name) for name in ("line", "start", "end"))
    last = locator.get("line_end") or first
    if not (isinstance(first, int) and 1 <= first <= last <= len(lines)):
        raise LocatorError(f"there is no line {first} to {last}", subject=str(locator.as_json()))
    if start is None or end is None or start > len(lines[first - 1]) or end > len(lines[last - 1]):
        raise LocatorError("the line is shorter", subject=str(locator.as_json()))
    if first == last:
        return lines[first - 1][start:end]
    return "\n".join([lines[first - 1][start:], *lines[first : last - 1], lines[last - 1][:end]])


def _decode(data: bytes, hints: Hints) -> Decoded:
    return decode(data, (hints.charset,))


def _is_pipe_row(text: str) -> bool:
    stripped = text.strip()
    return stripped.startswith("|") and stripped.count("|") >= 2


def _pipe_table(lines: Sequence[Line], position: int) -> tuple[Table, int]:
    """Rows from ``position`` to the row above the next rule, or to the end of the pipes."""
    cells: list[Cell] = []
    row = 0
    start = position
    while position < len(lines):
        text = lines[position].text
        if _RULE.match(text) and "|" in text:
            position += 1
            continue
        if not _is_pipe_row(text):
            break
        following = lines[position + 1].text if position + 1 < len(lines) else ""
        heads = bool(_RULE.match(following)) and "|" in following
        if heads and position > start:
            break
        cells += _pipe_cells(lines[position], row, heads)
        row += 1
        position += 1
        position = _take_rest(cells, lines, position)
    return Table(tuple(cells), _span(lines, start, position), ragged=True), position


def _is_bare_pipe_row(text: str) -> bool:
    """``规章 | 0 | 0 | 0 |``: cells parted by pipes, none before the first."""
    stripped = text.strip()
    parts = stripped.split("|")
    return not stripped.startswith("|") and sum(1 for part in parts if part.strip()) > 1


def _is_bare_pipe_table(lines: Sequence[Line], position: int) -> bool:
    """Two such rows one after the other (rows of one cell may stand between them), or one above a rule."""
    ahead = [line.text for line in lines[position : position + _BARE_REACH]]
    if not (_is_bare_pipe_row(ahead[0]) or ahead[0].rstrip().endswith("|")):
        return False
    rows = list(itertools.takewhile(lambda text: "|" in text and not _is_pipe_row(text), ahead))
    if len(rows) > 1 and _RULE.match(rows[1]):
        return True
    return sum(_is_bare_pipe_row(text) for text in rows) > 1 and _is_bare_pipe_row(rows[0])


def _bare_pipe_table(lines: Sequence[Line], position: int) -> tuple[Table, int]:
    cells: list[Cell] = []
    start = last = position
    whole = 0
    widths: set[int] = set()
    while position < len(lines):
        text = lines[position].text
        heads = position + 1 < len(lines) and bool(_RULE.match(lines[position + 1].text))
        # Behind a blank, or with as many pipes as rows above, the first pipe parts a blank cell from the next.
        first_blank = text.count("|") in widths or (bool(widths) and text[:1].isspace())
        if "|" not in text or (_is_pipe_row(text) and not _EDGE.fullmatch(text) and not first_blank):
            break
        if not _RULE.match(text) and not _EDGE.fullmatch(text):
            if heads and position > start and "|" in lines[position + 1].text:
                break
            cells += _pipe_cells(lines[position], position - start, heads, bare=True)
            if _is_bare_pipe_row(text) or _is_pipe_row(text):
                last, whole = position, len(cells)
                widths.add(text.count("|"))
        position += 1
    # Lines of one cell belong to the table only where rows follow them: a title under a table of facts does not.
    return Table(tuple(cells[:whole]), _span(lines, start, last + 1), ragged=True), last + 1


def _pipe_cells(line: Line, row: int, header: bool, *, bare: bool = False) -> list[Cell]:
    text = _FILLING.sub("|", line.text) if bare else line.text
    edges = [match.start() for match in re.finditer(r"(?<!\\)\|", text)]
    # Behind the last pipe of a line without a first one a wide blank is a cell (converters end lines in two spaces).
    ends = bool(re.search(r"\|\s?$", text)) if bare else text.rstrip().endswith("|") and len(edges) > 1
    if not bare and _DOUBLED.fullmatch(line.text.strip()):
        # |规章||0||0|: each cell has pipes of its own.
        bounds = [(a + 1, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    else:
        if bare:
            edges.insert(0, -1)
        bounds = list(zip([edge + 1 for edge in edges], [*edges[1:], len(text)], strict=True))
        if ends:
            bounds.pop()
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


def _is_tab_cell(text: str) -> bool:
    """A line that is one cell: begun by a tab, no further tab."""
    return text.startswith("\t") and text.count("\t") == 1


def _tab_table(lines: Sequence[Line], position: int) -> tuple[Table, int]:
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
        position = _take_rest(cells, lines, position)
    return Table(tuple(cells), _span(lines, start, position), ragged=True), position


def _take_rest(cells: list[Cell], lines: Sequence[Line], position: int) -> int:
    """Give the last cell the number that stands alone in the line below it, and return the line that comes next.

    A break may have cut the number that ends the line above in two. It may as well be a page's: whose it is, is not
    said.
    """
    above = lines[position - 1].text.rstrip(" \u3000")  # behind a tab stands another cell
    match = _NUMBER_ALONE.fullmatch(lines[position].text) if position < len(lines) else None
    if match is None or not above[-1:].isdigit():
        return position
    cell, below = cells[-1], lines[position]
    first, start = cell.locator.get("line"), cell.locator.get("start")
    text = f"{cell.text}\n{below.text[: match.end('number')]}"
    where = locate(first, start, match.end("number"), below.number)
    cells[-1] = dataclasses.replace(cell, text=text, locator=where)
    return position + 1


def _column_table(lines: Sequence[Line], position: int) -> tuple[Table, int]:
    """One cell a line. A cell goes on in lines without a tab, even over an empty line where words were cut."""
    rows: list[list[list[Line]]] = []
    start = position
    fresh = True
    while position < len(lines):
        line = lines[position]
        if _is_tab_cell(line.text):
            if fresh:
                rows.append([])
            rows[-1].append([line])
            fresh = False
        elif line.blank and line.text == "":
            fresh = True
            ahead = position + 1
            if ahead >= len(lines) or lines[ahead].text == "":
                break  # two empty lines end the table
            if not _is_tab_cell(lines[ahead].text) and not _goes_on(lines, ahead, rows[-1][-1]):
                break
        elif _goes_on(lines, position, rows[-1][-1]) or not fresh:
            rows[-1][-1].append(line)
            fresh = False
        else:
            break
        position += 1
    cells = [
        _joined_cell(parts, row, column) for row, line in enumerate(rows) for column, parts in enumerate(line) if parts
    ]
    return Table(tuple(cells), _span(lines, start, position), ragged=True), position


def _goes_on(lines: Sequence[Line], position: int, cell: Sequence[Line]) -> bool:
    """Whether a line without a tab is the rest of a cut label: words before it, short, and cells right after it."""
    following = lines[position + 1].text if position + 1 < len(lines) else ""
    before = cell[-1].text
    short = len(lines[position].text.strip()) <= 16
    return (
        short
        and "\t" not in lines[position].text
        and bool(_WORDS.search(before))
        and not re.search(r"\d\s*$", before)
        and _is_tab_cell(following)
    )


def _joined_cell(parts: Sequence[Line], row: int, column: int) -> Cell:
    first, last = parts[0], parts[-1]
    numbers = {line.number: line.text for line in parts}
    texts = [numbers.get(number, "") for number in range(first.number, last.number + 1)]
    texts[0] = texts[0][1:]
    return Cell("\n".join(texts), row, column, locate(first.number, 1, len(last.text), last.number))


def _paragraph(lines: Sequence[Line], position: int, width: int | None) -> tuple[Text, int]:
    """One line, or the lines of one paragraph where the file is wrapped at ``width``."""
    first = lines[position]
    if match := _MARKDOWN_HEADING.match(first.text):
        start, end = match.span("text")
        return Text(first.text[start:end], locate(first.number, start, end), len(match["marks"])), position + 1
    last = position
    while (
        width is not None
        and last + 1 < len(lines)
        and _width(lines[last].text) >= width - 4
        and not _SENTENCE_END.search(lines[last].text)
        and _is_plain(lines[last + 1].text)
    ):
        last += 1
    text = "\n".join(line.text for line in lines[position : last + 1])
    # One cell a line, with the pipe of one side: the pipes are no part of the text.
    lead = len(text) - len(text.lstrip("|"))
    end = len(text)
    while end > lead and text[end - 1] != "\n" and (text[end - 1] == "|" or text[end - 1].isspace()):
        end -= 1
    cut = len(text) - end if "|" in text[end:] else 0
    where = locate(first.number, lead, len(lines[last].text) - cut, lines[last].number)
    return Text(text[lead : len(text) - cut], where, bars=_bars(lines, last) if cut else ()), last + 1


def _bars(lines: Sequence[Line], at: int) -> tuple[int, ...]:
    """How many bars end the line ``at``, and each of the lines of bars alone that follow it."""
    behind = itertools.takewhile(lambda line: "|" in line.text and _EDGE.fullmatch(line.text), lines[at + 1 :])
    own = lines[at].text
    return (own[len(own.rstrip("| \u3000\xa0")) :].count("|"), *(line.text.count("|") for line in behind))


def _is_plain(text: str) -> bool:
    """Whether a line can go on a paragraph: it holds text, and does not open something of its own."""
    opens = _OPENING.match(text) or _MARKDOWN_HEADING.match(text) or _RULE.match(text)
    return bool(text.strip()) and "\t" not in text and not _is_pipe_row(text) and not opens


def _wrapped_at(lines: Sequence[Line]) -> int | None:
    """The width (in half-width characters) at which the file's paragraphs are wrapped; None when they are not."""
    widths = sorted(_width(line.text) for line in lines if _is_plain(line.text))
    if len(widths) < _WRAPPED_LEAST:
        return None
    widest = widths[-1]
    near = [width for width in widths if width >= widest - 4]
    if widest > _WRAPPED_WIDEST or widest < 30 or len(near) < max(_WRAPPED_LEAST, len(widths) // 8):
        return None
    return widest


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text.rstrip())


def _span(lines: Sequence[Line], start: int, end: int) -> Locator:
    last = lines[max(start, end - 1)]
    return locate(lines[start].number, 0, len(last.text), last.number)
