"""Whether archive files are what they say: framing, header rules, digests, links between records.

Files of any origin (WARC, ARC, WACZ, CDX; plain, gzip, zstd) are judged on their own merits in four words:

    ok             nothing to say
    note           conformant, but somebody reading it should know
    nonconformant  a rule of the format is broken; the bytes are there
    damaged        bytes are missing, changed, or do not match what the record says of itself

What belongs to a home as a whole (seals, files that came or went) is in `archive.warc.audit`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from archive.warc.cdx import CDX_START, verify_cdx
from archive.warc.conformance import Header, check_header
from archive.warc.digests import check_block, check_large
from archive.warc.framing import IN_MEMORY, Finding, Frame, Framer, Level
from archive.warc.read import OPEN_SUFFIX, open_regular
from archive.warc.segments import Segment, check_segments, segment_of
from archive.warc.shapes import Shapes
from archive.warc.streams import open_stream
from archive.warc.values import Digest
from archive.warc.wacz import is_list, verify_list, verify_wacz

Verdict = Literal["ok", "note", "nonconformant", "damaged"]
Format = Literal["warc", "arc", "wacz", "packages", "cdx", "unknown"]
LEVELS: tuple[Verdict, ...] = ("ok", "note", "nonconformant", "damaged")
MAX_PER_CODE = 100
"""Findings of one code that are listed for a file; the rest are counted."""
_LISTED_ONCE = frozenset({"draft-version"})

_IMPORTED = re.compile(r"\Aimport-[0-9a-f]{12}-")  # the name that `archive.warc.importer` gives
_CRAWL_END = b'"gongkai.crawl-end/1"'
_FIRST = 1 << 16
_ARC_START = re.compile(
    rb"filedesc:[^ \r\n]*(?: [^ \r\n]+){4,}\r?\n|[A-Za-z][A-Za-z0-9+.\-]*:[^\r\n]* \d{12,17} [^\r\n]*\d+\r?\n"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A reference from one record to another."""

    kind: Literal["concurrent-to", "refers-to", "warcinfo", "segment-origin", "original"]
    target: str
    offset: int
    record_id: str | None
    payload: Digest | None = None


@dataclass(slots=True)
class Contents:
    """What the records of a file are and refer to; several files are judged together by it."""

    ids: dict[str, int] = field(default_factory=dict)
    captures: set[str] = field(default_factory=set)
    payloads: dict[str, Digest] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    crawl_ends: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class FileVerdict:
    """The judgement on one file.

    Attributes:
        file: as it was named.
        records: how many were found.
        problems: in the order of their offsets.
        contents: for judging links across files.
    """

    file: str
    records: int = 0
    problems: list[Finding] = field(default_factory=list)
    contents: Contents = field(default_factory=Contents, repr=False)
    more: Counter[tuple[str, Level]] = field(default_factory=Counter, repr=False)

    @property
    def verdict(self) -> Verdict:
        """The worst of the problems."""
        return max((problem.level for problem in self.problems), key=LEVELS.index, default="ok")

    def add(self, finding: Finding) -> None:
        """Take a finding in; of one kind only so many are listed."""
        kind = (finding.code, finding.level)
        self.more[kind] += 1
        if self.more[kind] <= (1 if finding.code in _LISTED_ONCE else MAX_PER_CODE):
            self.problems.append(finding)

    def merge(self, other: FileVerdict) -> None:
        """Take in the judgement on a later part of the same file, or on a file inside it."""
        self.records += other.records
        for finding in other.problems:
            self.add(finding)
        listed = Counter((finding.code, finding.level) for finding in other.problems)
        self.more.update(other.more - listed)
        contents = self.contents
        for record_id, offset in other.contents.ids.items():
            if record_id in contents.ids:
                message = f"the record at offset {contents.ids[record_id]} has the same record id"
                self.add(Finding("duplicate-record-id", "nonconformant", message, offset, record_id))
            contents.ids[record_id] = offset
        contents.captures |= other.contents.captures
        contents.payloads |= other.contents.payloads
        contents.links += other.contents.links
        contents.segments += other.contents.segments
        contents.crawl_ends += other.contents.crawl_ends

    def finish(self) -> None:
        """Put the problems in order and count those that are not listed."""
        self.problems.sort(key=lambda found: (found.offset is None, found.offset or 0))
        for (code, level), count in sorted(self.more.items()):
            if code not in _LISTED_ONCE and count > MAX_PER_CODE:
                self.problems.append(Finding(code, level, f"{count - MAX_PER_CODE} more of this kind"))
        self.more.clear()

    def as_dict(self) -> dict[str, Any]:
        """The object of `gongkai verify --json` (design 5.5)."""
        return {
            "file": self.file,
            "verdict": self.verdict,
            "records": self.records,
            "problems": [
                {
                    "offset": found.offset,
                    "record_id": None if found.record_id is None else _printable(found.record_id),
                    "code": found.code,
                    "level": found.level,
                    "message": _printable(found.message),
                }
                for found in self.problems
            ],
        }


