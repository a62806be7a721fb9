"""A ruled table that many tests draw, and what they ask of the document."""

from __future__ import annotations

from parsers import Document, Locator
from parsers.document import Table
from parsers.formats import resolve

X = [70, 200, 300, 400, 500]
ROWS = [
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "", "11"],
    ["行政许可", "447228", None, None],
]


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows()]


def lead_back(data: bytes, document: Document) -> int:
    items = [item for block in document.blocks for item in (block.cells if isinstance(block, Table) else (block,))]
    for item in items:
        assert resolve(data, Locator.from_json(item.locator.as_json())) == item.text
    return len(items)
