import io
import zipfile
from pathlib import Path

import pytest

from parsers import Hints, Locator, LocatorError, UnreadableDocument, parse
from parsers.characters import UNREAD
from parsers.document import Table, Text
from parsers.formats import read_document, resolve
from parsers.formats.word import reader

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


NAMESPACES = " ".join(
    f"xmlns:{prefix}='{address}'"
    for prefix, address in {
        "w": W,
        "mc": MC,
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)


def docx(body: str, styles: str = "") -> bytes:
    """A Word file with the given body XML, and further styles."""
    members = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
        "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        "<Default Extension='xml' ContentType='application/xml'/><Override PartName='/word/document.xml' ContentType="
        "'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/>"
        "<Override PartName='/word/styles.xml' ContentType="
        "'application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{PACKAGE}'><Relationship Id='r1' "
        "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' "
        "Target='word/document.xml'/></Relationships>",
        "word/_rels/document.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/"
        "relationships'><Relationship Id='s' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
        "styles' Target='styles.xml'/></Relationships>",
        "word/styles.xml": f"<w:styles xmlns:w='{W}'><w:style w:type='paragraph' w:styleId='a1'>"
        f"<w:name w:val='heading 1'/></w:style>{styles}</w:styles>",
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(p(part) for part in text.split('|'))}</w:tc>"


def tr(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


RESTART, CONTINUE = "<w:vMerge w:val='restart'/>", "<w:vMerge/>"
TABLE = (
    "<w:tbl>"
    + tr(tc("信息内容"), tc("本年制发件数"), tc("现行有效件数"))
    + tr(tc("规|章", RESTART), tc("1"), tc("11"))
    + tr(tc("", CONTINUE), tc("第二十条", "<w:gridSpan w:val='2'/>"))
    + "</w:tbl>"
)


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows()]


def lead_back(data: bytes) -> int:
    items = [
        item for block in read_document(data).blocks for item in (block.cells if isinstance(block, Table) else (block,))
    ]
    for item in items:
        assert resolve(data, item.locator) == item.text
    return len(items)


