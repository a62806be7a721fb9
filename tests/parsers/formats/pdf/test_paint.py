"""What of a page is painted so that nobody sees it is not read: PDF files made by hand."""

import pytest

from parsers import parse
from parsers.formats import read_document, resolve
from tests.parsers.formats.tiny_pdf import Sheet, pdf

X = [70.0, 260.0, 420.0]
GROUP = "<< /Type /OCG /Name (x) >>"
DIGIT = 9.0  # points: how wide the font of these files says that a digit of this size is


def page_with(value: str = "", width: float = 595, height: float = 842) -> Sheet:
    """A page of a report whose table says ``value`` of 行政许可; the cell is 160 points wide, from 260, at 128."""
    sheet = Sheet(width, height)
    sheet.text(100, 40, "某某市林业局2022年政府信息公开工作年度报告")
    sheet.text(74, 70, "二、主动公开政府信息情况")
    sheet.table(X, 100, [["信息内容", "本年处理决定数量"], ["行政许可", value], ["行政处罚", "6"]])
    return sheet


def figure(data: bytes) -> tuple[str, str | None]:
    """Status and value of 行政许可; the cell leads back, and the row below it is as it is printed."""
    report = parse(data).as_json()
    cells = {cell["code"]: cell for cell in report["cells"]}
    assert cells["penalty_decisions"]["value"] == "6"
    for block in read_document(data).tables():
        for cell in block.cells:
            assert resolve(data, cell.locator) == cell.text
    found = cells["permit_decisions"]
    assert (found["status"] == "text") <= bool({issue["code"] for issue in report["issues"]} & {"unread_content"})
    return found["status"], found["value"]


@pytest.mark.parametrize("operators", ["3 Tr", "7 Tr", "1 g", "1 1 1 rg", "0 0 0 0 k", "0.99 g", "1 Tr 1 G"])
def test_letters_without_ink_are_no_digits(operators: str) -> None:
    sheet = page_with()
    sheet.set_text(263, 128, "99", operators, 9)
    sheet.text(263 + 2 * DIGIT, 128, "1284", 9)
    assert figure(pdf(sheet)) == ("number", "1284")


@pytest.mark.parametrize("operators", ["1 0 0 rg", "0.6 g", "2 Tr 0 G", "1 Tr 0 G 1 g", "/Cs cs 1 scn"])
def test_letters_with_ink_are_read(operators: str) -> None:
    sheet = page_with()
    sheet.resources = "/ColorSpace << /Cs [/Separation /Black /DeviceGray << /FunctionType 2 /N 1 /Domain [0 1] >>] >>"
    sheet.set_text(263, 128, "1284", operators, 9)
    assert figure(pdf(sheet)) == ("number", "1284")


@pytest.mark.parametrize(
    ("ground", "ink", "seen"),
    [("0 0 0.4 rg", "1 g", True), ("0 g", "0 g", False), ("0 0 0.4 rg", "0 0 0.4 rg", False), ("0.9 g", "1 g", True)],
)
def test_letters_show_on_the_ground_below_them(ground: str, ink: str, *, seen: bool) -> None:
    sheet = page_with()
    sheet.content.append(f"q {ground} 261 695 158 22 re f Q")
    sheet.set_text(263, 128, "1284", ink, 9)
    assert figure(pdf(sheet)) == (("number", "1284") if seen else ("blank", None))


def test_what_a_white_box_covers_is_gone_and_what_stands_on_it_is_not() -> None:
    sheet = page_with()
    sheet.text(263, 128, "99", 9)
    sheet.content.append("q 1 g 262 700 20 15 re f Q")
    sheet.text(263 + 2 * DIGIT, 128, "1284", 9)
    assert figure(pdf(sheet)) == ("number", "1284")
    sheet = page_with()
    sheet.content.append("q 1 g 262 700 60 15 re f Q")
    sheet.text(263, 128, "1284", 9)
    sheet.content.append("q 1 g 0 0 595 842 re f Q")  # as high as the page: it is clipped to what nobody knows
    assert figure(pdf(sheet)) == ("number", "1284")


@pytest.mark.parametrize(
    ("value", "patch"),
    [
        ("73170", "1 g 261 700 20 15 re f"),  # two digits of one number
        ("73170", "1 g 280 700 40 15 re f"),  # its end
        ("1284", "1 g 268 700 9 15 re f"),  # parts of two digits
        ("1284", "1 g 261 690 40 40 re f"),  # so high that it may be clipped, over this number only
        ("1284", "0 g 261 700 40 15 re f"),  # black
        ("1284", "40 0 0 15 261 700 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI"),
    ],
)
def test_digits_that_may_be_covered_are_told(value: str, patch: str) -> None:
    sheet = page_with(value)
    sheet.content.append(f"q {patch} Q")
    assert figure(pdf(sheet)) == ("text", None)


