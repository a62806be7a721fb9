"""Letters printed twice, struck through, raised, or standing in form fields and notes: PDF files made by hand."""

import re

import pytest

from parsers.characters import UNREAD
from parsers.document import Text
from parsers.formats import read_document
from tests.parsers.formats.pdf.test_paint import DIGIT, figure, page_with
from tests.parsers.formats.tiny_pdf import Sheet, pdf


def cell(sheet: Sheet, *more: str) -> str:
    """The text of the cell behind 行政许可."""
    (table,) = read_document(pdf(sheet, objects_more=more)).tables()
    return next(c.text for c in table.cells if (c.row, c.column) == (1, 1))


@pytest.mark.parametrize(("right", "down"), [(0, 0), (0.3, 0), (0.6, 0.3), (1.2, 0), (0, 0.8), (1.5, 1.5)])
def test_letters_printed_twice_are_read_once(right: float, down: float) -> None:
    sheet = page_with("1122")
    sheet.text(263 + right, 128 + down, "1122", 9)
    assert figure(pdf(sheet)) == ("number", "1122")


def test_different_digits_in_one_place_are_told() -> None:
    sheet = page_with("12")
    sheet.text(263, 128, "84", 9)
    assert figure(pdf(sheet)) == ("text", None)


@pytest.mark.parametrize(("top", "size", "first"), [(126, 6, False), (124, 6, False), (126, 6, True), (133, 6, False)])
def test_small_digits_above_or_below_the_line_are_marks(top: float, size: float, *, first: bool) -> None:
    sheet = page_with("" if first else "1284")
    sheet.text(263 + 4 * DIGIT, top, "2", size)
    if first:
        sheet.text(263, 128, "1284", 9)
    assert "".join(cell(sheet).split()) == "1284²"
    assert figure(pdf(sheet)) == ("number", "1284")


def test_digits_raised_without_becoming_smaller_are_marks() -> None:
    sheet = page_with()
    sheet.set_text(263, 128, "1284", "", 9)
    sheet.set_text(263 + 4 * DIGIT, 128, "2", "4 Ts", 9)
    assert figure(pdf(sheet)) == ("number", "1284")
    sheet = page_with()
    sheet.set_text(263, 128, "1284", "4 Ts", 9)  # the whole number stands higher in its cell
    assert figure(pdf(sheet)) == ("number", "1284")


@pytest.mark.parametrize("how", ["line", "box", "note", "quads"])
def test_what_is_struck_through_is_left_out(how: str) -> None:
    sheet = page_with()
    sheet.text(263, 128, "99", 9)
    left, right = 263.0, 263 + 2 * DIGIT
    if how == "line":
        sheet.line(left - 1, 132.5, right + 1, 132.5)
    elif how == "box":
        sheet.box(left, 132, right, 132.7)
    else:
        high, low = sheet.height - 128, sheet.height - 137
        quads = f"/QuadPoints [{left} {high} {right} {high} {left} {low} {right} {low}]" if how == "quads" else ""
        sheet.note(left, 128, right, 137, f"/Subtype /StrikeOut {quads}")
    sheet.text(right, 128, "1284", 9)
    assert figure(pdf(sheet)) == ("number", "1284")


def turned(sheet: Sheet, rotate: int) -> Sheet:
    """A page shown turned clockwise, its content and its notes set so that it reads upright all the same."""
    width, height = sheet.width, sheet.height
    matrix = {90: (0, 1, -1, 0, height, 0), 180: (-1, 0, 0, -1, width, height), 270: (0, -1, 1, 0, 0, width)}
    a, b, c, d, e, f = matrix.get(rotate, (1, 0, 0, 1, 0, 0))

    def place(match: re.Match[str]) -> str:
        numbers = [float(number) for number in match[2].split()]
        points = zip(numbers[::2], numbers[1::2], strict=True)
        placed = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
        if match[1] == "/Rect":
            placed = [tuple(map(min, *placed)), tuple(map(max, *placed))]
        return f"{match[1]} [{' '.join(str(number) for point in placed for number in point)}]"

    sheet.annotations = [re.sub(r"(/Rect|/QuadPoints) \[([^]]*)\]", place, note) for note in sheet.annotations]
    if rotate != 90:  # what the writer itself does
        sheet.content.insert(0, f"{a} {b} {c} {d} {e} {f} cm")
    if rotate == 270:
        sheet.width, sheet.height = height, width
    sheet.rotate = rotate
    return sheet


