"""The codebook's tables, some rows of each at a time.

Panel key is agency x report year x series; figures are those of each report's body. A blank is never zero: a value is
empty where the cell is no number, and the ``_status`` table beside each wide one says why. There is one wide table per
form: codes of different forms are never put into one column, except in the harmonised panel, whose crosswalk says how
far they can be compared. Everything is sorted and nothing depends on when or how the index was made.

All tables come from one walk over the reports, a few of them at a time: what is in memory does not grow with the
archive, and what hangs on a reading is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from archive.database.models import (
    Act,
    Agency,
    Capture,
    Crawl,
    Division,
    Publication,
    Reading,
    Report,
    Version,
)
from archive.database.own_text import lent_texts
from archive.database.packs import from_json
from archive.database.reading_load import (
    NO_VALUES,
    ValueColumns,
    load_figure_packs,
    load_outcomes,
    load_prose,
    load_value_columns,
    require_as_many,
)
from archive.database.rows import AnySelect, chunks
from archive.database.types import json_text
from archive.decisions import verdicts
from archive.export.harmonise import total
from archive.export.labels import labels, subtotals
from archive.export.places import above, division_rows, place_columns
from archive.metadata import MADE_UP
from archive.records.details import checks_of
from archive.records.reports import Filter, ReportLine, lines_by_id
from parsers import decimal_text
from parsers.forms import templates
from parsers.forms.crosswalk import operands
from parsers.identity import divisions

Row = Sequence[Any]
"""Texts, whole numbers, floats, truth values, or nothing; decimals and JSON are canonical text."""

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
PANEL = ("report_id", "agency_id", "report_year", "series", "template", "scope")
AGENCIES = ("agency_id", "name", "kind", "division_code", "n_reports", "first_year", "last_year")
DIVISIONS = ("division_code", "name", "level", "valid_from", "valid_to")
COLUMNS = ("table", "column", "label_zh", "label_en", "unit")
OWN = frozenset(
    {
        *("report_id", "version_id", "agency_id", "agency_kind", "report_year", "template", "scope", "role", "status"),
        *("division_code", "township_code", "level", "publish_date", "publish_date_kind", "captured_at"),
        *("content_key", "parser_version", "n_cells_expected", "n_cells_number", "n_checks_fail", "supersedes"),
        *("code", "value", "method", "confidence", "position", "start", "end"),
        *("rule_id", "lhs", "rhs", "outcome", "severity", "finding_id", "verdict"),
        *("kind", "n_reports", "first_year", "last_year", "valid_from", "valid_to", "table", "column"),
    }
)
"""Columns that hold nothing but numbers, times, and words and ids of our own."""


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of a table; ``strange`` are the places of those that hold JSON, or may hold what strangers wrote."""

    columns: tuple[str, ...]
    strange: tuple[int, ...]

    @classmethod
    def of(cls, columns: Sequence[str], codes: Sequence[str] = ()) -> Head:
        """A head of ``columns`` and, behind them, one column for each of ``codes``."""
        return cls((*columns, *codes), tuple(at for at, name in enumerate(columns) if name not in OWN))


_TOGETHER = 50  # reports that are in memory at once


