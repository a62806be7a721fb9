"""HTML pages as documents: content found by what it holds, blocks in reading order, tables as browsers see them.

Nothing depends on a portal's template. Every paragraph line and every cell carries the exact CSS path of its element;
`resolve` parses the same bytes again and returns the same text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.document import Block, Cell, Document, Link, Locator, Notice, Table, Text
from parsers.errors import LocatorError
from parsers.formats import charset
from parsers.formats.html import content, dom, table_grid, tree
from parsers.formats.html.div_tables import rows_of
from parsers.formats.html.dom import Element
from parsers.identity.titles import is_headline
from parsers.record import Hints

MEDIA_TYPE = "text/html"

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.-]{2,40})", re.IGNORECASE)
_TRADITIONAL = re.compile(rb"lang\s*=\s*[\"']?zh-(?:hant|tw|hk|mo)", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:pdf|docx?|wps|xlsx?|et|csv|ods|odt|ofd|rtf|zip|rar|7z|jpe?g|png|tiff?)(?:[?#&]|$)", re.IGNORECASE
)
_ICON = re.compile(r"icon|ico[_/.]|logo|filetype|qrcode|ewm|/(?:doc|pdf|xls|zip|rar)x?\.(?:gif|png)", re.IGNORECASE)
_LONG_LINE = 40  # characters: no label is longer
_ADVICE = "The locator belongs to other bytes"
_PERSONAL = frozenset({"author", "editor", "generator", "creator", "progid", "originator"})


_CELLS = frozenset({"td", "th"})
_Rows = list[list[Element]]


@dataclass(frozen=True, slots=True)
class _Page:
    root: Element
    region: content.Region
    charset: str
    lossy: bool
    unstyled: bool


def read(data: bytes, hints: Hints) -> Document:
    """Read an HTML page. Never fails: a page without content has no blocks."""
    page = _load(data, hints)
    known = content.words()
    reader = _Reader(page.region)
    for element, number in content.around(page.root, page.region, known):
        if element is page.region.core:
            reader.walk(element)
        elif number is None:
            reader.table(element)
        else:
            lines = [piece for piece in dom.pieces(element) if isinstance(piece, str)]
            reader.blocks.append(Text(lines[number], _line_locator(element, number, len(lines)), _heading(element)))
    notices = list(reader.notices(page))
    return Document(
        media_type=MEDIA_TYPE,
        blocks=tuple(reader.blocks),
        meta=_meta(page.root),
        links=tuple(_links(page)),
        notices=tuple(notices),
        charset=page.charset,
        images=reader.images,
    )


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The raw text at an ``html`` locator.

    Raises:
        LocatorError: the path leads to nothing in these bytes.
    """
    root = _load(data, hints).root
    path, line = str(locator.get("path") or ""), locator.get("line")
    element = dom.find(root, path)
    if element is None:
        raise LocatorError("no element stands at this path", subject=path, advice=_ADVICE)
    if line is not None:
        lines = [piece for piece in dom.pieces(element) if isinstance(piece, str)]
        if not isinstance(line, int) or not 0 <= line < len(lines):
            raise LocatorError(f"the element has no line {line}", subject=path)
        return lines[line]
    cell = locator.get("row") is not None
    return dom.plain_text(element, nested_tables=element.tag not in {"td", "th"}, controls=cell)


def _load(data: bytes, hints: Hints) -> _Page:
    return _loaded(data, hints.charset)


@functools.lru_cache(maxsize=2)  # the second look is `resolve`, once for every cell of the same page
def _loaded(data: bytes, label: str | None) -> _Page:
    head = data[:16384]
    declared = [label]
    for pattern in (_META_CHARSET, _XML_CHARSET):
        declared += [match.decode("ascii", "replace") for match in pattern.findall(head)]
    if _TRADITIONAL.search(head):
        declared.append("big5")
    decoded = charset.decode(data, declared)
    page = tree.load(decoded.text)
    found = content.find(page.root, content.words())
    return _Page(page.root, found, decoded.charset, decoded.lossy, page.unstyled)


def _line_locator(element: Element, number: int, count: int) -> Locator:
    return Locator.of("html", path=element.path(), line=number if count > 1 or element.has_block else None)


def _heading(element: Element) -> int | None:
    return int(element.tag[1]) if re.fullmatch("h[1-6]", element.tag) else None


