"""archive.warc.http: heads as sent, bodies decoded as far as they can be."""

from __future__ import annotations

import gzip
import time
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from archive import WarcError
from archive.warc import HttpMessage, split_head
from archive.warc.chunks import dechunk

BODY = "政府信息公开工作年度报告".encode() * 50


def message(body: bytes, *headers: bytes) -> HttpMessage:
    return HttpMessage.parse(b"HTTP/1.1 200 OK\r\n" + b"".join(line + b"\r\n" for line in headers) + b"\r\n" + body)


@pytest.mark.parametrize(
    ("block", "offset"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", 25),
        (b"HTTP/1.1 200 OK\nA: b\n\nbody", 22),
        (b"HTTP/1.1 200 OK\nA: b\n\r\nbody\r\n\r\n", 23),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 27),
        (b"HTTP/1.1 200 OK\r\nA: b", -1),
        (b"", -1),
    ],
)
def test_split_head(block: bytes, offset: int) -> None:
    assert split_head(block) == offset


def test_heads_are_given_as_sent() -> None:
    gbk = "附件".encode("gbk")
    parsed = HttpMessage.parse(
        b"HTTP/1.0 404 "
        + gbk
        + b"\r\nserver:nginx\r\nX-A:  padded  \r\nX-F: one\r\n\ttwo\r\nX-A: again\r\nno colon\r\nF: "
        + gbk
        + b"\r\n\r\n"
    )
    assert (parsed.status, parsed.reason) == (404, gbk)
    assert parsed.headers == [
        (b"server", b"nginx"),
        (b"X-A", b"padded"),
        (b"X-F", b"one two"),
        (b"X-A", b"again"),
        (b"F", gbk),
    ]
    assert parsed.header_all("x-a") == ["padded", "again"]
    assert (parsed.header("f") or "").encode("latin-1") == gbk
    assert parsed.header("missing") is None


def test_a_request_line() -> None:
    parsed = HttpMessage.parse(b"POST /a b?c=%E4 HTTP/1.1\r\nHost: x\r\n\r\nq=1")
    assert (parsed.status, parsed.method, parsed.target, parsed.body) == (None, b"POST", b"/a b?c=%E4", b"q=1")


@pytest.mark.parametrize("line", [b"HTTP/1.1 200", b"HTTP/1.1 200 ", b"http/1.1 200 OK"])
def test_status_without_reason_or_in_lower_case(line: bytes) -> None:
    assert HttpMessage.parse(line + b"\r\n\r\n").status == 200


def test_an_unreadable_start_line() -> None:
    parsed = HttpMessage.parse(b"<html>not http</html>")
    assert parsed.status is None
    assert parsed.body == b""


def test_interim_responses_are_passed_over() -> None:
    parsed = HttpMessage.parse(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nbody")
    assert (parsed.status, parsed.interim, parsed.body) == (200, (103,), b"body")


@pytest.mark.parametrize(
    ("body", "entity", "complete"),
    [
        (b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", b"hello world", True),
        (b"5;name=value\r\nhello\r\n0\r\nTrailer: x\r\n\r\n", b"hello", True),
        (b"5\nhello\n0\n\n", b"hello", True),
        (b"  5  \r\nhello\r\n0\r\n", b"hello", True),
        (b"00005\r\nhello\r\n0\r\n\r\n", b"hello", True),
        (b"a\r\nhello", b"hello", False),
        (b"5\r\nhello\r\n", b"hello", False),
        (b"5\r\nhello\r\nzz\r\n", b"hello", False),
        (b"<html>never chunked</html>", b"<html>never chunked</html>", False),
        (b"", b"", True),
    ],
)
def test_chunks(body: bytes, entity: bytes, complete: bool) -> None:
    read = message(body, b"Transfer-Encoding: chunked").read_entity()
    assert (read.data, read.complete) == (entity, complete)


@given(st.binary(max_size=2000), st.lists(st.integers(1, 300), max_size=8))
def test_any_chunking_of_any_entity_is_undone(entity: bytes, sizes: list[int]) -> None:
    chunked, rest = b"", entity
    for size in [*sizes, len(entity) or 1]:
        piece, rest = rest[:size], rest[size:]
        if piece:
            chunked += b"%X\r\n%s\r\n" % (len(piece), piece)
    assert dechunk(chunked + b"0\r\n\r\n").data == entity


@given(st.binary(max_size=400))
def test_nothing_makes_it_raise(block: bytes) -> None:
    for head in (
        b"",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\nContent-Encoding: br, gzip, deflate, zstd\r\n\r\n",
    ):
        HttpMessage.parse(head + block).content()


CODINGS = {
    "gzip": gzip.compress(BODY),
    "x-gzip": gzip.compress(BODY[:100]) + gzip.compress(BODY[100:]) + b"\0\0padding",
    "deflate": zlib.compress(BODY),
    "Deflate": zlib.compress(BODY)[2:-4],
    "br": brotli.compress(BODY),
    "zstd": zstandard.compress(BODY),
    "identity": BODY,
    "gzip, br": brotli.compress(gzip.compress(BODY)),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_content_codings(coding: str) -> None:
    read = message(CODINGS[coding], b"Content-Encoding: " + coding.encode()).read_content()
    assert read.data == BODY
    assert read.complete


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_of_a_cut_body_the_readable_part_is_kept(coding: str) -> None:
    import random

    long = random.Random(1).randbytes(200_000)
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstandard.compress}[coding]
    packed = pack(long)
    read = message(packed[: len(packed) // 2], b"Content-Encoding: " + coding.encode()).read_content()
    assert not read.complete
    assert len(read.data) > 20_000
    assert long.startswith(read.data) or (coding == "br" and read.data == packed[: len(packed) // 2])


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "sdch"])
def test_a_coding_that_is_declared_and_not_applied(coding: str) -> None:
    assert message(BODY, b"Content-Encoding: " + coding.encode()).content() == BODY


def test_a_bomb_is_refused() -> None:
    bomb = gzip.compress(bytes(2_000_000))
    with pytest.raises(WarcError, match="more than 1000000 bytes"):
        message(bomb, b"Content-Encoding: gzip").content(limit=1_000_000)


def test_content_length_is_not_applied() -> None:
    assert message(BODY, b"Content-Length: 5").entity() == BODY


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_many_small_members_cost_no_more_than_one_look_at_each(coding: str) -> None:
    member = gzip.compress(b"a") if coding == "gzip" else zstandard.compress(b"a")
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: " + coding.encode() + b"\r\n\r\n"
    message = HttpMessage.parse(block + member * 20_000 + member[:5])
    begun = time.process_time()
    decoded = message.read_content()
    assert (decoded.data, decoded.complete) == (b"a" * 20_000, False)
    assert time.process_time() - begun < 2  # with a copy of the rest for each it takes ten times as long
