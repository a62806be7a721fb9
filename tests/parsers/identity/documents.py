"""Small documents as the readers of formats give them, and what is asked of an identity."""

from __future__ import annotations

from parsers import Document, Locator
from parsers.document import Block, Cell, Table, Text
from parsers.identity.identity import Identity

WHERE = Locator.of("text", line=1)
HEADING = "一、总体情况"


def document(*lines: str | list[list[str]], meta: dict[str, str] | None = None) -> Document:
    """A document of paragraphs; a list of rows is a table."""
    blocks: list[Block] = []
    for line in lines:
        if isinstance(line, str):
            blocks.append(Text(line, WHERE))
        else:
            cells = tuple(
                Cell(text, row, column, WHERE) for row, texts in enumerate(line) for column, text in enumerate(texts)
            )
            blocks.append(Table(cells, WHERE))
    return Document("text/plain", tuple(blocks), meta or {})


def who(identity: Identity) -> tuple[str | None, str | None, str | None, int | None]:
    code = identity.division.code if identity.division else None
    return identity.agency_name, identity.agency_kind, code, identity.year


def codes(identity: Identity) -> set[str]:
    return {issue.code for issue in identity.issues}
