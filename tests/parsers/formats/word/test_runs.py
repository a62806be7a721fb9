"""What is not printed is not read, and what is printed is never blank: cells of a Word file."""

import pytest

from parsers import parse
from parsers.characters import UNREAD
from parsers.document import Table
from parsers.formats import read_document
from tests.parsers.formats.word.test_reader import docx, lead_back, p, tc, tr


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def cell_of(content: str, styles: str = "", cell: str = "", paragraph: str = "", table: str = "") -> str:
    """The text of the cell that holds the given runs, in a row of a report."""
    data = document_of(content, styles, cell, paragraph, table)
    lead_back(data)
    (found,) = (block for block in read_document(data).blocks if isinstance(block, Table))
    return next(c.text for c in found.cells if (c.row, c.column) == (1, 1))


def document_of(content: str, styles: str = "", cell: str = "", paragraph: str = "", table: str = "") -> bytes:
    value = f"<w:tc><w:tcPr>{cell}</w:tcPr><w:p><w:pPr>{paragraph}</w:pPr>{content}</w:p></w:tc>"
    header = tr(tc("信息内容"), tc("本年处理决定数量"))
    return docx(f"<w:tbl><w:tblPr>{table}</w:tblPr>{header}{tr(tc('行政许可'), value)}</w:tbl>", styles)


def style(name: str, properties: str, *, kind: str = "character", based: str = "") -> str:
    above = f"<w:basedOn w:val='{based}'/>" if based else ""
    return (
        f"<w:style w:type='{kind}' w:styleId='{name}'><w:name w:val='{name}'/>{above}"
        f"<w:rPr>{properties}</w:rPr></w:style>"
    )


def shade(fill: str) -> str:
    return f"<w:shd w:val='clear' w:fill='{fill}'/>"


WHITE = "<w:color w:val='FFFFFF'/>"


@pytest.mark.parametrize(
    "properties",
    [
        "<w:strike/>",
        "<w:dstrike w:val='1'/>",
        "<w:vanish/>",
        "<w:sz w:val='2'/>",
        WHITE,
        "<w:color w:val='FEFEFE'/>",
        "<w:rStyle w:val='gone'/>",
        "<w:rStyle w:val='heir'/>",
    ],
)
def test_what_nobody_reads_on_paper_is_left_out(properties: str) -> None:
    styles = style("gone", "<w:vanish/>") + style("heir", "", based="gone")
    assert cell_of(run("70", properties) + run("1284"), styles) == "1284"


@pytest.mark.parametrize("wrap", ["<w:del>{}</w:del>", "<w:moveFrom>{}</w:moveFrom>"])
def test_tracked_deletions_are_left_out_and_insertions_read(wrap: str) -> None:
    assert cell_of(wrap.format(run("12")) + f"<w:ins>{run('1284')}</w:ins>") == "1284"


def test_a_run_may_undo_what_its_style_does() -> None:
    styles = style("gone", "<w:strike/>", kind="paragraph")
    named = "<w:pStyle w:val='gone'/>"
    content = run("12") + run("1284", "<w:strike w:val='0'/>")
    assert cell_of(content, styles, paragraph=named) == "1284"


@pytest.mark.parametrize(
    ("run_shade", "cell", "table", "seen"),
    [
        ("", "", "", False),
        (shade("1F4E79"), "", "", True),
        ("<w:highlight w:val='black'/>", "", "", True),
        ("", shade("1F4E79"), "", True),
        ("", shade("FFFFFF"), "", False),
        ("", "", "<w:tblStyle w:val='dark'/>", True),
    ],
)
def test_white_letters_are_read_on_a_dark_ground_alone(run_shade: str, cell: str, table: str, *, seen: bool) -> None:
    dark = (
        f"<w:style w:type='table' w:styleId='dark'><w:name w:val='dark'/><w:tcPr>{shade('1F4E79')}</w:tcPr></w:style>"
    )
    assert cell_of(run("1284", WHITE + run_shade), dark, cell=cell, table=table) == ("1284" if seen else "")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (run("1284") + run("2", "<w:position w:val='8'/>"), "1284²"),
        (run("1284") + run("2", "<w:position w:val='-6'/>"), "1284²"),
        (run("1284") + run("2", "<w:vertAlign w:val='subscript'/>"), "1284²"),
        (run("1284") + run("2", "<w:rStyle w:val='mark'/>"), "1284²"),
        (run("12", "<w:position w:val='-6'/>") + run("84", "<w:position w:val='-6'/>"), "1284"),
        (run("12", "<w:position w:val='2'/>") + run("84"), "1284"),
    ],
)
def test_what_stands_above_or_below_the_line_is_a_mark(content: str, text: str) -> None:
    assert cell_of(content, style("mark", "<w:vertAlign w:val='superscript'/>")) == text


@pytest.mark.parametrize(
    ("font", "codes", "text"),
    [
        ("Symbol", ["F038", "F034"], "1284"),
        ("Times New Roman", ["0038", "0034"], "1284"),
        ("宋体", ["F038", "F034"], "1284"),
        ("Wingdings", ["F081"], "12①"),
        ("Wingdings", ["F038"], f"12{UNREAD}"),
        ("Webdings", ["F038"], f"12{UNREAD}"),
        ("Symbol", ["F061"], f"12{UNREAD}"),
    ],
)
def test_symbols_are_the_digits_of_their_font_or_told(font: str, codes: list[str], text: str) -> None:
    symbols = "".join(f"<w:r><w:sym w:font='{font}' w:char='{code}'/></w:r>" for code in codes)
    assert cell_of(run("12") + symbols) == text


