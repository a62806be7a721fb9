from __future__ import annotations

import time

import pytest

from parsers import Hints, Locator, LocatorError
from parsers.document import Document, Table, Text
from parsers.formats.text import reader


def read(source: str) -> Document:
    return reader.read(source.encode(), Hints())


def cells(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows()]


def assert_resolves(source: str) -> None:
    data = source.encode()
    for block in read(source).blocks:
        for part in block.cells if isinstance(block, Table) else (block,):
            assert reader.resolve(data, part.locator, Hints()) == part.text


def test_lines_are_paragraphs_with_their_place() -> None:
    document = read("一、总体情况\n\n　　全年公开信息。\n")
    assert [block.text for block in document.texts()] == ["一、总体情况", "　　全年公开信息。"]
    assert document.texts()[1].locator.as_json() == {"kind": "text", "line": 3, "start": 0, "end": 9}
    assert document.media_type == "text/plain"


def test_tabs_part_cells_and_nothing_is_trimmed() -> None:
    (table,) = read("规章\t0\t 1 \t\n行政许可\t7").tables()
    assert cells(table) == [["规章", "0", " 1 ", ""], ["行政许可", "7"]]
    assert table.ragged


@pytest.mark.parametrize("source", ["规章\t0\t20\n3\n行政许可\t7\t8\n", "|规章|0|20\n3 |\n|行政许可|7|8|\n"])
def test_a_number_alone_below_one_that_ends_its_line_may_be_its_rest(source: str) -> None:
    (table,) = read(source).tables()
    assert cells(table) == [["规章", "0", "20\n3"], ["行政许可", "7", "8"]]
    assert_resolves(source)


@pytest.mark.parametrize("below", ["- 3 -", "\n3", "3 件"])
def test_what_is_no_number_right_below_is_no_rest(below: str) -> None:
    table = read(f"规章\t0\t20\n{below}\n行政许可\t7\t8\n").tables()[0]
    assert cells(table)[0] == ["规章", "0", "20"]


def test_a_number_below_a_line_that_ends_in_an_empty_cell_is_no_rest() -> None:
    assert cells(read("规章\t0\t20\t\n3\n行政许可\t7\t8\t\n").tables()[0]) == [["规章", "0", "20", ""]]


def test_one_cell_a_line_begun_by_a_tab() -> None:
    source = "收到和处理政府信息公开申请情况\n\n\t信息内容\n\t本年制发件数\n\n\t规章\n\t0\n\n正文继续。\n"
    document = read(source)
    (table,) = document.tables()
    assert cells(table) == [["信息内容", "本年制发件数"], ["规章", "0"]]
    assert [block.text for block in document.texts()] == ["收到和处理政府信息公开申请情况", "正文继续。"]
    assert_resolves(source)


def test_a_cut_label_goes_on_in_lines_without_a_tab() -> None:
    source = "\t三\n\n本年度办理结果\n\t（一）予以公开\n\t0\n\n\t\n\t不予\n公开\n\t1.属于国家秘密\n\t2\n"
    (table,) = read(source).tables()
    assert cells(table) == [["三\n\n本年度办理结果", "（一）予以公开", "0"], ["", "不予\n公开", "1.属于国家秘密", "2"]]
    assert_resolves(source)


def test_a_heading_between_two_tables_is_no_cell() -> None:
    document = read("\t政府集中采购\n\t189\n\n四、其他情况\n\t行政复议\n\t1\n")
    assert "四、其他情况" in [block.text for block in document.texts()]


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


@pytest.mark.parametrize("line", ["规章 |", "|规章", "规章 | |||"])
def test_a_pipe_at_the_edge_of_a_line_is_no_text(line: str) -> None:
    source = f"一、总体情况\n{line}\n|\n||||\n"
    document = read(source)
    assert [block.text for block in document.texts()] == ["一、总体情况", "规章"]
    assert not document.tables()
    assert_resolves(source)


def test_a_title_under_a_table_of_facts_is_no_cell() -> None:
    source = "索引号: | 12 | 公开日期: | 2025-01-24 |\n发布机构: | 省教育厅 |\n某局年度报告 | |||||\n|\n|||||\n2024年\n"
    document = read(source)
    assert [block.text for block in document.texts()] == ["某局年度报告", "2024年"]
    assert [row[0] for row in cells(document.tables()[0])] == ["索引号:", "发布机构:"]


def test_two_names_in_one_line_are_no_table() -> None:
    assert not read("登录 | 注册\n温县2022年政府信息公开工作年度报告\n").tables()


def test_wrapped_paragraphs_are_one_text() -> None:
    lines = ["本报告依照有关规定编制，内容包括总体情况与主动公开政府信息", "情况等部分，统计期限为全年。"] * 8
    source = "\n".join(lines) + "\n一、总体情况\n"
    texts = [block.text for block in read(source).texts()]
    assert texts[0] == "\n".join(lines[:2])
    assert texts[-1] == "一、总体情况"
    assert_resolves(source)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_one_line(end: str) -> None:
    document = read(f"甲{end}{end}乙\t丙{end}")
    assert document.texts()[0].locator.get("line") == 1
    assert document.tables()[0].cells[1].locator.as_json() == {"kind": "text", "line": 3, "start": 2, "end": 3}


def test_other_charsets_are_decoded() -> None:
    data = "规章\t0\n行政规范性文件\t7\n".encode("gb18030")
    document = reader.read(data, Hints(charset="gb2312"))
    assert document.charset == "gb18030"
    assert reader.resolve(data, document.tables()[0].cells[2].locator, Hints()) == "行政规范性文件"


def test_bytes_that_are_no_text_are_told() -> None:
    document = reader.read("政府信息公开工作年度报告，统计期限为全年。".encode() + b"\xff\xfe\xfa", Hints())
    assert [notice.code for notice in document.notices] == ["undecodable_bytes"]


@pytest.mark.parametrize(
    "locator",
    [
        Locator.of("text", line=9, start=0, end=1),
        Locator.of("text", line=1, start=0, end=99),
        Locator.of("text", line=0, start=0, end=0),
        Locator.of("text", line=1),
        Locator.of("text", line=2, start=0, end=1, line_end=1),
    ],
)
def test_a_locator_that_leads_nowhere_is_refused(locator: Locator) -> None:
    with pytest.raises(LocatorError):
        reader.resolve("甲\n乙\n".encode(), locator, Hints())


def test_an_empty_file_is_an_empty_document() -> None:
    assert read("\n \n").blocks == ()


def test_blocks_are_text_or_tables() -> None:
    assert all(isinstance(block, Text | Table) for block in read("甲\n乙\t丙\n").blocks)


@pytest.mark.parametrize(
    "line", ["一、" + " " * 100_000 + "x", " " * 100_000 + "-x", "|" + " " * 100_000 + "x", "-" * 100_000 + "x"]
)
def test_a_line_of_blanks_is_read_in_one_look(line: str) -> None:
    begun = time.process_time()
    assert reader.read(line.encode(), Hints()).blocks
    assert time.process_time() - begun < 5  # by backtracking it takes minutes


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
