"""archive.warc.streams.gzip: every trailer is checked; damage costs no more than it must."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable

import pytest

from archive.warc.streams.gzip import GzipStream
from tests.archive.warc.members import ONE, RECORD, members


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
def test_what_is_wrong_with_a_gzip_member(change: Callable[[bytes], bytes], code: str | None) -> None:
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


def test_memory_stays_bounded_by_a_bomb() -> None:
    bomb = gzip.compress(bytes(200 << 20), compresslevel=9)
    stream = GzipStream(io.BytesIO(bomb), RECORD)
    stream.next_member()
    largest = total = 0
    while piece := stream.take(1 << 30):
        largest, total = max(largest, len(piece)), total + len(piece)
    assert total == 200 << 20
    assert largest <= 4 << 20
