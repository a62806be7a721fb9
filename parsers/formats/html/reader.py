"""HTML pages as documents: content found by what it holds, blocks in reading order, tables as browsers see them.

Nothing depends on a portal's template. Every paragraph line and every cell carries the exact CSS path of its element;
`resolve` parses the same bytes again and returns the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.document import Block, Cell, Document, Locator, Notice, Table, Text
from parsers.errors import LocatorError
from parsers.formats.html import content, dom, table_grid
from parsers.formats.html.div_tables import rows_of
from parsers.formats.html.dom import Element
from parsers.formats.html.page import Page, find_links, load_page, read_meta
from parsers.formats.html.table_kinds import (
    CELLS,
    Rows,
    find_tables,
    group_rows,
    is_layout,
    is_text_row,
    is_whole_report,
    join_groups,
)
from parsers.record import Hints

MEDIA_TYPE = "text/html"

_ICON = re.compile(r"icon|ico[_/.]|logo|filetype|qrcode|ewm|/(?:doc|pdf|xls|zip|rar)x?\.(?:gif|png)", re.IGNORECASE)
_LARGEST_ICON = 48  # pixels, on either side
_CELLS_OF_DATA = 3  # a table with more of them holds figures
_ADVICE = "The locator belongs to other bytes"


def read(data: bytes, hints: Hints) -> Document:
    """Read an HTML page. Never fails: a page without content has no blocks."""
    page = load_page(data, hints.charset)
    collector = _BlockCollector(page.region)
    for element, number in content.around(page.root, page.region, content.words()):
        if element is page.region.core:
            collector.add_element(element)
        elif number is None:
            collector.add_table(element)
        else:
            collector.add_line(element, number)
    return Document(
        media_type=MEDIA_TYPE,
        blocks=tuple(collector.blocks),
        meta=read_meta(page.root),
        links=tuple(find_links(page)),
        notices=tuple(_find_notices(page, collector)),
        charset=page.charset,
        images=collector.images,
    )


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The raw text at an ``html`` locator.

    Raises:
        LocatorError: the path leads to nothing in these bytes.
    """
    root = load_page(data, hints.charset).root
    path, line = str(locator.get("path") or ""), locator.get("line")
    element = dom.find(root, path)
    if element is None:
        raise LocatorError("no element stands at this path", subject=path, advice=_ADVICE)
    if line is not None:
        lines = dom.lines(element)
        if not isinstance(line, int) or not 0 <= line < len(lines):
            raise LocatorError(f"the element has no line {line}", subject=path)
        return lines[line]
    is_cell = locator.get("row") is not None
    return dom.plain_text(element, nested_tables=element.tag not in CELLS, controls=is_cell)


class _BlockCollector:
    """Blocks of the content, in reading order, with the number of its tables and pictures."""

    def __init__(self, region: content.Region) -> None:
        self.blocks: list[Block] = []
        self.images = 0
        self._region = region
        self._tables = 0
        self._words = content.words()

    def add_line(self, element: Element, number: int) -> None:
        """Append one line of an element that stands outside of the content."""
        lines = dom.lines(element)
        self.blocks.append(Text(lines[number], _line_locator(element, number, len(lines)), _heading_level(element)))

    def add_element(self, container: Element) -> None:
        """Append the blocks of an element."""
        if container.tag == "table":
            self.add_table(container)
            return
        boxes = rows_of(container)
        if boxes:
            self._add_ragged_table(container, boxes)
            return
        self._count_images(container)
        count = len(dom.lines(container))
        number = 0
        for piece in dom.pieces(container):
            if isinstance(piece, str):
                if piece.strip():
                    locator = _line_locator(container, number, count)
                    self.blocks.append(Text(piece, locator, _heading_level(container)))
                number += 1
            elif not content.is_boilerplate(piece, self._region):
                self.add_element(piece)

    def add_table(self, table: Element) -> None:
        """Append a table, or the blocks inside when the table only lays out the page."""
        groups = list(group_rows(table))
        if not join_groups(groups):
            return
        if is_whole_report(groups, self._words):
            self._add_whole_report(table, groups)
        elif is_layout(groups, self._words):
            for row in join_groups(groups):
                for cell in row:
                    self.add_element(cell)
        else:
            self._add_grid(table, groups)

    def _add_whole_report(self, table: Element, groups: list[Rows]) -> None:
        """A table whose full-width rows are headings and prose: these become text, the rows between them tables."""
        run: Rows = []
        for group in groups:
            for row in group:
                if is_text_row(row, self._words):
                    self._add_grid(table, [run])
                    run = []
                    self.add_element(row[0])
                else:
                    run.append(row)
        self._add_grid(table, [run])

    def _add_grid(self, table: Element, groups: list[Rows]) -> None:
        number = self._tables
        self._tables += 1  # also for a run without cells: locators count all
        nested: list[Element] = []
        entries = [_entries_of_group(group, nested) for group in groups]
        cells: list[Cell] = []
        for placed in table_grid.place(entries):
            path = placed.content.path()
            place = (("path", path), ("table", number), ("row", placed.row), ("column", placed.column))
            cells.append(
                Cell(
                    text=dom.plain_text(placed.content, nested_tables=False, controls=True),
                    row=placed.row,
                    column=placed.column,
                    row_span=placed.row_span,
                    column_span=placed.column_span,
                    header=placed.content.tag == "th",
                    locator=Locator("html", place),
                )
            )
        if cells:
            self._count_images(table)
            caption = next((element for element in table.below if element.tag == "caption"), None)
            self.blocks.append(
                Table(
                    tuple(cells),
                    Locator.of("html", path=table.path(), table=number),
                    caption=dom.plain_text(caption) if caption else None,
                )
            )
        for inner in nested:
            self.add_table(inner)

    def _add_ragged_table(self, container: Element, rows: Rows) -> None:
        """A table set without table elements: the boxes of each row are counted from the left."""
        number = self._tables
        self._tables += 1
        cells: list[Cell] = []
        for row, boxes in enumerate(rows):
            for column, box in enumerate(boxes):
                locator = Locator.of("html", path=box.path(), table=number, row=row, column=column)
                cells.append(Cell(dom.plain_text(box, controls=True), row, column, locator))
        locator = Locator.of("html", path=container.path(), table=number)
        self.blocks.append(Table(tuple(cells), locator, ragged=True))

    def _count_images(self, container: Element) -> None:
        elements = container.descend() if container.tag == "table" else dom.inline_elements(container)
        for element in elements:
            if element.tag == "img" and not _is_icon(element):
                self.images += 1


