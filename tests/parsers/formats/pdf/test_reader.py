import io
import zlib
from pathlib import Path

import pytest

from parsers import Document, Hints, Locator, LocatorError, UnreadableDocument
from parsers.document import Table, Text
from parsers.formats import read_document, resolve
from parsers.formats.pdf import reader as pdf_format
from tests.parsers.formats.tiny_pdf import Sheet, pdf

X = [70, 200, 300, 400, 500]
ROWS = [
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "", "11"],
    ["行政许可", "447228", None, None],
]


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows()]


def lead_back(data: bytes, document: Document) -> int:
    items = [item for block in document.blocks for item in (block.cells if isinstance(block, Table) else (block,))]
    for item in items:
        assert resolve(data, Locator.from_json(item.locator.as_json())) == item.text
    return len(items)


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


def test_shading_is_no_table() -> None:
    sheet = Sheet()
    for index in range(4):
        sheet.box(70, 100 + index * 20, 520, 118 + index * 20)
        sheet.text(74, 103 + index * 20, "底纹里的一行正文。")
    document = read_document(pdf(sheet))
    assert not document.tables()
    assert len(document.texts()) == 4


def test_a_frame_around_text_is_no_table_and_its_text_stays() -> None:
    sheet = Sheet()
    sheet.box(60, 90, 530, 150, "S")
    sheet.text(74, 100, "框里的一行正文。")
    data = pdf(sheet)
    document = read_document(data)
    assert [text.text for text in document.texts()] == ["框里的一行正文。"]
    assert lead_back(data, document) == 1


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


def test_upright_labels() -> None:
    sheet = Sheet()
    sheet.table([70, 120, 300, 400], 100, [["", "自然人", "总计"], ["本年新收", "1", "2"]], height=60)
    sheet.text(80, 150, "表头", 9, upward=True)
    (table,) = read_document(pdf(sheet)).tables()
    assert rows(table)[1] == ["本年新收", "1", "2"]
    assert "表" in rows(table)[0][0]


def test_radicals_are_folded() -> None:
    sheet = Sheet()
    sheet.text(74, 100, "⼀、总体情况，⺠政⻓⻅（１）")
    assert [text.text for text in read_document(pdf(sheet)).texts()] == ["一、总体情况，民政长见（１）"]


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


def test_a_page_that_is_shown_turned() -> None:
    sheet = Sheet(842, 595, rotate=90)
    sheet.text(74, 60, "二、主动公开政府信息情况")
    sheet.table(X, 100, ROWS)
    data = pdf(sheet)
    document = read_document(data)
    assert rows(document.tables()[0])[1] == ["规章", "0", "", "11"]
    assert lead_back(data, document) == 11


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


def test_encrypted_and_cut_off_files() -> None:
    sheet = Sheet()
    sheet.text(74, 100, "一")
    with pytest.raises(UnreadableDocument, match="encrypted"):
        read_document(pdf(sheet, encrypt=True))
    with pytest.raises(UnreadableDocument, match="cut off or damaged"):
        read_document(pdf(sheet)[:300])


def test_a_broken_cross_reference_table_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet()
    sheet.text(74, 100, "一、总体情况")
    data = pdf(sheet)
    start = data.rindex(b"startxref")
    broken = data[:start] + b"startxref\n99\n%%EOF"
    assert [text.text for text in read_document(broken).texts()] == ["一、总体情况"]
    # What pdfminer gives up on is written anew by PDFium and read then.
    given: list[bytes] = []
    real = pdf_format._read_pages

    def first_time_fails(bytes_: bytes) -> object:
        given.append(bytes_)
        if len(given) == 1:
            raise KeyError("Root")
        return real(bytes_)

    monkeypatch.setattr(pdf_format, "_read_pages", first_time_fails)
    assert [text.text for text in read_document(data + b"%").texts()] == ["一、总体情况"]
    assert given[1].startswith(b"%PDF")
    assert given[1] != data


def test_a_long_file_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_format, "MAX_PAGES", 2)
    sheets = [Sheet() for _ in range(3)]
    for number, sheet in enumerate(sheets):
        sheet.text(74, 100, f"正文第{number}段，各不相同")
    document = read_document(pdf(*sheets), Hints(url="http://a/long.pdf"))
    assert len(document.texts()) == 2
    assert [notice.code for notice in document.notices] == ["long_document"]


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


def one_stream(stream: bytes, filters: str) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter%s>>\nstream\n%s\nendstream" % (len(stream), filters.encode(), stream),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        data
        + b"xref\n0 5\n0000000000 65535 f \n%s" % table
        + b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)
    )


@pytest.mark.parametrize("damage", [b"", b"damage"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_stream_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, times: int, damage: bytes
) -> None:
    monkeypatch.setattr(pdf_format, "MAX_STREAM", 100_000)
    stream = bytes(1_000_000)
    for _ in range(times):
        stream = zlib.compress(stream)
    stream = stream[: len(stream) - len(damage)] + damage
    with pytest.raises(UnreadableDocument, match="unpacks to more"):
        read_document(one_stream(stream, f"[{'/FlateDecode' * times}]"))


def test_a_stream_whose_checksum_is_wrong_is_read_as_far_as_it_goes() -> None:
    letters = b"BT /F1 12 Tf 50 700 Td (a) Tj ET"
    damaged = zlib.compress(letters)[:-4] + b"none"
    (block,) = read_document(one_stream(damaged, "/FlateDecode")).blocks
    assert isinstance(block, Text)
    assert block.text


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


def test_a_form_that_viewers_draw_in_place_of_the_pages_is_told() -> None:
    sheet = Sheet()
    sheet.text(72, 72, "一、总体情况")
    plain, form = pdf(sheet), pdf(sheet, catalog="/AcroForm << /Fields [] /XFA [(template) 5 0 R] >>")
    assert [notice.code for notice in read_document(form).notices] == ["form_elsewhere"]
    assert read_document(plain).notices == ()
    assert read_document(pdf(sheet, catalog="/AcroForm << /Fields [] >>")).notices == ()
