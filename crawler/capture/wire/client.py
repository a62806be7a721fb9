"""The one way out to the network: a small HTTP/1.1 client that keeps the bytes of both directions.

Scrapy and the browser both go through it. It knows nothing of WARC, robots or pace: it takes a request, finds an
address that may be asked (`crawler.scope`), speaks TLS and proxy protocols, and gives back what went over the wire,
also when it ended badly: a failure is a result here, not an exception.

HTTP/1.1 only: HTTP/2 has no exact message that a WARC could hold.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from archive.metadata import Failure, TlsFacts
from crawler.capture.wire import connect, tls
from crawler.capture.wire.connection import Connection, Key, said
from crawler.capture.wire.proxy import Proxy, ProxyRefused, open_tunnel
from crawler.capture.wire.response import ResponseReader, Truncation
from crawler.crawl_plan import SitePolicy
from crawler.errors import OutOfScope
from crawler.scope import ConnectTo, Origin, origin_of

Fields = Sequence[tuple[bytes, bytes]]

MAX_IDLE = 8
IDLE_SECONDS = 30.0

_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({b"host", b"content-length", b"connection", b"transfer-encoding", b"proxy-authorization", b"te"})
_TARGET = re.compile(r"[/?]")
_NOT_IN_TARGET = re.compile(r"[^\x21-\x7e]")
# What OpenSSL says of bytes that are no TLS record, such as "HTTP/1.1 400 Bad Request".
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL"})
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class WireRequest:
    """What to send. ``headers`` go out in this order and case after Host; framing headers are the client's own.

    ``left`` is told the monotonic time at which the request left.
    """

    url: str
    policy: SitePolicy
    method: str = "GET"
    headers: Fields = ()
    body: bytes = b""
    left: Callable[[float], None] | None = None


@dataclass(slots=True)
class Exchange:
    """One attempt as it happened.

    Attributes:
        request: the bytes sent; empty when no connection was made.
        response: the final answer's bytes as received, head and body; empty when nothing of an answer came.
        started: when the attempt began, UTC.
        sent: monotonic time at which the request left.
        elapsed: seconds from the beginning to the end.
        address: of the server; None behind a proxy that resolves names itself, or when none was reached.
        truncated: why the answer is not whole (WARC-Truncated), or None.
        failure: what went wrong, or None.
        before: interim (1xx) heads that came before the final answer.
        after: bytes that came after the answer's own end.
        garbage: what came when it was not HTTP.
        reused: the connection had carried an earlier exchange.
        stale: it was dead when this request was sent, and the request may be repeated.
        headers: of the final head, names in lower case, for decisions only.
    """

    url: str
    method: str
    started: datetime
    request: bytes = b""
    response: bytes = b""
    status: int | None = None
    sent: float | None = None
    elapsed: float = 0.0
    address: str | None = None
    tls: TlsFacts | None = None
    truncated: Truncation | None = None
    failure: Failure | None = None
    before: bytes = b""
    after: bytes = b""
    garbage: bytes = b""
    reused: bool = False
    stale: bool = False
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


def request_bytes(request: WireRequest, origin: Origin) -> bytes:
    """The request as it goes out.

    Raises:
        OutOfScope: method or header could end the line it stands in.
    """
    if not _METHOD.fullmatch(request.method):
        raise OutOfScope("is not a method", subject=request.method)
    lines = [f"{request.method} {_target(request.url)} HTTP/1.1".encode(), b"Host: " + origin.authority.encode()]
    for name, value in request.headers:
        if name.lower() in _OURS:
            continue
        if b"\n" in name + value or b"\r" in name + value or b"\0" in name + value:
            raise OutOfScope("a request header holds a line end", subject=request.url)
        lines.append(name + b": " + value)
    if request.body or request.method in {"POST", "PUT", "PATCH"}:
        lines.append(b"Content-Length: %d" % len(request.body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.body


def _target(url: str) -> str:
    """Path and query exactly as the URL has them; only what may not stand in a request line is percent-encoded."""
    rest = url.partition("#")[0].partition("://")[2]
    begin = _TARGET.search(rest)
    target = rest[begin.start() :] if begin else ""
    if not target.startswith("/"):
        target = "/" + target
    return _NOT_IN_TARGET.sub(lambda match: quote(match[0]), target)


class WireClient:
    """Fetches, keeps connections for later requests, and never raises for what the network does.

    Args:
        routes: ``--connect-to`` mappings; a mapped address is exempt from the address rules.
        cafile: further trusted roots (PEM).
    """

    def __init__(self, routes: ConnectTo | None = None, *, cafile: str | None = None) -> None:
        self._routes = routes or ConnectTo()
        self._cafile = cafile
        self._idle: dict[Key, deque[Connection]] = {}
        self._busy: set[Connection] = set()
        self._unverified: dict[tuple[str, int], str] = {}

    async def fetch(self, request: WireRequest, *, fresh: bool = False) -> Exchange:
        """Send one request, once.

        Args:
            request: what to send.
            fresh: on a new connection, whatever is kept.

        Returns:
            What happened. ``stale`` is true when a kept connection turned out dead before a byte of the answer came:
            the request may then be sent again (`fresh`), which is for the caller to decide, since it counts against
            the pace.
        """
        origin = origin_of(request.url)
        payload = request_bytes(request, origin)
        exchange = Exchange(request.url, request.method, datetime.now(UTC))
        begun = time.monotonic()
        connection = await self._connection(origin, request.policy, exchange, fresh=fresh)
        if connection is not None:
            await self._exchange(connection, payload, request, exchange, begun + request.policy.total_timeout)
        exchange.elapsed = time.monotonic() - begun
        return exchange

    async def close(self) -> None:
        """Close every kept connection."""
        open_ones = [*self._busy]
        for idle in self._idle.values():
            open_ones += idle
        self._idle.clear()
        for connection in open_ones:
            connection.abort()
        # Transports close in the next turn of the loop.
        await asyncio.sleep(0)

    # -- one exchange -------------------------------------------------------------------------------------------

    async def _exchange(
        self, connection: Connection, payload: bytes, request: WireRequest, exchange: Exchange, deadline: float
    ) -> None:
        policy = request.policy
        reader = ResponseReader(request.method, max_bytes=policy.max_bytes)
        exchange.request = payload
        exchange.sent = time.monotonic()
        if request.left is not None:
            request.left(exchange.sent)
        exchange.address, exchange.tls = connection.address, connection.tls
        self._busy.add(connection)
        try:
            await connection.exchange(payload, reader, policy.read_timeout, deadline)
        finally:
            self._busy.discard(connection)
            if not reader.done:
                connection.abort()
        exchange.response = reader.response
        exchange.status, exchange.headers = reader.status, reader.headers
        exchange.before, exchange.after, exchange.garbage = reader.before, reader.after, reader.garbage
        exchange.truncated = reader.truncated
        exchange.failure = _failure_of(reader)
        if exchange.failure and not exchange.response:
            exchange.truncated = None
            # A server may close a kept connection at any time: the request that came too late may go out again.
            came_too_late = exchange.reused and not reader.received and exchange.failure.kind == "reset"
            exchange.stale = came_too_late and request.method in _IDEMPOTENT
        if reader.keep_alive and exchange.failure is None and connection.usable:
            self._keep(connection)
        else:
            connection.abort()

    # -- connections --------------------------------------------------------------------------------------------

    async def _connection(
        self, origin: Origin, policy: SitePolicy, exchange: Exchange, *, fresh: bool
    ) -> Connection | None:
        key = (origin, policy.tls, policy.verify, policy.proxy)
        idle = self._idle.get(key)
        while idle and not fresh:
            connection = idle.pop()
            if connection.usable and time.monotonic() - connection.idle_since < IDLE_SECONDS:
                exchange.reused = True
                return connection
            connection.abort()
        try:
            async with asyncio.timeout(policy.connect_timeout):
                return await self._connect(key, policy)
        except TimeoutError:
            exchange.failure = Failure(kind="timeout", message=f"no connection within {policy.connect_timeout:g} s")
        except OutOfScope as error:
            exchange.failure = Failure(kind="scope", message=str(error))
        except ssl.SSLError as error:
            exchange.failure = Failure(kind="tls", message=said(error) + _tls_advice(error, policy))
        except (OSError, ProxyRefused, UnicodeError) as error:
            exchange.failure = Failure(kind="connect", message=said(error))
        return None

    async def _connect(self, key: Key, policy: SitePolicy) -> Connection:
        origin = key[0]
        if not origin.tls:
            return await self._open(key, policy, None, None)
        place = (origin.host, origin.port)
        if policy.verify == "require" or place not in self._unverified:
            context = tls.context(policy.tls, verified=True, cafile=self._cafile)
            try:
                return await self._open(key, policy, context, None)
            except ssl.SSLCertVerificationError as error:
                if policy.verify == "require":
                    raise
                self._unverified[place] = error.verify_message or said(error)
        return await self._open(key, policy, tls.context(policy.tls, verified=False), self._unverified[place])

    async def _open(
        self, key: Key, policy: SitePolicy, context: ssl.SSLContext | None, verify_error: str | None
    ) -> Connection:
        origin = key[0]
        mapped = self._routes.target(origin.host, origin.port)
        # A mapped address is reached directly: the mapping says where the connection goes, not what is beyond a proxy.
        proxy = Proxy.parse(policy.proxy) if policy.proxy and mapped is None else None
        sock, address = await self._reach(origin, proxy, mapped)
        loop = asyncio.get_running_loop()
        try:
            if proxy is not None:
                await open_tunnel(proxy, sock, address or origin.host, origin.port)
            _transport, connection = await loop.create_connection(
                lambda: Connection(key, address),
                sock=sock,
                ssl=context,
                server_hostname=origin.host if context else None,
            )
        except BaseException as error:
            sock.close()
            if context is not None and isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
                raise ssl.SSLError(1, f"the handshake broke off ({said(error)})") from error
            raise
        connection.note_tls(verify_error)
        return connection

    async def _reach(
        self, origin: Origin, proxy: Proxy | None, mapped: tuple[str, int] | None
    ) -> tuple[socket.socket, str | None]:
        """A socket connected to the origin or to the proxy; and the origin's address where we know it."""
        if mapped is not None:
            sock = await connect.connect(await connect.resolve_host(*mapped))
            return sock, sock.getpeername()[0]
        if proxy is None:
            sock = await connect.connect(await _public_addresses(origin))
            return sock, sock.getpeername()[0]
        address = None
        if not proxy.remote_names:
            _family, place = (await _public_addresses(origin))[0]
            address = place[0]
        return await connect.connect(await connect.resolve_host(proxy.host, proxy.port)), address

    def _keep(self, connection: Connection) -> None:
        idle = self._idle.setdefault(connection.key, deque())
        if len(idle) >= MAX_IDLE:
            idle.popleft().abort()
        connection.idle_since = time.monotonic()
        idle.append(connection)


