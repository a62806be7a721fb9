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
from collections.abc import Callable, Container, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from archive._errors import WarcError
from archive.warc.conformance import Digest, Header, check_header
from archive.warc.framing import IN_MEMORY, Finding, Frame, Framer, Level
from archive.warc.http import HttpMessage, split_head
from archive.warc.read import OPEN_SUFFIX
from archive.warc.streams import open_stream

Verdict = Literal["ok", "note", "nonconformant", "damaged"]
Format = Literal["warc", "arc", "wacz", "cdx", "unknown"]
LEVELS: tuple[Verdict, ...] = ("ok", "note", "nonconformant", "damaged")
MAX_PER_CODE = 100
"""Findings of one code that are listed for a file; the rest are counted."""
_LISTED_ONCE = frozenset({"draft-version"})

_BATCH = 4 << 20
_CRAWL_END = b'"gongkai.crawl-end/1"'
_FIRST = 1 << 16
_CODED = re.compile(rb"\n(?:transfer-encoding[ \t]*:)", re.IGNORECASE)
_LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?\n", re.IGNORECASE)
_ARC_START = re.compile(rb"(?:filedesc|[A-Za-z][A-Za-z0-9+.\-]*):[^\r\n]* \d{12,17} [^\r\n]*\d+\r?\n")
_CDX_START = re.compile(rb"(?: CDX [A-Za-z]|!meta |[^\s]+ \d{14} [{\S])")


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
                    "record_id": found.record_id,
                    "code": found.code,
                    "level": found.level,
                    "message": found.message,
                }
                for found in self.problems
            ],
        }


