"""archive.warc.streams: uncompressed bytes, every trailer checked, and the way on after damage."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import pytest
import zstandard

from archive.warc import streams
from archive.warc.streams import GzipStream, Stream, ZstdStream, open_stream

RECORD = re.compile(rb"WARC/1\.1\r\n")
ONE, TWO = b"WARC/1.1\r\none" * 500, b"WARC/1.1\r\ntwo" * 500


def members(data: bytes) -> list[tuple[int, bytes, str | None]]:
    """Start, content and damage of every member."""
    stream = open_stream(io.BytesIO(data), RECORD)
    found = []
    while stream.next_member():
        content = b""
        while piece := stream.take(1000):
            content += piece
        found.append((stream.start, content, stream.damage.code if stream.damage else None))
        if stream.damage is not None:
            break
    return found


def test_a_plain_file_is_one_member() -> None:
    assert members(ONE + TWO) == [(0, ONE + TWO, None)]
    assert members(b"") == []


@pytest.mark.parametrize("pack", [lambda data: gzip.compress(data, mtime=0), zstandard.compress], ids=["gzip", "zstd"])
def test_members_begin_where_they_begin(pack) -> None:
    first = pack(ONE)
    assert members(first + pack(TWO)) == [(0, ONE, None), (len(first), TWO, None)]


def test_a_zstd_dictionary_in_front() -> None:
    samples = [b"WARC/1.1\r\nWARC-Type: response\r\nnumber %d\r\n" % number * 3 for number in range(2000)]
    words = zstandard.train_dictionary(4096, samples)
    raw = words.as_bytes()
    packer = zstandard.ZstdCompressor(dict_data=words)
    frames = packer.compress(ONE) + packer.compress(TWO)
    for held in (raw, zstandard.compress(raw)):
        head = b"\x5d\x2a\x4d\x18" + len(held).to_bytes(4, "little") + held
        assert [content for _, content, _ in members(head + frames)] == [ONE, TWO]
    cut = b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw[:50]
    assert members(cut) == [(0, b"", "cut-member")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data[:-1], "missing-trailer"),
        (lambda data: data[:-8], "missing-trailer"),
        (lambda data: data[:-9], "cut-member"),
        (lambda data: data[:2], "cut-member"),
        (lambda data: data[:-8] + b"\0\0\0\0" + data[-4:], "bad-checksum"),
        (lambda data: data[:-4] + b"\0\0\0\1", "bad-checksum"),
        (lambda data: data[:10] + b"\xff" + data[11:], "corrupt-member"),
        (lambda data: b"??" + data, None),
    ],
)
def test_what_is_wrong_with_a_gzip_member(change, code: str | None) -> None:
    (*_, last) = members(change(gzip.compress(ONE, mtime=0)))
    assert last[2] == code


@pytest.mark.parametrize("code", ["missing-trailer", "bad-checksum"])
def test_what_can_be_read_of_a_broken_member_is_given(code: str) -> None:
    whole = gzip.compress(ONE, mtime=0)
    broken = whole[:-3] if code == "missing-trailer" else whole[:-8] + b"\0\0\0\0" + whole[-4:]
    assert members(broken) == [(0, ONE, code)]


def test_bytes_that_are_no_member() -> None:
    whole = gzip.compress(ONE, mtime=0)
    assert members(whole + b"padding")[-1] == (len(whole), b"", "garbage")


def test_resync_finds_the_next_member_that_begins_with_a_record() -> None:
    decoy = gzip.compress(b"not a record", mtime=0)
    data = b"\x1f\x8b\x08junk" * 3 + decoy + gzip.compress(TWO, mtime=0)
    stream = GzipStream(io.BytesIO(data), RECORD)
    stream.next_member()
    assert stream.more() is False
    assert stream.damage is not None
    assert stream.resync()
    assert stream.start == len(data) - len(gzip.compress(TWO, mtime=0))
    assert stream.peek(13) == TWO[:13]
    assert not GzipStream(io.BytesIO(b"\x1f\x8b\x08junk"), RECORD).resync()


def test_a_record_is_found_again_across_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_WINDOW", 16)
    for gap in range(30):
        stream = Stream(io.BytesIO(b"x" * gap + b"\nWARC/1.1\r\nrest"), RECORD)
        stream.next_member()
        assert stream.find_record(), gap
        assert stream.tell() == gap + 1
        assert stream.take(100) + stream.take(100) == b"WARC/1.1\r\nrest"
    stream = Stream(io.BytesIO(b"\nno record" * 50), RECORD)
    stream.next_member()
    assert not stream.find_record()
    assert not stream.more()


def test_memory_stays_bounded_by_a_bomb() -> None:
    bomb = gzip.compress(bytes(200 << 20), compresslevel=9)
    stream = GzipStream(io.BytesIO(bomb), RECORD)
    stream.next_member()
    largest = total = 0
    while piece := stream.take(1 << 30):
        largest, total = max(largest, len(piece)), total + len(piece)
    assert total == 200 << 20
    assert largest <= 4 << 20


def test_bytes_can_be_carried_into_the_next_member() -> None:
    stream = GzipStream(io.BytesIO(gzip.compress(b"WAR") + gzip.compress(b"C/1.1\r\nrest")), RECORD)
    stream.next_member()
    begun = stream.take(100)
    stream.next_member()
    stream.carry(begun)
    assert stream.at_member_start
    assert stream.take_through(re.compile(rb"\n"), 100) == b"WARC/1.1\r\n"
    assert stream.take(100) == b"rest"
    assert stream.take_through(re.compile(rb"\n"), 100) is None


def test_the_kind_of_stream_follows_the_bytes(sealed: Path) -> None:
    with sealed.open("rb") as file:
        assert isinstance(open_stream(file, RECORD), GzipStream)
    assert isinstance(open_stream(io.BytesIO(zstandard.compress(ONE)), RECORD), ZstdStream)
    assert type(open_stream(io.BytesIO(ONE), RECORD)) is Stream
