"""archive.warc.values: what values of header fields look like. `test_conformance` has the rules that use them."""

from __future__ import annotations

import base64
import hashlib

import pytest

from archive.warc.values import (
    BEYOND,
    SIZES,
    Digest,
    algorithm_of,
    digest_bytes,
    is_address,
    is_date,
    is_media_type,
    is_token,
    msgtype,
    number_of,
)


@pytest.mark.parametrize(
    ("value", "in_1_0", "in_1_1"),
    [
        ("2026-01-15T08:00:00Z", True, True),
        ("2016-12-31T23:59:60Z", True, True),
        ("2026-01-15T08:00:00.123456789Z", False, True),
        ("2026-01-15T08:00:00.1234567890Z", False, False),
        ("2026-01", False, True),
        ("2026-02-30", False, False),
        ("2026-01-15T24:00:00Z", False, False),
        ("2026-01-15T08:00:00+00:00", False, False),
        ("\u0662\u0660\u0662\u0666-01-15T08:00:00Z", False, False),  # digits, but not those of the standard
    ],
)
def test_dates(value: str, in_1_0: bool, in_1_1: bool) -> None:
    assert (is_date(value, "1.0"), is_date(value, "1.1")) == (in_1_0, in_1_1)


@pytest.mark.parametrize(("label", "name"), [("SHA-1", "sha1"), ("sha3-256", "sha3_256"), ("sha512-256", "sha512_256")])
def test_a_digest_in_every_base(label: str, name: str) -> None:
    assert algorithm_of(label) == name
    raw = hashlib.new(name, b"x").digest()
    for text in (raw.hex(), base64.b32encode(raw).decode(), base64.b64encode(raw).decode()):
        assert digest_bytes(text, SIZES[name]) == digest_bytes(text.rstrip("="), SIZES[name]) == raw
    assert digest_bytes("ABC", SIZES[name]) is None
    assert Digest(name, raw).of(b"x")
    assert not Digest(name, raw).of(b"y")
    assert Digest(name, raw).new().name == hashlib.new(name).name


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("1" + "0" * 18, BEYOND),
        ("9" * 5000, BEYOND),
        ("0" * 5000 + "7", 7),
    ]
    + [(text, None) for text in ("", "-1", "+1", "1.0", "0x1", " 1", "\u0661")],
)
def test_numbers(text: str, number: int | None) -> None:
    assert number_of(text) == number


def test_small_things() -> None:
    assert (is_address("192.0.2.1"), is_address("2001:db8::1")) == (True, True)
    assert not is_address("192.0.2.1:80")
    assert is_media_type('text/plain; charset="utf-8"')
    assert not is_media_type("text")
    assert (msgtype("application/http; msgtype=Response"), msgtype("text/plain")) == ("response", None)
    assert (is_token("warc-date"), is_token("warc date")) == (True, False)
