"""Runs the rules that need several reports (`archive.checks`) over all as they stand, and stores the outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.checks.all import across
from archive.checks.lent import LentText, lent_checks
from archive.checks.report_figures import CrossCheck, ReportFigures
from archive.checks.twins import twins
from archive.database.models import AcrossChecks, Agency, CheckRow, Publication, Reading, Report, Version
from archive.database.own_text import OwnText, lent_texts
from archive.database.reading_lines import CheckLine, IssueLine
from archive.database.reading_load import load_checks, load_figures, load_issues, load_prose, load_sections, load_values
from archive.database.reading_store import add_across
from archive.database.rows import chunks
from parsers import Locator
from parsers.checks.unread import TABLE_MISSING, TOLD, unread_cells
from parsers.forms import templates
from parsers.record import Check, CheckOutcome, Severity

CHECKS_VERSION = "1"
"""Of the code of the rules across reports: another one has them asked again of all reports. Their facts, in
``config/``, make other readings, and so other outcomes, by themselves."""


def store_cross_checks(session: Session) -> int:
    """Replace all outcomes across reports by those of now; returns how many there are."""
    bodies = dict(session.execute(select(Report.id, Report.reading)).all())
    pages = lent_texts(session, sorted(bodies))
    reports = _reports(session, bodies, pages)
    found = [*across(reports.values()), *_twins(session, reports), *_lent(session, reports, bodies, pages)]
    lines = {check.finding: _line(check) for check in reversed(found)}  # of several under one name the first
    by_report: dict[str, list[CheckLine]] = defaultdict(list)
    for line in sorted(lines.values(), key=lambda line: (line.rule, line.target, line.id)):
        by_report[line.report_id or ""].append(line)
    session.execute(delete(AcrossChecks))
    session.execute(delete(CheckRow).where(CheckRow.across.is_not(None)))
    add_across(session, by_report)
    return len(lines)


def _reports(session: Session, bodies: Mapping[str, str], pages: Mapping[str, OwnText]) -> dict[str, ReportFigures]:
    """All reports by their ids.

    Args:
        session: for reading.
        bodies: the reading of each report's body.
        pages: those that lend reports their text.
    """
    cells = _cells(session, sorted(bodies.values()))
    own = {report: page.reading for report, page in pages.items()}
    texts = {
        reading: "\n".join(section.text for section in sections)
        for reading, sections in load_sections(session, sorted({*bodies.values(), *own.values()})).items()
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
            figures=cells[report.reading].figures,
            text=texts.get(own.get(report.id, ""), "") or texts.get(report.reading, ""),
            unreadable=frozenset(cells[report.reading].unreadable),
            missing=frozenset(cells[report.reading].missing),
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
    cells = _cells(session, sorted({reading for _, reading in latest.values()}))
    for publication, (report, reading) in sorted(latest.items()):
        body = reports.get(report or "")
        if body is None:
            continue
        twin = ReportFigures(
            publication, body.agency_id, body.agency_kind, body.division, body.year, body.template, body.scope,
            cells[reading].figures, unreadable=frozenset(cells[reading].unreadable),
            missing=frozenset(cells[reading].missing),
        )  # fmt: skip
        yield from twins(body, twin)


def _lent(
    session: Session, reports: Mapping[str, ReportFigures], bodies: Mapping[str, str], pages: Mapping[str, OwnText]
) -> Iterator[CrossCheck]:
    """What the rules say of the text of pages whose annexes are the bodies of their reports."""
    readings = [page.reading for page in pages.values()]
    checks = load_checks(session, [*readings, *(bodies[report] for report in pages)])
    prose = load_prose(session, readings)
    for key, page in sorted(pages.items()):
        facts = [(fact.code, fact.value) for fact in prose[page.reading] if fact.value is not None]
        own, said = ([_check(line) for line in checks.get(name, ())] for name in (bodies[key], page.reading))
        yield from lent_checks(reports[key], LentText(page.publication, said, facts), own)


def _check(line: CheckLine) -> Check:
    return Check(
        line.rule, line.target, line.lhs, line.rhs, cast("Severity", line.severity),
        cast("CheckOutcome", line.outcome), tuple(line.codes),
    )  # fmt: skip


@dataclass(slots=True)
class _Cells:
    """The cells of a reading: figures (None is a blank), and the codes of those that are no blanks and not read."""

    figures: dict[str, Decimal | None] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)


def _cells(session: Session, readings: Sequence[str]) -> dict[str, _Cells]:
    """The cells of readings: what is lacking where they told that they could not read is no blank."""
    found = {reading: _Cells() for reading in readings}
    values = load_values(session, readings)
    for reading, cells in values.items():
        for code, (value, status) in cells.items():
            if value is None and status not in {"blank", "not_applicable"}:
                found[reading].unreadable.add(code)
            else:
                found[reading].figures[code] = value
    told = {reading: lines for reading, lines in load_issues(session, readings).items() if _tells(lines)}
    forms = templates.load()
    for part in chunks(sorted(told)):
        figures = load_figures(session, part)
        for reading, template in session.execute(select(Reading.id, Reading.template).where(Reading.id.in_(part))):
            places = {line.code: Locator.from_json(line.locator) for line in figures.get(reading, ())}
            issues = [(line.code, Locator.from_json(line.locator) if line.locator else None) for line in told[reading]]
            for code, how in unread_cells(template, places, issues, forms).items():
                (found[reading].missing if how == "missing" else found[reading].unreadable).add(code)
    return found


def _tells(lines: Sequence[IssueLine]) -> bool:
    return any(line.code in TOLD or line.code == TABLE_MISSING for line in lines)


def _line(check: CrossCheck) -> CheckLine:
    return CheckLine(
        f"across:{check.finding}", None, check.report_id, check.rule, check.target, check.lhs, check.rhs, check.outcome,
        check.severity, list(check.codes), list(check.others), check.finding, check.evidence,
    )  # fmt: skip
