from __future__ import annotations

import pytest

from parsers import Hints
from parsers.document import Table
from parsers.formats import read_document, resolve

GRID = """二、主动公开政府信息情况

+----------+--------------+------+
| 第二十条 |              |      |
+==========+==============+======+
| 信息内容 | 本年新       | 对外 |
|          | 制作数量     |      |
+----------+--------------+------+
| 规章     | 0            |      |
+----------+--------------+------+

三、收到和处理政府信息公开申请情况
"""
BOX = str.maketrans({"|": "│", "-": "─"})


@pytest.mark.parametrize("text", [GRID, GRID.translate(BOX).replace("+", "┼"), GRID.translate(BOX)])
def test_rows_lie_between_rules_and_cells_go_on_over_lines(text: str) -> None:
    document = read_document(text.encode(), Hints())
    (table,) = document.tables()
    assert [[cell.text for cell in row] for row in table.rows()] == [
        ["第二十条", "", ""],
        ["信息内容", "本年新\n制作数量", "对外"],
        ["规章", "0", ""],
    ]
    assert len(document.texts()) == 2
    for block in document.blocks:
        for item in block.cells if isinstance(block, Table) else (block,):
            assert resolve(text.encode(), item.locator) == item.text


def test_a_rule_alone_is_no_table() -> None:
    document = read_document("一、总体情况\n\n+--------+\n\n正文\n".encode(), Hints())
    assert document.tables() == ()
