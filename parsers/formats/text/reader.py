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

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.document import Block, Document, Locator, Notice, Table, Text
from parsers.errors import LocatorError
from parsers.formats import limits
from parsers.formats.charset import Decoded, decode
from parsers.formats.text import (
    aligned,
    ascii_tables,
    html_tables,
    markdown_marks,
    pipe_tables,
    tab_tables,
    tabbed_lines,
)
from parsers.formats.text.lines import EDGE, RULE, Line, locate
from parsers.record import Hints

_BARS = str.maketrans("｜¦", "||")
_DRAWN_BARS = str.maketrans("│┃", "||")  # of tables without rules
_LINE = re.compile(r"\r\n|\n|\r")
_BAR_OR_TAG = re.compile(r"[|<]")
_MARKDOWN_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<text>.*\S)\s*$")
_SENTENCE_END = re.compile(r"[。！？：；:;!?.]\s*$")
_OPENING = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}[)）、]|\d{1,2}[.．](?!\d)|第[一二三四五六七八九十]+条)"
)
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
    width = _wrapped_at(lines)
    blocks: list[Block] = []
    markdown = False
    position = 0
    while position < len(lines):
        line = lines[position]
        if EDGE.fullmatch(line.text):
            position += 1
        elif html_tables.begins(line.text) and (inner := html_tables.read(lines, position)):
            tables, position = inner
            blocks += tables
        elif found := _table_at(lines, position):
            markdown = markdown or found.markdown
            position = found.behind
            if found.table.cells:
                blocks.append(found.table)
        elif RULE.match(line.text) or html_tables.is_bare(line.text):
            position += 1
        else:
            text, position = _paragraph(lines, position, width)
            text = replace(text, text=_stretch(written, text.locator))
            markdown = markdown or text.heading is not None
            blocks.append(text)
    kind = "text/markdown" if markdown else "text/plain"
    return Document(kind, tuple(blocks), notices=tuple(_notices(decoded, lines)), charset=decoded.charset)


@dataclass(frozen=True, slots=True)
class _Found:
    """A table, and the line behind it."""

    table: Table
    behind: int
    markdown: bool = False


def _table_at(lines: Sequence[Line], position: int) -> _Found | None:
    """The table that begins in a line; None where none does.

    The order counts: what is drawn or set with spaces holds pipes and tabs, too, and of tables with pipes those of
    Markdown are known by a single line, the others by what follows.
    """
    text = lines[position].text
    if aligned.begins(lines, position) and (set_with_spaces := aligned.read(lines, position)):
        return _Found(*set_with_spaces)
    if ascii_tables.begins(lines, position):
        return _Found(*ascii_tables.read(lines, position))
    if pipe_tables.is_row(text):
        return _Found(*pipe_tables.read(lines, position), markdown=True)
    if tab_tables.begins(lines, position) and (rendered := tab_tables.read(lines, position)):
        return _Found(*rendered)
    if pipe_tables.begins_bare(lines, position):
        return _Found(*pipe_tables.read_bare(lines, position))
    if tabbed_lines.is_cell(text):
        return _Found(*tabbed_lines.read_cells(lines, position))
    if "\t" in text.strip(" "):
        return _Found(*tabbed_lines.read_rows(lines, position))
    return None


def _notices(decoded: Decoded, lines: Sequence[Line]) -> Iterator[Notice]:
    if decoded.lossy:
        yield Notice("undecodable_bytes", "some bytes are no text in any charset that fits; they are shown as U+FFFD")
    # Marks within running text are a writer's; where a bar or a tag stands they may hide a cell.
    rows = [line for line in lines if _BAR_OR_TAG.search(line.text)]
    struck = [str(line.number) for line in rows if markdown_marks.strikes(line.text)]
    if struck:
        message = f"line(s) {', '.join(struck[:20])}: text in cells is struck through or hidden; it was not read"
        yield Notice("text_not_shown", message)


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
    if locator.get("markup"):
        return html_tables.plain(found)
    return found


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
    behind = itertools.takewhile(lambda line: "|" in line.text and EDGE.fullmatch(line.text), lines[at + 1 :])
    own = lines[at].text
    return (own[len(own.rstrip("| \u3000\xa0")) :].count("|"), *(line.text.count("|") for line in behind))


def _is_plain(text: str) -> bool:
    """Whether a line can go on a paragraph: it holds text, and does not open something of its own."""
    opens = _OPENING.match(text) or _MARKDOWN_HEADING.match(text) or RULE.match(text)
    return bool(text.strip()) and "\t" not in text and not pipe_tables.is_row(text) and not opens


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
