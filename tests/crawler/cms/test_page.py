"""Pages as adapters see them: links wherever they stand, dates in the same row, stubs that send one on."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from crawler.cms import Page
from crawler.cms.page import absolute, find_date

URL = "http://www.a.gov.cn/zwgk/nb/index.html"


def page(text: str, url: str = URL) -> Page:
    return Page(url, text.encode())


def test_a_row_has_its_date_its_title_and_its_whole_text():
    rows = page(
        '<ul><li><a href="./202301/t1.html" title="温县2022年政府信息公开工作年度报告">温县2022年政府信…</a>'
        "<span>[ 2023-01-\n 20 ]</span></li></ul>"
    ).rows
    assert [(row.text, row.title, row.url, row.date) for row in rows] == [
        (
            "温县2022年政府信…",
            "温县2022年政府信息公开工作年度报告",
            "http://www.a.gov.cn/zwgk/nb/202301/t1.html",
            "2023-01-20",
        )
    ]


def test_rows_hidden_in_scripts_are_found():
    found = page(
        "<script>document.writeln('<li><a href=\"/a/1.html\">甲</a></li>');</script>"
        '<script type="text/xml"><datastore><recordset><record><![CDATA[<li><a href="/b/2.html">乙</a></li>]]></record>'
        "</recordset></datastore></script>"
        "<script>var articleList = [{id: 1, title: '丙', urls: '{\"pc\":\"/c/3.html\"}', pubDate: '2024-01-05',},];</script>"
        "<script>var data = [['丁县文件', '/d/4.html', '2024-02-06']]; addRow('戊县文件', './e/5.html', '2024-03-07');</script>"
    ).rows
    assert {(row.text, row.url, row.date) for row in found} == {
        ("丁县文件", "http://www.a.gov.cn/d/4.html", "2024-02-06"),
        ("戊县文件", "http://www.a.gov.cn/zwgk/nb/e/5.html", "2024-03-07"),
        ("甲", "http://www.a.gov.cn/a/1.html", None),
        ("乙", "http://www.a.gov.cn/b/2.html", None),
        ("丙", "http://www.a.gov.cn/c/3.html", "2024-01-05"),
    }


def test_addresses_that_only_script_opens_are_found():
    text = (
        """<a href="javascript:void(0)" onclick="view('/f/7.html')">己</a><a href="javascript:open('8.html')">庚</a>"""
    )
    text += """<select><option value="2023/">2023年</option><option value="9">x</option></select><li onclick="location.href='/g/'">辛</li>"""
    assert [(row.text, row.url) for row in page(text).rows][2:] == [
        ("2023年", "http://www.a.gov.cn/zwgk/nb/2023/"),
        ("辛", "http://www.a.gov.cn/g/"),
    ]
    assert [(row.text, row.url) for row in page(text).rows][:2] == [
        ("己", "http://www.a.gov.cn/f/7.html"),
        ("庚", None),
    ]


def test_rows_in_comments_are_not_rows():
    assert page("<!-- <li><a href='/old.html'>旧</a></li> --><li><a href='/new.html'>新</a></li>").rows[0].text == "新"


@pytest.mark.parametrize(
    "body",
    [
        '{"data":{"rows":[{"title":"甲","url":"/a/1.html","pubtime":"2024-02-03 10:00:00"}]}}',
        'callback({"result":"<datastore><record><![CDATA[<li><a href=\\"/a/1.html\\">甲</a>2024-02-03</li>]]></record></datastore>"});',
        '{"success":true,"data":{"html":"<ul><li><a href=\'/a/1.html\'>甲</a><i>2024-02-03</i></li></ul>"}}',
        '{"articles":[{"title":"甲","post_url":"","url":"http://www.a.gov.cn/a/1.html","display_publish_time":1706929200}]}',
    ],
)
def test_answers_of_back_ends_are_rows(body: str):
    assert [(row.text, row.url, row.date) for row in page(body).rows] == [
        ("甲", "http://www.a.gov.cn/a/1.html", "2024-02-03")
    ]


def test_a_page_in_gb18030_that_says_gb2312_is_read():
    text = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><li><a href="/a.html">鎮鄉二〇二三</a></li>'
    assert Page(URL, text.encode("gb18030")).rows[0].text == "鎮鄉二〇二三"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=./2023/">', "http://www.a.gov.cn/zwgk/nb/2023/"),
        ('<meta http-equiv="Refresh" content="0;/2023/">', "http://www.a.gov.cn/2023/"),
        ("<META HTTP-EQUIV=' refresh ' CONTENT=\" 3 , URL = '../x.html' \">", "http://www.a.gov.cn/zwgk/x.html"),
        ('<meta http-equiv="refresh" content="url=/2023/">', None),
        ('<meta http-equiv="refresh" content="0">', None),
        ('<meta http-equiv="refresh" content="0; url=index.html#x">', None),
        ('<meta http-equiv="refresh" content="600; url=/2023/">' + "<p>" + "字" * 300 + "</p>", None),
        ('<meta http-equiv="refresh" content="600; url=/2023/"><p>请稍候</p>', "http://www.a.gov.cn/2023/"),
        ('<noscript><meta http-equiv="refresh" content="0; url=/old/"></noscript><p>目录</p>', None),
        ('<body><div><noscript><p><meta http-equiv="refresh" content="0; url=/old/"></p></noscript></div>', None),
        ("<script>location.href='/col/col9/index.html';</script>", "http://www.a.gov.cn/col/col9/index.html"),
        ("<script>window.location.replace('x.html')</script>", "http://www.a.gov.cn/zwgk/nb/x.html"),
        ("<script>function go(){location.href='/x'}</script>" + "<p>" + "字" * 300 + "</p>", None),
    ],
)
def test_stubs_send_one_on(text: str, target: str | None):
    assert page(text).forwards_to == target


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


def test_head_tags_in_any_order_and_case():
    meta = page('<META CONTENT="信息公开年报" NAME="columnType"><meta name="ColumnType" content="x">').meta
    assert meta == {"columntype": "信息公开年报"}


def test_dates():
    assert find_date("发布于 2024年3月5日") == "2024-03-05"
    assert find_date("号 2024-13-45") is None


def test_links_that_a_script_fills_in_as_they_stand_are_rows():
    script = """<script>e.innerHTML="<a href=\\"/zwgk/\\">政府信息公开</a>"; l.innerHTML = '<a href="' + x.u + '">' + x.t;</script>"""
    assert [(row.text, row.url) for row in page(script).rows] == [("政府信息公开", "http://www.a.gov.cn/zwgk/")]


def test_tabs_and_rows_that_script_opens_are_links_too():
    page = Page(
        "http://www.a.gov.cn/nb.html",
        "<ul><li data-url='/nb/2025.html'>2025</li><li data-id='7'>2024</li></ul>"
        "<table><tr onclick=\"window.open('/a/1.html')\"><td>甲县2023年年报</td><td>2024-01-02</td></tr></table>".encode(),
    )
    assert [(row.text, row.url) for row in page.rows][:2] == [
        ("2025", "http://www.a.gov.cn/nb/2025.html"),
        ("甲县2023年年报", "http://www.a.gov.cn/a/1.html"),
    ]


@pytest.mark.parametrize(
    ("charset", "query"),
    [("gb2312", "%C4%EA%B1%A8"), ("gbk", "%C4%EA%B1%A8"), ("utf-8", "%E5%B9%B4%E6%8A%A5"), ("big5", "%A6~%B3%F8")],
)
def test_the_query_of_a_link_goes_out_in_the_encoding_of_its_page(charset: str, query: str):
    word = "年報" if charset == "big5" else "年报"
    text = f'<meta charset="{charset}"><title>{"政府資訊公開年報之目錄與說明" * 20}</title><a href="/年/l.jsp?t={word}&p=1">一</a>'
    made = Page(URL, text.encode({"gb2312": "gbk"}.get(charset, charset)), [charset])
    assert made.rows[0].url == f"http://www.a.gov.cn/%E5%B9%B4/l.jsp?t={query}&p=1"


def test_entities_in_a_page_of_ascii_go_out_in_the_encoding_that_it_declares():
    text = b'<meta charset="gb2312"><a href="l.jsp?t=&#24180;&#25253;">1</a>'
    assert Page(URL, text).rows[0].url == "http://www.a.gov.cn/zwgk/nb/l.jsp?t=%C4%EA%B1%A8"
    assert Page(URL, text, ["utf-8"]).rows[0].url == "http://www.a.gov.cn/zwgk/nb/l.jsp?t=%E5%B9%B4%E6%8A%A5"


def test_a_base_counts_like_any_address_and_may_be_odd():
    assert (
        page(r'<base href="\\x\y\"><a href="1.html">一</a>'.replace(r"\\x", r"\x")).rows[0].url
        == "http://www.a.gov.cn/x/y/1.html"
    )
    assert (
        page('<base href="http://a:99999/"><a href="1.html">一</a>').rows[0].url == "http://www.a.gov.cn/zwgk/nb/1.html"
    )
