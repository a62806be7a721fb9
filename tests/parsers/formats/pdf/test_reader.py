"""PDF files as documents: tables, paragraphs, notices, and locators that lead back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from parsers import Locator, LocatorError
from parsers.formats import read_document, resolve
from tests.parsers.formats.pdf.sheets import ROWS, X, lead_back, rows
from tests.parsers.formats.tiny_pdf import Sheet, pdf


@pytest.mark.parametrize("bars", ["line", "thin", "frame"])
def test_tables_however_their_rules_are_drawn(bars: str) -> None:
    sheet = Sheet()
    sheet.text(74, 60, "二、主动公开政府信息情况")
    sheet.table(X, 100, ROWS, bars=bars)
    sheet.text(290, 800, "- 1 -", 10)
    data = pdf(sheet)
    document = read_document(data)
    assert [text.text for text in document.texts()] == ["二、主动公开政府信息情况"]
    (table,) = document.tables()
    assert rows(table) == [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "", "11"],
        ["行政许可", "447228"],
    ]
    assert table.cells[-1].column_span == 3
    assert lead_back(data, document) == 11


def test_a_table_over_a_page_break_from_a_landscape_page_to_an_upright_one() -> None:
    one, two = Sheet(842, 595), Sheet(595, 842)
    one.table([70, 200, 300, 400, 500], 480, ROWS[:2])
    one.text(400, 565, "1", 10)
    two.table([70, 200, 500], 80, [["行政处罚", "398"]])
    document = read_document(pdf(one, two))
    (table,) = document.tables()
    assert rows(table)[-1] == ["行政处罚", "398"]
    assert [cell.locator.get("page") for cell in table.cells] == [1] * 8 + [2] * 2


def test_text_printed_twice_for_boldness_is_read_once() -> None:
    sheet = Sheet()
    for shift in (0, 0.2):
        sheet.text(74 + shift, 100, "一、总体情况")
    assert [text.text for text in read_document(pdf(sheet)).texts()] == ["一、总体情况"]


def test_small_digits_above_the_line_are_superscripts() -> None:
    sheet = Sheet()
    sheet.text(74, 100, "1268", 12)
    sheet.text(122, 98, "2", 7)
    sheet.text(74, 130, "17", 7)  # a line of small print is none
    sheet.text(74, 136, "33", 12)
    assert [text.text for text in read_document(pdf(sheet)).texts()] == ["1268²", "17", "33"]


def test_radicals_are_folded() -> None:
    sheet = Sheet()
    sheet.text(74, 100, "⼀、总体情况，⺠政⻓⻅（１）")
    assert [text.text for text in read_document(pdf(sheet)).texts()] == ["一、总体情况，民政长见（１）"]


def test_a_scan_says_so() -> None:
    scan, mixed = Sheet(), Sheet()
    scan.picture(0, 0, 595, 842)
    document = read_document(pdf(scan))
    assert not document.blocks
    assert document.images == 1
    assert [notice.code for notice in document.notices] == ["scan_without_text"]
    mixed.text(74, 100, "一、总体情况")
    (notice,) = read_document(pdf(mixed, scan)).notices
    assert "page(s) 2 " in notice.message
    assert [notice.code for notice in read_document(pdf(Sheet())).notices] == ["no_text"]


def test_a_file_without_its_end_says_so() -> None:
    sheet = Sheet()
    sheet.text(74, 100, "一、总体情况")
    (notice,) = read_document(pdf(sheet).replace(b"%%EOF", b"")).notices
    assert notice.code == "cut_off"


def test_names_in_the_properties_are_not_passed_on() -> None:
    sheet = Sheet()
    sheet.text(74, 100, "一、总体情况")
    document = read_document(pdf(sheet, author="Zhang San"))
    assert not document.meta


def test_places_that_are_not_there() -> None:
    sheet = Sheet()
    sheet.text(74, 100, "一")
    data = pdf(sheet)
    for page, box in ((9, [0, 0, 1, 1]), (1, [0, 0, 1, 1]), (1, [0, 0])):
        with pytest.raises(LocatorError):
            resolve(data, Locator.of("pdf", page=page, box=box))


def test_the_real_report(shared: Path) -> None:
    data = (shared / "reports" / "documents" / "szfgs2024.pdf").read_bytes()
    document = read_document(data)
    tables = document.tables()
    assert [max(cell.row for cell in table.cells) + 1 for table in tables] == [14, 28, 4]
    cut = next(cell for cell in tables[1].cells if cell.text == "（四）无\n法提供")
    assert (cut.row_span, cut.locator.get("page"), cut.locator.get("more")[0]["page"]) == (3, 4, 5)
    assert not [text.text for text in document.texts() if text.text.startswith("-")]
    assert lead_back(data, document) == 30 + 215 + 34 + len(document.texts())


def test_boxes_hold_the_text_for_an_independent_reader(shared: Path) -> None:
    import pypdfium2

    data = (shared / "reports" / "documents" / "szfgs2024.pdf").read_bytes()
    document = read_document(data)
    other = pypdfium2.PdfDocument(io.BytesIO(data))
    pages = [(page.get_textpage(), page.get_height()) for page in other]
    for table in document.tables():
        for cell in table.cells:
            if not cell.text.isdigit():
                continue
            text, height = pages[cell.locator.get("page") - 1]
            x0, top, x1, bottom = cell.locator.get("box")
            assert text.get_text_bounded(x0, height - bottom, x1, height - top).strip() == cell.text
    for text, _ in pages:
        text.close()
    other.close()


def test_why_text_is_not_read_is_said() -> None:
    sheet = Sheet()
    sheet.text(74, 60, "二、主动公开政府信息情况")
    sheet.text(74, 90, "本机关在这一年里没有遇到需要在此处另行说明的困难。")
    for at in range(4):
        sheet.text(100 + 30 * at, 400, "行政许可12", 9, upward=True)
    assert [notice.code for notice in read_document(pdf(sheet)).notices] == ["text_turned"]
    sheet = Sheet()
    for at in range(6):
        sheet.text(74, 60 + 20 * at, "ABCDEFGHIJ", 9)
    assert [notice.code for notice in read_document(pdf(sheet)).notices] == ["letters_unknown"]
    sheet = Sheet()
    for at, label in enumerate(["行政许可", "行政处罚", "行政强制"]):
        sheet.text(74, 60 + 20 * at, label, 9)
        sheet.text(274, 60 + 20 * at, "12", 9)
    assert [notice.code for notice in read_document(pdf(sheet)).notices] == ["no_rules"]
