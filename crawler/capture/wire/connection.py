"""One connection of the wire client: bytes out, bytes in, and how long to wait for them."""

from __future__ import annotations

import asyncio
import ssl
import time

from archive.metadata import TlsFacts
from crawler.capture.wire import tls
from crawler.capture.wire.proxy import ProxyRefused
from crawler.capture.wire.response import ResponseReader
from crawler.scope import Origin

# A misframed answer is read on until the connection falls silent for this long.
GRACE_SECONDS = 2.0
# An answer that brings less than so many bytes a second, seen over the time that silence would be given, is cut; one
# that drips, without a longer pause, after less: each try costs that time anew.
LEAST_RATE = 64
DRIP_SECONDS = 30.0

Key = tuple[Origin, str, str, str | None]


class Connection(asyncio.Protocol):
    """One transport; carries one exchange at a time."""

    def __init__(self, key: Key, address: str | None) -> None:
        self.key = key
        self.address = address
        self.tls: TlsFacts | None = None
        self.idle_since = 0.0
        self._secure: ssl.SSLObject | None = None
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader: ResponseReader | None = None
        self._finished: asyncio.Future[None] | None = None
        self._last = 0.0
        self._mark = (0.0, 0)  # when progress was looked at, and how much had come by then
        self._paused = False  # there was a longer pause since
        self._longest = 0.0  # the seconds of a pause that is longer than those of a drip
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
        self._secure = self._transport.get_extra_info("ssl_object")
        if self._secure is not None:
            self.tls = tls.facts(self._secure, verify_error)

    async def exchange(self, payload: bytes, reader: ResponseReader, patience: float, deadline: float) -> None:
        """Send ``payload`` and wait until ``reader`` is done; time-outs end it too."""
        assert self._transport is not None
        self._reader, self._patience, self._deadline = reader, patience, deadline
        self._finished = self._loop.create_future()
        self._last = self._loop.time()
        self._mark, self._paused, self._longest = (self._last, 0), False, min(patience, DRIP_SECONDS) / 3
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
        """The transport is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Bytes of the answer, or bytes that nobody asked for."""
        if self._reader is None:
            # Nobody asked: the connection cannot be trusted with another request.
            self.abort()
            return
        now = self._loop.time()
        self._paused = self._paused or now - self._last > self._longest
        self._last = now
        if not self._reader.received:
            self._mark, self._paused = (now, 0), False
        self._reader.feed(data)
        error = tls.broken(self._secure)
        if error is not None:
            self._reader.lost(said(error))
        self._settle()
        if error is not None:
            self.abort()

    def eof_received(self) -> bool:
        """The other side is done."""
        if self._reader is not None:
            self._reader.eof()
            self._settle()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The transport is gone."""
        if self._reader is not None:
            if exc is None:
                self._reader.eof()
            else:
                self._reader.lost(said(exc))
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
        patience = min(self._patience, GRACE_SECONDS) if reader.impatient else self._patience
        left = min(self._last + patience - now, self._deadline - wall)
        ended = "the whole exchange took too long" if wall >= self._deadline else f"silent for {patience:g} s"
        steady = not self._paused and now - self._last <= self._longest
        seen = now - self._mark[0]
        if left > 0 and seen >= (min(self._patience, DRIP_SECONDS) if steady else self._patience):
            came = reader.received - self._mark[1]
            if came < LEAST_RATE * seen:
                left, ended = 0.0, f"{came} bytes in {seen:.0f} s, which is too slow to wait for"
            self._mark, self._paused = (now, reader.received), False
        if left <= 0:
            reader.expired(ended)
            self._settle()
        else:
            # Never longer than the grace: a problem may turn up while waiting.
            self._watch = self._loop.call_later(min(left, max(GRACE_SECONDS, 0.01)), self._look)


def said(error: BaseException) -> str:
    """An error in words, with its kind."""
    text = str(error) or type(error).__name__
    return text if isinstance(error, ProxyRefused) else f"{type(error).__name__}: {text}"
