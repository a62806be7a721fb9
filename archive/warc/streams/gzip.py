"""gzip files, member by member: every trailer is checked, and what can be read of a broken member is given."""

from __future__ import annotations

import zlib
from typing import cast

from isal import igzip_lib

from archive.warc.streams.base import GZIP_MAGIC, WINDOW, CompressedStream, Damage

_GzipError = cast("type[Exception]", igzip_lib.error)  # its stubs call it an instance
_FEED = 1 << 15
_FIRST_FEED = 1 << 12  # what is fed behind the end of a member has to be copied back, and most are small
_PIECE = 1 << 20
_SMALL_STEP = 1024


class GzipStream(CompressedStream):
    """gzip, any number of members; every trailer (CRC-32 and length) is checked."""

    magic = GZIP_MAGIC

    def _begin(self) -> None:
        self._decoder = igzip_lib.IgzipDecompressor(igzip_lib.DECOMP_GZIP)
        self._done = False
        self._feed = _FIRST_FEED
        first = self.rest()[:3]
        if first != GZIP_MAGIC:
            cut = GZIP_MAGIC.startswith(first)
            self.damage = (
                Damage("cut-member", "the file ends inside the header of a gzip member")
                if cut
                else Damage("garbage", "bytes that are no gzip member")
            )
            self._ended = True

    def _fetch(self) -> bytes:
        decoder = self._decoder
        while not self._done:
            feed = b""
            if decoder.needs_input:
                if not self._see(1):
                    self.damage = self._cut()
                    return b""
                feed = self._raw[self._raw_at : self._raw_at + self._feed]
                self._raw_at += len(feed)
                self._feed = _FEED
            try:
                piece = decoder.decompress(feed, _PIECE)
            except _GzipError as error:
                return self._salvage(str(error))
            if decoder.eof:
                self._done = True
                self._raw_at -= len(decoder.unused_data)
            if piece:
                return bytes(piece)
        return b""

    def _cut(self) -> Damage:
        """The file ends inside a member: inside its data, or inside the trailer only."""
        self.file.seek(self.start)
        raw = self.file.read()
        whole = _deflate_end(raw)
        self._seek(self.size)
        if whole is None:
            return Damage("cut-member", f"the file ends inside a gzip member of which {len(raw)} bytes are there")
        return Damage("missing-trailer", f"the file ends {8 - (len(raw) - whole)} bytes before the gzip member's end")

    def _salvage(self, reason: str) -> bytes:
        """What can be read of a broken member, when none of it has been given out yet."""
        wrong_sum = "checksum" in reason.lower()
        self.damage = (
            Damage("bad-checksum", "the bytes do not fit the checksum or length in the gzip trailer")
            if wrong_sum
            else Damage("corrupt-member", f"the compressed bytes cannot be read ({reason})")
        )
        self._ended = True
        if self._plain:
            return b""
        self.file.seek(self.start)
        return _readable_part(self.file.read(WINDOW))


def _readable_part(raw: bytes) -> bytes:
    """What a broken gzip member gives before its first fault (at most about `_PIECE` bytes)."""
    decoder = zlib.decompressobj(31)
    parts: list[bytes] = []
    size = 0
    for at in range(0, len(raw), _SMALL_STEP):
        before = decoder.copy()
        try:
            parts.append(decoder.decompress(raw[at : at + _SMALL_STEP], _PIECE))
        except zlib.error:
            # the step with the fault once more, byte by byte
            try:
                for byte in raw[at : at + _SMALL_STEP]:
                    parts.append(before.decompress(bytes([byte])))  # noqa: PERF401 - what came before a fault stays
            except zlib.error:
                break
        size += len(parts[-1])
        if decoder.eof or size > _PIECE:
            break
    return b"".join(parts)


def _deflate_end(raw: bytes) -> int | None:
    """Length of a gzip member's header and data, without trailer; None when the data themselves do not end."""
    flags = raw[3] if len(raw) > 10 else 0
    at = 10
    if flags & 4:
        at += 2 + int.from_bytes(raw[at : at + 2], "little")
    for flag in (8, 16):
        if flags & flag:
            at = raw.find(b"\0", at) + 1 or len(raw)
    if flags & 2:
        at += 2
    decoder = zlib.decompressobj(-15)
    try:
        while at < len(raw) and not decoder.eof:
            decoder.decompress(raw[at : at + _FEED])
            at += _FEED
    except zlib.error:
        return None
    return min(at, len(raw)) - len(decoder.unused_data) if decoder.eof else None
