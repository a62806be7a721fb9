"""An HTTP/1.1 server on loopback that plays any number of hosts by their names.

It runs in a thread of its own, so that it ends with the program that started it. Which host is meant comes from the
Host header; the crawler reaches it with ``--connect-to``. Nothing here knows portals: a `Portal` turns a `Request` into
an `Answer`, and the server gives the answer the form in which real servers would send it (conditional requests, gzip,
chunks, bodies that end with the connection).
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from types import TracebackType
from typing import Literal, Protocol, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.samples.certificate import server_context

Framing = Literal["length", "chunked", "close"]

_HEAD_LIMIT = 64 * 1024
_CHUNK = 4096


@dataclass(frozen=True)
class Request:
    """One request as it arrived; ``target`` is the path and query as on the wire."""

    method: str
    scheme: str
    host: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        """The path of the target, percent-decoded."""
        return unquote(urlsplit(self.target).path)

    @cached_property
    def query(self) -> dict[str, str]:
        """The fields of the query; the last of repeated ones."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form in the body; empty when there is none."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True)
class Answer:
    """What a portal says.

    Args:
        body: the entity, before any content coding.
        media_type: value of Content-Type, with its charset parameter if there is to be one.
        modified: when the page last changed; gives Last-Modified, ETag and right 304s. None: none of them.
        compress: send gzip to a client that accepts it; ``"always"`` to any client (some portals do).
    """

    body: bytes
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    modified: datetime | None = None
    framing: Framing = "length"
    compress: bool | Literal["always"] = False


class Portal(Protocol):
    """One host, or several that answer alike."""

    def answer(self, request: Request) -> Answer | None:
        """The answer, or None where the host has no such page."""


@dataclass(frozen=True)
class Pages:
    """A portal of fixed pages, by path; a path may end with its query."""

    pages: Mapping[str, Answer]

    def answer(self, request: Request) -> Answer | None:
        """The page at the target, else at its path."""
        return self.pages.get(request.target) or self.pages.get(request.path)


@dataclass(frozen=True, slots=True)
class Served:
    """One line of the journal."""

    host: str
    method: str
    target: str
    status: int


NOT_FOUND = Answer(
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>404</title></head>"
    "<body><h1>404 Not Found</h1><p>您访问的页面不存在。</p></body></html>".encode(),
    status=404,
)


@dataclass
class SampleServer:
    """Plays ``portals`` (host name, or ``host:port``, to portal) while used as a context manager.

    Raises:
        OSError: on entry, when no port can be opened.
    """

    portals: Mapping[str, Portal]
    tls: bool = True
    journal: list[Served] = field(default_factory=list)
    port: int = 0
    tls_port: int = 0

    @property
    def connect_to(self) -> list[str]:
        """Values for ``--connect-to``: every host, on every port it is named with, leads here."""
        named = {key.rpartition(":")[2] for key in self.portals if ":" in key}
        plain = {"80", *named}
        pairs = [f"*:{port}:127.0.0.1:{self.port}" for port in sorted(plain)]
        return [*pairs, f"*:443:127.0.0.1:{self.tls_port}"] if self.tls else pairs

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Task[None]] = set()
        started: list[BaseException | None] = []
        ready = threading.Event()

        def run() -> None:
            try:
                self._servers = self._loop.run_until_complete(self._open())
            except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
                started.append(error)
                ready.set()
                return
            ready.set()
            self._loop.run_forever()
            self._loop.run_until_complete(self._close())

        self._thread = threading.Thread(target=run, name="sample portals", daemon=True)
        self._thread.start()
        ready.wait()
        if started and started[0] is not None:
            self._loop.close()
            raise started[0]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> list[asyncio.Server]:
        plain = await asyncio.start_server(self._on_plain, "127.0.0.1", self.port, limit=_HEAD_LIMIT)
        self.port = plain.sockets[0].getsockname()[1]
        if not self.tls:
            return [plain]
        hosts = sorted({key.partition(":")[0] for key in self.portals})
        secure = await asyncio.start_server(
            self._on_tls, "127.0.0.1", self.tls_port, limit=_HEAD_LIMIT, ssl=server_context(hosts)
        )
        self.tls_port = secure.sockets[0].getsockname()[1]
        return [plain, secure]

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        await self._loop.shutdown_asyncgens()

    async def _on_plain(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(reader, writer, "http")

    async def _on_tls(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(reader, writer, "https")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, scheme: str) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while await self._exchange(reader, writer, scheme):
                pass
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the client left or does not speak HTTP: nothing to say to it
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError, asyncio.CancelledError):
                await writer.wait_closed()
            self._connections.discard(task)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, scheme: str) -> bool:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return False
        line, *rest = head.decode("latin-1").split("\r\n")
        method, target, version = line.split(" ", 2)
        headers = []
        for field_line in rest:
            name, colon, value = field_line.partition(":")
            if colon:
                headers.append((name, value.strip()))
        probe = Request(method, scheme, "", target, tuple(headers))
        body = await reader.readexactly(int(probe.header("content-length") or 0))
        host = (probe.header("host") or "").lower()
        request = replace(probe, host=host.partition(":")[0], body=body)
        portal = self.portals.get(host) or self.portals.get(request.host)
        answer = (portal.answer(request) if portal else None) or NOT_FOUND
        head_bytes, pieces, keep = respond(request, answer, keep_alive=version != "HTTP/1.0")
        status = int(head_bytes.split(b" ", 2)[1])
        self.journal.append(Served(request.host, method, target, status))
        writer.write(head_bytes)
        for piece in pieces:
            writer.write(piece)
        await writer.drain()
        return keep


