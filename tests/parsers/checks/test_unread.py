"""What is lacking because it could not be read, told from what the publisher left out."""

from __future__ import annotations

import pytest

from parsers import Hints, Locator, parse
from parsers.checks.unread import unread_cells
from parsers.forms import templates

FORM = templates.load().forms["fmt2021"]
TABLES = {name: set(table.codes()) for name, table in FORM.tables.items()}
NAMES = list(TABLES)


def read(*lost: str, tables: int = 3) -> dict[str, Locator]:
    """Where all cells of the form stand but those, the tables in order."""
    return {
        code: Locator.of("html", path="td", table=at, row=1, column=1)
        for at, name in enumerate(NAMES[:tables])
        for code in FORM.tables[name].codes()
        if code not in lost
    }


def told(code: str, table: int | None = None) -> tuple[str, Locator | None]:
    return code, None if table is None else Locator.of("html", path="tr", table=table, row=2, column=0)


ROW = ("req_granted__natural", "req_granted__total")


@pytest.mark.parametrize(
    "code", ["cell_not_read", "row_without_label", "row_in_words", "unknown_row", "cell_of_no_form"]
)
def test_a_row_that_was_told_as_not_read_may_be_the_one_that_is_lacking(code: str) -> None:
    found = unread_cells("fmt2021", read(*ROW), [told(code, NAMES.index("requests"))], templates.load())
    assert found == dict.fromkeys(ROW, "unknown")


@pytest.mark.parametrize(
    "issues",
    [[], [("cells_missing", None)], [told("cell_count", 1)], [told("cell_not_read", NAMES.index("remedies"))]],
)
def test_a_row_that_the_publisher_left_out_is_a_blank(issues: list[tuple[str, Locator | None]]) -> None:
    """Nothing was told of its table, or something was told of another."""
    assert unread_cells("fmt2021", read(*ROW), issues, templates.load()) == {}


def test_where_the_place_says_no_table_any_may_be_meant() -> None:
    where = Locator.of("pdf", page=2, box=[0, 0, 1, 1])
    found = unread_cells("fmt2021", read(*ROW), [("cell_not_read", where)], templates.load())
    assert found == dict.fromkeys(ROW, "unknown")


@pytest.mark.parametrize(("seen", "how"), [(False, "missing"), (True, "unknown")])
def test_a_table_that_was_not_found(seen: bool, how: str) -> None:
    """With a row that was told in a table of which nothing is read, it stands there and was not read."""
    lost = TABLES["remedies"]
    issues = [told("table_missing"), *([told("cell_not_read", 7)] if seen else [])]
    found = unread_cells("fmt2021", read(*lost), issues, templates.load())
    assert set(found) == lost
    assert set(found.values()) == {how}


@pytest.mark.parametrize("form", [None, "no_tables"])
def test_a_report_without_a_form_lacks_nothing(form: str | None) -> None:
    assert unread_cells(form, {}, [told("cell_not_read", 0), told("table_missing")], templates.load()) == {}


RECORD = """<title>温县教育局2021年政府信息公开工作年度报告</title><h1>温县教育局2021年政府信息公开工作年度报告</h1>
<p>三、收到和处理政府信息公开申请情况</p><table>
<tr><td></td><td>自然人</td><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td><td>总计</td></tr>
<tr><td>一、本年新收政府信息公开申请数量</td><td>3</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td><td>3</td></tr>
<tr><td>（七）总计</td><td>9</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td><td>9</td></tr></table>
<p>四、政府信息公开行政复议、行政诉讼情况</p><table>
<tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr>
<tr>{five}<td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr>
<tr>{twice}</tr><tr>{cells}</tr></table>"""
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([1, 0, 0, 0, 1] * 3, {"pass"}),
        ([1, 0, 0, 0, "四", 1, 0, 0, 0, 1, 1, 0, 0, 1], {"not_assessable"}),  # fourteen, one of them a word
        ([1, 0, "", "", 1] * 3, {"pass_blank_as_zero"}),
    ],
)
def test_a_row_of_a_document_that_was_not_read_is_not_judged(cells: list[object], expected: set[str]) -> None:
    heads = "".join(f"<td>{word}</td>" for word in RESULTS)
    five = "".join(f"<td rowspan=2>{word}</td>" for word in RESULTS)
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    page = RECORD.format(five=five, twice=heads * 2, cells=row)
    report = parse(page.encode(), Hints(media_type="text/html", charset="utf-8"))
    assert {check.outcome for check in report.checks if check.rule == "T4_BLOCK_SUM"} == expected
