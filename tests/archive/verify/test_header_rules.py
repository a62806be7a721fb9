"""archive.verify.header_rules: what the standard asks of a header. The verdict folders hold a sample of each rule."""

from __future__ import annotations

import base64
import hashlib
import io

import pytest

from archive.verify.header_rules import check_header
from archive.warc.framing import Framer
from archive.warc.header import Header
from archive.warc.problem import Problem

GOOD = {
    "WARC-Type": "response",
    "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000001>",
    "WARC-Date": "2026-01-15T08:00:00Z",
    "WARC-Target-URI": "http://www.example.gov.cn/",
    "Content-Type": "application/http; msgtype=response",
    "Content-Length": "0",
}


def check(version: str = "1.1", **changes: str | None) -> tuple[Header, list[tuple[str, str]]]:
    fields = {**GOOD, **{name.replace("_", "-"): value for name, value in changes.items()}}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    data = "\r\n".join([f"WARC/{version}", *lines]).encode() + b"\r\n\r\n\r\n\r\n"
    findings: list[Problem] = []
    (frame,) = Framer(io.BytesIO(data), findings.append)
    header = check_header(frame)
    return header, [(found.code, found.level) for found in findings]


def test_a_good_header_says_nothing() -> None:
    header, found = check()
    assert found == []
    assert (header.type, header.uri) == ("response", "http://www.example.gov.cn/")


@pytest.mark.parametrize("field", ["WARC_Type", "WARC_Record_ID", "WARC_Date", "WARC_Target_URI"])
def test_mandatory_fields(field: str) -> None:
    assert ("missing-field", "nonconformant") in check(**{field: None})[1]


@pytest.mark.parametrize(
    ("date", "in_1_0", "in_1_1"),
    [
        ("2026-01-15T08:00:00Z", True, True),
        ("2024-02-29T23:59:60Z", True, True),
        ("2026-01-15T08:00:00.123456789Z", False, True),
        ("2026-01-15T08:00Z", False, True),
        ("2026-01-15", False, True),
        ("2026", False, True),
        ("2026-01-15T08:00:00", False, False),
        ("2026-01-15T08:00:00+00:00", False, False),
        ("2026-01-15 08:00:00Z", False, False),
        ("2026-13-15T08:00:00Z", False, False),
        ("2025-02-29T08:00:00Z", False, False),
        ("20260115080000", False, False),
        ("2026-01-15T08:00:00.Z", False, False),
    ],
)
def test_dates(date: str, in_1_0: bool, in_1_1: bool) -> None:
    assert (check("1.0", WARC_Date=date)[1] == []) is in_1_0
    assert (check("1.1", WARC_Date=date)[1] == []) is in_1_1


@pytest.mark.parametrize(("name", "size"), [("md5", 16), ("sha1", 20), ("sha256", 32), ("sha512", 64)])
def test_digests_in_every_base(name: str, size: int) -> None:
    raw = hashlib.new(name, b"x").digest()
    assert len(raw) == size
    for text in (
        raw.hex(),
        raw.hex().upper(),
        base64.b32encode(raw).decode(),
        base64.b32encode(raw).decode().rstrip("=").lower(),
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
    ):
        header, found = check(WARC_Block_Digest=f"{name.upper()}:{text}")
        assert found == []
        assert header.block_digest is not None
        assert header.block_digest.of(b"x")
        assert not header.block_digest.of(b"y")


@pytest.mark.parametrize("text", ["A" * 31 + "1", "A" * 31, "A" * 33, "!" * 32, "é" * 32])
def test_digests_that_are_none(text: str) -> None:
    header, found = check(WARC_Block_Digest=f"sha1:{text}")
    assert found == [("bad-digest", "nonconformant")]
    assert header.block_digest is None


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("http://a.cn/%E6%94%BF?x=[1]#/route", None),
        ("dns:www.example.gov.cn", None),
        ("urn:dom:http://a.cn/", None),
        ("http://a.cn/政府", "note"),
        ("http://a.cn/%u653f", "note"),
        ("http://a.cn/a b", "nonconformant"),
        ("//a.cn/", "nonconformant"),
    ],
)
def test_addresses(uri: str, said: str | None) -> None:
    assert [level for _, level in check(WARC_Target_URI=uri)[1]] == ([said] if said else [])


def test_several_captures_of_one_event() -> None:
    lines = "<urn:uuid:a>\r\nWARC-Concurrent-To: <urn:uuid:b>"
    header, found = check(WARC_Concurrent_To=lines)
    assert found == []
    assert header.concurrent_to == ["urn:uuid:a", "urn:uuid:b"]


def test_fields_of_others_may_be_anything() -> None:
    assert check(WARC_Protocol="http/1.1\r\nWARC-Protocol: tls/1.3", X_Cache="")[1] == []


@pytest.mark.parametrize("version", ["0.17", "0.18"])
def test_drafts(version: str) -> None:
    assert check(version)[1] == [("draft-version", "note")]
