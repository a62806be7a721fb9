"""Coverage that adds up: expected = captured + blocked + failed + absent, per portal and report year, at a date.

An agency is expected to publish a report for every year from the first one that the archive knows of up to the last
that is due at the date (31 January for departments and offices, 31 March for governments, by the Regulation's articles
49 and 50; `DUE`). A report that is not there is *blocked* or *failed* when the list names it and its address was
refused or did not answer, else *absent*. Links that were decided against are counted beside, by reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.database.models import Agency, Capture, Discovery, Failure, Judgement, Publication, Report
from archive.moments import day_end
from archive.scanning import DOCUMENTS
from parsers import titles

DUE = {"people_government": (3, 31)}
_DUE_OTHERS = (1, 31)


@dataclass(slots=True)
class CoverageLine:
    """One portal and report year."""

    portal: str
    year: int
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


@dataclass(slots=True)
class Coverage:
    """Coverage at a date, and the links that were left aside, by portal and reason."""

    date: date
    lines: list[CoverageLine] = field(default_factory=list)
    skipped: dict[str, dict[str, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai coverage --json``."""
        return {
            "date": self.date.isoformat(),
            "coverage": [line.as_json() for line in self.lines],
            "skipped": self.skipped,
        }


def last_due_year(kind: str | None, day: date) -> int:
    """The latest report year whose day of publication is not after ``day``."""
    month, last = DUE.get(kind or "", _DUE_OTHERS)
    return day.year - 1 if day >= date(day.year, month, last) else day.year - 2


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

    missed = _missed(session, day)
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
    for name, agency, years in bodies.values():
        for year in range(min(years), last_due_year(agency.kind, day) + 1):
            if year not in years:
                entry = line(name, year)
                entry.expected += 1
                state = missed.pop((name, agency.name, year), "absent")
                setattr(entry, state, getattr(entry, state) + 1)
    for (name, _, year), state in missed.items():  # bodies of which no report was ever had
        entry = line(name, year)
        entry.expected += 1
        setattr(entry, state, getattr(entry, state) + 1)
    result.lines = [lines[key] for key in sorted(lines) if portal is None or key[0] == portal]
    result.skipped = {
        name: reasons for name, reasons in _skipped(session, day).items() if portal is None or name == portal
    }
    return result


def _missed(session: Session, day: date) -> dict[tuple[str, str, int], str]:
    """Reports that a list names and whose address gave nothing: portal, agency as the title names it, year -> state."""
    until = day_end(day)
    had = set(session.scalars(select(Publication.url).where(Publication.first_seen <= until)))
    refused = set(
        session.scalars(
            select(Capture.url)
            .join(Judgement, Judgement.capture_id == Capture.id)
            .where(Judgement.verdict == "blocked", Capture.purpose.in_(DOCUMENTS), Capture.captured_at <= until)
        )
    )
    failed = set(session.scalars(select(Failure.url).where(Failure.recorded_at <= until)))
    missed: dict[tuple[str, str, int], str] = {}
    query = (
        select(Discovery)
        .where(Discovery.decision == "follow", Discovery.recorded_at <= until)
        .order_by(Discovery.recorded_at, Discovery.id)
    )
    for found in session.scalars(query):
        if found.target is None or found.target in had:
            continue
        state = "blocked" if found.target in refused else "failed" if found.target in failed else None
        title = titles.read_title(found.title or found.text)
        if state is not None and title.year is not None:
            missed[found.portal, title.agency or found.target, title.year] = state
    return missed


def _skipped(session: Session, day: date) -> dict[str, dict[str, int]]:
    query = select(Discovery.portal, Discovery.reason, Discovery.list_url, Discovery.href).where(
        Discovery.decision == "skip", Discovery.recorded_at <= day_end(day)
    )
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for portal, reason, _, _ in sorted({tuple(row) for row in session.execute(query)}):
        seen[portal][reason] += 1
    return {portal: dict(sorted(reasons.items())) for portal, reasons in sorted(seen.items())}
