"""Word files as documents: paragraphs and tables in body order, merged cells with their spans.

The XML is walked directly (python-docx opens the package): its paragraph text leaves out what stands in content
controls, insertions and text boxes, and reports have all three. What a paragraph prints, `wordtext` says. Old formats
(.doc, .wps, .rtf, .odt, XML of Word 2003) are converted (`conversion`).

One row nested in a cell takes the place of the cell, and a nested column of single cells is its text; bigger nested
tables follow the outer one. Deleted and hidden rows are left out.

Source of element meanings: ECMA-376 part 1, 17.3-17.4.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from parsers.characters import UNREAD
from parsers.document import Block, Cell, Document, Locator, Notice, Table, Text
from parsers.errors import LocatorError, UnreadableDocument
from parsers.formats import media
from parsers.formats.word import conversion, runs
from parsers.formats.word.runs import GONE, Looks, W
from parsers.record import Hints

_LOWEST = 40  # twips: a row that is kept lower than this shows nothing
_LEVEL = re.compile(r"(?:heading|标题|Heading)\s*([1-6])$")


def read(data: bytes, hints: Hints) -> Document:
    """Read a Word file.

    Raises:
        UnreadableDocument: damaged, or an old format and LibreOffice is not installed or cannot convert it.
    """
    return _read(data, hints.media_type or media.DOCX, hints.url or "")


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The raw text at a ``word`` locator.

    Raises:
        LocatorError: no such paragraph or cell.
        UnreadableDocument: as `read`.
    """
    wanted = locator.as_json()
    for block in read(data, hints).blocks:
        items = block.cells if isinstance(block, Table) else (block,)
        for item in items:
            if item.locator.as_json() == wanted:
                return item.text
    raise LocatorError("there is no such place in the file", subject=str(wanted))


@functools.lru_cache(maxsize=2)  # the second look is `resolve`, once for every cell of the same file
def _read(data: bytes, kind: str, subject: str) -> Document:
    notices: list[Notice] = []
    packed = data
    if kind != media.DOCX:
        packed = conversion.converted(data, kind, subject)
        notices.append(Notice("converted", "an old format; read through LibreOffice, positions are those of its DOCX"))
    try:
        body, styles, embedded = _open(packed)
    except Exception as error:  # python-docx, lxml and zipfile each raise their own
        raise UnreadableDocument("the Word file is damaged", subject=subject, advice="Fetch it again") from error
    pictures = sum(1 for element in body.iter() if str(element.tag).endswith(("}pic", "}imagedata")))
    walker = _Walker(styles)
    walker.walk(body)
    if pictures and not any(isinstance(block, Table) for block in walker.blocks):
        notices.append(
            Notice(
                "tables_may_be_images", f"the file has {pictures} picture(s) and no table: figures may stand in them"
            )
        )
    if embedded:
        notices.append(Notice("embedded_document", f"{embedded} document(s) within this one were not read"))
    return Document(media_type=kind, blocks=tuple(walker.blocks), notices=tuple(notices), images=pictures)


def _open(data: bytes) -> tuple[Any, Any, int]:
    """The body, the styles, and how many other documents are shown within the body."""
    import docx

    document = docx.Document(io.BytesIO(data))
    body = document.element.body
    embedded = sum(1 for name in ("altChunk", "subDoc") for _ in body.iter(W + name))
    return body, document.styles.element, embedded


class _Walker:
    """Collects blocks; paragraphs and tables are numbered in the order in which they are met."""

    def __init__(self, styles: Any) -> None:
        self.blocks: list[Block] = []
        self._looks = Looks(styles)
        self._levels: dict[str | None, int] = {}
        for style in styles.iter(W + "style"):
            named = _LEVEL.search(_value(style, "name") or "")
            if named:
                self._levels[style.get(W + "styleId")] = int(named.group(1))
        self._paragraphs = 0
        self._tables = 0

    def walk(self, container: Any) -> None:
        """Append the blocks in a container (body, content control, text box, the one cell of a frame)."""
        for element in container:
            if element.tag == W + "p":
                self._paragraph(element)
            elif element.tag == W + "tbl":
                self._table(element)
            elif element.tag not in GONE and not str(element.tag).endswith("Pr"):
                self.walk(element)

    def _paragraph(self, paragraph: Any) -> None:
        text = self._looks.text(paragraph)
        if text.replace(UNREAD, "").strip():
            locator = Locator.of("word", paragraph=self._paragraphs)
            self.blocks.append(Text(text, locator, self._level(paragraph)))
        self._paragraphs += 1
        for box in runs.boxes(paragraph):
            self.walk(box)

    def _level(self, paragraph: Any) -> int | None:
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return None
        style = _value(properties, "pStyle")
        if style in self._levels:
            return self._levels[style]
        value = _value(properties, "outlineLvl")
        return int(value) + 1 if value in {"0", "1", "2", "3", "4", "5"} else None

    def _table(self, table: Any) -> None:
        cells = [cell for row in _rows(table) for cell in _below(row, "tc")]
        if len(cells) == 1:  # a frame around text
            self.walk(cells[0])
            return
        number = self._tables
        self._tables += 1
        grid = _Grid(number, self._looks)
        grid.read(table)
        if grid.cells:
            self.blocks.append(Table(tuple(grid.cells), Locator.of("word", table=number)))
        for nested in grid.later:
            self._table(nested)


