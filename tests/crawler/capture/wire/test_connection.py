"""One connection: it waits as long as it should, and is not used again once something came that nobody asked for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

import crawler.capture.wire.connection as connection_module
from crawler.capture.wire.connection import Connection, said
from crawler.capture.wire.proxy import ProxyRefused
from crawler.capture.wire.response import ResponseReader
from crawler.scope import origin_of

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
KEY = (origin_of("http://a.gov.cn/"), "modern", "record", None)
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def connected(handler: Handler) -> AsyncIterator[Connection]:
    done = asyncio.Event()

    async def whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await handler(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        done.set()

    server = await asyncio.start_server(whole, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    _transport, connection = await loop.create_connection(lambda: Connection(KEY, "127.0.0.1"), "127.0.0.1", port)
    try:
        yield connection
    finally:
        connection.abort()
        await done.wait()
        server.close()
        await server.wait_closed()


async def ask(connection: Connection, patience: float = 30.0, whole: float = 30.0) -> ResponseReader:
    reader = ResponseReader("GET", max_bytes=1 << 20)
    now = asyncio.get_running_loop().time()  # asyncio's clock is the monotonic one
    await connection.exchange(b"GET / HTTP/1.1\r\n\r\n", reader, patience, now + whole)
    return reader


async def test_one_exchange_after_another() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER)

    async with connected(echo) as connection:
        assert [(await ask(connection)).response for _ in range(2)] == [ANSWER, ANSWER]
        assert connection.tls is None


async def test_what_nobody_asked_for_ends_it() -> None:
    push, over = asyncio.Event(), asyncio.Event()

    async def push_more(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await push.wait()
        writer.write(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            await reader.read()  # until the other side has ended it
        over.set()

    async with connected(push_more) as connection:
        await ask(connection)
        assert connection.usable
        push.set()
        await over.wait()
        assert not connection.usable


@pytest.mark.parametrize(
    ("patience", "whole", "words"), [(0.05, 30.0, "silent for 0.05 s"), (30.0, 0.05, "took too long")]
)
async def test_patience_ends(patience: float, whole: float, words: str) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with connected(silent) as connection:
        reader = await ask(connection, patience, whole)
    assert words in (reader.problem or "")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError("no"), "ConnectionRefusedError: no"),
        (TimeoutError(), "TimeoutError: TimeoutError"),
        (ProxyRefused("the proxy says 403"), "the proxy says 403"),
    ],
)
def test_said(error: Any, words: str) -> None:
    assert said(error) == words


@pytest.mark.parametrize(
    ("head", "piece"),
    [(b"Content-Length: 5000", b"x"), (b"Transfer-Encoding: chunked", b"1\r\nx\r\n"), (b"A: b", b"y")],
)
async def test_an_answer_that_drips_is_cut_though_it_is_never_silent(head: bytes, piece: bytes) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
        while True:
            await asyncio.sleep(0.2)
            writer.write(piece)
            await writer.drain()

    begun = asyncio.get_running_loop().time()
    async with connected(drip) as connection:
        reader = await ask(connection, patience=1.0)
    assert asyncio.get_running_loop().time() - begun < 4
    assert reader.truncated == "time"
    assert "too slow to wait for" in (reader.problem or "")
    assert reader.response.startswith(b"HTTP/1.1 200 OK\r\n" + head)


@pytest.mark.parametrize("pause", [0.1, 0.8])
async def test_a_drip_is_given_less_time_than_what_pauses(monkeypatch: pytest.MonkeyPatch, pause: float) -> None:
    monkeypatch.setattr(connection_module, "DRIP_SECONDS", 0.6)
    monkeypatch.setattr(connection_module, "GRACE_SECONDS", 0.1)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            await asyncio.sleep(pause)
            writer.write(b"X: y\r\n")
            await writer.drain()

    begun = asyncio.get_running_loop().time()
    async with connected(drip) as connection:
        reader = await ask(connection, patience=2.0)
    took = asyncio.get_running_loop().time() - begun
    assert reader.truncated == "time"
    assert "too slow to wait for" in (reader.problem or "")
    assert (took < 2.0) == (pause < 0.2)


async def test_what_pauses_longer_than_a_drip_and_then_comes_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "DRIP_SECONDS", 0.6)
    monkeypatch.setattr(connection_module, "GRACE_SECONDS", 0.1)

    async def think(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER[:-5])
        for at in range(-5, -1):
            await asyncio.sleep(0.35)
            writer.write(ANSWER[at : at + 1])
        writer.write(ANSWER[-1:])

    async with connected(think) as connection:
        reader = await ask(connection, patience=3.0)
    assert (reader.truncated, reader.response) == (None, ANSWER)


async def test_an_answer_that_begins_late_has_its_time() -> None:
    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.8)
        writer.write(ANSWER[:-2])
        await asyncio.sleep(0.6)
        writer.write(ANSWER[-2:])

    async with connected(late) as connection:
        reader = await ask(connection, patience=1.0)
    assert (reader.truncated, reader.response) == (None, ANSWER)
