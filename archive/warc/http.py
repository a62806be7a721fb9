"""HTTP/1.x messages as they stood on the wire: heads are read without being changed, bodies are decoded when asked.

Readers of web archives meet what servers really send: lines that end in LF alone, folded lines, header bytes in GBK,
chunks with extensions, bodies cut in the middle, a coding that is declared and not applied. Nothing here raises on such
a message: what can be decoded is, and the message says with ``complete`` whether all of it could.

Rules: RFC 9112 sections 2.2 (line ends), 5.2 (folding), 6.1 and 7.1 (transfer coding); RFC 9110 section 8.4 (content
coding).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field

from archive._errors import WarcError

MAX_CONTENT = 1 << 30
"""Content that would decode to more bytes than this is refused: no page or report comes near, a bomb does."""

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d+(?:\.\d+)?[ \t]+(\d{3})(?:[ \t](.*))?$", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]*)?\r?$")
_GZIP_MAGIC = b"\x1f\x8b"
_STEP = 1 << 14
_ZSTD_STEP = 512  # four bytes can stand for 128 KiB, and its decoder cannot be told where to stop


def split_head(block: bytes) -> int:
    """Offset of the first byte after the head (an empty line ends it, CRLF or LF); -1 when nothing ends it."""
    end = _HEAD_END.search(block)
    return end.end() if end else -1


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes after removing codings; ``complete`` is false when some could not be (cut off or malformed)."""

    data: bytes
    complete: bool


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """One request or response.

    Attributes:
        block: the bytes as archived.
        start_line: first line without its end.
        status: status code of a response, None for a request or an unreadable line.
        reason: reason phrase as sent.
        method, target: of a request, else empty.
        headers: names and values in order; values without surrounding blanks, folded lines joined by one blank,
            otherwise untouched. Lines without a colon are left out.
        body_start: offset in ``block`` of the first byte after the head; ``len(block)`` when the head has no end.
        interim: status codes of 1xx responses that came before this one in the same block.
    """

    block: bytes
    start_line: bytes
    status: int | None
    reason: bytes
    method: bytes
    target: bytes
    headers: list[tuple[bytes, bytes]] = field(repr=False)
    body_start: int
    interim: tuple[int, ...] = ()

    @classmethod
    def parse(cls, block: bytes) -> HttpMessage:
        """Read a message; an unreadable start line leaves ``status`` and ``method`` empty."""
        start, interim = 0, []
        while True:
            end = _HEAD_END.search(block, start)
            body = end.end() if end else len(block)
            lines = block[start:body].split(b"\n")
            first = lines[0].rstrip(b"\r")
            status = _STATUS.match(first)
            code = int(status[1]) if status else None
            # 103 Early Hints and 100 Continue precede the answer itself on the same connection
            if code is not None and 100 <= code < 200 and code != 101 and block[body : body + 5] == b"HTTP/":
                interim.append(code)
                start = body
                continue
            break
        method, _, rest = (b"", b"", b"") if status else first.partition(b" ")
        target = rest.rpartition(b" ")[0] if rest.rpartition(b" ")[2].upper().startswith(b"HTTP/") else rest
        return cls(
            block=block,
            start_line=first,
            status=code,
            reason=(status[2] or b"") if status else b"",
            method=method,
            target=target,
            headers=_headers(lines[1:]),
            body_start=body,
            interim=tuple(interim),
        )

    def header(self, name: str) -> str | None:
        """First value of a header, as Latin-1 text (``value.encode("latin-1")`` gives the bytes back), or None."""
        wanted = name.lower().encode("latin-1")
        for key, value in self.headers:
            if key.lower() == wanted:
                return value.decode("latin-1")
        return None

    def header_all(self, name: str) -> list[str]:
        """All values of a header in order, as Latin-1 text."""
        wanted = name.lower().encode("latin-1")
        return [value.decode("latin-1") for key, value in self.headers if key.lower() == wanted]

    @property
    def head(self) -> bytes:
        """Start line and headers with the empty line that ends them."""
        return self.block[: self.body_start]

    @property
    def body(self) -> bytes:
        """Everything after the head, as it came."""
        return self.block[self.body_start :] if self.body_start < len(self.block) else b""

    def entity(self) -> bytes:
        """The body without transfer coding; of a cut body what arrived. This is WARC's payload of an HTTP message."""
        return self.read_entity().data

    def read_entity(self) -> Decoded:
        """As `entity`, saying whether the transfer coding was whole.

        Content-Length is not applied: archives hold messages whose length belongs to another coding of the body.
        """
        body = self.body
        complete = True
        for coding in reversed(self._codings("transfer-encoding")):
            step = dechunk(body) if coding == "chunked" else _decode(coding, body, MAX_CONTENT)
            body, complete = step.data, complete and step.complete
        return Decoded(body, complete)

    def content(self, *, limit: int = MAX_CONTENT) -> bytes:
        """The body without transfer and content coding: what the page or file itself is.

        A coding that is declared and not applied is ignored, of a damaged one the readable part is kept.

        Raises:
            WarcError: it would decode to more than ``limit`` bytes.
        """
        return self.read_content(limit=limit).data

    def read_content(self, *, limit: int = MAX_CONTENT) -> Decoded:
        """As `content`, saying whether every coding was whole."""
        entity = self.read_entity()
        body, complete = entity.data, entity.complete
        for coding in reversed(self._codings("content-encoding")):
            step = _decode(coding, body, limit)
            body, complete = step.data, complete and step.complete
        return Decoded(body, complete)

    def _codings(self, name: str) -> list[str]:
        values = ",".join(self.header_all(name)).lower().split(",")
        return [coding for value in values if (coding := value.partition(";")[0].strip()) not in {"", "identity"}]


