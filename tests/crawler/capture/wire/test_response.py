"""Where an answer ends: whatever the pieces in which it arrives."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc import HttpMessage, scan
from crawler.capture.wire.response import MAX_BEFORE, MAX_HEAD, ResponseReader
from tests.crawler.oddserver import CASES, GBK, UTF

WHOLE = sorted(CASES.keys() - {"big", "hang", "reset"})
PIECED = ["chunked_extensions", "chunked_lf", "folded_length", "interim", "lf_only", "te_and_length"]
CUT = {"cut_length", "cut_chunk", "cut_last_chunk", "cut_head", "length_of_content"}
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


def answer_of(length: bytes, body: bytes = b"hello") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n" + body


@pytest.mark.parametrize("length", [b"5\r\nContent-Length: 9", b"5, 6"])
def test_lengths_that_contradict_each_other_leave_the_end_to_the_connection_and_say_so(length: bytes) -> None:
    reader = read(answer_of(length))
    assert not reader.done
    reader.eof()
    assert reader.response == answer_of(length)
    assert reader.truncated == "unspecified"
    assert reader.problem


@pytest.mark.parametrize("length", [b"-5", b"five", b"5;", b'"5"', b"9" * 22, b"0x5", b"5;5", b"3;"])
def test_a_length_that_is_no_number_counts_as_none(length: bytes) -> None:
    reader = read(answer_of(length))
    assert not reader.done
    reader.eof()
    assert (reader.response, reader.after) == (answer_of(length), b"")
    assert (reader.truncated, reader.problem) == (None, None)


@pytest.mark.parametrize("length", [b"9;", b'"9"', b"'9'", b"009;"])
def test_less_than_the_number_in_such_a_length_is_a_cut_answer(length: bytes) -> None:
    reader = read(answer_of(length), eof=True)
    assert (reader.truncated, reader.problem) == ("disconnect", "closed 4 bytes before the promised length")


def test_where_such_a_connection_stays_open_silence_ends_the_answer() -> None:
    satisfied, short, unknown = (read(answer_of(length)) for length in (b"5;", b"9;", b"-5"))
    for reader in (satisfied, short, unknown):
        assert reader.impatient
        reader.expired("silent for 2 s")
    assert (satisfied.truncated, satisfied.keep_alive) == (None, False)
    assert short.truncated == unknown.truncated == "unspecified"
    assert unknown.problem == "the length is no number, and the connection stayed open"


@pytest.mark.parametrize("stray", [b"\xef\xbb\xbf", b"\0", b"\r\n\xef\xbb\xbf", b"OK\r\n"])
@pytest.mark.parametrize("step", [0, 1])
def test_a_few_stray_bytes_may_stand_before_the_status_line(stray: bytes, step: int) -> None:
    reader = read(stray + NEXT, step=step)
    assert (reader.before, reader.response, reader.status) == (stray, NEXT, 200)
    cut = read(stray + b"HTTP/1.1 200 OK\r\nA: b", step=step, eof=True)
    assert (cut.before, cut.response, cut.garbage) == (stray, b"HTTP/1.1 200 OK\r\nA: b", b"")
    many = read(stray + b"12345" + NEXT, step=step, eof=True)
    assert (many.response, many.before + many.garbage) == (b"", stray + b"12345" + NEXT)


@pytest.mark.parametrize("step", [0, 1000, 65536, 300_100])
def test_a_head_of_300_kb_is_cut_in_the_same_place_however_it_arrives(step: int) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: " + b"y" * 300_000 + b"\r\n\r\nhello"
    reader = read(answer, step=step)
    assert (reader.truncated, reader.problem) == ("length", f"a head longer than {MAX_HEAD} bytes")
    assert reader.response == answer[:MAX_HEAD]
    assert answer.startswith(reader.response + reader.after)
    just = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: "
    just += b"y" * (MAX_HEAD - len(just) - 4) + b"\r\n\r\nhello"
    assert read(just, step=step).status == 200


def test_a_byte_at_a_time_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.warc.chunks.MAX_CHUNKS", 100)
    monkeypatch.setattr("crawler.capture.wire.body.MAX_CHUNKS", 100)
    reader = read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 200)
    assert (reader.done, reader.truncated, reader.problem) == (True, "length", "more than 100 chunks")


BOTH = sorted(CASES.keys() - {"big"})


@pytest.mark.parametrize("name", BOTH)
def test_the_archive_reads_the_same_in_the_same_bytes(name: str) -> None:
    answer, _ = CASES[name]
    reader = read(answer.removesuffix(b"RESET"), step=1500, eof=True)
    message = HttpMessage.parse(reader.response, cut=reader.truncated is not None)
    if name == "cut_head":
        assert (reader.status, message.status) == (None, 200)
        return
    assert message.status == reader.status
    assert [(field.lower(), value) for field, value in message.headers] == reader.headers
    entity = message.read_entity()
    if name in {"cut_chunk", "cut_last_chunk"}:
        assert (reader.truncated, entity.fault) == ("disconnect", "cut")
        assert GBK.startswith(entity.data)
    elif reader.truncated is None and reader.status == 200 and name not in {"empty", "excess", "gzip_cut"}:
        assert message.content() in {GBK, UTF, UTF + UTF}
        assert entity.fault == ("absent" if name == "http10_no_chunks" else None)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["s200OK", "http200", "dup_te", "te_decoded"])
def test_records_of_other_makers_are_read_alike(shared: Path, name: str) -> None:
    records = [r for r in scan(shared / f"field/archive/{name}.warc.gz") if r.type == "response"]
    assert records
    for record in records:
        reader = read(record.block, eof=True)
        message = record.http()
        assert (message.status, reader.status) == (200, 200)
        assert message.content().startswith((b"<html", b"2023\r\nrow,1\r\nrow,2\r\n", b"5\r\n10\r\n15\r\n"))
        assert message.entity() == (message.body if name != "dup_te" else message.content())


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
    assert len(endless.response) == MAX_HEAD


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
