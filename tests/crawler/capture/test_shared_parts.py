"""What pages share: as a browser's own cache would, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from archive.warc.location import RecordLocation
from crawler.capture.answer import Answer
from crawler.capture.request import CaptureRef, CaptureRequest, PendingRequest
from crawler.capture.shared_parts import Parts

URL = "http://www.a.gov.cn/api"
ASK = CaptureRequest(purpose="subresource", page="http://www.a.gov.cn/")
Fields = dict[str, str]


def asked(headers: Fields | None = None, *, method: str = "GET", body: bytes = b"", url: str = URL) -> PendingRequest:
    fields = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return PendingRequest(url, method, fields, body, ASK, ASK.key(method, url, body), browser=True)


def answer(headers: Fields, *, status: int = 200, truncated: str | None = None) -> Answer:
    fields = [(name.encode(), value.encode()) for name, value in headers.items()]
    ref = CaptureRef(RecordLocation(record_id="urn:uuid:1", file="f.warc.gz", offset=0, length=1), "response")
    return Answer(URL, status, fields, b"{}", ref, "2026-01-01T00:00:00Z", status, truncated=truncated)


def day(back: int) -> str:
    return format_datetime(datetime.now(UTC) - timedelta(days=back), usegmt=True)


FRESH = {"Cache-Control": "max-age=600"}
VARIES = {**FRESH, "Vary": "X-Page, Accept"}


@pytest.mark.parametrize(
    ("said", "first", "second", "shared"),
    [
        (FRESH, {}, {}, True),
        ({"Expires": day(-1)}, {}, {}, True),
        ({"Last-Modified": day(400)}, {}, {}, True),
        ({"Last-Modified": day(400), "Date": day(100)}, {}, {}, False),
        ({"ETag": '"1"'}, {}, {}, False),
        ({}, {}, {}, False),
        ({"Cache-Control": "no-store, max-age=600"}, {}, {}, False),
        ({"Cache-Control": "no-cache, max-age=600"}, {}, {}, False),
        ({"Cache-Control": "max-age=0"}, {}, {}, False),
        ({**FRESH, "Set-Cookie": "session=1"}, {}, {}, False),
        (VARIES, {"X-Page": "1"}, {"X-Page": "1"}, True),
        (VARIES, {"X-Page": "1"}, {"X-Page": "2"}, False),
        (VARIES, {"Accept": "a"}, {}, False),
        ({**FRESH, "Vary": "*"}, {}, {}, False),
        (FRESH, {}, {"Range": "bytes=0-9"}, False),
        (FRESH, {"Range": "bytes=0-9"}, {}, False),
        (FRESH, {}, {"Cache-Control": "no-cache"}, False),
        (FRESH, {}, {"Pragma": "no-cache"}, False),
        (FRESH, {}, {"Authorization": "Bearer 1"}, False),
        (FRESH, {"Cookie": "a=1"}, {"Cookie": "a=2"}, True),
        ({**FRESH, "Vary": "Cookie"}, {"Cookie": "a=1"}, {"Cookie": "a=2"}, False),
    ],
)
def test_shared_as_a_browser_shares(said: Fields, first: Fields, second: Fields, *, shared: bool) -> None:
    parts = Parts()
    parts.keep(asked(first), answer(said))
    assert (parts.find(asked(second)) is not None) == shared


@pytest.mark.parametrize(
    ("status", "truncated", "shared"), [(200, None, True), (302, None, True), (206, None, False), (500, None, False),
                                        (200, "disconnect", False)]
)  # fmt: skip
def test_only_what_is_whole(status: int, truncated: str | None, *, shared: bool) -> None:
    parts = Parts()
    parts.keep(asked(), answer(FRESH, status=status, truncated=truncated))
    assert (parts.find(asked()) is not None) == shared


def test_a_redirect_to_a_login_is_asked_for_again() -> None:
    parts = Parts()
    parts.keep(asked(), answer({"Location": "/login"}, status=302))
    assert parts.find(asked()) is None


def test_methods_bodies_and_later_answers() -> None:
    parts = Parts()
    parts.keep(asked(method="POST", body=b"page=1"), answer(FRESH))
    assert parts.find(asked(method="POST", body=b"page=1")) is None
    parts.keep(asked(), answer(FRESH))
    assert parts.find(asked(url=URL + "?p=2")) is None
    parts.keep(asked(method="POST"), answer({}))  # what was changed is asked for again
    assert parts.find(asked()) is None
    parts.keep(asked(), answer(FRESH))
    parts.keep(asked({"Cache-Control": "no-cache"}), answer({"Cache-Control": "no-store"}))
    assert parts.find(asked()) is None
