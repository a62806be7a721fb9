"""Pages of one row, and what is read of its cells."""

import json

from parsers import Hints, Locator
from parsers.document import Document
from parsers.formats import resolve
from parsers.formats.html import reader

HEAD = "<table><tr><td>信息内容<td>本年处理决定数量<tr><td>行政许可"


def read(page: str) -> Document:
    return reader.read(page.encode(), Hints())


def cells(page: str) -> list[str]:
    """The cells behind the row's label; each of them leads back to its text."""
    document = read(page)
    (table,) = document.tables()
    for cell in table.cells:
        where = Locator.from_json(json.loads(json.dumps(cell.locator.as_json())))
        assert resolve(page.encode(), where) == cell.text
    return [cell.text for cell in table.cells if cell.row == 1][1:]


def codes(page: str) -> list[str]:
    return [notice.code for notice in read(page).notices]
