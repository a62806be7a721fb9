"""Where one HTTP/1 answer ends, found in the bytes as they arrive. The bytes are kept as they came.

As lenient as browsers are, because portals are old: line ends of LF only, no reason phrase, header lines without a
colon, spaces before the colon, bytes that are no ASCII, control characters, folded lines, ``Content-Length: +5``, equal
lengths said twice, Transfer-Encoding together with Content-Length (the former counts, RFC 9112 section 6.3),
``identity`` and ``gzip, chunked``, chunk extensions and trailers, interim answers (1xx) before the final one.
"""

from __future__ import annotations

import re
from typing import Literal

MAX_HEAD = 256 * 1024
MAX_LINE = 64 * 1024
MAX_BEFORE = 256 * 1024
"""Bytes of interim answers and stray line ends before the final one: who sends more never comes to it."""

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/(\d{1,9})(?:\.(\d{1,9}))?[ \t]+(\d{3})(?!\d)")
_HEX = re.compile(rb"[0-9A-Fa-f]{1,15}")
_LENGTH = re.compile(rb"\+?\d{1,18}")

_Place = Literal["head", "length", "chunk-size", "chunk-data", "chunk-end", "trailer", "close", "done"]
Truncation = Literal["length", "time", "disconnect", "unspecified"]


