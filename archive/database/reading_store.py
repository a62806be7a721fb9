"""What hangs on a reading, put into tables: written once with it, read as it was (`archive.database.reading_load`).

Values and statuses of figures are rows, where SQL sees them; what else is said of a reading is packed
(`archive.database.packs`), since it is read together. Of its checks those that did not pass have rows; all of them, the
passed ones too, are in its pack. What follows from other rows is not stored: the report a check is of is that of the
reading's publication, and finding and evidence are digests of what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
    Reading,
    ReadingPack,
    ReadingText,
)
from archive.database.packs import (
    AcrossPack,
    CheckPack,
    FigurePack,
    IssuePack,
    ProsePack,
    SectionPack,
    as_json,
    other_side,
    short,
)
from archive.database.reading_lines import Cells, CheckLine, as_row, check_evidence
from archive.database.rows import Row
from archive.database.types import json_text
from parsers import decimal_text


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
