"""What sends a visitor on."""

from __future__ import annotations

import pytest

from crawler.forwarding import Refresh, is_home, leads_elsewhere, leads_home, read_location, read_refresh


@pytest.mark.parametrize(
    ("text", "refresh"),
    [
        ("0; url=/a", Refresh(0, "/a")),
        ("0;URL='/a b'x", Refresh(0, "/a b")),
        ('3 , Url = "/a"', Refresh(3, "/a")),
        ("0;/a", Refresh(0, "/a")),
        ("5 /a", Refresh(5, "/a")),
        (" .5; url=/a", Refresh(0, "/a")),
        ("1.9;url=/a", Refresh(1, "/a")),
        ("99999999999;url=/a", Refresh(999999999, "/a")),
        ("0;urls=/a", Refresh(0, "urls=/a")),
        ("0", None),
        ("0;", None),
        ("0; url=", None),
        ("url=/a", None),
        ("-1; url=/a", None),
        ("0x; url=/a", None),
        ("", None),
    ],
)
def test_refreshes_are_read_by_the_standard(text: str, refresh: Refresh | None) -> None:
    assert read_refresh(text) == refresh


@pytest.mark.parametrize(
    ("values", "location"),
    [
        ([b"/a"], "/a"),
        ([b"", b"  ", b"/b", b"/c"], "/b"),
        ([b"/q?t=\xc4\xea"], "/q?t=%C4%EA"),
        ([rb"\a\b"], r"\a\b"),
        ([b""], None),
        ([], None),
    ],
)
def test_the_first_location_that_says_something(values: list[bytes], location: str | None) -> None:
    assert read_location(values) == location


def test_a_fragment_is_no_other_page() -> None:
    assert not leads_elsewhere("http://a.gov.cn/x#1", "http://a.gov.cn/x#2")
    assert leads_elsewhere("http://a.gov.cn/x#1", "http://a.gov.cn/y")
    assert not leads_elsewhere("http://a.gov.cn/x", None)


@pytest.mark.parametrize(
    ("target", "home"),
    [
        ("http://www.a.gov.cn/", True),
        ("http://www.a.gov.cn", True),
        ("https://b.gov.cn/index.shtml", True),
        ("http://www.a.gov.cn/Index.html", True),
        ("http://www.a.gov.cn/?id=7", False),
        ("http://www.a.gov.cn/#/detail/7", False),
        ("http://www.a.gov.cn/nb/", False),
    ],
)
def test_who_asked_for_a_page_and_is_sent_home(target: str, *, home: bool) -> None:
    assert leads_home("http://www.a.gov.cn/nb/1.html", target) is home
    assert not leads_home("http://a.gov.cn/", target)
    assert is_home("http://a.gov.cn/?id=7")
