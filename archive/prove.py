"""From a number back to the byte: figure -> cell -> capture -> WARC record -> file, checked link by link, offline.

Each link is one `Step`: what was looked at, whether it holds, and what was found. The chain holds when every step does.
A chain over a made-up capture (``--connect-to``) may hold and still proves nothing about the named host: it says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive._errors import ArchiveError, NotFound
from archive.captures import Captures
from archive.content_key import content_key
from archive.database import Database
from archive.database.models import Capture, Crawl, Figure, Publication, Reading, Version, WarcFile
from archive.database.types import time_text
from archive.documents import hints_of, record_content
from archive.records import ReportLine, find_report
from archive.storage import Storage
from archive.warc import build
from archive.warc.read import Record
from parsers import Hints, Locator, ParserError, decimal_text

MADE_UP = "not obtained from the named host"


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain."""

    name: str
    holds: bool
    found: str

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai prove --json``."""
        return {"step": self.name, "holds": self.holds, "found": self.found}


@dataclass(frozen=True, slots=True)
class FigureProof:
    """One figure against the document: the raw text that its locator leads to, and what is stored."""

    code: str
    value: str | None
    raw: str
    resolved: str | None
    holds: bool
    locator: dict[str, Any]
    problem: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai prove --json``."""
        return {
            "code": self.code,
            "value": self.value,
            "raw": self.raw,
            "resolved": self.resolved,
            "holds": self.holds,
            "locator": self.locator,
            "problem": self.problem,
        }


@dataclass(slots=True)
class Proof:
    """The chain of one report."""

    report: str
    url: str
    made_up: bool
    steps: list[Step] = field(default_factory=list)
    figures: list[FigureProof] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every link does."""
        return all(step.holds for step in self.steps) and all(figure.holds for figure in self.figures)

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai prove --json``."""
        return {
            "report": self.report,
            "url": self.url,
            "holds": self.holds,
            "made_up": self.made_up,
            "origin": MADE_UP if self.made_up else None,
            "steps": [step.as_json() for step in self.steps],
            "figures": [figure.as_json() for figure in self.figures],
        }


def prove(database: Database, storage: Storage, text: str, code: str | None = None) -> Proof:
    """Check the chain of one figure, or of all figures of a report.

    Args:
        database: the index.
        storage: where the WARC files are.
        text: the report, as `find_report` takes it.
        code: of the figure; all when not given.

    Raises:
        NotFound: no such report, or it has no such figure.
    """
    with database.session() as session:
        line = find_report(session, text)
        figures = _figures(session, line, code)
        reading = session.get_one(Reading, line.report.reading)
        version = session.get_one(Version, line.report.version)
        publication = session.get_one(Publication, line.report.body)
        capture = session.get_one(Capture, version.first_capture)
        crawl = session.get(Crawl, capture.crawl_id or "")
    proof = Proof(line.report.id, publication.url, line.made_up)
    captures = Captures(database, storage)
    proof.steps.append(Step("reading", reading.current, f"{reading.id} by {reading.parser}, {reading.configuration}"))
    proof.steps.append(
        Step("capture", True, f"{capture.id}: {capture.kind} of {capture.url} at {time_text(capture.captured_at)}")
    )
    holder = _holder(captures, capture, proof)
    record = _record(captures, holder, proof) if holder else None
    if holder is None or record is None:
        return proof
    _file(database, storage, holder, proof)
    data = _content(record, proof)
    if data is None:
        return proof
    hints = hints_of(capture.url, holder.media_type, capture.hints)
    key = content_key(data, hints)
    proof.steps.append(Step("content", key == version.content_key, key))
    proof.figures = [_figure(figure, data, hints) for figure in figures]
    if crawl is not None and crawl.connect_to:
        proof.steps.append(Step("origin", True, f"{MADE_UP}: fetched through {', '.join(crawl.connect_to)}"))
    return proof


def _figures(session: Session, line: ReportLine, code: str | None) -> Sequence[Figure]:
    query = select(Figure).where(Figure.reading_id == line.report.reading).order_by(Figure.code)
    if code is None:
        return session.scalars(query).all()
    found = session.scalars(query.where(Figure.code == code)).all()
    if not found:
        raise NotFound(
            f"has no figure {code}", subject=line.report.id, advice=f"`gongkai show {line.report.id}` lists them"
        )
    return found


def _holder(captures: Captures, capture: Capture, proof: Proof) -> Capture | None:
    if capture.kind != "revisit":
        return capture
    try:
        holder = captures.original(capture)
    except ArchiveError as error:
        proof.steps.append(Step("original", False, str(error)))
        return None
    proof.steps.append(Step("original", True, f"{holder.id} holds the content of the revisit"))
    return holder


def _record(captures: Captures, holder: Capture, proof: Proof) -> Record | None:
    place = f"{holder.warc_file} at {holder.offset}, {holder.length} bytes"
    try:
        record = captures.record(holder)
    except ArchiveError as error:
        proof.steps.append(Step("record", False, str(error)))
        return None
    proof.steps.append(Step("record", True, place))
    declared = record.header("WARC-Block-Digest")
    proof.steps.append(_digest("block digest", declared, record.block))
    payload = record.header("WARC-Payload-Digest")
    if payload is not None:
        content = record.http().entity() if record.is_http else record.block
        proof.steps.append(_digest("payload digest", payload, content))
    return record


def _digest(name: str, declared: str | None, data: bytes) -> Step:
    """Compared when it is one that we write; files of others may use another algorithm, which proves what it proves."""
    if declared is None:
        return Step(name, False, "none is recorded")
    algorithm, _, value = declared.partition(":")
    if algorithm.lower() == "sha256":
        found = build.digest(data)
        return Step(name, found.partition(":")[2] == value.upper() or hashlib.sha256(data).hexdigest() == value, found)
    if algorithm.lower() == "sha1":
        import base64

        found = base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
        return Step(name, found == value.upper(), f"sha1:{found}")
    return Step(name, True, f"{declared} (not compared)")


def _file(database: Database, storage: Storage, holder: Capture, proof: Proof) -> None:
    """The file itself against its seal and against what the index knew of it."""
    digest = hashlib.sha256()
    try:
        with storage.open(holder.warc_file) as file:
            while piece := file.read(8 << 20):
                digest.update(piece)
        seal = storage.seal(holder.warc_file)
    except ArchiveError as error:
        proof.steps.append(Step("file", False, str(error)))
        return
    with database.session() as session:
        row = session.get(WarcFile, holder.warc_file)
    found = digest.hexdigest()
    proof.steps.append(Step("file", row is not None and row.sha256 == found, f"{holder.warc_file} sha256 {found}"))
    if seal is None:
        proof.steps.append(Step("seal", False, "the file has none"))
    else:
        proof.steps.append(Step("seal", seal.sha256 == found, f"sealed {seal.sealed_at} with {seal.records} records"))


def _content(record: Record, proof: Proof) -> bytes | None:
    try:
        return record_content(record)
    except ArchiveError as error:
        proof.steps.append(Step("content", False, str(error)))
        return None


def _figure(figure: Figure, data: bytes, hints: Hints) -> FigureProof:
    from parsers.formats import resolve

    value = decimal_text(figure.value)
    try:
        resolved: str | None = resolve(data, Locator.from_json(figure.locator), hints)
        problem = None
    except ParserError as error:
        resolved, problem = None, str(error)
    holds = resolved is not None and resolved == figure.raw
    return FigureProof(figure.code, value, figure.raw, resolved, holds, figure.locator, problem)