def _printable(text: str) -> str:
    """Text of others as JSON can carry it: bytes that are no UTF-8 are said by their numbers."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def verify_file(path: str | Path) -> FileVerdict:
    """Judge one file by itself."""
    return verify_files([path])[0]


def verify_files(
    paths: Iterable[str | Path], *, progress: Callable[[str], None] | None = None, processes: int | None = None
) -> list[FileVerdict]:
    """Judge several files together: what one refers to may lie in another. One that cannot be read is said to be so.

    Args:
        paths: the files.
        progress: told the name of each file that was judged.
        processes: how many read at a time; default as many as there are processors.
    """
    from archive.warc.parallel import judge_files

    verdicts = []
    for judged in judge_files([Path(path) for path in paths], processes):
        if judged.error is not None:
            judged.verdict.add(Finding("unreadable", "damaged", f"the file cannot be read ({judged.error})"))
        verdicts.append(judged.verdict)
        if progress is not None:
            progress(judged.verdict.file)
    resolve_links(verdicts)
    for verdict in verdicts:
        verdict.finish()
    return verdicts


def verify_open_file(file: BinaryIO, *, name: str, shown: str | None = None) -> FileVerdict:
    """Judge an open file; links and order of the problems are left to the caller (`resolve_links`, `finish`)."""
    verdict = FileVerdict(shown or name)
    kind = detect(file, name)
    file.seek(0)
    if kind == "warc":
        _verify_warc(file, name, verdict)
    elif kind == "arc":
        _verify_arc(file, verdict)
    elif kind == "wacz":
        verify_wacz(file, verdict)
    elif kind == "packages":
        verify_list(file, verdict)
    elif kind == "cdx":
        verify_cdx(file, verdict)
    elif not file.seek(0, 2):
        verdict.add(Finding("empty-file", "damaged", "the file is empty: not even one record is there", 0))
    else:
        verdict.add(Finding("unknown-format", "damaged", "this is no WARC, ARC, WACZ or CDX file", 0))
    return verdict


def detect(file: BinaryIO, name: str = "") -> Format:
    """What a file is, by its first bytes; by its name only where they are damaged."""
    file.seek(0)
    first = file.read(4)
    if not first:
        return "unknown"
    if first in {b"PK\3\4", b"PK\5\6"}:
        return "wacz"
    stream = open_stream(file, _ARC_START)
    stream.next_member()
    start = stream.peek(_FIRST)
    lowered = name.lower().removesuffix(OPEN_SUFFIX)
    plain = lowered.removesuffix(".gz").removesuffix(".zst")
    if start[:4].upper() == b"WARC":
        return "warc"
    if is_list(start):
        return "packages"
    if CDX_START.match(start) and not plain.endswith((".arc", ".warc")):
        return "cdx"
    if _ARC_START.match(start):
        return "arc"
    for suffix, kind in ((".warc", "warc"), (".arc", "arc"), (".wacz", "wacz")):
        if plain.endswith(suffix):
            return kind  # type: ignore[return-value]  # the tuple above holds formats only
    return "unknown"


def resolve_links(verdicts: Iterable[FileVerdict], *, complete: Container[str] = ()) -> None:
    """Find references into nothing and revisits without original, over all files together.

    Args:
        verdicts: of the files.
        complete: files (as named in their verdicts) all of whose links must lead somewhere, because everything they
            refer to was kept together with them: a reference into nothing is then a defect, not a note, and so is a
            record id that another file has too (files that merely happen to be named together may be copies).
    """
    verdicts = list(verdicts)
    known: dict[str, FileVerdict] = {}
    captures: set[str] = set()
    payloads: dict[str, Digest] = {}
    for verdict in verdicts:
        for record_id, offset in verdict.contents.ids.items():
            other = known.setdefault(record_id, verdict)
            if other is not verdict and verdict.file in complete:
                message = f"the record id is in {Path(other.file).name} too"
                verdict.add(Finding("duplicate-record-id", "nonconformant", message, offset, record_id))
        captures |= verdict.contents.captures
        payloads |= verdict.contents.payloads
    for verdict in verdicts:
        together = verdict.file in complete
        for link in verdict.contents.links:
            if not (link.target in known or link.target in captures):
                _orphan(verdict, link, complete=together)
            elif link.payload is not None:
                _compare_payloads(verdict, link, payloads.get(link.target))
        verdict.contents.links.clear()
    _join_segments(verdicts, known)


def _join_segments(verdicts: list[FileVerdict], known: Container[str]) -> None:
    owners = {id(segment): verdict for verdict in verdicts for segment in verdict.contents.segments}
    pieces = [segment for verdict in verdicts for segment in verdict.contents.segments]
    unsound = {found.record_id for verdict in owners.values() for found in verdict.problems if "digest" in found.code}

    def read(piece: Segment) -> Iterator[bytes]:
        with open_regular(Path(owners[id(piece)].file)) as file:
            frame = next(iter(Framer(file, lambda _: None, piece.offset)), None)
            if frame is None or (frame.offset, frame.record_id) != (piece.offset, piece.record_id):
                raise OSError("it lies within another file")
            yield from frame.pieces()

    for piece, finding in check_segments(pieces, known, read, unsound):
        owners[id(piece)].add(finding)


def _compare_payloads(verdict: FileVerdict, link: Link, original: Digest | None) -> None:
    """A revisit by payload digest says that its payload is the original's."""
    digest = link.payload
    if original is None or digest is None or original.algorithm != digest.algorithm or original.value == digest.value:
        return
    message = f"its payload digest is not that of its original {link.target}"
    verdict.add(Finding("revisit-digest", "nonconformant", message, link.offset, link.record_id))


