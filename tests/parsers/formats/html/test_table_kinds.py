"""What a table is used for: figures, the layout of the page, a whole report."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.document import Text
from parsers.formats.html import tree
from parsers.formats.html.table_kinds import find_tables, group_rows
from tests.parsers.formats.html.pages import T2, all_lead_back, read, rows


def test_layout_tables_disappear_and_their_content_stays() -> None:
    page = (
        "<table width=1000><tr><td><table><tr><td><p>一、总体情况</p><p>正文一句，说明有关情况，不长不短。</p>"
        f"<table><tr><td><table>{T2}</table></td></tr></table></td></tr></table></td></tr></table>"
    )
    document = read(page)
    assert [type(block).__name__ for block in document.blocks] == ["Text", "Text", "Table"]
    assert all_lead_back(page.encode(), document) == 15


def test_a_frame_of_one_cell_is_no_table() -> None:
    document = read("<table><tr><td>一、总体情况<br>全部写在一个框里，一共有两句话，没有数字。</table>")
    assert not document.tables()
    assert len(document.texts()) == 2


def test_a_long_remark_does_not_make_a_form_a_layout() -> None:
    remark = "说明：本表统计口径如下，仅供参考。" * 50
    (table,) = read(f"<table>{T2}<tr><td colspan=4>{remark}</table>").tables()
    assert rows(table)[-1] == [remark]


def test_a_whole_report_set_as_one_table() -> None:
    prose_row = (
        "<tr><td colspan=4>全年主动公开政府信息若干条，收到申请若干件，均按期办结，没有逾期，也没有引起行政复议和诉讼。"
    )
    page = (
        f"<table><tr><td colspan=4>一、总体情况{prose_row}<tr><td colspan=4>二、主动公开政府信息情况{T2}"
        f"<tr><td colspan=4>三、收到和处理政府信息公开申请情况<tr><td>自然人<td>商业企业<td>科研机构<td>总计"
        f"<tr>{'<td>0' * 4}<tr><td colspan=4>五、存在的主要问题及改进情况{prose_row}</table>"
    )
    document = read(page)
    kinds = [block.text[:2] if isinstance(block, Text) else len(block.cells) for block in document.blocks]
    assert kinds == ["一、", "全年", "二、", 13, "三、", 8, "五、", "全年"]
    assert all_lead_back(page.encode(), document) == 27


SHEET = (
    ["某某市林业局2022年政府信息公开工作年度报告"],
    ["本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。"],
    ["二、主动公开政府信息情况"],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "0", "0"],
    ["行政规范性文件", "7", "2", "31"],
)


@pytest.mark.parametrize("kept", [(0, 1, 2), (0, 2), (0,), (0, 1)])
def test_a_sheet_saved_as_a_page_has_its_title_year_and_body(kept: tuple[int, ...]) -> None:
    rows = [row for at, row in enumerate(SHEET) if at in kept or len(row) > 1]
    cells = (f"<td colspan='{5 - len(row)}'>{'</td><td>'.join(row)}</td>" for row in rows)
    page = f"<html><body><table border='0'><tr>{'</tr><tr>'.join(cells)}</tr></table></body></html>"
    report = parse(page.encode()).as_json()
    assert report["title"] == SHEET[0][0]
    assert (report["agency"]["name"], report["year"]) == ("某某市林业局", 2022)
    assert [cell["value"] for cell in report["cells"]] == ["0", "0", "0", "7", "2", "31"]


def test_a_list_of_titles_set_as_a_table_is_no_report() -> None:
    titles = [f"某某市林业局{year}年政府信息公开工作年度报告" for year in (2020, 2021, 2022)]
    rows = "".join(f"<tr><td>{title}</td></tr>" for title in titles)
    page = f"<table>{rows}<tr><td>共3条</td><td>首页</td></tr><tr><td>第1页</td><td>尾页</td></tr></table>"
    assert parse(page.encode()).outcome == "not_a_report"


def test_rows_are_grouped_by_the_parts_of_their_table() -> None:
    rows = "<thead><tr><td>1<tbody><tr><td>2<tr style='display:none'><td>3<tr><td>4<tfoot><tr><td>5"
    page = tree.load(f"<table>{rows}</table>")
    table = next(element for element in page.root.descend() if element.tag == "table")
    assert [len(group) for group in group_rows(table)] == [1, 2, 1]


def test_tables_within_nested_tables_are_not_given() -> None:
    page = tree.load("<table><tr><td id=a><p><table><tr><td><table><tr><td>1</table></table></p></table>")
    cell = next(element for element in page.root.descend() if element.attributes.get("id") == "a")
    assert len(find_tables(cell)) == 1
