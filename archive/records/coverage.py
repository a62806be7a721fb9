"""Coverage that adds up: expected = captured + blocked + failed + absent, per portal and report year, at a date.

An agency is expected to publish a report for every year from the first one that the archive knows of up to the last
that is due at the date, by the days of ``config/calendar.yaml``. A report that is not there is *blocked* or *failed*
when the list names it and its address was refused or did not answer, else *absent*; each of these, and each withdrawn
one, is named in ``missing``. Links that were decided against are counted beside, by reason.

A portal of which no report is known has a line without a year, and its lists stand in ``columns`` with what they came
to: nothing that was crawled is passed over because nothing was found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.database.models import Agency, Capture, Crawl, Discovery, Failure, Judgement, Publication, Report
from archive.database.types import time_text
from archive.index.extract import DOCUMENTS
from archive.metadata import is_trial
from archive.records.columns import Column, columns
from archive.times import day_end
from parsers import deadlines
from parsers.identity import titles


@dataclass(slots=True)
class CoverageLine:
    """One portal and report year; ``year`` is None for a portal of which no report is known."""

    portal: str
    year: int | None
    expected: int = 0
    captured: int = 0
    withdrawn: int = 0
    blocked: int = 0
    failed: int = 0
    absent: int = 0

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai coverage --json``."""
        return {
            "portal": self.portal,
            "year": self.year,
            "expected": self.expected,
            "captured": self.captured,
            "withdrawn": self.withdrawn,
            "blocked": self.blocked,
            "failed": self.failed,
            "absent": self.absent,
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """A report that is expected and not there.

    Attributes:
        portal: where it is expected.
        year: of the report.
        agency: whose, as the archive or the list names it.
        agency_id: None where no report of that body was ever had.
        state: ``blocked``, ``failed``, ``absent``, ``withdrawn``.
        reason: by which signature it was refused, how it failed, or why it is expected.
        url: where it is said to stand; None where no list names it.
    """

    portal: str
    year: int
    agency: str
    agency_id: str | None
    state: str
    reason: str
    url: str | None

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai coverage --json``."""
        return {
            "portal": self.portal,
            "year": self.year,
            "agency": {"id": self.agency_id, "name": self.agency},
            "state": self.state,
            "reason": self.reason,
            "url": self.url,
        }


@dataclass(slots=True)
class Coverage:
    """Coverage at a date; who is missing and why; what lists came to; links left aside, by portal and reason."""

    date: date
    lines: list[CoverageLine] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    skipped: dict[str, dict[str, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai coverage --json``."""
        return {
            "date": self.date.isoformat(),
            "coverage": [line.as_json() for line in self.lines],
            "missing": [one.as_json() for one in self.missing],
            "columns": [column.as_json() for column in self.columns],
            "skipped": self.skipped,
        }


def last_due_year(kind: str | None, day: date) -> int:
    """The latest report year whose day of publication is not after ``day``."""
    calendar = deadlines.load()
    return day.year - 1 if day >= calendar.expected(kind, day.year - 1) else day.year - 2


def coverage(session: Session, day: date, portal: str | None = None) -> Coverage:
    """Coverage as it stood at the end of ``day`` (in China).

    Args:
        session: for reading.
        day: what was captured later is not counted.
        portal: only this one.
    """
    until = day_end(day)
    result = Coverage(day)
    lines: dict[tuple[str, int], CoverageLine] = {}

    def line(name: str, year: int) -> CoverageLine:
        return lines.setdefault((name, year), CoverageLine(name, year))

    def miss(found: Missing) -> None:
        entry = line(found.portal, found.year)
        entry.expected += 1
        setattr(entry, found.state, getattr(entry, found.state) + 1)
        result.missing.append(found)

    missed = _missed(session, day)
    gone = select(Report.id, Publication.url).join(Publication, Publication.id == Report.body)
    rows = session.execute(gone.where(Report.status == "withdrawn"))
    addresses = {str(report): str(url) for report, url in rows}
    bodies: dict[str, tuple[str, Agency, set[int]]] = {}
    query = (
        select(Report, Agency)
        .join(Agency, Agency.id == Report.agency_id)
        .where(Report.first_seen <= until)
        .order_by(Report.agency_id, Report.year)
    )
    for report, agency in session.execute(query):
        name = report.portal or ""
        _, _, years = bodies.setdefault(agency.id, (name, agency, set()))
        if report.year not in years:
            years.add(report.year)
            entry = line(name, report.year)
            entry.expected += 1
            entry.captured += 1
            entry.withdrawn += report.status == "withdrawn"
            if report.status == "withdrawn":
                reason, url = f"last seen {time_text(report.last_seen)[:10]}", addresses.get(report.id)
                result.missing.append(Missing(name, report.year, agency.name, agency.id, "withdrawn", reason, url))
    for name, agency, years in bodies.values():
        first = min(years)
        for year in range(first, last_due_year(agency.kind, day) + 1):
            if year not in years:
                state, reason, url = missed.pop(
                    (name, agency.name, year), ("absent", f"no list names it; its reports begin with {first}", None)
                )
                miss(Missing(name, year, agency.name, agency.id, state, reason, url))
    for (name, body, year), (state, reason, url) in missed.items():  # bodies of which no report was ever had
        miss(Missing(name, year, body, None, state, reason, url))
    result.missing = sorted(
        (one for one in result.missing if portal is None or one.portal == portal),
        key=lambda one: (one.portal, one.year, one.agency, one.url or ""),
    )
    result.columns = columns(session, until, portal)
    result.lines = [lines[key] for key in sorted(lines) if portal is None or key[0] == portal]
    crawled = _crawled(session, until) if portal is None else _crawled(session, until) & {portal}
    silent = crawled - {entry.portal for entry in result.lines}
    result.lines = sorted(
        [*result.lines, *(CoverageLine(name, None) for name in silent)],
        key=lambda entry: (entry.portal, entry.year or 0),
    )
    result.skipped = {
        name: reasons for name, reasons in _skipped(session, day).items() if portal is None or name == portal
    }
    return result


def _crawled(session: Session, until: datetime) -> set[str]:
    """Portals that were crawled; a trial of a profile (`portals new`, `portals check`) promises nothing."""
    query = select(Crawl.portal, Crawl.arguments).where(Crawl.started_at <= until, Crawl.portal != "")
    return {portal for portal, arguments in session.execute(query) if not is_trial(arguments)}


def _missed(session: Session, day: date) -> dict[tuple[str, str, int], tuple[str, str, str]]:
    """Reports that a list names and whose address gave nothing, and how it failed.

    By portal, agency as the title names it, and year: state, reason, address.
    """
    until = day_end(day)
    had = set(session.scalars(select(Publication.url).where(Publication.first_seen <= until)))
    refusals = (
        select(Capture.url, Judgement.signature)
        .join(Judgement, Judgement.capture_id == Capture.id)
        .where(Judgement.verdict == "blocked", Capture.purpose.in_(DOCUMENTS), Capture.captured_at <= until)
        .order_by(Capture.captured_at, Capture.id)
    )
    refused = {url: signature or "blocked" for url, signature in session.execute(refusals)}
    failures = select(Failure.url, Failure.kind).where(Failure.recorded_at <= until)
    rows = session.execute(failures.order_by(Failure.recorded_at, Failure.id))
    failed = {str(url): str(kind) for url, kind in rows}
    missed: dict[tuple[str, str, int], tuple[str, str, str]] = {}
    query = (
        select(Discovery)
        .where(Discovery.decision == "follow", Discovery.recorded_at <= until)
        .order_by(Discovery.recorded_at, Discovery.id)
    )
    for found in session.scalars(query):
        if found.target is None or found.target in had:
            continue
        state = "blocked" if found.target in refused else "failed" if found.target in failed else None
        if state is None:
            continue
        title = titles.read_title(found.title or found.text)
        if title.year is not None:
            reason = (refused if state == "blocked" else failed)[found.target]
            missed[found.portal, title.agency or found.target, title.year] = state, reason, found.target
    return missed


def _skipped(session: Session, day: date) -> dict[str, dict[str, int]]:
    query = select(Discovery.portal, Discovery.reason, Discovery.list_url, Discovery.href).where(
        Discovery.decision == "skip", Discovery.recorded_at <= day_end(day)
    )
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for portal, reason, _, _ in sorted({tuple(row) for row in session.execute(query)}):
        seen[portal][reason] += 1
    return {portal: dict(sorted(reasons.items())) for portal, reasons in sorted(seen.items())}
