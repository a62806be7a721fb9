import io
import zipfile

import pytest

from parsers import Hints, Locator, LocatorError, UnreadableDocument
from parsers.document import Table
from parsers.formats import read_document, resolve

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(rows: dict[str, str | float], merges: tuple[str, ...] = (), hidden: str = "") -> bytes:
    """A workbook: sheet 统计表 with the given cells (A1 name -> value), and a second one, hidden if named so."""
    lines: dict[int, list[str]] = {}
    for name, value in rows.items():
        number = int("".join(c for c in name if c.isdigit()))
        body = f"<v>{value}</v>" if isinstance(value, int | float) else f"<is><t>{value}</t></is>"
        kind = "" if isinstance(value, int | float) else " t='inlineStr'"
        lines.setdefault(number, []).append(f"<c r='{name}'{kind}>{body}</c>")
    body = "".join(f"<row r='{number}'>{''.join(cells)}</row>" for number, cells in sorted(lines.items()))
    merged = (
        f"<mergeCells count='{len(merges)}'>" + "".join(f"<mergeCell ref='{m}'/>" for m in merges) + "</mergeCells>"
    )
    sheet = f"<worksheet xmlns='{NS}'><sheetData>{body}</sheetData>{merged if merges else ''}</worksheet>"
    nines = "<row r='1'><c r='A1'><v>9</v></c><c r='B1'><v>9</v></c></row>"
    other = f"<worksheet xmlns='{NS}'><sheetData>{nines}</sheetData></worksheet>"
    state = f" state='{hidden}'" if hidden else ""
    members = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
        "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        "<Default Extension='xml' ContentType='application/xml'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{PACKAGE}'><Relationship Id='r1' "
        f"Type='{REL}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{NS}' xmlns:r='{REL}'><sheets>"
        f"<sheet name='统计表' sheetId='1' r:id='r1'/>"
        f"<sheet name='other' sheetId='2'{state} r:id='r2'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{PACKAGE}'>"
        f"<Relationship Id='r1' Type='{REL}/worksheet' Target='worksheets/sheet1.xml'/>"
        f"<Relationship Id='r2' Type='{REL}/worksheet' Target='worksheets/sheet2.xml'/></Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
        "xl/worksheets/sheet2.xml": other,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


FORM = xlsx(
    {
        "A1": "某局2015年政府信息公开情况统计表",
        "A3": "统计指标",
        "B3": "单位",
        "C3": "统计数",
        "A4": "一、主动公开情况",
        "A5": "主动公开政府信息数",
        "B5": "条",
        "C5": 1234,
        "A6": "收费",
        "B6": "万元",
        "C6": 96171.6,
        "A7": "比率",
        "C7": 0.1,
        "A8": "填表说明写在这里，它比任何一个标签都长，因此不是表里的一行而是表后的一段文字，共两行。",
    },
    merges=("A1:C1", "A4:C4"),
    hidden="hidden",
)


def test_rows_merges_and_numbers() -> None:
    document = read_document(FORM)
    title, table, remark = document.blocks
    assert title.text == "某局2015年政府信息公开情况统计表"
    assert remark.text.startswith("填表说明")
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows()] == [
        ["统计指标", "单位", "统计数"],
        ["一、主动公开情况"],
        ["主动公开政府信息数", "条", "1234"],
        ["收费", "万元", "96171.6"],
        ["比率", "", "0.1"],
    ]
    assert next(table.rows())[0].column_span == 1
    assert [cell.column_span for cell in table.cells if cell.row == 1] == [3]
    assert table.caption == "统计表"
    assert table.locator.as_json() == {"kind": "sheet", "sheet": "统计表", "cell": "A3:C7"}


def test_text_below_a_table_is_text_with_its_short_headings() -> None:
    """Short lines before the first long one may be labels whose values are blank."""
    long = "本机关在这一年里没有遇到需要在此处另行说明的困难，将继续按照有关规定改进工作并且接受各方监督。"
    rows = {"A1": "指标", "B1": "数", "A2": "条目甲", "B2": 3, "A3": "条目乙", "A4": "五、问题"}
    document = read_document(xlsx({**rows, "A5": long, "A6": "六、其他", "A7": long}, hidden="hidden"))
    table, *texts = document.blocks
    assert isinstance(table, Table)
    assert [next(iter(row)).text for row in table.rows()] == ["指标", "条目甲", "条目乙", "五、问题"]
    assert [text.text for text in texts] == [long, "六、其他", long]


