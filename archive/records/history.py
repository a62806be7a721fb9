"""How a report changed after it was published: its versions, and what differs between two."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.database.models import Publication, Reading, Version
from archive.database.reading_load import load_figures, load_sections
from archive.database.rows import AnySelect
from archive.database.types import time_text
from archive.errors import NotFound
from archive.records.reports import find_report
from archive.urlkey import LAST
from parsers import decimal_text


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of one publication, with the reading that is current for it."""

    version: Version
    publication: Publication
    reading: Reading

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai history --json``."""
        version, publication, reading = self.version, self.publication, self.reading
        return {
            "version": version.id,
            "number": version.number,
            "report": publication.report_id,
            "url": publication.url,
            "role": publication.role,
            "status": publication.status,
            "first_seen": time_text(version.first_seen),
            "last_seen": time_text(version.last_seen),
            "captures": version.captures,
            "first_capture": version.first_capture,
            "last_capture": version.last_capture,
            "content_key": version.content_key,
            "title": reading.title,
            "year": reading.year,
            "template": reading.template,
            "reading": reading.id,
            "parser": reading.parser,
        }


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that differs: ``None`` on a side where it is not there; values and status as read."""

    code: str
    before: tuple[str | None, str, str] | None
    after: tuple[str | None, str, str] | None

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai diff --json``."""
        return {"code": self.code, "before": _side(self.before), "after": _side(self.after)}


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions, or two reports."""

    before: VersionLine
    after: VersionLine
    cells: tuple[CellChange, ...]
    text: tuple[str, ...]
    facts: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For ``gongkai diff --json``."""
        return {
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "facts": {name: {"before": old, "after": new} for name, (old, new) in self.facts.items()},
            "cells": [change.as_json() for change in self.cells],
            "text": list(self.text),
        }


def history(session: Session, text: str) -> list[VersionLine]:
    """All versions of a report (by id, beginning of it, words), or of an address, in order of time.

    Raises:
        NotFound: neither a report nor an address that was captured as one.
    """
    if "://" in text:
        found = _lines(session, _versions().where(Publication.url == text))
        if found:
            return found
    report = find_report(session, text).report
    return _lines(session, _versions().where(Publication.report_id == report.id))


def find_version(session: Session, text: str) -> VersionLine:
    """The version that somebody means: a version id or its beginning, else the current one of a report.

    Raises:
        NotFound: none, or several.
    """
    if text.startswith("v-"):
        found = _lines(session, _versions().where(Version.id >= text, Version.id < text + LAST))
        if len(found) != 1:
            raise NotFound(
                "several versions begin so" if found else "there is no such version",
                subject=text,
                advice="`gongkai history REPORT` lists them",
            )
        return found[0]
    report = find_report(session, text).report
    return _lines(session, _versions().where(Version.id == report.version))[0]


def difference(session: Session, before: VersionLine, after: VersionLine) -> Difference:
    """What differs from one version to the other: cells, words of the sections, what the document says it is."""
    facts = {}
    for name in ("title", "agency_name", "year", "template", "scope", "published_on"):
        old, new = getattr(before.reading, name), getattr(after.reading, name)
        if old != new:
            facts[name] = (old, new)
    old_cells, new_cells = (_cells(session, line.reading.id) for line in (before, after))
    cells = [
        CellChange(code, old_cells.get(code), new_cells.get(code))
        for code in sorted(old_cells.keys() | new_cells.keys())
        if old_cells.get(code) != new_cells.get(code)
    ]
    old_text, new_text = (_paragraphs(session, line.reading.id) for line in (before, after))
    lines = difflib.unified_diff(old_text, new_text, before.version.id, after.version.id, lineterm="", n=0)
    return Difference(before, after, tuple(cells), tuple(lines), facts)


def _versions() -> AnySelect:
    return (
        select(Version, Publication, Reading)
        .join(Publication, Publication.id == Version.publication_id)
        .join(Reading, (Reading.version_id == Version.id) & Reading.current)
    )


def _lines(session: Session, query: AnySelect) -> list[VersionLine]:
    ordered = query.order_by(Version.first_seen, Publication.url, Version.id)
    return [VersionLine(*row) for row in session.execute(ordered)]


def _cells(session: Session, reading: str) -> dict[str, tuple[str | None, str, str]]:
    rows = load_figures(session, [reading])[reading]
    return {row.code: (decimal_text(row.value), row.status, row.raw) for row in rows}


def _paragraphs(session: Session, reading: str) -> list[str]:
    rows = load_sections(session, [reading]).get(reading, ())
    return [line.strip() for row in rows for line in (row.heading, *row.text.split("\n")) if line.strip()]


def _side(side: tuple[str | None, str, str] | None) -> dict[str, Any] | None:
    return None if side is None else {"value": side[0], "status": side[1], "raw": side[2]}
