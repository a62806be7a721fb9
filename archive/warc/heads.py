"""Heads of HTTP/1 messages, read as browsers read them: where one begins and ends, its status, its fields, its length.

The wire reads with it what arrives, the archive what is kept, so that both see the same status, fields and framing.

What browsers accept and the standard does not: ``http`` in lower case, no version (``HTTP 200 Document follows``), no
blank behind the status (``200OK``), up to four stray bytes before the status line (a byte order mark), lines that end
in LF alone, header lines without a colon, blanks before the colon, bytes that are no ASCII, folded lines. Further than
they go lines that end in CR CR LF. A status line without a status is none (they make 200 of it): none is invented.

Rules: RFC 9112 sections 2.2 (line ends), 4 (status line), 5.2 (folding), 6 (length).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import AnyStr

MAX_STRAY = 4
"""Bytes of something else that may stand before the status line, as in Chromium."""

HEAD_END = re.compile(rb"\n\r{0,2}\n")
"""No longer than four bytes: who searches in pieces goes back by three."""
_STATUS = re.compile(
    rb"HTTP(?:/(\d{1,9})(?:\.(\d{1,9}))?)?[^ \t\r\n]{0,16}[ \t]+(\d{3})(?!\d)[ \t]*([^\r\n]*)", re.IGNORECASE
)
_LENGTH = re.compile(rb"\+?(\d{1,18})")
_HINTED = re.compile(rb"[^\w+-]*0*(\d{1,18})[^\w]*")

Fields = list[tuple[bytes, bytes]]


def split_head(block: bytes) -> int:
    """Offset of the first byte after the head (an empty line ends it, CRLF or LF); -1 when nothing ends it."""
    end = HEAD_END.search(block)
    return end.end() if end else -1


def find_answer(data: bytes | bytearray, start: int = 0) -> int | None:
    """Where the answer begins that stands at ``start`` behind at most `MAX_STRAY` stray bytes; None when there is none.

    -1 when too little has come to tell.
    """
    seen = bytes(data[start : start + MAX_STRAY + 4]).lower()
    at = seen.find(b"http")
    if 0 <= at <= MAX_STRAY:
        return start + at
    if len(seen) < MAX_STRAY + 4 and any(b"http".startswith(seen[at:]) for at in range(MAX_STRAY + 1)):
        return -1
    return None


@dataclass(frozen=True, slots=True)
class StatusLine:
    """Version (1.0 when the line names none), status code and reason phrase."""

    version: tuple[int, int]
    status: int
    reason: bytes


def read_status(data: bytes | bytearray, start: int = 0) -> StatusLine | None:
    """The status line that begins at ``start``; None where none does, or it has no status."""
    found = _STATUS.match(data, start)
    if found is None:
        return None
    version = (int(found[1]), int(found[2] or 0)) if found[1] else (1, 0)
    return StatusLine(version, int(found[3]), bytes(found[4]).rstrip())


def read_fields(head: bytes) -> Fields:
    """Names and values behind the first line, in order.

    Values are without surrounding blanks, folded lines joined by one blank; lines without a colon are left out.
    """
    fields: Fields = []
    for line in head.split(b"\n")[1:]:
        if line[:1] in {b" ", b"\t"}:
            if fields and (more := line.strip()):
                name, value = fields[-1]
                fields[-1] = (name, value + b" " + more if value else more)
            continue
        name, colon, value = line.partition(b":")
        if colon:
            fields.append((name.strip(), value.strip()))
    return fields


@dataclass(frozen=True, slots=True)
class Length:
    """What Content-Length says.

    Attributes:
        bytes: the length, where it is a number.
        hinted: the number in one that browsers do not believe (``707;``, ``"707"``): they read until the connection
            closes; it tells whether all came.
        unreadable: something is said, and it is no number.
        problem: lengths that contradict each other.
    """

    bytes: int | None = None
    hinted: int | None = None
    unreadable: bool = False
    problem: str | None = None


def read_length(fields: Fields) -> Length:
    """Read Content-Length; what is no number counts as if it were not there, as in browsers (``-5``, 22 digits)."""
    said = values_of(fields, b"content-length")
    if len(said) == 1 and (alone := _LENGTH.fullmatch(said[0])):
        return Length(bytes=int(alone[1]))
    values = [part.strip() for value in said for part in value.split(b",")]
    values = [value for value in values if value]
    read = [_LENGTH.fullmatch(value) for value in values]
    lengths = {int(found[1]) for found in read if found}
    if len(lengths) > 1:
        return Length(problem="the lengths contradict each other")
    if lengths and all(read):
        return Length(bytes=lengths.pop())
    hints = {int(found[1]) for value in values if (found := _HINTED.fullmatch(value))}
    return Length(hinted=hints.pop() if len(hints) == 1 else None, unreadable=bool(values))


def codings_of(fields: Fields, name: bytes) -> list[str]:
    """Transfer or content codings in the order in which they were applied; ``identity`` is none.

    A body is chunked once, however often it is said.
    """
    values = values_of(fields, name)
    if not values:
        return []
    said = b",".join(values).decode("latin-1").lower().split(",")
    codings = [coding for value in said if (coding := value.partition(";")[0].strip()) not in {"", "identity"}]
    if "chunked" in codings:
        codings = [coding for coding in codings if coding != "chunked"] + ["chunked"]
    return codings


def first_said(values: Iterable[AnyStr]) -> AnyStr | None:
    """Of several headers of one name that may stand once, the first that says something: browsers take it.

    None where none does. ``Location`` is sent twice by many old portals, once empty.
    """
    return next((value for value in values if value.strip()), None)


def values_of(fields: Fields, name: bytes) -> list[bytes]:
    """All values of a field, by its name in lower case."""
    size = len(name)
    return [value for key, value in fields if len(key) == size and key.lower() == name]
