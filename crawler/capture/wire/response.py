"""Where one HTTP/1 answer ends, found in the bytes as they arrive. The bytes are kept as they came.

Heads and chunks are read by `archive.warc.heads` and `archive.warc.chunks`, by which the archive reads them again. As
lenient as browsers are, because portals are old. Of framing: equal lengths said twice, Transfer-Encoding together with
Content-Length (the former counts, RFC 9112 section 6.3), ``identity`` and ``gzip, chunked``, chunks announced by an
HTTP/1.0 server that sends none, interim answers (1xx) before the final one. A length that is no number counts as none:
the answer ends with the connection; where a number can be guessed in it (``707;``), less than that is a cut answer, and
silence after that many bytes is its end.
"""

from __future__ import annotations

from typing import Literal

from archive.warc.chunks import MAX_CHUNKS, ChunkReader
from archive.warc.heads import (
    HEAD_END,
    Fields,
    codings_of,
    find_answer,
    read_fields,
    read_length,
    read_status,
    values_of,
)

MAX_HEAD = 256 * 1024
"""As in Chromium. A longer head is cut there, however it arrives."""
MAX_BEFORE = 256 * 1024
"""Bytes of interim answers and stray line ends before the final one: who sends more never comes to it."""

_Place = Literal["head", "length", "chunks", "close", "done"]
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
        headers: of the final head, names in lower case, folded values joined, for decisions only.
        truncated: why the answer is not whole, in the words of WARC-Truncated.
        problem: what was wrong with its form, when something was.
        keep_alive: the connection can carry another request.
    """

    __slots__ = (
        "_body",
        "_buffer",
        "_chunks",
        "_doubt",
        "_end",
        "_hinted",
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
        self._body = 0  # and its body
        self._end: int | None = None  # where it ends
        self._search = 0  # where the search for the end of the head goes on
        self._remaining = 0
        self._chunks = ChunkReader()
        self._hinted: int | None = None  # bytes of body that an unreadable length seems to promise
        self._doubt: str | None = None  # why nobody can tell whether all came, should the connection stay open
        self.max_bytes = max_bytes
        self.done = False
        self.status: int | None = None
        self.version = (1, 1)
        self.headers: Fields = []
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
        if self.status is None and read_status(self._buffer, self._start) is None:
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

    @property
    def impatient(self) -> bool:
        """Nothing more is sure to come: a short silence is the end."""
        return self.problem is not None or self._doubt is not None

    def eof(self) -> None:
        """The other side closed the connection in an orderly way."""
        if self.done:
            return
        if self._place == "close" and len(self._buffer) >= self._body + (self._hinted or 0):
            if self.problem:
                self.truncated = "unspecified"
            self._finish(len(self._buffer), keep_alive=False)
        elif self._place == "chunks" and (self._chunks.ended or self._knows_no_chunks()):
            self._finish(len(self._buffer), keep_alive=False)
        else:
            self._cut("disconnect", self._missing())

    def lost(self, reason: str) -> None:
        """The connection broke (reset, TLS failure)."""
        if not self.done:
            self._cut("disconnect", reason)

    def expired(self, reason: str) -> None:
        """Time ran out."""
        if self.done:
            return
        if self._hinted is not None and len(self._buffer) >= self._body + self._hinted:
            self._finish(len(self._buffer), keep_alive=False)
        elif self.impatient:
            self._cut("unspecified", self.problem or f"{self._doubt}, and the connection stayed open")
        else:
            self._cut("time", reason)

    # -- the steps ----------------------------------------------------------------------------------------------

    def _advance(self) -> None:
        while not self.done:
            if self._place == "head":
                more = self._read_head()
            elif self._place == "length":
                more = self._skip_data()
            elif self._place == "chunks":
                more = self._read_chunks()
            else:
                self._position = len(self._buffer)
                more = False
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
        begin = find_answer(buffer, self._start)
        if begin is None:
            return self._unreadable("what came is not HTTP")
        found = HEAD_END.search(buffer, max(self._start, self._search - 3))
        if begin < 0 or found is None or found.end() - begin > MAX_HEAD:
            self._search = len(buffer)
            if begin >= 0 and len(buffer) - begin > MAX_HEAD:
                self._cut("length", f"a head longer than {MAX_HEAD} bytes", MAX_HEAD)
            return False
        line = read_status(buffer, begin)
        if line is None:
            return self._unreadable("the status line has no status")
        if 100 <= line.status < 200 and line.status != 101:
            self._start = self._search = found.end()
            return True
        self._start = begin
        self.status, self.version = line.status, line.version
        head = bytes(buffer[begin : found.end()])
        self.headers = [(name.lower(), value) for name, value in read_fields(head)]
        self._position = self._body = found.end()
        self._frame()
        return True

    def _frame(self) -> None:
        """Decide how the end is found (RFC 9112 section 6.3)."""
        options = {token.strip().lower() for token in b",".join(values_of(self.headers, b"connection")).split(b",")}
        self.keep_alive = b"close" not in options and (self.version >= (1, 1) or b"keep-alive" in options)
        if self._method == "HEAD" or self.status in {204, 304}:
            self._finish(self._position, keep_alive=self.keep_alive)
            return
        self._place = "close"
        if self.status == 101:
            return
        codings = codings_of(self.headers, b"transfer-encoding")
        if "chunked" in codings:
            self._place = "chunks"
            self._chunks = ChunkReader(self._position)
            return
        if codings:
            return
        length = read_length(self.headers)
        self.problem, self._hinted = length.problem, length.hinted
        if length.unreadable:
            self._doubt = "the length is no number"
        if length.bytes is not None:
            self._place, self._remaining = "length", length.bytes

    def _skip_data(self) -> bool:
        take = min(self._remaining, len(self._buffer) - self._position)
        self._position += take
        self._remaining -= take
        if self._remaining:
            return False
        self._finish(self._position, keep_alive=self.keep_alive)
        return True

    def _read_chunks(self) -> bool:
        chunks = self._chunks
        if not chunks.read(self._buffer):
            return False
        if chunks.problem is None:
            self._finish(chunks.position, keep_alive=self.keep_alive)
        elif chunks.whole >= MAX_CHUNKS:
            self._cut("length", chunks.problem)
        elif self._knows_no_chunks():
            self._place = "close"
        else:
            return self._unreadable(chunks.problem)
        return True

    def _knows_no_chunks(self) -> bool:
        """Chunks announced by an HTTP/1.0 server that sends none: browsers take no notice."""
        return self.version < (1, 1) and not self._chunks.begun

    def _unreadable(self, problem: str) -> bool:
        """Keep what comes until the connection closes: bytes are evidence even where the form is broken."""
        self.problem = problem
        self._place = "close"
        return True

    def _missing(self) -> str:
        if self._place == "head":
            return "closed before the head was complete" if self.received else "closed without an answer"
        if self._place == "length":
            return f"closed {self._remaining} bytes before the promised length"
        if self._hinted is not None:
            return f"closed {self._body + self._hinted - len(self._buffer)} bytes before the promised length"
        return "closed before the last chunk"

    def _cut(self, truncated: Truncation, problem: str, limit: int | None = None) -> None:
        self.truncated, self.problem = truncated, problem
        begin = find_answer(self._buffer, self._start) if self.status is None else None
        if begin is not None and begin >= 0 and read_status(self._buffer, begin) is not None:
            self._start = begin
        end = len(self._buffer)
        if truncated == "length":
            end = min(end, self._start + (limit or self.max_bytes))
        self._finish(end, keep_alive=False)

    def _finish(self, end: int, *, keep_alive: bool) -> None:
        self._end = end
        self._place = "done"
        self.done = True
        self.keep_alive = keep_alive and len(self._buffer) == end
