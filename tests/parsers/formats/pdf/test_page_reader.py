"""One page: turned where its text stands on its side, its letters in cells and lines."""

from __future__ import annotations

import pytest

from parsers.formats import read_document
from tests.parsers.formats.pdf.sheets import ROWS, X, lead_back, rows
from tests.parsers.formats.tiny_pdf import Sheet, pdf


def test_upright_labels() -> None:
    sheet = Sheet()
    sheet.table([70, 120, 300, 400], 100, [["", "自然人", "总计"], ["本年新收", "1", "2"]], height=60)
    sheet.text(80, 150, "表头", 9, upward=True)
    (table,) = read_document(pdf(sheet)).tables()
    assert rows(table)[1] == ["本年新收", "1", "2"]
    assert "表" in rows(table)[0][0]


@pytest.mark.parametrize("matrix", ["0 1 -1 0 595 0", "0 -1 1 0 0 842", "-1 0 0 -1 595 842"])
def test_a_page_whose_text_stands_on_its_side_is_turned(matrix: str) -> None:
    width, height = (595, 842) if matrix.startswith("-1") else (842, 595)
    drawn = Sheet(width, height)
    drawn.text(74, 60, "二、主动公开政府信息情况")
    drawn.table(X, 100, ROWS)
    sheet = Sheet()
    sheet.content = [f"q {matrix} cm", *drawn.content, "Q"]
    data = pdf(sheet)
    document = read_document(data)
    (table,) = document.tables()
    assert rows(table) == [[text for text in row if text is not None] for row in ROWS]
    assert lead_back(data, document) == 11


def test_a_page_that_is_shown_turned() -> None:
    sheet = Sheet(842, 595, rotate=90)
    sheet.text(74, 60, "二、主动公开政府信息情况")
    sheet.table(X, 100, ROWS)
    data = pdf(sheet)
    document = read_document(data)
    assert rows(document.tables()[0])[1] == ["规章", "0", "", "11"]
    assert lead_back(data, document) == 11


def test_rows_without_rules() -> None:
    sheet = Sheet()
    for index, row in enumerate((["项目", "自然人", "总计"], ["本年新收", "1", "1"], ["上年结转", "0", "0"])):
        for column, text in enumerate(row):
            sheet.text(74 + column * 150, 100 + index * 20, text, 10)
    data = pdf(sheet)
    document = read_document(data)
    (table,) = document.tables()
    assert table.ragged
    assert rows(table)[1:] == [["本年新收", "1", "1"], ["上年结转", "0", "0"]]
    assert lead_back(data, document) == 9
