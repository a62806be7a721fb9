"""Runs the rules that need several reports (`archive.checks`) over all as they stand, and stores the outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.checks.all import across
from archive.checks.report_figures import CrossCheck, ReportFigures
from archive.checks.twins import twins
from archive.database.models import AcrossChecks, Agency, CheckRow, Publication, Reading, Report, Version
from archive.database.reading_store import CheckLine, add_across, load_sections, load_values

CHECKS_VERSION = "1"
"""Of the code of the rules across reports: another one has them asked again of all reports. Their facts, in
``config/``, make other readings, and so other outcomes, by themselves."""


def store_cross_checks(session: Session) -> int:
    """Replace all outcomes across reports by those of now; returns how many there are."""
    reports = _reports(session)
    found = [*across(reports.values()), *_twins(session, reports)]
    lines = {check.finding: _line(check) for check in reversed(found)}  # of several under one name the first
    by_report: dict[str, list[CheckLine]] = defaultdict(list)
    for line in sorted(lines.values(), key=lambda line: (line.rule, line.target, line.id)):
        by_report[line.report_id or ""].append(line)
    session.execute(delete(AcrossChecks))
    session.execute(delete(CheckRow).where(CheckRow.across.is_not(None)))
    add_across(session, by_report)
    return len(lines)


def _reports(session: Session) -> dict[str, ReportFigures]:
    readings = session.scalars(select(Report.reading).order_by(Report.reading)).all()
    figures, unreadable = _figures(session, readings)
    texts = {
        reading: "\n".join(section.text for section in sections)
        for reading, sections in load_sections(session, readings).items()
    }
    rows = session.execute(select(Report, Agency).join(Agency, Agency.id == Report.agency_id).order_by(Report.id))
    return {
        report.id: ReportFigures(
            report_id=report.id,
            agency_id=agency.id,
            agency_kind=agency.kind,
            division=agency.division_code,
            year=report.year,
            template=report.template,
            scope=report.scope,
            figures=figures.get(report.reading, {}),
            text=texts.get(report.reading, ""),
            unreadable=frozenset(unreadable.get(report.reading, ())),
        )
        for report, agency in rows
    }


def _twins(session: Session, reports: dict[str, ReportFigures]) -> Iterator[CrossCheck]:
    """The body of each report against its other forms, as each stands now."""
    query = (
        select(Publication.report_id, Publication.id, Reading.id, Version.number)
        .join(Version, Version.publication_id == Publication.id)
        .join(Reading, (Reading.version_id == Version.id) & Reading.current)
        .where(Publication.role == "twin", Publication.status == "ok")
        .order_by(Publication.id, Version.number)
    )
    latest = {publication: (report, reading) for report, publication, reading, _ in session.execute(query)}
    figures, unreadable = _figures(session, sorted({reading for _, reading in latest.values()}))
    for publication, (report, reading) in sorted(latest.items()):
        body = reports.get(report or "")
        if body is None:
            continue
        twin = ReportFigures(
            publication, body.agency_id, body.agency_kind, body.division, body.year, body.template, body.scope,
            figures.get(reading, {}), unreadable=frozenset(unreadable.get(reading, ())),
        )  # fmt: skip
        yield from twins(body, twin)


def _figures(
    session: Session, readings: Sequence[str]
) -> tuple[dict[str, dict[str, Decimal | None]], dict[str, set[str]]]:
    """By reading: the figures (None is a blank), and the codes of the cells that could not be read for certain."""
    found: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    unreadable: dict[str, set[str]] = defaultdict(set)
    for reading, cells in load_values(session, readings).items():
        for code, (value, status) in cells.items():
            if value is None and status not in {"blank", "not_applicable"}:
                unreadable[reading].add(code)
            else:
                found[reading][code] = value
    return found, unreadable


def _line(check: CrossCheck) -> CheckLine:
    return CheckLine(
        f"across:{check.finding}", None, check.report_id, check.rule, check.target, check.lhs, check.rhs, check.outcome,
        check.severity, list(check.codes), list(check.others), check.finding, check.evidence,
    )  # fmt: skip
