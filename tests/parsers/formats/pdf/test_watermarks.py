"""Watermarks and slanting stamps over the tables of a PDF are no part of its cells: files made by hand."""

import math

import pytest

from parsers import parse
from parsers.formats import read_document, resolve
from tests.parsers.formats.tiny_pdf import Sheet, pdf

X = [70.0, 260.0, 420.0]
ROWS = ["行政许可", "行政处罚", "行政强制"]


def page_with(values: list[str]) -> Sheet:
    sheet = Sheet()
    sheet.text(100, 40, "某某市林业局2022年政府信息公开工作年度报告")
    sheet.text(74, 70, "二、主动公开政府信息情况")
    rows = [[row, value] for row, value in zip(ROWS, values, strict=True)]
    sheet.table(X, 100, [["信息内容", "本年处理决定数量"], *rows])
    return sheet


def slanting(sheet: Sheet, x: float, top: float, text: str, degrees: float, size: float, ink: str = "0.88 g") -> None:
    """Text that begins at x, top and rises by so many degrees."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    data = text.encode("utf-16-be").hex()
    turn = f"{cosine:.4f} {sine:.4f} {-sine:.4f} {cosine:.4f} {x} {sheet.height - top} Tm"
    sheet.content.append(f"q BT {ink} /F1 {size} Tf {turn} <{data}> Tj ET Q")


def figures(sheet: Sheet) -> tuple[list[str], set[str]]:
    """Value or status of the three rows, and the codes of all issues; every cell leads back."""
    data = pdf(sheet)
    for table in read_document(data).tables():
        for cell in table.cells:
            assert resolve(data, cell.locator) == cell.text
    report = parse(data).as_json()
    cells = {cell["code"]: cell["value"] or cell["status"] for cell in report["cells"]}
    read = [cells[f"{code}_decisions"] for code in ("permit", "penalty", "coercion")]
    return read, {issue["code"] for issue in report["issues"]}


@pytest.mark.parametrize(
    ("degrees", "size", "ink"), [(45, 40, "0.88 g"), (30, 60, "0.5 g"), (-35, 24, "1 0.8 0.8 rg"), (60, 40, "0 g")]
)
@pytest.mark.parametrize("value", ["6", ""])
def test_a_slanting_watermark_is_not_of_the_cells(degrees: float, size: float, ink: str, value: str) -> None:
    sheet = page_with(["1284", value, "12"])
    slanting(sheet, 240, 130 if degrees < 0 else 210, "2023-01归档0073", degrees, size, ink)
    read, issues = figures(sheet)
    assert read == ["1284", value or "blank", "12"]
    assert "text_laid_over" in issues


def test_small_tiles_all_over_the_page_are_not_of_the_cells() -> None:
    sheet = page_with(["1284", "", "12"])
    for x in range(60, 500, 60):
        for top in range(60, 300, 24):
            slanting(sheet, x, top, "张0073", 20, 8, "0.4 g")
    assert figures(sheet)[0] == ["1284", "blank", "12"]


@pytest.mark.parametrize("value", ["6", ""])
def test_what_slants_in_one_cell_may_be_its_content(value: str) -> None:
    sheet = page_with(["1284", value, "12"])
    slanting(sheet, 300, 168, "17", 20, 9, "0 g")
    read, issues = figures(sheet)
    assert read == ["1284", "text", "12"]
    assert {"text_laid_over", "unread_content"} <= issues


@pytest.mark.parametrize("upward", [False, True])
def test_a_pale_level_or_upright_watermark_over_several_cells(*, upward: bool) -> None:
    sheet = page_with(["1284", "6", "12"])
    slanting(sheet, 275 if upward else 180, 200 if upward else 170, "2023", 90 if upward else 0, 36)
    read, issues = figures(sheet)
    assert read == ["1284", "6", "12"]
    assert "text_laid_over" in issues


def test_a_pale_number_in_its_cell_is_read() -> None:
    sheet = page_with(["1284", "", "12"])
    slanting(sheet, 264, 165, "17", 0, 9)
    read, issues = figures(sheet)
    assert read == ["1284", "17", "12"]
    assert "text_laid_over" not in issues