def _orphan(verdict: FileVerdict, link: Link, *, complete: bool) -> None:
    where = "in the archive" if complete else "in the files given"
    level: Level
    if link.kind == "original":
        level = "damaged" if complete else "note"
        verdict.add(
            Finding("orphan-revisit", level, f"its original {link.target} is not {where}", link.offset, link.record_id)
        )
        return
    level = "nonconformant" if complete else "note"
    code = {
        "concurrent-to": "concurrent-to-nothing",
        "refers-to": "refers-to-nothing",
        "warcinfo": "no-warcinfo",
        "segment-origin": "orphan-continuation",
    }[link.kind]
    verdict.add(Finding(code, level, f"{link.target} is not {where}", link.offset, link.record_id))


def _verify_warc(file: BinaryIO, name: str, verdict: FileVerdict) -> None:
    verify_part(file, name, verdict)
    _require_records(verdict)


def _require_records(verdict: FileVerdict) -> None:
    """Blank lines or empty members alone are no archive."""
    if not verdict.records and all(problem.level != "damaged" for problem in verdict.problems):
        verdict.add(Finding("no-records", "damaged", "the file holds no record", 0))


def verify_part(
    file: BinaryIO, name: str, verdict: FileVerdict, *, start: int = 0, stop: int | None = None
) -> tuple[int, int]:
    """Judge the records of a WARC file, or those whose compressed members begin from ``start`` to before ``stop``.

    Returns:
        Where the first of them begins, and where the first behind them does (see `Framer`).
    """
    shapes = Shapes()
    framer = Framer(file, verdict.add, start, stop, shapes.recognise)
    for frame in framer:
        header = frame.known or _check_header(frame, verdict, shapes)
        _index(frame, header, verdict, name)
        if frame.declared is not None and frame.declared <= IN_MEMORY:
            block = frame.read()
            if len(block) == frame.declared:
                if header.type == "metadata" and _CRAWL_END in block:
                    verdict.contents.crawl_ends.append(block)
                check_block(frame, header, block)
        elif frame.declared is not None:
            check_large(frame, header)
    verdict.records += framer.records
    return framer.first, framer.stopped


