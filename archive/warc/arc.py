"""ARC files, the format before WARC: their records, and what is wrong with them.

Format: the Internet Archive's ARC 1.0 and 2.0 description of 1996 and what Heritrix and the live web recorder wrote. A
record is a line of 5 (version 1) or 10 (version 2) values, the content, and a line end; the first record (``filedesc://``)
says which. ARC has no record ids and no digests, so only framing, dates and lengths can be checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import BinaryIO

from archive.warc.framing import IN_MEMORY
from archive.warc.problem import Problem, Reporter
from archive.warc.streams.base import Stream
from archive.warc.streams.open import open_stream
from archive.warc.values import number_of, read_date

RECORD = re.compile(
    rb"(?P<url>[A-Za-z][A-Za-z0-9+.\-]*:[^\r\n]{0,65536}) (?P<ip>[0-9A-Fa-f.:]+|-) (?P<date>\d{12,17})"
    rb" (?P<type>[^ \r\n]+)(?: [^ \r\n]+){0,5}? (?P<length>\d+)\r?\n"
)
# where a record is due, a line that is one by its shape, whatever its values are worth
_LINE = re.compile(rb"(?P<url>[A-Za-z][A-Za-z0-9+.\-]*:[^ \r\n]+)(?: [^ \r\n]+){3,}\r?\n")
_LINE_END = re.compile(rb"\n")
_MAX_LINE = 1 << 17
_PIECE = 1 << 20


@dataclass(slots=True)
class ArcFrame:
    """One ARC record. ``block`` is its content as far as it is there (None when larger than is read into memory).

    ``declared`` is -1 where its line says no length.
    """

    offset: int
    url: str
    ip: str
    date: str
    media_type: str
    declared: int
    taken: int
    block: bytes | None = field(repr=False)
    whole: bool

    @property
    def moment(self) -> datetime | None:
        """The archive date, UTC; None when it is none, or of a year in which nothing was captured."""
        digits = self.date[:14].ljust(14, "0")
        day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
        clock = f"{digits[8:10]}:{digits[10:12]}:{digits[12:]}"
        try:
            return read_date(f"{day}T{clock}Z") if digits.isdecimal() else None
        except ValueError:
            return None


def read_arc(file: BinaryIO, report: Reporter) -> Iterator[ArcFrame]:
    """Records of an ARC file in order; what is wrong with their framing goes to ``report``."""
    stream = open_stream(file, RECORD)
    columns = 5
    first = True
    while _at_record(stream, report):
        offset = stream.tell()
        line = stream.take_through(_LINE_END, _MAX_LINE)
        values = _values(line) if line is not None else None
        if values is None or line is None:
            _not_a_record(stream, report, offset, first=first, cut=line is None)
            stream.find_record()
            continue
        frame = _frame(stream, values, offset)
        width = len(line.split())
        if first:
            columns = _columns(frame, report)
        elif width != columns:
            report(
                Problem("bad-field", "nonconformant", f"the record's line holds {width} values, not {columns}", offset)
            )
        if frame.moment is None or len(frame.date) != 14:
            report(Problem("bad-date", "nonconformant", f"{frame.date!r} is no date of 14 digits", offset, frame.url))
        if not is_address(frame.ip):
            report(Problem("bad-address", "nonconformant", f"{frame.ip!r} is no IP address", offset, frame.url))
        first = False
        if frame.declared < 0:
            message = f"the record's length {values['length']!r} is no number: where it ends is found by the next one"
            report(Problem("bad-length", "nonconformant", message, offset, frame.url))
            stream.find_record()
        elif not frame.whole:
            _short(stream, report, frame)
        else:
            _end(stream, report, frame)
        yield frame


def _at_record(stream: Stream, report: Reporter) -> bool:
    while True:
        if stream.more():
            return True
        if stream.damage is not None:
            report(Problem(stream.damage.code, "damaged", stream.damage.message, stream.start))
            if not stream.resync():
                return False
        elif not stream.next_member():
            return False


def _values(line: bytes) -> dict[str, str] | None:
    """What a record's line says, by name; None when it is no such line."""
    found = RECORD.fullmatch(line)
    if found:
        return {name: value.decode("utf-8", "surrogateescape") for name, value in found.groupdict().items()}
    if not _LINE.fullmatch(line):
        return None
    url, ip, date, *rest = line.decode("utf-8", "surrogateescape").split()
    return {"url": url, "ip": ip, "date": date, "type": rest[0], "length": rest[-1]}


