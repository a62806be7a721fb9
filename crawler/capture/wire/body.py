"""Where the body of one answer ends (RFC 9112 section 6.3), found in its bytes as they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archive.warc.chunks import MAX_CHUNKS, ChunkReader
from archive.warc.heads import Fields, codings_of, read_length, values_of


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer.

    Attributes:
        version: (major, minor).
        fields: names in lower case, folded values joined.
    """

    status: int
    version: tuple[int, int]
    fields: Fields

    @property
    def keep_alive(self) -> bool:
        """Whether the connection may carry another request behind this answer."""
        named = b",".join(values_of(self.fields, b"connection")).split(b",")
        options = {token.strip().lower() for token in named}
        return b"close" not in options and (self.version >= (1, 1) or b"keep-alive" in options)


class Body:
    """How far a body goes.

    Args:
        begin: where it begins in the bytes received.
        problem: what was wrong with the form of what came before.

    Attributes:
        end: where it ends; None until that is known.
        problem: what is wrong with its form, when something is.
        doubt: why nobody can tell whether all came, should the connection stay open.
        hinted: bytes that an unreadable length seems to promise.
        overflow: why it is cut here: more pieces than anybody sends in earnest.
    """

    __slots__ = ("_chunks", "_kind", "_length", "_old", "begin", "doubt", "end", "hinted", "overflow", "problem")

    def __init__(self, begin: int, problem: str | None = None) -> None:
        self._kind: Literal["length", "chunks", "close"] = "close"
        self._length = 0
        self._chunks = ChunkReader()
        self._old = False
        self.begin = begin
        self.end: int | None = None
        self.problem = problem
        self.doubt: str | None = None
        self.hinted: int | None = None
        self.overflow: str | None = None

    @classmethod
    def of(cls, head: Head, begin: int, *, asked_for_head: bool) -> Body:
        """The body that follows a head."""
        body = cls(begin)
        body._old = head.version < (1, 1)
        if asked_for_head or head.status in {204, 304}:
            body.end = begin
            return body
        if head.status == 101:
            return body  # another protocol from here on: nothing says where it ends
        codings = codings_of(head.fields, b"transfer-encoding")
        if "chunked" in codings:
            body._kind = "chunks"
            body._chunks = ChunkReader(begin)
            return body
        if codings:
            return body
        length = read_length(head.fields)
        body.problem, body.hinted = length.problem, length.hinted
        if length.unreadable:
            body.doubt = "the length is no number"
        if length.bytes is not None:
            body._kind, body._length = "length", length.bytes
        return body

    def read(self, data: bytearray) -> None:
        """Look at what has come since."""
        if self._kind == "length" and len(data) >= self.begin + self._length:
            self.end = self.begin + self._length
        elif self._kind == "chunks" and self._chunks.read(data):
            self._read_chunks()

    def _read_chunks(self) -> None:
        chunks = self._chunks
        if chunks.problem is None:
            self.end = chunks.position
        elif chunks.whole >= MAX_CHUNKS:
            self.overflow = chunks.problem
        elif self._knows_no_chunks():
            self._kind = "close"
        else:
            # What comes until the connection closes is kept: bytes are evidence even where the form is broken.
            self.problem = chunks.problem
            self._kind = "close"

    def ends_with_connection(self, received: int) -> bool:
        """Whether the body is all there when the other side closes after so many bytes in an orderly way."""
        if self._kind == "close":
            return received >= self.begin + (self.hinted or 0)
        return self._kind == "chunks" and (self._chunks.ended or self._knows_no_chunks())

    def has_hinted(self, received: int) -> bool:
        """Whether as many bytes came as an unreadable length seems to promise."""
        return self.hinted is not None and received >= self.begin + self.hinted

    def missing(self, received: int) -> str:
        """What is not there when the connection closes."""
        if self._kind == "length":
            return f"closed {self.begin + self._length - received} bytes before the promised length"
        if self.hinted is not None:
            return f"closed {self.begin + self.hinted - received} bytes before the promised length"
        return "closed before the last chunk"

    def closes_in_doubt(self) -> bool:
        """Whether what came until the connection closed had a form that is broken."""
        return self._kind == "close" and self.problem is not None

    def _knows_no_chunks(self) -> bool:
        """Chunks announced by an HTTP/1.0 server that sends none: browsers take no notice."""
        return self._old and not self._chunks.begun
