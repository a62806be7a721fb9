"""How further pages of a list are named: shown by its pager, or guessed in turns while pages are missing."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from crawler.cms import Page, read_list
from tests.crawler.cms.pagers.test_paging import ROWS, URL, urls


def test_both_ends_of_the_numbering_are_tried_and_the_last_only_while_pages_are_missing():
    script = '<script>createPageHTML(3, 0, "index", "html");</script>'
    assert urls(script) == ["index_1.html", "index_2.html", "index_3.html"]
    assert urls(script, sure=True) == ["index_2.html"]
    listing = read_list(Page(URL, f"<ul>{ROWS}</ul>{script}".encode()))
    assert [(r.url.removeprefix(URL), r.page) for r in listing.requests] == [("index_1.html", 2), ("index_2.html", 3)]
    assert listing.pages == 3


def test_the_variant_that_names_its_container_first_counts_from_one_unless_it_says_nought():
    direct = urls("<script>createPageHTML('p',3, 1,'index','shtml',42);</script>")
    assert direct == ["index_2.shtml", "index_3.shtml", "index_1.shtml"]
    both = urls("<script>createPageHTML('p',3, 0,'index','shtml',42);</script>")
    assert both == ["index_1.shtml", "index_2.shtml", "index_3.shtml"]


@pytest.mark.parametrize(
    ("pager", "expected"),
    [
        (
            '<a href="index_1.html">2</a><script>createPageHTML(4,0,"index","html")</script>',
            ["index_1", "index_2", "index_3"],
        ),
        ('共4页 <a href="index-2.html">2</a>', ["index-2", "index-3", "index-4"]),
        ('共3页 <a href="index_00000002.html">2</a>', ["index_00000002", "index_00000003"]),
        ('共3页 <a href="list2.html">2</a>', ["list2", "list3"]),
        ('共3页 <a href="latest_1447_1.html">2</a>', ["latest_1447_1", "latest_1447_2"]),
        ('<a href="index_7.html">下一页</a>', ["index_7"]),
    ],
)
def test_the_pagers_own_links_show_the_naming(pager: str, expected: list[str]):
    assert urls(f"<div>{pager}</div>") == [f"{name}.html" for name in expected]


@pytest.mark.parametrize(
    "call",
    ['createPageHTML(2,0,"index","html")', 'createPageHTML("box",2,1,"index","html",8)', "var countPage = 2"],
)
def test_while_pages_are_missing_other_namings_are_tried_one_after_the_other(call: str):
    page = Page(URL, f"<ul>{ROWS}</ul><script>{call}</script>".encode())
    later = [request for request in read_list(page).later if request.turn > 1]
    assert [request.url.removeprefix(URL) for request in later] == [
        "index-2.html", "index-1.html", "index2.html", "index1.html", "index_02.html", "index_01.html",
        "index_00000002.html", "index_00000001.html", "index-02.html", "index-01.html", "index/2.html", "index/1.html",
        "2.html", "1.html", "list_2.html", "list_1.html", "index.html?page=2",
    ]  # fmt: skip
    assert [request.turn for request in later] == list(range(2, len(later) + 2))


def test_a_naming_that_was_found_is_followed_to_the_last_page_that_is_stated():
    page = Page(URL, f'<ul>{ROWS}</ul><script>createPageHTML(3,0,"index","html")</script>'.encode())
    found = next(request for request in read_list(page).later if request.url.endswith("/index-2.html"))
    after = read_list(Page(found.url, f"<ul>{ROWS}</ul>".encode()), found).requests
    assert [request.url.removeprefix(URL) for request in after] == ["index-3.html"]
    assert not read_list(Page(after[0].url, f"<ul>{ROWS}</ul>".encode()), after[0]).requests


@pytest.mark.parametrize(
    "call",
    [
        'createPageHTML(4, 3, 0, "index", "html")',
        "createPage('box', 3, 0, 'index', 'html', 4)",
        "var recordCount = 4, countPage = 3",
    ],
)
def test_no_name_is_guessed_when_the_page_shows_all_that_it_states(call: str):
    listing = read_list(Page(URL, f"<ul>{ROWS}</ul><script>{call}</script>".encode()))
    assert (listing.requests, listing.later) == ((), ())


def test_names_are_guessed_after_a_back_end_only():
    store = "<datastore><nextgroup><![CDATA[<a href='/module/web/jpage/dataproxy.jsp?page=1&columnid=7&unitid=9'></a>]]></nextgroup>"
    store += f"<recordset><record><![CDATA[{ROWS}]]></record></recordset><totalrecord>8</totalrecord><totalpage>2</totalpage></datastore>"
    listing = read_list(
        Page("http://www.a.gov.cn/col/col7/index.html", f'<script type="text/xml">{store}</script>'.encode())
    )
    assert [request.dialect for request in listing.requests] == ["jpage"]
    assert listing.later
    assert min(request.turn for request in listing.later) == 1
