"""The one way out to the network: a small HTTP/1.1 client that keeps the bytes of both directions.

Scrapy and the browser both go through it. It knows nothing of WARC, robots or pace: it takes a request, finds an
address that may be asked (`crawler.scope`), speaks TLS and proxy protocols, and gives back what went over the wire,
also when it ended badly: a failure is a result here, not an exception.

HTTP/1.1 only: HTTP/2 has no exact message that a WARC could hold.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from archive.payloads import Failure, TlsFacts
from crawler._errors import OutOfScope
from crawler.capture import tls
from crawler.capture.ask import SitePolicy
from crawler.capture.framing import ResponseReader, Truncation
from crawler.capture.proxy import Proxy, ProxyRefused, open_tunnel
from crawler.scope import ConnectTo, Origin, origin_of, public_address

Fields = Sequence[tuple[bytes, bytes]]

MAX_IDLE = 8
IDLE_SECONDS = 30.0
# A misframed answer is read on until the connection falls silent for this long.
GRACE_SECONDS = 2.0

_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({b"host", b"content-length", b"connection", b"transfer-encoding", b"proxy-authorization", b"te"})
_NOT_IN_TARGET = re.compile(r"[^\x21-\x7e]")
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
    cut = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=-1)
    target = rest[cut:] if cut >= 0 else "/"
    if target.startswith("?"):
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
        self._idle: dict[_Key, deque[_Connection]] = {}
        self._busy: set[_Connection] = set()
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
        open_ones = [*self._busy, *(one for idle in self._idle.values() for one in idle)]
        self._idle.clear()
        for connection in open_ones:
            connection.abort()
        # Transports close in the next turn of the loop.
        await asyncio.sleep(0)

    # -- one exchange -------------------------------------------------------------------------------------------

    async def _exchange(
        self, connection: _Connection, payload: bytes, request: WireRequest, exchange: Exchange, deadline: float
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
            exchange.stale = exchange.reused and not reader.received and request.method in _IDEMPOTENT
            exchange.stale = exchange.stale and exchange.failure.kind == "reset"
        if reader.keep_alive and exchange.failure is None and connection.usable:
            self._keep(connection)
        else:
            connection.abort()

    # -- connections --------------------------------------------------------------------------------------------

    async def _connection(
        self, origin: Origin, policy: SitePolicy, exchange: Exchange, *, fresh: bool
    ) -> _Connection | None:
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
            exchange.failure = Failure(kind="tls", message=_say(error))
        except (OSError, ProxyRefused, UnicodeError) as error:
            exchange.failure = Failure(kind="connect", message=_say(error))
        return None

    async def _connect(self, key: _Key, policy: SitePolicy) -> _Connection:
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
                self._unverified[place] = error.verify_message or _say(error)
        return await self._open(key, policy, tls.context(policy.tls, verified=False), self._unverified[place])

    async def _open(
        self, key: _Key, policy: SitePolicy, context: ssl.SSLContext | None, verify_error: str | None
    ) -> _Connection:
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
                lambda: _Connection(key, address),
                sock=sock,
                ssl=context,
                server_hostname=origin.host if context else None,
            )
        except BaseException as error:
            sock.close()
            if context is not None and isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
                raise ssl.SSLError(f"the handshake broke off ({_say(error)})") from error
            raise
        connection.note_tls(verify_error)
        return connection

    async def _reach(
        self, origin: Origin, proxy: Proxy | None, mapped: tuple[str, int] | None
    ) -> tuple[socket.socket, str | None]:
        """A socket connected to the origin or to the proxy; and the origin's address where we know it."""
        if mapped is not None:
            sock = await _try_all(await _resolve(*mapped))
            return sock, sock.getpeername()[0]
        if proxy is None:
            sock = await _try_all(_public_only(await _resolve(origin.host, origin.port), origin.host))
            return sock, sock.getpeername()[0]
        address = None
        if not proxy.remote_names:
            address = _public_only(await _resolve(origin.host, origin.port), origin.host)[0][1][0]
        return await _try_all(await _resolve(proxy.host, proxy.port)), address

    def _keep(self, connection: _Connection) -> None:
        idle = self._idle.setdefault(connection.key, deque())
        if len(idle) >= MAX_IDLE:
            idle.popleft().abort()
        connection.idle_since = time.monotonic()
        idle.append(connection)


