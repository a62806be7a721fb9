"""Where WARC records begin and end: a file of any origin is read from its first byte to its last.

Readers made for crawling and replay step over damage and return short records without a word; this one says what is
wrong and where, and goes on with the next record. `archive.verify.file`, `recover` and `importer` stand on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from archive.warc.header import Header
from archive.warc.problem import Level, Problem, Reporter
from archive.warc.streams.base import Damage, Stream
from archive.warc.streams.open import open_stream
from archive.warc.values import number_of

IN_MEMORY = 64 << 20
"""Blocks up to this size are read whole, larger ones in pieces."""

_MAX_HEAD = 16 << 20
_PIECE = 1 << 20
_WINDOW = 64
# the standard's grammar takes literals in either case (ISO 28500:2017, 4; RFC 2616, 2.1)
_RECORD = re.compile(rb"WARC/\d+\.\d+(?:\.\d+)*\r?\n", re.IGNORECASE)
_END = b"\r\n\r\n"
_BLANK = (b"\r", b"\n")
# RFC 2616, 2.2: TEXT is anything but control characters, save those of a line end or fold
_PLAIN = bytes([0x09, *range(0x20, 0x7F), *range(0x80, 0x100)])
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")


@dataclass(slots=True)
class Frame:
    """One record as it lies in the file. Its block is read once: `read` whole or `pieces`.

    Attributes:
        offset: of the record, or of its compressed member, in the file.
        version: of its first line, such as ``1.1``.
        head: its header as it stands, with the empty line that ends it.
        fields: names and values in order, folded lines joined.
        first: the first value of each field by its name in lower case.
        declared: Content-Length, None when missing or no number.
        record_id: without brackets, or None.
        known: the header, checked already (see `Framer`); then ``fields`` is empty.
        whole: set when the record has been passed: nothing of it is missing, nothing is left over.
        intact: set then too: its block is there and its bytes fit their checksum, whatever stands around it.
        end: offset of the first byte after it, set with ``intact``.
    """

    offset: int
    version: str
    head: bytes = field(repr=False)
    fields: list[tuple[str, str]]
    first: dict[str, str] = field(repr=False)
    declared: int | None
    record_id: str | None
    stream: Stream = field(repr=False)
    report: Reporter = field(repr=False)
    known: Header | None = None
    whole: bool = False
    intact: bool = False
    end: int = 0
    taken: int = 0
    short: bool = False
    spans: bool = False

    def pieces(self) -> Iterator[bytes]:
        """The block as far as it is there."""
        while self.declared is not None and self.taken < self.declared and not self.short:
            piece = self.stream.take(min(self.declared - self.taken, _PIECE))
            if not piece:
                self.short = not self._continues()
                continue
            self.taken += len(piece)
            yield piece

    def read(self) -> bytes:
        """The block as far as it is there; for blocks of at most `IN_MEMORY` bytes."""
        if self.declared is not None and self.taken == 0:
            piece = self.stream.take(self.declared)
            self.taken = len(piece)
            if len(piece) == self.declared:
                return piece
            return b"".join([piece, *self.pieces()])
        return b"".join(self.pieces())

    def problem(self, code: str, level: Level, message: str) -> None:
        """Reporter something about this record."""
        self.report(Problem(code, level, message, self.offset, self.record_id))

    def _continues(self) -> bool:
        """Whether the block goes on in the next member: allowed by gzip, useless for reading by offset."""
        stream = self.stream
        if not stream.compressed or stream.damage is not None or not stream.next_member():
            return False
        if stream.damage is not None or _RECORD.match(stream.peek(32)):
            return False
        self.spans = True
        return True


@dataclass(slots=True)
class Framer:
    """Iterates over the records of a file; what is wrong with their framing goes to ``report``.

    Attributes:
        whole_to: offset up to which the file holds whole records and nothing else; stays where the first damage is.
        records: how many records were found, whole or not.
        whole: how many whole ones stand before the first damage.
        whole_behind_damage: how many whole ones stand behind it.
        per_record: whether every record had a compressed member of its own so far (true of plain files).
        first: where the first record begins (of a part of a compressed file).
        stopped: where the first record behind ``stop`` begins.

    Args:
        recognise: WARC version and header of a record whose header needs no check, else None
            (`archive.verify.known_headers`).
        start: the first record that is read begins there, in a compressed file there or behind.
        stop: of a compressed file only the records are read whose members begin before. Where parts of a file meet,
            ``stopped`` of one is ``first`` of the next; otherwise they have to be read as one.
    """

    file: BinaryIO
    report: Reporter
    start: int = 0
    stop: int | None = None
    recognise: Callable[[bytes], tuple[str, Header] | None] | None = None
    whole_to: int = 0
    records: int = 0
    whole: int = 0
    whole_behind_damage: int = 0
    per_record: bool = True
    first: int = 0
    stopped: int = 0
    _sound: bool = True
    _waiting: int = 0
    stream: Stream = field(init=False)

    def __post_init__(self) -> None:
        self.stream = open_stream(self.file, _RECORD)
        if self.start:
            self.first = self.stream.tell() if self.stream.enter(self.start) else self.stream.size

    def __iter__(self) -> Iterator[Frame]:
        while self._at_record():
            frame = self._head()
            if frame is not None:
                self.records += 1
                yield frame
                if self._finish(frame):
                    continue
            self._sound = False
            self.stream.find_record()  # within the member; where it is damaged, `_at_record` goes on from there

    def _at_record(self) -> bool:
        """Go to the first byte of the next record; False at the end of the file."""
        stream = self.stream
        while True:
            if stream.more():
                if self._behind(stream.start):
                    return False
                if stream.peek(1) not in _BLANK:
                    return True
                self._skip_blank_lines()
                if stream.more():
                    return True
            elif stream.damage is not None:
                self._say(stream.damage)
                if not stream.resync():
                    return False
            elif self._behind(stream.mark()) or not stream.next_member():
                return False
            elif not stream.more() and stream.damage is None:
                self.report(Problem("empty-member", "note", "a compressed member holds nothing", stream.start))

    def _behind(self, offset: int) -> bool:
        """Whether what begins at ``offset`` belongs to the next part."""
        self.stopped = offset
        return self.stop is not None and self.stream.compressed and offset >= self.stop

    def _skip_blank_lines(self) -> None:
        stream = self.stream
        offset, blanks = stream.tell(), 0
        while (line := stream.peek(2))[:1] in _BLANK and line[:1]:
            if line[:1] == b"\r" and line != b"\r\n":
                break
            step = 2 if line == b"\r\n" else 1
            stream.skip(step)
            blanks += step
        if blanks:
            message = f"{blanks} bytes of blank lines beyond the two line ends after a record"
            self.report(Problem("extra-blank-lines", "nonconformant", message, offset))
            self._sound = False

    def _head(self) -> Frame | None:
        stream = self.stream
        offset = stream.tell()
        if self.per_record and stream.compressed and not stream.at_member_start:
            self.per_record = False
            message = "several records share one compressed member: they cannot be read by their offsets"
            self.report(Problem("many-records-in-one-member", "note", message, offset))
        if stream.peek(4).upper() != b"WARC":
            message = "bytes that are no WARC record" if self.records or offset else "does not begin with a WARC record"
            self.report(Problem("garbage", "damaged", message, offset))
            return None
        head, spans = stream.take_head(_MAX_HEAD), False
        while head is None and self._carry_on():
            head, spans = stream.take_head(_MAX_HEAD), True
        if head is None:
            if stream.damage is None:
                more = len(stream.peek(_MAX_HEAD)) == _MAX_HEAD
                message = f"no header ends within {_MAX_HEAD >> 20} MB" if more else "it ends inside a record's header"
                self.report(Problem("cut-header", "damaged", message, offset))
            return None
        frame = self._frame(head, offset)
        frame.spans = spans
        return frame

    def _carry_on(self) -> bool:
        """Whether a header that a compressed member ends in goes on in the next one."""
        stream = self.stream
        if not stream.compressed or stream.damage is not None:
            return False
        begun = stream.peek(_MAX_HEAD)
        stream.skip(len(begun))
        if len(begun) == _MAX_HEAD or not stream.next_member() or stream.damage is not None:
            return False
        if _RECORD.match(stream.peek(32)):
            return False
        stream.carry(begun)
        return True

    def _frame(self, head: bytes, offset: int) -> Frame:
        report = self.report
        known = self.recognise(head) if self.recognise is not None else None
        if known is not None:
            version, header = known
            said = header.fields
            size, name = number_of(said["content-length"]), said["warc-record-id"]
            return Frame(offset, version, head, [], said, size, name, self.stream, report, header)
        try:
            text = head.decode()
        except UnicodeDecodeError:
            report(Problem("not-utf-8", "nonconformant", "the record's header is not UTF-8", offset))
            text = head.decode("utf-8", "surrogateescape")
        ends = head.translate(None, _PLAIN)
        odd = _CONTROL.search(text) if ends.count(b"\r\n") * 2 != len(ends) else None
        if odd:
            message = f"a control character ({odd[0]!r}) stands in the header"
            report(Problem("bad-field", "nonconformant", message, offset))
        lines = text.split("\r\n")
        if text.count("\n") != len(lines) - 1:
            report(Problem("bare-line-feed", "nonconformant", "header lines end in LF without CR", offset))
            lines = text.replace("\r\n", "\n").split("\n")
        fields: list[tuple[str, str]] = []
        for line in lines[1:-2]:
            name, colon, value = line.partition(":")
            if line[0] in " \t" and fields:
                fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}".strip())
            elif colon:
                fields.append((name, value.strip()))
            else:
                report(Problem("bad-field", "nonconformant", f"a header line without a colon: {line[:60]!r}", offset))
        first = {name.lower(): value for name, value in fields}
        if len(first) != len(fields):
            first = {}
            for name, value in fields:
                first.setdefault(name.lower(), value)
        length = first.get("content-length", "")
        declared = number_of(length)
        record_id = first.get("warc-record-id", "").strip("<>") or None
        return Frame(offset, lines[0][5:], head, fields, first, declared, record_id, self.stream, report)

    def _finish(self, frame: Frame) -> bool:
        """Check what comes after the block. False when the next record has to be searched for."""
        stream = self.stream
        if frame.declared is None:
            return False
        if frame.taken < frame.declared:
            for _ in frame.pieces():
                pass
        if frame.spans:
            frame.problem("record-spans-members", "nonconformant", "the record goes on in further compressed members")
        if frame.taken < frame.declared:
            return self._short(frame)
        after = stream.peek(4)
        if after == _END:
            stream.skip(4)
            ended = not stream.compressed or not stream.more()
            if ended and stream.damage is not None:
                self._say(stream.damage, frame.record_id)
                return stream.resync()
            frame.whole, frame.intact, frame.end = True, True, stream.mark()
            self._count(frame.end, ended=ended)
            return True
        if len(after) < 4 and _END.startswith(after):
            return self._without_end(frame)
        return self._wrong_end(frame)

    def _count(self, end: int, *, ended: bool) -> None:
        """A whole record more. Where its member goes on, that is sure only when the member's trailer has been seen."""
        self._waiting += 1
        if not ended:
            return
        if self._sound:
            self.whole_to = end
            self.whole += self._waiting
        else:
            self.whole_behind_damage += self._waiting
        self._waiting = 0

    def _short(self, frame: Frame) -> bool:
        damage = self.stream.damage
        if damage is not None:
            message = f"{damage.message}; {frame.taken} of the record's {frame.declared} bytes can be read"
            self._say(Damage(damage.code, message), frame.record_id)
            return self.stream.resync()
        where = "its compressed member holds" if self.stream.compressed else "the file ends after"
        code = "wrong-length" if self.stream.compressed else "cut-record"
        frame.problem(code, "damaged", f"the record declares {frame.declared} bytes, {where} {frame.taken}")
        self._sound = False
        return True

    def _without_end(self, frame: Frame) -> bool:
        """The member or file ends where two line ends should stand."""
        stream = self.stream
        self._sound = False
        stream.skip(4)
        if stream.damage is not None:
            self._say(stream.damage, frame.record_id)
            return stream.resync()
        frame.intact, frame.end = True, stream.mark()
        if stream.compressed:
            frame.problem("record-end", "nonconformant", "its member ends without the two line ends after the block")
        else:
            frame.problem("cut-record", "damaged", "the file ends within the two line ends after the record's block")
        return True

    def _wrong_end(self, frame: Frame) -> bool:
        stream = self.stream
        self._sound = False
        window = stream.peek(_WINDOW)
        at = 0
        while window[at : at + 1] in _BLANK and at < len(window):
            at += 1
        at_end = at == len(window) < _WINDOW and stream.damage is None
        if at_end or _RECORD.match(window, at):
            frame.intact, frame.end = True, stream.tell() + at
            frame.problem("record-end", "nonconformant", "no two line ends (CRLF) stand after the record's block")
            stream.skip(at)
            return True
        begin = stream.distance
        found = stream.find_record()
        more = stream.distance - begin
        frame.problem(
            "wrong-length",
            "damaged",
            f"the record declares {frame.declared} bytes, but {more} more follow before "
            + ("the next record" if found else "its end"),
        )
        return True

    def _say(self, damage: Damage, record_id: str | None = None) -> None:
        self._sound = False
        self._waiting = 0
        self.report(Problem(damage.code, "damaged", damage.message, self.stream.start, record_id))
