"""How much a document may hold: reading takes time that grows with it, and one must not keep a whole index waiting.

The limits count what is in the document, never seconds: the same bytes come to the same on every machine and at every
rebuild. Each is many times what the longest reports seen hold (some 2,000 elements, 1,000 cells, 100,000 characters).
"""

from __future__ import annotations

import re

from parsers.document import Document, Table
from parsers.errors import OversizedDocument

MAX_ELEMENTS = 60_000
"""Of a page, with the frames in it."""

MAX_CELLS = 60_000
"""That are not empty, in all tables of a document; sheets have many empty ones."""

MAX_CHARACTERS = 2_000_000
"""Of the text of a document."""

_START_TAG = re.compile(r"<[A-Za-z]")
_IN_SCRIPTS = 4  # times as many start tags may stand in the source: in scripts and comments they begin nothing


def refuse(what: str, most: int) -> OversizedDocument:
    """The error for a document with more than ``most`` of something."""
    return OversizedDocument(
        f"the document holds more than {most:,} {what}, which no report does", advice="Look for a twin"
    )


def check_source(text: str) -> None:
    """Refuse a page before it is parsed.

    Raises:
        OversizedDocument: it must have more than `MAX_ELEMENTS` elements.
    """
    most = MAX_ELEMENTS * _IN_SCRIPTS
    if text.count("<") > most and sum(1 for _ in _START_TAG.finditer(text)) > most:
        raise refuse("elements", MAX_ELEMENTS)


def check_text(text: str) -> None:
    """Refuse text before its lines are looked at.

    Raises:
        OversizedDocument: it has more than `MAX_CHARACTERS` characters.
    """
    if len(text) > MAX_CHARACTERS:
        raise refuse("characters", MAX_CHARACTERS)


def check_document(document: Document) -> None:
    """Refuse a document that has been read, before anything is looked for in it.

    Raises:
        OversizedDocument: it has more cells or text than a report.
    """
    cells = characters = 0
    for block in document.blocks:
        if isinstance(block, Table):
            filled = [cell for cell in block.cells if cell.text]
            cells += len(filled)
            characters += sum(len(cell.text) for cell in filled)
        else:
            characters += len(block.text)
    if cells > MAX_CELLS:
        raise refuse("cells", MAX_CELLS)
    if characters > MAX_CHARACTERS:
        raise refuse("characters", MAX_CHARACTERS)
