"""Page numbers and running heads within tables that reach into the margins: PDF files made by hand."""

import pytest

from parsers import parse
from parsers.formats import read_document, resolve
from tests.parsers.formats.tiny_pdf import Sheet, pdf

X = [70.0, 260.0, 420.0]


def figures(
    feet: tuple[str, str], heads: tuple[str, str] = ("", ""), *, value: str = "6", x: float = 290
) -> dict[str, str]:
    """What is read of a table whose cells reach to the edges of two pages, with these lines printed into them."""
    one, two = Sheet(), Sheet()
    one.text(100, 90, "某某市林业局2022年政府信息公开工作年度报告")
    one.text(74, 120, "二、主动公开政府信息情况")
    one.table(X, 690, [["信息内容", "本年处理决定数量"], ["行政许可", "1284"]], height=30)
    one.table(X, 750, [["行政处罚", value]], height=75)
    two.table(X, 20, [["", ""]], height=75)
    two.text(73, 70, "行政强制", 9)
    two.text(263, 70, "12", 9)
    for sheet, foot, head in zip((one, two), feet, heads, strict=True):
        for top, text in ((806, foot), (24, head)):
            if text:
                sheet.text(x, top, text, 9)
    data = pdf(one, two)
    for table in read_document(data).tables():
        for cell in table.cells:
            assert resolve(data, cell.locator) == cell.text
    return {cell["code"]: cell["value"] or cell["status"] for cell in parse(data).as_json()["cells"]}


@pytest.mark.parametrize(
    "feet", [("- 1 -", "- 2 -"), ("1", "2"), ("7", "8"), ("第 1 页", "第 2 页"), ("— 1 —", "— 2 —"), ("1 / 2", "2 / 2")]
)
@pytest.mark.parametrize(("value", "read"), [("6", "6"), ("", "blank")])
def test_page_numbers_in_cells_are_no_values(feet: tuple[str, str], value: str, read: str) -> None:
    found = figures(feet, value=value)
    assert found == {"permit_decisions": "1284", "penalty_decisions": read, "coercion_decisions": "12"}


@pytest.mark.parametrize("head", ["某某市林业局", "2022年报告"])
def test_running_heads_in_cells_are_no_values(head: str) -> None:
    found = figures(("", ""), (head, head), x=263)
    assert found["coercion_decisions"] == "12"


def test_numbers_at_the_edge_that_do_not_count_pages_are_values() -> None:
    assert figures(("5", "9"), value="")["penalty_decisions"] == "5"
