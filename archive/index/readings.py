"""`AnnualReport` <-> rows: a reading with its figures, prose facts, sections, checks and issues.

A reading that a better parser supersedes is sealed first, as a conversion record (``gongkai.reading/1``): old code does
not stay runnable, what it said does.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from archive import identifiers
from archive.database.derived_tables import OF_READING
from archive.database.models import Reading
from archive.database.reading_lines import as_row, check_evidence
from archive.database.reading_load import load_checks, load_figures, load_issues, load_prose, load_sections
from archive.database.rows import Row, outcome_row
from archive.database.types import json_text
from parsers import AnnualReport, Figure, decimal_text

READING_SCHEMA = "gongkai.reading/1"
_COUNTED = frozenset({"key", *OF_READING})
"""Columns of a reading that follow from what hangs on it, or mean nothing outside the database."""


@dataclass(slots=True)
class ReadingRows:
    """One reading as rows of the tables."""

    reading: Row
    children: dict[str, list[Row]] = field(default_factory=dict)


def reading_rows(report: AnnualReport, version: str, report_id: str | None) -> ReadingRows:
    """Rows of what was read from a version.

    Args:
        report: as the parser gave it.
        version: id of the version.
        report_id: id of the report that the version is taken for; findings are named after it.
    """
    reading = identifiers.reading_id(version, report.parser, report.configuration)
    issues = [
        {"code": issue.code, "message": issue.message, "locator": issue.locator.as_json() if issue.locator else None}
        for issue in report.issues
    ]
    figures, doubled = _figures(report.cells)
    issues.extend(
        {"code": "doubled_code", "message": f"{code} was read twice; the first is kept", "locator": None}
        for code in doubled
    )
    children: dict[str, list[Row]] = {
        "figures": figures,
        "prose_facts": [_prose(fact) for fact in report.prose],
        "sections": [
            {
                "number": section.number,
                "heading": section.heading,
                "text": section.text,
                "locator": section.locator.as_json(),
            }
            for section in report.sections
        ],
        "checks": _checks(report, reading, report_id),
        "issues": issues,
    }
    for name in ("prose_facts", "sections", "issues"):
        for position, row in enumerate(children[name]):
            row["position"] = position
    for rows in children.values():
        for row in rows:
            row["reading_id"] = reading
    return ReadingRows(
        {
            "id": reading,
            "version_id": version,
            "parser": report.parser,
            "configuration": report.configuration,
            "current": True,
            "outcome": report.outcome,
            "media_type": report.media_type,
            "title": report.title,
            "agency_name": report.agency_name,
            "agency_kind": report.agency_kind,
            "division_code": report.division.code if report.division else None,
            "division_name": report.division.name if report.division else None,
            "division_level": report.division.level if report.division else None,
            "year": report.year,
            "template": report.template,
            "scope": report.scope,
            "published_on": report.published_on,
            "published_on_kind": report.published_on_kind,
            "sources": [list(pair) for pair in report.sources],
            "text_digest": _text_digest(report),
            "sealed": None,
        },
        children,
    )


def seal_block(rows: ReadingRows) -> bytes:
    """The block of the conversion record that keeps a reading."""
    reading = {name: value for name, value in rows.reading.items() if name not in {"current", "sealed"}}
    children = {name: [_plain(row) for row in group] for name, group in rows.children.items()}
    return json_text({"schema": READING_SCHEMA, "reading": reading, "children": children}).encode()


def unseal(block: bytes | str, record_id: str) -> ReadingRows:
    """The reading kept in a conversion record; never current.

    Raises:
        ValueError: the block is none.
    """
    data = json.loads(block)
    if data.get("schema") != READING_SCHEMA:
        raise ValueError(f"not {READING_SCHEMA}")
    reading = {**data["reading"], "current": False, "sealed": record_id}
    children = {
        name: [{key: _decimal(key, value) for key, value in row.items()} for row in group]
        for name, group in data["children"].items()
    }
    return ReadingRows(reading, children)


def load_reading(session: Session, reading: Reading) -> ReadingRows:
    """A stored reading with everything that hangs on it, as `reading_rows` made it."""
    one = [reading.id]
    children = {
        "figures": [as_row(line) for line in load_figures(session, one)[reading.id]],
        "prose_facts": [as_row(line) for line in load_prose(session, one)[reading.id]],
        "sections": [as_row(line) for line in load_sections(session, one).get(reading.id, ())],
        "checks": [as_row(line) for line in load_checks(session, one).get(reading.id, ())],
        "issues": [as_row(line) for line in load_issues(session, one).get(reading.id, ())],
    }
    for rows in children.values():
        rows.sort(key=lambda row: str(row.get("code") or row.get("id") or row["position"]))
    names = [column.key for column in Reading.__table__.columns if column.key not in _COUNTED]
    return ReadingRows({name: getattr(reading, name) for name in names}, children)


def _figures(cells: tuple[Figure, ...]) -> tuple[list[Row], list[str]]:
    rows: dict[str, Row] = {}
    doubled = []
    for figure in cells:
        if figure.code in rows:
            doubled.append(figure.code)
            continue
        rows[figure.code] = {
            "code": figure.code,
            "value": figure.value,
            "status": figure.status,
            "raw": figure.raw,
            "unit": figure.unit,
            "method": figure.method,
            "confidence": figure.confidence,
            "alternatives": list(figure.alternatives),
            "locator": figure.locator.as_json(),
        }
    return list(rows.values()), doubled


def _prose(fact: Figure) -> Row:
    return {
        "code": fact.code,
        "value": fact.value,
        "status": fact.status,
        "raw": fact.raw,
        "unit": fact.unit,
        "confidence": fact.confidence,
        "locator": fact.locator.as_json(),
    }


def _checks(report: AnnualReport, reading: str, report_id: str | None) -> list[Row]:
    cells = {figure.code: (figure.status, figure.value) for figure in report.cells}
    rows: dict[str, Row] = {}
    for check in report.checks:
        finding = identifiers.finding_id(report_id, check.rule, check.target)
        lhs, rhs = decimal_text(check.lhs), decimal_text(check.rhs)
        row = {
            **outcome_row(check),
            "id": f"{reading}:{finding}",
            "report_id": report_id,
            "others": [],
            "finding": finding,
            "evidence": check_evidence(check.outcome, lhs, rhs, check.codes, cells),
        }
        rows.setdefault(str(row["id"]), row)
    return list(rows.values())


def _text_digest(report: AnnualReport) -> str | None:
    """Digest of the sections' words: the same prose in another report is a finding."""
    text = "".join("".join(section.text.split()) for section in report.sections)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else None


def _plain(row: Row) -> Row:
    return {key: decimal_text(value) if isinstance(value, Decimal) else value for key, value in row.items()}


def _decimal(key: str, value: Any) -> Any:
    return Decimal(value) if key in {"value", "lhs", "rhs"} and value is not None else value
