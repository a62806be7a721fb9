"""What hangs on a reading, in tables: written once with it, read as it was.

Values and statuses of figures are rows, where SQL sees them; what else is said of a reading is packed
(`archive.database.packs`), since it is read together. Of its checks those that did not pass have rows; all of them, the
passed ones too, are in its pack. What follows from other rows is not stored: the report a check is of is that of the
reading's publication, and finding and evidence are digests of what stands there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from archive import identifiers
from archive.database.base import Base
from archive.database.models import (
    AcrossChecks,
    CheckKind,
    CheckRow,
    Code,
    FigureRow,
    ProseRow,
    Publication,
    Reading,
    ReadingPack,
    ReadingText,
    Version,
)
from archive.database.packs import (
    AcrossPack,
    CheckPack,
    FigurePack,
    IssuePack,
    ProsePack,
    SectionPack,
    as_json,
    from_json,
    long,
    other_side,
    second_side,
    short,
)
from archive.database.rows import Row, chunks
from archive.database.types import json_text
from archive.errors import DamagedPack
from parsers import decimal_text

Cells = Mapping[str, tuple[str, Decimal | None]]
"""Status and value of figures, by code."""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One coded cell of a reading. ``place`` is its locator as canonical JSON."""

    reading_id: str
    code: str
    value: Decimal | None
    status: str
    raw: str
    unit: str | None
    method: str
    confidence: float | None
    alternatives: list[Any]
    place: str

    @property
    def locator(self) -> dict[str, Any]:
        """Where it stands."""
        found: dict[str, Any] = from_json(self.place)
        return found


@dataclass(frozen=True, slots=True)
class ProseLine:
    """One number read from a sentence; ``position`` counts from 0."""

    reading_id: str
    position: int
    code: str
    value: Decimal | None
    status: str
    raw: str
    unit: str | None
    confidence: float | None
    locator: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One official section of a reading; ``position`` counts from 0."""

    reading_id: str
    position: int
    number: int
    heading: str
    text: str
    locator: dict[str, Any]


@dataclass(frozen=True, slots=True)
class IssueLine:
    """Something a person should know about a reading; ``position`` counts from 0."""

    reading_id: str
    position: int
    code: str
    message: str
    locator: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One rule on one target: within a reading, or over a group of reports (then ``reading_id`` is None).

    ``finding`` names what is judged independently of the reading (report, rule, target); ``evidence`` is a fingerprint
    of what it rests on. A person's verdict is an act on a finding with that evidence. ``others`` are the further
    reports it rests on.
    """

    id: str
    reading_id: str | None
    report_id: str | None
    rule: str
    target: str
    lhs: Decimal | None
    rhs: Decimal | None
    outcome: str
    severity: str
    codes: list[str]
    others: list[str]
    finding: str
    evidence: str


def as_row(line: FigureLine | ProseLine | SectionLine | IssueLine | CheckLine) -> Row:
    """Its fields by name, as they stand in a sealed reading."""
    row = {field.name: getattr(line, field.name) for field in fields(line)}
    if isinstance(line, FigureLine):
        del row["place"]
        row["locator"] = line.locator
    return row


