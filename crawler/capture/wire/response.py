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

from archive.warc.heads import HEAD_END, Fields, find_answer, read_fields, read_status
from crawler.capture.wire.body import Body, Head

MAX_HEAD = 256 * 1024
"""As in Chromium. A longer head is cut there, however it arrives."""
MAX_BEFORE = 256 * 1024
"""Bytes of interim answers and stray line ends before the final one: who sends more never comes to it."""

Truncation = Literal["length", "time", "disconnect", "unspecified"]


class ResponseReader:
    """Reads one answer: its head here, how far its body goes by `Body`.

    Args:
        method: the request's method (HEAD answers have no body).
        max_bytes: an answer that grows longer is cut there: ``truncated`` becomes ``length``.

    Attributes:
        done: the end was found, or the answer was cut.
        truncated: why the answer is not whole, in the words of WARC-Truncated.
        keep_alive: the connection can carry another request.
    """

    __slots__ = (
        "_body",
        "_buffer",
        "_cut_for",
        "_end",
        "_head",
        "_method",
        "_search",
        "_start",
        "done",
        "keep_alive",
        "max_bytes",
        "truncated",
    )

    def __init__(self, method: str, *, max_bytes: int = 256 * 1024 * 1024) -> None:
        self._buffer = bytearray()
        self._method = method.upper()
        self._start = 0  # where the final answer begins
        self._search = 0  # where the search for the end of the head goes on
        self._head: Head | None = None
        self._body: Body | None = None
        self._end: int | None = None  # of the answer
        self._cut_for: str | None = None  # the problem for which it was cut
        self.max_bytes = max_bytes
        self.done = False
        self.truncated: Truncation | None = None
        self.keep_alive = False

    # -- what came ----------------------------------------------------------------------------------------------

    @property
    def status(self) -> int | None:
        """Status code of the final head, once it is complete."""
        return self._head.status if self._head else None

    @property
    def version(self) -> tuple[int, int]:
        """(major, minor) of the final head."""
        return self._head.version if self._head else (1, 1)

    @property
    def headers(self) -> Fields:
        """Of the final head, names in lower case, folded values joined, for decisions only."""
        return self._head.fields if self._head else []

    @property
    def problem(self) -> str | None:
        """What was wrong with its form, when something was."""
        if self._cut_for is not None or self._body is None:
            return self._cut_for
        return self._body.problem

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
        if self.done:
            return
        self._advance()
        if not self.done and len(self._buffer) - self._start > self.max_bytes:
            self._cut("length", f"longer than {self.max_bytes} bytes")

    @property
    def impatient(self) -> bool:
        """Nothing more is sure to come: a short silence is the end."""
        return self.problem is not None or self._doubt is not None

    @property
    def _doubt(self) -> str | None:
        return self._body.doubt if self._body else None

    def eof(self) -> None:
        """The other side closed the connection in an orderly way."""
        if self.done:
            return
        body = self._body
        if body is None:
            reason = "closed before the head was complete" if self.received else "closed without an answer"
            self._cut("disconnect", reason)
        elif not body.ends_with_connection(self.received):
            self._cut("disconnect", body.missing(self.received))
        else:
            if body.closes_in_doubt():
                self.truncated = "unspecified"
            self._finish(self.received, keep_alive=False)

    def lost(self, reason: str) -> None:
        """The connection broke (reset, TLS failure)."""
        if not self.done:
            self._cut("disconnect", reason)

    def expired(self, reason: str) -> None:
        """Time ran out."""
        if self.done:
            return
        if self._body is not None and self._body.has_hinted(self.received):
            self._finish(self.received, keep_alive=False)
        elif self.impatient:
            self._cut("unspecified", self.problem or f"{self._doubt}, and the connection stayed open")
        else:
            self._cut("time", reason)

    # -- the steps ----------------------------------------------------------------------------------------------

    def _advance(self) -> None:
        while self._body is None:
            if not self._read_head():
                return
        body = self._body
        if body.end is None:
            body.read(self._buffer)
        if body.overflow is not None:
            self._cut("length", body.overflow)
        elif body.end is not None:
            self._finish(body.end, keep_alive=self._head is not None and self._head.keep_alive)

    def _read_head(self) -> bool:
        """Read the next head, be it an interim one; whether there was one."""
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
            self._body = Body(0, "what came is not HTTP")
            return True
        found = HEAD_END.search(buffer, max(self._start, self._search - 3))
        if begin < 0 or found is None or found.end() - begin > MAX_HEAD:
            self._search = len(buffer)
            if begin >= 0 and len(buffer) - begin > MAX_HEAD:
                self._cut("length", f"a head longer than {MAX_HEAD} bytes", MAX_HEAD)
            return False
        line = read_status(buffer, begin)
        if line is None:
            self._body = Body(0, "the status line has no status")
            return True
        if 100 <= line.status < 200 and line.status != 101:
            self._start = self._search = found.end()
            return True
        self._start = begin
        head = bytes(buffer[begin : found.end()])
        fields = [(name.lower(), value) for name, value in read_fields(head)]
        self._head = Head(line.status, line.version, fields)
        self._body = Body.of(self._head, found.end(), asked_for_head=self._method == "HEAD")
        return True

    def _cut(self, truncated: Truncation, problem: str, limit: int | None = None) -> None:
        self.truncated = truncated
        self._cut_for = problem
        if self._head is None:
            # The final answer may have begun behind stray bytes.
            begin = find_answer(self._buffer, self._start)
            if begin is not None and begin >= 0 and read_status(self._buffer, begin) is not None:
                self._start = begin
        end = len(self._buffer)
        if truncated == "length":
            end = min(end, self._start + (limit or self.max_bytes))
        self._finish(end, keep_alive=False)

    def _finish(self, end: int, *, keep_alive: bool) -> None:
        self._end = end
        self.done = True
        self.keep_alive = keep_alive and len(self._buffer) == end
