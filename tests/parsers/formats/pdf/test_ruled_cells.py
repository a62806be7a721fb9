"""Numbers wider than their cells: whole in the cell they are set in, or told."""

import pytest

from parsers import parse
from parsers.characters import UNREAD
from parsers.formats import read_document, resolve
from tests.parsers.formats.pdf.test_paint import DIGIT, figure, page_with
from tests.parsers.formats.tiny_pdf import Sheet, pdf

X = [70.0, 260.0, 290.0, 320.0, 350.0]
HEADS = ["信息内容", "本年\n制发\n件数", "本年\n废止\n件数", "现行\n有效\n件数"]


def row(*numbers: tuple[str, float]) -> list[tuple[str, str | None]]:
    """Status and value of the three cells of 行政规范性文件, with numbers printed from the given places."""
    sheet = Sheet()
    sheet.text(100, 40, "某某市林业局2022年政府信息公开工作年度报告")
    sheet.text(74, 70, "二、主动公开政府信息情况")
    sheet.table(X, 100, [HEADS, ["行政规范性文件", "", "", ""], ["规章", "0", "0", "0"]], height=40)
    for text, x in numbers:
        sheet.text(x, 144, text, 9)
    data = pdf(sheet)
    for table in read_document(data).tables():
        for cell in table.cells:
            assert resolve(data, cell.locator) == cell.text
    found = {cell["code"]: (cell["status"], cell["value"]) for cell in parse(data).as_json()["cells"]}
    assert [found[f"rules_{name}"][1] for name in ("issued", "repealed", "in_force")] == ["0", "0", "0"]
    return [found[f"normdocs_{name}"] for name in ("issued", "repealed", "in_force")]


BLANK = ("blank", None)


@pytest.mark.parametrize(
    ("numbers", "figures"),
    [
        ([("13612", 263), ("7", 323)], [("number", "13612"), BLANK, ("number", "7")]),
        ([("13612", 317 - 5 * DIGIT), ("7", 323)], [BLANK, ("number", "13612"), ("number", "7")]),
        ([("13612", 305 - 2.5 * DIGIT)], [BLANK, ("number", "13612"), BLANK]),
        ([("1", 263), ("2", 293), ("4185", 323)], [("number", "1"), ("number", "2"), ("number", "4185")]),
        ([("12", 263), ("3", 293), ("4", 323)], [("number", "12"), ("number", "3"), ("number", "4")]),
    ],
)
def test_a_number_is_whole_where_it_is_set(
    numbers: list[tuple[str, float]], figures: list[tuple[str, str | None]]
) -> None:
    assert row(*numbers) == figures


@pytest.mark.parametrize("numbers", [[("1361", 263), ("2", 309)], [("13612", 266), ("84", 313)]])
def test_where_another_number_stands_in_the_cell_both_are_told(numbers: list[tuple[str, float]]) -> None:
    issued, repealed, _ = row(*numbers)
    assert (issued, repealed) == (("text", None), ("text", None))


def cell_with(content: str, value: str = "") -> str:
    """The text of the cell behind 行政许可, with something drawn on it."""
    sheet = page_with(value)
    sheet.content.append(content)
    (table,) = read_document(pdf(sheet)).tables()
    return next(c.text for c in table.cells if (c.row, c.column) == (1, 1))


PICTURE = "q 30 0 0 12 270 700 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
CURVE = "{0} 700 m {0} 706 {0} 708 {1} 708 c {1} 702 {1} 700 {0} 700 c f "


BESIDE = "q {} 0 0 {} {} {} cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"  # width, height, left, lower side


@pytest.mark.parametrize(
    ("content", "value", "text"),
    [
        (PICTURE, "", UNREAD),
        (CURVE.format(270, 276) + CURVE.format(278, 284), "", UNREAD),
        (PICTURE, "1284", f"1{UNREAD * 4}"),  # it may hide the digits below it
        (BESIDE.format(12, 12, 302, 700), "1284", f"1284{UNREAD}"),
        (BESIDE.format(8, 8, 310, 706), "12件", f"12件{UNREAD}"),
        (BESIDE.format(40, 6, 264, 712), "1284", f"1284{UNREAD}"),
        (CURVE.format(301, 307) + CURVE.format(308, 314), "1284", f"1284{UNREAD}"),
        (BESIDE.format(120, 120, 290, 660), "1284", "1284"),  # a seal
        (BESIDE.format(12, 12, 302, 700), "见附件", "见附件"),
        (CURVE.format(270, 276), "", ""),
        ("q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q", "", ""),
        ("260 694 m 420 718 l S", "", ""),
        ("0.9 g 261 695 158 22 re f", "", ""),
    ],
)
def test_pictures_and_drawn_letters_in_an_empty_cell_and_beside_a_number_are_told(
    content: str, value: str, text: str
) -> None:
    assert cell_with(content, value) == text


@pytest.mark.parametrize("left", [262, 264, 300])
def test_a_picture_before_a_number_is_told_and_one_below_it_is_its_ground(left: float) -> None:
    sheet = page_with()
    sheet.content.append(BESIDE.format(60, 14, left, 699))
    sheet.text(left + 4, 128, "17", 9)
    assert figure(pdf(sheet)) == ("number", "17")
    sheet = page_with()
    sheet.content.append(BESIDE.format(12, 12, left, 700))
    sheet.text(left + 13, 128, "17", 9)
    assert figure(pdf(sheet)) == ("text", None)
