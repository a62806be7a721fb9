from __future__ import annotations

import time

import pytest

from parsers import Hints
from parsers.document import Document, Table
from parsers.formats import read_document, resolve
from parsers.formats.text import html_tables

HEADER = "# 某县2022年政府信息公开工作年度报告\n\n## 二、主动公开政府信息情况\n\n"
MARKDOWN = Hints(url="report.md")


def read(text: str) -> Document:
    document = read_document(text.encode(), MARKDOWN)
    for block in document.blocks:
        for item in block.cells if isinstance(block, Table) else (block,):
            assert resolve(text.encode(), item.locator, MARKDOWN) == item.text
    return document


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows()]


def test_a_page_around_each_table_does_not_make_the_file_a_page() -> None:
    table = "<html><body><table><tr><td colspan=2>规章</td><td>0</td></tr></table></body></html>"
    document = read(f"{HEADER}{table}\n\n三、收到和处理政府信息公开申请情况\n")
    assert document.media_type == "text/markdown"
    assert [text.text for text in document.texts()][-1] == "三、收到和处理政府信息公开申请情况"
    (found,) = document.tables()
    assert [(cell.text, cell.column, cell.column_span) for cell in found.cells] == [("规章", 0, 2), ("0", 2, 1)]


def test_cells_are_what_a_reader_sees_of_them() -> None:
    source = (
        "<table>\n<tr>\n  <td rowspan='2'><p>本年新</p><p>制作数量</p></td>\n  <td>商业<br/>企业</td>\n</tr>\n"
        "<tr>\n  <td><b>12</b><sup>3</sup></td>\n  <td>&nbsp;</td>\n  <td>\n    7\n  </td>\n</tr></table>"
    )
    (table,) = read(HEADER + source).tables()
    assert rows(table) == [["本年新\n制作数量", "商业\n企业"], ["12³", "\xa0", "7"]]
    assert [cell.column for cell in table.cells] == [0, 1, 1, 2, 3]


def test_a_table_nested_in_a_cell_is_a_table_of_its_own() -> None:
    first, second = read(f"{HEADER}<table><tr><td>一<table><tr><td>0</td></tr></table></td></tr></table>").tables()
    assert (rows(first), rows(second)) == ([["一"]], [["0"]])


def test_a_table_that_never_ends_stays_text() -> None:
    document = read(f"{HEADER}<table><tr><td>一\n\n正文。")
    assert document.tables() == ()
    assert document.texts()[-1].text == "正文。"


def test_line_breaks_and_looks_in_markdown_cells() -> None:
    text = f"{HEADER}| 信息内容 | 本年新<br>制作数量 |\n|---|---|\n| <span lang='EN-US'>规章</span> | 1<sup>2</sup> |\n"
    assert rows(read(text).tables()[0]) == [["信息内容", "本年新\n制作数量"], ["规章", "1²"]]


@pytest.mark.parametrize(
    "source", [" " * 100_000 + "x", "<sup>" * 20_000, "</p> " * 20_000 + " " * 100_000, "\n" * 100_000]
)
def test_a_long_cell_is_read_in_one_look(source: str) -> None:
    begun = time.process_time()
    assert len(html_tables.plain(source)) <= 1
    assert time.process_time() - begun < 5  # by backtracking it takes longer by far


@pytest.mark.parametrize("cell", ["<!-- 4 -->0", "0<!--待核-->", "<!-- 原为 <b>4</b> -->0<br>"])
def test_a_comment_in_a_markdown_cell_is_seen_by_nobody(cell: str) -> None:
    source = f"| 信息内容 | 本年制发件数 |\n|---|---|\n| 规章 | {cell} |\n".encode()
    (table,) = read_document(source, Hints(url="a.md")).tables()
    assert [each.text for each in table.cells][-2:] == ["规章", "0"]
    assert resolve(source, table.cells[-1].locator, Hints(url="a.md")) == "0"
