"""What a page read in pieces, and what is missing of it."""

from __future__ import annotations

import pytest

from archive.warc.http import HttpMessage
from archive.warc.location import RecordLocation
from crawler.capture.answer import Answer
from crawler.capture.browser.ranges import MOST, Ranges
from crawler.capture.request import CaptureRef

URL = "http://www.a.gov.cn/f/nb.pdf"
ASKED = [(b"Accept", b"*/*"), (b"Range", b"bytes=0-9"), (b"If-Range", b'"x"')]
REF = CaptureRef(RecordLocation(record_id="urn:uuid:1", file="f", offset=0, length=1), "response")


def answer(span: str | None, *, status: int = 206, kind: str = "application/pdf") -> Answer:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n" + (f"Content-Range: {span}\r\n" if span else "")
    return Answer.of(HttpMessage.parse(head.encode() + b"\r\nx"), b"x", url=URL, ref=REF, date="")


@pytest.mark.parametrize(
    ("spans", "missing"),
    [
        (["bytes 0-9/100"], True),
        (["bytes 0-49/100", "bytes 50-99/100"], False),
        (["bytes 50-99/100", "bytes 0-60/100"], False),
        (["bytes 0-49/100", "bytes 51-99/100"], True),
        (["bytes 0-49/100", "bytes 0-49/100"], True),
        (["BYTES  0-99/100"], False),
        (["bytes 0-9/*"], False),
        (["lines 0-9/100"], False),
        ([None], False),
    ],
)
def test_what_did_not_come_to_its_last_byte_is_asked_for_whole(spans: list[str | None], *, missing: bool) -> None:
    ranges = Ranges()
    for span in spans:
        ranges.heard(f"{URL}#page=2", "GET", ASKED, answer(span))
    assert ranges.unread(1000) == ([(URL, [(b"Accept", b"*/*")])] if missing else [])
    assert ranges.unread(1000) == []


def test_what_came_whole_is_played_or_too_large_is_not() -> None:
    ranges = Ranges()
    ranges.heard(URL, "GET", ASKED, answer("bytes 0-9/100"))
    ranges.heard(URL, "GET", ASKED, answer(None, status=200))
    ranges.heard(URL + "1", "GET", ASKED, answer("bytes 0-9/100", kind="Video/mp4"))
    ranges.heard(URL + "2", "GET", ASKED, answer("bytes 0-9/2000"))
    ranges.heard(URL + "3", "POST", ASKED, answer("bytes 0-9/100"))
    assert ranges.unread(1000) == []
    for number in range(MOST + 5):
        ranges.heard(f"{URL}?{number}", "GET", ASKED, answer("bytes 5-9/100"))
    assert len(ranges.unread(1000)) == MOST
