"""What a page is made of: lines, ruled tables, what stands in its margins. Readers make it, `layout` joins pages.

Positions are points from the upper left corner of a page. PDF files and recognised scans have this in common.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Box = tuple[float, float, float, float]  # x0, top, x1, bottom
Place = tuple[int, Box]  # page from 1, box on it

PAGE_NUMBER = re.compile(
    r"[-—–－_·.\s]*(?:第\s*)?[0-9０-９]{1,4}(?:\s*[/／]\s*[0-9]{1,4})?(?:\s*页)?(?:\s*[，,/]?\s*共\s*[0-9]{1,4}\s*页)?[-—–－_·.\s]*"
)
"""A line that says which page this is."""

FIGURE = re.compile(r"[-+]?[0-9][0-9,.]*%?")
"""A word that is a figure, and none of a sentence."""

_SAME_PLACE = 0.02  # points: corners in locators are rounded to hundredths


@dataclass(frozen=True, slots=True)
class Line:
    """One line outside of tables; ``segments`` are its parts between wide gaps."""

    page: int
    segments: tuple[tuple[str, Box], ...]
    box: Box

    @property
    def text(self) -> str:
        """The line, wide gaps as tabs."""
        return "\t".join(text for text, _ in self.segments)

    @property
    def height(self) -> float:
        """Height of its letters."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell on one page: its text, its box, and which characters of the page stand in it."""

    text: str
    box: Box
    characters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table; ``places`` are its boxes, more than one when a page break cuts it."""

    text: str
    row: int
    column: int
    row_span: int
    column_span: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, on one page or over several.

    Attributes:
        edges: the left sides of its columns and the last right side.
        order: which page in reading order it ends on.
    """

    cells: tuple[GridCell, ...]
    places: tuple[Place, ...]
    edges: tuple[float, ...] = ()
    rows: int = 0
    ragged: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines joined to a paragraph; ``places`` has one box for each page it stands on."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """The first or last line of a page, in the margin.

    Attributes:
        page: its number.
        text: what the line says.
        box: where it stands.
        cell: which table of the page and which of its cells hold it; None outside of tables.
        rest: what the cell says without it.
    """

    page: int
    text: str
    box: Box
    cell: tuple[int, int] | None = None
    rest: str = ""


@dataclass(slots=True)
class Page:
    """What was found on one page.

    Attributes:
        unknown: letters of fonts that do not say which they are.
        turned: a part of the text stands on its side, with figures in it.
        edges: its first and last line, where they stand in the margins.
        drawn_elsewhere: the file holds a form that viewers may draw in place of its pages (noted on the first).
        laid_over: texts of watermarks and stamps, which were left out.
    """

    number: int
    width: float
    height: float
    characters: int
    pictures: int
    lines: list[Line] = field(default_factory=list)
    tables: list[Grid] = field(default_factory=list)
    unknown: int = 0
    turned: bool = False
    edges: list[Edge] = field(default_factory=list)
    drawn_elsewhere: bool = False
    laid_over: tuple[str, ...] = ()

    def cell_at(self, box: Box) -> GridCell | None:
        """The cell with exactly this box: of a ruled table, or a segment of a line."""
        for table in self.tables:
            for cell in table.cells:
                if _equal(cell.places[0][1], box):
                    return cell
        return None

    def lines_in(self, box: Box) -> list[Line]:
        """The lines, or segments of lines, whose middle lies in a box."""
        found: list[Line] = []
        for line in self.lines:
            inside = tuple((text, part) for text, part in line.segments if _holds(box, part))
            if inside:
                found.append(Line(line.page, inside, line.box))
        return found


def _equal(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) < _SAME_PLACE for a, b in zip(one, other, strict=True))


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    across = outer[0] - _SAME_PLACE <= x <= outer[2] + _SAME_PLACE
    down = outer[1] - _SAME_PLACE <= y <= outer[3] + _SAME_PLACE
    return across and down


def corners(item: Mapping[str, Any]) -> Box:
    """The box of a letter, a rule or a shape, as the library that reads PDF files gives it."""
    return float(item["x0"]), float(item["top"]), float(item["x1"]), float(item["bottom"])


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of ``boxes``."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
