"""PDF files as documents: ruled tables joined over page breaks, text around them in paragraphs.

Tables are found by their rules with pdfplumber. Two measures make that exact on the files agencies publish: shading
(filled rectangles that are no lines) is taken out before lines are looked for, and tables are joined over page breaks
even where the two parts have different columns. What stands outside of cells is cut into lines and joined to
paragraphs; page numbers and running heads are dropped. Pages without rules keep wide gaps as cell boundaries.

Document properties are not read: they name persons, and their dates and titles are unreliable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.document import Block, Cell, Document, Locator, Notice, Table, Text
from parsers.errors import LocatorError
from parsers.formats.pdf import file, two_up
from parsers.formats.pdf.grids import join_cells
from parsers.formats.pdf.layout import assemble
from parsers.formats.pdf.page import FIGURE, Box, Grid, Line, Page, Paragraph
from parsers.formats.pdf.paragraphs import join_lines
from parsers.record import Hints

MEDIA_TYPE = "application/pdf"

_LAST_BYTES = 2048  # within which a whole file ends with %%EOF
_NAMED_PAGES = 20  # that a notice names
_A_TEXT = 50  # letters: so many, and no Chinese one, come from fonts that do not say which letters they are
_CHINESE = re.compile("[㐀-鿿]")
_ROWS = 3  # lines of figures: so many make a table, be it one without rules


def read(data: bytes, hints: Hints) -> Document:
    """Read a PDF.

    Raises:
        UnreadableDocument: encrypted, damaged beyond repair, or no PDF.
    """
    pages = file.open_pages(data, hints.url or "")
    notices = tuple(_find_notices(pages, is_whole=b"%%EOF" in data[-_LAST_BYTES:]))
    blocks: list[Block] = []
    tables = 0
    for part in assemble(tuple(two_up.halves(pages))):
        if isinstance(part, Paragraph):
            blocks.append(Text(part.text, _locator(part.places)))
            continue
        blocks.append(_make_table(part, tables))
        tables += 1
    return Document(
        media_type=MEDIA_TYPE,
        blocks=tuple(blocks),
        notices=notices,
        images=sum(page.pictures for page in pages),
    )


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The raw text at a ``pdf`` locator.

    Raises:
        LocatorError: no such page, or the box holds what no reading of this file puts there.
        UnreadableDocument: the bytes cannot be opened.
    """
    pages = file.open_pages(data, hints.url or "")
    number, box, more = locator.get("page"), locator.get("box"), locator.get("more")
    named = [(number, box), *((place["page"], place["box"]) for place in more or ())]
    places: list[tuple[Page, Box]] = []
    for on_page, corners in named:
        if not isinstance(on_page, int) or not 1 <= on_page <= len(pages) or len(corners) != 4:
            raise LocatorError("there is no such place in the file", subject=f"page {on_page}")
        places.append((pages[on_page - 1], (corners[0], corners[1], corners[2], corners[3])))
    cells = [page.cell_at(corners) for page, corners in places]
    if None not in cells:
        return join_cells([cell.text for cell in cells if cell is not None])
    lines: list[Line] = []
    for page, corners in places:
        lines.extend(page.lines_in(corners))
    if not lines:
        raise LocatorError(
            "nothing stands in this box", subject=f"page {number}", advice="The locator belongs to other bytes"
        )
    return join_lines(lines)


def _locator(places: Sequence[tuple[int, Box]], **position: int) -> Locator:
    (page, box), *rest = places
    more = [{"page": number, "box": list(corners)} for number, corners in rest]
    return Locator.of("pdf", page=page, box=list(box), more=more or None, **position)


def _make_table(grid: Grid, number: int) -> Table:
    cells: list[Cell] = []
    for cell in grid.cells:
        locator = _locator(cell.places, table=number, row=cell.row, column=cell.column)
        cells.append(
            Cell(
                text=cell.text,
                row=cell.row,
                column=cell.column,
                row_span=cell.row_span,
                column_span=cell.column_span,
                locator=locator,
            )
        )
    return Table(tuple(cells), _locator(grid.places, table=number), ragged=grid.ragged)


def _find_notices(pages: Sequence[Page], *, is_whole: bool) -> Iterator[Notice]:
    """What a person should know about how this file was read."""
    yield from _notice_missing_text(pages)
    yield from _notice_unknown_letters(pages)
    yield from _notice_text_aside(pages)
    yield from _notice_missing_rules(pages)
    if any(page.drawn_elsewhere for page in pages):
        yield Notice("form_elsewhere", "the file holds an XFA form, which viewers may draw in place of its pages")
    if not is_whole:
        yield Notice("cut_off", "the file does not end as a PDF does; pages may be missing")
    if len(pages) >= file.MAX_PAGES:
        yield Notice("long_document", f"only the first {file.MAX_PAGES} pages were read")


def _notice_missing_text(pages: Sequence[Page]) -> Iterator[Notice]:
    """Pages that are pictures, or nothing at all."""
    scanned = [page.number for page in pages if not page.characters and page.pictures]
    printed = [page.number for page in pages if page.characters or page.pictures]
    if scanned and len(scanned) == len(printed):
        yield Notice("scan_without_text", "the pages are pictures without text; they need character recognition")
    elif scanned:
        message = f"page(s) {_name_pages(scanned)} are pictures without text; what stands there was not read"
        yield Notice("scan_without_text", message)
    elif not any(page.characters for page in pages):
        yield Notice("no_text", "the file holds neither text nor pictures")


def _notice_unknown_letters(pages: Sequence[Page]) -> Iterator[Notice]:
    """Letters of fonts that do not say which they are."""
    printed = sum(page.characters for page in pages)
    unknown = sum(page.unknown for page in pages)
    if unknown:
        message = f"{unknown} of {printed} letters are of fonts that do not say which letters they are"
        yield Notice("letters_unknown", message)
        return
    written = "".join(line.text for page in pages for line in page.lines)
    written += "".join(cell.text for page in pages for table in page.tables for cell in table.cells)
    if len(written) >= _A_TEXT and not _CHINESE.search(written):
        yield Notice("letters_unknown", "none of the letters is Chinese: the fonts may not say which letters they are")


def _notice_text_aside(pages: Sequence[Page]) -> Iterator[Notice]:
    """Text that stands on its side, or is laid over the page."""
    turned = [page.number for page in pages if page.turned]
    if turned:
        yield Notice("text_turned", f"page(s) {_name_pages(turned)}: a part of the text stands on its side")
    laid_over = [page for page in pages if page.laid_over]
    if laid_over:
        numbers = _name_pages([page.number for page in laid_over])
        texts = "; ".join(dict.fromkeys(text for page in laid_over for text in page.laid_over))
        yield Notice("text_laid_over", f"page(s) {numbers}: text laid over the page was not read: {texts[:80]}")


def _notice_missing_rules(pages: Sequence[Page]) -> Iterator[Notice]:
    """Rows of figures in a file without any ruled table."""
    if any(page.tables for page in pages):
        return
    rows = 0
    for page in pages:
        rows += sum(any(FIGURE.fullmatch(text) for text, _ in line.segments[1:]) for line in page.lines)
    if rows >= _ROWS:
        yield Notice("no_rules", f"{rows} lines of figures stand without rules; gaps alone tell their cells apart")


def _name_pages(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:_NAMED_PAGES]))
