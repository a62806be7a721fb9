"""The chunked transfer coding (RFC 9112 section 7.1), read in the bytes as they arrive or in a body that is all there.

The wire finds the end of an answer with it and the archive the payload, so both see the same. More lenient than
browsers in form (lines that end in LF alone or in several CRs, spaces around the size, extensions of any length up to
`MAX_LINE`), and as strict in substance: data that is longer than its chunk says is damage.
"""

from __future__ import annotations

import re
from typing import Literal

from archive.warc.codings import Decoded

MAX_LINE = 64 * 1024
MAX_CHUNKS = 1_000_000
"""More chunks than this in one answer: somebody sends a byte at a time."""

_SIZE = re.compile(rb"0*([0-9A-Fa-f]{1,15})")
_LETTER = re.compile(rb"[ \t0-9]*[A-Fa-f]")
_NEXT = re.compile(rb"\r\n0{0,32}([0-9A-Fa-f]{1,15})\r\n")
"""What nearly always stands between the data of two chunks."""

_Place = Literal["size", "data", "data-end", "trailer", "done", "broken"]


class ChunkReader:
    """Follows the chunks of one body.

    Args:
        position: where in the buffer the body begins.
        collect: note where the data lies, in ``spans``.

    Attributes:
        position: the next byte to look at; after the end, the first byte behind the body.
        whole: chunks read with the line end behind their data.
        spans: (begin, end) of the data of each chunk, as far as it came.
        problem: what is wrong with the form, once something is.
    """

    __slots__ = ("_collect", "_place", "_remaining", "position", "problem", "spans", "whole")

    def __init__(self, position: int = 0, *, collect: bool = False) -> None:
        self.position = position
        self.whole = 0
        self.spans: list[tuple[int, int]] = []
        self.problem: str | None = None
        self._collect = collect
        self._place: _Place = "size"
        self._remaining = 0

    @property
    def ended(self) -> bool:
        """The last chunk was read, though perhaps not all of the trailer."""
        return self._place in {"trailer", "done"}

    @property
    def done(self) -> bool:
        """The last chunk and the trailer were read."""
        return self._place == "done"

    @property
    def begun(self) -> bool:
        """A first size was read."""
        return self.whole > 0 or self._place not in {"size", "broken"}

    @property
    def missing(self) -> int:
        """Bytes of the chunk under way that did not come."""
        return self._remaining

    def read(self, buffer: bytes | bytearray) -> bool:
        """Go on as far as ``buffer`` reaches; true when the end was found or the form is broken."""
        while True:
            if self._place in {"done", "broken"}:
                return True
            if self._place == "data":
                self._skim(buffer)
                take = min(self._remaining, len(buffer) - self.position)
                if self._collect and take:
                    self.spans.append((self.position, self.position + take))
                self.position += take
                self._remaining -= take
                if self._remaining:
                    return False
                self._place = "data-end"
            newline = buffer.find(b"\n", self.position, self.position + MAX_LINE)
            if newline < 0:
                if len(buffer) - self.position >= MAX_LINE:
                    self._break("a line of the chunked coding without an end")
                    return True
                return False
            self._take_line(bytes(buffer[self.position : newline]).rstrip(b"\r"), newline + 1)

    def _skim(self, buffer: bytes | bytearray) -> None:
        """Pass over chunks that are all there and of the common form: some answers have a thousand of them."""
        position, remaining, whole = self.position, self._remaining, self.whole
        spans = self.spans if self._collect else None
        # The last chunk, and one too many, are left to the exact reading.
        while (found := _NEXT.match(buffer, position + remaining)) and whole < MAX_CHUNKS - 1:
            size = int(found[1], 16)
            if not size:
                break
            if spans is not None:
                spans.append((position, position + remaining))
            whole += 1
            position, remaining = found.end(), size
        self.position, self._remaining, self.whole = position, remaining, whole

    def _take_line(self, line: bytes, after: int) -> None:
        if self._place == "data-end":
            if line:
                self._break("a chunk longer than its size")
                return
            self.whole += 1
            self._place = "size"
            if self.whole >= MAX_CHUNKS:
                self._break(f"more than {MAX_CHUNKS} chunks")
        elif self._place == "trailer":
            if not line:
                self._place = "done"
        else:
            size = _SIZE.fullmatch(line.partition(b";")[0].strip())
            if size is None:
                self._break("a chunk without a size")
                return
            self._remaining = int(size[1], 16)
            self._place = "data" if self._remaining else "trailer"
        self.position = after

    def _break(self, problem: str) -> None:
        self.problem = problem
        self._place = "broken"


def dechunk(body: bytes, *, cut: bool = False) -> Decoded:
    """Remove the chunked coding; of a body that breaks off what came.

    Some archives keep the head of a chunked answer over a body without chunks. What shows no whole chunk is taken for
    such a body, and returned as it is: ``2023`` at the head of a table is no size, nor is ``5`` above ``10``. A size
    with a letter in it (``1ff8``) is believed although its chunk breaks off.

    Args:
        body: everything after the head.
        cut: the answer is known to have been cut off, so that its only chunk may be the beginning of one.
    """
    if not body:
        return Decoded(body)
    reader = ChunkReader(collect=True)
    reader.read(body)
    data = b"".join([body[begin:end] for begin, end in reader.spans])
    if reader.ended:
        return Decoded(data)
    begun = bool(reader.spans) and reader.problem is None
    if reader.whole or (begun and (cut or not reader.missing or _LETTER.match(body))):
        return Decoded(data, "damaged" if reader.problem else "cut")
    return Decoded(body, "absent")
