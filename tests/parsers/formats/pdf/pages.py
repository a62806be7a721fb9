"""Small pages of lines and ruled tables, and what is made of them."""

from __future__ import annotations

from parsers.formats.pdf.grids import build_grid
from parsers.formats.pdf.layout import assemble
from parsers.formats.pdf.page import Grid, Line, Page, Paragraph, Piece

WIDTH, HEIGHT = 595.0, 842.0
FULL = "这一行文字写满了整个版心一直到右边的边界为止一二三四"


def line(page: int, top: float, text: str, x0: float = 74, size: float = 12, x1: float | None = None) -> Line:
    parts = []
    x = x0
    for part in text.split("\t"):
        end = x + len(part) * size
        parts.append((part, (x, top, end, top + size)))
        x = end + 5 * size
    right = x1 if x1 is not None else parts[-1][1][2]
    return Line(page, tuple(parts), (x0, top, right, top + size))


def page(number: int, *lines: Line, tables: tuple[Grid, ...] = ()) -> Page:
    return Page(number, WIDTH, HEIGHT, 100, 0, list(lines), list(tables))


def ruled(number: int, top: float, *rows: str, x: tuple[float, ...] = (70, 250, 400, 520), height: float = 20) -> Grid:
    pieces = []
    for index, row in enumerate(rows):
        y = top + index * height
        for column, text in enumerate(row.split("|")):
            pieces.append(Piece(text, (x[column], y, x[column + 1], y + height)))
    return build_grid(number, pieces)


def texts(*pages: Page) -> list[str]:
    return [part.text if isinstance(part, Paragraph) else "T" for part in assemble(pages)]


def rows(part: Grid) -> list[list[str]]:
    lines: dict[int, list[str]] = {}
    for cell in part.cells:
        lines.setdefault(cell.row, []).append(cell.text)
    return [lines[row] for row in sorted(lines)]


def table(*pages: Page) -> Grid:
    (found,) = [part for part in assemble(pages) if isinstance(part, Grid)]
    return found
