"""Pager calls in scripts, whatever the order of their arguments."""

from __future__ import annotations

import pytest

from crawler.cms.pagers.pager_call import Call, read_call


@pytest.mark.parametrize(
    ("script", "call"),
    [
        ('createPageHTML(3, 0, "index", "html");', Call(3, "index", "html")),
        ('createPageHTML(57, 4, 0, "index", "shtml");', Call(4, "index", "shtml", 57)),
        ("createPageHTML('page_div',3, 1,'zfxxgk_list','shtml',42);", Call(3, "zfxxgk_list", "shtml", 42, direct=True)),
        ("createPage(5, 1, 'index', 'html')", Call(5, "index", "html")),
        ("var countPage = 6//共多少页", Call(6)),
        ("var n = parseInt(4);", Call(4, weak=True)),
        ("var all = 7; createPageHTML(all, 0, 'index', 'html')", Call(7, "index", "html")),
        ("pagenation('pagination',3,1,'index','shtml',31);", Call(3, "index", "shtml", 31, direct=True)),
        ("showPages(4, 0, 'list', '.html')", Call(4, "list", "html")),
        ("$.fy('index', 'htm', 5, 1)", Call(5, "index", "htm")),
        ("function pagenation(id, n, 'index', 'html'){}", None),
        ("// fy(3, 0, 'index', 'html')", None),
        ("play('v1', 640, 480, 'movie', 'mp4'); show(3, 'html')", None),
        ("u.replace('html', 'shtml'); draw('p', 3, 1)", None),
        ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}", None),
        ("nothing here", None),
    ],
)
def test_pager_calls_in_any_argument_order(script: str, call: Call | None):
    assert read_call(script) == call


@pytest.mark.parametrize(
    ("script", "pages"),
    [
        ('//createPageHTML(9, 0, "index", "html");\ncreatePageHTML(2, 0, "index", "html");', 2),
        ('/* createPageHTML(9, 0, "index", "html"); */ createPageHTML(2, 0, "index", "html");', 2),
        ('var a = 1; // createPageHTML(9, 0, "index", "html")', None),
        ('var home = "http://www.a.gov.cn/"; createPageHTML(3, 0, "index", "html")', 3),
        ("var own = '//www.a.gov.cn/'; createPageHTML(3, 0, 'index', 'html')", 3),
    ],
)
def test_a_call_that_is_commented_out_says_nothing(script: str, pages: int | None):
    call = read_call(script)
    assert (call.pages if call else None) == pages
