"""PDF files as documents: ruled tables stitched over page breaks, text around them in paragraphs.

Tables are found by their rules with pdfplumber. Two measures make that exact on the files agencies publish: shading
(filled rectangles that are no lines) is taken out before lines are looked for, and tables are joined over page breaks
even where the two parts have different columns. What stands outside of cells is cut into lines and joined to
paragraphs; page numbers and running heads are dropped. Pages without rules keep wide gaps as cell boundaries.

pdfminer unpacks a stream whole, and 2,000 bytes can stand for a gigabyte: its zlib is replaced by one that stops.

Document properties are not read: they name persons, and their dates and titles are unreliable.
"""

from __future__ import annotations

import functools
import io
import itertools
import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pdfplumber
import pdfplumber.page
import pdfplumber.utils
from pdfminer import pdftypes
from pdfplumber.table import TableFinder

from parsers.characters import fold_radicals
from parsers.document import Block, Cell, Document, Locator, Notice, Table, Text
from parsers.errors import LocatorError, UnreadableDocument
from parsers.formats.pdf import layout, letters, paint, ruled_cells, two_up, watermarks, wide_numbers
from parsers.formats.pdf.grids import build_grid, join_cells
from parsers.formats.pdf.line_numbers import line_numbers
from parsers.formats.pdf.margins import ZONE, cleared
from parsers.formats.pdf.page import Box, Edge, Grid, Line, Page, Paragraph, Piece
from parsers.formats.pdf.paragraphs import join_lines
from parsers.record import Hints

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 400  # ten times the longest report seen
MAX_STREAM = 256 * 1024 * 1024  # bytes; a page scanned at 600 dpi has half of it

_FACING = 0.6  # of the letters: a page of which so many stand on their side is turned
_FEW = 10  # letters that may stand on their side on any page
_FEW_DIGITS = 3
_THIN = 2.5  # points; rules are thinner, shading is thicker
_TOUCH = 3.0  # points: rules this close meet (pdfplumber's own tolerance)
_LONG_GAP = 1.8  # of the letter height: wider than any space between words
_A_TEXT = 50  # letters
_CHINESE = re.compile("[㐀-鿿]")
_ROWS = 3
_NUMBER = re.compile(r"[-+]?[0-9][0-9,.]*%?")
_LOG = logging.getLogger("pdfminer")


