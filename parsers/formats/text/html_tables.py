"""Tables in HTML inside Markdown and plain text, as converters leave those that Markdown cannot print.

A cell's text is what a reader of the table would see: elements gone, lines at ``<br>`` and between paragraphs. Its
locator covers the cell's content in the file and says ``markup``, so that `text` gives the same text again.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Sequence

from parsers.characters import raised
from parsers.document import Cell, Locator, Table
from parsers.formats.html import table_grid
from parsers.formats.text import markdown_marks
from parsers.formats.text.lines import Line

_BEGIN = re.compile(r"\s*(?:</?(?:html|body|div|center|figure|p)\b[^>]*>\s*)*<table\b", re.IGNORECASE)
_BARE = re.compile(r"\s*(?:</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>\s*)+", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)  # seen by nobody
_TAG = re.compile(r"<(?P<end>/?)(?P<name>table|tr|td|th|thead|tbody|tfoot)\b(?P<rest>[^>]*)>", re.IGNORECASE)
_SPAN = re.compile(r"\b(rowspan|colspan)\s*=\s*[\"']?\s*([^\"'\s>]*)", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^<>]*>|</p>|</div>", re.IGNORECASE)
_RAISED = re.compile(r"<sup\b[^<>]*>(.{0,80}?)</sup>", re.IGNORECASE | re.DOTALL)
_INLINE = re.compile(r"</?(?:br|p|span|font|b|strong|i|em|u|sup|sub|a|div)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_ANY = re.compile(r"<[^<>]*>")
_MOST_LINES = 5000


def begins(line: str) -> bool:
    """Whether a table in HTML begins in a line."""
    return _BEGIN.match(line) is not None


def is_bare(line: str) -> bool:
    """Whether a line holds nothing but tags."""
    return _BARE.fullmatch(line) is not None


def is_marked(cell: str) -> bool:
    """Whether a Markdown cell holds elements, entities or marks: line breaks, or what a converter left of looks."""
    if markdown_marks.is_marked(cell) or _INLINE.search(cell) is not None or _COMMENT.search(cell) is not None:
        return True
    return _ENTITY.search(cell) is not None


def plain(source: str) -> str:
    """What a reader sees of a cell's content."""
    lifted = _RAISED.sub(lambda match: raised(match.group(1)), markdown_marks.seen(_COMMENT.sub("", source)))
    lines = [html.unescape(_ANY.sub("", line)) for line in _BREAK.split(lifted)]
    seen = [" ".join(filter(None, (part.strip(" \t") for part in re.split(r"[\r\n]", line)))) for line in lines]
    return "\n".join(line for line in seen if line)


def read(lines: Sequence[Line], position: int) -> tuple[list[Table], int] | None:
    """The tables that begin at ``position``, and the line behind them; None where they never end."""
    depth, end = 0, position
    for end in range(position, min(len(lines), position + _MOST_LINES)):
        for match in _TAG.finditer(lines[end].text):
            if match["name"].lower() == "table":
                depth += -1 if match["end"] else 1
        if depth <= 0:
            break
    else:
        return None
    text = "\n".join(line.text for line in lines[position : end + 1])
    starts = list(itertools.accumulate((len(line.text) + 1 for line in lines[position:end]), initial=0))

    def where(start: int, stop: int) -> Locator:
        first = max(i for i, at in enumerate(starts) if at <= start)
        last = max(i for i, at in enumerate(starts) if at <= stop)
        return Locator.of(
            "text",
            line=lines[position + first].number,
            start=start - starts[first],
            end=stop - starts[last],
            line_end=lines[position + last].number if last > first else None,
            markup=True,
        )

    tables = [_table(text, rows, where) for rows in _rows(text)]
    return [table for table in tables if table.cells], end + 1


_Cell = tuple[tuple[int, int], str | None, str | None]


def _rows(text: str) -> list[list[list[_Cell]]]:
    """The rows of every table, each a list of cells: where the content stands, and the spans as written.

    A table nested in a cell is a table of its own; the cell around it holds what stands before it.
    """
    tables: list[list[list[_Cell]]] = []
    open_: list[tuple[list[list[_Cell]], list[tuple[int, str]]]] = []  # rows of each open table, and its open cell

    def close(at: int) -> None:
        rows, cell = open_[-1]
        if cell:
            start, rest = cell.pop()
            spans = {name.lower(): value for name, value in _SPAN.findall(rest)}
            if not rows:
                rows.append([])
            rows[-1].append(((start, at), spans.get("rowspan"), spans.get("colspan")))

    for match in _TAG.finditer(text):
        name, ends = match["name"].lower(), bool(match["end"])
        if name == "table" and not ends:
            if open_:
                close(match.start())
            open_.append(([], []))
            tables.append(open_[-1][0])
        elif not open_:
            continue
        elif name == "table":
            close(match.start())
            open_.pop()
        elif name == "tr":
            close(match.start())
            if not ends:
                open_[-1][0].append([])
        elif name in {"td", "th"}:
            close(match.start())
            if not ends:
                open_[-1][1].append((match.end(), match["rest"]))
    return tables


def _table(text: str, rows: list[list[_Cell]], where: Callable[[int, int], Locator]) -> Table:
    cells = [
        Cell(
            plain(text[slice(*placed.content)]),
            placed.row,
            placed.column,
            where(*placed.content),
            row_span=placed.row_span,
            column_span=placed.column_span,
        )
        for placed in table_grid.place([rows])
    ]
    locator = cells[0].locator if cells else Locator.of("text")
    return Table(tuple(cells), locator)
