"""Numbers whose digits are set apart over the width of their cell (``4 7``), as programs do that distribute text.

A file sets all its numbers so or none. Two numbers in one cell look the same; so the digits are joined only where no
number of the file's tables has digits that touch, wide ones stand in several columns, and none of them begins with a
nought, as some would if each were two cells without a rule between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parsers.formats.pdf.page import Grid, GridCell, Page

_WIDE = re.compile(r"[0-9](?: [0-9.,])* [0-9]")
_TOUCHING = re.compile(r"[0-9][0-9.,]*[0-9]")
_NOUGHT = re.compile(r"0 [0-9]")
_LEAST = 3  # such numbers
_COLUMNS = 2  # in which they stand


def joined(found: Sequence[Page]) -> tuple[Page, ...]:
    """The pages, the digits of each number together where the file sets all of them apart."""
    cells = [cell for page in found for table in page.tables for cell in table.cells]
    wide = [cell for cell in cells if _WIDE.fullmatch(cell.text)]
    columns = {cell.column for cell in wide}
    torn = any(_TOUCHING.fullmatch(cell.text.strip()) for cell in cells) or any(_NOUGHT.match(c.text) for c in wide)
    if len(wide) >= _LEAST and len(columns) >= _COLUMNS and not torn:
        for page in found:
            page.tables[:] = [_joined(table) for table in page.tables]
    return tuple(found)


def _joined(table: Grid) -> Grid:
    return replace(table, cells=tuple(map(_whole, table.cells)))


def _whole(cell: GridCell) -> GridCell:
    return replace(cell, text=cell.text.replace(" ", "")) if _WIDE.fullmatch(cell.text) else cell
