"""Columns of texts as few bytes: what the rows of one reading say beside their values is packed together.

Locators of one document differ in their numbers only (row, column, the third paragraph), and neighbours by one. So the
digits of a text are taken out of it, texts that are then the same are kept once, and each number is kept as its
distance from the one before; what is left is compressed. Texts without such likeness are kept as they are.

A pack begins with its version: what an earlier one says is read for ever, a later one is refused. Reading a pack never
takes more than `LARGEST` bytes, whatever stands in it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Final

from archive.errors import DamagedPack

VERSION: Final = 1
LARGEST: Final = 256 << 20
"""So many bytes may a pack come to: far more than the largest document that is read."""

_DIGITS = re.compile(r"[0-9]{1,17}")
_PLAIN, _LIKE = 0, 1
_MORE = 0x80
_LEVEL = 9

Text = str | None


def pack(columns: Sequence[Sequence[Text]]) -> bytes:
    """Columns of any lengths as bytes; the same columns always give the same.

    Raises:
        UnicodeEncodeError: a text holds half a character.
    """
    body = bytearray(_number(len(columns)))
    for column in columns:
        body += _column(column)
    return bytes([VERSION]) + zlib.compress(bytes(body), _LEVEL)


def unpack(data: bytes) -> list[list[Text]]:
    """The columns of a pack.

    Raises:
        DamagedPack: it cannot be read.
    """
    if not data or data[0] != VERSION:
        raise DamagedPack("was packed by another version" if data else "holds nothing")
    machine = zlib.decompressobj()
    try:
        body = machine.decompress(memoryview(data)[1:], LARGEST)
    except zlib.error as error:
        raise DamagedPack(f"is damaged ({error})") from error
    if not machine.eof or machine.unused_data:
        raise DamagedPack("is cut off or larger than any reading")
    source = _Source(body)
    try:
        columns = [_read_column(source) for _ in range(source.count())]
    except (IndexError, UnicodeDecodeError) as error:
        raise DamagedPack(f"is damaged ({error})") from error
    if source.at != len(body):
        raise DamagedPack("goes on behind its end")
    return columns


@dataclass(slots=True)
class _Source:
    """Bytes that are read from the front."""

    data: bytes
    at: int = 0

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & ~_MORE) << shift
            if byte < _MORE:
                return value
            shift += 7

    def numbers(self, count: int) -> Sequence[int]:
        """So many numbers, one behind the other."""
        few = self.data[self.at : self.at + count]
        if len(few) == count and few.isascii():  # all in one byte each, as nearly always: the bytes are the numbers
            self.at += count
            return few
        return self._longer(count)

    def _longer(self, count: int) -> list[int]:
        """As `number`, for many; a call for each would take longer than what it does."""
        data, at = self.data, self.at
        found = []
        for _ in range(count):
            byte = data[at]
            at += 1
            if byte < _MORE:
                found.append(byte)
                continue
            value = shift = 0
            while byte >= _MORE:
                value |= (byte & ~_MORE) << shift
                shift += 7
                byte = data[at]
                at += 1
            found.append(value | byte << shift)
        self.at = at
        return found

    def count(self) -> int:
        """A number of things each of which takes room in the pack, or is cheap."""
        found = self.number()
        if found > LARGEST:
            raise DamagedPack("holds more than any reading")
        return found

    def text(self) -> str:
        size = self.number()
        end = self.at + size
        if end > len(self.data):
            raise DamagedPack("is cut off")
        found = self.data[self.at : end].decode()
        self.at = end
        return found


def _column(texts: Sequence[Text]) -> bytes:
    """The shorter way of writing it, by the number of texts that differ in more than their digits."""
    like = _Like.of(texts)
    if len(like.frames) * 2 <= len(texts):
        return bytes([_LIKE]) + like.written()
    body = bytearray([_PLAIN])
    body += _number(len(texts))
    for text in texts:
        body += _number(0) if text is None else _number(1) + _text(text)
    return bytes(body)


def _read_column(source: _Source) -> list[Text]:
    kind = source.number()
    if kind == _LIKE:
        return _Like.read(source)
    if kind != _PLAIN:
        raise DamagedPack("is damaged (no such kind of column)")
    return [source.text() if source.number() else None for _ in range(source.count())]


@dataclass(slots=True)
class _Like:
    """A column by its frames (texts without their digits); ``which`` has for each text that of its frame.

    Frame 0 is no text at all.
    """

    which: list[int] = field(default_factory=list)
    frames: list[tuple[str, ...]] = field(default_factory=lambda: [()])
    numbers: list[list[tuple[int, ...]]] = field(default_factory=lambda: [[]])

    @classmethod
    def of(cls, texts: Sequence[Text]) -> _Like:
        made = cls()
        known: dict[tuple[str, ...], int] = {}
        for text in texts:
            if text is None:
                made.which.append(0)
                continue
            frame = tuple(_DIGITS.split(text))
            at = known.get(frame)
            if at is None:
                at = known[frame] = len(made.frames)
                made.frames.append(frame)
                made.numbers.append([])
            made.which.append(at)
            made.numbers[at].append(tuple(map(_as_number, _DIGITS.findall(text))))
        return made

    def written(self) -> bytes:
        body = bytearray(_number(len(self.frames) - 1))
        for frame in self.frames[1:]:
            body += _number(len(frame))
            for part in frame:
                body += _text(part)
        runs: list[list[int]] = []
        for at in self.which:
            if runs and runs[-1][0] == at:
                runs[-1][1] += 1
            else:
                runs.append([at, 1])
        body += _number(len(runs))
        for at, length in runs:
            body += _number(at) + _number(length)
        for rows in self.numbers:
            for numbers in zip(*rows, strict=True):
                before = 0
                for number in numbers:
                    body += _number(_unsigned(number - before))
                    before = number
        return bytes(body)

    @classmethod
    def read(cls, source: _Source) -> list[Text]:
        frames: list[list[str]] = [[]]
        frames += [[source.text() for _ in range(source.count())] for _ in range(source.count())]
        runs: list[tuple[int, int]] = []
        counts = [0] * len(frames)
        total = 0
        for _ in range(source.count()):
            at, length = source.number(), source.count()
            total += length
            if total > LARGEST:
                raise DamagedPack("holds more than any reading")
            counts[at] += length
            runs.append((at, length))
        texts: list[Sequence[Text]] = [[None] * counts[0]]
        texts += [_filled(frame, count, source) for frame, count in zip(frames[1:], counts[1:], strict=True)]
        found: list[Text] = []
        taken = [0] * len(frames)
        for at, length in runs:
            found += texts[at][taken[at] : taken[at] + length]
            taken[at] += length
        return found


def _filled(frame: Sequence[str], count: int, source: _Source) -> list[str]:
    """The texts of one frame, its digits put back."""
    if len(frame) == 1:
        return [frame[0]] * count
    columns: list[Iterable[str]] = []
    for _ in frame[1:]:
        steps = source.numbers(count)
        distances = map(_SIGNED.__getitem__, steps) if isinstance(steps, bytes) else map(_signed, steps)
        columns.append(map(_as_digits, accumulate(distances)))
    pattern = "%s".join(part.replace("%", "%%") for part in frame)
    return [pattern % row for row in zip(*columns, strict=True)]


def _as_number(digits: str) -> int:
    """Digits as a number; an odd one says that they begin with zeros."""
    return int("1" + digits) * 2 + 1 if digits[0] == "0" and len(digits) > 1 else int(digits) * 2


@lru_cache(4096)
def _as_digits(number: int) -> str:
    return str(number >> 1)[1:] if number & 1 else str(number >> 1)


def _unsigned(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _signed(number: int) -> int:
    return -((number + 1) >> 1) if number & 1 else number >> 1


_SIGNED: Final = tuple(map(_signed, range(_MORE)))
"""`_signed` of all numbers of one byte."""


def _number(value: int) -> bytes:
    """A number from 0 on, seven bits a byte, the lowest first."""
    if value < _MORE:
        return bytes((value,))
    found = bytearray()
    while value >= _MORE:
        found.append(value & ~_MORE & 0xFF | _MORE)
        value >>= 7
    found.append(value)
    return bytes(found)


def _text(text: str) -> bytes:
    data = text.encode()
    return _number(len(data)) + data
