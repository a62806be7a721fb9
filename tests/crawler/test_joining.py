"""Addresses as browsers make them. Every expectation was compared with Ada (the parser of Node.js) and Chromium."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.joining import Base, join, joined

BASE = "http://www.a.gov.cn/x/y/z.html?q=1#f"
HOST = "http://www.a.gov.cn"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("a.html", f"{HOST}/x/y/a.html"),
        ("", f"{HOST}/x/y/z.html?q=1"),
        ("#top", f"{HOST}/x/y/z.html?q=1#top"),
        ("?p=2", f"{HOST}/x/y/z.html?p=2"),
        ("?", f"{HOST}/x/y/z.html?"),
        ("//b.gov.cn/1", "http://b.gov.cn/1"),
        (r"\\b.gov.cn\1", "http://b.gov.cn/1"),
        (r"\a\b", f"{HOST}/a/b"),
        (r"/a\b?c=\d\e", rf"{HOST}/a/b?c=\d\e"),
        ("/a//b///c", f"{HOST}/a//b///c"),
        ("..//./a", f"{HOST}/x//a"),
        ("/a/%2e%2E/b/%2e/c", f"{HOST}/b/c"),
        ("/a/.%2e/b/..", f"{HOST}/"),
        ("/../../a", f"{HOST}/a"),
        ("/a/b/.", f"{HOST}/a/b/"),
        ("/a/...", f"{HOST}/a/..."),
        ("  \t/a\tb\r\n/c \n", f"{HOST}/ab/c"),
        ("ht\ntp://b.gov.cn/", "http://b.gov.cn/"),
        ("HTTP://B.GOV.CN:80/A", "http://b.gov.cn/A"),
        ("https://b.gov.cn:443", "https://b.gov.cn/"),
        ("http://b.gov.cn:8080?x", "http://b.gov.cn:8080/?x"),
        ("http:a.html", f"{HOST}/x/y/a.html"),
        ("http:/a.html", f"{HOST}/a.html"),
        ("http:", f"{HOST}/x/y/z.html?q=1"),
        ("https:b.gov.cn/a", "https://b.gov.cn/a"),
        ("http:////b.gov.cn//a", "http://b.gov.cn//a"),
        ("http://u:p@b.gov.cn/", "http://b.gov.cn/"),
        ("http://u@v:p@b.gov.cn/@x", "http://b.gov.cn/@x"),
        ("http://年.cn/", "http://xn--hwt.cn/"),
        ("http://[2400:DA00:0::1]:81/", "http://[2400:da00::1]:81/"),
        ("/年 报.html?年#年 ", f"{HOST}/%E5%B9%B4%20%E6%8A%A5.html?%E5%B9%B4#%E5%B9%B4"),
        ('/a"<>`{}|^b', f"{HOST}/a%22%3C%3E%60%7B%7D|%5Eb"),
        ("""/?a"<>'`{}|^b""", f"{HOST}/?a%22%3C%3E%27`{{}}|^b"),
        ("/%zz%4?%", f"{HOST}/%zz%4?%"),
        ("/a;b=1,c!$&()*+~", f"{HOST}/a;b=1,c!$&()*+~"),
        ("/\ud800x", f"{HOST}/%3Fx"),
    ],
)
def test_as_browsers_do(href: str, url: str) -> None:
    assert join(BASE, href) == url


@pytest.mark.parametrize(
    "href",
    [
        "javascript:void(0)",
        "mailto:a@b.cn",
        "ftp://b.gov.cn/",
        "http://",
        "http://:80/",
        "http://b.gov.cn:99999/",
        "http://b.gov.cn:8x/",
        "http://[::1/",
        "http://a b/",
        "//",
        "http://[fe80::1%25eth0]/",
    ],
)
def test_what_is_no_address_is_none(href: str) -> None:
    assert join(BASE, href) is None


@pytest.mark.parametrize(
    ("encoding", "query"),
    [
        ("gb18030", "%C4%EA%B1%A8"),
        ("gbk", "%C4%EA%B1%A8"),
        ("utf-8", "%E5%B9%B4%E6%8A%A5"),
        ("utf-16-le", "%E5%B9%B4%E6%8A%A5"),
        ("big5hkscs", "%A6~%26%2325253%3B"),
        ("no such", "%26%2324180%3B%26%2325253%3B"),
    ],
)
def test_the_query_alone_goes_out_in_the_pages_encoding(encoding: str, query: str) -> None:
    assert join(Base(BASE, encoding), "/年报?年报#年") == f"{HOST}/%E5%B9%B4%E6%8A%A5?{query}#%E5%B9%B4"
    assert join(BASE, "/年报?年报#年", encoding) == join(Base(BASE, encoding), "/年报?年报#年")


@given(st.text(max_size=40))
def test_whatever_a_page_holds_comes_out_in_ascii_and_stays_as_it_is(href: str) -> None:
    made = join(BASE, href)
    if made is not None:
        assert made.isascii()
        assert made.startswith(("http://", "https://"))
        assert join(BASE, made) == made
        assert joined(BASE, href) == made
