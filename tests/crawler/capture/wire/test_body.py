"""Where a body ends: by its length, by its chunks, by its head alone, or with the connection."""

from __future__ import annotations

import pytest

from archive.warc.heads import Fields
from crawler.capture.wire.body import Body, Head

BEGIN = 7  # bytes of a head before the body


def body(*fields: tuple[bytes, bytes], status: int = 200, version: tuple[int, int] = (1, 1)) -> Body:
    return Body.of(Head(status, version, list(fields)), BEGIN, asked_for_head=False)


def fed(found: Body, data: bytes) -> Body:
    found.read(bytearray(b"h" * BEGIN + data))
    return found


def test_a_length_ends_it_where_it_says() -> None:
    found = fed(body((b"content-length", b"5")), b"hel")
    assert found.end is None
    assert not found.ends_with_connection(BEGIN + 3)
    assert found.missing(BEGIN + 3) == "closed 2 bytes before the promised length"
    assert fed(found, b"hello and more").end == BEGIN + 5


def test_the_last_chunk_ends_it() -> None:
    found = fed(body((b"transfer-encoding", b"chunked")), b"5\r\nhello\r\n")
    assert found.end is None
    assert found.missing(BEGIN + 10) == "closed before the last chunk"
    assert fed(found, b"5\r\nhello\r\n0\r\n\r\nmore").end == BEGIN + 15


def test_chunks_that_an_old_server_does_not_send_leave_it_to_the_connection() -> None:
    found = fed(body((b"transfer-encoding", b"chunked"), version=(1, 0)), b"<html>")
    assert found.ends_with_connection(BEGIN + 6)
    assert not found.closes_in_doubt()


def test_broken_chunks_leave_it_to_the_connection_in_doubt() -> None:
    found = fed(body((b"transfer-encoding", b"chunked")), b"zz\r\nhello")
    assert found.ends_with_connection(BEGIN + 9)
    assert found.closes_in_doubt()


@pytest.mark.parametrize("status", [204, 304])
def test_some_heads_have_none(status: int) -> None:
    assert body((b"content-length", b"5"), status=status).end == BEGIN


def test_a_number_in_an_unreadable_length_is_a_hint() -> None:
    found = body((b"content-length", b"5;"))
    assert found.doubt is not None
    assert not found.has_hinted(BEGIN + 4)
    assert found.has_hinted(BEGIN + 5)


@pytest.mark.parametrize(
    ("version", "fields", "kept"),
    [
        ((1, 1), [], True),
        ((1, 1), [(b"connection", b"Close")], False),
        ((1, 0), [], False),
        ((1, 0), [(b"connection", b"x, Keep-Alive")], True),
    ],
)
def test_whether_the_connection_goes_on(version: tuple[int, int], fields: Fields, kept: bool) -> None:
    assert Head(200, version, fields).keep_alive is kept
