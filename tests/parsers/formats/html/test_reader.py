"""Pages as documents: blocks in reading order, tables as browsers see them, locators that lead back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from parsers import Locator, LocatorError
from parsers.document import Text
from parsers.formats import read_document, resolve
from tests.parsers.formats.html.pages import T2, all_lead_back, read, rows


def test_blocks_in_reading_order() -> None:
    page = (
        "<h1>某县2023年政府信息公开工作年度报告</h1><p>引言一句，说明本报告的编制依据，内容完整。<br>一、总体情况</p>"
        f"<div>正文第一句，<b>加粗</b>的字也在，不会丢失任何字。<table>{T2}</table>尾巴</div><h3>附注</h3>"
    )
    document = read(page)
    assert [block.text if isinstance(block, Text) else "T" for block in document.blocks] == [
        "某县2023年政府信息公开工作年度报告",
        "引言一句，说明本报告的编制依据，内容完整。",
        "一、总体情况",
        "正文第一句，加粗的字也在，不会丢失任何字。",
        "T",
        "尾巴",
        "附注",
    ]
    assert [block.heading for block in document.texts()] == [1, None, None, None, None, 3]
    assert all_lead_back(page.encode(), document) == 19


def test_cells_keep_their_raw_text() -> None:
    page = (
        f"<table>{T2}<tr><td>a<td>&nbsp;<td><p>43101万元<p>（其中）</p><td>\n  1 2\n<tr><td><br><td>３<td>"
        "<span>增</span><span>15</span><td><b>9</b>/</table>"
    )
    (table,) = read(page).tables()
    assert rows(table)[4:] == [["a", "\u00a0", "43101万元\n（其中）", "1 2"], ["", "３", "增15", "9/"]]


def test_word_markup_pasted_into_a_page() -> None:
    page = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><!--[if gte mso 9]><xml><w:WordDocument/></xml>"
        "<![endif]--><style>.MsoNormal{mso-style-parent:''}</style><table class=MsoTableGrid>"
        + T2.replace("<td>1", "<td><p class=MsoNormal><span lang=EN-US>1<o:p></o:p></span></p>")
        + "</table>"
    )
    (table,) = read(page).tables()
    assert rows(table)[3] == ["行政规范性文件", "1", "2", "3"]
    assert all_lead_back(page.encode(), read(page)) == 13


def test_one_row_nested_in_a_cell_takes_the_place_of_the_cell() -> None:
    page = f"<table>{T2}<tr><td>行政许可<td colspan=3><table><tr><td>7<td>8<td>9</table></table>"
    (table,) = read(page).tables()
    assert rows(table)[4] == ["行政许可", "7", "8", "9"]
    assert [cell.column for cell in table.cells if cell.row == 4] == [0, 1, 2, 3]
    assert all_lead_back(page.encode(), read(page)) == 17


def test_a_bigger_nested_table_follows_the_outer_one() -> None:
    page = f"<table>{T2}<tr><td>行政许可<td colspan=3>见下<table><tr><td>甲<td>1<tr><td>乙<td>2</table></table>"
    outer, inner = read(page).tables()
    assert rows(outer)[4] == ["行政许可", "见下"]
    assert rows(inner) == [["甲", "1"], ["乙", "2"]]


def test_missing_tags_and_hidden_rows() -> None:
    page = f"<table>{T2}<tr style='display:none'><td>x<td>9<tr><td>甲<td style='display:none'>9<td>1</table>"
    assert rows(read(page).tables()[0])[4:] == [["甲", "1"]]


def test_caption_and_header_cells() -> None:
    (table,) = read(f"<table><caption>表一</caption><tr><th>信息内容<th>规章</tr>{T2}</table>").tables()
    assert table.caption == "表一"
    assert [cell.header for cell in table.cells][:3] == [True, True, False]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5),
        min_size=2,
        max_size=6,
    )
)
@settings(max_examples=50)
def test_any_grid_of_spans_leads_back(grid: list[list[tuple[int, int, int]]]) -> None:
    body = "".join(
        "<tr>" + "".join(f"<td rowspan={down} colspan={across}>{value}</td>" for value, down, across in row) + "</tr>"
        for row in grid
    )
    data = f"<p>一、总体情况</p><table>{body}</table>".encode()
    document = read_document(data)
    values = [str(value) for row in grid for value, _, _ in row]
    (table,) = document.tables()
    assert [cell.text for cell in table.cells] == values
    assert all_lead_back(data, document) == len(values) + 1


def test_tables_that_are_pictures() -> None:
    page = (
        "<p>二、主动公开政府信息情况</p><p><img src=/W020240115.png width=600></p>"
        "<p>三、收到和处理政府信息公开申请情况</p><img src='/images/icon_pdf.gif'><img src=x.jpg width=16>"
    )
    document = read(page)
    assert document.images == 1
    assert [notice.code for notice in document.notices] == ["tables_may_be_images"]


def test_a_page_drawn_by_script_says_so() -> None:
    document = read("<html><body><div id=app></div><script>draw()</script></body></html>")
    assert not document.blocks
    assert [notice.code for notice in document.notices] == ["no_text"]


def test_a_page_of_half_a_megabyte_in_one_line() -> None:
    long = "<p>" + "正文一句，说明有关情况。" * 20 + "</p>"
    page = "<div><p>一、总体情况</p>" + long * 700 + f"<table>{T2}</table></div>"
    assert len(page.encode()) > 500_000
    document = read(page)
    assert len(document.blocks) == 702


def test_locators_that_lead_nowhere() -> None:
    data = f"<p>一、总体情况<br>二</p><table>{T2}</table>".encode()
    for fields in (
        {"path": "html > body > p:nth-of-type(9)"},
        {"path": "html > body > p:nth-of-type(1)", "line": 5},
        {},
    ):
        with pytest.raises(LocatorError):
            resolve(data, Locator.of("html", **fields))
    with pytest.raises(LocatorError, match="cannot point into text/html"):
        resolve(data, Locator.of("pdf", page=1, box=[0, 0, 1, 1]))


def test_paths_are_valid_for_other_readers() -> None:
    page = f"<p>一、总体情况</p><table>{T2}</table>"
    browser = LexborHTMLParser(page)
    for cell in read(page).tables()[0].cells:
        found = browser.css(cell.locator.get("path"))
        assert [node.text() for node in found] == [cell.text]


@pytest.mark.parametrize(
    "carrier",
    [
        "<textarea id=content style='display:none'>{}</textarea>",
        "<script type='text/plain' id=editor>{}</script>",
        "<div style='display: none'>{}</div>",
    ],
)
def test_content_that_a_script_would_show(carrier: str) -> None:
    inner = f"<p>一、总体情况</p><p>正文一句，说明有关情况，不长不短，刚好。</p><table>{T2}</table>"
    page = "<ul><li><a href=/>首页</a></ul><div id=app></div>" + carrier.format(inner) + "<p>主办：某县人民政府</p>"
    document = read(page)
    assert [notice.code for notice in document.notices] == ["hidden_content"]
    assert len(document.tables()) == 1
    assert all_lead_back(page.encode(), document) == 15


def test_values_in_form_fields_are_text_of_their_cells() -> None:
    fields = "<td><input value=7><td><input type=hidden value=9><td><input type=radio value=1>"
    page = f"<table>{T2}<tr><td>行政许可{fields}</table>"
    assert rows(read(page).tables()[0])[4] == ["行政许可", "7", "", "○"]


def test_superscripts_are_marks_and_no_digits() -> None:
    page = f"<table>{T2.replace('<td>1<td>2', '<td>1<sup><a>[4]</a></sup><td>2<sup>5</sup>')}</table>"
    (table,) = read(page).tables()
    assert rows(table)[-1] == ["行政规范性文件", "1[⁴]", "2⁵", "3"]
    all_lead_back(page.encode(), read(page))