class _Grid:
    """The cells of one table, and the tables nested in it that are tables of their own."""

    def __init__(self, number: int, looks: Looks) -> None:
        self.cells: list[Cell] = []
        self.later: list[Any] = []
        self._number = number
        self._looks = looks

    def read(self, table: Any) -> None:
        """Place the cells of all rows that are printed."""
        open_below: dict[int, int] = {}  # column -> index of the cell that a vertical merge continues
        for row, line in enumerate(_rows(table)):
            column = _whole(_child(line, "trPr", "gridBefore"))
            last: int | None = None
            for element in _below(line, "tc"):
                properties = element.find(W + "tcPr")
                width = max(1, _whole(_child(properties, "gridSpan")))
                merged, beside = _merge(properties, "vMerge"), _merge(properties, "hMerge")
                entries = self._entries(element, width)
                empty = len(entries) == 1 and not entries[0][0].strip()
                above = open_below.get(column) if merged == "continue" else None
                if above is not None and empty:
                    self.cells[above] = replace(self.cells[above], row_span=row - self.cells[above].row + 1)
                elif beside == "continue" and last is not None and empty:
                    self.cells[last] = replace(self.cells[last], column_span=self.cells[last].column_span + width)
                else:
                    last = len(self.cells)
                    at = column
                    for text, span in entries:
                        locator = Locator.of("word", table=self._number, row=row, column=at)
                        self.cells.append(Cell(text, row, at, locator, column_span=span))
                        at += span
                    width = max(width, at - column)
                if merged == "restart" and last is not None:
                    open_below[column] = last
                elif merged is None:
                    open_below.pop(column, None)
                column += width

    def _entries(self, cell: Any, width: int) -> list[tuple[str, int]]:
        """What a cell puts into the grid: texts and how many columns each takes.

        Mostly one; a row nested in the cell gives one for each of its cells.
        """
        text = self._text(cell)
        nested = [table for table in _nested(cell) if any(True for row in _rows(table) for _ in _below(row, "tc"))]
        if not nested:
            return [(text, width)]
        lines = [list(_below(row, "tc")) for row in _rows(nested[0])]
        if len(nested) == 1 and (len(lines) == 1 or max(map(len, lines)) == 1):
            inner = [
                [entry for element in line for entry in self._entries(element, max(1, _span(element)))]
                for line in lines
            ]
            if len(lines) > 1:
                column = "\n".join(filter(None, (text, *(part for line in inner for part, _ in line))))
                return [(column, width)]
            parts = [*([(text, 1)] if text.strip() else []), *inner[0]]
            return _spread(parts, width)
        self.later += nested
        written = any(self._text(element).strip() for table in nested for element in table.iter(W + "tc"))
        return [(text if text.strip() or not written else UNREAD, width)]

    def _text(self, cell: Any) -> str:
        """The text of a cell: its own paragraphs, and what stands in text boxes that are anchored in them."""
        lines: list[str] = []
        for paragraph in cell.iter(W + "p"):
            if _owner(paragraph) is not cell:
                continue
            lines.append(self._looks.text(paragraph, in_cell=True))
            for box in runs.boxes(paragraph):
                boxed = [self._looks.text(inner, in_cell=True) for inner in box.iter(W + "p")]
                lines += [line for line in boxed if line.strip()]
        return runs.settled("\n".join(lines)).strip("\n")


def _spread(parts: list[tuple[str, int]], width: int) -> list[tuple[str, int]]:
    """Cells of a nested row over the columns that the outer cell takes; their own spans where these come out even."""
    if sum(span for _, span in parts) == width:
        return parts
    rest = max(1, width - len(parts) + 1)
    return [(text, rest if at == len(parts) else 1) for at, (text, _) in enumerate(parts, start=1)]


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table that are printed."""
    for row in _below(table, "tr"):
        height = _child(row, "trPr", "trHeight")
        flat = height is not None and height.get(W + "hRule") == "exact" and _whole(height) < _LOWEST
        hidden = _child(row, "trPr", "hidden")
        gone = hidden is not None and hidden.get(W + "val") not in {"0", "false", "off"}
        if not flat and not gone and _child(row, "trPr", "del") is None:
            yield row


def _below(parent: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also those inside content controls and insertions."""
    for element in parent:
        if element.tag == W + name:
            if _child(element, "tcPr", "cellDel") is None:
                yield element
        elif element.tag in {W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "smartTag"}:
            yield from _below(element, name)


def _nested(cell: Any) -> Iterator[Any]:
    for element in cell:
        if element.tag == W + "tbl":
            yield element
        elif element.tag in {W + "sdt", W + "sdtContent", W + "customXml", W + "ins"}:
            yield from _nested(element)


def _span(cell: Any) -> int:
    return _whole(_child(cell, "tcPr", "gridSpan"))


def _child(parent: Any, *names: str) -> Any:
    for name in names:
        parent = None if parent is None else parent.find(W + name)
    return parent


def _value(parent: Any, name: str) -> str | None:
    element = parent.find(W + name)
    return None if element is None else element.get(W + "val")


def _merge(properties: Any, name: str) -> str | None:
    element = _child(properties, name)
    return None if element is None else str(element.get(W + "val") or "continue")


def _whole(element: Any) -> int:
    value = "" if element is None else str(element.get(W + "val") or "")
    return min(int(value), 1000) if value.isascii() and value.isdigit() else 0


def _owner(paragraph: Any) -> Any:
    """The cell a paragraph belongs to (not one of a nested table, not a text box)."""
    for parent in paragraph.iterancestors():
        if parent.tag == W + "tc" or parent.tag in GONE or parent.tag == W + "txbxContent":
            return parent
    return None