def dechunk(body: bytes) -> Decoded:
    """Remove the chunked coding. A body that does not even begin with a chunk is returned as it is, not complete."""
    parts: list[bytes] = []
    position = 0
    while True:
        line_end = body.find(b"\n", position, position + 4096)
        size = _CHUNK_SIZE.match(body[position:line_end]) if line_end >= 0 else None
        if size is None:
            return Decoded(b"".join(parts) if position else body, not body)
        length = int(size[1], 16)
        position = line_end + 1
        if length == 0:
            return Decoded(b"".join(parts), True)
        parts.append(body[position : position + length])
        position += length
        if position >= len(body):
            return Decoded(b"".join(parts), False)
        position += 2 if body[position : position + 2] == b"\r\n" else body[position : position + 1] == b"\n"


def _headers(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    headers: list[tuple[bytes, bytes]] = []
    for line in lines:
        if line[:1] in {b" ", b"\t"}:
            if headers and (more := line.strip()):
                name, value = headers[-1]
                headers[-1] = (name, value + b" " + more if value else more)
            continue
        name, colon, value = line.partition(b":")
        if colon:
            headers.append((name.strip(), value.strip()))
    return headers


def _decode(coding: str, data: bytes, limit: int) -> Decoded:
    if not data:
        return Decoded(data, True)
    if coding in {"gzip", "x-gzip"}:
        return _gunzip(data, limit)
    if coding == "deflate":
        return _inflate(data, limit)
    if coding == "br":
        return _unbrotli(data, limit)
    if coding == "zstd":
        return _unzstd(data, limit)
    return Decoded(data, False)


def _gunzip(data: bytes, limit: int) -> Decoded:
    """All members; what follows the last one is padding, which gunzip and browsers ignore too."""
    if data[:2] != _GZIP_MAGIC:
        return Decoded(data, False)
    parts: list[bytes] = []
    size = start = 0
    while data[start : start + 2] == _GZIP_MAGIC:
        out, end = _drain(31, data, limit - size, start)
        parts.append(out)
        size += len(out)
        if end is None:
            return Decoded(b"".join(parts), False)
        start = end
    return Decoded(b"".join(parts), True)


def _inflate(data: bytes, limit: int) -> Decoded:
    """``deflate`` is zlib by the standard and raw deflate by many servers."""
    for window in (15, -15):
        out, end = _drain(window, data, limit)
        if out or end is not None:
            return Decoded(out, end is not None)
    return Decoded(data, False)


def _drain(window: int, data: bytes, limit: int, begin: int = 0) -> tuple[bytes, int | None]:
    """The zlib stream at ``begin`` and where it ends (None when nowhere), in steps: damage keeps what is before it."""
    decoder = zlib.decompressobj(window)
    parts: list[bytes] = []
    size = 0
    for start in range(begin, len(data), _STEP):
        piece = data[start : start + _STEP]
        try:
            out = decoder.decompress(piece, limit - size + 1)
        except zlib.error:
            break
        parts.append(out)
        size += len(out)
        if size > limit:
            raise _too_large(limit)
        if decoder.eof:
            return b"".join(parts), start + len(piece) - len(decoder.unused_data)
    return b"".join(parts), None


def _unbrotli(data: bytes, limit: int) -> Decoded:
    import brotli

    decoder = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        for start in range(0, len(data), _STEP):
            out = decoder.process(data[start : start + _STEP])
            parts.append(out)
            size += len(out)
            if size > limit:
                raise _too_large(limit)
    except brotli.error:
        return Decoded(b"".join(parts) or data, False)
    return Decoded(b"".join(parts), bool(decoder.is_finished()))


def _unzstd(data: bytes, limit: int) -> Decoded:
    import zstandard

    parts: list[bytes] = []
    size = 0
    begin = 0
    while begin < len(data):
        frame = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
        for start in range(begin, len(data), _ZSTD_STEP):
            piece = data[start : start + _ZSTD_STEP]
            try:
                out = frame.decompress(piece)
            except zstandard.ZstdError:
                return Decoded(b"".join(parts) or data, False)
            parts.append(out)
            size += len(out)
            if size > limit:
                raise _too_large(limit)
            if frame.eof:
                break
        if not frame.eof:
            return Decoded(b"".join(parts) or data, False)
        begin = start + len(piece) - len(frame.unused_data)
    return Decoded(b"".join(parts), True)


def _too_large(limit: int) -> WarcError:
    return WarcError(f"the content decodes to more than {limit} bytes", advice="Read it as it came, with --block")