def struck_by_note(*lines: tuple[float, str]) -> Sheet:
    """The cell of 行政许可 with numbers of which one note strikes all, each by a quadrilateral of its own."""
    sheet = page_with()
    quads = ""
    for x, text in lines:
        sheet.text(x, 128, text, 9)
        right, high, low = x + len(text) * DIGIT, sheet.height - 128, sheet.height - 137
        quads += f"{x} {high} {right} {high} {x} {low} {right} {low} "
    last = max(x + len(text) * DIGIT for x, text in lines)
    sheet.note(lines[0][0], 128, last, 137, f"/Subtype /StrikeOut /QuadPoints [{quads.strip()}]")
    return sheet


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_notes_strike_text_on_turned_pages(rotate: int) -> None:
    sheet = struck_by_note((263, "99"), (380, "7"))
    sheet.text(300, 128, "1284", 9)
    assert figure(pdf(turned(sheet, rotate))) == ("number", "1284")


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("how", ["struck", "beside", "over"])
def test_a_remark_that_says_another_number_is_told(how: str, rotate: int) -> None:
    sheet = struck_by_note((263, "99")) if how == "struck" else page_with("99")
    left = 263 if how == "over" else 290
    sheet.note(left, 126, left + 30, 140, "/Subtype /FreeText /Contents (45)")
    assert figure(pdf(turned(sheet, rotate))) == ("text", None)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_remark_in_an_empty_cell_is_read_and_one_outside_costs_nothing(rotate: int) -> None:
    sheet = page_with()
    sheet.note(290, 126, 320, 140, "/Subtype /FreeText /Contents (45)")
    sheet.note(440, 126, 500, 140, "/Subtype /FreeText /Contents (12)")
    assert figure(pdf(turned(sheet, rotate))) == ("number", "45")


@pytest.mark.parametrize("line", [(263, 137.5, 300, 137.5), (200, 132.5, 420, 132.5), (263, 127, 299, 127)])
def test_lines_below_above_and_far_beyond_a_number_do_not_strike_it(line: tuple[float, float, float, float]) -> None:
    sheet = page_with("1284")
    sheet.line(*line)
    cells = [c.text for table in read_document(pdf(sheet)).tables() for c in table.cells]
    assert "1284" in cells


FIELD = "/Subtype /Widget /FT"


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        (f"{FIELD} /Tx /V (1284)", "1284"),
        (f"{FIELD} /Tx /V <FEFF0031003200380034>", "1284"),
        (f"{FIELD} /Ch /V (1284)", "1284"),
        (f"{FIELD} /Ch /V (a) /Opt [[(a) (1284)] [(b) (7)]]", "1284"),
        ("/Subtype /Widget /Parent << /FT /Tx /V (1284) >>", "1284"),
        ("/Subtype /FreeText /Contents (1284)", "1284"),
        (f"{FIELD} /Tx /V (1284) /F 2", ""),
        (f"{FIELD} /Tx /AP << /N 5 0 R >>", UNREAD),
        (f"{FIELD} /Tx", ""),
        (f"{FIELD} /Btn /AS /Yes", UNREAD),
        (f"{FIELD} /Btn /AS /Off", ""),
        ("/Subtype /Stamp /AP << /N 5 0 R >>", UNREAD),
        ("/Subtype /Text /Contents (1284)", ""),
        ("/Subtype /Link", ""),
    ],
)
def test_form_fields_and_notes_are_read_or_told(entries: str, text: str) -> None:
    sheet = page_with()
    sheet.note(262, 126, 310, 142, entries)
    drawn = "BT /F1 9 Tf (1) Tj ET"
    form = f"<< /Subtype /Form /BBox [0 0 9 9] /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"
    assert cell(sheet, form) == text


def test_letters_of_fonts_that_name_none_are_told() -> None:
    sheet = page_with()
    sheet.set_text(263, 128, "1284", "", 9, "F2")
    assert set(cell(sheet)) == {UNREAD}
    assert figure(pdf(sheet)) == ("text", None)
    assert "letters_unknown" in {notice.code for notice in read_document(pdf(sheet)).notices}


@pytest.mark.parametrize(
    ("x", "top", "size"), [(-200, 128, 9), (700, 128, 9), (263, 128, 1), (263, 900, 9), (263, -60, 9)]
)
def test_letters_beyond_the_page_or_too_small_are_not_read(x: float, top: float, size: float) -> None:
    sheet = page_with("1284")
    sheet.text(x, top, "99", size)
    data = pdf(sheet)
    assert figure(data) == ("number", "1284")
    blocks = read_document(data).blocks
    assert "99" not in "".join(block.text for block in blocks if isinstance(block, Text))
