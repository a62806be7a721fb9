"""Redirects as browsers follow them."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, HtmlResponse, Response
from scrapy.utils.test import get_crawler

from crawler.capture.request import META_ASK, CaptureRequest
from crawler.middlewares.redirects import HOME, Redirects

URL = "http://www.a.gov.cn/x/list.html"


@pytest.fixture(scope="module")
def redirects() -> Redirects:
    return Redirects.from_crawler(get_crawler(settings_dict={"REDIRECT_MAX_TIMES": 3}))


def answered(
    redirects: Redirects, status: int, fields: list[tuple[str, bytes]], *, body: bytes = b"", **how: Any
) -> Request | Response:
    headers = Headers()
    for name, value in fields:
        headers.appendlist(name, value)
    request = Request(**{"url": URL, **how})
    response = HtmlResponse(request.url, status=status, headers=headers, body=body)
    return redirects.process_response(request, response)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "target"),
    [
        (b"/y.html", "http://www.a.gov.cn/y.html"),
        (rb"\a\b", "http://www.a.gov.cn/a/b"),
        (b" \t//b.gov.cn//x ", "http://b.gov.cn//x"),
        (b"?q=\xcd\xa8", "http://www.a.gov.cn/x/list.html?q=%CD%A8"),
        ("/年?年".encode(), "http://www.a.gov.cn/%E5%B9%B4?%E5%B9%B4"),
        (b"../%2e%2e/z#top", "http://www.a.gov.cn/z#top"),
        (b"http://u:p@www.a.gov.cn/y", "http://www.a.gov.cn/y"),
    ],
)
def test_where_a_location_leads(redirects: Redirects, status: int, location: bytes, target: str) -> None:
    followed = answered(redirects, status, [("Location", location)])
    assert isinstance(followed, Request)
    assert followed.url == target
    assert (followed.meta["redirect_times"], followed.meta["redirect_urls"]) == (1, [URL])


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("Location", b"")],
        [("Location", b"  "), ("location", b"")],
        [("Location", b"javascript:alert(1)")],
        [("Location", b"http://a:99999/")],
        [("Location", b"mailto:a@b.cn")],
    ],
)
def test_without_a_target_the_answer_is_a_page(redirects: Redirects, fields: list[tuple[str, bytes]]) -> None:
    page = answered(redirects, 302, fields, body=b"<html>report</html>")
    assert isinstance(page, Response)
    assert page.body == b"<html>report</html>"


def test_the_first_location_that_says_something_counts(redirects: Redirects) -> None:
    followed = answered(redirects, 302, [("Location", b""), ("Location", b"/1"), ("Location", b"/2")])
    assert followed.url == "http://www.a.gov.cn/1"


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "PUT", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (303, "HEAD", "HEAD"),
        (302, "PUT", "PUT"),
    ],
)
def test_what_becomes_of_a_form(redirects: Redirects, status: int, method: str, then: str) -> None:
    followed = redirects.process_response(
        Request(URL, method=method, body=b"a=1", headers={"Content-Type": "x/y", "A": "b"}),
        Response(URL, status=status, headers={"Location": "/y"}),
    )
    assert isinstance(followed, Request)
    kept = then == method
    assert (followed.method, followed.body) == (then, b"a=1" if kept else b"")
    assert (b"Content-Type" in followed.headers) == kept
    assert followed.headers["A"] == b"b"


def test_a_fragment_goes_along_and_a_circle_ends(redirects: Redirects) -> None:
    followed = answered(redirects, 302, [("Location", b"/y")], url=URL + "#/column")
    assert followed.url == "http://www.a.gov.cn/y#/column"
    with pytest.raises(IgnoreRequest, match="4th redirect"):
        answered(redirects, 302, [("Location", b"list.html")], meta={"redirect_times": 3})
    assert isinstance(answered(redirects, 302, [("Location", b"/y")], meta={"dont_redirect": True}), Response)


@pytest.mark.parametrize(
    ("refresh", "body", "target"),
    [
        (b"0; url=/y.html", b"x" * 5000, "http://www.a.gov.cn/y.html"),
        (b"3;URL='/q?\xc4\xea'", b"", "http://www.a.gov.cn/q?%C4%EA"),
        (b"600; url=/y.html", b"x" * 5000, None),
        (b"600; url=/y.html", b"please wait", "http://www.a.gov.cn/y.html"),
        (b"30", b"", None),
        (b"0; url=list.html#top", b"", None),
        (b"0; url=javascript:x", b"", None),
    ],
)
@pytest.mark.parametrize("status", [200, 404])
def test_the_header_refresh(redirects: Redirects, refresh: bytes, body: bytes, target: str | None, status: int) -> None:
    followed = answered(redirects, status, [("Refresh", refresh)], body=body)
    assert (followed.url if isinstance(followed, Request) else None) == target


def test_a_rendered_page_has_been_where_it_leads(redirects: Redirects) -> None:
    request = Request(URL)
    page = HtmlResponse(URL, headers={"Refresh": "0; url=/y"}, body=b"", flags=["rendered"])
    assert redirects.process_response(request, page) is page


@pytest.mark.parametrize(
    "fields",
    [[("Location", b"/")], [("Location", b"http://a.gov.cn/index.html")], [("Refresh", b"0; url=http://www.a.gov.cn")]],
)
@pytest.mark.parametrize(("purpose", "stays"), [("report", True), ("attachment", True), ("list", False)])
def test_a_report_that_leads_to_the_home_page_is_not_there(
    redirects: Redirects, fields: list[tuple[str, bytes]], purpose: Any, *, stays: bool
) -> None:
    found = answered(
        redirects, 302 if fields[0][0] == "Location" else 200, fields, meta={META_ASK: CaptureRequest(purpose)}
    )
    assert isinstance(found, Response) is stays
    if isinstance(found, Response):
        assert HOME in found.flags
