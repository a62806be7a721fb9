"""Tables whose cells are parted by pipes, with the first one or without."""

from __future__ import annotations

import pytest

from parsers import Hints
from parsers.formats.text import reader
from tests.parsers.formats.text.written import assert_resolves, cells, read


def test_markdown_tables_begin_above_their_rule() -> None:
    source = "## 表二\n\n| 规章 | 0 |\n|---|---|\n| 行政许可 |  |\n| 新表 | 1 |\n|:--|--:|\n| 末行 | a\\|b |\n"
    document = read(source)
    first, second = document.tables()
    assert cells(first) == [["规章", "0"], ["行政许可", ""]]
    assert cells(second) == [["新表", "1"], ["末行", "a|b"]]
    assert first.cells[0].header
    assert not first.cells[2].header
    assert (document.media_type, document.texts()[0].text, document.texts()[0].heading) == ("text/markdown", "表二", 2)
    assert_resolves(source)


def test_rows_without_their_first_pipe() -> None:
    source = "第二十条 | |||\n信息内容 | 制发件数 | 废止件数 | |\n规章 | 0 |  | 3 |\n行政许可 | 7 | ||\n|||\n无。\n"
    document = read(source)
    (table,) = document.tables()
    assert [row for row in cells(table) if row] == [
        ["信息内容", "制发件数", "废止件数"],
        ["规章", "0", "", "3"],
        ["行政许可", "7"],
    ]
    assert [block.text for block in document.texts()] == ["第二十条", "无。"]
    assert_resolves(source)


def test_rules_under_rows_without_pipes_at_their_sides() -> None:
    source = "信息内容| 制发件数| 废止件数  \n---|---|---  \n规章| 0|   \n行政许可| 7  \n无。\n"
    (table,) = read(source).tables()
    assert [row for row in cells(table) if row] == [
        ["信息内容", "制发件数", "废止件数"],
        ["规章", "0", ""],
        ["行政许可", "7"],
    ]
    assert_resolves(source)


def test_cells_with_pipes_of_their_own() -> None:
    (table,) = read("|规章||0||2|\n|行政许可||7|\n").tables()
    assert cells(table) == [["规章", "0", "2"], ["行政许可", "7"]]


def test_a_title_under_a_table_of_facts_is_no_cell() -> None:
    source = "索引号: | 12 | 公开日期: | 2025-01-24 |\n发布机构: | 省教育厅 |\n某局年度报告 | |||||\n|\n|||||\n2024年\n"
    document = read(source)
    assert [block.text for block in document.texts()] == ["某局年度报告", "2024年"]
    assert [row[0] for row in cells(document.tables()[0])] == ["索引号:", "发布机构:"]


def test_two_names_in_one_line_are_no_table() -> None:
    assert not read("登录 | 注册\n温县2022年政府信息公开工作年度报告\n").tables()


def test_a_blank_first_cell_of_a_row_without_a_pipe_at_its_edge_stays_a_cell() -> None:
    for end, first in ((" |", "|"), ("", " |")):
        printed = f"结果维持 | 结果纠正 | 总计{end}\n1 | 0 | 1{end}\n{first} 2 | 2{end}\n"
        (table,) = read(printed).tables()
        assert [[cell.text for cell in row] for row in table.rows()][1:] == [["1", "0", "1"], ["", "2", "2"]]


@pytest.mark.parametrize("bar", ["｜", "¦", "│", "┃"])
@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_other_bars_part_cells(bar: str, charset: str) -> None:
    if bar == "¦" and charset == "gb18030":
        charset = "utf-16-be"
    lines = [
        "某局｜年度报告",
        "",
        "统计数据如下。",
        f"　规章　{bar}　０　{bar}　１２　",
        f"　规范性文件　{bar}　５　{bar}　　",
        f"行政许可{bar}７{bar}８",
    ]
    data = "\n".join(lines).encode(charset)
    document = reader.read(data, Hints())
    (table,) = document.tables()
    assert [[cell.text for cell in row] for row in table.rows()] == [
        ["规章", "０", "１２"],
        ["规范性文件", "５", ""],
        ["行政许可", "７", "８"],
    ]
    assert document.texts()[0].text == "某局｜年度报告"
    for item in (*table.cells, *document.texts()):
        assert reader.resolve(data, item.locator, Hints()) == item.text