def read(data: bytes, hints: Hints) -> Document:
    """Read a PDF.

    Raises:
        UnreadableDocument: encrypted, damaged beyond repair, or no PDF.
    """
    found = _pages(data, hints.url or "")
    notices = list(_notices(found, whole=b"%%EOF" in data[-2048:]))
    blocks: list[Block] = []
    table_number = 0
    for part in layout.assemble(tuple(two_up.halves(found))):
        if isinstance(part, Paragraph):
            blocks.append(Text(part.text, _locator(part.places)))
            continue
        blocks.append(_table(part, table_number))
        table_number += 1
    return Document(
        media_type=MEDIA_TYPE,
        blocks=tuple(blocks),
        notices=tuple(notices),
        images=sum(page.pictures for page in found),
    )


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The raw text at a ``pdf`` locator.

    Raises:
        LocatorError: no such page, or the box holds what no reading of this file puts there.
        UnreadableDocument: the bytes cannot be opened.
    """
    found = _pages(data, hints.url or "")
    page, box, more = locator.get("page"), locator.get("box"), locator.get("more")
    places = [(page, box), *((place["page"], place["box"]) for place in more or ())]
    wanted: list[tuple[int, Box]] = []
    for number, corners in places:
        if not isinstance(number, int) or not 1 <= number <= len(found) or len(corners) != 4:
            raise LocatorError("there is no such place in the file", subject=f"page {number}")
        wanted.append((number, (corners[0], corners[1], corners[2], corners[3])))
    cells = [found[number - 1].cell_at(box) for number, box in wanted]
    if None not in cells:
        return join_cells([cell.text for cell in cells if cell is not None])
    lines = [line for number, box in wanted for line in found[number - 1].lines_in(box)]
    if not lines:
        raise LocatorError(
            "nothing stands in this box", subject=f"page {page}", advice="The locator belongs to other bytes"
        )
    return join_lines(lines)


def _locator(places: Sequence[tuple[int, Box]], **position: int) -> Locator:
    (page, box), *rest = places
    more = [{"page": number, "box": list(corners)} for number, corners in rest]
    return Locator.of("pdf", page=page, box=list(box), more=more or None, **position)


def _table(part: Grid, number: int) -> Table:
    cells = tuple(
        Cell(
            text=piece.text,
            row=piece.row,
            column=piece.column,
            row_span=piece.row_span,
            column_span=piece.column_span,
            locator=_locator(piece.places, table=number, row=piece.row, column=piece.column),
        )
        for piece in part.cells
    )
    return Table(cells, _locator(part.places, table=number), ragged=part.ragged)


def _notices(found: Sequence[Page], *, whole: bool) -> Iterator[Notice]:
    scanned = [page.number for page in found if not page.characters and page.pictures]
    if scanned and len(scanned) == len([page for page in found if page.characters or page.pictures]):
        yield Notice("scan_without_text", "the pages are pictures without text; they need character recognition")
    elif scanned:
        named = ", ".join(map(str, scanned[:20]))
        yield Notice("scan_without_text", f"page(s) {named} are pictures without text; what stands there was not read")
    elif not any(page.characters for page in found):
        yield Notice("no_text", "the file holds neither text nor pictures")
    yield from _unreadable(found)
    if any(page.drawn_elsewhere for page in found):
        yield Notice("form_elsewhere", "the file holds an XFA form, which viewers may draw in place of its pages")
    if not whole:
        yield Notice("cut_off", "the file does not end as a PDF does; pages may be missing")
    if len(found) >= MAX_PAGES:
        yield Notice("long_document", f"only the first {MAX_PAGES} pages were read")


def _unreadable(found: Sequence[Page]) -> Iterator[Notice]:
    """Why text that a reader sees cannot be read, or not be told apart."""
    letters_all, unknown = sum(page.characters for page in found), sum(page.unknown for page in found)
    written = "".join(line.text for page in found for line in page.lines)
    written += "".join(cell.text for page in found for table in page.tables for cell in table.cells)
    if unknown:
        message = f"{unknown} of {letters_all} letters are of fonts that do not say which letters they are"
        yield Notice("letters_unknown", message)
    elif len(written) >= _A_TEXT and not _CHINESE.search(written):
        yield Notice("letters_unknown", "none of the letters is Chinese: the fonts may not say which letters they are")
    if turned := [str(page.number) for page in found if page.turned]:
        yield Notice("text_turned", f"page(s) {', '.join(turned[:20])}: a part of the text stands on its side")
    if over := [page for page in found if page.laid_over]:
        numbers = ", ".join(str(page.number) for page in over[:20])
        texts = "; ".join(dict.fromkeys(text for page in over for text in page.laid_over))
        yield Notice("text_laid_over", f"page(s) {numbers}: text laid over the page was not read: {texts[:80]}")
    rows = [line for page in found for line in page.lines if any(_NUMBER.fullmatch(t) for t, _ in line.segments[1:])]
    if len(rows) >= _ROWS and not any(page.tables for page in found):
        message = f"{len(rows)} lines of figures stand without rules; gaps alone tell their cells apart"
        yield Notice("no_rules", message)


@functools.lru_cache(maxsize=2)  # the second look is `resolve`, once for every cell of the same file
def _pages(data: bytes, subject: str) -> tuple[Page, ...]:
    _LOG.setLevel(logging.ERROR)  # it reports every font it has to guess
    problem: Exception | None = None
    for mend in (False, True):
        try:
            found = wide_numbers.joined(cleared(tuple(_read_pages(_repaired(data) if mend else data))))
        except Exception as error:  # pdfminer raises whatever a damaged object provokes
            if isinstance(error, _Encrypted) or "PasswordIncorrect" in repr(error):
                raise UnreadableDocument(
                    "the file is encrypted", subject=subject, advice="Ask for an open copy"
                ) from error
            if _TooLarge.__name__ in repr(error):
                raise UnreadableDocument(
                    "a stream unpacks to more than any report holds", subject=subject, advice="Look for a twin"
                ) from error
            problem = error
        else:
            if found:
                return found
    raise UnreadableDocument("the PDF is cut off or damaged", subject=subject, advice="Fetch it again") from problem


class _TooLarge(Exception):
    """A stream has more than `MAX_STREAM` bytes."""


class _Unpacker:
    """`zlib.decompressobj` that stops at `MAX_STREAM` bytes."""

    def __init__(self) -> None:
        self.inner = zlib.decompressobj()
        self._left = MAX_STREAM

    def decompress(self, data: bytes) -> bytes:
        unpacked = self.inner.decompress(data, self._left + 1)
        self._left -= len(unpacked)
        if self._left < 0:
            raise _TooLarge
        return unpacked


class _Zlib:
    """What pdfminer uses of `zlib`."""

    error = zlib.error
    decompressobj = _Unpacker

    @staticmethod
    def decompress(data: bytes) -> bytes:
        unpacker = _Unpacker()
        unpacked = unpacker.decompress(data)
        if not unpacker.inner.eof:
            raise zlib.error("incomplete or truncated stream")
        return unpacked


pdftypes.zlib = _Zlib  # type: ignore[attr-defined, assignment]  # it has no limit of its own


class _Encrypted(Exception):
    """PDFium cannot open the file without a password."""


def _repaired(data: bytes) -> bytes:
    """The file rewritten by PDFium, which mends broken cross-reference tables that pdfminer gives up on."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise _Encrypted from error
        raise
    try:
        buffer = io.BytesIO()
        document.save(buffer)
    finally:
        document.close()
    return buffer.getvalue()