def test_paragraphs_and_tables_in_body_order() -> None:
    data = docx(p("总体情况", "<w:pStyle w:val='a1'/>") + TABLE + p("尾", "<w:outlineLvl w:val='1'/>"))
    first, table, last = read_document(data).blocks
    assert isinstance(first, Text)
    assert isinstance(last, Text)
    assert isinstance(table, Table)
    assert (first.text, first.heading, last.text, last.heading) == ("总体情况", 1, "尾", 2)
    assert rows(table) == [["信息内容", "本年制发件数", "现行有效件数"], ["规\n章", "1", "11"], ["第二十条"]]
    spans = {cell.text: (cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells}
    assert spans["规\n章"] == (1, 0, 2, 1)
    assert spans["第二十条"] == (2, 1, 1, 2)
    assert lead_back(data) == 9


def test_text_in_controls_insertions_and_boxes_is_read_and_deleted_text_is_not() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    data = docx(
        "<w:p>"
        + run.format("收到")
        + "<w:ins>"
        + run.format("12")
        + "</w:ins><w:del><w:r><w:delText>9</w:delText></w:r>"
        "<w:r><w:t>8</w:t></w:r></w:del><w:sdt><w:sdtContent>" + run.format("件") + "</w:sdtContent></w:sdt>"
        "<w:r><w:tab/><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent>" + p("控件内") + TABLE + "</w:sdtContent></w:sdt>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>" + p("框内") + "</w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent>" + p("框内") + "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    document = read_document(data)
    assert [text.text for text in document.texts()] == ["收到12件\t甲\n乙", "控件内", "框内"]
    assert len(document.tables()) == 1
    assert lead_back(data) == 10


def test_frames_nested_tables_and_wrong_merges() -> None:
    inner = "<w:tbl>" + tr(tc("甲"), tc("2")) + tr(tc("乙"), tc("3")) + "</w:tbl>"
    frame = "<w:tbl>" + tr(f"<w:tc>{p('一、总体情况')}{TABLE}</w:tc>") + "</w:tbl>"
    outer = (
        "<w:tbl>"
        + tr(tc("外", CONTINUE), f"<w:tc>{p('见')}{inner}</w:tc>")
        + tr(tc("写了字", CONTINUE), tc("5"))
        + "</w:tbl>"
    )
    data = docx(frame + outer)
    document = read_document(data)
    assert [type(block).__name__ for block in document.blocks] == ["Text", "Table", "Table", "Table"]
    assert [rows(table) for table in document.tables()[1:]] == [
        [["外", "见"], ["写了字", "5"]],
        [["甲", "2"], ["乙", "3"]],
    ]
    assert lead_back(data) == 1 + 7 + 4 + 4


def test_horizontal_merges_of_old_files_and_leading_gaps() -> None:
    data = docx(
        "<w:tbl>"
        + tr(tc("合计", "<w:hMerge w:val='restart'/>"), tc("", "<w:hMerge/>"), tc("7"))
        + "<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>"
        + tc("8")
        + tc("9")
        + "</w:tr></w:tbl>"
    )
    (table,) = read_document(data).tables()
    assert [(c.text, c.row, c.column, c.column_span) for c in table.cells] == [
        ("合计", 0, 0, 2),
        ("7", 0, 2, 1),
        ("8", 1, 1, 1),
        ("9", 1, 2, 1),
    ]


def test_the_official_form(shared: Path) -> None:
    import docx as python_docx

    data = (shared / "reports" / "official_form_2021.docx").read_bytes()
    tables = read_document(data).tables()
    theirs = python_docx.Document(io.BytesIO(data)).tables
    assert len(tables) == len(theirs) == 3
    for table, other in zip(tables, theirs, strict=True):
        at = {
            (row, column): cell
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }
        assert len(at) == len(other.rows) * len(other.columns)
        for row, line in enumerate(other.rows):
            for column, cell in enumerate(line.cells):
                assert at[row, column].text == cell.text.strip("\n")
    assert lead_back(data) == 279 + 10


def test_places_that_are_not_there() -> None:
    data = docx(p("一"))
    with pytest.raises(LocatorError):
        resolve(data, Locator.of("word", paragraph=9))
    with pytest.raises(LocatorError):
        resolve(data, Locator.of("word", table=0, row=0, column=0))


def test_a_damaged_package() -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_document(docx("<w:p>"))


def test_hidden_text_is_left_out_and_superscripts_are_marks() -> None:
    def run(text: str, properties: str) -> str:
        return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"

    raised = "<w:vertAlign w:val='superscript'/>"
    cell = run("12", "") + run("9", "<w:vanish/>") + run("3", raised) + run("件", "<w:vanish w:val='0'/>")
    data = docx(f"<w:p>{cell}</w:p>")
    (text,) = reader.read(data, Hints()).texts()
    assert text.text == "12³件"
    lead_back(data)


def test_a_row_nested_in_a_cell_takes_its_place() -> None:
    def nested(*cells: str) -> str:
        return "<w:tbl>" + tr(*map(tc, cells)) + "</w:tbl>"

    def holds(table: str, span: int = 1, text: str = "") -> str:
        return f"<w:tc><w:tcPr><w:gridSpan w:val='{span}'/></w:tcPr>{table}{p(text)}</w:tc>"

    data = docx(
        "<w:tbl>"
        + tr(tc("信息内容"), tc("本年制发件数"), tc("本年废止件数"), tc("现行有效件数"))
        + tr(tc("规章"), holds(nested("1", "0", "11"), span=3))
        + tr(tc("行政规范性文件"), holds(nested("13612")), holds(nested("")), holds(nested("4185")))
        + tr(holds(nested("行政许可", "7"), span=4))
        + tr(tc("行政处罚"), holds(nested(nested_again := "5"), span=2), tc("6"))
        + "</w:tbl>"
    )
    document = read_document(data)
    (table,) = document.tables()
    assert [[(c.text, c.column, c.column_span) for c in row] for row in table.rows()][1:] == [
        [("规章", 0, 1), ("1", 1, 1), ("0", 2, 1), ("11", 3, 1)],
        [("行政规范性文件", 0, 1), ("13612", 1, 1), ("", 2, 1), ("4185", 3, 1)],
        [("行政许可", 0, 1), ("7", 1, 3)],
        [("行政处罚", 0, 1), (nested_again, 1, 2), ("6", 3, 1)],
    ]
    lead_back(data)
    found = {cell["code"]: cell["value"] for cell in parse(data).as_json()["cells"]}
    assert (found["rules_in_force"], found["normdocs_issued"], found["normdocs_repealed"]) == ("11", "13612", None)


def test_a_nested_column_is_text_and_a_nested_table_is_told() -> None:
    column = "<w:tbl>" + tr(tc("行政")) + tr(tc("许可")) + "</w:tbl>"
    square = "<w:tbl>" + tr(tc("甲"), tc("2")) + tr(tc("乙"), tc("3")) + "</w:tbl>"
    hollow = "<w:tbl>" + tr(tc(""), tc("")) + tr(tc(""), tc("")) + "</w:tbl>"
    cells = [f"<w:tc>{table}{p('')}</w:tc>" for table in (column, square, hollow)]
    document = read_document(docx(f"<w:tbl>{tr(*cells)}</w:tbl>"))
    assert [rows(table) for table in document.tables()][:2] == [
        [["行政\n许可", UNREAD, ""]],
        [["甲", "2"], ["乙", "3"]],
    ]


def test_deleted_and_hidden_rows_and_cells_are_left_out() -> None:
    def line(properties: str, *cells: str) -> str:
        return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(map(tc, cells))}</w:tr>"

    data = docx(
        "<w:tbl>"
        + line("", "信息内容", "本年处理决定数量")
        + line("<w:del w:id='1'/>", "行政许可", "9")
        + line("<w:hidden/>", "行政许可", "8")
        + line("<w:trHeight w:val='4' w:hRule='exact'/>", "行政许可", "7")
        + line("<w:hidden w:val='0'/><w:trHeight w:val='400'/>", "行政许可", "1284")
        + tr(tc("行政处罚"), tc("5", "<w:cellDel w:id='2'/>"), tc("6"))
        + "</w:tbl>"
    )
    (table,) = read_document(data).tables()
    assert rows(table) == [["信息内容", "本年处理决定数量"], ["行政许可", "1284"], ["行政处罚", "6"]]
    lead_back(data)


def test_documents_within_the_document_are_told() -> None:
    document = read_document(docx(p("一、总体情况") + "<w:altChunk/>"))
    assert [notice.code for notice in document.notices] == ["embedded_document"]
