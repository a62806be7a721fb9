"""archive.warc.streams.base: uncompressed bytes, every trailer checked, and the way on after damage."""

from __future__ import annotations

import gzip
import io
import re

import pytest
import zstandard

from archive.warc.streams import base as streams
from archive.warc.streams.base import Stream
from archive.warc.streams.gzip import GzipStream
from tests.archive.warc.members import ONE, RECORD, TWO, members


def test_a_plain_file_is_one_member() -> None:
    assert members(ONE + TWO) == [(0, ONE + TWO, None)]
    assert members(b"") == []


@pytest.mark.parametrize("pack", [lambda data: gzip.compress(data, mtime=0), zstandard.compress], ids=["gzip", "zstd"])
def test_members_begin_where_they_begin(pack) -> None:
    first = pack(ONE)
    assert members(first + pack(TWO)) == [(0, ONE, None), (len(first), TWO, None)]


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
    monkeypatch.setattr(streams, "WINDOW", 16)
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
