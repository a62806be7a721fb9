"""archive.warc.framing: where records begin and end, and how far a file is whole."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from archive.warc import framing, scan
from archive.warc.framing import Framer
from archive.warc.problem import Problem
from archive.warc.streams import base as streams
from archive.warc.streams import gzip as gzip_stream


def frame(data: bytes) -> tuple[Framer, list[Problem], list[bytes]]:
    findings: list[Problem] = []
    framer = Framer(io.BytesIO(data), findings.append)
    blocks = [one.read() for one in framer]
    return framer, findings, blocks


def record(block: bytes, number: int = 1, end: bytes = b"\r\n\r\n", length: int | None = None) -> bytes:
    size = len(block) if length is None else length
    return b"WARC/1.1\r\nWARC-Record-ID: <urn:x:%d>\r\nContent-Length: %d\r\n\r\n%b%b" % (number, size, block, end)


def test_it_finds_what_fastwarc_finds(sealed: Path) -> None:
    findings: list[Problem] = []
    with sealed.open("rb") as file:
        framer = Framer(file, findings.append)
        places = [(one.offset, one.record_id, one.read()) for one in framer]
    assert places == [(one.offset, one.id, one.block) for one in scan(sealed)]
    assert findings == []
    assert (framer.whole_to, framer.whole, framer.records) == (sealed.stat().st_size, 61, 61)


@pytest.mark.parametrize("pack", [bytes, lambda data: gzip.compress(data, mtime=0)], ids=["plain", "gzip"])
def test_how_far_a_file_is_whole(pack) -> None:
    good = pack(record(b"one")) + pack(record(b"two", 2))
    framer, _, _ = frame(good + pack(record(b"three", 3))[:-7])
    assert (framer.whole_to, framer.whole, framer.whole_behind_damage) == (len(good), 2, 0)
    framer, _, _ = frame(pack(record(b"one")) + b"\x1f\x8bgarbage\n" + pack(record(b"two", 2)))
    assert (framer.whole, framer.whole_behind_damage) == (1, 1)


def test_a_block_may_look_like_a_record() -> None:
    inner = record(b"inner", 7)
    framer, findings, blocks = frame(record(inner) + record(b"after", 2))
    assert blocks == [inner, b"after"]
    assert findings == []
    assert framer.whole == 2


@pytest.mark.parametrize("window", [7, 64, 1 << 18])
def test_records_across_windows(monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    monkeypatch.setattr(streams, "WINDOW", window)
    monkeypatch.setattr(gzip_stream, "_FEED", window)
    data = [bytes([number]) * number * 10 for number in range(30)]
    for pack in (bytes, gzip.compress):
        framer, findings, blocks = frame(b"".join(pack(record(one, n)) for n, one in enumerate(data)))
        assert blocks == data
        assert findings == []
        assert framer.whole == 30


def test_pieces_of_a_large_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "_PIECE", 100)
    (one,) = (list(found.pieces()) for found in Framer(io.BytesIO(record(b"x" * 1050)), pytest.fail))
    assert max(map(len, one)) <= 100
    assert b"".join(one) == b"x" * 1050


@pytest.mark.parametrize(("declared", "code"), [(3, "wrong-length"), (20, "wrong-length")])
def test_lengths_that_do_not_add_up(declared: int, code: str) -> None:
    for pack in (bytes, gzip.compress):
        framer, findings, blocks = frame(pack(record(b"eleven bytes", length=declared)) + pack(record(b"after", 2)))
        assert code in {found.code for found in findings}
        assert findings[0].record_id == "urn:x:1"
        assert blocks[-1] == b"after" or pack is bytes
        assert framer.whole == 0


def test_folded_fields_are_joined_and_the_first_counts() -> None:
    data = b"WARC/1.0\r\nContent-Length:\r\n 3\r\nX: a\r\n\tb\r\nx: c\r\n\r\nabc\r\n\r\n"
    (one,) = Framer(io.BytesIO(data), pytest.fail)
    assert one.fields == [("Content-Length", "3"), ("X", "a b"), ("x", "c")]
    assert (one.first["x"], one.declared, one.version, one.head) == ("a b", 3, "1.0", data[: -len(b"abc\r\n\r\n")])


def test_a_header_without_end_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "_MAX_HEAD", 1000)
    _, findings, blocks = frame(b"WARC/1.1\r\n" + b"X: y\r\n" * 100_000)
    assert [found.code for found in findings] == ["cut-header"]
    assert blocks == []
