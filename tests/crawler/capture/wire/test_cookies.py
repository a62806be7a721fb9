"""Cookies of a crawl."""

from __future__ import annotations

import pytest

from crawler.capture.wire.cookies import Cookies, read_moment

URL = "http://www.a.gov.cn/x/list"


def test_what_a_host_sets_goes_back_to_it_alone() -> None:
    jar = Cookies()
    assert jar.header(URL) is None
    assert jar.store(URL, [(b"set-cookie", b"CT6T=1a; Path=/"), (b"Set-Cookie", b"deep=1; Path=/x"), (b"X", b"y")])
    assert jar.header(URL) in {b"CT6T=1a; deep=1", b"deep=1; CT6T=1a"}
    assert jar.header("http://www.a.gov.cn/") == b"CT6T=1a"
    assert jar.header("http://www.b.gov.cn/") is None


def test_only_a_change_counts() -> None:
    jar = Cookies()
    assert jar.store(URL, [(b"set-cookie", b"a=1")])
    assert not jar.store(URL, [(b"set-cookie", b"a=1")])
    assert not jar.store(URL, [(b"server", b"x")])
    assert jar.store(URL, [(b"set-cookie", b"a=2")])


def test_a_site_below_gov_cn_cannot_set_a_cookie_for_all_of_it() -> None:
    jar = Cookies()
    assert not jar.store(URL, [(b"set-cookie", b"all=1; Domain=.gov.cn")])
    assert jar.store(URL, [(b"set-cookie", b"mine=1; Domain=a.gov.cn; Path=/")])
    assert jar.header("http://other.a.gov.cn/") == b"mine=1"
    assert jar.header("http://www.b.gov.cn/") is None


def test_secure_cookies_stay_on_tls_and_odd_bytes_do_no_harm() -> None:
    jar = Cookies()
    jar.store(
        URL.replace("http", "https"), [(b"set-cookie", b"s=1; Secure"), (b"set-cookie", "名=值".encode("gb18030"))]
    )
    assert b"s=1" not in (jar.header(URL) or b"")
    assert b"s=1" in (jar.header("https://www.a.gov.cn/x/") or b"")


@pytest.mark.parametrize(
    "attributes",
    [
        "Max-Age=3600.0",
        "Max-Age",
        "Max-Age=",
        'Max-Age="3600"',
        "max-age=" + "9" * 40,
        "Expires",
        "Expires=never",
        "Expires=Thu, 01-Jan-70 00:00:00 GMT; Max-Age=60",
        "Max-Age=60; Expires=Thu, 01-Jan-70 00:00:00 GMT",
        "Expires=Thu, 31 Feb 2024 00:00:00 GMT",
        "Domain",
        "Secure=; Max-Age=1e3; SameSite=Lax; Partitioned; =; ;;",
    ],
)
def test_an_attribute_that_cannot_be_understood_counts_as_none(attributes: str) -> None:
    jar, url = Cookies(), URL.replace("http:", "https:")
    assert jar.store(url, [(b"set-cookie", f"a=1; {attributes}".encode()), (b"set-cookie", b"b=2")])
    assert set((jar.header(url) or b"").split(b"; ")) == {b"a=1", b"b=2"}


@pytest.mark.parametrize(
    ("path", "elsewhere"),
    [('path="/"', False), ("path=list", False), ("path", False), ("Path=/", True), ("path=/x/; PATH=/", True)],
)
def test_a_path_that_is_none_leaves_the_folder_of_the_page(path: str, elsewhere: bool) -> None:
    jar = Cookies()
    assert jar.store(URL, [(b"set-cookie", f"a=1; {path}".encode())])
    assert jar.header("http://www.a.gov.cn/x/other") == b"a=1"
    assert (jar.header("http://www.a.gov.cn/y") is not None) == elsewhere


def test_lines_end_a_cookie_and_time_ends_it_too() -> None:
    jar = Cookies()
    assert jar.store(
        URL, [(b"set-cookie", b"a=1\rSet-Cookie: evil=1"), (b"set-cookie", b"b=2\0; Path=/"), (b"set-cookie", b"c=3")]
    )
    assert set((jar.header(URL) or b"").split(b"; ")) == {b"a=1", b"b=2", b"c=3"}
    assert jar.store(URL, [(b"set-cookie", b"a=1; Max-Age=0"), (b"set-cookie", b"b=; Max-Age=-1")])
    assert jar.header(URL) == b"c=3"


@pytest.mark.parametrize(
    "past",
    [
        "Thu, 01-Jan-70 00:00:01 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31-Dec-99 23:59:59 GMT",
        "Mon, 01 Jan 1601 00:00:00 GMT",
        "Sat, 1-Jan-00 0:0:0 GMT",
        "1 january 1999 10:00:00",
    ],
)
def test_a_moment_in_the_past_deletes(past: str) -> None:
    jar = Cookies()
    both = [(b"set-cookie", b"s=1; path=/"), (b"set-cookie", f"s=; path=/; expires={past}".encode())]
    assert not jar.store(URL, both)
    assert jar.header(URL) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed, 30-Nov-2099 10:00:00 GMT", "2099-11-30T10:00:00+00:00"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37+00:00"),
        ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37+00:00"),
        ("Tue, 01-Jan-69 00:00:00 GMT", "2069-01-01T00:00:00+00:00"),
        ("99 nov 30 10:0:0", None),
        ("2099-11-30T10:00:00Z", None),
        ("Mon, 01 Jan 1600 00:00:00 GMT", None),
        ("Thu, 01 Jan 2026 24:00:00 GMT", None),
        ("\u0661 Jan 2026 10:00:00", None),
        ("", None),
    ],
)
def test_moments_are_read_as_browsers_read_them(text: str, moment: str | None) -> None:
    read = read_moment(text)
    assert (read.isoformat() if read else None) == moment


@pytest.mark.parametrize(
    ("cookie", "over_http", "over_tls"),
    [
        ("__Host-a=1; Path=/", False, False),
        ("__Host-a=1; Secure; Path=/", False, True),
        ("__host-a=1; Secure; Path=/x", False, False),
        ("__Host-a=1; Secure", False, False),
        ("__Host-a=1; Secure; Path=/; Domain=www.a.gov.cn", False, False),
        ("__Secure-a=1", False, False),
        ("__SECURE-a=1; secure", False, True),
        ("__Secure-a; Secure", False, False),
        ("a=1; Secure", False, True),
        ("a=" + "x" * 4096, False, False),
        ("a=" + "x" * 4095, True, True),
        ("x" * 4097 + "=", False, False),
        ("a=" + "x=" * 1500, True, True),
        ("a=1; Path=/" + "x" * 1100, True, True),
        ("a=1\x07", False, False),
        ("a=1\tb", True, True),
    ],
)
def test_what_browsers_refuse_goes_nowhere(cookie: str, *, over_http: bool, over_tls: bool) -> None:
    for url, kept in ((URL, over_http), (URL.replace("http:", "https:"), over_tls)):
        jar = Cookies()
        jar.store(url, [(b"set-cookie", cookie.encode()), (b"set-cookie", b"b=2")])
        assert (b"b=2" in (jar.header(url) or b""), len((jar.header(url) or b"").split(b"; ")) == 2) == (True, kept)
