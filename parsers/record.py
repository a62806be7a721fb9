"""What a parser says about a document: the record behind ``gongkai parse --json`` (schema ``gongkai.report/1``).

The archive stores the same objects. Numbers are `Decimal`, printed as canonical decimal text; a blank is not zero, and
what could not be read for certain is flagged, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from parsers.document import Locator

SCHEMA = "gongkai.report/1"

Status = Literal["number", "blank", "not_applicable", "text", "ambiguous"]
Method = Literal["label", "identity", "ocr", "prose"]
Outcome = Literal["report", "partial", "not_a_report", "unreadable"]
CheckOutcome = Literal["pass", "fail", "pass_blank_as_zero", "fail_if_blank_as_zero", "not_assessable"]
Severity = Literal["error", "warn", "info"]
DateKind = Literal["page_meta", "page_text", "sign_off", "url", "list", "file"]


def decimal_text(value: Decimal | None) -> str | None:
    """Canonical decimal text: no exponent, no trailing zeros after the point, no negative zero."""
    if value is None:
        return None
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


@dataclass(frozen=True, slots=True)
class Figure:
    """One coded cell. ``value`` is given exactly when ``status`` is ``number``."""

    code: str
    value: Decimal | None
    status: Status
    raw: str
    locator: Locator
    unit: str | None = None
    method: Method = "label"
    confidence: float | None = None
    alternatives: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The cell as printed."""
        return {
            "code": self.code,
            "value": decimal_text(self.value),
            "status": self.status,
            "raw": self.raw,
            "unit": self.unit,
            "method": self.method,
            "confidence": self.confidence,
            "alternatives": list(self.alternatives),
            "locator": self.locator.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six official sections (``number`` 1-6) with its text; tables are not repeated in it."""

    number: int
    heading: str
    text: str
    locator: Locator

    def as_json(self) -> dict[str, Any]:
        """The section as printed."""
        return {"number": self.number, "heading": self.heading, "text": self.text, "locator": self.locator.as_json()}


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one rule on one target. ``codes`` are the cells it rests on."""

    rule: str
    target: str
    lhs: Decimal | None
    rhs: Decimal | None
    severity: Severity
    outcome: CheckOutcome
    codes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The check as printed."""
        return {
            "rule": self.rule,
            "target": self.target,
            "lhs": decimal_text(self.lhs),
            "rhs": decimal_text(self.rhs),
            "severity": self.severity,
            "outcome": self.outcome,
            "codes": list(self.codes),
        }


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should know about this reading. Codes are listed in the docs."""

    code: str
    message: str
    locator: Locator | None = None

    def as_json(self) -> dict[str, Any]:
        """The issue as printed."""
        return {
            "code": self.code,
            "message": self.message,
            "locator": self.locator.as_json() if self.locator else None,
        }


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division, valid in the report's year (GB/T 2260, townships GB/T 10114)."""

    code: str
    name: str
    level: Literal["central", "province", "prefecture", "county", "township"]

    def as_json(self) -> dict[str, Any]:
        """The division as printed."""
        return {"code": self.code, "name": self.name, "level": self.level}


@dataclass(frozen=True, slots=True)
class Hints:
    """What the caller knows beside the bytes. Everything is optional; the record says which source won.

    Attributes:
        url: where the bytes came from (file name endings and dates in paths are weak evidence).
        media_type: as the server said.
        charset: as the server said.
        division: GB/T 2260 code of the portal or column.
        publisher: agency the column belongs to, when it belongs to one.
        list_title, list_date: what the list of reports said (``YYYY-MM-DD``).
        year: report year the column stands for, when it stands for one.
    """

    url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    division: str | None = None
    publisher: str | None = None
    list_title: str | None = None
    list_date: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """Everything read from one document. ``sources`` says for each identity field where it was read from."""

    outcome: Outcome
    media_type: str | None
    parser: str
    configuration: str
    title: str | None = None
    agency_name: str | None = None
    agency_kind: str | None = None
    division: Division | None = None
    year: int | None = None
    template: str | None = None
    scope: str | None = None
    published_on: str | None = None
    published_on_kind: DateKind | None = None
    cells: tuple[Figure, ...] = ()
    prose: tuple[Figure, ...] = ()
    sections: tuple[Section, ...] = ()
    checks: tuple[Check, ...] = ()
    issues: tuple[Issue, ...] = ()
    sources: Sequence[tuple[str, str]] = field(default=())

    def as_json(self, *, path: str | None = None, sha256: str | None = None) -> dict[str, Any]:
        """The object that ``gongkai parse --json`` prints (contract ``gongkai.report/1``)."""
        return {
            "schema": SCHEMA,
            "parser": self.parser,
            "configuration": self.configuration,
            "source": {"path": path, "media_type": self.media_type, "sha256": sha256},
            "outcome": self.outcome,
            "title": self.title,
            "agency": {"name": self.agency_name, "kind": self.agency_kind},
            "division": self.division.as_json() if self.division else None,
            "year": self.year,
            "template": self.template,
            "scope": self.scope,
            "published_on": self.published_on,
            "published_on_kind": self.published_on_kind,
            "cells": [figure.as_json() for figure in (*self.cells, *self.prose)],
            "sections": [section.as_json() for section in self.sections],
            "checks": [check.as_json() for check in self.checks],
            "issues": [issue.as_json() for issue in self.issues],
            "sources": dict(self.sources),
        }