class ResponseReader:
    """Reads one answer.

    Args:
        method: the request's method (HEAD answers have no body).
        max_bytes: an answer that grows longer is cut there: ``truncated`` becomes ``length``.

    Attributes:
        done: the end was found, or the answer was cut.
        status: status code of the final head, once it is complete.
        version: (major, minor) of the final head.
        headers: of the final head, names in lower case, folded values joined, for framing only.
        truncated: why the answer is not whole, in the words of WARC-Truncated.
        problem: what was wrong with its form, when something was.
        keep_alive: the connection can carry another request.
    """

    __slots__ = (
        "_buffer",
        "_end",
        "_method",
        "_place",
        "_position",
        "_remaining",
        "_search",
        "_start",
        "done",
        "headers",
        "keep_alive",
        "max_bytes",
        "problem",
        "status",
        "truncated",
        "version",
    )

    def __init__(self, method: str, *, max_bytes: int = 256 * 1024 * 1024) -> None:
        self._buffer = bytearray()
        self._method = method.upper()
        self._place: _Place = "head"
        self._position = 0  # the next byte to look at
        self._start = 0  # where the final answer begins
        self._end: int | None = None  # where it ends
        self._search = 0  # where the search for the end of the head goes on
        self._remaining = 0
        self.max_bytes = max_bytes
        self.done = False
        self.status: int | None = None
        self.version = (1, 1)
        self.headers: list[tuple[bytes, bytes]] = []
        self.truncated: Truncation | None = None
        self.problem: str | None = None
        self.keep_alive = False

    # -- what came ----------------------------------------------------------------------------------------------

    @property
    def received(self) -> int:
        """Bytes received so far."""
        return len(self._buffer)

    @property
    def response(self) -> bytes:
        """The final answer as it stood on the wire, as far as it came; empty when nothing of a status line came."""
        if self.status is None and not _STATUS.match(self._buffer, self._start):
            return b""
        return bytes(memoryview(self._buffer)[self._start : self._end])

    @property
    def before(self) -> bytes:
        """What stood before the final answer: interim (1xx) heads and stray line ends."""
        return bytes(self._buffer[: self._start])

    @property
    def after(self) -> bytes:
        """What came after its end: bytes that the answer's own length does not cover."""
        return b"" if self._end is None else bytes(self._buffer[self._end :])

    @property
    def garbage(self) -> bytes:
        """What came when it was not HTTP at all."""
        return b"" if self.response else bytes(self._buffer[self._start :])

    # -- what happens -------------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Take bytes from the wire."""
        self._buffer += data
        if not self.done:
            self._advance()
            if not self.done and len(self._buffer) - self._start > self.max_bytes:
                self._cut("length", f"longer than {self.max_bytes} bytes")

    def eof(self) -> None:
        """The other side closed the connection in an orderly way."""
        if self.done:
            return
        if self._place == "close":
            if self.problem:
                self.truncated = "unspecified"
            self._finish(len(self._buffer), keep_alive=False)
        else:
            self._cut("disconnect", self._missing())

    def lost(self, reason: str) -> None:
        """The connection broke (reset, TLS failure)."""
        if not self.done:
            self._cut("disconnect", reason)

    def expired(self, reason: str) -> None:
        """Time ran out."""
        if not self.done:
            self._cut("unspecified" if self.problem else "time", self.problem or reason)

    # -- the steps ----------------------------------------------------------------------------------------------

    def _advance(self) -> None:
        while not self.done:
            if self._place == "head":
                more = self._read_head()
            elif self._place in {"length", "chunk-data"}:
                more = self._skip_data()
            elif self._place == "close":
                self._position = len(self._buffer)
                more = False
            else:
                more = self._read_line()
            if not more:
                return

    def _read_head(self) -> bool:
        buffer = self._buffer
        while bytes(buffer[self._start : self._start + 1]) in {b"\r", b"\n"}:
            self._start += 1
            self._search = self._start
        if self._start > MAX_BEFORE:
            self._start = len(buffer)
            self._cut("length", f"more than {MAX_BEFORE} bytes before the answer")
            return False
        if not self._could_be_http():
            self.problem = "what came is not HTTP"
            self._place = "close"
            return True
        found = _HEAD_END.search(buffer, max(self._start, self._search - 2))
        if found is None:
            self._search = len(buffer)
            if len(buffer) - self._start > MAX_HEAD:
                self._cut("length", f"a head longer than {MAX_HEAD} bytes")
            return False
        head = bytes(buffer[self._start : found.end()])
        status = _STATUS.match(head)
        if status is None:
            self.problem = "the status line has no status"
            self._place = "close"
            return True
        code = int(status[3])
        if 100 <= code < 200 and code != 101:
            self._start = self._search = found.end()
            return True
        self.status = code
        self.version = (int(status[1]), int(status[2] or 0))
        self.headers = parse_fields(head)
        self._position = found.end()
        self._frame()
        return True

    def _could_be_http(self) -> bool:
        seen = bytes(self._buffer[self._start : self._start + 5])
        return b"HTTP/".startswith(seen)

    def _frame(self) -> None:
        """Decide how the end is found (RFC 9112 section 6.3)."""
        options = {token.strip().lower() for token in b",".join(self._values(b"connection")).split(b",")}
        self.keep_alive = b"close" not in options and (self.version >= (1, 1) or b"keep-alive" in options)
        if self._method == "HEAD" or self.status in {204, 304}:
            self._finish(self._position, keep_alive=self.keep_alive)
            return
        if self.status == 101:
            self._place = "close"
            return
        codings = [token.strip().lower() for token in b",".join(self._values(b"transfer-encoding")).split(b",")]
        codings = [token for token in codings if token not in {b"", b"identity"}]
        if b"chunked" in codings:
            self._place = "chunk-size"
            return
        length = None if codings else self._content_length()
        if length is None:
            self._place = "close"
            return
        self._place, self._remaining = "length", length

    def _content_length(self) -> int | None:
        values = [part.strip() for part in b",".join(self._values(b"content-length")).split(b",") if part.strip()]
        if not values:
            return None
        lengths = {int(value) if _LENGTH.fullmatch(value) else -1 for value in values}
        if len(lengths) == 1 and (length := lengths.pop()) >= 0:
            return length
        self.problem = "the lengths contradict each other or are none"
        return None

    def _values(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.headers if key == name]

    def _skip_data(self) -> bool:
        take = min(self._remaining, len(self._buffer) - self._position)
        self._position += take
        self._remaining -= take
        if self._remaining:
            return False
        if self._place == "length":
            self._finish(self._position, keep_alive=self.keep_alive)
        else:
            self._place = "chunk-end"
        return True

    def _read_line(self) -> bool:
        """One line of the chunked coding: a size, the line end after a chunk's data, or a trailer line."""
        newline = self._buffer.find(b"\n", self._position)
        if newline < 0:
            if len(self._buffer) - self._position > MAX_LINE:
                return self._misframed("a line of the chunked coding without an end")
            return False
        line = bytes(self._buffer[self._position : newline]).strip(b"\r")
        after = newline + 1
        if self._place == "chunk-end":
            if line:
                return self._misframed("a chunk longer than its size")
            self._place, self._position = "chunk-size", after
        elif self._place == "trailer":
            self._position = after
            if not line:
                self._finish(after, keep_alive=self.keep_alive)
        else:
            size = _HEX.fullmatch(line.partition(b";")[0].strip())
            if size is None:
                return self._misframed("a chunk without a size")
            self._position = after
            self._remaining = int(size[0], 16)
            self._place = "chunk-data" if self._remaining else "trailer"
        return True

    def _misframed(self, problem: str) -> bool:
        """Keep what comes until the connection closes: bytes are evidence even where the form is broken."""
        self.problem = problem
        self._place = "close"
        return True

    def _missing(self) -> str:
        if self._place == "head":
            return "closed before the head was complete" if self.received else "closed without an answer"
        if self._place == "length":
            return f"closed {self._remaining} bytes before the promised length"
        return "closed before the last chunk"

    def _cut(self, truncated: Truncation, problem: str) -> None:
        self.truncated, self.problem = truncated, problem
        end = len(self._buffer)
        if truncated == "length":
            end = min(end, self._start + self.max_bytes)
        self._finish(end, keep_alive=False)

    def _finish(self, end: int, *, keep_alive: bool) -> None:
        self._end = end
        self._place = "done"
        self.done = True
        self.keep_alive = keep_alive and len(self._buffer) == end


def parse_fields(head: bytes) -> list[tuple[bytes, bytes]]:
    """Header fields of a head, names in lower case and values stripped, for decisions only (never for the archive).

    Lines that begin with white space continue the value before them; lines without a colon are passed over.
    """
    fields: list[tuple[bytes, bytes]] = []
    for raw in head.split(b"\n")[1:]:
        line = raw.rstrip(b"\r")
        if line[:1] in (b" ", b"\t"):
            if fields:
                name, value = fields[-1]
                fields[-1] = (name, value + b" " + line.strip())
            continue
        name, colon, value = line.partition(b":")
        if colon:
            fields.append((name.strip().lower(), value.strip()))
    return fields