def _read_pages(data: bytes) -> Iterator[Page]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        off = paint.switched_off(document.doc.catalog)
        for number, page in enumerate(document.pages[:MAX_PAGES], start=1):
            try:
                found = _read_page(page, number, off)
                found.drawn_elsewhere = number == 1 and _has_xfa(document.doc.catalog)
                yield found
            finally:
                page.close()  # drops the parsed objects: memory stays that of one page


def _has_xfa(catalog: Any) -> bool:
    """Whether a form of XML Forms Architecture stands beside the pages: viewers that know it draw it in their place."""
    form = pdftypes.resolve1(catalog.get("AcroForm"))
    return isinstance(form, dict) and bool(pdftypes.resolve1(form.get("XFA")))


def _read_page(page: Any, number: int, off: frozenset[int]) -> Page:
    paint.lay_out(page, off)
    if turn := _turned(page.chars):
        page = _turn(page, turn)
        paint.lay_out(page, off)
    noted, crossed = letters.of_annotations(page)
    printed = letters.once(letters.on_paper([*page.chars, *noted], page.cropbox if not page.rotation else page.bbox))
    laid = watermarks.aslant(printed)
    printed = [letter for index, letter in enumerate(printed) if index not in laid.letters]
    counted = line_numbers(printed)
    printed = [letter for index, letter in enumerate(printed) if index not in counted]
    gone, lines = letters.struck(printed, [*letters.strokes(page.lines, page.rects), *crossed])
    kept = [letter for index, letter in enumerate(printed) if index not in gone]
    characters = letters.with_marks(letters.named(watermarks.faint(kept)))
    found = Page(number, float(page.width), float(page.height), len(characters), _pictures(page))
    found.unknown = sum(not letters.known(letter) for letter in kept)
    found.laid_over = laid.texts
    aside = [letter["text"] for letter in kept if not letter["upright"]]
    found.turned = len(aside) > _FEW and sum(text.isdigit() for text in aside) >= _FEW_DIGITS
    if not characters:
        return found
    struck = set(lines)

    def is_rule(item: dict[str, Any]) -> bool:
        place = (float(item["x0"]), float(item["x1"]), float(item["top"] + item["bottom"]) / 2)
        return _is_no_shading(item) and place not in struck

    beside = ruled_cells.Beside(ruled_cells.drawn_on(page), [printed[index] for index in gone], laid.doubtful)
    inside: set[int] = set()
    held: list[tuple[int, Piece]] = []
    for table in _tables(page.filter(is_rule)):
        pieces = ruled_cells.pieces(table.cells, table.bbox, characters, inside, beside)
        if sum(bool(piece.text.strip()) for piece in pieces) >= 2:
            held += [(len(found.tables), piece) for piece in pieces]
            found.tables.append(build_grid(number, pieces))
        else:
            for piece in pieces:  # a frame around text is no table
                inside.difference_update(piece.characters)
    over = inside.difference(*(piece.characters for _, piece in held))
    found.laid_over += ("".join(characters[index]["text"] for index in sorted(over)),) if over else ()
    loose = [character for index, character in enumerate(characters) if index not in inside]
    found.lines.extend(_lines(loose, number))
    found.edges.extend(_edges(found, characters, held))
    return found


