"""Heads of answers as browsers read them."""

from __future__ import annotations

import pytest

from archive.warc import HttpMessage
from archive.warc.heads import (
    Length,
    codings_of,
    find_answer,
    read_fields,
    read_length,
    read_status,
    split_head,
)


@pytest.mark.parametrize(
    ("line", "version", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK", (1, 1), 200, b"OK"),
        (b"HTTP/1.1 200OK", (1, 1), 200, b"OK"),
        (b"HTTP 200 Document follows", (1, 0), 200, b"Document follows"),
        (b"http/1.1 404 Not Found", (1, 1), 404, b"Not Found"),
        (b"HtTp/1.0\t302\tFound", (1, 0), 302, b"Found"),
        (b"HTTP/2 200", (2, 0), 200, b""),
        (b"HTTP/1.x 200 OK", (1, 0), 200, b"OK"),
        (b"HTTP/1.1  503  \xb7\xb1\xc3\xa6 ", (1, 1), 503, b"\xb7\xb1\xc3\xa6"),
    ],
)
def test_status_lines(line: bytes, version: tuple[int, int], status: int, reason: bytes) -> None:
    read = read_status(line + b"\r\nA: b\r\n\r\n")
    assert read is not None
    assert (read.version, read.status, read.reason) == (version, status, reason)


@pytest.mark.parametrize("line", [b"HTTP/1.1 OK", b"HTTP/1.1", b"HTTP/1.1 2000 OK", b"HTTP/1.1 20", b"ICY 200 OK", b""])
def test_no_status_is_invented(line: bytes) -> None:
    assert read_status(line + b"\r\n\r\n") is None
    assert HttpMessage.parse(line + b"\r\n\r\n").status is None


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"HTTP/1.1 200", 0),
        (b"\xef\xbb\xbfHTTP/1.1 200", 3),
        (b"\r\n\r\nhttp/1.1 200", 4),
        (b"12345HTTP/1.1 200", None),
        (b"SSH-2.0-", None),
        (b"", -1),
        (b"HT", -1),
        (b"\0\0\0\0HTT", -1),
        (b"SSH-2", None),
    ],
)
def test_where_an_answer_begins(data: bytes, where: int | None) -> None:
    assert find_answer(data) == where


def test_stray_bytes_before_an_archived_answer_are_no_part_of_its_first_line() -> None:
    message = HttpMessage.parse(b"\xef\xbb\xbfHTTP/1.1 200 OK\r\nA: b\r\n\r\nhello")
    assert (message.status, message.start_line, message.body) == (200, b"HTTP/1.1 200 OK", b"hello")
    request = HttpMessage.parse(b"GET http://a.gov.cn/ HTTP/1.1\r\nHost: a.gov.cn\r\n\r\n")
    assert (request.status, request.method, request.target) == (None, b"GET", b"http://a.gov.cn/")


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r\r\n"])
def test_lines_may_end_in_any_way(end: bytes) -> None:
    head = b"HTTP/1.1 200 OK" + end + b"A: b" + end + end
    assert split_head(head + b"body") == len(head)
    assert HttpMessage.parse(head + b"body").body == b"body"
    assert split_head(b"HTTP/1.1 200 OK" + end + b"A: b" + end) == -1


def test_fields_are_read_leniently() -> None:
    head = b"HTTP/1.1 200 OK\r\nA : 1\r\nno colon\r\nB:\r\n  two\r\n\tthree\n: v\r\n\r\n"
    assert read_fields(head) == [(b"A", b"1"), (b"B", b"two three"), (b"", b"v")]


@pytest.mark.parametrize(
    ("value", "length"),
    [
        (b"707", Length(bytes=707)),
        (b"+5", Length(bytes=5)),
        (b"7, 7", Length(bytes=7)),
        (b"7, 8", Length(problem="the lengths contradict each other")),
        (b"707;", Length(hinted=707, unreadable=True)),
        (b'"707"', Length(hinted=707, unreadable=True)),
        (b"-5", Length(unreadable=True)),
        (b"9" * 22, Length(unreadable=True)),
        (b"seven", Length(unreadable=True)),
        (b"", Length()),
    ],
)
def test_lengths(value: bytes, length: Length) -> None:
    assert read_length([(b"Content-Length", value)]) == length


@pytest.mark.parametrize(
    ("values", "codings"),
    [
        ([b"chunked"], ["chunked"]),
        ([b"chunked", b"Chunked"], ["chunked"]),
        ([b"chunked, chunked"], ["chunked"]),
        ([b"gzip, chunked"], ["gzip", "chunked"]),
        ([b"chunked, gzip"], ["gzip", "chunked"]),
        ([b"identity", b" , chunked;q=1"], ["chunked"]),
        ([], []),
    ],
)
def test_a_body_is_chunked_once(values: list[bytes], codings: list[str]) -> None:
    assert codings_of([(b"Transfer-Encoding", value) for value in values], b"transfer-encoding") == codings
