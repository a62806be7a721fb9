"""zstd files (``.warc.zst``), frame by frame, with and without a dictionary in front."""

from __future__ import annotations

import re
from typing import BinaryIO

from archive.warc.streams.base import SKIPPABLE, ZSTD_MAGIC, CompressedStream, Damage

_DICTIONARY = b"\x5d\x2a\x4d\x18"
_FEED = 1 << 15
_MAX_DICTIONARY = 64 << 20
_MAX_WINDOW = 1 << 27


class ZstdStream(CompressedStream):
    """zstd frames; a dictionary may stand in a skippable frame at the beginning (IIPC: WARC Zstandard 1.0)."""

    magic = ZSTD_MAGIC

    def __init__(self, file: BinaryIO, record: re.Pattern[bytes]) -> None:
        import zstandard

        super().__init__(file, record)
        self._packer = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)

    def _begin(self) -> None:
        import zstandard

        while SKIPPABLE.match(self.rest()):
            dictionary = self.rest() == _DICTIONARY
            held = self._skippable()
            if self.damage is not None or not self._see(1):
                self._ended = True
                return
            if dictionary:
                try:
                    words = zstandard.ZstdCompressionDict(_unpacked(held))
                    self._packer = zstandard.ZstdDecompressor(dict_data=words, max_window_size=_MAX_WINDOW)
                    self._packer.decompressobj()  # only now is the dictionary looked at
                except zstandard.ZstdError as error:
                    self._ended = True
                    self.damage = Damage("corrupt-member", f"its dictionary cannot be read ({error})")
                    return
        if self.rest() != ZSTD_MAGIC:
            self.damage, self._ended = Damage("garbage", "bytes that are no zstd frame"), True
            return
        self._done = False
        self._decoder = self._packer.decompressobj()

    def _skippable(self) -> bytes:
        """Pass over a frame that holds no records (a dictionary, something of the writer's own)."""
        self._see(8)
        length = int.from_bytes(self._raw[self._raw_at + 4 : self._raw_at + 8], "little")
        if length > _MAX_DICTIONARY:
            self.damage = Damage("corrupt-member", f"a skippable frame of {length} bytes is larger than is read")
            return b""
        if self._see(8 + length) < 8 + length:
            self.damage = Damage("cut-member", "the file ends inside its dictionary or another skippable frame")
            return b""
        held = self._raw[self._raw_at + 8 : self._raw_at + 8 + length]
        self._raw_at += 8 + length
        self.start = self._raw_start + self._raw_at
        return held

    def _fetch(self) -> bytes:
        import zstandard

        while not self._done:
            if not self._see(1):
                self.damage = Damage("cut-member", "the file ends inside a zstd frame")
                return b""
            feed = self._raw[self._raw_at : self._raw_at + _FEED]
            self._raw_at += len(feed)
            try:
                piece = self._decoder.decompress(feed)
            except zstandard.ZstdError as error:
                self.damage = Damage("corrupt-member", f"the compressed bytes cannot be read ({error})")
                return b""
            if self._decoder.eof:
                self._done = True
                self._raw_at -= len(self._decoder.unused_data)
            if piece:
                return piece
        return b""


def _unpacked(dictionary: bytes) -> bytes:
    """A dictionary as it is used; it may itself be compressed."""
    import zstandard

    if dictionary[:4] != ZSTD_MAGIC:
        return dictionary
    with zstandard.ZstdDecompressor().stream_reader(dictionary) as reader:
        return bytes(reader.read(_MAX_DICTIONARY))
