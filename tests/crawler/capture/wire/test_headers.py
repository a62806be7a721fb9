"""What requests say of us."""

from __future__ import annotations

import pytest

from crawler.capture.wire.headers import ACCEPT_ENCODING, CONTACT, default_headers, user_agent, validator_headers


def test_the_user_agent_names_us_and_whom_to_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_CONTACT", raising=False)
    assert user_agent().startswith("Mozilla/5.0 (compatible; gongkai/")
    assert user_agent().endswith(f"; +{CONTACT})")
    monkeypatch.setenv("GONGKAI_CONTACT", "mailto:archive@example.org")
    assert user_agent().endswith("; +mailto:archive@example.org)")
    assert user_agent("https://example.org/bot").endswith("; +https://example.org/bot)")


def test_a_contact_cannot_break_the_header() -> None:
    assert user_agent("a)\r\nEvil: 1 (\u5e74").endswith("; +aEvil: 1 )")


def test_headers_in_their_order() -> None:
    names = [name for name, _ in default_headers("agent")]
    assert names == [b"User-Agent", b"Accept", b"Accept-Language", b"Accept-Encoding"]
    assert dict(default_headers("agent"))[b"Accept-Encoding"] == ACCEPT_ENCODING == b"gzip, deflate"


@pytest.mark.parametrize("bad", ['"a\rb"', '"a\0b"', '"a\nSet: x"', '"\u5e74"', '"\x7f"'])
def test_a_validator_that_no_header_can_hold_is_left_out(bad: str) -> None:
    date = "Mon, 01 Jan 2024 00:00:00 GMT"
    assert validator_headers(bad, date) == [(b"If-Modified-Since", date.encode())]
    assert validator_headers('"v\xe4"', bad) == [(b"If-None-Match", b'"v\xe4"')]
    assert validator_headers(None, "") == []
