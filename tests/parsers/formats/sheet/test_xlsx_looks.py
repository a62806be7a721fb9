"""A sheet is read as it shows itself: .xlsx packages made by hand."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from parsers import parse
from parsers.characters import UNREAD
from parsers.document import Table
from parsers.formats import read_document, resolve
from tests.parsers.formats.sheet.test_reader import NS, PACKAGE, REL, xlsx

FONTS = (
    "<font/>",
    "<font><strike/></font>",
    "<font><color rgb='FFFFFFFF'/></font>",
    "<font><color theme='0'/></font>",
    "<font><strike val='0'/><color theme='1'/></font>",
)
FILLS = (
    "<fill><patternFill patternType='none'/></fill>",
    "<fill><patternFill patternType='solid'><fgColor rgb='FF1F4E79'/></patternFill></fill>",
    "<fill><patternFill patternType='solid'><fgColor theme='4'/></patternFill></fill>",
)
ABOVE = "<row r='2'><c r='A2' t='inlineStr'><is><t>行政强制</t></is></c><c r='B2'><v>4</v></c></row>"


def book(
    cell: str,
    *,
    font: int = 0,
    fill: int = 0,
    code: str = "General",
    strings: str = "",
    sheet: str = "",
    rows: str = ABOVE,
    parts: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook of one table: 行政许可 with the given cell at B3 (``{at}`` is its place and style)."""
    styles = (
        f"<styleSheet xmlns='{NS}'><numFmts><numFmt numFmtId='164' formatCode='{code}'/></numFmts>"
        f"<fonts>{''.join(FONTS)}</fonts><fills>{''.join(FILLS)}</fills>"
        f"<cellXfs><xf/><xf fontId='{font}' fillId='{fill}' numFmtId='164'/></cellXfs></styleSheet>"
    )
    body = (
        "<row r='1'><c r='A1' t='inlineStr'><is><t>信息内容</t></is></c>"
        "<c r='B1' t='inlineStr'><is><t>本年处理决定数量</t></is></c></row>"
        f"{rows}<row r='3'><c r='A3' t='inlineStr'><is><t>行政许可</t></is></c>"
        f"{cell.replace('{at}', 'r=' + chr(39) + 'B3' + chr(39) + ' s=' + chr(39) + '1' + chr(39))}</row>"
        "<row r='4'><c r='A4' t='inlineStr'><is><t>行政处罚</t></is></c><c r='B4'><v>6</v></c></row>"
    )
    replaced = {
        "xl/styles.xml": styles,
        "xl/sharedStrings.xml": f"<sst xmlns='{NS}'>{strings}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{NS}'>{sheet}<sheetData>{body}</sheetData></worksheet>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{PACKAGE}'>"
        f"<Relationship Id='r1' Type='{REL}/worksheet' Target='worksheets/sheet1.xml'/>"
        f"<Relationship Id='r2' Type='{REL}/worksheet' Target='/xl/worksheets/sheet2.xml'/>"
        f"<Relationship Id='s' Type='{REL}/styles' Target='styles.xml'/>"
        f"<Relationship Id='t' Type='{REL}/sharedStrings' Target='sharedStrings.xml'/></Relationships>",
        **(parts or {}),
    }
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx({"A1": "x"}, hidden="hidden"))) as plain,
        zipfile.ZipFile(buffer, "w") as archive,
    ):
        for name in plain.namelist():
            if name not in replaced:
                archive.writestr(name, plain.read(name))
        for name, text in replaced.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def shown(data: bytes) -> str:
    """The text of the cell behind 行政许可; every cell of the file leads back."""
    tables = [block for block in read_document(data).blocks if isinstance(block, Table)]
    for cell in (cell for table in tables for cell in table.cells):
        assert resolve(data, cell.locator) == cell.text
    rows = [row for table in tables for row in table.rows() if row[0].text == "行政许可"]
    return rows[0][1].text


def run(text: str, properties: str = "") -> str:
    return f"<r>{f'<rPr>{properties}</rPr>' if properties else ''}<t>{text}</t></r>"


RICH = [
    (run("12", "<strike/>") + run("1284", "<sz val='9'/>"), "1284"),
    (run("1284") + run("2", "<vertAlign val='superscript'/>"), "1284²"),
    (run("70", "<color rgb='FFFFFFFF'/>") + run("1284"), "1284"),
    (run("12", "<color rgb='FFFF0000'/>") + run("84"), "1284"),
    (run("1284") + "<rPh><t>7</t></rPh>", "1284"),
]


@pytest.mark.parametrize(("runs", "text"), RICH)
def test_strings_set_in_several_ways(runs: str, text: str) -> None:
    shared = f"<si><t>x</t></si><si>{runs}</si>"
    assert shown(book("<c {at} t='s'><v>1</v></c>", strings=shared)) == text
    assert shown(book(f"<c {{at}} t='inlineStr'><is>{runs}</is></c>")) == text


@pytest.mark.parametrize(
    ("font", "fill", "text"),
    [(1, 0, ""), (2, 0, ""), (3, 0, ""), (4, 0, "1284"), (2, 1, "1284"), (3, 2, "1284"), (0, 0, "1284")],
)
def test_cells_that_are_struck_or_of_the_colour_of_their_ground(font: int, fill: int, text: str) -> None:
    assert shown(book("<c {at}><v>1284</v></c>", font=font, fill=fill)) == text


