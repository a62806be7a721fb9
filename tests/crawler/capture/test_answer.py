"""Answers."""

from __future__ import annotations

from typing import Any

import pytest

from archive.metadata import Failure
from archive.signatures import Judgement
from archive.warc import HttpMessage
from archive.warc.location import RecordLocation
from crawler.capture.answer import Answer
from crawler.capture.request import CaptureRef

HERE = RecordLocation(record_id="urn:uuid:1", file="f", offset=0, length=1)
REF = CaptureRef(HERE, "response")
MESSAGE = HttpMessage.parse(b"HTTP/1.1 200 Fine\r\nX-A: \xc4\xea\r\n\r\nhello")


def test_an_answer_is_the_message_with_where_it_lies() -> None:
    answer = Answer.of(MESSAGE, b"hello", url="http://a/", ref=REF, date="d")
    assert (answer.status, answer.wire_status, answer.reason, answer.content) == (200, 200, b"Fine", b"hello")
    assert answer.header("x-a") == b"\xc4\xea".decode("latin-1")
    assert answer.header("nothing") is None
    assert answer.usable
    assert Answer.of(MESSAGE, b"", url="http://a/", ref=REF, date="d", wire_status=304).wire_status == 304


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 404},
        {"truncated": "time"},
        {"failure": Failure(kind="timeout", message="late")},
        {"ref": CaptureRef(HERE, "response", judgement=Judgement("blocked", "ruishu"))},
    ],
)
def test_what_is_not_usable(changes: dict[str, object]) -> None:
    answer = Answer.of(MESSAGE, b"hello", url="http://a/", ref=REF, date="d")
    for name, value in changes.items():
        setattr(answer, name, value)
    assert not answer.usable


@pytest.mark.parametrize(
    ("kind", "cut"), [("truncated", "why"), ("timeout", "why"), ("too_large", "why"), ("checksum", None)]
)
def test_what_is_not_whole_says_why(kind: Any, cut: str | None) -> None:
    ref = CaptureRef(HERE, "response", judgement=Judgement("blocked", "ruishu"))
    answer = Answer("http://a/", 200, [], b"", ref, "", 200, failure=Failure(kind=kind, message="why"))
    assert (answer.cut, answer.challenge, answer.usable) == (cut, "ruishu", False)
