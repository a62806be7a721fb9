"""Content and transfer codings undone as browsers undo them, with a word for what was wrong.

What can be decoded is: of a damaged stream the readable part, of one whose checksum does not fit all of it. A coding
that is declared and not applied, or that nobody knows (``Content-Encoding: utf-8``), leaves the bytes as they are.

Nothing decodes without end: a limit on the size, and one on how often something may be coded.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from archive.errors import WarcError

MAX_CONTENT = 1 << 30
"""Content that would decode to more bytes than this is refused: no page or report comes near, a bomb does."""
MAX_CODINGS = 5
"""Codings on top of each other; nothing real has more than two."""

Fault = Literal["absent", "unknown", "cut", "damaged", "checksum"]
"""What was wrong with a coding: declared and not applied; of a name nobody knows; the stream breaks off; it is no such
stream from some byte on; all of it could be read, and the checksum at its end does not fit."""

_GZIP_MAGIC = b"\x1f\x8b"
_RAW, _ZLIB, _GZIP = -15, 15, 31  # what zlib expects around a stream (``wbits``)
_STEP = 1 << 14
_ZSTD_STEP = 512  # four bytes can stand for 128 KiB, and its decoder cannot be told where to stop


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes after removing codings; ``fault`` says what was wrong, None that all was as it should be."""

    data: bytes
    fault: Fault | None = None

    @property
    def complete(self) -> bool:
        """Whether every declared coding was there and whole."""
        return self.fault is None


def decode(codings: Sequence[str], data: bytes, limit: int = MAX_CONTENT) -> Decoded:
    """Undo ``codings`` (lower case, in the order in which they were applied).

    Raises:
        WarcError: a layer would decode to more than ``limit`` bytes, or there are more than `MAX_CODINGS` layers.
    """
    if len(codings) > MAX_CODINGS:
        raise WarcError(
            f"the content is coded {len(codings)} times over, and no more than {MAX_CODINGS} codings are undone",
            advice="Read it as it came, with --block",
        )
    fault: Fault | None = None
    for coding in reversed(codings):
        step = _decode(coding, data, limit)
        data, fault = step.data, fault or step.fault
    return Decoded(data, fault)


def _decode(coding: str, data: bytes, limit: int) -> Decoded:
    if not data:
        return Decoded(data)
    if coding in {"gzip", "x-gzip"}:
        return _gunzip(data, limit)
    if coding == "deflate":
        return _inflate(data, limit)
    if coding == "br":
        return _unbrotli(data, limit)
    if coding == "zstd":
        return _unzstd(data, limit)
    return Decoded(data, "unknown")


def _gunzip(data: bytes, limit: int) -> Decoded:
    """All members; what follows the last one is padding, which gunzip and browsers ignore too.

    zlib reads and checks the wrapper, which costs least; it throws the last bytes away where the checksum does not fit,
    and browsers do not look at it: then, as with all that does not end well, the stream is read without its wrapper.
    """
    if data[:2] != _GZIP_MAGIC:
        return Decoded(data, "absent")
    parts: list[bytes] = []
    fault: Fault | None = None
    size = start = 0
    while data[start : start + 2] == _GZIP_MAGIC:
        out, end, _ = _drain(data, limit - size, start, _GZIP)
        if end is not None:
            parts.append(out)
            size += len(out)
            start = end
            continue
        begin = _gzip_head(data, start)
        if begin is None:
            return Decoded(b"".join(parts), "cut")
        out, end, damaged = _drain(data, limit - size, begin)
        parts.append(out)
        size += len(out)
        if end is None:
            return Decoded(b"".join(parts), "damaged" if damaged else "cut")
        if len(data) == end:  # the stream has its end, and some servers write no checksum behind it
            break
        if data[end : end + 8] != zlib.crc32(out).to_bytes(4, "little") + (len(out) & 0xFFFFFFFF).to_bytes(4, "little"):
            fault = "checksum" if len(data) >= end + 8 else "cut"
        start = end + 8
    return Decoded(b"".join(parts), fault)


def _gzip_head(data: bytes, start: int) -> int | None:
    """Where the deflate stream of the member at ``start`` begins (RFC 1952 section 2.3); None when that is cut off."""
    flags = data[start + 3] if len(data) > start + 3 else 0
    position = start + 10
    if flags & 4:
        position += 2 + int.from_bytes(data[position : position + 2], "little")
    for flag in (8, 16):
        if flags & flag:
            position = data.find(b"\0", position) + 1
            if position == 0:
                return None
    if flags & 2:
        position += 2
    return position if position <= len(data) else None


def _inflate(data: bytes, limit: int) -> Decoded:
    """``deflate`` is zlib by the standard and raw deflate by many servers."""
    wrapped = len(data) > 1 and data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    if wrapped:
        out, end, _ = _drain(data, limit, 0, _ZLIB)
        if end is not None:
            return Decoded(out)
    for begin in (2, 0) if wrapped else (0,):
        out, end, damaged = _drain(data, limit, begin)
        if end is not None:
            fits = not begin or len(data) == end or data[end : end + 4] == zlib.adler32(out).to_bytes(4, "big")
            return Decoded(out, None if fits else "checksum" if len(data) >= end + 4 else "cut")
        if out:
            return Decoded(out, "damaged" if damaged else "cut")
    return Decoded(data, "absent")


def _drain(data: bytes, limit: int, begin: int, form: int = _RAW) -> tuple[bytes, int | None, bool]:
    """The stream at ``begin``, where it ends (None when nowhere), and whether it is damaged.

    In steps: damage keeps what is before it (of a raw stream; one in a wrapper is read again as such).
    """
    decoder = zlib.decompressobj(form)
    parts: list[bytes] = []
    size = 0
    for start in range(begin, len(data), _STEP):
        piece = data[start : start + _STEP]
        try:
            out = decoder.decompress(piece, limit - size + 1)
        except zlib.error:
            if form != _RAW:
                return b"", None, True
            parts.append(_before_damage(data, begin, start, len(piece), limit - size))
            return b"".join(parts), None, True
        parts.append(out)
        size += len(out)
        if size > limit:
            raise _too_large(limit)
        if decoder.eof:
            return b"".join(parts), start + len(piece) - len(decoder.unused_data), False
    return b"".join(parts), None, False


def _before_damage(data: bytes, begin: int, start: int, length: int, limit: int) -> bytes:
    """What can still be read of the step in which a stream is damaged: its bytes one by one."""
    decoder = zlib.decompressobj(_RAW)
    for at in range(begin, start, _STEP):
        decoder.decompress(data[at : min(at + _STEP, start)])
    parts: list[bytes] = []
    size = 0
    try:
        for at in range(start, start + length):
            parts.append(decoder.decompress(data[at : at + 1], limit - size + 1))
            size += len(parts[-1])
            if size > limit:
                raise _too_large(limit)
    except zlib.error:
        pass
    return b"".join(parts)


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
        return Decoded(b"".join(parts) or data, "damaged" if any(parts) else "absent")
    return Decoded(b"".join(parts), None if decoder.is_finished() else "cut")


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
                return Decoded(b"".join(parts) or data, "damaged" if any(parts) else "absent")
            parts.append(out)
            size += len(out)
            if size > limit:
                raise _too_large(limit)
            if frame.eof:
                break
        if not frame.eof:
            return Decoded(b"".join(parts) or data, "cut")
        begin = start + len(piece) - len(frame.unused_data)
    return Decoded(b"".join(parts))


def _too_large(limit: int) -> WarcError:
    return WarcError(f"the content decodes to more than {limit} bytes", advice="Read it as it came, with --block")