def _edges(page: Page, characters: Sequence[dict[str, Any]], held: Sequence[tuple[int, Piece]]) -> Iterator[Edge]:
    """The first and the last line of a page where they stand in its margins, and in which cell."""
    low, high = (1 - ZONE) * page.height, ZONE * page.height
    printed = [(index, letter) for index, letter in enumerate(characters) if letter["text"].strip()]
    above = [(index, letter) for index, letter in printed if letter["bottom"] < high]
    below = [(index, letter) for index, letter in printed if letter["top"] > low]
    for zone, far in ((above, min), (below, max)):
        if not zone:
            continue
        level = far(letter["top"] for _, letter in zone)
        line = {index for index, letter in zone if abs(letter["top"] - level) < letter["size"] / 2}
        letters_of = [characters[index] for index in sorted(line)]
        text, box = pdfplumber.utils.extract_text(letters_of), _box(letters_of)
        around = next(((table, piece) for table, piece in held if line <= set(piece.characters)), None)
        if around is None:
            yield Edge(page.number, text, box)
            continue
        table, piece = around
        rest = [characters[index] for index in piece.characters if index not in line]
        cells = page.tables[table].cells
        at = next(at for at, cell in enumerate(cells) if cell.places[0][1] == piece.box)
        yield Edge(page.number, text, box, (table, at), fold_radicals(pdfplumber.utils.extract_text(rest)))


def _turned(characters: Sequence[dict[str, Any]]) -> int:
    """By how many degrees, clockwise, a page must be turned so that most of its letters stand upright."""
    facing = Counter(_direction(letter["matrix"]) for letter in characters if letter["text"].strip())
    if sum(facing.values()) <= _FEW:
        return 0
    direction, count = facing.most_common(1)[0]
    return direction if count >= _FACING * sum(facing.values()) else 0


def _direction(matrix: Sequence[float]) -> int:
    along, up = matrix[0], matrix[1]
    if abs(along) >= abs(up):
        return 0 if along >= 0 else 180
    return 90 if up > 0 else 270


def _turn(page: Any, turn: int) -> Any:
    """The page shown turned, as if its ``/Rotate`` said so."""
    entry = page.page_obj
    entry.rotate = (int(entry.rotate or 0) + turn) % 360
    entry.attrs["Rotate"] = entry.rotate
    turned = pdfplumber.page.Page(page.pdf, entry, page.page_number, page.initial_doctop)
    page.close()
    return turned


