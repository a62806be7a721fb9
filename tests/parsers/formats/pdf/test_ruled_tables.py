"""Ruled tables: sides that nobody drew are closed, shading and frames are none."""

from __future__ import annotations

from parsers.formats import read_document
from parsers.formats.pdf.ruled_tables import is_shading
from tests.parsers.formats.pdf.sheets import X, lead_back, rows
from tests.parsers.formats.tiny_pdf import Sheet, pdf


def test_shading_is_no_table() -> None:
    sheet = Sheet()
    for index in range(4):
        sheet.box(70, 100 + index * 20, 520, 118 + index * 20)
        sheet.text(74, 103 + index * 20, "底纹里的一行正文。")
    document = read_document(pdf(sheet))
    assert not document.tables()
    assert len(document.texts()) == 4


def test_tables_without_outer_rules_and_with_three_rules_only() -> None:
    sheet = Sheet()
    cells = [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "1", "2"],
        ["规范性文件", "8", "26", "66"],
    ]
    for top in (100, 400):
        for index, row in enumerate(cells):
            for column, text in enumerate(row):
                sheet.text(X[column] + 3, top + 4 + 24 * index, text, 9)
    for y in (100, 124, 172):  # as in scientific papers
        sheet.line(70, y, 500, y)
    for y in (400, 424, 448, 472):  # open at both sides
        sheet.line(70, y, 500, y)
    for x in X[1:-1]:
        sheet.line(x, 400, x, 472)
    data = pdf(sheet)
    document = read_document(data)
    three, open_ = document.tables()
    assert (three.ragged, open_.ragged) == (True, False)
    assert rows(three) == rows(open_) == cells
    assert lead_back(data, document) == 24


def test_a_frame_around_text_is_no_table_and_its_text_stays() -> None:
    sheet = Sheet()
    sheet.box(60, 90, 530, 150, "S")
    sheet.text(74, 100, "框里的一行正文。")
    data = pdf(sheet)
    document = read_document(data)
    assert [text.text for text in document.texts()] == ["框里的一行正文。"]
    assert lead_back(data, document) == 1


def test_a_filled_rectangle_is_shading_unless_its_sides_are_drawn_alone() -> None:
    filled = {"object_type": "rect", "width": 100.0, "height": 20.0, "fill": True, "stroke": False}
    assert is_shading(filled)
    assert not is_shading({**filled, "height": 2.0})
    assert not is_shading({**filled, "fill": False, "stroke": True})
    assert not is_shading({**filled, "object_type": "line"})
