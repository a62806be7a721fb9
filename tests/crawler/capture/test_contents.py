"""What an answer holds, and every way in which some of it may be missing."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from archive import Home
from archive.metadata import FetchMetadata
from archive.warc import HttpMessage
from crawler.capture import contents
from crawler.capture.contents import read_content
from crawler.capture.session import CaptureSession
from crawler.capture.wire.client import Exchange
from tests.crawler.capturing import payloads, plan, records
from tests.crawler.oddserver import CASES, GBK, UTF, OddServer

LOST = {
    "cut_length": "truncated",
    "cut_chunk": "truncated",
    "cut_last_chunk": "truncated",
    "reset": "truncated",
    "hang": "timeout",
    "misframed": "protocol",
    "contradiction": "protocol",
    "gzip_cut": "truncated",
    "gzip_checksum": "checksum",
}
WHOLE = [
    "gzip",
    "gzip_not_applied",
    "length_of_content",
    "length_semicolon",
    "te_gzip",
    "chunked_no_trailer",
    "no_version",
]


async def test_every_way_of_losing_something_is_told_in_one_place(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server))
    names = [*LOST, *WHOLE]
    answers = await asyncio.gather(*(session.fetch(f"http://odd.gov.cn/{name}") for name in names))
    await session.close()
    kept = {p.url.rpartition("/")[2]: p for p in payloads(home) if isinstance(p, FetchMetadata)}
    for name, answer in zip(names, answers, strict=True):
        failure = kept[name].failure
        if name in LOST:
            assert failure is not None
            assert (failure.kind, failure.message) == (LOST[name], answer.ref.loss)
            assert kept[name].status == 200
        else:
            assert (failure, answer.ref.loss, answer.truncated) == (None, None, None)
            assert answer.content in {GBK, UTF}
    assert answers[names.index("gzip_checksum")].content == UTF
    blocks = {(r.uri or "").rpartition("/")[2]: r for r in records(home) if r.type == "response"}
    assert blocks["length_of_content"].header("WARC-Truncated") is None
    assert all(blocks[name].block == CASES[name][0].removesuffix(b"RESET") for name in names if name in CASES)


def exchange(fields: bytes, body: bytes) -> tuple[Exchange, HttpMessage]:
    from datetime import UTC, datetime

    block = b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n\r\n" + body
    made = Exchange("http://a.gov.cn/", "GET", datetime.now(UTC), response=block, status=200)
    return made, HttpMessage.parse(block)


@pytest.mark.parametrize(
    ("fields", "body", "said"),
    [
        (b"Content-Encoding: " + b",".join([b"gzip"] * 30), b"x", "coded 30 times"),
        (b"Content-Encoding: gzip", gzip.compress(b"<p>" * 2_000_000), "a page of 6000000 bytes"),
        (b"Content-Type: text/html", b"<p>" * 2_000_000, "a page of 6000000 bytes"),
    ],
)
def test_too_much_is_named_and_not_read(monkeypatch: pytest.MonkeyPatch, fields: bytes, body: bytes, said: str) -> None:
    monkeypatch.setattr(contents, "MAX_TEXT", 5_000_000)
    made, message = exchange(fields, body)
    assert read_content(made, None, message) == b""
    assert made.failure is not None
    assert made.failure.kind == "too_large"
    assert said in made.failure.message


def test_a_large_file_is_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_TEXT", 1000)
    made, message = exchange(b"Content-Type: application/zip", b"PK\x03\x04\0\0" + bytes(5000))
    assert len(read_content(made, None, message)) == 5006
    assert made.failure is None


def test_a_length_that_fits_neither_form_is_a_cut_answer() -> None:
    packed = gzip.compress(UTF)
    for length, lost in ((len(UTF), False), (len(UTF) + 1, True)):
        made, message = exchange(b"Content-Encoding: gzip\r\nContent-Length: %d" % length, packed)
        made.truncated = "disconnect"
        made.failure = contents.Failure(kind="truncated", message="cut")
        assert read_content(made, None, message) == UTF
        assert (made.failure is not None) == (made.truncated is not None) == lost


@pytest.mark.parametrize("broken", ["content", "judge"])
async def test_whatever_reading_an_answer_raises_it_is_archived(
    server: OddServer, home: Home, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("bytes that nobody thought of")

    session = CaptureSession.open(plan(home, server))
    await session.fetch("http://odd.gov.cn/target")
    target = {"content": "archive.warc.http.HttpMessage.read_content", "judge": "archive.signatures.Signatures.judge"}
    with monkeypatch.context() as patched:
        patched.setattr(target[broken], fail)
        answer = await session.fetch("http://odd.gov.cn/gzip")
    await session.close()
    assert "bytes that nobody thought of" in (answer.ref.loss or "")
    assert CASES["gzip"][0] in [record.block for record in records(home) if record.type == "response"]