class Tables:
    """All tables of one export.

    Args:
        session: for reading.
        wanted: which reports.

    Attributes:
        made_up: how many of the reports that were walked were not obtained from the hosts they name.
    """

    def __init__(self, session: Session, wanted: Filter) -> None:
        self._session = session
        self._wanted = wanted
        known = templates.load()
        self._forms = dict(sorted(known.forms.items()))
        self._codes = {name: form.codes() for name, form in self._forms.items()}
        self._wide_codes = known.codes().keys()
        # A series that no form has by itself is one that must not be made: its column would always be empty.
        self._series = [entry for entry in known.crosswalk if any(entry.formulas.values())]
        self._parts = {
            name: [self._operands(entry.formulas.get(name), name) for entry in self._series] for name in self._forms
        }
        self._divided = divisions.load()
        self.made_up = 0

    def heads(self) -> Iterator[tuple[str, Head]]:
        """The names of all tables in order, with their columns."""
        yield "reports", Head.of(REPORTS)
        yield "cells_long", Head.of(CELLS)
        for name, codes in self._codes.items():
            if codes:
                yield f"wide_{name}", Head.of(("report_id",), codes)
                yield f"wide_{name}_status", Head.of(("report_id",), codes)
        yield "panel_harmonised", Head.of(PANEL, [entry.code for entry in self._series])
        yield "checks", Head.of(CHECKS)
        yield "prose_facts", Head.of(PROSE)
        yield "agencies", Head.of(AGENCIES)
        yield "divisions", Head.of(DIVISIONS)
        yield "columns", Head.of(COLUMNS)

    def parts(self) -> Iterator[tuple[str, Iterable[Row]]]:
        """Names of tables, each with some further rows of it."""
        given = verdicts(self._session)
        for lines in lines_by_id(self._session, self._wanted, _TOGETHER):
            self.made_up += sum(line.made_up for line in lines)
            values = load_value_columns(self._session, [line.report.reading for line in lines])
            yield "reports", self._reports(lines)
            yield "cells_long", self._cells(lines, values)
            yield from self._wide(lines, values)
            yield "panel_harmonised", self._panel(lines, values)
            yield "checks", self._checks(lines, given)
            yield "prose_facts", self._prose(lines)
        yield "agencies", self._agencies()
        yield "divisions", self._divisions()
        yield "columns", self._columns()

    def _reports(self, lines: Sequence[ReportLine]) -> Iterator[Row]:
        """One row per version of every publication, the current one of the body marked."""
        found = self._versions([line.report.id for line in lines])
        for line in lines:
            report = line.report
            place = place_columns(line.division, report.year, self._divided)
            before: dict[str, str] = {}
            for row in found.get(report.id, ()):
                current = row.version == report.version
                dated = report if current else row  # the body's date may stand on the page that links to it
                yield (
                    report.id, row.version, line.agency.id, line.agency.name, line.agency.kind, *place,
                    report.year, report.series, row.template, row.scope, row.title, dated.published_on,
                    dated.published_on_kind, row.url, row.role, row.status, row.first_seen, row.warc_file,
                    row.capture, row.digest, row.content_key, row.parser, len(self._codes.get(row.template, ())),
                    row.numbers, row.failed, current, before.get(row.publication), MADE_UP if row.made_up else None,
                )  # fmt: skip
                before[row.publication] = row.version

    def _versions(self, reports: Sequence[str]) -> dict[str, list[Any]]:
        """By report, its versions at all places: the body's first."""
        query: AnySelect = (
            select(
                Publication.report_id, Publication.id.label("publication"), Publication.url, Publication.role,
                Publication.status, Version.id.label("version"), Version.number, Version.content_key,
                type_coerce(Version.first_seen, Text).label("first_seen"), Reading.template, Reading.scope,
                Reading.title, Reading.published_on, Reading.published_on_kind, Reading.parser, Reading.numbers,
                Reading.failed, Capture.id.label("capture"), Capture.warc_file, Capture.digest, Crawl.made_up,
            )
            .join(Version, Version.publication_id == Publication.id)
            .join(Reading, (Reading.version_id == Version.id) & Reading.current)
            .join(Capture, Capture.id == Version.first_capture)
            .outerjoin(Crawl, Crawl.id == Capture.crawl_id)
            .where(Publication.report_id.in_(reports))
        )  # fmt: skip
        found: dict[str, list[Any]] = {}
        for row in self._session.execute(query):
            found.setdefault(row.report_id, []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row.role != "body", row.url, row.publication, row.number))
        return found

    def _cells(self, lines: Sequence[ReportLine], values: Mapping[str, ValueColumns]) -> Iterator[Row]:
        packs = load_figure_packs(self._session, [line.report.reading for line in lines])
        for line in lines:
            reading = line.report.reading
            known = values.get(reading, NO_VALUES)
            raws, methods, confidences, alternatives, places = packs.get(reading, ((),) * 5)
            require_as_many(reading, len(known.codes), len(raws))
            yield from zip(
                repeat(line.report.id),
                known.codes,
                known.values,
                known.statuses,
                [(value or "") if raw is None else raw for raw, value in zip(raws, known.values, strict=True)],
                known.units,
                methods,
                [None if text is None else from_json(text) for text in confidences],
                ["" if text is None else "|".join(map(str, from_json(text))) for text in alternatives],
                places,
                strict=False,
            )

    def _wide(
        self, lines: Sequence[ReportLine], values: Mapping[str, ValueColumns]
    ) -> Iterator[tuple[str, Iterable[Row]]]:
        """Of each form its reports' values, and their statuses."""
        for name, codes in self._codes.items():
            own = [line.report for line in lines if line.report.template == name] if codes else []
            if own:
                figures = [(report.id, values.get(report.reading, NO_VALUES)) for report in own]
                yield f"wide_{name}", [(key, *_taken(codes, known.codes, known.values)) for key, known in figures]
                statuses = [(key, *_taken(codes, known.codes, known.statuses)) for key, known in figures]
                yield f"wide_{name}_status", statuses

    def _panel(self, lines: Sequence[ReportLine], values: Mapping[str, ValueColumns]) -> Iterator[Row]:
        for report in (line.report for line in lines):
            parts = self._parts.get(report.template or "")
            if parts is None:
                continue
            known = values.get(report.reading, NO_VALUES)
            cells = dict(zip(known.codes, known.values, strict=True))
            sums = [decimal_text(total(codes, cells)) for codes in parts]
            if any(value is not None for value in sums):
                head = (report.id, report.agency_id, report.year, report.series, report.template, report.scope)
                yield (*head, *sums)

    def _operands(self, formula: str | None, form: str) -> tuple[str, ...] | None:
        return None if formula is None else operands(formula, self._codes[form])

    def _checks(self, lines: Sequence[ReportLine], given: Mapping[tuple[str, str], Act]) -> Iterator[Row]:
        outcomes = load_outcomes(self._session, {line.report.id: line.report.reading for line in lines})
        judged = {finding for finding, _ in given}
        decided = [line.report for line in lines if any(row.finding in judged for row in outcomes[line.report.id])]
        verdict = {
            check.finding: given[check.finding, check.evidence].decision
            for checks in (checks_of(self._session, decided) if decided else {}).values()
            for check in checks
            if (check.finding, check.evidence) in given
        }
        for report, rows in outcomes.items():
            for row in rows:
                yield (
                    report, row.rule, row.target, "across" if row.across else "within", row.lhs, row.rhs,
                    row.outcome, row.severity, "|".join(row.codes), "|".join(row.others), row.finding,
                    verdict.get(row.finding),
                )  # fmt: skip

    def _prose(self, lines: Sequence[ReportLine]) -> Iterator[Row]:
        readings = {line.report.id: line.report.reading for line in lines}
        pages = lent_texts(self._session, list(readings))
        readings |= {report: page.reading for report, page in pages.items()}
        facts = load_prose(self._session, sorted(set(readings.values())))
        for report, reading in readings.items():
            for row in facts[reading]:
                place = row.locator
                yield (
                    report, row.position, row.code, decimal_text(row.value), row.unit, row.raw, place.get("sentence"),
                    place.get("start"), place.get("end"), json_text(place),
                )  # fmt: skip

    def _agencies(self) -> Iterator[Row]:
        query = select(
            Agency.id, Agency.name, Agency.kind, Agency.division_code, func.count(), func.min(Report.year),
            func.max(Report.year),
        ).join(Report, Report.agency_id == Agency.id)  # fmt: skip
        query = self._wanted.apply(query).group_by(Agency.id).order_by(Agency.id)
        yield from map(tuple, self._session.execute(query).yield_per(_TOGETHER))

    def _divisions(self) -> Iterator[Row]:
        """The divisions that agencies belong to, with all those above them."""
        query = select(Division.code).join(Agency, Agency.division_code == Division.code)
        query = self._wanted.apply(query.join(Report, Report.agency_id == Agency.id))
        codes = set(self._session.scalars(query.distinct()))
        codes |= {part for code in codes for part in above(code) if part}
        names: dict[str, Division] = {}
        for some in chunks(sorted(codes)):
            names |= {row.code: row for row in self._session.scalars(select(Division).where(Division.code.in_(some)))}
        for code in sorted(codes):
            yield from division_rows(code, names.get(code))

    def _columns(self) -> Iterator[Row]:
        """What the columns of the wide tables mean, in Chinese and English; and the subtotals among the cells."""
        for name, form in self._forms.items():
            for code, zh, en, unit in labels(form):
                yield (f"wide_{name}", code, zh, en, unit)
        printed = {line[0]: line for form in self._forms.values() for line in subtotals(form)}
        for code in sorted(printed.keys() - self._wide_codes):
            yield ("cells_long", *printed[code])
        for entry in self._series:
            yield ("panel_harmonised", entry.code, entry.label_zh, f"{entry.label_en} ({entry.comparability})", None)


def _taken(codes: Sequence[str], there: Sequence[str], values: Sequence[str | None]) -> Iterator[str | None]:
    """The values of ``codes``, in their order; nothing for one that is not ``there``."""
    return map(dict(zip(there, values, strict=True)).get, codes)