def verify_file(path: str | Path) -> FileVerdict:
    """Judge one file by itself.

    Raises:
        WarcError: there is no such file, or it cannot be opened.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            verdict = verify_open_file(file, name=path.name, shown=str(path))
    except OSError as error:
        raise WarcError(f"cannot be read ({error.strerror})", subject=str(path), advice="Check the name") from error
    resolve_links([verdict])
    verdict.finish()
    return verdict


def verify_files(paths: Iterable[str | Path], *, progress: Callable[[str], None] | None = None) -> list[FileVerdict]:
    """Judge several files together: what one refers to may lie in another.

    Raises:
        WarcError: one of them cannot be opened.
    """
    verdicts = []
    for path in map(Path, paths):
        if progress is not None:
            progress(str(path))
        try:
            with path.open("rb") as file:
                verdicts.append(verify_open_file(file, name=path.name, shown=str(path)))
        except OSError as error:
            raise WarcError(f"cannot be read ({error.strerror})", subject=str(path), advice="Check the name") from error
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
        from archive.warc.wacz import verify_wacz

        verify_wacz(file, verdict)
    elif kind == "cdx":
        from archive.warc.cdx import verify_cdx

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
    if first[:2] == b"PK":
        return "wacz"
    stream = open_stream(file, _ARC_START)
    stream.next_member()
    start = stream.peek(_FIRST)
    lowered = name.lower().removesuffix(OPEN_SUFFIX)
    plain = lowered.removesuffix(".gz").removesuffix(".zst")
    if start[:4].upper() == b"WARC":
        return "warc"
    if _CDX_START.match(start) and not plain.endswith((".arc", ".warc")):
        return "cdx"
    if _ARC_START.match(start):
        return "arc"
    for suffix, kind in ((".warc", "warc"), (".arc", "arc"), (".wacz", "wacz")):
        if plain.endswith(suffix):
            return kind  # type: ignore[return-value]  # the tuple above holds formats only
    return "unknown"


def resolve_links(verdicts: Iterable[FileVerdict], *, complete: Container[str] = ()) -> None:
    """Find references into nothing, revisits without original and ids used twice, over all files together.

    Args:
        verdicts: of the files.
        complete: files (as named in their verdicts) all of whose links must lead somewhere, because everything they
            refer to was kept together with them; a reference into nothing is then a defect, not a note.
    """
    verdicts = list(verdicts)
    known: dict[str, FileVerdict] = {}
    captures: set[str] = set()
    payloads: dict[str, Digest] = {}
    for verdict in verdicts:
        for record_id, offset in verdict.contents.ids.items():
            other = known.setdefault(record_id, verdict)
            if other is not verdict:
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
    framer = Framer(file, verdict.add)
    checks = _DigestChecks(verdict)
    with checks:
        for frame in framer:
            header = check_header(frame)
            _index(frame, header, verdict, name)
            if frame.declared is not None and frame.declared <= IN_MEMORY:
                block = frame.read()
                if len(block) == frame.declared:
                    if header.type == "metadata" and _CRAWL_END in block:
                        verdict.contents.crawl_ends.append(block)
                    checks.add(_Check(frame.offset, frame.record_id, header, block))
            elif frame.declared is not None:
                _check_large(frame, header)
    verdict.records = framer.records
    if not framer.records and not verdict.problems:
        verdict.add(Finding("no-records", "damaged", "the file holds no record", 0))


def _index(frame: Frame, header: Header, verdict: FileVerdict, name: str) -> None:
    """Note what the record is called and what it refers to."""
    contents, record_id = verdict.contents, frame.record_id
    if record_id:
        if record_id in contents.ids:
            message = f"the record at offset {contents.ids[record_id]} has the same record id"
            frame.problem("duplicate-record-id", "nonconformant", message)
        contents.ids[record_id] = frame.offset
    fields, offset = header.fields, frame.offset
    for target in header.concurrent_to:
        contents.links.append(Link("concurrent-to", target, offset, record_id))
    warcinfo = header.reference("warc-warcinfo-id")
    if warcinfo:
        contents.links.append(Link("warcinfo", warcinfo, offset, record_id))
    origin = header.reference("warc-segment-origin-id")
    if origin:
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
    refers_to = header.reference("warc-refers-to")
    if refers_to and header.type != "revisit":
        contents.links.append(Link("refers-to", refers_to, offset, record_id))
    filename = fields.get("warc-filename")
    if filename and header.type == "warcinfo" and filename.strip('"') != name.removesuffix(OPEN_SUFFIX):
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


@dataclass(frozen=True, slots=True)
class _Check:
    offset: int
    record_id: str | None
    header: Header
    block: bytes


class _DigestChecks:
    """Digests are computed beside reading, in one more thread and in batches (hashing releases the interpreter)."""

    def __init__(self, verdict: FileVerdict) -> None:
        self._verdict = verdict
        self._batch: list[_Check] = []
        self._size = 0
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="digests")
        self._running: list[Future[list[Finding]]] = []

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, *_: object) -> None:
        self._send()
        for running in self._running:
            self._collect(running)
        self._pool.shutdown()

    def add(self, check: _Check) -> None:
        """Check one record's block, soon."""
        self._batch.append(check)
        self._size += len(check.block)
        if self._size >= _BATCH:
            self._send()

    def _send(self) -> None:
        if len(self._running) > 2:  # memory stays bounded: reading waits for hashing
            self._collect(self._running.pop(0))
        self._running.append(self._pool.submit(_check_batch, self._batch))
        self._batch, self._size = [], 0

    def _collect(self, running: Future[list[Finding]]) -> None:
        for finding in running.result():
            self._verdict.add(finding)


def _check_batch(checks: list[_Check]) -> list[Finding]:
    findings: list[Finding] = []
    for check in checks:
        _check_block(check, findings)
    return findings


def _check_block(check: _Check, findings: list[Finding]) -> None:
    header, block = check.header, check.block

    def say(code: str, level: Level, message: str) -> None:
        findings.append(Finding(code, level, message, check.offset, check.record_id))

    sound: bool | None = None
    if header.block_digest is not None:
        sound = header.block_digest.of(block)
        if not sound:
            say("block-digest", "damaged", "the block does not have the digest that WARC-Block-Digest says")
    media_type = header.fields.get("content-type", "")[:16].lower()
    if media_type.startswith("application/http"):
        _check_http(header, block, say, sound)
    elif header.payload_digest is not None and _own_payload(header) and not header.payload_digest.of(block):
        _wrong_payload(say, sound)
    if header.type == "warcinfo" and header.fields.get("content-type", "").lower().startswith(
        "application/warc-fields"
    ):
        _check_warc_fields(block, say)


_Say = Callable[[str, Level, str], None]


