"""The migrations make exactly the tables of the models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from archive import identifiers
from archive.database import models, open_database, session
from archive.database.models import Base, Reading
from archive.database.reading_lines import as_row
from archive.database.reading_load import load_across
from archive.database.session import HEAD
from archive.database.types import json_text
from archive.database.views import NAMES
from archive.index.readings import load_reading
from parsers import decimal_text
from tests.archive import stored


def test_migrations_make_exactly_the_tables_of_the_models(empty_database_url: str) -> None:
    with open_database(empty_database_url) as database, database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, Base.metadata) == []


def test_every_table_is_among_the_models() -> None:
    assert {mapper.class_.__name__ for mapper in Base.registry.mappers} == set(models.__all__) - {"Base"}


@pytest.fixture
def earlier(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], AbstractContextManager[Connection]]:
    """Makes a database with the tables of an earlier revision, and writes into it."""

    @contextmanager
    def make(revision: str) -> Iterator[Connection]:
        upgrade = command.upgrade
        with monkeypatch.context() as patched:
            patched.setattr(command, "upgrade", lambda configuration, _: upgrade(configuration, revision))
            patched.setattr(session, "make_views", lambda _: None)
            with open_database(empty_database_url) as database, database.engine.begin() as connection:
                yield connection

    return make


def test_tables_of_an_earlier_version_become_as_wide(
    earlier: Callable[[str], AbstractContextManager[Connection]], empty_database_url: str
) -> None:
    with earlier("0004") as connection:
        connection.execute(text("INSERT INTO warc_files VALUES ('a.warc.gz', 's', 9, 9, 's')"))
        connection.execute(
            text(
                'INSERT INTO captures (id, kind, url, url_key, method, captured_at, warc_file, "offset", length)'
                " VALUES ('c', 'response', 'u', 'u', 'GET', '2026-11-20T08:00:00.000000Z', 'a.warc.gz', 7, 8)"
            )
        )
    with open_database(empty_database_url) as database, database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert connection.execute(text('SELECT "offset", length FROM captures')).one() == (7, 8)
        connection.execute(text('UPDATE captures SET "offset" = 5000000000'))
        connection.execute(text("UPDATE warc_files SET size = 5000000000"))


OLD = {
    "warc_files": {"name": "a.warc.gz", "sha256": "s", "size": 9, "records": 9, "signatures": "s"},
    "captures": {
        "id": "c", "kind": "response", "url": "u", "url_key": "u", "method": "GET", "warc_file": "a.warc.gz",
        "captured_at": "2026-11-20T08:00:00.000000Z", "offset": 7, "length": 8,
    },
    "publications": {
        "id": "p-1", "own_report": "r1", "report_id": "r1", "url": "u", "method": "GET", "status": "ok",
        "first_seen": "2026-11-20T08:00:00.000000Z", "last_seen": "2026-11-20T08:00:00.000000Z",
    },
    "versions": {
        "id": "v-1", "publication_id": "p-1", "number": 1, "content_key": "k", "normaliser": "n", "first_capture": "c",
        "last_capture": "c", "first_seen": "2026-11-20T08:00:00.000000Z", "last_seen": "2026-11-20T08:00:00.000000Z",
        "captures": 1,
    },
    "readings": {
        "id": "r-1", "version_id": "v-1", "parser": "p", "configuration": "c", "current": True, "outcome": "report",
        "year": 2020, "sources": '[["year","title"]]',
    },
}  # fmt: skip
PLACE = {"kind": "text", "line": 3}
CELLS = {"a": ("number", "41.5"), "b": ("blank", None), "c": ("number", "0")}
FIGURES = [
    {"reading_id": "r-1", "code": code, "value": value, "status": status, "raw": raw, "unit": unit, "method": "label",
     "confidence": confidence, "alternatives": alternatives, "locator": PLACE}
    for (code, (status, value)), raw, unit, confidence, alternatives in zip(
        CELLS.items(), ("41.50", "/", "0"), ("件", None, "件"), (None, 0.5, None), ([], ["1", "2"], []), strict=True)
]  # fmt: skip
PROSE = {
    "reading_id": "r-1", "position": 0, "code": "prose_x", "value": "-3", "status": "number", "raw": "3件",
    "unit": "件", "confidence": None, "locator": {**PLACE, "kind": "prose"},
}  # fmt: skip
SECTION = {"reading_id": "r-1", "position": 0, "number": 1, "heading": "一", "text": "正文", "locator": PLACE}
ISSUE = {"reading_id": "r-1", "position": 0, "code": "x", "message": "m", "locator": None}


def old_check(rule: str, outcome: str, **more: Any) -> dict[str, Any]:
    """A row of the earlier table."""
    row = {"reading_id": "r-1", "report_id": "r1", "rule": rule, "target": "t", "lhs": "1", "rhs": "1", **more}
    row |= {"outcome": outcome, "severity": "warn", "codes": ["a", "b"], "others": more.get("others", [])}
    row["finding"] = identifiers.finding_id("r1", rule, "t", tuple(row["others"]))
    row["id"] = f"{row['reading_id'] or 'across'}:{row['finding']}"
    rests_on = [f"{code}={CELLS[code][0]}:{CELLS[code][1]}" for code in row["codes"]]
    row["evidence"] = more.get("evidence", identifiers.evidence_digest(outcome, row["lhs"], row["rhs"], *rests_on))
    return row


OLD_CHECKS = [
    old_check("A", "pass"),
    old_check("B", "fail", rhs="2.5"),
    old_check("C", "not_assessable", lhs=None, rhs=None),
    old_check("D", "pass", evidence="e-of-another-parser"),
    old_check("E", "pass", reading_id=None, others=["r0"], evidence="e-1"),
    old_check("F", "fail", reading_id=None, others=["r0"], evidence="e-2"),
]


def insert_old(connection: Connection, table: str, row: dict[str, Any]) -> None:
    """One row into a table that no model describes any more."""
    plain = {key: json_text(value) if isinstance(value, (dict, list)) else value for key, value in row.items()}
    names = ", ".join(f'"{name}"' for name in plain)
    values = ", ".join(f":{name}" for name in plain)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), plain)


def test_what_hangs_on_readings_is_carried_over(
    earlier: Callable[[str], AbstractContextManager[Connection]],
    empty_database_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with earlier("0005") as connection:
        for table, row in OLD.items():
            insert_old(connection, table, row)
        for table, rows in (
            ("figures", FIGURES), ("prose_facts", [PROSE]), ("sections", [SECTION]), ("issues", [ISSUE]),
            ("checks", OLD_CHECKS),
        ):  # fmt: skip
            for row in rows:
                insert_old(connection, table, row)
    caplog.clear()
    with open_database(empty_database_url) as database, database.session() as opened:
        reading = opened.get_one(Reading, "r-1")
        rows = load_reading(opened, reading).children
        across = load_across(opened, ["r1"])["r1"]
        checks = [as_row(line) for line in stored.checks(opened)]
        views = {name: opened.execute(text(f"SELECT COUNT(*) FROM {name}")).scalar() for name in NAMES}
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        f"gongkai: {database.subject}: an earlier version made it; its tables are brought to this one's"
    ]

    def plain(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{key: decimal_text(value) if isinstance(value, Decimal) else value for key, value in row.items()}
                for row in found]  # fmt: skip

    assert plain(rows["figures"]) == FIGURES
    assert plain(rows["prose_facts"]) == [PROSE]
    assert (plain(rows["sections"]), plain(rows["issues"])) == ([SECTION], [ISSUE])
    assert sorted(plain(checks), key=lambda row: row["rule"]) == OLD_CHECKS
    assert [line.rule for line in across] == ["E", "F"]
    assert (reading.cells, reading.numbers, reading.sections, reading.passed, reading.failed) == (3, 2, 1, 2, 1)
    assert views == {"figures": 3, "prose_facts": 1, "checks": 3, "panel": 0}
