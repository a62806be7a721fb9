"""Reports as they stand now: the contract of their lines, finding one, what is blocked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from archive import Home, NotFound
from archive.database import open_database
from archive.index.indexer import index
from archive.records.reports import Filter, blocked_lines, count_reports, find_report, report_lines
from tests.archive.factory import START, crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")
PAGES = "http://www.wenxian.gov.cn/"
CHALLENGE = "<script>$_ts=window['$_ts'];$_ts.nsd=1</script>"


@pytest.fixture
def session(home: Home, database_url: str) -> Iterator[Session]:
    """A report with a twin, one of a township, one that is refused, one that was and is now refused."""
    with crawl(home, "c1") as made:
        made.page(
            f"{PAGES}1", document("温县人民政府", 2021, {"b": "1.50", "a": "/"}), hints={"list_date": "2022-01-05"}
        )
        made.page(
            f"{PAGES}1.pdf", document("温县人民政府", 2021, {"b": "1.50"}, more="p"), hints={"twin_of": f"{PAGES}1"}
        )
        made.page(
            f"{PAGES}2",
            document("温县某镇人民政府", 2022, {"b": "0"}, division="410825101", kind="township_government"),
        )
        made.page(f"{PAGES}3", CHALLENGE, status=412)
    with crawl(home, "c2", at=START + timedelta(days=1)) as made:
        made.page(f"{PAGES}2", CHALLENGE, status=412)
        made.page(f"{PAGES}3", "Forbidden", status=403)
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        yield session


def test_the_line_of_a_report_is_the_contract(session: Session) -> None:
    line = next(iter(report_lines(session, cells=True))).as_json(cells=True)
    agency = line["agency"]["id"]
    assert json.loads(json.dumps(line)) == {
        "id": f"{agency}-2021-main",
        "portal": "henan",
        "url": f"{PAGES}1",
        "twins": [f"{PAGES}1.pdf"],
        "title": "温县人民政府2021年政府信息公开工作年度报告",
        "agency": {"id": agency, "name": "温县人民政府", "kind": "people_government"},
        "division": {"code": "410825", "name": "division 410825", "level": "county"},
        "year": 2021,
        "series": "main",
        "scope": "jurisdiction",
        "template": "fmt2021",
        "published_on": "2022-01-05",
        "status": "ok",
        "changed": False,
        "first_seen": "2026-11-01T02:00:01.000007Z",
        "last_seen": "2026-11-01T02:00:02.000014Z",
        "capture": line["capture"],
        "cells": {"a": None, "b": "1.5"},
    }
    assert list(line) == [
        "id", "portal", "url", "twins", "title", "agency", "division", "year", "series", "scope", "template",
        "published_on", "status", "changed", "first_seen", "last_seen", "capture", "cells",
    ]  # fmt: skip
    assert line["capture"].startswith("urn:uuid:")


def test_only_what_was_never_had_is_blocked(session: Session) -> None:
    assert list(blocked_lines(session)) == [
        {"portal": "henan", "url": f"{PAGES}3", "status": "blocked", "blocked_by": "http_403"}
    ]
    assert list(blocked_lines(session, "shanxi")) == []


@pytest.mark.parametrize(
    ("wanted", "years"),
    [
        (Filter(), [2021, 2022]),
        (Filter(portal="shanxi"), []),
        (Filter(year=2022), [2022]),
        (Filter(division="410800"), [2021, 2022]),
        (Filter(division="410000"), [2021, 2022]),
        (Filter(division="411300"), []),
        (Filter(words="某镇"), [2022]),
        (Filter(words="温县 2021"), [2021]),
    ],
)
def test_filters(session: Session, wanted: Filter, years: list[int]) -> None:
    assert sorted(line.report.year for line in report_lines(session, wanted)) == years


def test_pages_of_reports_are_the_list(home: Home, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.records.reports._FEW_BODIES", 1)
    with crawl(home, "c1") as made:
        for number in range(7):
            for year in range(2020, 2020 + number % 3 + 1):
                division = ("410825", "411324", "")[number % 3]
                made.page(f"{PAGES}{number}-{year}", document(f"{number % 4}局", year, {"b": "1"}, division=division))
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        for wanted in (Filter(), Filter(year=2020), Filter(division="410825")):
            every = [line.as_json(cells=True) for line in report_lines(session, wanted, cells=True)]
            assert len(every) == count_reports(session, wanted) > 1
            for at, line in enumerate(every):
                rest = [
                    each.as_json(cells=True) for each in report_lines(session, wanted, cells=True, after=line["id"])
                ]
                assert rest == every[at + 1 :]
        order = [
            (line.agency.division_code or "", line.agency.name, line.report.year) for line in report_lines(session)
        ]
        assert sorted(order) == sorted(order, key=lambda place: place[:2])
        with pytest.raises(NotFound):
            list(report_lines(session, after="nothing"))


def test_a_report_may_be_named_in_several_ways(session: Session) -> None:
    report = find_report(session, "温县人民政府 2021").report.id
    for text in (report, report[:-6], f"{PAGES}1", f"{PAGES}1.pdf"):
        assert find_report(session, text).report.id == report


def test_a_whole_name_is_that_body_and_not_its_office(home: Home) -> None:
    with crawl(home, "office") as made:
        made.page(f"{PAGES}7", document("某县人民政府", 2021, {"a": "1"}))
        made.page(f"{PAGES}8", document("某县人民政府办公室", 2021, {"a": "2"}, kind="government_office"))
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        assert find_report(session, "某县人民政府 2021").agency.name == "某县人民政府"
        assert find_report(session, "2021 某县人民政府办公室").agency.name == "某县人民政府办公室"
        with pytest.raises(NotFound, match="several reports are meant"):
            find_report(session, "某县 2021")


@pytest.mark.parametrize(
    ("text", "sentence"), [("温县", "several reports are meant: .*温县某镇人民政府 2022"), ("北京", "no such report")]
)
def test_a_report_that_cannot_be_told_is_not_guessed(session: Session, text: str, sentence: str) -> None:
    with pytest.raises(NotFound, match=sentence):
        find_report(session, text)
