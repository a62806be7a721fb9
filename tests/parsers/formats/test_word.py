import io
import os
import shutil
import socket
import stat
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from parsers import Hints, Locator, LocatorError, UnreadableDocument
from parsers.document import Table, Text
from parsers.formats import read_document, resolve, word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def docx(body: str) -> bytes:
    """A Word file with the given body XML."""
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
        "<w:name w:val='heading 1'/></w:style></w:styles>",
        "word/document.xml": f"<w:document xmlns:w='{W}' xmlns:mc='{MC}'><w:body>{body}<w:sectPr/></w:body>"
        "</w:document>",
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


DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")


def office(folder: Path, script: str) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_an_old_file_without_libreoffice_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableDocument, match="Install libreoffice-writer"):
        read_document(DOC + b"1", Hints(url="http://a/b.wps"))


def test_an_old_file_goes_through_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "converted.docx").write_bytes(docx(p("一、总体情况") + TABLE))
    # Stands in for LibreOffice: writes what it would into the folder after --outdir, and keeps its arguments.
    office(
        tmp_path,
        f'echo "$@" > {tmp_path}/arguments\nwhile [ "$1" != --outdir ]; do shift; done\n'
        f'cp {tmp_path}/converted.docx "$2/document.docx"',
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    data = DOC + b"2"
    document = read_document(data)
    assert [notice.code for notice in document.notices] == ["converted"]
    assert len(document.tables()) == 1
    assert lead_back(data) == 8
    arguments = (tmp_path / "arguments").read_text()
    assert "-env:UserInstallation=file:///" in arguments
    assert "--headless" in arguments


def test_libreoffice_is_left_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    office(tmp_path, f'cp "$(echo "$1" | sed s,.*file://,,)"/user/registrymodifications.xcu {tmp_path}/settings')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(UnreadableDocument, match="could not convert"):
        read_document(DOC + b"3")
    said = {
        prop.get("{http://openoffice.org/2001/registry}name"): prop[0].text
        for prop in ET.parse(tmp_path / "settings").getroot().iter("prop")
    }
    assert said["BlockUntrustedRefererLinks"] == "true"
    assert (said["ooInetProxyType"], said["ooInetHTTPProxyPort"], said["ooInetHTTPSProxyPort"]) == ("2", "1", "1")


@pytest.mark.trial
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_a_document_links_to_is_not_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        picture = f"http://127.0.0.1:{server.getsockname()[1]}/picture.png"
        names = " ".join(
            f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
            for name, kind in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
        )
        document = read_document(
            f'<?xml version="1.0"?><office:document {names} xmlns:xlink="http://www.w3.org/1999/xlink" '
            'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
            '<text:p>一、总体情况<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char">'
            f'<draw:image xlink:href="{picture}"/></draw:frame></text:p>'
            "</office:text></office:body></office:document>".encode()
        )
        assert "一、总体情况" in [block.text for block in document.blocks if isinstance(block, Text)]
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_conversion_that_takes_too_long_ends_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office(tmp_path, f"sleep 60 &\necho $! > {tmp_path}/started\nwait")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(word, "CONVERSION_SECONDS", 0.5)
    with pytest.raises(UnreadableDocument, match="in time"):
        read_document(DOC + b"4")
    started = int((tmp_path / "started").read_text())
    state = Path(f"/proc/{started}/stat")
    for _ in range(100):
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("what it started goes on")


@pytest.mark.parametrize(("script", "sentence"), [("exit 1", "could not convert"), ("sleep 5", "in time")])
def test_conversions_that_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, sentence: str) -> None:
    office(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(word, "CONVERSION_SECONDS", 0.5)
    with pytest.raises(UnreadableDocument, match=sentence):
        read_document(DOC + script.encode())


def test_hidden_text_is_left_out_and_superscripts_are_marks() -> None:
    def run(text: str, properties: str) -> str:
        return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"

    raised = "<w:vertAlign w:val='superscript'/>"
    cell = run("12", "") + run("9", "<w:vanish/>") + run("3", raised) + run("件", "<w:vanish w:val='0'/>")
    data = docx(f"<w:p>{cell}</w:p>")
    (text,) = word.read(data, Hints()).texts()
    assert text.text == "12³件"
    lead_back(data)
