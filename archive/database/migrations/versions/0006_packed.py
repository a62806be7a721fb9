"""What hangs on readings takes a tenth of the room: values in narrow rows, the rest packed, passed checks as a count.

Rows of the earlier tables are read and written again as today's store would write them; the tables here are written out
(and not those of the models), so that this goes on working when the models have changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from archive import identifiers
from archive.database.packs import (
    AcrossPack,
    CheckPack,
    FigurePack,
    IssuePack,
    ProsePack,
    SectionPack,
    other_side,
)
from archive.database.types import ExactNumber, Key, Whole

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OLD = ("figures", "prose_facts", "sections", "checks", "issues")
_STATUSES = ("number", "blank", "not_applicable", "text", "ambiguous")
_OUTCOMES = ("pass", "fail", "pass_blank_as_zero", "fail_if_blank_as_zero", "not_assessable")
_SEVERITIES = ("error", "warn", "info")
_FEW = 200

_META = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> sa.Column[int]:
    return sa.Column("key", Whole, primary_key=True, autoincrement=True)


def _reading(**options: Any) -> sa.Column[int]:
    return sa.Column("reading_key", Whole, sa.ForeignKey("readings.key", ondelete="CASCADE"), **options)


def _text(name: str, *, nullable: bool = False, **options: Any) -> sa.Column[str]:
    return sa.Column(name, Key, nullable=nullable, **options)


sa.Table("versions", _META, sa.Column("id", Key, primary_key=True))  # as it is; referred to
READINGS = sa.Table(
    "readings", _META, _number(), _text("id", unique=True),
    sa.Column("version_id", Key, sa.ForeignKey("versions.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("parser"), _text("configuration"), sa.Column("current", sa.Boolean, nullable=False), _text("outcome"),
    *(_text(name, nullable=True) for name in (
        "media_type", "title", "agency_name", "agency_kind", "division_code", "division_name", "division_level",
    )),
    sa.Column("year", Whole), *(_text(name, nullable=True) for name in (
        "template", "scope", "published_on", "published_on_kind",
    )),
    sa.Column("sources", sa.Text, nullable=False), _text("text_digest", nullable=True), _text("sealed", nullable=True),
    *(sa.Column(name, Whole, nullable=False) for name in ("cells", "numbers", "sections", "passed", "failed")),
)  # fmt: skip
CODES = sa.Table("codes", _META, _number(), _text("code", index=True), _text("unit", nullable=True))
FIGURES = sa.Table(
    "figure_rows", _META, _reading(primary_key=True),
    sa.Column("code_key", Whole, sa.ForeignKey("codes.key"), primary_key=True),
    sa.Column("status", sa.Integer, nullable=False), sa.Column("value", ExactNumber), sqlite_with_rowid=False,
)  # fmt: skip
PROSE = sa.Table(
    "prose_rows", _META, _reading(primary_key=True), sa.Column("position", Whole, primary_key=True),
    sa.Column("code_key", Whole, sa.ForeignKey("codes.key"), nullable=False),
    sa.Column("status", sa.Integer, nullable=False), sa.Column("value", ExactNumber), sqlite_with_rowid=False,
)  # fmt: skip
PACKS = sa.Table(
    "reading_packs", _META, _reading(primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("figures", "checks")),
)  # fmt: skip
TEXTS = sa.Table(
    "reading_texts", _META, _reading(primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.LargeBinary, nullable=True) for name in ("sections", "prose", "issues")),
)  # fmt: skip
KINDS = sa.Table(
    "check_kinds", _META, _number(), *(_text(name) for name in ("rule", "target", "severity")),
    sa.Column("codes", sa.Text, nullable=False),
)  # fmt: skip
CHECKS = sa.Table(
    "check_rows", _META, _number(), _reading(nullable=True, index=True), _text("across", nullable=True, index=True),
    _text("rule"), _text("target"), sa.Column("outcome", sa.Integer, nullable=False),
    sa.Column("severity", sa.Integer, nullable=False), sa.Column("lhs", ExactNumber), sa.Column("rhs", ExactNumber),
    _text("finding", index=True), _text("evidence"),
)  # fmt: skip
ACROSS = sa.Table(
    "across_checks", _META, sa.Column("report_id", Key, primary_key=True), sa.Column("passed", Whole, nullable=False),
    sa.Column("checks", sa.LargeBinary, nullable=False),
)  # fmt: skip


def upgrade() -> None:
    """Make the tables, carry over what there is, and take the earlier ones out."""
    connection = op.get_bind()
    for name in ("readings", *_OLD):
        for index in sa.inspect(connection).get_indexes(name):
            op.drop_index(str(index["name"]), table_name=name)
        if connection.dialect.name == "postgresql":
            _free_names(connection, name)
        op.rename_table(name, f"{name}_0005")
    _META.create_all(connection, tables=[READINGS, CODES, FIGURES, PROSE, PACKS, TEXTS, KINDS, CHECKS, ACROSS])
    _Taker(connection).run()
    for name in (*_OLD, "readings"):
        op.drop_table(f"{name}_0005")


def _free_names(connection: sa.Connection, name: str) -> None:
    """Names of constraints are those of a whole schema there: what refers to readings goes, and the keys."""
    found = sa.inspect(connection)
    for foreign in found.get_foreign_keys(name):
        op.drop_constraint(str(foreign["name"]), name, type_="foreignkey")
    key = found.get_pk_constraint(name)
    if key["name"]:
        op.execute(sa.text(f'ALTER TABLE "{name}" DROP CONSTRAINT "{key["name"]}" CASCADE'))


class _Taker:
    """Carries over reading by reading."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._codes: dict[tuple[str, str | None], int] = {}
        self._kinds: dict[tuple[str, str, str, str], int] = {}

    def run(self) -> None:
        """All readings, then what is said across reports."""
        names = [column.name for column in READINGS.columns if column.name in self._columns("readings_0005")]
        listed = ", ".join(f'"{name}"' for name in names)
        ids = self._connection.execute(sa.text("SELECT id FROM readings_0005 ORDER BY id")).scalars().all()
        for start in range(0, len(ids), _FEW):
            part = list(ids[start : start + _FEW])
            rows = self._rows(f"SELECT {listed} FROM readings_0005 WHERE id IN :ids ORDER BY id", part)  # noqa: S608 - our own names
            children = {
                name: self._by_reading(name, order, part)
                for name, order in (("figures", "code"), ("prose_facts", "position"), ("sections", "position"),
                                    ("checks", "id"), ("issues", "position"))
            }  # fmt: skip
            for row in rows:
                self._take(row, {name: found.get(row["id"], []) for name, found in children.items()})
        self._across()

    def _columns(self, table: str) -> set[str]:
        return {column["name"] for column in sa.inspect(self._connection).get_columns(table)}

    def _rows(self, statement: str, ids: list[str]) -> list[dict[str, Any]]:
        query = sa.text(statement).bindparams(sa.bindparam("ids", expanding=True))
        return [dict(row) for row in self._connection.execute(query, {"ids": ids}).mappings()]

    def _by_reading(self, name: str, order: str, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        query = f"SELECT * FROM {name}_0005 WHERE reading_id IN :ids ORDER BY reading_id, {order}"  # noqa: S608
        for row in self._rows(query, ids):
            found.setdefault(row["reading_id"], []).append(row)
        return found

    def _take(self, row: dict[str, Any], of: dict[str, list[dict[str, Any]]]) -> None:
        figures, checks = of["figures"], of["checks"]
        counts = {
            "cells": len(figures),
            "numbers": sum(one["status"] == "number" for one in figures),
            "sections": len(of["sections"]),
            "passed": sum(one["outcome"] == "pass" for one in checks),
            "failed": sum(one["outcome"] == "fail" for one in checks),
        }
        row["current"] = bool(row["current"])
        key = self._connection.execute(READINGS.insert().values(**row, **counts).returning(READINGS.c.key)).scalar_one()
        self._insert(FIGURES, [self._value(key, one) for one in figures])
        self._insert(PROSE, [{**self._value(key, one), "position": one["position"]} for one in of["prose_facts"]])
        packed = FigurePack.of(
            (_raw(one), one["method"], _floating(one["confidence"]), _unless(one["alternatives"], "[]"), one["locator"])
            for one in figures
        )
        outcomes = CheckPack.of(self._outcomes(figures, checks))
        self._insert(PACKS, [{"reading_key": key, "figures": packed.packed(), "checks": outcomes.packed()}])
        texts = {
            "sections": SectionPack.of(
                (str(o["number"]), o["heading"], o["text"], o["locator"]) for o in of["sections"]
            ),
            "prose": ProsePack.of((_raw(o), _floating(o["confidence"]), o["locator"]) for o in of["prose_facts"]),
            "issues": IssuePack.of((o["code"], o["message"], o["locator"]) for o in of["issues"]),
        }
        if any(of[name] for name in ("sections", "prose_facts", "issues")):
            filled = {name: pack.packed() if any(pack.columns) else None for name, pack in texts.items()}
            self._insert(TEXTS, [{"reading_key": key, **filled}])
        self._insert(CHECKS, [_failed(key, None, one) for one in checks if one["outcome"] != "pass"])

    def _outcomes(
        self, figures: list[dict[str, Any]], checks: list[dict[str, Any]]
    ) -> Iterator[tuple[str | None, ...]]:
        cells = {one["code"]: f"{one['status']}:{one['value']}" for one in figures}
        for one in checks:
            rests_on = [f"{code}={cells.get(code, '-')}" for code in json.loads(one["codes"])]
            follows = identifiers.evidence_digest(one["outcome"], one["lhs"], one["rhs"], *rests_on)
            evidence = None if one["evidence"] == follows else one["evidence"]
            yield str(self._kind(one)), one["outcome"], one["lhs"], other_side(one["lhs"], one["rhs"]), evidence

    def _across(self) -> None:
        query = "SELECT * FROM checks_0005 WHERE reading_id IS NULL ORDER BY report_id, rule, target, id"
        by_report: dict[str, list[dict[str, Any]]] = {}
        for row in self._connection.execute(sa.text(query)).mappings():
            by_report.setdefault(row["report_id"], []).append(dict(row))
        for report, rows in by_report.items():
            packed = AcrossPack.of(
                (one["rule"], one["target"], one["outcome"], one["severity"], one["lhs"], one["rhs"],
                 _unless(one["codes"], "[]"), _unless(one["others"], "[]"), one["evidence"])
                for one in rows
            )  # fmt: skip
            passed = sum(one["outcome"] == "pass" for one in rows)
            self._insert(ACROSS, [{"report_id": report, "passed": passed, "checks": packed.packed()}])
            self._insert(CHECKS, [_failed(None, report, one) for one in rows if one["outcome"] != "pass"])

    def _insert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(table.insert(), rows)

    def _value(self, key: int, row: dict[str, Any]) -> dict[str, Any]:
        pair = row["code"], row["unit"]
        if pair not in self._codes:
            made = CODES.insert().values(code=pair[0], unit=pair[1]).returning(CODES.c.key)
            self._codes[pair] = self._connection.execute(made).scalar_one()
        return {
            "reading_key": key,
            "code_key": self._codes[pair],
            "status": _STATUSES.index(row["status"]),
            "value": _decimal(row["value"]),
        }

    def _kind(self, row: dict[str, Any]) -> int:
        kind = row["rule"], row["target"], row["severity"], row["codes"]
        if kind not in self._kinds:
            made = KINDS.insert().values(rule=kind[0], target=kind[1], severity=kind[2], codes=kind[3])
            self._kinds[kind] = self._connection.execute(made.returning(KINDS.c.key)).scalar_one()
        return self._kinds[kind]


def _failed(key: int | None, across: str | None, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "reading_key": key,
        "across": across,
        **{name: row[name] for name in ("rule", "target", "finding", "evidence")},
        "outcome": _OUTCOMES.index(row["outcome"]),
        "severity": _SEVERITIES.index(row["severity"]),
        "lhs": _decimal(row["lhs"]),
        "rhs": _decimal(row["rhs"]),
    }


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _raw(row: dict[str, Any]) -> str | None:
    return None if row["raw"] == (row["value"] or "") else str(row["raw"])


def _floating(value: float | None) -> str | None:
    return None if value is None else json.dumps(value)


def _unless(text: str, usual: str) -> str | None:
    return None if text == usual else text
