"""archive.verify.segments: pieces of one record side by side. The verdict folders hold a sample of each defect."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.verify import digests
from archive.verify.files import verify_files
from archive.verify.header_rules import check_header
from archive.verify.segments import Segment, check_segments, segment_of
from archive.warc.framing import Framer
from archive.warc.values import Digest
from tests.archive.judging import verdict_on

VERDICTS = Path(__file__).resolve().parent.parent / "verdicts"


def piece(
    number: int, *, length: int = 5, total: int | None = None, uri: str = "http://a/", ident: str = ""
) -> Segment:
    return Segment("urn:x:1", number, uri, length, total, offset=number * 100, record_id=ident or f"urn:x:{number}")


def nothing(_: Segment) -> Iterator[bytes]:
    raise OSError


def said(*pieces: Segment) -> list[tuple[int, str, str]]:
    found = check_segments(pieces, {one.record_id for one in pieces}, nothing)
    return [(about.number, finding.code, finding.level) for about, finding in found]


def test_pieces_that_make_a_whole_say_nothing_in_any_order() -> None:
    assert said(piece(1), piece(2), piece(3, total=15)) == []
    assert said(piece(3, total=15), piece(1), piece(2)) == []


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([piece(1)], [(1, "missing-segment", "note")]),
        ([piece(1), piece(3, total=15)], [(3, "missing-segment", "note")]),
        ([piece(1), piece(2, total=11)], [(2, "wrong-length", "damaged")]),
        ([piece(1), piece(2, total=10, uri="http://b/")], [(2, "bad-segment", "nonconformant")]),
        ([piece(1, total=10), piece(2, total=10)], [(1, "bad-segment", "nonconformant")]),
        (
            [piece(1), piece(2, total=10), piece(2, total=10, ident="urn:x:9")],
            [(2, "bad-segment", "nonconformant")] * 2,
        ),
    ],
)
def test_what_is_wrong_between_pieces(pieces: list[Segment], expected: list[tuple[int, str, str]]) -> None:
    assert said(*pieces) == expected


def test_copies_are_not_taken_for_further_pieces() -> None:
    assert said(piece(1), piece(1), piece(2, total=10), piece(2, total=10)) == []


def test_the_first_has_to_say_that_it_is_one() -> None:
    later = piece(2, total=5)
    assert [finding.code for _, finding in check_segments([later], {"urn:x:1"}, nothing)] == ["bad-segment"]
    assert list(check_segments([later], set(), nothing)) == []  # its beginning lies elsewhere


def test_what_a_header_says() -> None:
    head = b"WARC/1.1\r\nWARC-Record-ID: <urn:x:2>\r\nContent-Length: 0\r\nWARC-Target-URI: http://a/\r\n"
    fields = b"WARC-Segment-Number: 2\r\nWARC-Segment-Origin-ID: <urn:x:1>\r\nWARC-Segment-Total-Length: 7\r\n"
    (frame,) = Framer(io.BytesIO(head + fields + b"\r\n\r\n\r\n"), lambda _: None)
    assert segment_of(frame, check_header(frame)) == Segment("urn:x:1", 2, "http://a/", 0, 7, 0, "urn:x:2")
    (whole,) = Framer(io.BytesIO(head + b"\r\n\r\n\r\n"), lambda _: None)
    assert segment_of(whole, check_header(whole)) is None


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("http", [False, True])
def test_the_digest_of_the_whole_payload(monkeypatch: pytest.MonkeyPatch, *, large: bool, http: bool) -> None:
    if large:
        monkeypatch.setattr(digests, "IN_MEMORY", 4)
    head, body = (b"HTTP/1.1 200 OK\r\n\r\n" if http else b""), b"0123456789"
    parts = {1: head + body[:3], 2: body[3:]}

    def codes(payload: bytes, *, digested: bool, read: Any = lambda piece: iter([parts[piece.number]])) -> list[str]:
        digest = Digest("sha256", hashlib.sha256(payload).digest())
        first = replace(piece(1, length=len(parts[1])), payload=digest, http=http, digested=digested)
        last = replace(piece(2, length=len(parts[2]), total=len(head + body)), digested=digested)
        found = check_segments([first, last], {"urn:x:1", "urn:x:2"}, read)
        return [f"{finding.code} {finding.level}" for _, finding in found]

    assert codes(body, digested=True) == []
    assert codes(b"other", digested=True) == ["payload-digest nonconformant"]
    assert codes(b"other", digested=False) == ["payload-digest damaged"]
    assert codes(body, digested=True, read=nothing) == ["payload-not-checked note"]


def test_pieces_in_several_files_and_in_packages(tmp_path: Path) -> None:
    whole = VERDICTS / "nonconformant/payload-digest.segments.warc"
    data = whole.read_bytes()
    cut = data.index(b"WARC/1.1", 8)
    (tmp_path / "a.warc").write_bytes(data[:cut])
    (tmp_path / "b.warc").write_bytes(data[cut:])
    first, last = verify_files([tmp_path / "a.warc", tmp_path / "b.warc"])
    assert ([found.code for found in first.problems], last.problems) == (["payload-digest"], [])
    with zipfile.ZipFile(tmp_path / "c.wacz", "w") as package:
        package.writestr("archive/data.warc", data)
    assert "payload-not-checked" in [found.code for found in verdict_on(tmp_path / "c.wacz").problems]