def _tables(page: Any) -> list[Any]:
    """The ruled tables, after sides that nobody drew are closed.

    Browsers leave out the lower rule of a cell that goes on over the page break, and the upper one on the next page;
    some forms are open to the left and right. Rules that touch belong to one table, and a table is a rectangle.
    """
    finder = TableFinder(page)
    upright, level = [], []
    for group in _touching(finder.edges):
        sides = [_corner(edge) for edge in group]
        x0, top = min(side[0] for side in sides), min(side[1] for side in sides)
        x1, bottom = max(side[2] for side in sides), max(side[3] for side in sides)
        columns = {round(side[0]) for edge, side in zip(group, sides, strict=True) if edge["orientation"] == "v"}
        rows = {round(side[1]) for edge, side in zip(group, sides, strict=True) if edge["orientation"] == "h"}
        if len(columns) < 2 or len(rows) < 2:
            continue
        upright += [_rule(x, top, x, bottom) for x in (x0, x1)]
        level += [_rule(x0, y, x1, y) for y in (top, bottom)]
    if not upright:
        return list(finder.tables)
    found: list[Any] = page.find_tables({"explicit_vertical_lines": upright, "explicit_horizontal_lines": level})
    return found


def _touching(edges: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rules in groups that hang together."""
    groups: list[tuple[list[dict[str, Any]], list[Box]]] = []
    for edge in edges:
        box = _corner(edge)
        near = [group for group in groups if any(_meet(box, other) for other in group[1])]
        joined: tuple[list[dict[str, Any]], list[Box]] = ([edge], [box])
        for group in near:
            joined[0].extend(group[0])
            joined[1].extend(group[1])
        groups = [group for group in groups if not any(group is other for other in near)]
        groups.append(joined)
    return [members for members, _ in groups]


def _corner(edge: dict[str, Any]) -> Box:
    return float(edge["x0"]), float(edge["top"]), float(edge["x1"]), float(edge["bottom"])


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] <= other[2] + _TOUCH
        and other[0] <= one[2] + _TOUCH
        and one[1] <= other[3] + _TOUCH
        and other[1] <= one[3] + _TOUCH
    )


def _rule(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    place = {"x0": x0, "x1": x1, "top": top, "bottom": bottom}
    return {"object_type": "line", **place, "width": x1 - x0, "height": bottom - top}


def _is_no_shading(item: dict[str, Any]) -> bool:
    if item["object_type"] != "rect" or item["width"] < _THIN or item["height"] < _THIN:
        return True
    return bool(item.get("stroke")) and not item.get("fill")


def _pictures(page: Any) -> int:
    area = float(page.width) * float(page.height)
    return sum(abs(image["width"] * image["height"]) > 0.02 * area for image in page.images)


def _lines(characters: list[dict[str, Any]], number: int) -> list[Line]:
    words = pdfplumber.utils.extract_words(characters, keep_blank_chars=False, extra_attrs=["upright"])
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: ((w["top"] + w["bottom"]) / 2, w["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][0]["top"] <= middle <= rows[-1][0]["bottom"] and word["top"] < rows[-1][-1]["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    lines: list[Line] = []
    for row in rows:
        row.sort(key=lambda w: w["x0"])
        height = max(w["bottom"] - w["top"] for w in row)
        segments: list[list[dict[str, Any]]] = [[row[0]]]
        numbers = [_NUMBER.fullmatch(word["text"]) is not None for word in row]
        figures = len(row) - (numbers[::-1].index(False) if False in numbers else len(row))  # where they begin
        for place, (before, word) in enumerate(itertools.pairwise(row), start=1):
            # A row of figures at the end of a line: each is a cell, however narrow the column.
            apart = len(row) - figures >= 3 and place >= figures
            if apart or word["x0"] - before["x1"] > _LONG_GAP * height:
                segments.append([word])
            else:
                segments[-1].append(word)
        lines.append(
            Line(
                page=number,
                segments=tuple((fold_radicals(" ".join(w["text"] for w in part)), _box(part)) for part in segments),
                box=_box(row),
            )
        )
    return lines


def _box(words: list[dict[str, Any]]) -> Box:
    return (
        round(float(min(w["x0"] for w in words)), 2),
        round(float(min(w["top"] for w in words)), 2),
        round(float(max(w["x1"] for w in words)), 2),
        round(float(max(w["bottom"] for w in words)), 2),
    )