_Entry = tuple[Element, str | None, str | None]  # a cell, and its spans as they are written


def _entries_of_group(group: Rows, nested: list[Element]) -> list[list[_Entry]]:
    """The rows of a part of a table as they enter the grid; tables that follow it are added to ``nested``."""
    rows: list[list[_Entry]] = []
    for row in group:
        entries: list[_Entry] = []
        for cell in row:
            entries.extend(_entries_of_cell(cell, nested))
        rows.append(entries)
    return rows


def _entries_of_cell(cell: Element, nested: list[Element]) -> Iterator[_Entry]:
    """A cell as it enters the grid; one row nested in a cell takes its place, bigger tables follow the outer one.

    Args:
        cell: of the outer table.
        nested: tables that follow; those of this cell are added.
    """
    rowspan, colspan = cell.attributes.get("rowspan"), cell.attributes.get("colspan")
    tables = find_tables(cell)
    if len(tables) == 1:
        rows = join_groups(group_rows(tables[0]))
        if len(rows) == 1 and not any(find_tables(inner) for inner in rows[0]):
            if dom.plain_text(cell, nested_tables=False).strip():
                yield cell, rowspan, None
            for inner in rows[0]:
                yield inner, rowspan, inner.attributes.get("colspan")
            return
    nested.extend(tables)
    yield cell, rowspan, colspan


def _line_locator(element: Element, number: int, count: int) -> Locator:
    is_one_of_many = count > 1 or element.has_block
    return Locator.of("html", path=element.path(), line=number if is_one_of_many else None)


def _heading_level(element: Element) -> int | None:
    return int(element.tag[1]) if re.fullmatch("h[1-6]", element.tag) else None


def _is_icon(image: Element) -> bool:
    """Whether a picture is no content: small, or named like an icon."""
    for side in ("width", "height"):
        size = re.match(r"\s*(\d+)", image.attributes.get(side, ""))
        if size is not None and int(size.group(1)) <= _LARGEST_ICON:
            return True
    return _ICON.search(image.attributes.get("src", "")) is not None


def _find_notices(page: Page, collector: _BlockCollector) -> Iterator[Notice]:
    """What a person should know about how this page was read."""
    if page.lossy:
        yield Notice("undecodable_bytes", f"some bytes are not valid {page.charset}; they are shown as U+FFFD")
    yield from _notice_hidden_text(page)
    if page.unstyled:
        yield Notice("styles_not_applied", "the page has too many style rules: text that they hide was read")
    if page.region.revealed:
        yield Notice("hidden_content", "the page hides its content until a script runs; it was read nevertheless")
    if hidden := content.hidden_tables(page.root):
        message = f"{len(hidden)} table(s) stand in parts of the page that are shown only on demand; they were not read"
        yield Notice("hidden_tables", message, Locator.of("html", path=hidden[0].path()))
    has_data = any(isinstance(block, Table) and len(block.cells) > _CELLS_OF_DATA for block in collector.blocks)
    if collector.images and not has_data:
        yield Notice(
            "tables_may_be_images",
            f"the content has {collector.images} picture(s) and no table: figures may stand in the pictures",
        )
    if not page.region.weights[page.root].characters:
        yield Notice("no_text", "the page holds no text: it may be drawn by a script and needs the browser")


def _notice_hidden_text(page: Page) -> Iterator[Notice]:
    """Text in the cells of tables that is struck through or hidden by the page: a reader does not see it."""
    first: Element | None = None
    cells: set[Element] = set()
    for element in page.root.everything():
        if not element.hidden or element.tag == "rp" or not dom.holds_text(element):
            continue
        cell = _cell_around(element)
        if cell is not None and page.region.core in cell.ancestors():
            first = first or cell
            cells.add(cell)
    if first is not None:
        message = f"{len(cells)} cell(s) hold text that is struck through or not shown; it was not read"
        yield Notice("text_not_shown", message, Locator.of("html", path=first.path()))


def _cell_around(element: Element) -> Element | None:
    if element.tag in CELLS:
        return element
    return next((above for above in element.ancestors() if above.tag in CELLS), None)
