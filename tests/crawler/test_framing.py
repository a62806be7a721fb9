"""Where an answer ends: whatever the pieces in which it arrives."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture.framing import MAX_BEFORE, MAX_HEAD, ResponseReader, parse_fields
from tests.crawler.oddserver import CASES

WHOLE = sorted(CASES.keys() - {"big", "hang", "reset"})
PIECED = ["chunked_extensions", "chunked_lf", "folded_length", "interim", "lf_only", "te_and_length"]
CUT = {"cut_length", "cut_chunk", "cut_last_chunk", "cut_head"}
NEXT = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def read(data: bytes, *, step: int = 0, eof: bool = False, method: str = "GET", **limits: int) -> ResponseReader:
    reader = ResponseReader(method, **limits)
    for start in range(0, len(data), step or len(data) or 1):
        reader.feed(data[start : start + (step or len(data))])
    if eof:
        reader.eof()
    return reader


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("step", [0, 977])
def test_every_oddity_ends_where_it_does(name: str, step: int) -> None:
    answer, close = CASES[name]
    reader = read(answer, step=step, eof=close)
    assert reader.done
    if name == "excess":
        assert reader.response + reader.after == answer
        assert len(reader.after) == 1900
    else:
        assert reader.before + reader.response == answer
    assert (reader.truncated == "disconnect") == (name in CUT)
    if not close:
        assert reader.keep_alive
    if b"Connection: close" in answer or b"Content-Length" not in answer:
        assert reader.keep_alive == (not close)


@given(st.sampled_from(PIECED), st.lists(st.sampled_from([1, 2, 3, 17, 1024, 9000]), min_size=1, max_size=6))
def test_the_pieces_in_which_bytes_come_do_not_matter(name: str, sizes: list[int]) -> None:
    answer, _ = CASES[name]
    reader = ResponseReader("GET")
    position = 0
    for size in itertools.cycle(sizes):
        reader.feed(answer[position : position + size])
        position += size
        assert reader.done == (position >= len(answer))
        if reader.done:
            break
    assert reader.before + reader.response == answer


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"]
)
def test_some_answers_have_no_body(head: bytes) -> None:
    reader = read(head + NEXT)
    assert reader.done
    assert reader.response == head
    assert reader.after == NEXT
    assert not reader.keep_alive


def test_a_head_request_has_no_body() -> None:
    reader = read(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", method="HEAD")
    assert reader.done
    assert reader.keep_alive


def test_several_interim_heads_and_stray_line_ends_come_before() -> None:
    before = b"\r\n" + b"HTTP/1.1 100 Continue\r\n\r\n" + b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    reader = read(before + NEXT)
    assert (reader.before, reader.response, reader.status) == (before, NEXT, 200)


@pytest.mark.parametrize("piece", [b"HTTP/1.1 100 Continue\r\n\r\n", b"\r\n"])
def test_what_comes_before_an_answer_has_an_end(piece: bytes) -> None:
    reader = read(piece * (1 + MAX_BEFORE // len(piece)) + piece[:9], step=65536)
    assert reader.done
    assert (reader.truncated, reader.status, reader.response, reader.garbage) == ("length", None, b"", b"")
    assert reader.received == len(reader.before) < MAX_BEFORE + 65536
    assert "before the answer" in (reader.problem or "")
    assert read(piece * (MAX_BEFORE // len(piece) - 1) + NEXT).status == 200


def test_an_answer_that_is_not_http_is_kept_apart() -> None:
    reader = read(b"220 mail.example ESMTP\r\n", eof=True)
    assert (reader.response, reader.garbage) == (b"", b"220 mail.example ESMTP\r\n")
    assert reader.problem == "what came is not HTTP"


def test_a_status_line_without_a_status_is_kept_apart() -> None:
    reader = read(b"HTTP/1.1 OK\r\n\r\nbody", eof=True)
    assert (reader.response, reader.garbage) == (b"", b"HTTP/1.1 OK\r\n\r\nbody")


@pytest.mark.parametrize(
    "fields",
    [b"Content-Length: 5\r\nContent-Length: 9\r\n", b"Content-Length: -5\r\n", b"Content-Length: five\r\n"],
)
def test_lengths_that_cannot_be_believed_leave_the_end_to_the_connection(fields: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\n" + fields + b"\r\nhello"
    reader = read(answer)
    assert not reader.done
    reader.eof()
    assert reader.response == answer
    assert reader.truncated == "unspecified"
    assert reader.problem


@pytest.mark.parametrize("body", [b"zz\r\nhello", b"5\r\nhello!!\r\n0\r\n\r\n", b"\r\n", b"5 5\r\nhello"])
def test_broken_chunks_are_kept_to_the_end(body: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    reader = read(answer, eof=True)
    assert reader.response == answer
    assert reader.truncated == "unspecified"
    assert not reader.keep_alive


def test_an_answer_that_grows_too_long_is_cut_there() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    reader = read(head + b"x" * 5000, step=100, max_bytes=1000)
    assert reader.truncated == "length"
    assert reader.response == head + b"x" * (1000 - len(head))
    endless = read(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 60_000)
    assert endless.done
    assert endless.truncated == "length"
    assert len(endless.response) > MAX_HEAD


def test_time_and_loss_say_why() -> None:
    late = ResponseReader("GET")
    late.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal")
    late.expired("silent")
    assert (late.truncated, late.problem) == ("time", "silent")
    lost = ResponseReader("GET")
    lost.lost("reset by peer")
    assert (lost.truncated, lost.problem, lost.response) == ("disconnect", "reset by peer", b"")
    assert read(b"", eof=True).problem == "closed without an answer"


def test_switching_protocols_is_final_and_lasts_until_the_end() -> None:
    reader = read(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x00\x01", eof=True)
    assert reader.status == 101
    assert reader.response.endswith(b"\x00\x01")


def test_fields_are_read_leniently_for_decisions() -> None:
    head = b"HTTP/1.1 200 OK\r\nA : 1\r\nno colon\r\nB:\r\n  two\r\n\tthree\n: v\r\n\r\n"
    assert parse_fields(head) == [(b"a", b"1"), (b"b", b" two three"), (b"", b"v")]