class ReadingStore:
    """Writes readings; keeps the small numbers of codes and kinds of checks that it has met.

    Args:
        session: in a transaction. When that (or a part of it) is taken back, this is to be thrown away.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._codes: dict[tuple[str, str | None], int] | None = None
        self._kinds: dict[tuple[str, str, str, str], int] | None = None

    def add(self, reading: Row, children: Mapping[str, Sequence[Row]], report: str | None) -> None:
        """Insert a reading with everything that hangs on it; one that is there already stays as it is.

        Args:
            reading: columns of `Reading` but for its number and counts.
            children: rows of ``figures``, ``prose_facts``, ``sections``, ``checks`` and ``issues``.
            report: id of the report that its publication is taken for.
        """
        session = self.session
        if session.scalar(select(Reading.key).where(Reading.id == reading["id"])) is not None:
            return
        figures = sorted(children.get("figures", ()), key=lambda row: str(row["code"]))
        prose, sections, issues = (
            sorted(children.get(name, ()), key=lambda row: int(row["position"]))
            for name in ("prose_facts", "sections", "issues")
        )
        checks = list(children.get("checks", ()))
        counts = {
            "cells": len(figures),
            "numbers": sum(row["status"] == "number" for row in figures),
            "sections": len(sections),
            "passed": sum(row["outcome"] == "pass" for row in checks),
            "failed": sum(row["outcome"] == "fail" for row in checks),
        }
        key = session.scalars(insert(Reading).values(**reading, **counts).returning(Reading.key)).one()
        codes = self._code_keys((row["code"], row["unit"]) for row in (*figures, *prose))
        _insert(session, FigureRow, [_value_row(key, codes, row) for row in figures])
        _insert(session, ProseRow, [{**_value_row(key, codes, row), "position": row["position"]} for row in prose])
        cells = {row["code"]: (row["status"], row["value"]) for row in figures}
        packs = {"figures": _pack_figures(figures), "checks": self._pack_checks(checks, cells)}
        _insert(session, ReadingPack, [{"reading_key": key, **packs}])
        if prose or sections or issues:
            texts = {
                "sections": _pack_sections(sections),
                "prose": _pack_prose(prose),
                "issues": _pack_issues(issues),
            }
            _insert(session, ReadingText, [{"reading_key": key, **texts}])
        _insert(session, CheckRow, [_check_row(key, report, row) for row in checks if row["outcome"] != "pass"])

    def _pack_checks(self, checks: Sequence[Row], cells: Cells) -> bytes:
        kinds = self._kind_keys(_kind(row) for row in checks)
        rows = []
        for row in checks:
            lhs, rhs = decimal_text(row["lhs"]), decimal_text(row["rhs"])
            follows = check_evidence(row["outcome"], lhs, rhs, row["codes"], cells)
            evidence = None if row["evidence"] == follows else row["evidence"]
            rows.append((str(kinds[_kind(row)]), row["outcome"], lhs, other_side(lhs, rhs), evidence))
        return CheckPack.of(rows).packed()

    def _code_keys(self, wanted: Iterable[tuple[str, str | None]]) -> dict[tuple[str, str | None], int]:
        if self._codes is None:
            self._codes = self._known_codes()
        new = sorted(set(wanted) - self._codes.keys(), key=repr)
        if new:
            _insert(self.session, Code, [{"code": code, "unit": unit} for code, unit in new])
            self._codes = self._known_codes()
        return self._codes

    def _known_codes(self) -> dict[tuple[str, str | None], int]:
        rows = self.session.execute(select(Code.code, Code.unit, Code.key))
        return {(code, unit): key for code, unit, key in rows}

    def _kind_keys(self, wanted: Iterable[tuple[str, str, str, str]]) -> dict[tuple[str, str, str, str], int]:
        if self._kinds is None:
            self._kinds = self._known_kinds()
        new = sorted(set(wanted) - self._kinds.keys())
        if new:
            names = ("rule", "target", "severity", "codes")
            _insert(self.session, CheckKind, [dict(zip(names, kind, strict=True)) for kind in new])
            self._kinds = self._known_kinds()
        return self._kinds

    def _known_kinds(self) -> dict[tuple[str, str, str, str], int]:
        rows = self.session.execute(
            select(CheckKind.rule, CheckKind.target, CheckKind.severity, CheckKind.codes, CheckKind.key)
        )
        return {(rule, target, severity, codes): key for rule, target, severity, codes, key in rows}


def add_across(session: Session, checks: Mapping[str, Sequence[CheckLine]]) -> None:
    """Insert the outcomes across reports, by the report that they are shown with; there are none of these yet."""
    packs = [
        {
            "report_id": report,
            "passed": sum(line.outcome == "pass" for line in lines),
            "checks": AcrossPack.of(map(_across, lines)).packed(),
        }
        for report, lines in checks.items()
        if lines
    ]
    _insert(session, AcrossChecks, packs)
    rows = [as_row(line) for lines in checks.values() for line in lines if line.outcome != "pass"]
    _insert(session, CheckRow, [{**_check_row(None, None, row), "across": row["report_id"]} for row in rows])


def _across(line: CheckLine) -> tuple[str | None, ...]:
    return (
        line.rule, line.target, line.outcome, line.severity, decimal_text(line.lhs), decimal_text(line.rhs),
        as_json(line.codes, []), as_json(line.others, []), line.evidence,
    )  # fmt: skip


# -- reading it again


def load_figures(session: Session, readings: Iterable[str]) -> dict[str, list[FigureLine]]:
    """Figures of readings, in order of their codes."""
    found: dict[str, list[FigureLine]] = {}
    for part in chunks(list(readings)):
        packs = dict(_packs(session, ReadingPack.figures, part))
        rows: dict[str, list[Any]] = defaultdict(list)
        query = (
            select(Reading.id, Code.code, FigureRow.value, FigureRow.status, Code.unit)
            .join(FigureRow, FigureRow.reading_key == Reading.key)
            .join(Code, Code.key == FigureRow.code_key)
            .where(Reading.id.in_(part))
            .order_by(Reading.id, Code.code)
        )
        for reading, *row in session.execute(query):
            rows[reading].append(row)
        for reading in part:
            packed = FigurePack.read(packs[reading]).rows() if reading in packs else []
            found[reading] = [
                FigureLine(
                    reading, code, value, status, long(raw, value), unit, method or "", from_json(confidence),
                    from_json(alternatives, []), place or "{}",
                )
                for (code, value, status, unit), (raw, method, confidence, alternatives, place) in _beside(
                    reading, rows[reading], packed
                )
            ]  # fmt: skip
    return found


def load_values(session: Session, readings: Iterable[str]) -> dict[str, dict[str, tuple[Decimal | None, str]]]:
    """Value and status of figures, by reading and code, in order of the codes."""
    found: dict[str, dict[str, tuple[Decimal | None, str]]] = {}
    for part in chunks(list(readings)):
        query = (
            select(Reading.id, Code.code, FigureRow.value, FigureRow.status)
            .join(FigureRow, FigureRow.reading_key == Reading.key)
            .join(Code, Code.key == FigureRow.code_key)
            .where(Reading.id.in_(part))
            .order_by(Reading.id, Code.code)
        )
        for reading, code, value, status in session.execute(query):
            found.setdefault(reading, {})[code] = value, status
    return found


def load_prose(session: Session, reading: str) -> list[ProseLine]:
    """Numbers in the text of a reading, in its order."""
    packed = [ProsePack.read(data).rows() for _, data in _packs(session, ReadingText.prose, [reading]) if data]
    query = (
        select(ProseRow.position, Code.code, ProseRow.value, ProseRow.status, Code.unit)
        .join(Code, Code.key == ProseRow.code_key)
        .join(Reading, Reading.key == ProseRow.reading_key)
        .where(Reading.id == reading)
        .order_by(ProseRow.position)
    )
    rows = session.execute(query).all()
    return [
        ProseLine(
            reading, position, code, value, status, long(raw, value), unit, from_json(confidence), from_json(place, {})
        )
        for (position, code, value, status, unit), (raw, confidence, place) in _beside(
            reading, rows, packed[0] if packed else []
        )
    ]


def load_sections(session: Session, readings: Iterable[str]) -> dict[str, list[SectionLine]]:
    """Sections of readings, in their order."""
    found: dict[str, list[SectionLine]] = {}
    for part in chunks(list(readings)):
        for reading, data in _packs(session, ReadingText.sections, part):
            rows = SectionPack.read(data).rows() if data else []
            found[reading] = [
                SectionLine(reading, at, int(number or 0), heading or "", text or "", from_json(place, {}))
                for at, (number, heading, text, place) in enumerate(rows)
            ]
    return found


def load_issues(session: Session, reading: str) -> list[IssueLine]:
    """Issues of a reading, in its order."""
    return load_all_issues(session, [reading]).get(reading, [])


def load_all_issues(session: Session, readings: Iterable[str]) -> dict[str, list[IssueLine]]:
    """Issues of readings, in the order of each; a reading without any is not there."""
    found: dict[str, list[IssueLine]] = {}
    for part in chunks(list(readings)):
        for reading, data in _packs(session, ReadingText.issues, part):
            rows = IssuePack.read(data).rows() if data else []
            found[reading] = [
                IssueLine(reading, at, code or "", message or "", from_json(place))
                for at, (code, message, place) in enumerate(rows)
            ]
    return found


def load_checks(session: Session, readings: Iterable[str]) -> dict[str, list[CheckLine]]:
    """All outcomes of the rules within readings, passed ones too."""
    wanted = list(readings)
    values = load_values(session, wanted)
    found: dict[str, list[CheckLine]] = {}
    kinds: dict[int, CheckKind] = {}
    for part in chunks(wanted):
        reports = dict(_reports(session, part))
        packs = {reading: CheckPack.read(data).rows() for reading, data in _packs(session, ReadingPack.checks, part)}
        asked = {int(row[0] or 0) for rows in packs.values() for row in rows} - kinds.keys()
        for some in chunks(sorted(asked)):
            kinds |= {kind.key: kind for kind in session.scalars(select(CheckKind).where(CheckKind.key.in_(some)))}
        for reading, rows in packs.items():
            cells = {code: (status, value) for code, (value, status) in values.get(reading, {}).items()}
            found[reading] = [_within(reading, reports.get(reading), kinds, cells, row) for row in rows]
    return found


def load_across(session: Session, reports: Iterable[str]) -> dict[str, list[CheckLine]]:
    """All outcomes across reports, by the report that they are shown with."""
    found: dict[str, list[CheckLine]] = {}
    for part in chunks(list(reports)):
        query = select(AcrossChecks.report_id, AcrossChecks.checks).where(AcrossChecks.report_id.in_(part))
        for report, data in session.execute(query):
            found[report] = [_of_reports(report, row) for row in AcrossPack.read(data).rows()]
    return found


def check_evidence(outcome: str, lhs: str | None, rhs: str | None, codes: Sequence[str], cells: Cells) -> str:
    """Fingerprint of what an outcome within a reading rests on."""
    return identifiers.evidence_digest(outcome, lhs, rhs, *(f"{code}={_cell(cells.get(code))}" for code in codes))


def _cell(cell: tuple[str, Decimal | None] | None) -> str:
    return "-" if cell is None else f"{cell[0]}:{decimal_text(cell[1])}"


def _within(
    reading: str, report: str | None, kinds: Mapping[int, CheckKind], cells: Cells, row: Sequence[str | None]
) -> CheckLine:
    number, outcome, lhs, rhs, evidence = row
    kind = kinds[int(number or 0)]
    rhs = second_side(lhs, rhs)
    codes = from_json(kind.codes)
    finding = identifiers.finding_id(report, kind.rule, kind.target)
    return CheckLine(
        f"{reading}:{finding}", reading, report, kind.rule, kind.target, _decimal(lhs), _decimal(rhs), outcome or "",
        kind.severity, codes, [], finding, evidence or check_evidence(outcome or "", lhs, rhs, codes, cells),
    )  # fmt: skip


def _of_reports(report: str, row: Sequence[str | None]) -> CheckLine:
    rule, target, outcome, severity, lhs, rhs, codes, others, evidence = row
    named: list[str] = from_json(others, [])
    finding = identifiers.finding_id(report, rule or "", target or "", tuple(named))
    return CheckLine(
        f"across:{finding}", None, report, rule or "", target or "", _decimal(lhs), _decimal(rhs), outcome or "",
        severity or "", from_json(codes, []), named, finding, evidence or "",
    )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _packs(session: Session, column: Any, readings: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """By reading, a pack of it."""
    query = (
        select(Reading.id, column)
        .join(Reading, Reading.key == column.class_.reading_key)
        .where(Reading.id.in_(readings))
    )
    yield from session.execute(query)


def _reports(session: Session, readings: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """By reading, the report that its publication is taken for."""
    query = (
        select(Reading.id, Publication.report_id)
        .join(Version, Version.id == Reading.version_id)
        .join(Publication, Publication.id == Version.publication_id)
        .where(Reading.id.in_(readings))
    )
    yield from session.execute(query)


def _beside(reading: str, rows: Sequence[Any], packed: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Rows and what is packed of them, one beside the other."""
    if len(rows) != len(packed):
        raise DamagedPack(f"({reading}) has {len(packed)} parts for {len(rows)} rows")
    return zip(rows, packed, strict=True)