_Key = tuple[Origin, str, str, str | None]
_Sockaddr = tuple[socket.AddressFamily, tuple[str, int]]


class _Connection(asyncio.Protocol):
    """One transport; carries one exchange at a time."""

    def __init__(self, key: _Key, address: str | None) -> None:
        self.key = key
        self.address = address
        self.tls: TlsFacts | None = None
        self.idle_since = 0.0
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader: ResponseReader | None = None
        self._finished: asyncio.Future[None] | None = None
        self._last = 0.0
        self._patience = 0.0
        self._deadline = 0.0
        self._watch: asyncio.TimerHandle | None = None

    @property
    def usable(self) -> bool:
        """Whether another request can be sent: bytes or an end that came while idle rule it out."""
        return self._transport is not None and not self._transport.is_closing()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def note_tls(self, verify_error: str | None) -> None:
        """Keep what TLS says of the host."""
        assert self._transport is not None
        connection = self._transport.get_extra_info("ssl_object")
        if connection is not None:
            self.tls = tls.facts(connection, verify_error)

    async def exchange(self, payload: bytes, reader: ResponseReader, patience: float, deadline: float) -> None:
        """Send ``payload`` and wait until ``reader`` is done; time-outs end it too."""
        assert self._transport is not None
        self._reader, self._patience, self._deadline = reader, patience, deadline
        self._finished = self._loop.create_future()
        self._last = self._loop.time()
        self._transport.write(payload)
        self._look()
        try:
            await self._finished
        finally:
            self._reader = self._finished = None
            if self._watch is not None:
                self._watch.cancel()
                self._watch = None

    # -- asyncio.Protocol ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._reader is None:
            # Nobody asked: the connection cannot be trusted with another request.
            self.abort()
            return
        self._last = self._loop.time()
        self._reader.feed(data)
        self._settle()

    def eof_received(self) -> bool:
        if self._reader is not None:
            self._reader.eof()
            self._settle()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if self._reader is not None:
            if exc is None:
                self._reader.eof()
            else:
                self._reader.lost(_say(exc))
            self._settle()
        self._transport = None

    def _settle(self) -> None:
        if self._reader is not None and self._reader.done and self._finished and not self._finished.done():
            self._finished.set_result(None)

    def _look(self) -> None:
        """See whether patience has ended; look again when it could have."""
        reader = self._reader
        if reader is None or reader.done:
            return
        now, wall = self._loop.time(), time.monotonic()
        patience = min(self._patience, GRACE_SECONDS) if reader.problem else self._patience
        left = min(self._last + patience - now, self._deadline - wall)
        if left <= 0:
            reader.expired(
                "the whole exchange took too long" if wall >= self._deadline else f"silent for {patience:g} s"
            )
            self._settle()
        else:
            # Never longer than the grace: a problem may turn up while waiting.
            self._watch = self._loop.call_later(min(left, max(GRACE_SECONDS, 0.01)), self._look)


def _failure_of(reader: ResponseReader) -> Failure | None:
    message = reader.problem or ""
    if reader.garbage or (reader.truncated is None and not reader.response):
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


async def _resolve(host: str, port: int) -> list[_Sockaddr]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _kind, _proto, _name, address in found]  # type: ignore[misc]


def _public_only(addresses: list[_Sockaddr], host: str) -> list[_Sockaddr]:
    public = [entry for entry in addresses if public_address(entry[1][0])]
    if not public:
        refused = ", ".join(sorted({entry[1][0] for entry in addresses})) or "nothing"
        raise OutOfScope(
            f"resolves to {refused}, which no public server has",
            subject=host,
            advice="Map the host with --connect-to if that is meant",
        )
    return public


async def _try_all(addresses: list[_Sockaddr]) -> socket.socket:
    """Connect to the first address that answers, in the order of the resolver (RFC 6724)."""
    loop = asyncio.get_running_loop()
    last: OSError = OSError("the name has no address")
    for number, (family, address) in enumerate(addresses):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            # A dead address must not use up the time of those that follow it.
            async with asyncio.timeout(None if number == len(addresses) - 1 else 5.0):
                await loop.sock_connect(sock, address)
        except TimeoutError:
            last = OSError(f"{address[0]} does not answer")
            sock.close()
        except OSError as error:
            last = error
            sock.close()
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise last


def _say(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    return text if isinstance(error, ProxyRefused) else f"{type(error).__name__}: {text}"
