"""The codebook's tables, row by row.

Panel key is agency x report year x series; figures are those of each report's body. A blank is never zero: a value is
empty where the cell is no number, and the ``_status`` table beside each wide one says why. There is one wide table per
form: codes of different forms are never put into one column, except in the harmonised panel, whose crosswalk says how
far they can be compared. Everything is sorted and nothing depends on when or how the index was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.database.models import (
    Agency,
    Capture,
    Crawl,
    Division,
    Publication,
    Reading,
    Version,
)
from archive.database.own_text import lent_texts
from archive.database.reading_load import load_figures, load_prose, load_values
from archive.database.rows import AnySelect, chunks
from archive.database.types import time_text
from archive.decisions import verdicts
from archive.export.harmonise import evaluate
from archive.export.labels import labels, subtotals
from archive.export.places import above, division_rows, place_columns
from archive.metadata import MADE_UP
from archive.records.reports import Filter, ReportLine, checks_of, report_lines
from parsers.forms import templates

Row = Sequence[Any]
Values = Mapping[str, tuple[Decimal | None, str]]
"""Value and status of figures, by code."""

REPORTS = (
    "report_id", "version_id", "agency_id", "agency_name", "agency_kind", "division_code", "township_code",
    "province_name", "city_name", "county_name", "level", "report_year", "series", "template", "scope", "title_raw",
    "publish_date", "publish_date_kind", "url", "role", "status", "captured_at", "warc_file", "warc_record_id",
    "payload_digest", "content_key", "parser_version", "n_cells_expected", "n_cells_number", "n_checks_fail",
    "is_current", "supersedes", "origin",
)  # fmt: skip
CELLS = (
    "report_id", "code", "value", "status", "value_raw", "unit_raw", "method", "confidence", "alternatives", "locator",
)  # fmt: skip
CHECKS = (
    "report_id", "rule_id", "target", "scope", "lhs", "rhs", "outcome", "severity", "codes", "other_reports",
    "finding_id", "verdict",
)  # fmt: skip
PROSE = ("report_id", "position", "code", "value", "unit_raw", "value_raw", "sentence", "start", "end", "locator")
AGENCIES = ("agency_id", "name", "kind", "division_code", "n_reports", "first_year", "last_year")
DIVISIONS = ("division_code", "name", "level", "valid_from", "valid_to")
COLUMNS = ("table", "column", "label_zh", "label_en", "unit")
_TOGETHER = 50  # reports whose figures or checks are in memory at once


class Tables:
    """All tables of one export; reads each report's cells once per table that needs them."""

    def __init__(self, session: Session, wanted: Filter) -> None:
        self._session = session
        self._templates = templates.load()
        # A series that no form has by itself is one that must not be made: its column would always be empty.
        self._series = [entry for entry in self._templates.crosswalk if any(entry.formulas.values())]
        self.lines = sorted(report_lines(session, wanted), key=lambda line: line.report.id)
        self._ids = {line.report.id for line in self.lines}

    def all(self) -> Iterator[tuple[str, Sequence[str], Iterable[Row]]]:
        """Name, columns and rows of every table."""
        yield "reports", REPORTS, self._reports()
        yield "cells_long", CELLS, self._cells()
        for name, form in sorted(self._templates.forms.items()):
            codes = form.codes()
            if codes:
                yield f"wide_{name}", ("report_id", *codes), self._wide(name, codes, status=False)
                yield f"wide_{name}_status", ("report_id", *codes), self._wide(name, codes, status=True)
        series = [entry.code for entry in self._series]
        head = ("report_id", "agency_id", "report_year", "series", "template", "scope")
        yield "panel_harmonised", (*head, *series), self._panel()
        yield "checks", CHECKS, self._checks()
        yield "prose_facts", PROSE, self._prose()
        yield "agencies", AGENCIES, self._agencies()
        yield "divisions", DIVISIONS, self._divisions()
        yield "columns", COLUMNS, self._columns()

    def _reports(self) -> Iterator[Row]:
        """One row per version of every publication, the current one of the body marked."""
        query: AnySelect = (
            select(Publication, Version, Reading, Capture, Crawl.made_up)
            .join(Version, Version.publication_id == Publication.id)
            .join(Reading, (Reading.version_id == Version.id) & Reading.current)
            .join(Capture, Capture.id == Version.first_capture)
            .outerjoin(Crawl, Crawl.id == Capture.crawl_id)
        )
        for line in self.lines:
            report = line.report
            found = self._session.execute(query.where(Publication.report_id == report.id)).all()
            found = sorted(found, key=lambda row: (row[0].role != "body", row[0].url, row[0].id, row[1].number))
            before: dict[str, str] = {}
            for publication, version, reading, capture, made_up in found:
                current = version.id == report.version
                dated = report if current else reading  # the body's date may stand on the page that links to it
                form = self._templates.forms.get(reading.template)
                yield (
                    report.id, version.id, line.agency.id, line.agency.name, line.agency.kind,
                    *place_columns(line.division, report.year), report.year, report.series, reading.template,
                    reading.scope, reading.title, dated.published_on, dated.published_on_kind,
                    publication.url, publication.role, publication.status, time_text(version.first_seen),
                    capture.warc_file, capture.id, capture.digest, version.content_key, reading.parser,
                    len(form.codes()) if form else 0, reading.numbers, reading.failed, current,
                    before.get(publication.id), MADE_UP if made_up else None,
                )  # fmt: skip
                before[publication.id] = version.id

    def _cells(self) -> Iterator[Row]:
        for part in chunks(self.lines, _TOGETHER):
            figures = load_figures(self._session, [line.report.reading for line in part])
            for line in part:
                for cell in figures[line.report.reading]:
                    yield (
                        line.report.id, cell.code, cell.value, cell.status, cell.raw, cell.unit, cell.method,
                        cell.confidence, "|".join(map(str, cell.alternatives)), cell.place,
                    )  # fmt: skip

    def _figures(self, template: str | None = None) -> Iterator[tuple[ReportLine, Values]]:
        """Reports (of one form) with value and status of their figures, by code."""
        lines = [line for line in self.lines if template is None or line.report.template == template]
        for part in chunks(lines, _TOGETHER):
            values = load_values(self._session, [line.report.reading for line in part])
            for line in part:
                yield line, values.get(line.report.reading, {})

    def _wide(self, name: str, codes: Sequence[str], *, status: bool) -> Iterator[Row]:
        for line, figures in self._figures(name):
            yield (line.report.id, *(figures.get(code, (None, None))[1 if status else 0] for code in codes))

    def _panel(self) -> Iterator[Row]:
        for line, figures in self._figures():
            report = line.report
            form = self._templates.forms.get(report.template or "")
            if form is None:
                continue
            codes = form.codes()
            cells = {code: value for code, (value, _) in figures.items()}
            values = [evaluate(entry.formulas.get(form.template), codes, cells) for entry in self._series]
            if any(value is not None for value in values):
                head = (report.id, report.agency_id, report.year, report.series, report.template, report.scope)
                yield (*head, *values)

    def _checks(self) -> Iterator[Row]:
        said = verdicts(self._session)
        for part in chunks(self.lines, _TOGETHER):
            checks = checks_of(self._session, [line.report for line in part])
            for line in part:
                for row in checks[line.report.id]:
                    verdict = said.get((row.finding, row.evidence))
                    scope = "within" if row.reading_id else "across"
                    yield (
                        line.report.id, row.rule, row.target, scope, row.lhs, row.rhs, row.outcome, row.severity,
                        "|".join(row.codes), "|".join(row.others), row.finding, verdict.decision if verdict else None,
                    )  # fmt: skip

    def _prose(self) -> Iterator[Row]:
        pages = lent_texts(self._session, [line.report.id for line in self.lines])
        for part in chunks(self.lines, _TOGETHER):
            readings = {line.report.id: line.report.reading for line in part}
            readings |= {report: pages[report].reading for report in readings.keys() & pages.keys()}
            facts = load_prose(self._session, sorted(set(readings.values())))
            for report, reading in readings.items():
                for row in facts[reading]:
                    place = row.locator
                    yield (
                        report, row.position, row.code, row.value, row.unit, row.raw, place.get("sentence"),
                        place.get("start"), place.get("end"), place,
                    )  # fmt: skip

    def _agencies(self) -> Iterator[Row]:
        years: dict[str, list[int]] = {}
        for line in self.lines:
            years.setdefault(line.agency.id, []).append(line.report.year)
        for row in self._session.scalars(select(Agency).order_by(Agency.id)):
            own = years.get(row.id)
            if own:
                yield (row.id, row.name, row.kind, row.division_code, len(own), min(own), max(own))

    def _divisions(self) -> Iterator[Row]:
        """The divisions that agencies belong to, with all those above them."""
        codes = {line.division.code for line in self.lines if line.division}
        names = {row.code: row for row in self._session.scalars(select(Division))}
        higher = {part for code in codes for part in above(code) if part}
        for code in sorted(codes | higher):
            yield from division_rows(code, names.get(code))

    def _columns(self) -> Iterator[Row]:
        """What the columns of the wide tables mean, in Chinese and English; and the subtotals among the cells."""
        for name, form in sorted(self._templates.forms.items()):
            for code, zh, en, unit in labels(form):
                yield (f"wide_{name}", code, zh, en, unit)
        wide = self._templates.codes()
        printed = {line[0]: line for form in self._templates.forms.values() for line in subtotals(form)}
        for code in sorted(printed.keys() - wide.keys()):
            yield ("cells_long", *printed[code])
        for entry in self._series:
            yield ("panel_harmonised", entry.code, entry.label_zh, f"{entry.label_en} ({entry.comparability})", None)