def respond(request: Request, answer: Answer, *, keep_alive: bool = True) -> tuple[bytes, list[bytes], bool]:
    """The bytes of the response: its head, the pieces of its body, and whether the connection goes on.

    Conditional requests are answered as RFC 9110 section 13 says: If-None-Match wins over If-Modified-Since.
    """
    keep = keep_alive and (request.header("connection") or "").lower() != "close" and answer.framing != "close"
    headers: list[tuple[str, str]] = [("Server", "nginx"), ("Date", format_datetime(datetime.now(UTC), usegmt=True))]
    body, status = answer.body, answer.status
    validators: list[tuple[str, str]] = []
    if answer.modified is not None and status == HTTPStatus.OK:
        validators = _validators(answer)
        if _unchanged(request, dict(validators), answer.modified):
            status, body = HTTPStatus.NOT_MODIFIED.value, b""
    bodiless = request.method == "HEAD" or status in {204, 304}
    if status != HTTPStatus.NOT_MODIFIED:
        headers.append(("Content-Type", answer.media_type))
    headers += validators
    headers += answer.headers
    if answer.compress and not bodiless:
        headers.append(("Vary", "Accept-Encoding"))
        if answer.compress == "always" or "gzip" in (request.header("accept-encoding") or ""):
            body = gzip.compress(body, 6, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
    pieces: Sequence[bytes] = [body]
    if bodiless:
        pieces = []
        if status == HTTPStatus.OK:
            headers.append(("Content-Length", str(len(body))))
    elif answer.framing == "length":
        headers.append(("Content-Length", str(len(body))))
    elif answer.framing == "chunked":
        headers.append(("Transfer-Encoding", "chunked"))
        pieces = _chunks(body)
    headers.append(("Connection", "keep-alive" if keep else "close"))
    reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    head = f"HTTP/1.1 {status} {reason}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
    return head.encode("latin-1"), list(pieces), keep


def _chunks(body: bytes) -> list[bytes]:
    cut = [body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)]
    return [*(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in cut), b"0\r\n\r\n"]


def _validators(answer: Answer) -> list[tuple[str, str]]:
    assert answer.modified is not None
    tag = hashlib.sha256(answer.body).hexdigest()[:16]
    return [("Last-Modified", format_datetime(answer.modified, usegmt=True)), ("ETag", f'"{tag}"')]


def _unchanged(request: Request, validators: Mapping[str, str], modified: datetime) -> bool:
    tags = request.header("if-none-match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in {validators["ETag"], "*"} for tag in tags.split(","))
    since = request.header("if-modified-since")
    if since is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