def test_every_cell_leads_back() -> None:
    document = read_document(FORM)
    items = [item for block in document.blocks for item in (block.cells if isinstance(block, Table) else (block,))]
    assert len(items) == 15
    for item in items:
        assert resolve(FORM, item.locator) == item.text
    with pytest.raises(LocatorError):
        resolve(FORM, Locator.of("sheet", sheet="统计表", cell="Z99"))


def test_a_second_visible_sheet_is_read_and_a_hidden_one_is_not() -> None:
    cells: dict[str, str | float] = {"A1": "规章", "B1": 3}
    assert len(read_document(xlsx(cells)).tables()) == 2
    assert len(read_document(xlsx(cells, hidden="hidden")).tables()) == 1


def test_wide_columns_have_their_letters() -> None:
    data = xlsx({"A1": "规章", "AB1": 7})
    last = read_document(data).tables()[0].cells[-1]
    assert (last.text, last.locator.get("cell")) == ("7", "AB1")
    assert resolve(data, last.locator) == "7"


def test_damage_is_told() -> None:
    with zipfile.ZipFile(io.BytesIO(FORM)) as archive:
        names = archive.namelist()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<broken")
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_document(buffer.getvalue())


@pytest.mark.parametrize("cells", [{"A1": 1, "XFD1048576": 2}, {"B2": 1, "ALL100000": "x"}])
def test_a_value_in_the_last_corner_is_refused_and_does_not_end_the_process(cells: dict[str, str | float]) -> None:
    with pytest.raises(UnreadableDocument, match="spread over more cells"):
        read_document(xlsx(cells))


def test_one_value_far_from_the_table_is_no_reason_to_refuse() -> None:
    assert read_document(xlsx({"A1": "规章", "B1": 1, "A200000": "备注"})).notices[0].code == "long_document"


def ods(row: str, cell: str) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    value = f'<table:table-cell office:value-type="float" office:value="7"{cell}><text:p>7</text:p></table:table-cell>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet><table:table table:name='a'>"
            f"<table:table-row{row}>{value * 2}<table:table-cell table:number-columns-repeated='16000'/>"
            "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return buffer.getvalue()


def test_repeated_cells_are_counted_before_they_are_made() -> None:
    with pytest.raises(UnreadableDocument, match="spread over more cells"):
        read_document(ods(" table:number-rows-repeated='1000000'", " table:number-columns-repeated='1000'"))
    (table,) = read_document(ods(" table:number-rows-repeated='3'", "")).tables()
    assert [cell.text for cell in table.cells] == ["7"] * 6


def test_merged_cells_span_what_they_cover() -> None:
    cells: dict[str, str | float] = {"A1": "规章", "C1": "件数", "A4": "规范性文件", "B4": 1, "C4": 2, "C2": 3, "C3": 4}
    table, _ = read_document(xlsx(cells, ("A1:B3",))).tables()
    spans = {cell.text: (cell.row_span, cell.column_span) for cell in table.cells if cell.text}
    assert spans["规章"] == (3, 2)
    assert {span for text, span in spans.items() if text != "规章"} == {(1, 1)}


def test_a_headline_with_its_date_in_the_same_row_is_no_row_of_the_table_below() -> None:
    title = "某县2023年政府信息公开工作年度报告"
    below = {"A2": "信息内容", "B2": "本年处理决定数量", "A3": "行政许可", "B3": 12}
    document = read_document(xlsx({"A1": title, "H1": "2024-01-12", **below}), Hints(url="a.xlsx"))
    assert [block.text for block in document.texts()] == [title, "2024-01-12"]
    table, _other = document.tables()
    assert [cell.text for cell in table.cells] == ["信息内容", "本年处理决定数量", "行政许可", "12"]
    for first in ("规章", title):
        beside = read_document(xlsx({"A1": first, "H1": "12", **below}), Hints(url="a.xlsx"))
        assert beside.texts() == ()