@pytest.mark.parametrize("patch", ["1 g 261 690 40 40 re f", "1 g 261 700 40 15 re f", "1 g 281 700 20 15 re f"])
def test_a_number_printed_again_over_its_cover_is_read(patch: str) -> None:
    sheet = page_with("1284")
    sheet.content.append(f"q {patch} Q")
    sheet.text(263, 128, "1284", 9)
    assert figure(pdf(sheet)) == ("number", "1284")


@pytest.mark.parametrize(("ground", "patch"), [("1 g", "1 g"), ("0.8 g", "0.8 g"), ("1 1 0.7 rg", "1 1 0.7 rg")])
def test_a_patch_of_the_colour_of_the_page_covers_what_is_below_it(ground: str, patch: str) -> None:
    sheet = page_with()
    sheet.content.insert(0, f"q {ground} 0 0 595 842 re f Q")
    sheet.text(263, 128, "99", 9)
    sheet.content.append(f"q {patch} 262 700 20 15 re f Q")
    sheet.text(263 + 2 * DIGIT, 128, "1284", 9)
    assert figure(pdf(sheet)) == ("number", "1284")


@pytest.mark.parametrize(
    "more",
    [
        "1 g 261 690 158 140 re f",  # a ground over more than this number, in whatever order it is painted
        "0.7 g 261 700 40 15 re f",  # a highlighter of another colour: whether it hides is not told
        "1 g 300 700 60 15 re f",  # beside the number
        "595 0 0 15 0 700 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI",  # a strip of a scanned page
        "1 0 0 RG 300 690 120 120 re S",  # a frame
    ],
)
def test_grounds_strips_and_highlighters_cover_no_number(more: str) -> None:
    sheet = page_with("1284")
    sheet.content.append(f"q {more} Q")
    assert figure(pdf(sheet)) == ("number", "1284")


@pytest.mark.parametrize(
    ("chosen", "seen"),
    [
        ("/OFF [5 0 R]", False),
        ("/BaseState /OFF", False),
        ("/BaseState /OFF /ON [5 0 R]", True),
        ("/OFF []", True),
    ],
)
@pytest.mark.parametrize("how", ["content", "set", "form"])
def test_content_that_is_switched_off(chosen: str, how: str, *, seen: bool) -> None:
    catalog = f"/OCProperties << /OCGs [5 0 R] /D << {chosen} >> >>"
    sheet = page_with()
    form = (
        "<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /OC 5 0 R /Length 0 >>\nstream\n\nendstream",
        "<< /Type /OCMD /OCGs [5 0 R] >>",
    )
    more = [GROUP, *form]
    if how == "form":
        inner = Sheet()
        inner.text(263, 128, "99", 9)
        body = "\n".join(inner.content)
        more[1] = (
            "<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /OC 5 0 R /Resources << /Font << /F1 1 0 R >> >> "
            f"/Length {len(body)} >>\nstream\n{body}\nendstream"
        )
        sheet.resources = "/XObject << /X 6 0 R >>"
        sheet.content.append("/X Do")
    else:
        sheet.resources = f"/Properties << /L {5 if how == 'content' else 7} 0 R >>"
        sheet.content.append("/Span << /MCID 1 >> BDC /OC /L BDC")
        sheet.text(263, 128, "99", 9)
        sheet.content.append("EMC EMC")
    sheet.text(263 + 2 * DIGIT, 128, "1284", 9)
    data = pdf(sheet, catalog=catalog, objects_more=tuple(more))
    assert figure(data) == ("number", "991284" if seen else "1284")


def test_the_invisible_text_of_a_recognised_scan_is_read() -> None:
    sheet = Sheet()
    sheet.picture(0, 0, 595, 842)
    for at, text in enumerate(["某某市林业局2022年政府信息公开工作年度报告", "二、主动公开政府信息情况"]):
        sheet.set_text(74, 40 + 30 * at, text, "3 Tr")
    read = "".join(text.text for text in read_document(pdf(sheet)).texts())
    assert read == "某某市林业局2022年政府信息公开工作年度报告二、主动公开政府信息情况"


@pytest.mark.parametrize(
    ("ink", "ground", "rows"), [("1 G", "", 3), ("0 G", "", 4), ("1 G", "0.7 g 70 694 350 24 re f", 4)]
)
def test_white_rules_part_nothing_on_white(ink: str, ground: str, rows: int) -> None:
    sheet = page_with("1284")
    sheet.content.insert(0, ground)
    sheet.content.append(f"q {ink} 0.5 w 70 700 m 420 700 l S Q")
    (table,) = read_document(pdf(sheet)).tables()
    assert len({cell.row for cell in table.cells}) == rows
