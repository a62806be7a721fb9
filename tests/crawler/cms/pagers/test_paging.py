"""Every way in which a list says that it goes on (portals.md 1.1): argument orders, bases, separators, forms."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from crawler.cms import Page, read_list

URL = "http://www.a.gov.cn/zwgk/nb/"
ROWS = "".join(f'<li><a href="./202301/t2023010{n}_{n}.html">文件{n}</a>2023-01-0{n}</li>' for n in range(1, 5))


def urls(markup: str, url: str = URL, *, sure: bool | None = None) -> list[str]:
    listing = read_list(Page(url, f"<ul>{ROWS}</ul>{markup}".encode()))
    requests = [r for r in (*listing.requests, *listing.later) if r.turn < 2]
    return [r.url.removeprefix(URL) for r in requests if sure is None or r.tentative is not sure]


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


def test_pages_are_derived_from_the_number_of_entries_and_not_promised():
    assert urls("<p>共 9 条</p>") == ["index_1.html", "index_2.html", "index_3.html"]
    assert urls("<p>共 9 条</p>", sure=True) == []
    assert urls("<p>共 4 条</p>") == []


def test_a_list_of_one_page_asks_for_nothing():
    assert urls('<script>createPageHTML(1, 0, "index", "html");</script>') == []


def test_a_column_without_extension_or_slash_is_a_directory():
    page = Page(URL.rstrip("/"), f'<ul>{ROWS}</ul><script>createPageHTML(2,0,"index","html")</script>'.encode())
    assert read_list(page).requests[0].url == f"{URL}index_1.html"


def test_query_pages_and_last_page_links():
    url = "http://www.a.gov.cn/list.jsp?id=3&cur_page=1"
    page = Page(url, f'<ul>{ROWS}</ul><a href="list.jsp?id=3&cur_page=3">尾页</a>'.encode())
    assert [request.url for request in read_list(page).requests] == [
        "http://www.a.gov.cn/list.jsp?id=3&cur_page=2",
        "http://www.a.gov.cn/list.jsp?id=3&cur_page=3",
    ]


def test_forms_that_turn_pages():
    form = '<form method="post" action="list.do"><input type="hidden" name="cpage" value="1"><input name="col" value="9"></form>'
    page = Page("http://www.a.gov.cn/list.do", f"<ul>{ROWS}</ul>{form}<p>共3页</p>".encode())
    assert [(r.method, r.url, r.body) for r in read_list(page).requests if r.dialect == "form"] == [
        ("POST", "http://www.a.gov.cn/list.do", b"cpage=2&col=9"),
        ("POST", "http://www.a.gov.cn/list.do", b"cpage=3&col=9"),
    ]


def test_years_and_days_are_no_page_numbers():
    assert urls('<a href="2023/">2023</a><a href="/calendar/12.html">12</a>') == []


def test_pages_in_a_folder_named_like_the_list_may_be_counted_from_the_last():
    url = "http://www.a.gov.cn/zfxxgk/gknb.htm"
    pager = '<a href="gknb/2.htm">2</a><a href="gknb/1.htm">3</a><a href="gknb/2.htm">下页</a><a href="gknb/2024.htm">2024</a>'
    page = Page(url, f"<ul>{ROWS}</ul>{pager}".encode())
    assert [(request.url, request.page) for request in read_list(page).requests] == [
        ("http://www.a.gov.cn/zfxxgk/gknb/2.htm", 2),
        ("http://www.a.gov.cn/zfxxgk/gknb/1.htm", 3),
    ]
