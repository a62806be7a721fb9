"""CDX and CDXJ indexes: whether their lines can be read and stand in order.

Formats: the CDX legend of the Internet Archive (`` CDX N b a ...``, one letter per column), CDXJ (``key timestamp
{json}``), OpenWayback's CDXJ (dates as in WARC, a word between date and JSON) and the block index of compressed CDX
(``idx``: key, timestamp, then file, offset, length between tabs). An index holds no captures, so the best it can be
called is `note`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from archive.verify.verdict import FileVerdict
from archive.warc.problem import Problem
from archive.warc.streams.open import open_stream

CDX_START = re.compile(
    rb" ?CDX [A-Za-z]|![A-Za-z]|[^\s{]+ (?:\d{14}[ \t]|\d{4}-\d\d-\d\dT[\d:.]+Z )[{\S]",
)
"""What the first line of an index looks like."""

_LINE = re.compile(rb"\n")
_MAX_LINE = 1 << 24
_CDXJ = re.compile(rb"[^ ]+ (?:\d{14}|\d{4}-\d\d-\d\dT[\d:.]+Z)(?: [a-z]+)? \{")
_BLOCK = re.compile(rb"[^\t]+ \d{14}\t([^\t]+)\t(\d+)\t(\d+)(?:\t\d+)?")
_DATE = re.compile(rb"\d{14}")
_NOTHING = re.compile(rb"(?!)")


def verify_cdx(file: BinaryIO, verdict: FileVerdict, leads: Callable[[bytes], str | None] = lambda _: None) -> None:
    """Judge an index file; ``verdict.records`` counts its lines. ``leads`` says why a line leads to nothing, if so."""
    verdict.add(Problem("index-file", "note", "this is an index: it holds no captures"))
    columns: list[bytes] | None = None
    previous = b""
    ordered = True
    for number, line in enumerate(_lines(file, verdict), 1):
        if line.startswith((b" CDX ", b"CDX ")):
            columns = line.split()[1:]
            continue
        if not line.strip() or line.startswith(b"!"):
            continue
        verdict.records += 1
        problem = _problem(line, columns) or leads(line)
        if problem:
            verdict.add(Problem("bad-line", "nonconformant", f"line {number}: {problem}"))
        if ordered and line < previous:
            verdict.add(Problem("not-sorted", "note", f"line {number} stands before the one above it in byte order"))
            ordered = False
        previous = line


def _problem(line: bytes, columns: list[bytes] | None) -> str | None:
    if _CDXJ.match(line):
        try:
            fields = json.loads(line[line.index(b"{") :])
        except ValueError:
            return "the JSON cannot be read"
        block = "url" not in fields and {"offset", "length"} <= fields.keys()  # of an index of compressed blocks
        return None if block or fields.get("filename") or fields.get("ref") else "no file is named"
    if b"\t" in line:
        return None if _BLOCK.fullmatch(line) else "is no line of a block index: key, file, offset, length"
    values = line.split(b" ")
    if columns is None:
        return None if len(values) >= 2 and _DATE.match(values[1]) else "is neither CDX nor CDXJ"
    if len(values) != len(columns):
        return f"{len(values)} values stand under {len(columns)} columns"
    if b"b" in columns and not _DATE.fullmatch(values[columns.index(b"b")]):
        return "the date has no 14 digits"
    return None


def _lines(file: BinaryIO, verdict: FileVerdict) -> Iterator[bytes]:
    """Lines of a plain or compressed file; members are one text."""
    stream = open_stream(file, _NOTHING)
    rest = b""
    while stream.next_member():
        while True:
            line = stream.take_through(_LINE, _MAX_LINE)
            if line is not None:
                yield (rest + line).rstrip(b"\r\n")
                rest = b""
                continue
            piece = stream.take(_MAX_LINE)
            if not piece:
                break
            rest += piece
        if stream.damage is not None:
            verdict.add(Problem(stream.damage.code, "damaged", stream.damage.message, stream.start))
            break
    if rest:
        yield rest
