"""Cookies of a crawl."""

from __future__ import annotations

from crawler.capture.cookies import Cookies

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
