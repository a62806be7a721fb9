"""What a paused request asks, and the bytes of its answer."""

from __future__ import annotations

import base64

import pytest

from crawler import RobotsDenied, WireError
from crawler.capture.browser.devtools import (
    reason_of,
    refusal_parameters,
    request_body,
    request_headers,
    response_headers,
)


def test_headers_keep_their_order_and_bytes():
    assert request_headers({"B": "1", "a": "县"}) == [(b"B", b"1"), (b"a", "县".encode())]


def test_an_answer_loses_what_frames_its_body_and_no_other_header():
    lines = response_headers(
        [
            (b"Content-Length", b"9"),
            (b"content-encoding ", b"gzip"),
            (b"X-Name", b"\xc4\xe3\r\n folded "),
            (b"", b"nameless"),
            (b"Set-Cookie", b"a=1"),
            (b"Set-Cookie", b"b=2"),
        ]
    )
    assert lines == b"X-Name: \xc4\xe3 folded\0Set-Cookie: a=1\0Set-Cookie: b=2"


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        ({}, b""),
        ({"hasPostData": True, "postData": "a=\u53bf"}, "a=县".encode()),
        ({"hasPostData": True, "postDataEntries": [{"bytes": base64.b64encode(b"\0\xff").decode()}]}, b"\0\xff"),
    ],
)
def test_bodies_may_be_binary(request_: dict[str, object], body: bytes):
    assert request_body(request_) == body


def test_the_browser_learns_why_a_request_failed():
    assert reason_of(RobotsDenied("by robots.txt", subject="u")) == "BlockedByClient"
    assert reason_of(WireError("no answer in time", subject="u")) == "TimedOut"
    assert reason_of(WireError("refused", subject="u")) == "ConnectionFailed"
    assert refusal_parameters({"requestId": "7"}, local=True) == {"requestId": "7"}
    assert refusal_parameters({"requestId": "7"}, local=False) == {"requestId": "7", "errorReason": "BlockedByClient"}
