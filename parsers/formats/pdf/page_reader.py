"""One page of a PDF to a `Page`: which of its letters are read, and in which cell or line they stand.

The order of the steps matters. A page that lies on its side is turned first. Letters are counted once before watermarks
are looked for (a shadow is a letter printed twice), and line numbers are taken out before struck letters are (their
column is crossed by the frame). Rules that strike letters are none of a table.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pdfplumber.page
import pdfplumber.utils

from parsers.characters import fold_radicals
from parsers.formats.pdf import letters, paint, ruled_cells, ruled_tables, watermarks
from parsers.formats.pdf.grids import build_grid
from parsers.formats.pdf.letters import Letter, Stroke
from parsers.formats.pdf.line_numbers import line_numbers
from parsers.formats.pdf.margins import ZONE
from parsers.formats.pdf.page import FIGURE, Box, Edge, Grid, Line, Page, Piece

_FACING = 0.6  # of the letters: a page of which so many stand on their side is turned
_FEW = 10  # letters that may stand on their side on any page
_FEW_DIGITS = 3
_LONG_GAP = 1.8  # of the letter height: wider than any space between words
_ROW_OF_FIGURES = 3  # numbers at the end of a line: each is a cell, however narrow the gaps between them
_SMALL_PICTURE = 0.02  # of the page: a smaller one is a seal or a logo


@dataclass(frozen=True, slots=True)
class _Ink:
    """The letters of a page, sorted by what a reader does with them.

    Attributes:
        read: those that are read.
        unknown: how many of them are of fonts that do not say which they are.
        struck: those that are struck through.
        strikes: the lines that strike them.
        across: text laid across the page.
        is_turned: a part of the text stands on its side, with figures in it.
    """

    read: list[Letter]
    unknown: int
    struck: list[Letter]
    strikes: frozenset[Stroke]
    across: watermarks.Aslant
    is_turned: bool


@dataclass(frozen=True, slots=True)
class _Tables:
    """The ruled tables of a page.

    Attributes:
        grids: one for each.
        pieces: all cells, each with the number of its table.
        letters: which letters of the page stand in tables, by index.
    """

    grids: list[Grid]
    pieces: list[tuple[int, Piece]]
    letters: set[int]


def read_page(page: Any, number: int, switched_off: frozenset[int]) -> Page:
    """Read one page.

    Args:
        page: pdfplumber's page.
        number: from 1.
        switched_off: layers that are not shown (`paint.switched_off`).
    """
    page = _set_upright(page, switched_off)
    ink = _sort_letters(page)
    found = Page(number, float(page.width), float(page.height), len(ink.read), _count_pictures(page))
    found.unknown = ink.unknown
    found.laid_over = ink.across.texts
    found.turned = ink.is_turned
    if not ink.read:
        return found
    tables = _read_tables(page, number, ink)
    found.tables.extend(tables.grids)
    # Letters that stand in a table and in none of its cells were taken out of them: text laid over the table.
    over = tables.letters.difference(*(piece.characters for _, piece in tables.pieces))
    if over:
        found.laid_over += ("".join(ink.read[index]["text"] for index in sorted(over)),)
    loose = [letter for index, letter in enumerate(ink.read) if index not in tables.letters]
    found.lines.extend(_read_lines(loose, number))
    found.edges.extend(_read_edges(found, ink.read, tables.pieces))
    return found


def _set_upright(page: Any, switched_off: frozenset[int]) -> Any:
    """The page laid out, turned where most of its letters stand on their side."""
    paint.lay_out(page, switched_off)
    turn = _find_turn(page.chars)
    if turn:
        page = _turn(page, turn)
        paint.lay_out(page, switched_off)
    return page


def _sort_letters(page: Any) -> _Ink:
    noted, crossed = letters.of_annotations(page)
    paper = page.bbox if page.rotation else page.cropbox
    printed = letters.once(letters.on_paper([*page.chars, *noted], paper))
    across = watermarks.aslant(printed)
    printed = _without(printed, across.letters)
    printed = _without(printed, line_numbers(printed))
    struck, strikes = letters.struck(printed, [*letters.strokes(page.lines, page.rects), *crossed])
    kept = _without(printed, struck)
    aside = [letter["text"] for letter in kept if not letter["upright"]]
    return _Ink(
        read=letters.with_marks(letters.named(watermarks.faint(kept))),
        unknown=sum(not letters.known(letter) for letter in kept),
        struck=[printed[index] for index in struck],
        strikes=frozenset(strikes),
        across=across,
        is_turned=len(aside) > _FEW and sum(text.isdigit() for text in aside) >= _FEW_DIGITS,
    )


def _without(printed: Sequence[Letter], taken: set[int] | frozenset[int]) -> list[Letter]:
    return [letter for index, letter in enumerate(printed) if index not in taken]


def _read_tables(page: Any, number: int, ink: _Ink) -> _Tables:
    """The ruled tables; a frame around text, with one cell that holds anything, is none."""

    def is_rule(item: dict[str, Any]) -> bool:
        place = (float(item["x0"]), float(item["x1"]), float(item["top"] + item["bottom"]) / 2)
        return not ruled_tables.is_shading(item) and place not in ink.strikes

    beside = ruled_cells.Beside(ruled_cells.drawn_on(page), ink.struck, ink.across.doubtful)
    found = _Tables([], [], set())
    for table in ruled_tables.find_tables(page.filter(is_rule)):
        pieces = ruled_cells.pieces(table.cells, table.bbox, ink.read, found.letters, beside)
        if sum(bool(piece.text.strip()) for piece in pieces) < 2:
            for piece in pieces:
                found.letters.difference_update(piece.characters)
            continue
        found.pieces.extend((len(found.grids), piece) for piece in pieces)
        found.grids.append(build_grid(number, pieces))
    return found


def _read_edges(page: Page, characters: Sequence[Letter], pieces: Sequence[tuple[int, Piece]]) -> Iterator[Edge]:
    """The first and the last line of a page where they stand in its margins, and in which cell."""
    low, high = (1 - ZONE) * page.height, ZONE * page.height
    printed = [(index, letter) for index, letter in enumerate(characters) if letter["text"].strip()]
    above = [(index, letter) for index, letter in printed if letter["bottom"] < high]
    below = [(index, letter) for index, letter in printed if letter["top"] > low]
    for margin, outermost in ((above, min), (below, max)):
        if not margin:
            continue
        level = outermost(letter["top"] for _, letter in margin)
        line = {index for index, letter in margin if abs(letter["top"] - level) < letter["size"] / 2}
        line_letters = [characters[index] for index in sorted(line)]
        text, box = pdfplumber.utils.extract_text(line_letters), _box_around(line_letters)
        holding = next(((table, piece) for table, piece in pieces if line <= set(piece.characters)), None)
        if holding is None:
            yield Edge(page.number, text, box)
            continue
        table, piece = holding
        cell = next(at for at, cell in enumerate(page.tables[table].cells) if cell.places[0][1] == piece.box)
        rest = [characters[index] for index in piece.characters if index not in line]
        yield Edge(page.number, text, box, (table, cell), fold_radicals(pdfplumber.utils.extract_text(rest)))


def _find_turn(characters: Sequence[Letter]) -> int:
    """By how many degrees, clockwise, a page must be turned so that most of its letters stand upright."""
    facing = Counter(_direction(letter["matrix"]) for letter in characters if letter["text"].strip())
    if facing.total() <= _FEW:
        return 0
    direction, count = facing.most_common(1)[0]
    return direction if count >= _FACING * facing.total() else 0


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


def _count_pictures(page: Any) -> int:
    area = float(page.width) * float(page.height)
    return sum(abs(image["width"] * image["height"]) > _SMALL_PICTURE * area for image in page.images)


def _read_lines(characters: list[Letter], number: int) -> list[Line]:
    """Letters outside of tables as lines, each cut into parts at its wide gaps."""
    words = pdfplumber.utils.extract_words(characters, keep_blank_chars=False, extra_attrs=["upright"])
    lines: list[Line] = []
    for row in _group_by_row(words):
        row.sort(key=lambda word: word["x0"])
        segments: list[tuple[str, Box]] = []
        for part in _cut_at_gaps(row):
            text = " ".join(word["text"] for word in part)
            segments.append((fold_radicals(text), _box_around(part)))
        lines.append(Line(page=number, segments=tuple(segments), box=_box_around(row)))
    return lines


def _group_by_row(words: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words that stand beside each other: the middle of each lies between top and bottom of the first."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (_middle(word), word["x0"])):
        row = rows[-1] if rows else None
        is_beside = row is not None and row[0]["top"] <= _middle(word) <= row[0]["bottom"]
        if row is not None and is_beside and word["top"] < row[-1]["bottom"]:
            row.append(word)
        else:
            rows.append([word])
    return rows


def _middle(word: dict[str, Any]) -> float:
    middle: float = (word["top"] + word["bottom"]) / 2
    return middle


def _cut_at_gaps(row: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The parts of a row between wide gaps; each figure of a row of figures at its end is a part of its own."""
    height = max(word["bottom"] - word["top"] for word in row)
    figures = list(itertools.takewhile(lambda word: FIGURE.fullmatch(word["text"]), reversed(row)))
    first_figure = len(row) - len(figures)
    parts: list[list[dict[str, Any]]] = [[row[0]]]
    for place, (before, word) in enumerate(itertools.pairwise(row), start=1):
        is_figure_of_row = len(figures) >= _ROW_OF_FIGURES and place >= first_figure
        if is_figure_of_row or word["x0"] - before["x1"] > _LONG_GAP * height:
            parts.append([word])
        else:
            parts[-1].append(word)
    return parts


def _box_around(words: Sequence[dict[str, Any]]) -> Box:
    """The box that goes into locators: hundredths of a point are more than any two readers differ by."""
    return (
        round(float(min(word["x0"] for word in words)), 2),
        round(float(min(word["top"] for word in words)), 2),
        round(float(max(word["x1"] for word in words)), 2),
        round(float(max(word["bottom"] for word in words)), 2),
    )
