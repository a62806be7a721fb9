"""Whatever is printed in a form's table is a figure, open, or named; what is plainly none of its cells is no alarm."""

from decimal import Decimal

import pytest

from parsers import Hints, parse
from parsers.document import Cell, Locator
from parsers.record import AnnualReport
from parsers.tables.accounted import _counts

TITLE = "某市林业局2022年政府信息公开工作年度报告"
OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
RECORD = "".join(f"<td>{word}" for word in (*OUTCOMES, *OUTCOMES, *OUTCOMES))
BLOCKS = "<td>行政复议<td>未经复议直接起诉<td>复议后起诉"
GOOD = "<tr><td>信息内容<td>本年处理决定数量<tr><td>行政许可<td>1284"


def read(body: str, name: str = "a.html") -> AnnualReport:
    text = f"<h1>{TITLE}</h1>{body}" if name.endswith("html") else f"{TITLE}\n{body}"
    return parse(text.encode(), Hints(url=name))


def told(report: AnnualReport) -> list[str]:
    return [issue.message for issue in report.issues if issue.code == "cell_not_read"]


@pytest.mark.parametrize("first", ["数量", "市林业局", "2021年"])
def test_a_row_that_no_reader_understood_is_named_with_all_its_numbers(first: str) -> None:
    values = "".join(f"<td>{number}" for number in range(11, 26))
    report = read(f"<table><tr><td>项目{BLOCKS}<tr><td>{RECORD}<tr><td>{first}{values}</table>")
    assert report.cells == ()
    (message,) = told(report)
    assert message == f"{first}: not read: {', '.join(map(str, range(11, 26)))}"
    (issue,) = [issue for issue in report.issues if issue.code == "cell_not_read"]
    assert issue.locator is not None
    assert (issue.locator.get("row"), issue.locator.get("column")) == (2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "二、主动公开政府信息情况\n行政许可 1284\n行政处罚 12件",
        "二、主动公开政府信息情况\n行政许可\n1284\n行政处罚\n12件",
        "二、主动公开政府信息情况\n行政许可：1284\n行政处罚|12件|",
    ],
)
def test_labels_with_numbers_and_without_headers_in_a_text(text: str) -> None:
    report = read(text, "a.txt")
    assert report.cells == ()
    assert [message.replace("：", ":") for message in told(report)] == [
        "行政许可: not read: 1284",
        "行政处罚: not read: 12件",
    ]


def test_many_rows_are_counted() -> None:
    rows = "".join(f"<tr><td>第{number}组" + "<td>7<td>8" for number in range(60))
    messages = told(read(f"<table>{GOOD}</table><table><tr><td>项目{BLOCKS}<tr><td>{RECORD}{rows}</table>"))
    assert len(messages) == 41
    assert messages[-1] == "20 more rows with numbers that were not read"


@pytest.mark.parametrize(
    "body",
    [
        f"<table>{GOOD}</table>",
        f"<table>{GOOD}<tr><td>1<td>2</table>",  # counts the columns
        f"<table>{GOOD}<tr><td>12<td></table>",  # a page's number
        f"<table>{GOOD}<tr><td><td>2022年</table>",
        "<table><tr><td>序号<td>信息内容<td>本年处理决定数量<tr><td>5<td>行政许可<td>1284</table>",
        f"<table>{GOOD}</table><table><tr><td>栏目<td>条数<td>备注<tr><td>财政<td>12<td>无</table>",
        f"<table>{GOOD}</table><p>本年新收政府信息公开申请数量为5件。</p>",
        f"<table>{GOOD}</table><p>行政许可</p><p>行政许可 12</p>",  # the row is read
    ],
)
def test_what_is_none_of_a_forms_cells_or_told_otherwise_is_no_alarm(body: str) -> None:
    report = read(body)
    assert {cell.code: cell.value for cell in report.cells} == {"permit_decisions": Decimal(1284)}
    assert told(report) == []


@pytest.mark.parametrize(("second", "counts"), [("35", True), ("35¹", False)])
def test_a_footnotes_mark_at_a_number_is_no_digit(second: str, counts: bool) -> None:
    cells = [Cell(text, 0, at, Locator("text")) for at, text in enumerate(("34", second))]
    assert _counts(cells, cells) is counts


def test_a_telephone_in_a_forms_table_is_no_figure() -> None:
    head = f"<tr><td>项目{BLOCKS}<tr><td>{RECORD}"
    assert told(read(f"<table>{head}<tr><td>联系电话<td>85123456<tr><td>填报人<td>13800000000</table>")) == []
