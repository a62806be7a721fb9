"""Two pages on one sheet: files made by hand, whose table goes on in the other half."""

import pytest

from parsers import parse
from parsers.formats import read_document, resolve
from tests.parsers.formats.tiny_pdf import HEIGHT, WIDTH, Sheet, pdf

X = [40.0, 200.0, 380.0]
HALF = HEIGHT / 2


def shifted(by: float) -> list[float]:
    return [x + by for x in X]


def opened(*, right: bool = True, gap: float = 0.0) -> Sheet:
    """A sheet with a report's beginning on its left half, and the rest of the table on its right one."""
    sheet = Sheet(HEIGHT, WIDTH)
    sheet.text(60, 40, "某某市林业局2022年政府信息公开工作年度报告", 11)
    sheet.text(44, 70, "二、主动公开政府信息情况")
    sheet.table(X, 500, [["信息内容", "本年处理决定数量"], ["行政许可", "1284"]])
    if right:
        bottom = sheet.table(shifted(HALF + gap), 40, [["行政处罚", "6"], ["行政强制", "12"]])
        sheet.text(HALF + 44, bottom + 30, "五、存在的主要问题及改进情况")
    return sheet


def figures(*sheets: Sheet) -> dict[str, str]:
    data = pdf(*sheets)
    document = read_document(data)
    for table in document.tables():
        for cell in table.cells:
            assert resolve(data, cell.locator) == cell.text
    return {cell["code"]: cell["value"] or cell["status"] for cell in parse(data).as_json()["cells"]}


def test_a_table_goes_on_in_the_right_half_and_from_there_on_the_next_sheet() -> None:
    everything = {"permit_decisions": "1284", "penalty_decisions": "6", "coercion_decisions": "12"}
    assert figures(opened()) == everything
    (table,) = read_document(pdf(opened())).tables()
    assert len(table.cells) == 8
    over = opened()
    over.content = over.content[: len(opened(right=False).content)]
    over.table(shifted(HALF), 500, [["行政处罚", "6"]])
    following = Sheet(HEIGHT, WIDTH)
    bottom = following.table(X, 40, [["行政强制", "12"]])
    following.text(44, bottom + 30, "五、存在的主要问题及改进情况")
    assert figures(over, following) == everything


def test_text_is_read_half_by_half() -> None:
    sheet = opened()
    for line in range(3):
        sheet.text(44, 120 + 20 * line, f"左页第{line}行。")
        sheet.text(HALF + 44, 320 + 20 * line, f"右页第{line}行。")
    said = "".join(text.text for text in read_document(pdf(sheet)).texts())
    assert said.index("左页第2行") < said.index("五、存在") < said.index("右页第0行")


@pytest.mark.parametrize("reaching", [True, False])
def test_a_wide_page_whose_table_or_text_reaches_over_the_middle_is_one(*, reaching: bool) -> None:
    sheet = Sheet(HEIGHT, WIDTH)
    sheet.text(60, 40, "某某市林业局2022年政府信息公开工作年度报告", 11)
    columns = [40.0, 300.0, 800.0] if reaching else X
    sheet.table(columns, 100, [["信息内容", "本年处理决定数量"], ["行政许可", "1284"], ["行政处罚", "6"]])
    sheet.text(HALF - 60, 300, "这一行字横在整张纸的正中间。")
    (table,) = read_document(pdf(sheet)).tables()
    assert [cell.text for cell in table.cells] == ["信息内容", "本年处理决定数量", "行政许可", "1284", "行政处罚", "6"]
    assert figures(sheet) == {"permit_decisions": "1284", "penalty_decisions": "6"}


@pytest.mark.parametrize(("head", "foot"), [(True, False), (True, True), (False, True)])
def test_a_sheet_set_in_two_columns_under_its_own_title(head: bool, foot: bool) -> None:
    sheet = Sheet(HEIGHT, WIDTH)
    if head:
        sheet.text(HALF - 150, 20, "某某市林业局2022年政府信息公开工作年度报告", 11)
    if foot:
        sheet.text(HALF - 30, 580, "共1页，第1页")
    sheet.text(44, 70, "二、主动公开政府信息情况")
    sheet.table(X, 500, [["信息内容", "本年处理决定数量"], ["行政许可", "1284"]])
    bottom = sheet.table(shifted(HALF), 60, [["行政处罚", "6"], ["行政强制", "12"]])
    sheet.text(HALF + 44, bottom + 30, "五、存在的主要问题及改进情况")
    assert figures(sheet) == {"permit_decisions": "1284", "penalty_decisions": "6", "coercion_decisions": "12"}
    said = "".join(text.text for text in read_document(pdf(sheet)).texts())
    assert said.index("二、主动公开") < said.index("五、存在")
    assert not head or said.startswith("某某市林业局")


def test_a_line_over_the_middle_between_the_columns_parts_nothing() -> None:
    sheet = opened()
    sheet.text(HALF - 60, 300, "这一行字横在整张纸的正中间。")
    found = figures(sheet)
    assert found["permit_decisions"] == "1284"
    assert {found.get(code) for code in ("penalty_decisions", "coercion_decisions")} <= {"ambiguous", None}
