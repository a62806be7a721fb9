"""Coverage that adds up: expected = captured + blocked + failed + absent, per portal and report year, at a date.

An agency is expected to publish a report for every year from the first one that the archive knows of up to the last
that is due at the date, by the days of ``config/calendar.yaml``. A report that is not there is *blocked* or *failed*
when the list names it and its address was refused or did not answer, else *absent*; each of these, and each withdrawn
one, is named in ``missing``. Links that were decided against are counted beside, by reason.

A portal of which no report is known has a line without a year, and its lists stand in ``columns`` with what they came
to: nothing that was crawled is passed over because nothing was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from archive.database.models import Agency, Capture, Crawl, Discovery, Failure, Judgement, Publication, Report
from archive.database.rows import AnySelect, chunks
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
    for name, year, captured in _captured(session, until):
        entry = line(name, year)
        entry.expected += captured
        entry.captured += captured
    for one in _withdrawn(session, until):
        line(one.portal, one.year).withdrawn += 1
        result.missing.append(one)
    for body in _bodies_with_gaps(session, until, day):
        first = min(body.years)
        for year in range(first, last_due_year(body.kind, day) + 1):
            if year not in body.years:
                state, reason, url = missed.pop(
                    (body.portal, body.name, year),
                    ("absent", f"no list names it; its reports begin with {first}", None),
                )
                miss(Missing(body.portal, year, body.name, body.id, state, reason, url))
    for (name, agency, year), (state, reason, url) in missed.items():  # bodies of which no report was ever had
        miss(Missing(name, year, agency, None, state, reason, url))
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
    result.skipped = _skipped(session, day, portal)
    return result


def _counted(until: datetime) -> AnySelect:
    """The reports that count: of each body one a year, though it may publish several series."""
    return select(func.min(Report.id)).where(Report.first_seen <= until).group_by(Report.agency_id, Report.year)


def _captured(session: Session, until: datetime) -> Iterator[tuple[str, int, int]]:
    """Portals and years, with how many reports there are."""
    query = (
        select(Report.portal, Report.year, func.count())
        .where(Report.id.in_(_counted(until)))
        .group_by(Report.portal, Report.year)
    )
    for portal, year, count in session.execute(query):
        yield portal or "", year, count


def _withdrawn(session: Session, until: datetime) -> Iterator[Missing]:
    query = (
        select(Report, Agency.name, Publication.url)
        .join(Agency, Agency.id == Report.agency_id)
        .outerjoin(Publication, Publication.id == Report.body)
        .where(Report.status == "withdrawn", Report.id.in_(_counted(until)))
    )
    for report, agency, url in session.execute(query):
        reason = f"last seen {time_text(report.last_seen)[:10]}"
        yield Missing(report.portal or "", report.year, agency, report.agency_id, "withdrawn", reason, url)


@dataclass(frozen=True, slots=True)
class _Body:
    """A body with the portal of its first report, and the years of which there are reports."""

    id: str
    name: str
    kind: str | None
    portal: str
    years: frozenset[int]


def _bodies_with_gaps(session: Session, until: datetime, day: date) -> Iterator[_Body]:
    """Bodies of which a report is not there that was due: counting finds them, their years alone are read."""
    kinds = session.scalars(select(Agency.kind).distinct()).all()
    if not kinds:
        return
    due = case(
        *((Agency.kind.is_not_distinct_from(kind), last_due_year(kind, day)) for kind in kinds),
        else_=last_due_year(None, day),
    )
    there = func.count(case((Report.year <= due, Report.year)).distinct())
    query = (
        select(Agency.id)
        .join(Report, Report.agency_id == Agency.id)
        .where(Report.first_seen <= until)
        .group_by(Agency.id)
        .having(there < func.max(due) - func.min(Report.year) + 1)
        .order_by(Agency.id)
    )
    for part in chunks(session.scalars(query).all()):
        rows = session.execute(
            select(Agency.id, Agency.name, Agency.kind, Report.portal, Report.year)
            .join(Report, Report.agency_id == Agency.id)
            .where(Agency.id.in_(part), Report.first_seen <= until)
            .order_by(Agency.id, Report.year, Report.id)
        )
        for key, group in groupby(rows, itemgetter(0)):
            of_body = list(group)
            _, name, kind, portal, _ = of_body[0]
            yield _Body(key, name, kind, portal or "", frozenset(row[4] for row in of_body))


def _crawled(session: Session, until: datetime) -> set[str]:
    """Portals that were crawled; a trial of a profile (`portals new`, `portals check`) promises nothing."""
    query = select(Crawl.portal, Crawl.arguments).where(Crawl.started_at <= until, Crawl.portal != "").distinct()
    return {portal for portal, arguments in session.execute(query) if not is_trial(arguments)}


def _missed(session: Session, day: date) -> dict[tuple[str, str, int], tuple[str, str, str]]:
    """Reports that a list names and whose address gave nothing, and how it failed.

    By portal, agency as the title names it, and year: state, reason, address.
    """
    until = day_end(day)
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
    named: list[Any] = []
    for part in chunks(sorted(refused.keys() | failed.keys())):
        had = select(Publication.url).where(Publication.url.in_(part), Publication.first_seen <= until)
        query = select(
            Discovery.recorded_at, Discovery.id, Discovery.portal, Discovery.title, Discovery.text, Discovery.target
        ).where(
            Discovery.target.in_(part),
            Discovery.target.not_in(had),
            Discovery.decision == "follow",
            Discovery.recorded_at <= until,
        )
        named += session.execute(query).all()
    missed: dict[tuple[str, str, int], tuple[str, str, str]] = {}
    for row in sorted(named, key=lambda row: (row.recorded_at, row.id)):
        state = "blocked" if row.target in refused else "failed"
        title = titles.read_title(row.title or row.text)
        if title.year is not None:
            reason = (refused if state == "blocked" else failed)[row.target]
            missed[row.portal, title.agency or row.target, title.year] = state, reason, row.target
    return missed


def _skipped(session: Session, day: date, portal: str | None) -> dict[str, dict[str, int]]:
    """Links that were decided against, by portal and reason: each counts once a list, however often it was seen."""
    query = select(Discovery.portal, Discovery.reason, Discovery.list_url, Discovery.href).where(
        Discovery.decision == "skip", Discovery.recorded_at <= day_end(day)
    )
    if portal is not None:
        query = query.where(Discovery.portal == portal)
    each = query.distinct().subquery()
    counted = select(each.c.portal, each.c.reason, func.count()).group_by(each.c.portal, each.c.reason)
    seen: dict[str, dict[str, int]] = {}
    for name, reason, count in sorted(map(tuple, session.execute(counted))):
        seen.setdefault(name, {})[reason] = count
    return seen
