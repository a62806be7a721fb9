"""Whether archive files are what they say: framing, header rules, digests, links between records.

Files of any origin (WARC, ARC, WACZ, CDX; plain, gzip, zstd) are judged on their own merits in four words:

    ok             nothing to say
    note           conformant, but somebody reading it should know
    nonconformant  a rule of the format is broken; the bytes are there
    damaged        bytes are missing, changed, or do not match what the record says of itself

What belongs to a home as a whole (seals, files that came or went) is in `archive.storage.audit`.
"""

from __future__ import annotations

import re
from typing import BinaryIO, Literal

from archive.metadata import CrawlEndMetadata, read_metadata, told
from archive.verify.cdx import CDX_START, verify_cdx
from archive.verify.digests import check_block, check_large
from archive.verify.header_rules import check_header
from archive.verify.known_headers import Shapes
from archive.verify.segments import segment_of
from archive.verify.verdict import FileVerdict, Link
from archive.verify.wacz import is_list, verify_list, verify_wacz
from archive.warc.framing import IN_MEMORY, Frame, Framer
from archive.warc.header import Header
from archive.warc.problem import Problem
from archive.warc.read import OPEN_SUFFIX
from archive.warc.streams.open import open_stream
from archive.warc.values import read_date, wire_uri

Format = Literal["warc", "arc", "wacz", "packages", "cdx", "unknown"]
_IMPORTED = re.compile(r"\Aimport-[0-9a-f]{12}-")  # the name that `archive.ingest.importer` gives
_OURS = b"gongkai."
_FIRST = 1 << 16
_TO_THE_SECOND = 20  # characters of a date
_ARC_START = re.compile(
    rb"filedesc:[^ \r\n]*(?: [^ \r\n]+){4,}\r?\n|[A-Za-z][A-Za-z0-9+.\-]*:[^\r\n]* \d{12,17} [^\r\n]*\d+\r?\n"
)


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
        verify_wacz(file, verdict, lambda inner, inner_name: verify_open_file(inner, name=inner_name))
    elif kind == "packages":
        verify_list(file, verdict)
    elif kind == "cdx":
        verify_cdx(file, verdict)
    elif not file.seek(0, 2):
        verdict.add(Problem("empty-file", "damaged", "the file is empty: not even one record is there", 0))
    else:
        verdict.add(Problem("unknown-format", "damaged", "this is no WARC, ARC, WACZ or CDX file", 0))
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


def _verify_warc(file: BinaryIO, name: str, verdict: FileVerdict) -> None:
    verify_part(file, name, verdict)
    _require_records(verdict)


def _require_records(verdict: FileVerdict) -> None:
    """Blank lines or empty members alone are no archive."""
    if not verdict.records and all(problem.level != "damaged" for problem in verdict.problems):
        verdict.add(Problem("no-records", "damaged", "the file holds no record", 0))


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
                if header.type == "metadata" and _OURS in block:
                    _note_payload(frame, block, verdict)
                check_block(frame, header, block)
        elif frame.declared is not None:
            check_large(frame, header)
    verdict.records += framer.records
    return framer.first, framer.stopped


def _note_payload(frame: Frame, block: bytes, verdict: FileVerdict) -> None:
    """A record of ours is read as the index reads it: what the index leaves out is said here too."""
    try:
        payload = read_metadata(block)
    except Exception as error:  # noqa: BLE001 - as in `archive.index.extract`: it costs the index this record, and is named
        frame.problem("not-understood", "note", f"the index leaves it out: {told(error) or type(error).__name__}")
        return
    if isinstance(payload, CrawlEndMetadata):
        verdict.contents.crawl_ends.append(block)


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
            contents.captures.add(f"{_moment(date)} {uri}")
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
        return f"{_moment(date)} {wire_uri(uri)}"
    digest = header.payload_digest
    return f"{digest.algorithm}:{digest.value.hex()}" if digest else "nothing"


def _moment(date: str) -> str:
    """A date as the index compares it: the same moment may be written in several ways."""
    if len(date) == _TO_THE_SECOND and date[10] == "T" and date[-1] == "Z" and date[17:19] != "60":
        return date  # the usual form of the moment itself
    try:
        moment = read_date(date)
    except ValueError:
        return date
    text = moment.isoformat().removesuffix("+00:00")
    return f"{text}Z"


def _verify_arc(file: BinaryIO, verdict: FileVerdict) -> None:
    from archive.warc.arc import read_arc

    for _ in read_arc(file, verdict.add):
        verdict.records += 1
    _require_records(verdict)