def _check_header(frame: Frame, verdict: FileVerdict, shapes: Shapes) -> Header:
    before = verdict.more.total()
    header = check_header(frame)
    if verdict.more.total() == before:
        shapes.learn(frame.head, frame.version, frame.fields, header)
    return header


def _index(frame: Frame, header: Header, verdict: FileVerdict, name: str) -> None:
    """Note what the record is called and what it refers to."""
    contents, record_id = verdict.contents, frame.record_id
    if record_id:
        if record_id in contents.ids:
            message = f"the record at offset {contents.ids[record_id]} has the same record id"
            frame.problem("duplicate-record-id", "nonconformant", message)
        contents.ids[record_id] = frame.offset
    fields, offset, known = header.fields, frame.offset, contents.ids
    # most links lead to records just before; only the others have to wait for the rest of the files
    for target in header.concurrent_to:
        if target not in known:
            contents.links.append(Link("concurrent-to", target, offset, record_id))
    warcinfo = fields.get("warc-warcinfo-id")
    if warcinfo and (warcinfo := warcinfo.strip("<>")) not in known:
        contents.links.append(Link("warcinfo", warcinfo, offset, record_id))
    segment = segment_of(frame, header) if "warc-segment-number" in fields else None
    if segment is not None:
        contents.segments.append(segment)
    if "warc-segment-origin-id" in fields and (origin := header.reference("warc-segment-origin-id")):
        contents.links.append(Link("segment-origin", origin, offset, record_id))
    if header.type in {"response", "resource"}:
        uri, date = header.uri, fields.get("warc-date")
        if uri and date:
            contents.captures.add(f"{date} {uri}")
        digest = header.payload_digest
        if digest is not None:
            contents.captures.add(f"{digest.algorithm}:{digest.value.hex()}")
            if record_id:
                contents.payloads[record_id] = digest
    elif header.type == "revisit":
        digest = header.payload_digest if "identical-payload" in fields.get("warc-profile", "") else None
        contents.links.append(Link("original", _original(header), offset, record_id, digest))
    if "warc-refers-to" in fields and header.type != "revisit" and (refers_to := header.reference("warc-refers-to")):
        contents.links.append(Link("refers-to", refers_to, offset, record_id))
    filename = fields.get("warc-filename")
    here = _IMPORTED.sub("", name.removesuffix(OPEN_SUFFIX))
    if filename and header.type == "warcinfo" and filename.strip('"') not in {here, name.removesuffix(OPEN_SUFFIX)}:
        frame.problem("filename-differs", "note", f"WARC-Filename says {filename[:120]!r}")


def _original(header: Header) -> str:
    """What a revisit refers to: by id, else by address and time, else by its payload digest."""
    refers_to = header.reference("warc-refers-to")
    if refers_to:
        return refers_to
    uri, date = header.reference("warc-refers-to-target-uri"), header.fields.get("warc-refers-to-date")
    if uri and date:
        return f"{date} {uri}"
    digest = header.payload_digest
    return f"{digest.algorithm}:{digest.value.hex()}" if digest else "nothing"


def _verify_arc(file: BinaryIO, verdict: FileVerdict) -> None:
    from archive.warc.arc import read_arc

    for _ in read_arc(file, verdict.add):
        verdict.records += 1
    _require_records(verdict)
