"""Uncompressed bytes of archive files of any origin, member by member, with every byte accounted for.

Plain files, gzip (`archive.warc.streams.gzip`) and zstd (`archive.warc.streams.zstd`), in bounded memory. A stream does
not raise on damage: it says in ``damage`` why a member ended early and finds the next one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import BinaryIO

GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
"""How zstd frames begin that hold no data of the stream (RFC 8878, 3.1.2)."""

_BOM = b"\xef\xbb\xbf"
WINDOW = 1 << 18
_LINE = 4096
_LONGEST_MATCH = 8  # of a pattern for `Stream.take_through`


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
        return self.file.read(WINDOW)


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
            window = self.file.read(WINDOW)
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
            self._raw, self._raw_at = rest + self.file.read(max(WINDOW, count)), 0
            held = len(self._raw)
        return held

    def _begin(self) -> None:
        raise NotImplementedError
