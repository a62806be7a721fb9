"""archive.warc.segments: pieces of one record side by side. The verdict folders hold a sample of each defect."""

from __future__ import annotations

import io

import pytest

from archive.warc.framing import Framer
from archive.warc.segments import Segment, check_segments, segment_of


def piece(
    number: int, *, length: int = 5, total: int | None = None, uri: str = "http://a/", ident: str = ""
) -> Segment:
    return Segment("urn:x:1", number, uri, length, total, offset=number * 100, record_id=ident or f"urn:x:{number}")


def said(*pieces: Segment) -> list[tuple[int, str, str]]:
    found = check_segments(pieces, {one.record_id for one in pieces})
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
    assert [finding.code for _, finding in check_segments([later], {"urn:x:1"})] == ["bad-segment"]
    assert list(check_segments([later], set())) == []  # its beginning lies elsewhere


def test_what_a_header_says() -> None:
    head = b"WARC/1.1\r\nWARC-Record-ID: <urn:x:2>\r\nContent-Length: 0\r\nWARC-Target-URI: http://a/\r\n"
    fields = b"WARC-Segment-Number: 2\r\nWARC-Segment-Origin-ID: <urn:x:1>\r\nWARC-Segment-Total-Length: 7\r\n"
    (frame,) = Framer(io.BytesIO(head + fields + b"\r\n\r\n\r\n"), lambda _: None)
    assert segment_of(frame) == Segment("urn:x:1", 2, "http://a/", 0, 7, 0, "urn:x:2")
    (whole,) = Framer(io.BytesIO(head + b"\r\n\r\n\r\n"), lambda _: None)
    assert segment_of(whole) is None