def field(code: str, result: str | None = None, data: str = "") -> str:
    parts = [f"<w:fldChar w:fldCharType='begin'>{data}</w:fldChar>", f"<w:instrText>{code}</w:instrText>"]
    if result is not None:
        parts += ["<w:fldChar w:fldCharType='separate'/>", f"<w:t>{result}</w:t>"]
    return "".join(f"<w:r>{part}</w:r>" for part in [*parts, "<w:fldChar w:fldCharType='end'/>"])


CHOICES = "<w:ffData><w:ddList>{}<w:listEntry w:val='12'/><w:listEntry w:val='1284'/></w:ddList></w:ffData>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (field(" =SUM(ABOVE) ", "1284"), "1284"),
        (field(" =SUM(ABOVE) "), UNREAD),
        (field(r" EQ \o(12,84) "), UNREAD),
        (field(" FORMTEXT ", "1284"), "1284"),
        (field(" FORMDROPDOWN ", data=CHOICES.format("<w:result w:val='1'/>")), "1284"),
        (field(" FORMDROPDOWN ", data=CHOICES.format("")), "12"),
        (run("1284") + field(" PAGE "), "1284"),
        ("<w:fldSimple w:instr='=SUM(ABOVE)'/>", UNREAD),
        (f"<w:fldSimple w:instr='=SUM(ABOVE)'>{run('1284')}</w:fldSimple>", "1284"),
        ("<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent/></w:sdt>", UNREAD),
        (f"<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent>{run('1284')}</w:sdtContent></w:sdt>", "1284"),
    ],
)
def test_fields_and_controls_are_read_or_told(content: str, text: str) -> None:
    assert cell_of(content) == text


def math(inner: str) -> str:
    return f"<m:oMath>{inner}</m:oMath>"


DIGITS = "<m:r><m:t>{}</m:t></m:r>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (math(DIGITS.format("1284")), "1284"),
        (math(DIGITS.format("12") + DIGITS.format("84")), "1284"),
        (f"<m:oMathPara>{math(DIGITS.format('1284'))}</m:oMathPara>", "1284"),
        (math(f"<m:sSup><m:e>{DIGITS.format('12')}</m:e><m:sup>{DIGITS.format('3')}</m:sup></m:sSup>"), UNREAD),
        (math(f"<m:f><m:num>{DIGITS.format('1')}</m:num><m:den>{DIGITS.format('2')}</m:den></m:f>"), UNREAD),
    ],
)
def test_equations_are_read_or_told(content: str, text: str) -> None:
    assert cell_of(content) == text


def drawing(inner: str, place: str = "inline", extent: int = 400000) -> str:
    return (
        f"<w:r><w:drawing><wp:{place}><wp:extent cx='{extent}' cy='{extent}'/><wp:docPr/>"
        f"<a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic></wp:{place}></w:drawing></w:r>"
    )


def twice(first: str, second: str) -> str:
    """A drawing in two versions, of which the first is shown."""
    versions = f"<mc:Choice>{first}</mc:Choice><mc:Fallback>{second}</mc:Fallback>"
    return f"<w:r><mc:AlternateContent>{versions}</mc:AlternateContent></w:r>"


BOX = f"<wps:wsp><wps:txbx><w:txbxContent>{p('1284')}</w:txbxContent></wps:txbx></wps:wsp>"
LEGACY = f"<w:pict><v:textbox><w:txbxContent>{p('1284')}</w:txbxContent></v:textbox></w:pict>"
PICTURE = "<pic:pic/>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (drawing(BOX), "1284"),
        (twice(drawing(BOX).removeprefix("<w:r>").removesuffix("</w:r>"), LEGACY), "1284"),
        (f"<w:r>{LEGACY}</w:r>", "1284"),
        ("<w:r><w:pict><v:textpath string='1284'/></w:pict></w:r>", "1284"),
        (run("12") + drawing(BOX), "12\n1284"),
        (drawing(PICTURE), UNREAD),
        (run("12") + drawing(PICTURE), f"12{UNREAD}"),
        (drawing(PICTURE, extent=9525), ""),
        (drawing(PICTURE, "anchor"), UNREAD),
        (run("1284") + drawing(PICTURE, "anchor"), "1284"),
        (drawing("<c:chart/>"), UNREAD),
        (drawing("<wps:wsp/>"), ""),
        ("<w:r><w:pict><v:imagedata/></w:pict></w:r>", UNREAD),
        ("<w:r><w:object><o:OLEObject/></w:object></w:r>", UNREAD),
        ("<w:r><w:object><w:control/></w:object></w:r>", UNREAD),
    ],
)
def test_boxes_pictures_and_objects_are_read_or_told(content: str, text: str) -> None:
    assert cell_of(content) == text


def test_readings_beside_letters_are_left_out() -> None:
    ruby = f"<w:ruby><w:rt>{run('7')}</w:rt><w:rubyBase>{run('1284')}</w:rubyBase></w:ruby>"
    assert cell_of(f"<w:r>{ruby}</w:r>") == "1284"


@pytest.mark.parametrize(
    ("content", "status", "value"),
    [
        (drawing(PICTURE), "text", None),
        (math(f"<m:rad><m:e>{DIGITS.format('4')}</m:e></m:rad>"), "text", None),
        (field(" =1+1 "), "text", None),
        (run("12", "<w:strike/>") + run("1284"), "number", "1284"),
        (run("1284") + run("2", "<w:position w:val='8'/>"), "number", "1284"),
        (run("1284", WHITE), "blank", None),
    ],
)
def test_the_figure_of_such_a_cell(content: str, status: str, value: str | None) -> None:
    report = parse(document_of(content)).as_json()
    (found,) = report["cells"]
    assert (found["status"], found["value"]) == (status, value)
    assert ("unread_content" in {issue["code"] for issue in report["issues"]}) is (status == "text")
