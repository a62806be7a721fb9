"""Runs the rules that need several reports (`archive.checks`) over all as they stand, and stores the outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.checks.all import across
from archive.checks.report_figures import CrossCheck, ReportFigures
from archive.checks.twins import twins
from archive.database.models import Agency, Check, Figure, Publication, Reading, Report, Section, Version
from archive.database.rows import insert_new, outcome_row


def store_cross_checks(session: Session) -> int:
    """Replace all outcomes across reports by those of now; returns how many there are."""
    reports = _reports(session)
    found = [*across(reports.values()), *_twins(session, reports)]
    rows: dict[str, dict[str, Any]] = {}
    for check in found:
        rows.setdefault(check.finding, _row(check))
    session.execute(delete(Check).where(Check.reading_id.is_(None)))
    insert_new(session, Check, list(rows.values()))
    return len(rows)


def _reports(session: Session) -> dict[str, ReportFigures]:
    figures, unreadable = _figures(session, select(Report.reading))
    texts: dict[str, list[str]] = defaultdict(list)
    query = (
        select(Section.reading_id, Section.text)
        .join(Report, Report.reading == Section.reading_id)
        .order_by(Section.reading_id, Section.position)
    )
    for reading, text in session.execute(query):
        texts[reading].append(text)
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
            text="\n".join(texts.get(report.reading, ())),
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
    figures, unreadable = _figures(
        session,
        select(Reading.id)
        .join(Version, Version.id == Reading.version_id)
        .join(Publication, Publication.id == Version.publication_id)
        .where(Publication.role == "twin", Reading.current),
    )
    for publication, (report, reading) in sorted(latest.items()):
        body = reports.get(report or "")
        if body is None:
            continue
        twin = ReportFigures(
            publication, body.agency_id, body.agency_kind, body.division, body.year, body.template, body.scope,
            figures.get(reading, {}), unreadable=frozenset(unreadable.get(reading, ())),
        )  # fmt: skip
        yield from twins(body, twin)


def _figures(session: Session, readings: Any) -> tuple[dict[str, dict[str, Decimal | None]], dict[str, set[str]]]:
    """By reading: the figures (None is a blank), and the codes of the cells that could not be read for certain."""
    found: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    unreadable: dict[str, set[str]] = defaultdict(set)
    query = select(Figure.reading_id, Figure.code, Figure.value, Figure.status).where(Figure.reading_id.in_(readings))
    for reading, code, value, status in session.execute(query.order_by(Figure.reading_id, Figure.code)):
        if value is None and status not in {"blank", "not_applicable"}:
            unreadable[reading].add(code)
        else:
            found[reading][code] = value
    return found, unreadable


def _row(check: CrossCheck) -> dict[str, Any]:
    return {
        **outcome_row(check),
        "id": f"across:{check.finding}",
        "reading_id": None,
        "report_id": check.report_id,
        "others": list(check.others),
        "finding": check.finding,
        "evidence": check.evidence,
    }
