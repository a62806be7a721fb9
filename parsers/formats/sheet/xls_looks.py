"""How an old workbook shows its cells: `sheetlooks` for .xls.

The stream ``Workbook`` of the compound file is walked record by record; calamine gives the values. Only what changes
them for a reader is taken: strings of which parts are struck through, white or raised, cells whose font is, number
formats, hidden rows and columns.

Sources: [MS-CFB] 2 (compound files), [MS-XLS] 2.4 (records), 2.5.293 (strings).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.formats import contrast
from parsers.formats.sheet import number_formats
from parsers.formats.sheet.cell_styles import MAX_ROWS, Font, Looks, Style, put

_END = 0xFFFFFFFA  # sector numbers from here on have other meanings
_VERSION = 0x0600  # BIFF8; older ones have other strings
_BOF, _EOF, _CONTINUE = 0x0809, 0x000A, 0x003C
_BOUNDSHEET, _FONT, _FORMAT, _XF, _PALETTE, _SST = 0x0085, 0x0031, 0x041E, 0x00E0, 0x0092, 0x00FC
_ROW, _COLINFO, _LABELSST, _NUMBER, _RK, _MULRK, _FORMULA = 0x0208, 0x007D, 0x00FD, 0x0203, 0x027E, 0x00BD, 0x0006
_WHITES = frozenset({1, 9})
_STRUCK = 0x0008
_SOLID = 1

Record = tuple[int, int, bytes]  # where it begins, kind, content
Run = tuple[int, int]  # from which letter on, which font


@dataclass(slots=True)
class _Book:
    """What the sheets of a workbook share."""

    sheets: list[tuple[int, str]] = field(default_factory=list)
    fonts: list[Font] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=lambda: dict(number_formats.KNOWN))
    cells: list[bytes] = field(default_factory=list)
    strings: list[tuple[str, list[Run]]] = field(default_factory=list)
    palette: dict[int, contrast.Colour] = field(default_factory=dict)

    def font(self, number: int) -> Font:
        """A font by its number; there is none with the number 4."""
        at = number - (number > 4)
        return self.fonts[at] if at < len(self.fonts) else Font()

    def style(self, number: int) -> Style:
        """How a cell is set."""
        if number >= len(self.cells) or len(self.cells[number]) < 20:
            return Style()
        entry = self.cells[number]
        font, code = struct.unpack_from("<HH", entry)
        pattern, colours = struct.unpack_from("<IH", entry, 14)
        ground = contrast.WHITE if pattern >> 26 == 0 else None
        if pattern >> 26 == _SOLID:
            ground = self.colour(colours & 0x7F)
        return Style(self.font(font), ground, self.codes.get(code, "General"))

    def colour(self, number: int) -> contrast.Colour | None:
        """A colour of the palette; None for those that nobody says are white."""
        return self.palette.get(number, contrast.WHITE if number in _WHITES else None)


def read(data: bytes) -> dict[str, Looks] | None:
    """The looks of each sheet, by its name; None for workbooks older than 1997.

    Raises:
        struct.error, IndexError, ValueError: the file is damaged.
    """
    records = list(_records(_stream(data)))
    if not records or records[0][1] != _BOF or struct.unpack_from("<H", records[0][2])[0] != _VERSION:
        return None
    book = _book(records)
    starts = {at: index for index, (at, _, _) in enumerate(records)}
    return {name: _sheet(book, records, starts[at]) for at, name in book.sheets if at in starts}


def _stream(data: bytes) -> bytes:
    """The stream ``Workbook`` of a compound file."""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    first_entry, _, least, first_small, _, first_more, _ = struct.unpack_from("<7I", data, 48)
    size = 1 << shift

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def numbers(content: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])

    tables = [number for number in struct.unpack_from("<109I", data, 76) if number < _END]
    while first_more < _END and len(tables) * size <= len(data):
        *listed, first_more = numbers(sector(first_more))
        tables += [number for number in listed if number < _END]
    following = [number for table in tables for number in numbers(sector(table))]

    def chain(start: int, after: list[int] | tuple[int, ...]) -> Iterator[int]:
        passed = 0
        while start < _END and passed <= len(after):
            yield start
            start = after[start]
            passed += 1

    directory = b"".join(sector(number) for number in chain(first_entry, following))
    entries: dict[str, tuple[int, int]] = {}
    for at in range(0, len(directory) - 127, 128):
        length, begin, long = (
            *struct.unpack_from("<H", directory, at + 64),
            *struct.unpack_from("<II", directory, at + 116),
        )
        name = directory[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        entries.setdefault(name, (begin, long))
    begin, long = entries["Workbook"]
    if long >= least:
        return b"".join(sector(number) for number in chain(begin, following))[:long]
    container = b"".join(sector(number) for number in chain(entries["Root Entry"][0], following))
    after = numbers(b"".join(sector(number) for number in chain(first_small, following)))
    small = 1 << small_shift
    return b"".join(container[number * small : (number + 1) * small] for number in chain(begin, after))[:long]


def _records(stream: bytes) -> Iterator[Record]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _book(records: list[Record]) -> _Book:
    book = _Book()
    for index, (_, kind, content) in enumerate(records):
        if kind == _EOF:
            break
        if kind == _BOUNDSHEET:
            book.sheets.append((struct.unpack_from("<I", content)[0], _name(content[6:], content[6], content[7], 2)))
        elif kind == _PALETTE:
            for at in range(struct.unpack_from("<H", content)[0]):
                red, green, blue = content[2 + 4 * at : 5 + 4 * at]
                book.palette[8 + at] = (red / 255, green / 255, blue / 255)
        elif kind == _FONT:
            _, flags, colour, _, lifted = struct.unpack_from("<5H", content)
            book.fonts.append(Font(bool(flags & _STRUCK), lifted in {1, 2}, book.colour(colour)))
        elif kind == _FORMAT:
            number, length = struct.unpack_from("<HH", content)
            book.codes[number] = _name(content, length, content[4], 5)
        elif kind == _XF:
            book.cells.append(content)
        elif kind == _SST:
            parts = [content[8:]]
            for _, more, rest in records[index + 1 :]:
                if more != _CONTINUE:
                    break
                parts.append(rest)
            book.strings = list(_strings(parts, struct.unpack_from("<I", content, 4)[0]))
    return book


def _name(content: bytes, length: int, flags: int, start: int) -> str:
    wide = flags & 1
    return content[start : start + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _strings(parts: list[bytes], count: int) -> Iterator[tuple[str, list[Run]]]:
    """The shared strings; their letters may go on in the next record, which says anew how wide they are."""
    at, part = 0, 0

    def take(length: int) -> bytes:
        nonlocal at, part
        found = b""
        while len(found) < length:
            piece = parts[part][at : at + length - len(found)]
            found += piece
            at += len(piece)
            if len(found) < length:
                part, at = part + 1, 0
        return found

    for _ in range(count):
        length, flags = struct.unpack("<HB", take(3))
        runs = struct.unpack("<H", take(2))[0] if flags & 8 else 0
        more = struct.unpack("<I", take(4))[0] if flags & 4 else 0
        text = ""
        while len(text.encode("utf-16-le")) // 2 < length:
            if at >= len(parts[part]):
                part, at = part + 1, 0
                flags = take(1)[0]
            width = 1 + (flags & 1)
            left = length - len(text.encode("utf-16-le")) // 2
            here = min(left, (len(parts[part]) - at) // width)
            text += take(here * width).decode("utf-16-le" if width == 2 else "latin-1", "surrogatepass")
        found = [struct.unpack("<HH", take(4)) for _ in range(runs)]
        take(more)
        yield text, [(start, font) for start, font in found]


def _sheet(book: _Book, records: list[Record], start: int) -> Looks:
    looks = Looks()
    depth = 0
    for _, kind, content in records[start:]:
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            break
        if kind == _ROW and struct.unpack_from("<I", content, 12)[0] & 0x20:
            looks.rows.add(struct.unpack_from("<H", content)[0])
        elif kind == _COLINFO:
            first, last, width, _, flags = struct.unpack_from("<5H", content)
            if flags & 1 or width == 0:
                looks.columns.update(range(first, min(last, 255) + 1))
        elif kind == _LABELSST:
            row, column, style, number = struct.unpack_from("<HHHI", content)
            text = _label(book, book.style(style), *book.strings[number])
            if text is not None:
                looks.texts[row, column] = text
        else:
            for row, column, style, value in _numbers(kind, content):
                stored = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
                shown = put(stored, book.style(style))
                if shown is not None and row < MAX_ROWS:
                    looks.texts[row, column] = shown
    return looks


def _label(book: _Book, style: Style, text: str, runs: list[Run]) -> str | None:
    """A string as its cell shows it; None where that is all of it."""
    if not runs:
        return None if style.font.shows_on(style.ground) else ""
    bounds = [0, *(start for start, _ in runs), len(text)]
    fonts = [style.font, *(book.font(number) for _, number in runs)]
    stretches = [text[a:b] for a, b in pairwise(bounds)]
    return "".join(font.put(part, style.ground) for part, font in zip(stretches, fonts, strict=True))


def _numbers(kind: int, content: bytes) -> Iterator[tuple[int, int, int, float]]:
    """The numbers that a record holds, with their places and styles."""
    if kind == _NUMBER or (kind == _FORMULA and content[12:14] != b"\xff\xff"):
        row, column, style, value = struct.unpack_from("<HHHd", content)
        yield row, column, style, value
    elif kind == _RK:
        row, column, style, packed = struct.unpack_from("<HHHI", content)
        yield row, column, style, _unpacked(packed)
    elif kind == _MULRK:
        row, first = struct.unpack_from("<HH", content)
        for at in range((len(content) - 6) // 6):
            style, packed = struct.unpack_from("<HI", content, 4 + 6 * at)
            yield row, first + at, style, _unpacked(packed)


def _unpacked(packed: int) -> float:
    """A number packed into 30 bits ([MS-XLS] 2.5.217)."""
    if packed & 2:
        value = float(struct.unpack("<i", struct.pack("<I", packed))[0] >> 2)
    else:
        value = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))[0]
    return value / 100 if packed & 1 else value