def is_address(ip: str) -> bool:
    """Whether it is an IP address, or one of the two ways to say that none is known."""
    try:
        ip_address(ip)
    except ValueError:
        return ip in {"-", "0"}  # not known; the format's own example has 0
    return True


def _frame(stream: Stream, values: dict[str, str], offset: int) -> ArcFrame:
    length = values["length"]
    number = number_of(length)
    declared = -1 if number is None else number
    parts: list[bytes] = []
    taken = 0
    while taken < declared and (piece := stream.take(min(declared - taken, _PIECE))):
        taken += len(piece)
        if declared <= IN_MEMORY:
            parts.append(piece)
    return ArcFrame(
        offset=offset,
        url=values["url"],
        ip=values["ip"],
        date=values["date"],
        media_type=values["type"],
        declared=declared,
        taken=taken,
        block=b"".join(parts) if declared <= IN_MEMORY else None,
        whole=taken == declared,
    )


def _columns(frame: ArcFrame, report: Reporter) -> int:
    """How many values the file's record lines hold, as its first record says."""
    block = frame.block or b""
    if not frame.url.startswith("filedesc:"):
        report(
            Problem("missing-filedesc", "nonconformant", "the first record does not describe the file", frame.offset)
        )
        return 5
    lines = block.split(b"\n")
    version = lines[0].split()
    if not version or version[0] not in {b"1", b"2"}:
        report(
            Problem("bad-version", "nonconformant", "the first record names no ARC version", frame.offset, frame.url)
        )
        return 5
    return 10 if version[0] == b"2" else 5


def _not_a_record(stream: Stream, report: Reporter, offset: int, *, first: bool, cut: bool) -> None:
    if stream.damage is not None:
        return  # said where the damage is
    if cut:
        report(Problem("cut-header", "damaged", "the file ends inside a record's line", offset))
    else:
        message = "does not begin with an ARC record" if first else "bytes that are no ARC record"
        report(Problem("garbage", "damaged", message, offset))


def _short(stream: Stream, report: Reporter, frame: ArcFrame) -> None:
    if stream.damage is not None:
        return
    where = "its compressed member holds" if stream.compressed else "the file ends after"
    code = "wrong-length" if stream.compressed else "cut-record"
    message = f"the record declares {frame.declared} bytes, {where} {frame.taken}"
    report(Problem(code, "damaged", message, frame.offset, frame.url))


def _end(stream: Stream, report: Reporter, frame: ArcFrame) -> None:
    """One line end follows the content (Heritrix sometimes writes none at the end of the file)."""
    blanks = 0
    while stream.peek(1) in {b"\n", b"\r"}:
        stream.skip(1)
        blanks += 1
    after = stream.peek(_MAX_LINE)
    if not after:
        if not blanks:
            message = "no line end stands after the last record"
            report(Problem("record-end", "note", message, frame.offset, frame.url))
        return
    if b"\n" not in after and len(after) < _MAX_LINE and not stream.compressed:
        return  # the beginning of another record, which the file ends in
    if not (RECORD.match(after) or _LINE.match(after)):
        begin = stream.distance
        stream.find_record()
        message = f"the record declares {frame.declared} bytes, but {stream.distance - begin} more follow"
        report(Problem("wrong-length", "damaged", message, frame.offset, frame.url))
    elif not blanks:
        report(Problem("record-end", "nonconformant", "no line end stands after the record", frame.offset, frame.url))