class _Reader:
    """Walks the content and collects blocks."""

    def __init__(self, found: content.Region) -> None:
        self.blocks: list[Block] = []
        self.images = 0
        self._region = found
        self._tables = 0
        self._known = content.words()

    def walk(self, container: Element) -> None:
        """Append the blocks of an element, in reading order."""
        if container.tag == "table":
            self.table(container)
            return
        boxes = rows_of(container)
        if boxes:
            self._ragged(container, boxes)
            return
        self._count_images(container)
        items = list(dom.pieces(container))
        count = sum(isinstance(item, str) for item in items)
        number = 0
        for item in items:
            if isinstance(item, str):
                if item.strip():
                    locator = _line_locator(container, number, count)
                    self.blocks.append(Text(item, locator, _heading(container)))
                number += 1
            elif not content.is_boilerplate(item, self._region):
                self.walk(item)

    def table(self, table: Element) -> None:
        """Append a table, or the blocks inside when the table only lays out the page."""
        groups = list(_groups(table))
        whole = _is_whole_report(groups, self._known)
        if _is_layout(groups, self._known, whole=whole):
            for group in groups:
                for row in group:
                    for cell in row:
                        self.walk(cell)
            return
        if whole:
            self._whole_report(table, groups)
        else:
            self._grid(table, groups)

    def _whole_report(self, table: Element, groups: list[_Rows]) -> None:
        """A table whose full-width rows are headings and prose: these become text, the rows between them tables."""
        rows = [row for group in groups for row in group]
        run: list[list[Element]] = []
        for row in rows:
            if _is_text_row(row, self._known):
                self._grid(table, [run])
                run = []
                self.walk(row[0])
            else:
                run.append(row)
        self._grid(table, [run])

    def _grid(self, table: Element, groups: list[_Rows]) -> None:
        number = self._tables
        self._tables += 1
        later: list[Element] = []
        rows = [[[entry for cell in row for entry in _entries(cell, later)] for row in group] for group in groups]
        path = table.path()
        cells = tuple(
            Cell(
                text=dom.plain_text(placed.content, nested_tables=False, controls=True),
                row=placed.row,
                column=placed.column,
                row_span=placed.row_span,
                column_span=placed.column_span,
                header=placed.content.tag == "th",
                locator=Locator.of(
                    "html", path=placed.content.path(), table=number, row=placed.row, column=placed.column
                ),
            )
            for placed in table_grid.place(rows)
        )
        caption = next((element for element in table.elements() if element.tag == "caption"), None)
        if cells:
            self._count_images(table)
            self.blocks.append(
                Table(
                    cells,
                    Locator.of("html", path=path, table=number),
                    caption=dom.plain_text(caption) if caption else None,
                )
            )
        for nested in later:
            self.table(nested)

    def _ragged(self, container: Element, rows: _Rows) -> None:
        number = self._tables
        self._tables += 1
        cells = tuple(
            Cell(
                dom.plain_text(box, controls=True),
                row,
                column,
                Locator.of("html", path=box.path(), table=number, row=row, column=column),
            )
            for row, boxes in enumerate(rows)
            for column, box in enumerate(boxes)
        )
        self.blocks.append(Table(cells, Locator.of("html", path=container.path(), table=number), ragged=True))

    def notices(self, page: _Page) -> Iterator[Notice]:
        """What a person should know about how this page was read."""
        if page.lossy:
            yield Notice("undecodable_bytes", f"some bytes are not valid {page.charset}; they are shown as U+FFFD")
        yield from _unread(page)
        if page.unstyled:
            yield Notice("styles_not_applied", "the page has too many style rules: text that they hide was read")
        if page.region.revealed:
            yield Notice("hidden_content", "the page hides its content until a script runs; it was read nevertheless")
        weight = page.region.weights[page.root]
        has_data = any(isinstance(block, Table) and len(block.cells) > 3 for block in self.blocks)
        if self.images and not has_data:
            yield Notice(
                "tables_may_be_images",
                f"the content has {self.images} picture(s) and no table: figures may stand in the pictures",
            )
        if not weight.characters:
            yield Notice("no_text", "the page holds no text: it may be drawn by a script and needs the browser")

    def _count_images(self, container: Element) -> None:
        elements = container.descend() if container.tag == "table" else dom.inline_elements(container)
        for element in elements:
            if element.tag == "img" and not _is_icon(element):
                self.images += 1


def _unread(page: _Page) -> Iterator[Notice]:
    """Text in the cells of tables that is struck through or hidden by the page: a reader does not see it."""
    first: Element | None = None
    cells: set[Element] = set()
    for element in page.root.everything():
        if not element.hidden or element.tag == "rp" or not dom.holds_text(element):
            continue
        cell = element if element.tag in _CELLS else next((up for up in element.ancestors() if up.tag in _CELLS), None)
        if cell is not None and page.region.core in cell.ancestors():
            first = first or cell
            cells.add(cell)
    if first is not None:
        message = f"{len(cells)} cell(s) hold text that is struck through or not shown; it was not read"
        yield Notice("text_not_shown", message, Locator.of("html", path=first.path()))


def _is_icon(image: Element) -> bool:
    sizes = [re.match(r"\s*(\d+)", image.attributes.get(side, "")) for side in ("width", "height")]
    if any(size is not None and int(size.group(1)) <= 48 for size in sizes):
        return True
    return _ICON.search(image.attributes.get("src", "")) is not None


def _groups(table: Element) -> Iterator[_Rows]:
    loose: list[list[Element]] = []
    for child in table.elements():
        if child.hidden:
            continue
        if child.tag in {"thead", "tbody", "tfoot"}:
            if loose:
                yield loose
                loose = []
            yield [_cells(row) for row in child.elements() if row.tag == "tr" and not row.hidden]
        elif child.tag == "tr":
            loose.append(_cells(child))
    if loose:
        yield loose


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row.elements() if cell.tag in {"td", "th"} and not cell.hidden]


