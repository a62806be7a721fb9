"""From a number back to the byte: figure -> cell -> capture -> WARC record -> file, checked link by link, offline.

Each link is one `Step`: what was looked at, whether it holds, and what was found. The chain holds when every step does.
Nothing is taken from the index alone: what it says of capture, report and figure is compared with the WARC file and
with the document, read again (`archive.evidence.index_against_warc`). A chain over a made-up capture (``--connect-to``)
may hold and still proves nothing about the named host: it says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from archive.access.captures import Captures
from archive.database import Database
from archive.database.models import Capture, Publication, Reading, Version, WarcFile
from archive.database.reading_lines import FigureLine, ProseLine
from archive.database.reading_load import load_figures, load_prose
from archive.database.types import time_text
from archive.errors import ArchiveError, NotFound, StorageError
from archive.evidence.index_against_warc import (
    Files,
    few,
    figure_differences,
    identity,
    prose_differences,
    reading_differences,
)
from archive.index.documents import ReadTask, declared_charset, hints_of, read, record_content
from archive.metadata import MADE_UP
from archive.records.reports import ReportLine, find_report
from archive.storage.base import Storage
from archive.warc import build
from archive.warc.read import Record
from archive.warc.seal import sha256_of
from parsers import AnnualReport, Hints, Locator, ParserError, decimal_text

Progress = Callable[[str, int, int], None]


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
    """One figure against the document: what is stored, the raw text that its locator leads to, and what is wrong."""

    code: str
    value: str | None
    status: str
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
            "status": self.status,
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


def prove(
    database: Database, storage: Storage, text: str, code: str | None = None, *, progress: Progress | None = None
) -> Proof:
    """Check the chain of one figure, of the numbers of one code in the text, or of all figures of a report.

    Args:
        database: the index.
        storage: where the WARC files are.
        text: the report, as `find_report` takes it.
        code: of the figure or of facts in the text; all figures when not given.
        progress: told how many bytes of a file were read, and how many there are: its digest needs them all.

    Raises:
        NotFound: no such report, or it has no such figure.
        StorageError: the place where the files lie does not answer, so that nothing can be said.
    """
    with database.session() as session:
        line = find_report(session, text)
        stored = load_figures(session, [line.report.reading])[line.report.reading]
        figures = _figures(session, line, stored, code)
        reading = session.get_one(Reading, line.report.reading)
        version = session.get_one(Version, line.report.version)
        publication = session.get_one(Publication, line.report.body)
        capture = session.get_one(Capture, version.first_capture)
    proof = Proof(line.report.id, publication.url, line.made_up)
    captures = Captures(database, storage)
    files = Files(storage)
    proof.steps.append(_reading(reading))
    _capture(files, capture, publication, proof)
    holder = _holder(captures, capture, proof)
    record = _record(captures, holder, proof) if holder else None
    if holder is None or record is None:
        return proof
    for name in sorted({holder.warc_file, capture.warc_file}):
        _file(database, storage, name, proof, progress)
    if holder is not capture:
        _capture(files, holder, publication, proof, name="original")
    hints = hints_of(capture.url, holder.media_type, capture.hints)
    found = read(ReadTask(storage, holder.record_location, hints))
    if found.report is None or found.content_key is None:
        proof.steps.append(Step("content", False, found.problem or "cannot be read"))
        return proof
    proof.steps.append(Step("content", found.content_key == version.content_key, found.content_key))
    problems = _read_again(database, files, (line, reading, capture, stored), found.report, proof)
    if problems is not None and figures and isinstance(figures[0], ProseLine):
        problems = {}  # the step "read again" compared them
    if problems is not None and code is None and (missing := problems.keys() - {figure.code for figure in figures}):
        proof.steps.append(Step("figures", False, f"not in the index: {few(sorted(missing))}"))
    data = record_content(record)
    hints = replace(hints, charset=declared_charset(record))
    proof.figures = [_figure(figure, data, hints, problems) for figure in figures]
    try:
        mappings = files.mappings(capture)
    except ArchiveError:
        return proof  # the step "capture" says why the file cannot be read through; the mark is the index's
    if mappings is not None:
        proof.made_up = True
        proof.steps.append(Step("origin", True, f"{MADE_UP}: fetched through {', '.join(mappings)}"))
    elif proof.made_up:
        proof.steps.append(Step("origin", False, "the index calls it made up, the file does not"))
    return proof


def _reading(reading: Reading) -> Step:
    """Whether it is the current one, and made with the parser and configuration that are here."""
    from parsers import PARSER_VERSION, configuration_digest

    made = f"{reading.id} by {reading.parser}, {reading.configuration}"
    if not reading.current:
        return Step("reading", False, f"{made}, which is not the current one; run `gongkai index`")
    if (reading.parser, reading.configuration) != (PARSER_VERSION, configuration_digest()):
        here = f"{PARSER_VERSION}, {configuration_digest()}"
        return Step("reading", False, f"{made}; here is {here}, so it cannot be made again; run `gongkai index`")
    return Step("reading", True, made)


def _capture(files: Files, capture: Capture, publication: Publication, proof: Proof, *, name: str = "capture") -> None:
    said = f"{capture.id}: {capture.kind} of {capture.url} at {time_text(capture.captured_at)}"
    try:
        problems = files.capture(capture)
    except StorageError:
        raise
    except ArchiveError as error:
        problems = [str(error)]
    if name == "capture" and publication.url != capture.url:
        problems.append(f"the report is said to stand at {publication.url}")
    said += (
        f"; {'the whole file was' if capture.warc_file in files.whole else 'it and what stands beside it were'} read"
    )
    proof.steps.append(Step(name, not problems, few(problems) if problems else said))


def _read_again(
    database: Database,
    files: Files,
    rows: tuple[ReportLine, Reading, Capture, Sequence[FigureLine]],
    again: AnnualReport,
    proof: Proof,
) -> dict[str, str] | None:
    """Compare what is stored with the document, read again; problems of figures, None where another parser read it."""
    line, reading, capture, stored = rows
    with database.session() as session:
        holds, said = identity(files, session, capture, line.report.id, again)
        proof.steps.append(Step("report", holds, said))
        if (reading.parser, reading.configuration) != (again.parser, again.configuration):
            return None  # the step "reading" says so; its figures are compared with their cells alone
        differences = reading_differences(reading, again) + prose_differences(session, reading.id, again)
    said = few(differences) if differences else f"{len(again.cells)} cells, {len(again.prose)} facts in the text"
    proof.steps.append(Step("read again", not differences, said))
    return figure_differences(stored, again)


def _figures(
    session: Session, line: ReportLine, stored: Sequence[FigureLine], code: str | None
) -> Sequence[FigureLine | ProseLine]:
    """The figures of a report that are asked for: all, or those of a code, or the numbers of that code in its text."""
    if code is None:
        return stored
    reading = line.report.reading
    found: Sequence[FigureLine | ProseLine] = [figure for figure in stored if figure.code == code]
    if not found:
        found = [fact for fact in load_prose(session, [reading])[reading] if fact.code == code]
    if not found:
        raise NotFound(
            f"has no figure {code}", subject=line.report.id, advice=f"`gongkai show {line.report.id}` lists them"
        )
    return found


def _holder(captures: Captures, capture: Capture, proof: Proof) -> Capture | None:
    if capture.kind != "revisit":
        return capture
    try:
        return captures.original(capture)  # of the index alone
    except ArchiveError as error:
        proof.steps.append(Step("original", False, str(error)))
        return None


def _record(captures: Captures, holder: Capture, proof: Proof) -> Record | None:
    place = f"{holder.warc_file} at {holder.offset}, {holder.length} bytes"
    try:
        record = captures.record(holder)
    except StorageError:
        raise
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
        forms = {form.partition(":")[2].rstrip("=").lower() for form in build.digest_forms(found)}
        return Step(name, value.rstrip("=").lower() in forms, found)
    if algorithm.lower() == "sha1":
        import base64

        found = base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
        return Step(name, found == value.upper(), f"sha1:{found}")
    return Step(name, True, f"{declared} (not compared)")


def _file(database: Database, storage: Storage, name: str, proof: Proof, progress: Progress | None) -> None:
    """The file itself, all of it, against its seal and against what the index knew of it."""
    done = 0

    def tell(read: int) -> None:
        nonlocal done
        done = read
        if progress is not None:
            progress(name, done, max(done, seal.size if seal else 0))

    try:
        seal = storage.seal(name)
        with storage.open(name) as file:
            found = sha256_of(file, tell)
    except StorageError:
        raise
    except ArchiveError as error:
        proof.steps.append(Step("file", False, str(error)))
        return
    with database.session() as session:
        row = session.get(WarcFile, name)
    proof.steps.append(
        Step("file", row is not None and row.sha256 == found, f"{name}, all {done} bytes, sha256 {found}")
    )
    if seal is None:
        proof.steps.append(Step("seal", False, "the file has none"))
    else:
        proof.steps.append(Step("seal", seal.sha256 == found, f"sealed {seal.sealed_at} with {seal.records} records"))


def _figure(figure: FigureLine | ProseLine, data: bytes, hints: Hints, problems: dict[str, str] | None) -> FigureProof:
    from parsers.formats import resolve

    value = decimal_text(figure.value)
    problem = problems.get(figure.code) if problems else None
    try:
        resolved: str | None = resolve(data, Locator.from_json(figure.locator), hints)
    except ParserError as error:
        resolved, problem = None, problem or str(error)
    holds = problem is None and resolved is not None and _printed(figure, resolved) == figure.raw
    return FigureProof(figure.code, value, figure.status, figure.raw, resolved, holds, figure.locator, problem)


def _printed(figure: FigureLine | ProseLine, resolved: str) -> str:
    """What the document prints: of a fact in the text the number within its sentence."""
    if isinstance(figure, FigureLine):
        return resolved
    place, (first, last) = figure.locator["start"], figure.locator["number"]
    return resolved[first - place : last - place]
