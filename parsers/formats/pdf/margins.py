"""Page numbers and running heads that are printed within a table which reaches into the margin of its page.

A line at the very edge of a page is no part of the cell around it when it says which page this is, or says the same on
other pages in the same place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parsers.formats.pdf.page import PAGE_NUMBER, Box, Edge, Page

ZONE = 0.08
"""Of a page's height, above and below: where page numbers and running heads stand."""

_DIGITS = re.compile(r"[0-9]+")
_SPACE = re.compile(r"\s+")
_LEVEL = 4.0  # points: how far lines in the same place of two pages differ in height
_ASIDE = 12.0  # points: and in their middle; numbers grow


def cleared(found: Sequence[Page]) -> tuple[Page, ...]:
    """The pages, cells without the page numbers and running heads that were printed into them."""
    edges = [edge for page in found for edge in page.edges]
    for page in found:
        for edge in page.edges:
            if edge.cell is None or not _runs(edge, edges, len(found)):
                continue
            table, at = edge.cell
            cells = list(page.tables[table].cells)
            cells[at] = replace(cells[at], text=edge.rest)
            page.tables[table] = replace(page.tables[table], cells=tuple(cells))
    return tuple(found)


def _runs(edge: Edge, edges: Sequence[Edge], count: int) -> bool:
    text = _SPACE.sub("", edge.text)
    alike = [other for other in edges if other.page != edge.page and abs(other.box[1] - edge.box[1]) <= _LEVEL]
    if _DIGITS.fullmatch(text):
        return any(
            _DIGITS.fullmatch(said := _SPACE.sub("", other.text))
            and int(said) - other.page == int(text) - edge.page
            and abs(_middle(other.box) - _middle(edge.box)) <= _ASIDE
            for other in alike
        )
    if PAGE_NUMBER.fullmatch(edge.text):
        return True
    folded = _DIGITS.sub("#", text)
    pages = {other.page for other in alike if _DIGITS.sub("#", _SPACE.sub("", other.text)) == folded}
    return len(pages) + 1 >= (2 if count <= 3 else 3)


def _middle(box: Box) -> float:
    return (box[0] + box[2]) / 2