async def _public_addresses(origin: Origin) -> list[connect.Sockaddr]:
    found = await connect.resolve_host(origin.host, origin.port)
    return connect.public_only(found, origin.host)


def _failure_of(reader: ResponseReader) -> Failure | None:
    message = reader.problem or ""
    if reader.garbage:
        return Failure(kind="protocol", message=f"{message or 'what came is not HTTP'} ({len(reader.garbage)} bytes)")
    if reader.truncated is None and not reader.response:
        return Failure(kind="protocol", message=message or "what came is not HTTP")
    match reader.truncated:
        case None:
            return None
        case "length":
            return Failure(kind="too_large", message=message)
        case "time":
            return Failure(kind="timeout", message=message)
        case "unspecified":
            return Failure(kind="protocol", message=message)
        case _:
            return Failure(kind="truncated" if reader.response else "reset", message=message)


def _tls_advice(error: ssl.SSLError, policy: SitePolicy) -> str:
    """What to try when a handshake failed."""
    if getattr(error, "reason", None) in _NO_TLS:  # an error of our own making has none
        return "; what answers there does not speak TLS: if it is plain HTTP, write the address with http://"
    if policy.tls != "default" or isinstance(error, ssl.SSLCertVerificationError):
        return ""
    return "; a server that speaks old TLS only needs `tls: legacy` in its profile"
