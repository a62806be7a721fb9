"""What a rendered page did, told from its requests and answers alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from crawler import HeldBack, OutOfScope, RobotsDenied, WireError
from crawler.capture.browser.visit import Visit, is_of_the_wire
from crawler.capture.request import CaptureRequest
from crawler.crawl_plan import PageLimits

URL = "http://www.a.gov.cn/"


@dataclass
class Said:
    status: int = 200
    reason: bytes = b"OK"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    content: bytes = b""
    cut: str | None = None
    challenge: str | None = None


class Nobody:
    async def fetch(self, *_: Any, **__: Any) -> Said:
        raise AssertionError


def visit(**limits: int) -> Visit:
    return Visit(URL, CaptureRequest(purpose="list"), Nobody(), PageLimits(**limits), frame="F")


def event(kind: str = "Document", *, frame: str = "F", number: str = "1", **more: Any) -> dict[str, Any]:
    return {"resourceType": kind, "frameId": frame, "networkId": number, **more}


def test_every_document_keeps_its_own_status() -> None:
    page = visit()
    for number, status in enumerate((302, 521, 404)):
        assert page.over(event(number=str(number))) is None
        headers = ((b"Location", b"/2"),) if status == 302 else ()
        said = Said(status, headers=headers, challenge="x" if status == 521 else None)
        page.answered(event(number=str(number)), URL, said, top=True)
    assert {name: entry.answer.status for name, entry in page.documents.items()} == {"1": 521, "2": 404}
    assert page.last is not None
    assert page.last.answer.status == 404
    assert (page.challenge, page.challenged, page.problems) == ("x", False, [])


@pytest.mark.parametrize(
    ("headers", "shown"),
    [((), True), (((b"Location", b" "),), True), (((b"location", b""), (b"Location", b"/2")), False)],
)
def test_a_redirect_that_says_nowhere_where_to_is_shown(headers: tuple[tuple[bytes, bytes], ...], shown: bool) -> None:
    page = visit()
    page.answered(event(), URL, Said(302, headers=headers), top=True)
    assert (page.last is not None) == shown


@pytest.mark.parametrize(
    ("kind", "error", "told"),
    [
        ("XHR", WireError("reset"), True),
        ("EventSource", WireError("reset"), True),
        ("Script", WireError("no answer", kind="timeout"), True),
        ("Fetch", HeldBack("the budget is spent"), True),
        ("Script", KeyError("ours"), True),
        ("Image", WireError("reset"), False),
        ("Script", OutOfScope("a stranger's counter"), False),
        ("XHR", RobotsDenied("robots.txt forbids it"), False),
        ("Fetch", WireError("a program on the reader's own machine", kind="scope"), False),
    ],
)
def test_only_what_a_page_is_made_of_makes_it_incomplete(kind: str, error: Exception, told: bool) -> None:
    page = visit()
    page.failed(event(kind), URL + "part", error, top=False)
    assert bool(page.problems) == told
    assert len(page.failures) == 1


@pytest.mark.parametrize(("kind", "told"), [("Document", True), ("Script", True), ("XHR", True), ("Image", False)])
def test_what_came_cut_is_said(kind: str, told: bool) -> None:
    page = visit()
    page.answered(event(kind), URL + "part", Said(cut="the connection ended"), top=False)
    assert bool(page.problems) == told
    assert "the connection ended" in page.failures[0]


@pytest.mark.parametrize("kind", ["XHR", "Fetch", "EventSource", "Other"])
def test_an_event_stream_is_always_cut(kind: str) -> None:
    page = visit()
    asked = {"headers": {"Accept": "text/event-stream", "Referer": URL}}
    page.answered(event(kind, request=asked), URL + "ev", Said(cut="it took too long"), top=False)
    assert page.problems == []
    assert len(page.failures) == 1


def test_a_first_document_that_fails_is_the_error_and_a_later_one_a_problem() -> None:
    page = visit()
    page.failed(event(), URL, WireError("refused"), top=True)
    assert isinstance(page.error, WireError)
    page = visit()
    page.answered(event(), URL, Said(), top=True)
    page.failed(event(), "http://b.com/", OutOfScope("outside"), top=True)
    assert page.error is None
    assert page.problems == ["went on to http://b.com/: outside"]


def test_limits_end_what_has_no_end() -> None:
    page = visit(requests=5, documents=2, popups=1)
    assert [page.over(event()) for _ in range(3)] == [None, None, "documents"]
    assert page.over(event(redirectedRequestId="r")) is None  # the server's own redirects are no wandering of the page
    assert [page.over(event("Image")) for _ in range(4)] == [None, None, "requests", "requests"]
    page.popped_up()
    assert len(page.problems) == 2
    page.popped_up()
    assert len(page.problems) == 3
    assert (page.spent.requests, page.spent.refused) == (5, 4)


def test_addresses_of_the_browser_are_none_of_the_portal() -> None:
    assert is_of_the_wire("https://www.a.gov.cn/x")
    assert not any(map(is_of_the_wire, ("chrome-error://chromewebdata/", "about:blank", "data:text/html,x", "")))
