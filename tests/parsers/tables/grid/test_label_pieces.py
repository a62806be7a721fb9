"""Labels wrapped around their values, in papers without rules and in lines of text."""

from decimal import Decimal

import pytest

from parsers import Hints, parse
from parsers.document import Locator
from parsers.forms.templates import MatrixTable, load
from parsers.tables.grid.label_pieces import with_whole_labels
from parsers.tables.model import Slot
from parsers.tables.vocabulary import vocabulary
from tests.parsers.formats.tiny_pdf import Sheet, pdf

TITLE, SECTION = "某市林业局2022年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况"
STEP, LEFT, FIRST, APART = 12, 60, 300, 38


def table() -> MatrixTable:
    found = load().forms["fmt2021"].tables["requests"]
    assert isinstance(found, MatrixTable)
    return found


def paper(width: int, beside: float) -> tuple[bytes, dict[str, Decimal]]:
    """The form without rules; values stand ``beside`` their label's lines: 0 the first, 1 the last."""
    sheet, truth, y = Sheet(), {}, 120.0
    sheet.text(LEFT, 60, TITLE)
    sheet.text(LEFT, 90, SECTION)
    for at, column in enumerate(table().columns):
        for line in range(0, len(column.zh), 3):
            sheet.text(FIRST + APART * at, y + 4 * line, column.zh[line : line + 3], 10)
    y += 50
    for number, row in enumerate(table().rows):
        lines = [row.zh[at : at + width] for at in range(0, len(row.zh), width)]
        for at, line in enumerate(lines):
            sheet.text(LEFT, y + at * STEP, line, 10)
        numbers = [(7 * number + 3 * at) % 10 for at in range(6)]
        for at, (column, value) in enumerate(zip(table().columns, [*numbers, sum(numbers)], strict=True)):
            sheet.text(FIRST + APART * at, y + beside * (len(lines) - 1) * STEP, str(value), 10)
            truth[f"{row.code}__{column.code}"] = Decimal(value)
        y += len(lines) * STEP + 4
    return pdf(sheet), truth


@pytest.mark.parametrize("beside", [0, 0.5, 1])
@pytest.mark.parametrize("width", [16, 20])
def test_labels_wrapped_in_a_paper_without_rules(width: int, beside: float) -> None:
    data, truth = paper(width, beside)
    report = parse(data, Hints(url="a.pdf"))
    assert {cell.code: cell.value for cell in report.cells if cell.status == "number"} == truth


def test_the_first_rows_need_no_neighbours() -> None:
    data, truth = paper(12, 0.5)
    report = parse(data, Hints(url="a.pdf"))
    assert {cell.code: cell.value for cell in report.cells if cell.status == "number"} == truth


ROW = ("5", "0", "0", "1", "0", "0", "6")


@pytest.mark.parametrize(
    "lines",
    [
        ["二、上年结转政府", "\t".join(ROW), "信息公开申请数量"],
        ["二、上年结转政府", "信息公开", "\t".join(("申请数量", *ROW))],
        ["\t".join(("二、上年结转", *ROW)), "政府信息公开", "申请数量"],
        ["二、上年结转", "\t".join(("政府信息公开", *ROW)), "申请数量"],
    ],
)
def test_labels_wrapped_in_lines_with_tabs(lines: list[str]) -> None:
    head = "申请人情况\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计"
    rows = "\n".join(line if "\t" in line else f"{line}\t" for line in lines)
    report = parse(f"{TITLE}\n{SECTION}\n{head}\n{rows}".encode(), Hints(url="a.txt"))
    assert [str(cell.value) for cell in report.cells] == list(ROW)
    assert {cell.code.partition("__")[0] for cell in report.cells} == {"req_carried_in"}


def lines_of(*texts: str) -> list[tuple[int, list[Slot]]]:
    where = Locator("text")
    return [
        (number, [Slot(text, where, at) for at, text in enumerate(line.split("|"))])
        for number, line in enumerate(texts)
    ]


def test_the_longest_label_is_meant_and_what_makes_none_stays() -> None:
    words = vocabulary(load())
    law = lines_of("2.其他法律行政法规禁止", "公开|5|0|0|0|0|0|5")
    ((_, slots),) = with_whole_labels(law, words)
    assert slots[0].text == "2.其他法律行政法规禁止\n公开"
    assert [slot.text for slot in slots[1:]] == ["5", "0", "0", "0", "0", "0", "5"]
    other = lines_of("听说", "公开|5|0|0|0|0|0|5", "而已")
    assert with_whole_labels(other, words) == other
    whole = lines_of("三、本年度办理结果", "（一）予以公开|5|0|0|0|0|0|5", "数量")
    assert with_whole_labels(whole, words) == whole