def _tables_in(cell: Element) -> list[Element]:
    found: list[Element] = []
    stack = [cell]
    while stack:
        for child in stack.pop().elements():
            if child.tag == "table" and not child.hidden:
                found.append(child)
            elif not child.hidden:
                stack.append(child)
    return found


def _is_layout(groups: list[_Rows], known: content.Words, *, whole: bool) -> bool:
    """A table that lays out the page: its cells are containers, not values."""
    cells = [cell for group in groups for row in group for cell in row]
    if not cells:
        return True
    rows = [row for group in groups for row in group if row]
    if whole:
        return False
    texts = [dom.plain_text(cell, nested_tables=False) for cell in cells]
    short = [text for text in texts if text.strip() and len(text) <= 60]
    if len(short) >= 8 and known.is_report_table("\n".join(short)):
        return False  # one long remark does not make a form a layout
    values = 0
    for text in texts:
        lines = [line for line in text.split("\n") if line.strip()]
        if any(known.is_heading(line) for line in lines) and (len(lines) > 2 or len(cells) == 1):
            return True
        if len(text) > 600 or sum(known.is_prose(line) for line in lines) > 3:
            return True
        values += bool(lines)
    nested = [table for cell in cells for table in _tables_in(cell)]
    if nested:
        # Two or more rows with text of their own beside the nested tables make a table of data.
        own = sum(sum(bool(dom.plain_text(cell, nested_tables=False).strip()) for cell in row) >= 1 for row in rows)
        return own < 2 or values < 4
    return len(cells) == 1 and "\t" not in dom.plain_text(cells[0])


def _is_text_row(row: list[Element], known: content.Words) -> bool:
    if len(row) != 1 or _tables_in(row[0]):
        return False
    lines = [line.strip() for line in dom.plain_text(row[0]).split("\n") if line.strip()]
    return any(known.is_heading(line) or is_headline(line) or _is_sentence(line, known) for line in lines)


def _is_sentence(line: str, known: content.Words) -> bool:
    return known.is_prose(line) and (len(line) > _LONG_LINE or line.endswith("。"))


def _is_whole_report(groups: list[_Rows], known: content.Words) -> bool:
    """Title, headings, prose and figures as rows of one table; rows of figures alone are an ordinary one.

    So are sheets that were saved as a page.
    """
    rows = [row for group in groups for row in group if row]
    texts = [row for row in rows if _is_text_row(row, known)]
    prose = [row for row in texts if any(map(known.is_prose, dom.plain_text(row[0]).split("\n")))]
    if len(rows) - len(texts) < 2:
        return False
    if len(texts) >= 3 and prose:
        return True
    titled = sum(is_headline(dom.plain_text(row[0]).strip()) for row in texts) == 1
    others = [dom.plain_text(cell) for row in rows if row not in texts for cell in row]
    return titled and known.is_report_table("\n".join(others))


def _entries(cell: Element, later: list[Element]) -> Iterator[tuple[Element, str | None, str | None]]:
    """A cell as it enters the grid; one row nested in a cell takes its place, bigger tables follow the outer one."""
    rowspan, colspan = cell.attributes.get("rowspan"), cell.attributes.get("colspan")
    nested = _tables_in(cell)
    if len(nested) == 1:
        rows = [row for group in _groups(nested[0]) for row in group if row]
        if len(rows) == 1 and not any(_tables_in(inner) for inner in rows[0]):
            if dom.plain_text(cell, nested_tables=False).strip():
                yield cell, rowspan, None
            for inner in rows[0]:
                yield inner, rowspan, inner.attributes.get("colspan")
            return
    later.extend(nested)
    yield cell, rowspan, colspan


def _meta(root: Element) -> dict[str, str]:
    """Facts of the head: ``<meta name>`` (also ``property``) and the title; persons' names are left out."""
    meta: dict[str, str] = {}
    stack = [root]
    while stack:
        element = stack.pop()
        stack.extend(reversed(list(element.elements())))
        if element.tag == "meta":
            name = (element.attributes.get("name") or element.attributes.get("property") or "").strip().lower()
            content = element.attributes.get("content", "").strip()
            if name and content and name not in _PERSONAL:
                meta.setdefault(name, content)
        elif element.tag == "title" and "title" not in meta:
            text = " ".join("".join(child for child in element.children if isinstance(child, str)).split())
            if text:
                meta["title"] = text
    return meta


def _links(page: _Page) -> Iterator[Link]:
    inside = set(page.region.core.descend())
    for element in page.root.everything():
        # Viewers embed the file itself: <iframe src="viewer.html?file=report.pdf">, <embed src>, <object data>.
        name = {"a": "href", "iframe": "src", "embed": "src", "object": "data"}.get(element.tag)
        href = element.attributes.get(name, "").strip() if name else ""
        if name != "href" and not _FILE.search(href):
            continue
        if not href or href.lower().startswith(("javascript:", "#", "mailto:")):
            continue
        if element in inside or _FILE.search(href):
            text = dom.plain_text(element) if element.tag == "a" else ""
            yield Link(text, href, Locator.of("html", path=element.path()))
