"""Tables set with tabs: a row a line, or a cell a line."""

from __future__ import annotations

from tests.parsers.formats.text.written import assert_resolves, cells, read


def test_tabs_part_cells_and_nothing_is_trimmed() -> None:
    (table,) = read("规章\t0\t 1 \t\n行政许可\t7").tables()
    assert cells(table) == [["规章", "0", " 1 ", ""], ["行政许可", "7"]]
    assert table.ragged


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
