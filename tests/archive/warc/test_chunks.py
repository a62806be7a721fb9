"""The chunked coding, in pieces and whole."""

from __future__ import annotations

import random

import pytest

from archive.warc.chunks import MAX_CHUNKS, MAX_LINE, ChunkReader, dechunk

WHOLE = {
    "plain": b"5\r\nhello\r\n0\r\n\r\n",
    "line feeds": b"5\nhello\n0\n\n",
    "many carriage returns": b"5\r\r\nhello\r\r\n0\r\r\n\r\r\n",
    "long extension": b"5;x=" + b"y" * 9000 + b"\r\nhello\r\n0\r\n\r\n",
    "blanks and zeros": b"  00000000000000000005 \r\nhello\r\n000\r\n\r\n",
    "trailer": b"5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
}


@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("step", [1, 3, 100_000])
def test_the_pieces_do_not_matter(body: bytes, step: int) -> None:
    assert (dechunk(body).data, dechunk(body).complete) == (b"hello", True)
    reader = ChunkReader(4)
    buffer = bytearray(b"head")
    for start in range(0, len(body), step):
        assert not reader.read(buffer)
        buffer += body[start : start + step]
    assert reader.read(buffer + b"behind")
    assert (reader.done, reader.position) == (True, 4 + len(body))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"zz\r\nhello", "a chunk without a size"),
        (b"\r\n", "a chunk without a size"),
        (b"5\r\nhello!!\r\n0\r\n\r\n", "a chunk longer than its size"),
        (b"5;" + b"x" * MAX_LINE, "a line of the chunked coding without an end"),
    ],
)
def test_broken_forms_are_named(body: bytes, problem: str) -> None:
    reader = ChunkReader()
    assert reader.read(body)
    assert reader.problem == problem
    assert dechunk(body).data == body


@pytest.mark.parametrize(
    "body", [b"2023\r\nrow,1\r\nrow,2\r\n", b"5\r\n10\r\n15\r\n", b"<html>", b"12\n", b"2021\r\n\r\n2022\r\n"]
)
def test_a_body_under_the_head_of_a_chunked_one_is_left_as_it_is(body: bytes) -> None:
    assert (dechunk(body).data, dechunk(body).fault) == (body, "absent")


@pytest.mark.parametrize(
    ("body", "cut", "data"),
    [
        (b"1ff8\r\n<html>", False, b"<html>"),
        (b"2000\r\n<html>", True, b"<html>"),
        (b"2000\r\n<html>", False, b"2000\r\n<html>"),
        (b"6\r\n<html>", False, b"<html>"),
        (b"6\r\n<html>\r\n2000\r\n<body>", False, b"<html><body>"),
    ],
)
def test_of_a_cut_body_what_came(body: bytes, cut: bool, data: bytes) -> None:
    read = dechunk(body, cut=cut)
    assert read.data == data
    assert not read.complete


def test_what_follows_a_damaged_chunk_is_not_guessed() -> None:
    read = dechunk(b"5\r\nhello\r\nzz\r\nmore")
    assert (read.data, read.fault) == (b"hello", "damaged")


def _read(body: bytes, step: int) -> tuple[object, ...]:
    """All that a reader says of a body which comes in pieces."""
    reader = ChunkReader(collect=True)
    buffer = bytearray()
    for start in range(0, len(body), step):
        buffer += body[start : start + step]
        if reader.read(buffer):
            break
    data = b"".join([bytes(buffer[begin:end]) for begin, end in reader.spans])
    return data, reader.position, reader.whole, reader.problem, reader.missing, reader.ended, reader.done


def test_many_chunks_at_once_are_read_as_byte_by_byte_whole_cut_and_damaged() -> None:
    rng = random.Random(7112)
    for _ in range(300):
        parts = [rng.randbytes(rng.choice([1, 2, 9, 16, 40])) for _ in range(rng.randint(1, 9))]
        form = rng.choice([b"%x\r\n%b\r\n", b"%X\r\n%b\r\n", b"0%x\r\n%b\r\n", b"%x\n%b\n", b"%x;a=b\r\n%b\r\n"])
        body = b"".join([form % (len(part), part) for part in parts]) + b"0\r\n\r\n"
        assert _read(body, len(body))[0] == b"".join(parts)
        changed = bytearray(body)
        changed[rng.randrange(len(body))] = rng.choice(b"\r\n0f;z")
        for seen in (body, body[: rng.randrange(1, len(body))], bytes(changed)):
            assert _read(seen, len(seen)) == _read(seen, 1)


def test_more_chunks_than_anybody_needs_are_not_followed() -> None:
    reader = ChunkReader()
    assert reader.read(b"1\r\nx\r\n" * (MAX_CHUNKS + 1))
    assert (reader.whole, reader.problem) == (MAX_CHUNKS, f"more than {MAX_CHUNKS} chunks")
