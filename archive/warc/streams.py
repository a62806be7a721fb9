"""Uncompressed bytes of archive files of any origin, member by member, with every byte accounted for.

Plain files, gzip (every trailer is checked) and zstd (``.warc.zst``, with and without dictionary), in bounded memory. A
stream does not raise on damage: it says in ``damage`` why a member ended early and finds the next one.
"""

from __future__ import annotations

import os
import re
import zlib
from dataclasses import dataclass
from typing import BinaryIO, cast

from isal import igzip_lib

GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
"""How zstd frames begin that hold no data of the stream (RFC 8878, 3.1.2)."""

_GzipError = cast("type[Exception]", igzip_lib.error)  # its stubs call it an instance
_BOM = b"\xef\xbb\xbf"
_WINDOW = 1 << 18
_FEED = 1 << 15
_FIRST_FEED = 1 << 12  # what is fed behind the end of a member has to be copied back, and most are small
_PIECE = 1 << 20
_LINE = 4096
_SMALL_STEP = 1024
_LONGEST_MATCH = 8  # of a pattern for `Stream.take_through`
_MAX_DICTIONARY = 64 << 20
_MAX_ZSTD_WINDOW = 1 << 27


@dataclass(frozen=True, slots=True)
class Damage:
    """Why a compressed member could not be read to its end."""

    code: str
    message: str


class Stream:
    """Uncompressed bytes of a file. This class reads plain files, where the whole file is the one member.

    ``start`` is the offset in the file of the current member, ``damage`` why it ended early, if it did. ``record``
    matches what a record begins with; the next one is found by it after damage.
    """

    compressed = False

    def __init__(self, file: BinaryIO, record: re.Pattern[bytes]) -> None:
        self.file = file
        self.record = record
        self.size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self.start = 0
        self.damage: Damage | None = None
        self._buffer = b""
        self._at = 0
        self._plain = 0  # offset of the buffer's end, uncompressed
        self._ended = True  # nothing to read until a member is entered
        self._opened = False

    def next_member(self) -> bool:
        """Go on to the next member; False at the end of the file."""
        if self._opened or not self.size:
            return False
        self._opened, self._ended = True, False
        return True

    @property
    def at_member_start(self) -> bool:
        """Whether nothing of the current member has been taken yet."""
        return self.distance == 0

    def tell(self) -> int:
        """Offset in the file at which the next byte can be found: of the byte itself, or of its member."""
        return self.distance

    @property
    def distance(self) -> int:
        """How many uncompressed bytes of the member have been taken."""
        return self._plain - len(self._buffer) + self._at

    def mark(self) -> int:
        """Offset in the file of the first byte that does not belong to what was taken (compressed: to the member)."""
        return self.tell()

    def peek(self, count: int) -> bytes:
        """Up to ``count`` bytes without taking them; fewer only at the end of the member."""
        while len(self._buffer) - self._at < count and self._more():
            pass
        return self._buffer[self._at : self._at + count]

    def more(self) -> bool:
        """Whether anything of the member is left. At its end this is what checks the trailer."""
        return self._at < len(self._buffer) or self._more()

    def skip(self, count: int) -> None:
        """Take bytes that were peeked."""
        self._at += count

    def take(self, count: int) -> bytes:
        """The next bytes, at most ``count``; nothing only at the end of the member."""
        if self._at == len(self._buffer) and not self._more():
            return b""
        piece = self._buffer[self._at : self._at + count]
        self._at += len(piece)
        return piece

    def take_through(self, pattern: re.Pattern[bytes], limit: int) -> bytes | None:
        """Take everything up to the end of the first match within ``limit`` bytes; None (and nothing taken) without."""
        searched = 0
        while True:
            found = pattern.search(self._buffer, self._at + searched)
            if found:
                taken = self._buffer[self._at : found.end()]
                self._at = found.end()
                return taken
            searched = max(0, len(self._buffer) - self._at - _LONGEST_MATCH)
            if len(self._buffer) - self._at > limit or not self._more():
                return None

    def take_head(self, limit: int) -> bytes | None:
        """Take everything up to the first empty line within ``limit`` bytes; None (and nothing taken) without one.

        Line ends may be CRLF or LF.
        """
        while True:
            buffer, at = self._buffer, self._at
            end = buffer.find(b"\n\r\n", at) + 3
            bare = buffer.find(b"\n\n", at, end if end > 2 else len(buffer)) + 2
            end = bare if bare > 1 else end
            if end > 2:
                self._at = end
                return buffer[at:end]
            if len(buffer) - at > limit or not self._more():
                return None

    def carry(self, data: bytes) -> None:
        """Put bytes before the current member: a record's header that began in the one before."""
        self._buffer = data + self._buffer[self._at :]
        self._at = 0
        self._plain += len(data)

    def find_record(self) -> bool:
        """Within this member, go to where the next record seems to begin; otherwise to the member's end."""
        if self.peek(3) == _BOM and self.record.match(self.peek(3 + _LINE), 3):  # an editor put it there
            self._at += 3
            return True
        while True:
            line = self._buffer.find(b"\n", self._at)
            while line >= 0:
                if len(self._buffer) - line <= _LINE:
                    self._at = line
                    break
                if self.record.match(self._buffer, line + 1):
                    self._at = line + 1
                    return True
                line = self._buffer.find(b"\n", line + 1)
            else:
                self._at = len(self._buffer)
            if self._more():
                continue
            line = self._buffer.find(b"\n", self._at)
            while line >= 0:
                if self.record.match(self._buffer, line + 1):
                    self._at = line + 1
                    return True
                line = self._buffer.find(b"\n", line + 1)
            self._at = len(self._buffer)
            return False

    def resync(self) -> bool:
        """After damage, go to the next member that begins with a record; False when there is none."""
        return False

    def enter(self, offset: int) -> bool:
        """Go to ``offset``, where a record begins; False when that is behind the end."""
        self.file.seek(offset)
        self._buffer, self._at, self._plain = b"", 0, offset
        self._opened, self._ended = True, False
        return offset < self.size

    def _more(self) -> bool:
        """Make the buffer longer; False at the end of the member."""
        if self._ended:
            return False
        piece = self._fetch()
        if not piece:
            self._ended = True
            return False
        rest = self._buffer[self._at :]
        self._buffer = rest + piece if rest else piece
        self._at = 0
        self._plain += len(piece)
        return True

    def _fetch(self) -> bytes:
        return self.file.read(_WINDOW)


