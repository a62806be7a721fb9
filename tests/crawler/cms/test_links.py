"""Links of parsed HTML: text, address, date and row of each."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from crawler.cms import Page
from crawler.cms.links import absolute, find_date
from parsers.formats.media import FILE_ENDINGS
from tests.crawler.cms.played import URL, column


def test_a_row_has_its_date_its_title_and_its_whole_text():
    rows = column(
        '<ul><li><a href="./202301/t1.html" title="温县2022年政府信息公开工作年度报告">温县2022年政府信…</a>'
        "<span>[ 2023-01-\n 20 ]</span></li></ul>"
    ).links
    assert [(row.text, row.title, row.url, row.date) for row in rows] == [
        (
            "温县2022年政府信…",
            "温县2022年政府信息公开工作年度报告",
            "http://www.a.gov.cn/zwgk/nb/202301/t1.html",
            "2023-01-20",
        )
    ]


def test_addresses_that_only_script_opens_are_found():
    text = (
        """<a href="javascript:void(0)" onclick="view('/f/7.html')">己</a><a href="javascript:open('8.html')">庚</a>"""
    )
    text += """<select><option value="2023/">2023年</option><option value="9">x</option></select><li onclick="location.href='/g/'">辛</li>"""
    assert [(row.text, row.url) for row in column(text).links][2:] == [
        ("2023年", "http://www.a.gov.cn/zwgk/nb/2023/"),
        ("辛", "http://www.a.gov.cn/g/"),
    ]
    assert [(row.text, row.url) for row in column(text).links][:2] == [
        ("己", "http://www.a.gov.cn/f/7.html"),
        ("庚", None),
    ]


def test_rows_in_comments_are_not_rows():
    assert (
        column("<!-- <li><a href='/old.html'>旧</a></li> --><li><a href='/new.html'>新</a></li>").links[0].text == "新"
    )


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("javascript:void(0)", None),
        ("#", None),
        ("#/list", "http://www.a.gov.cn/zwgk/nb/index.html#/list"),
        ("//b.gov.cn//x", "http://b.gov.cn//x"),
        (r"..\2023\r.html?path=\a\b", r"http://www.a.gov.cn/zwgk/2023/r.html?path=\a\b"),
        ("http://a.gov.cn:99999/", None),
        ("http://me:secret@b.gov.cn/x", "http://b.gov.cn/x"),
        ("/a\tb\n.html#top", "http://www.a.gov.cn/ab.html"),
        (" ../y.html ", "http://www.a.gov.cn/zwgk/y.html"),
        ("mailto:a@b.cn", None),
        ("x.jsp?id=1&current=2&amp;copy=3", "http://www.a.gov.cn/zwgk/nb/x.jsp?id=1&current=2&copy=3"),
    ],
)
def test_addresses(href: str, url: str | None):
    assert absolute(URL, href) == url


def test_dates():
    assert find_date("发布于 2024年3月5日") == "2024-03-05"
    assert find_date("号 2024-13-45") is None


def test_tabs_and_rows_that_script_opens_are_links_too():
    page = Page(
        "http://www.a.gov.cn/nb.html",
        "<ul><li data-url='/nb/2025.html'>2025</li><li data-id='7'>2024</li></ul>"
        "<table><tr onclick=\"window.open('/a/1.html')\"><td>甲县2023年年报</td><td>2024-01-02</td></tr></table>".encode(),
    )
    assert [(row.text, row.url) for row in page.links][:2] == [
        ("2025", "http://www.a.gov.cn/nb/2025.html"),
        ("甲县2023年年报", "http://www.a.gov.cn/a/1.html"),
    ]


@pytest.mark.parametrize("ending", FILE_ENDINGS)
def test_a_script_may_open_any_file_that_a_link_may_lead_to(ending: str):
    text = f"""<a href="javascript:void(0)" onclick="view('/f/7.{ending}')">己</a>"""
    assert [row.url for row in column(text).links] == [f"http://www.a.gov.cn/f/7.{ending}"]


@pytest.mark.parametrize(
    ("choice", "addresses"),
    [
        ("<select onchange=\"location='?p='+this.value\">{0}</select>", ["?p=1", "?p=2024"]),
        (
            "<select onchange=\"to(this.value)\">{0}</select><script>function to(v){{location.href='l_'+v+'.html'}}</script>",
            ["l_1.html", "l_2024.html"],
        ),
        (
            "<form action='nb.html' method=get><input type=hidden name=c value=3><select name=nd>{0}</select></form>",
            ["nb.html?c=3&nd=1", "nb.html?c=3&nd=2024"],
        ),
        ("<form action='nb.html'><input name=q><select name=nd>{0}</select></form>", []),  # a search
        ("<form action='nb.html' method=post><select name=nd>{0}</select></form>", []),
        ("<select onchange='draw(this.value)'>{0}</select>", []),
    ],
)
def test_choices_of_years_and_pages_lead_where_their_handler_or_their_form_does(choice: str, addresses: list[str]):
    options = "<option value=''>请选择</option><option value=1>第1页</option><option value=2024>2024年</option>"
    assert [row.href for row in column(choice.format(options)).links] == addresses
