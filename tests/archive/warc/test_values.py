"""archive.warc.values: what values of header fields look like. `test_header_rules` has the rules that use them."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime

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
    read_date,
    storable,
    wire_uri,
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


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2016", datetime(2016, 1, 1, tzinfo=UTC)),
        ("2016-09", datetime(2016, 9, 1, tzinfo=UTC)),
        ("2016-09-19T17:20:14Z", datetime(2016, 9, 19, 17, 20, 14, tzinfo=UTC)),
        ("2016-09-19t17:20:14z", datetime(2016, 9, 19, 17, 20, 14, tzinfo=UTC)),
        ("2016-09-19T17:20:14.123456789Z", datetime(2016, 9, 19, 17, 20, 14, 123456, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2016-9-1T7:20Z", datetime(2016, 9, 1, 7, 20, tzinfo=UTC)),
    ],
)
def test_one_reader_of_dates_of_every_precision(written: str, moment: datetime) -> None:
    assert read_date(written) == moment


@pytest.mark.parametrize(
    "text",
    ["", "20240501000000", "0001-01-01T00:00:00Z", "1601-01-01", "3000-01-01", "2024-00-01", "2024-05-01T25Z", "x"],
)
def test_what_is_no_date_of_a_capture_says_so(text: str) -> None:
    assert not is_date(text, "1.1")
    with pytest.raises(ValueError, match="is no date"):
        read_date(text)


def test_odd_bytes_can_be_stored() -> None:
    assert storable("a\0b\udcff年") == r"a\x00b\xff年"
    assert wire_uri("http://a/\udcc4년") == "http://a/%C4%EB%85%84"
    assert wire_uri("http://a/年\0") == "http://a/年%00"


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