class CompressedStream(Stream):
    """Compressed files: a window on the file, one decoder per member."""

    compressed = True
    magic = b""

    def __init__(self, file: BinaryIO, record: re.Pattern[bytes]) -> None:
        super().__init__(file, record)
        self._raw = b""
        self._raw_at = 0
        self._raw_start = 0  # offset in the file of the window

    def next_member(self) -> bool:
        """Go on to the next member; False at the end of the file, and after damage (see `resync`)."""
        while not self._ended and self._opened:  # what was not taken is passed over, to reach the member's end
            self._at = len(self._buffer)
            self._more()
        self._buffer, self._at, self._plain = b"", 0, 0
        if self.damage is not None:
            return False
        self._opened = True
        self.start = self._raw_start + self._raw_at
        if not self._see(1):
            self._ended = True
            return False
        self._ended = False
        self._begin()
        return True

    def tell(self) -> int:
        """Offset in the file of the current member."""
        return self.start

    def rest(self) -> bytes:
        """Up to four bytes at the place where the next member should begin."""
        self._see(4)
        return self._raw[self._raw_at : self._raw_at + 4]

    def mark(self) -> int:
        """Offset in the file of the first byte behind the member that was read to its end."""
        return self._raw_start + self._raw_at

    def resync(self) -> bool:
        """After damage, go to the next member that begins with a record; False when there is none."""
        place = self.start + 1
        while True:
            self.file.seek(place)
            window = self.file.read(_WINDOW)
            if len(window) < len(self.magic):
                self.damage, self._ended = None, True
                self._seek(self.size)
                return False
            found = window.find(self.magic)
            while found >= 0:
                self.damage, self._opened, self._ended = None, False, True
                self._seek(place + found)
                if self.next_member() and self.record.match(self.peek(_LINE)):
                    return True
                found = window.find(self.magic, found + 1)
            place += len(window) - len(self.magic) + 1

    def enter(self, offset: int) -> bool:
        """Go to the first member from ``offset`` on that begins with a record; False when there is none."""
        self.start = offset - 1
        return self.resync()

    def _seek(self, offset: int) -> None:
        self.file.seek(offset)
        self._raw, self._raw_at, self._raw_start = b"", 0, offset

    def _see(self, count: int) -> int:
        """Have at least ``count`` raw bytes at hand if the file has them; returns how many there are."""
        held = len(self._raw) - self._raw_at
        if held < count:
            rest = self._raw[self._raw_at :]
            self._raw_start += self._raw_at
            self.file.seek(self._raw_start + len(rest))
            self._raw, self._raw_at = rest + self.file.read(max(_WINDOW, count)), 0
            held = len(self._raw)
        return held

    def _begin(self) -> None:
        raise NotImplementedError


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
        return _readable_part(self.file.read(_WINDOW))


class ZstdStream(CompressedStream):
    """zstd frames; a dictionary may stand in a skippable frame at the beginning (IIPC: WARC Zstandard 1.0)."""

    magic = ZSTD_MAGIC

    def __init__(self, file: BinaryIO, record: re.Pattern[bytes]) -> None:
        import zstandard

        super().__init__(file, record)
        self._packer = zstandard.ZstdDecompressor(max_window_size=_MAX_ZSTD_WINDOW)

    def _begin(self) -> None:
        import zstandard

        while SKIPPABLE.match(self.rest()):
            dictionary = self.rest() == ZSTD_DICTIONARY
            held = self._skippable()
            if self.damage is not None or not self._see(1):
                self._ended = True
                return
            if dictionary:
                try:
                    words = zstandard.ZstdCompressionDict(_unpacked(held))
                    self._packer = zstandard.ZstdDecompressor(dict_data=words, max_window_size=_MAX_ZSTD_WINDOW)
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


def open_stream(file: BinaryIO, record: re.Pattern[bytes]) -> Stream:
    """The stream for a file, by its first bytes; ``record`` matches the beginning of a record."""
    file.seek(0)
    first = file.read(4)
    if first[:2] == GZIP_MAGIC[:2]:
        return GzipStream(file, record)
    if first == ZSTD_MAGIC or SKIPPABLE.match(first):
        return ZstdStream(file, record)
    return Stream(file, record)


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
