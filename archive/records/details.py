"""Everything about one report: figures with their places, sections, checks, issues, places and versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.database.models import Publication, Reading, Report, Version
from archive.database.own_text import lent_texts
from archive.database.reading_lines import CheckLine, FigureLine, ProseLine
from archive.database.reading_load import (
    load_across,
    load_checks,
    load_failed,
    load_failed_across,
    load_figures,
    load_issues,
    load_prose,
    load_sections,
)
from archive.database.types import time_text
from archive.identifiers import figure_id
from archive.records.reports import ReportLine
from parsers import decimal_text


def details(session: Session, line: ReportLine, *, texts: bool = True) -> dict[str, Any]:
    """Everything about one report: its line, cells with locators, sections, checks, issues, places and versions.

    Args:
        session: for reading.
        line: the report.
        texts: whether sections and checks are wanted, too: they are the most of it.
    """
    report = line.report
    reading = session.get_one(Reading, report.reading)
    page = lent_texts(session, [report.id]).get(report.id)
    text = page.reading if page else reading.id
    return {
        **line.as_json(),
        "made_up": line.made_up,
        "version": report.version,
        "reading": {
            "id": reading.id,
            "parser": reading.parser,
            "configuration": reading.configuration,
            "outcome": reading.outcome,
            "media_type": reading.media_type,
            "sources": dict(reading.sources),
        },
        "cells": [figure_json(figure, report.version) for figure in load_figures(session, [reading.id])[reading.id]],
        "text_of": page.url if page else None,
        "prose": [_prose_json(fact) for fact in load_prose(session, [text])[text]],
        "sections": [
            {"number": row.number, "heading": row.heading, "text": row.text, "locator": row.locator}
            for row in (load_sections(session, [text]).get(text, ()) if texts else ())
        ],
        "checks": [check_json(check) for check in (report_checks(session, report) if texts else ())],
        "issues": [
            {"code": row.code, "message": row.message, "locator": row.locator}
            for row in load_issues(session, [reading.id]).get(reading.id, ())
        ],
        "publications": [
            {"url": row.url, "role": row.role, "status": row.status, "first_seen": time_text(row.first_seen)}
            for row in session.scalars(
                select(Publication)
                .where(Publication.report_id == report.id)
                .order_by(Publication.role, Publication.url)
            )
        ],
        "versions": session.scalar(
            select(func.count())
            .select_from(Version)
            .join(Publication, Publication.id == Version.publication_id)
            .where(Publication.id == report.body)
        ),
    }


def figure_json(figure: FigureLine, version: str) -> dict[str, Any]:
    """A figure as ``gongkai parse`` prints a cell, with its id."""
    return {
        "id": figure_id(version, figure.code),
        "code": figure.code,
        "value": decimal_text(figure.value),
        "status": figure.status,
        "raw": figure.raw,
        "unit": figure.unit,
        "method": figure.method,
        "confidence": figure.confidence,
        "alternatives": figure.alternatives,
        "locator": figure.locator,
    }


def check_json(check: CheckLine) -> dict[str, Any]:
    """A check as ``gongkai parse`` prints it, with the ids that a verdict needs."""
    return {
        "finding": check.finding,
        "report": check.report_id,
        "rule": check.rule,
        "target": check.target,
        "lhs": decimal_text(check.lhs),
        "rhs": decimal_text(check.rhs),
        "severity": check.severity,
        "outcome": check.outcome,
        "codes": check.codes,
        "others": check.others,
        "evidence": check.evidence,
    }


def report_checks(session: Session, report: Report) -> list[CheckLine]:
    """Checks within the current reading of a report's body, and those across reports that it stands in."""
    return checks_of(session, [report])[report.id]


def checks_of(session: Session, reports: Sequence[Report]) -> dict[str, list[CheckLine]]:
    """As `report_checks`, of several reports, by their ids."""
    within = load_checks(session, [report.reading for report in reports])
    across = load_across(session, [report.id for report in reports])
    return _in_order(reports, within, across)


def failed_of(session: Session, reports: Sequence[Report]) -> dict[str, list[CheckLine]]:
    """As `checks_of`, of those that failed: what passed beside them is not told and its figures are not read."""
    within = load_failed(session, [report.reading for report in reports])
    across = load_failed_across(session, [report.id for report in reports])
    return _in_order(reports, within, across)


def _in_order(
    reports: Sequence[Report], within: Mapping[str, list[CheckLine]], across: Mapping[str, list[CheckLine]]
) -> dict[str, list[CheckLine]]:
    """By report, the checks within its reading and those across reports, by rule and target."""
    found: dict[str, list[CheckLine]] = {}
    for report in reports:
        checks = [*within.get(report.reading, ()), *across.get(report.id, ())]
        found[report.id] = sorted(checks, key=lambda check: (check.rule, check.target, check.id))
    return found


def _prose_json(fact: ProseLine) -> dict[str, Any]:
    return {
        "code": fact.code,
        "value": decimal_text(fact.value),
        "status": fact.status,
        "raw": fact.raw,
        "unit": fact.unit,
        "method": "prose",
        "confidence": fact.confidence,
        "locator": fact.locator,
    }
