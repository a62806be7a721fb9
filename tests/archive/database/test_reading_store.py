"""What hangs on a reading comes back as it was written, on both back-ends, and takes little room."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from archive import identifiers
from archive.database import Database, open_database
from archive.database.models import Capture, CheckRow, Code, FigureRow, Publication, Reading, Version, WarcFile
from archive.database.reading_lines import CheckLine, as_row, check_evidence
from archive.database.reading_load import (
    load_across,
    load_checks,
    load_failed,
    load_figures,
    load_issues,
    load_outcomes,
    load_prose,
    load_sections,
    load_values,
)
from archive.database.reading_store import ReadingStore, add_across
from archive.database.rows import Row, insert_new
from archive.errors import DamagedPack
from tests.archive.factory import START

PLACE = {"kind": "html", "path": "table > tr:nth-of-type(2)", "row": 1, "column": 2, "table": 0}
CELLS: tuple[tuple[str, str | None, str, str, str | None], ...] = (
    ("a", "41.5", "number", "41.50", "件"),
    ("b", None, "blank", "", None),
    ("c", "0", "number", "0", ""),
    ("d", None, "ambiguous", "1\u00a0或2", None),
    ("e", "-1234567890123456789012.25", "number", "x\0y", "件"),
)


def figures(reading: str) -> list[Row]:
    return [
        {
            "reading_id": reading, "code": code, "value": Decimal(value) if value else None, "status": status,
            "raw": raw, "unit": unit, "method": "label", "confidence": 0.75 if status == "ambiguous" else None,
            "alternatives": ["1", "2"] if status == "ambiguous" else [], "locator": {**PLACE, "row": at},
        }
        for at, (code, value, status, raw, unit) in enumerate(CELLS)
    ]  # fmt: skip


def check(reading: str, rule: str, outcome: str, evidence: str | None = None) -> Row:
    cells = {code: (status, Decimal(value) if value else None) for code, value, status, _, _ in CELLS}
    finding = identifiers.finding_id("r1", rule, "t")
    return {
        "id": f"{reading}:{finding}", "reading_id": reading, "report_id": "r1", "rule": rule, "target": "t",
        "lhs": Decimal("1.5"), "rhs": None, "outcome": outcome, "severity": "error", "codes": ["a", "nowhere"],
        "others": [], "finding": finding,
        "evidence": evidence or check_evidence(outcome, "1.5", None, ["a", "nowhere"], cells),
    }  # fmt: skip


def children(reading: str) -> dict[str, list[Row]]:
    head = {"reading_id": reading, "position": 0}
    fact = {**head, "code": "p", "value": Decimal(3), "status": "number", "raw": "3件", "unit": "件", "confidence": 1.0}
    return {
        "figures": figures(reading),
        "prose_facts": [{**fact, "locator": {**PLACE, "kind": "prose", "sentence": "共3件。"}}],
        "sections": [{**head, "number": 1, "heading": "一、总体情况", "text": "正文\n007", "locator": PLACE}],
        "checks": [check(reading, "A", "pass"), check(reading, "B", "fail"), check(reading, "C", "pass", "e-other")],
        "issues": [{**head, "code": "x", "message": "m", "locator": None}],
    }


def reading_row(name: str) -> Row:
    empty = dict.fromkeys(
        ("media_type", "title", "agency_name", "agency_kind", "division_code", "division_name", "division_level",
         "year", "template", "scope", "published_on", "published_on_kind", "text_digest", "sealed")
    )  # fmt: skip
    said = {"parser": "p", "configuration": "c", "current": True, "outcome": "report", "sources": []}
    return {"id": name, "version_id": "v-1", **empty, **said}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """With one version, and no reading of it."""
    seen = {"first_seen": START, "last_seen": START}
    capture = dict.fromkeys(column.key for column in Capture.__table__.columns)
    capture |= {"id": "c", "kind": "response", "url": "u", "url_key": "u", "method": "GET", "captured_at": START}
    publication = dict.fromkeys(column.key for column in Publication.__table__.columns)
    publication |= {"id": "p-1", "own_report": "r1", "report_id": "r1", "url": "u", "method": "GET", "status": "ok"}
    version = {"id": "v-1", "publication_id": "p-1", "number": 1, "content_key": "k", "normaliser": "n", "captures": 1}
    with open_database(database_url) as opened:
        with opened.writing() as session:
            file = {"name": "a.warc.gz", "sha256": "s", "size": 1, "records": 1, "signatures": "s"}
            insert_new(session, WarcFile, [file])
            insert_new(session, Capture, [{**capture, "warc_file": "a.warc.gz", "offset": 0, "length": 1}])
            insert_new(session, Publication, [{**publication, **seen}])
            insert_new(session, Version, [{**version, **seen, "first_capture": "c", "last_capture": "c"}])
        yield opened


def store(session: Session, name: str, rows: dict[str, list[Row]] | None = None) -> None:
    ReadingStore(session).add(reading_row(name), children(name) if rows is None else rows, "r1")


def test_everything_comes_back(database: Database) -> None:
    with database.writing() as session:
        store(session, "r-1")
    with database.session() as session:
        found = {
            "figures": load_figures(session, ["r-1"])["r-1"],
            "prose_facts": load_prose(session, ["r-1"])["r-1"],
            "sections": load_sections(session, ["r-1"])["r-1"],
            "checks": load_checks(session, ["r-1"])["r-1"],
            "issues": load_issues(session, ["r-1"])["r-1"],
        }
        values = load_values(session, ["r-1"])["r-1"]
        reading = session.get_one(Reading, "r-1")
    assert {name: [as_row(line) for line in lines] for name, lines in found.items()} == children("r-1")
    assert values["d"] == (None, "ambiguous")
    assert values["e"] == (Decimal("-1234567890123456789012.25"), "number")
    assert (reading.cells, reading.numbers, reading.sections, reading.passed, reading.failed) == (5, 3, 1, 2, 1)


def test_what_failed_is_as_among_all(database: Database) -> None:
    rows = children("r-1")
    rows["checks"] = [check("r-1", "A", "pass"), check("r-1", "B", "fail"), check("r-1", "C", "fail", "e-other")]
    with database.writing() as session:
        store(session, "r-1", rows)
        store(session, "r-2", {})
    with database.session() as session:
        every = load_checks(session, ["r-1"])["r-1"]
        assert load_failed(session, ["r-1", "r-2"]) == {"r-1": every[1:]}
        outcomes = load_outcomes(session, {"r1": "r-1"})["r1"]
        assert [(line.rule, line.lhs, line.rhs, line.outcome, line.finding) for line in outcomes] == [
            (line.rule, "1.5", None, line.outcome, line.finding) for line in every
        ]


def test_a_reading_that_is_there_stays_as_it_is(database: Database) -> None:
    with database.writing() as session:
        store(session, "r-1")
        store(session, "r-1", {})
        store(session, "r-2", {})
    with database.session() as session:
        assert len(load_figures(session, ["r-1", "r-2"])["r-1"]) == 5
        assert load_figures(session, ["r-1", "r-2"])["r-2"] == []
        assert load_checks(session, ["r-2"])["r-2"] == []
        assert load_issues(session, ["r-2"]).get("r-2", []) == load_prose(session, ["r-2"])["r-2"] == []
        assert load_figures(session, ["nowhere"]) == {"nowhere": []}


def test_codes_and_kinds_of_checks_are_kept_once(database: Database) -> None:
    with database.writing() as session:
        for name in ("r-1", "r-2"):
            store(session, name)
    with database.session() as session:
        codes = session.execute(select(Code.code, Code.unit).order_by(Code.code)).all()
        failed = session.scalars(select(CheckRow.rule)).all()
        assert session.scalar(select(func.count()).select_from(FigureRow)) == 10
    assert codes == [("a", "件"), ("b", None), ("c", ""), ("d", None), ("e", "件"), ("p", "件")]
    assert failed == ["B", "B"], "what passed has no row"


def test_checks_across_reports_come_back(database: Database) -> None:
    def line(rule: str, outcome: str) -> CheckLine:
        finding = identifiers.finding_id("r2", rule, "total", ("r1",))
        return CheckLine(
            f"across:{finding}", None, "r2", rule, "total", Decimal(4), Decimal(3), outcome, "warn", ["a"], ["r1"],
            finding, "e-1",
        )  # fmt: skip

    lines = [line("X", "pass"), line("Y", "fail")]
    with database.writing() as session:
        add_across(session, {"r2": lines, "r3": []})
    with database.session() as session:
        assert load_across(session, ["r1", "r2", "r3"]) == {"r2": lines}
        assert session.scalars(select(CheckRow.across)).all() == ["r2"]


def test_a_row_that_was_taken_out_is_told(database: Database) -> None:
    with database.writing() as session:
        store(session, "r-1")
        one = select(Code.key).where(Code.code == "b").scalar_subquery()
        session.execute(FigureRow.__table__.delete().where(FigureRow.code_key == one))  # type: ignore[attr-defined]
    with database.session() as session, pytest.raises(DamagedPack, match=r"5 parts for 4 rows.*index --rebuild"):
        load_figures(session, ["r-1"])


def test_the_report_of_a_check_is_that_of_its_publication(database: Database) -> None:
    with database.writing() as session:
        store(session, "r-1")
        session.execute(update(Publication).values(report_id="r9"))
    with database.session() as session:
        found: dict[str, Any] = as_row(load_checks(session, ["r-1"])["r-1"][0])
    assert (found["report_id"], found["finding"]) == ("r9", identifiers.finding_id("r9", "A", "t"))
