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


HEAD = "申请人情况\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计"
ABOVE = ("5.要求行政机关确认或重新出具已获取信息", "6", "0", "0", "0", "0", "0", "6")
BELOW = ("3.其他", "1", "0", "0", "0", "0", "2", "3")
BOTH = [("4", "0", "5", "0", "0", "0", "9"), ("0", "7", "0", "0", "0", "0", "7")]


def broken_headings(heading: str, bars: str, *, rows: list[tuple[str, ...]]) -> dict[str, list[str]]:
    """What is read of rows whose values stand beside the end of the heading over them."""
    lines = [[""], list(ABOVE), *([*([heading] if at else [""]), *row] for at, row in enumerate(rows)), list(BELOW)]
    texts = [bars.join(line) for line in lines if line != [""]]
    report = parse("\n".join((TITLE, SECTION, HEAD.replace("\t", bars), *texts)).encode(), Hints(url="a.txt"))
    found: dict[str, list[str]] = {}
    for cell in report.cells:
        if cell.value is not None:
            found.setdefault(cell.code.partition("__")[0], []).append(str(cell.value))
    return found


@pytest.mark.parametrize("bars", ["\t", "|"])
@pytest.mark.parametrize("heading", ["处理", "他处理"])
def test_the_end_of_a_heading_before_values_is_no_label(bars: str, heading: str) -> None:
    assert broken_headings(heading, bars, rows=BOTH) == {
        "req_not_processed_reconfirm": list(ABOVE[1:]),
        "req_other_no_correction": list(BOTH[0]),
        "req_other_fee_unpaid": list(BOTH[1]),
        "req_other_misc": list(BELOW[1:]),
    }


@pytest.mark.parametrize("heading", ["处理", "听说"])
def test_rows_beside_the_end_of_a_heading_are_told_where_they_may_be_others(heading: str) -> None:
    for rows in (BOTH[:1] * 2 + BOTH[1:], [BOTH[0], BOTH[1][:6]]) if heading == "处理" else (BOTH,):
        found = broken_headings(heading, "\t", rows=rows)
        assert set(found) == {"req_not_processed_reconfirm", "req_other_misc"}
