"""Pages as adapters see them: links wherever they stand, dates in the same row, stubs that send one on."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from crawler.cms import Page
from tests.crawler.cms.played import URL, column


def test_a_page_in_gb18030_that_says_gb2312_is_read():
    text = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><li><a href="/a.html">鎮鄉二〇二三</a></li>'
    assert Page(URL, text.encode("gb18030")).links[0].text == "鎮鄉二〇二三"


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
    assert column(text).forwards_to == target


def test_head_tags_in_any_order_and_case():
    meta = column('<META CONTENT="信息公开年报" NAME="columnType"><meta name="ColumnType" content="x">').meta
    assert meta == {"columntype": "信息公开年报"}


@pytest.mark.parametrize(
    ("charset", "query"),
    [("gb2312", "%C4%EA%B1%A8"), ("gbk", "%C4%EA%B1%A8"), ("utf-8", "%E5%B9%B4%E6%8A%A5"), ("big5", "%A6~%B3%F8")],
)
def test_the_query_of_a_link_goes_out_in_the_encoding_of_its_page(charset: str, query: str):
    word = "年報" if charset == "big5" else "年报"
    text = f'<meta charset="{charset}"><title>{"政府資訊公開年報之目錄與說明" * 20}</title><a href="/年/l.jsp?t={word}&p=1">一</a>'
    made = Page(URL, text.encode({"gb2312": "gbk"}.get(charset, charset)), [charset])
    assert made.links[0].url == f"http://www.a.gov.cn/%E5%B9%B4/l.jsp?t={query}&p=1"


def test_entities_in_a_page_of_ascii_go_out_in_the_encoding_that_it_declares():
    text = b'<meta charset="gb2312"><a href="l.jsp?t=&#24180;&#25253;">1</a>'
    assert Page(URL, text).links[0].url == "http://www.a.gov.cn/zwgk/nb/l.jsp?t=%C4%EA%B1%A8"
    assert Page(URL, text, ["utf-8"]).links[0].url == "http://www.a.gov.cn/zwgk/nb/l.jsp?t=%E5%B9%B4%E6%8A%A5"


def test_a_base_counts_like_any_address_and_may_be_odd():
    assert (
        column(r'<base href="\\x\y\"><a href="1.html">一</a>'.replace(r"\\x", r"\x")).links[0].url
        == "http://www.a.gov.cn/x/y/1.html"
    )
    assert (
        column('<base href="http://a:99999/"><a href="1.html">一</a>').links[0].url
        == "http://www.a.gov.cn/zwgk/nb/1.html"
    )