def _check_http(header: Header, block: bytes, say: _Say, sound: bool | None) -> None:
    if not block:
        return
    start = split_head(block)
    expects_response = header.type in {"response", "revisit"}
    if expects_response and block[:5] != b"HTTP/":
        say("not-http", "note", "the block says it is an HTTP response and does not begin with a status line")
    if start < 0:
        start = len(block)
    coded = _CODED.search(block, 0, start)
    if header.payload_digest is not None and _own_payload(header):
        _check_payload(header.payload_digest, block, start, coded=bool(coded), say=say, sound=sound)
    if header.type == "response" and not coded and "warc-truncated" not in header.fields:
        said = _LENGTH.search(block, 0, start)
        if said and 0 < len(block) - start < int(said[1]):
            message = f"the HTTP body has {len(block) - start} bytes, its Content-Length says {int(said[1])}"
            say("short-body", "note", message)


def _own_payload(header: Header) -> bool:
    """Whether the payload is all in this record's block, so that its digest can be checked here."""
    fields = header.fields
    return header.type not in {"revisit", "continuation"} and not (
        {"warc-segment-number", "warc-truncated"} & fields.keys()
    )


def _check_payload(digest: Digest, block: bytes, start: int, *, coded: bool, say: _Say, sound: bool | None) -> None:
    body = memoryview(block)[start:]
    if not coded:
        if digest.of(body):
            return
    else:
        message = HttpMessage.parse(block)
        if digest.of(message.entity()):
            return
        if digest.of(body):
            say(
                "payload-digest-over-chunks",
                "note",
                "WARC-Payload-Digest was taken over the body with its transfer coding; the standard says without",
            )
            return
    if digest.of(block):
        say("payload-digest-over-block", "nonconformant", "WARC-Payload-Digest was taken over the whole block")
        return
    try:
        decoded = HttpMessage.parse(block).content()
    except WarcError:
        decoded = b""
    if decoded and digest.of(decoded):
        say(
            "payload-digest-over-content",
            "note",
            "WARC-Payload-Digest was taken over the body without its content coding",
        )
        return
    _wrong_payload(say, sound)


def _wrong_payload(say: _Say, sound: bool | None) -> None:
    if sound:
        say("payload-digest", "nonconformant", "WARC-Payload-Digest is not the payload's, though the block is intact")
    else:
        say("payload-digest", "damaged", "the payload does not have the digest that WARC-Payload-Digest says")


def _check_warc_fields(block: bytes, say: _Say) -> None:
    for number, line in enumerate(block.split(b"\n"), 1):
        text = line.rstrip(b"\r")
        if text and text[:1] not in {b" ", b"\t"} and b":" not in text:
            say("bad-warc-fields", "note", f"line {number} of the warcinfo is no field: {text[:60]!r}")
            return


def _check_large(frame: Frame, header: Header) -> None:
    """A block that is not read into memory: its digests on the way."""
    block = header.block_digest.new() if header.block_digest else None
    payload = header.payload_digest.new() if header.payload_digest and _own_payload(header) else None
    http = header.fields.get("content-type", "").lower().startswith("application/http")
    first = True
    for piece in frame.pieces():
        if block is not None:
            block.update(piece)
        if payload is not None:
            body = piece
            if first and http:
                start = split_head(piece)
                if start < 0 or _CODED.search(piece, 0, start):
                    payload = None
                    message = f"a payload with transfer coding of more than {IN_MEMORY} bytes is not checked"
                    frame.problem("payload-not-checked", "note", message)
                    continue
                body = piece[start:]
            payload.update(body)
        first = False
    if frame.taken != frame.declared:
        return
    sound: bool | None = None
    if block is not None and header.block_digest is not None:
        sound = block.digest() == header.block_digest.value
        if not sound:
            message = "the block does not have the digest that WARC-Block-Digest says"
            frame.problem("block-digest", "damaged", message)
    if payload is not None and header.payload_digest and payload.digest() != header.payload_digest.value:
        _wrong_payload(frame.problem, sound)


def _verify_arc(file: BinaryIO, verdict: FileVerdict) -> None:
    from archive.warc.arc import read_arc

    for _ in read_arc(file, verdict.add):
        verdict.records += 1
    if not verdict.records and not verdict.problems:
        verdict.add(Finding("no-records", "damaged", "the file holds no record", 0))
