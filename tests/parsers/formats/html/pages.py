"""Small pages, the form that many of them hold, and what is asked of their documents."""

from __future__ import annotations

from parsers import Document, Hints, Locator
from parsers.document import Table
from parsers.formats import resolve
from parsers.formats.html import reader

NONE = Hints()
T2 = (
    "<tr><td colspan=4>第二十条第（一）项<tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数"
    "<tr><td>规章<td>0<td>0<td>0<tr><td>行政规范性文件<td>1<td>2<td>3"
)


def read(page: str) -> Document:
    return reader.read(page.encode(), NONE)


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows()]


def all_lead_back(data: bytes, document: Document) -> int:
    count = 0
    for block in document.blocks:
        for item in block.cells if isinstance(block, Table) else (block,):
            assert resolve(data, item.locator) == item.text
            assert resolve(data, Locator.from_json(item.locator.as_json())) == item.text
            count += 1
    return count