def _insert(session: Session, model: type[Base], rows: list[Row]) -> None:
    if rows:
        session.execute(insert(model), rows)


def _value_row(key: int, codes: Mapping[tuple[str, str | None], int], row: Row) -> Row:
    return {
        "reading_key": key,
        "code_key": codes[row["code"], row["unit"]],
        "status": row["status"],
        "value": row["value"],
    }


def _kind(row: Row) -> tuple[str, str, str, str]:
    return row["rule"], row["target"], row["severity"], json_text(row["codes"])


def _check_row(key: int | None, report: str | None, row: Row) -> Row:
    same = ("rule", "target", "outcome", "severity", "lhs", "rhs", "evidence")
    finding = row["finding"] if key is None else identifiers.finding_id(report, row["rule"], row["target"])
    return {"reading_key": key, "across": None, "finding": finding, **{name: row[name] for name in same}}


def _pack_figures(rows: Sequence[Row]) -> bytes:
    return FigurePack.of(
        (short(row["raw"], row["value"]), row["method"], as_json(row["confidence"]), as_json(row["alternatives"], []),
         json_text(row["locator"]))
        for row in rows
    ).packed()  # fmt: skip


def _pack_prose(rows: Sequence[Row]) -> bytes | None:
    if not rows:
        return None
    packed = ((short(row["raw"], row["value"]), as_json(row["confidence"]), as_json(row["locator"])) for row in rows)
    return ProsePack.of(packed).packed()


def _pack_sections(rows: Sequence[Row]) -> bytes | None:
    if not rows:
        return None
    packed = ((str(row["number"]), row["heading"], row["text"], as_json(row["locator"])) for row in rows)
    return SectionPack.of(packed).packed()


def _pack_issues(rows: Sequence[Row]) -> bytes | None:
    if not rows:
        return None
    return IssuePack.of((row["code"], row["message"], as_json(row["locator"])) for row in rows).packed()
