"""Texts as they are read, for the tests of their tables."""

from __future__ import annotations

from parsers import Hints
from parsers.document import Document, Table
from parsers.formats.text import reader


def read(source: str) -> Document:
    """Read a text."""
    return reader.read(source.encode(), Hints())


def cells(table: Table) -> list[list[str]]:
    """Texts of the cells, row by row."""
    return [[cell.text for cell in row] for row in table.rows()]


def assert_resolves(source: str) -> None:
    """Every locator leads back to the text that bears it."""
    data = source.encode()
    for block in read(source).blocks:
        for part in block.cells if isinstance(block, Table) else (block,):
            assert reader.resolve(data, part.locator, Hints()) == part.text
