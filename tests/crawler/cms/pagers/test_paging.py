"""Every way in which a list says that it goes on (portals.md 1.1): argument orders, bases, separators, forms."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

from crawler.cms import Page, read_list

URL = "http://www.a.gov.cn/zwgk/nb/"
ROWS = "".join(f'<li><a href="./202301/t2023010{n}_{n}.html">文件{n}</a>2023-01-0{n}</li>' for n in range(1, 5))


def urls(markup: str, url: str = URL, *, sure: bool | None = None) -> list[str]:
    listing = read_list(Page(url, f"<ul>{ROWS}</ul>{markup}".encode()))
    requests = [r for r in (*listing.requests, *listing.later) if r.turn < 2]
    return [r.url.removeprefix(URL) for r in requests if sure is None or r.tentative is not sure]


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


def test_pages_are_followed_whatever_their_addresses_count():
    """Offsets from 0 and from 1, numbers that run backwards, and words: what is alike but for one parameter is a pager."""
    for values in (("4", "8", "12"), ("5", "9", "13"), ("97", "96", "95"), ("YWJj", "ZGVm", "Z2hp")):
        links = "".join(f'<a href="?id=7&start={value}">{number}</a>' for number, value in enumerate(values, 2))
        assert urls(f"<div>{links}</div>") == [f"?id=7&start={value}" for value in values], values


def test_a_second_page_alone_is_told_by_the_entries_before_it():
    assert urls('<p><b>1</b><a href="?from=4">第2页</a></p>') == ["?from=4"]
    assert urls('<p><b>1</b><a href="?from=5">[2]</a></p>') == ["?from=5"]
    assert urls('<p><b>1</b><a href="?from=70">2</a></p>') == []


def test_numbers_that_lead_to_documents_or_days_are_no_pages():
    assert urls('<a href="show.jsp?id=310&k=90">2</a><a href="other.jsp?id=320&k=90">3</a>') == []
    assert urls('<a href="?date=20240302">2</a><a href="?date=20240303">3</a>') == []
    assert urls('<a href="?tab=a">2</a><a href="?tab=a">3</a>') == []


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
