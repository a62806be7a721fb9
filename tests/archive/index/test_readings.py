"""Readings as rows: sealed and unsealed without a difference; findings named independently of the reading."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from archive import Home
from archive.database import open_database
from archive.database.models import Reading
from archive.index.indexer import index
from archive.index.readings import load_reading, reading_rows, seal_block, unseal
from parsers import AnnualReport, Check, Figure, Hints, Locator
from tests.archive.factory import crawl, document, fake_parse

PLACE = Locator.of("text", line=1, start=0, end=1)


def cell(code: str, value: str) -> Figure:
    """A number."""
    return Figure(code, Decimal(value), "number", value, PLACE)


def test_a_sealed_reading_comes_back_as_it_was(home: Home, fake_parser: None, database_url: str) -> None:
    with crawl(home, "c1") as made:
        made.page("http://a.gov.cn/1", document("甲县人民政府", 2020, {"req_new__total": "41.50", "b": "/"}))
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        from sqlalchemy import select

        rows = load_reading(session, session.scalars(select(Reading)).one())
    back = unseal(seal_block(rows), "urn:uuid:1")
    assert back.children == rows.children
    assert {**back.reading, "current": True, "sealed": None} == rows.reading
    assert (back.reading["current"], back.reading["sealed"]) == (False, "urn:uuid:1")
    assert {row["code"]: row["value"] for row in back.children["figures"]}["req_new__total"] == Decimal("41.50")


def test_what_is_no_sealed_reading_is_refused() -> None:
    with pytest.raises(ValueError, match=r"gongkai\.reading/1"):
        unseal(b'{"schema": "other"}', "u")


def test_a_code_that_was_read_twice_is_kept_once_and_said() -> None:
    report = AnnualReport("report", None, "p", "c", cells=(cell("a", "1"), cell("a", "2")))
    rows = reading_rows(report, "v-1", "r")
    assert [row["value"] for row in rows.children["figures"]] == [Decimal(1)]
    assert [row["code"] for row in rows.children["issues"]] == ["doubled_code"]


def test_a_finding_is_the_same_in_every_reading_and_its_evidence_changes_with_the_figures() -> None:
    report = fake_parse(document("甲县人民政府", 2020, {"req_new__total": "40"}).encode(), Hints())

    def check(parser: str, value: str, outcome: str = "fail") -> tuple[str, str]:
        changed = dataclasses.replace(
            report,
            parser=parser,
            cells=(cell("req_new__total", value),),
            checks=(Check("R", "t", Decimal(1), Decimal(2), "error", outcome, ("req_new__total",)),),  # type: ignore[arg-type]
        )
        row = reading_rows(changed, "v-1", "r").children["checks"][0]
        return row["finding"], row["evidence"]

    assert check("p1", "40") == check("p2", "40")
    assert check("p1", "40")[0] == check("p1", "39")[0]
    assert check("p1", "40")[1] != check("p1", "39")[1]
    assert check("p1", "40")[1] != check("p1", "40", "pass")[1]
