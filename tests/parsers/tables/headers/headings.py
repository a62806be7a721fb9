"""Header lines for tests: their cells are parted by bars."""

from __future__ import annotations

from parsers.document import Locator
from parsers.tables.model import Slot


def header_lines(*lines: str) -> list[list[Slot]]:
    """The lines of a header; ``文字*3`` covers three columns of the grid."""
    found: list[list[Slot]] = []
    for row, line in enumerate(lines):
        slots: list[Slot] = []
        for cell in line.split("|"):
            text, _, span = cell.partition("*")
            column = slots[-1].end if slots else 0
            where = Locator.of("cell", table=0, row=row, column=column)
            slots.append(Slot(text, where, column, int(span or 1)))
        found.append(slots)
    return found
