"""An OpenDocument sheet is read as it shows itself."""

import io
import zipfile

import pytest

from parsers.characters import UNREAD
from parsers.document import Table
from parsers.formats import read_document, resolve

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for name, full in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("draw", "drawing"),
    )
)


BOX = "<draw:text-box><text:p>1284</text:p></draw:text-box>"


def styled(name: str, letters: str, cell: str = "") -> str:
    return (
        f"<style:style style:name='{name}' style:family='text'><style:text-properties {letters}/>"
        f"<style:table-cell-properties {cell}/></style:style>"
    )


STYLES = (
    styled("struck", "style:text-line-through-style='solid'")
    + styled("white", "fo:color='#ffffff'")
    + styled("onblue", "fo:color='#ffffff'", "fo:background-color='#1f4e79'")
    + styled("lifted", "style:text-position='super 58%'")
)


def words(*cells: str) -> str:
    return "".join(
        f"<table:table-cell office:value-type='string'><text:p>{cell}</text:p></table:table-cell>" for cell in cells
    )


def number(stored: str, text: str, more: str = "") -> str:
    return (
        f"<table:table-cell office:value-type='float' office:value='{stored}' {more}>"
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def row(cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{cells}</table:table-row>"


def book(*rows: str, columns: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:automatic-styles>{STYLES}</office:automatic-styles>"
            f"<office:body><office:spreadsheet><table:table table:name='a'>{columns}"
            f"<table:table-rows>{''.join(rows)}</table:table-rows></table:table></office:spreadsheet></office:body>"
            "</office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return buffer.getvalue()


def texts(data: bytes) -> list[list[str]]:
    (table,) = (block for block in read_document(data).blocks if isinstance(block, Table))
    for cell in table.cells:
        assert resolve(data, cell.locator) == cell.text
    return [[cell.text for cell in line] for line in table.rows()]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (words("<text:span text:style-name='struck'>12</text:span>1284"), "1284"),
        (words("<text:span text:style-name='white'>70</text:span>1284"), "1284"),
        (words("1284<text:span text:style-name='lifted'>2</text:span>"), "1284²"),
        (number("1284", "1284", "table:style-name='struck'"), ""),
        (number("1284", "1284", "table:style-name='white'"), ""),
        (number("1284", "1284", "table:style-name='onblue'"), "1284"),
        (number("43.788412", "43.79"), "43.79"),
        (number("1284", "1,284"), "1284"),
        (number("0.30000000000000004", "0.3"), "0.30000000000000004"),
        (number("437884", "43.8万"), "43.8万"),
        ("<table:table-cell table:formula='of:=SUM([.A1])'/>", UNREAD),
        ("<table:table-cell><draw:frame><draw:image/></draw:frame></table:table-cell>", UNREAD),
        (f"<table:table-cell><draw:frame>{BOX}</draw:frame></table:table-cell>", "1284"),
    ],
)
def test_cells_as_they_show_themselves(cell: str, text: str) -> None:
    data = book(row(words("信息内容", "本年处理决定数量")), row(words("行政许可") + cell), row(words("行政处罚", "6")))
    assert texts(data) == [["信息内容", "本年处理决定数量"], ["行政许可", text], ["行政处罚", "6"]]


def test_hidden_rows_and_columns_are_left_out_and_told() -> None:
    hidden = "table:visibility='collapse'"
    data = book(
        row(words("信息内容", "x", "本年处理决定数量")),
        row(words("行政许可", "9", "9"), hidden),
        f"<table:table-row-group>{row(words('行政许可', '8', '1284'))}</table:table-row-group>",
        row(words("行政处罚", "7", "6")),
        columns=f"<table:table-column/><table:table-column {hidden}/><table:table-column/>",
    )
    assert texts(data) == [["信息内容", "本年处理决定数量"], ["行政许可", "1284"], ["行政处罚", "6"]]
    assert [notice.code for notice in read_document(data).notices] == ["hidden_cells"]