def test_a_sheet_that_colours_cells_by_conditions_may_show_white_letters() -> None:
    data = book("<c {at}><v>1284</v></c>", font=2, sheet="<conditionalFormatting/>")
    assert shown(data) == "1284"


@pytest.mark.parametrize(
    ("cell", "code", "text"),
    [
        ("<c {at}><v>0.30000000000000004</v></c>", "0.0", "0.30000000000000004"),
        ("<c {at}><v>43.788412</v></c>", "0.00", "43.79"),
        ("<c {at}><v>1284</v></c>", "0&quot;件&quot;", "1284件"),
        ("<c {at}><v>1284</v></c>", ";;;", ""),
        ("<c {at}><f>SUM(A1)</f><v>1284</v></c>", "General", "1284"),
        ("<c {at}><f>SUM(A1)</f></c>", "General", UNREAD),
        ("<c {at}><f>SUM(A1)</f><v/></c>", "General", UNREAD),
        ("<c {at} t='str'><f>IF(A1,1,&quot;&quot;)</f><v></v></c>", "General", ""),
        ("<c {at}/>", "General", ""),
    ],
)
def test_numbers_and_formulas(cell: str, code: str, text: str) -> None:
    assert shown(book(cell, code=code)) == text


def test_the_value_of_a_float_is_what_is_meant_and_its_raw_text_what_is_stored() -> None:
    rows = "<row r='1'><c r='A1' t='inlineStr'><is><t>信息内容</t></is></c></row>"
    header = "<c r='C1' t='inlineStr'><is><t>采购总金额（万元）</t></is></c>"
    data = xlsx({"A1": "信息内容", "B1": "采购项目数量", "C1": "采购总金额（万元）", "A2": "政府集中采购", "B2": 1})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        members = {name: archive.read(name) for name in archive.namelist()}
    assert rows.split("</c>", maxsplit=1)[0] in sheet
    assert header in sheet
    members["xl/worksheets/sheet1.xml"] = sheet.replace(
        "<v>1</v></c>", "<v>1</v></c><c r='C2'><v>0.30000000000000004</v></c>"
    ).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    found = {cell["code"]: (cell["value"], cell["raw"]) for cell in parse(buffer.getvalue()).as_json()["cells"]}
    assert found["procurement_amount_wan"] == ("0.3", "0.30000000000000004")


def test_hidden_rows_and_columns_are_left_out_and_told() -> None:
    hidden = "<row r='2' hidden='1'><c r='A2' t='inlineStr'><is><t>行政许可</t></is></c><c r='B2'><v>9</v></c></row>"
    data = book(
        "<c {at}><v>1284</v></c><c r='C3'><v>8</v></c>",
        rows=hidden,
        sheet="<cols><col min='3' max='3' hidden='1'/></cols>",
    )
    document = read_document(data)
    assert shown(data) == "1284"
    (table,) = document.tables()
    assert [[(c.text, c.locator.get("cell")) for c in row] for row in table.rows()][1:] == [
        [("行政许可", "A3"), ("1284", "B3")],
        [("行政处罚", "A4"), ("6", "B4")],
    ]
    (notice,) = document.notices
    assert (notice.code, "3 cells" in notice.message) == ("hidden_cells", True)


def anchor(content: str, *, height: int = 1, column: int = 1, row: int = 2) -> str:
    place = "<xdr:{0}><xdr:col>{1}</xdr:col><xdr:row>{2}</xdr:row></xdr:{0}>"
    ends = place.format("from", column, row) + place.format("to", column + 1, row + height)
    return f"<xdr:twoCellAnchor>{ends}{content}</xdr:twoCellAnchor>"


def drawn(anchors: str) -> dict[str, str]:
    names = (
        "xmlns:xdr='http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing' "
        "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"
    )
    return {
        "xl/worksheets/_rels/sheet1.xml.rels": f"<Relationships xmlns='{PACKAGE}'>"
        f"<Relationship Id='d' Type='{REL}/drawing' Target='../drawings/drawing1.xml'/></Relationships>",
        "xl/drawings/drawing1.xml": f"<xdr:wsDr {names}>{anchors}</xdr:wsDr>",
    }


BOX = "<xdr:sp><xdr:txBody><a:p><a:r><a:t>1284</a:t></a:r></a:p></xdr:txBody></xdr:sp>"


@pytest.mark.parametrize(
    ("cell", "anchors", "text"),
    [
        ("<c {at}/>", anchor("<xdr:pic/>"), UNREAD),
        ("<c {at}/>", anchor(BOX), "1284"),
        ("<c {at}/>", anchor("<xdr:sp/>"), ""),
        ("<c {at}/>", anchor("<xdr:pic/>", height=5), ""),
        ("<c {at}><v>12</v></c>", anchor("<xdr:pic/>"), "12"),
    ],
)
def test_pictures_and_boxes_over_empty_cells(cell: str, anchors: str, text: str) -> None:
    assert shown(book(cell, parts=drawn(anchors))) == text


def test_a_control_over_an_empty_cell_is_told() -> None:
    place = "<x:Anchor>1, 2, 2, 2, 2, 0, 3, 0</x:Anchor>"
    data = f"<xml xmlns:x='x'><x:ClientData ObjectType='Drop'>{place}</x:ClientData><br></xml>"
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": f"<Relationships xmlns='{PACKAGE}'>"
        f"<Relationship Id='d' Type='{REL}/vmlDrawing' Target='../drawings/vml1.vml'/></Relationships>",
        "xl/drawings/vml1.vml": data,
    }
    assert shown(book("<c {at}/>", parts=parts)) == UNREAD
