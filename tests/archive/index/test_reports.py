"""Which publication is the body, and to which report an annex belongs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from archive import Home
from archive.database import open_database
from archive.database.models import Agency, Division, Publication, Reading, Report, Version
from archive.index.indexer import index
from archive.index.reports import _Candidate, _row
from archive.records.reports import report_lines
from archive.warc import build
from archive.warc.write import WarcWriter
from tests.archive.factory import START, crawl, document, everything, forget

pytestmark = pytest.mark.usefixtures("fake_parser")
A, B = "http://a.gov.cn/a", "http://a.gov.cn/b"
CELLS = {"x": "1"}
NAME = "甲县人民政府"
FILE = "%PDF-1.7" + document(NAME, 2020, CELLS)


def roles(home: Home) -> dict[str, str | None]:
    """Role by address."""
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        return {row.url: row.role for row in session.scalars(select(Publication))}


@pytest.mark.parametrize(
    ("first", "second", "body"),
    [
        # (document, options) twice; which is the body
        ((CELLS, {}), ({}, {}), A),  # tables before prose
        (({}, {}), (CELLS, {"purpose": "attachment"}), B),
        ((CELLS, {}), (CELLS, {"purpose": "attachment"}), A),  # a page before its file
        ((CELLS, {"hints": {"twin_of": B}}), (CELLS, {}), B),
        ((CELLS, {"outcome": "partial"}), (CELLS, {}), B),  # whole before partial
        ((CELLS, {}), (CELLS, {}), A),  # what was there first
        ((CELLS, {}), (CELLS, {"hints": {"list_title": "甲县人民政府2020年政府信息公开年报（更正）"}}), B),
        ((CELLS, {}), ({}, {"hints": {"list_title": "甲县人民政府2020年政府信息公开年报（更正）"}}), A),
    ],
)
def test_the_body(home: Home, first: tuple[Any, Any], second: tuple[Any, Any], body: str) -> None:
    with crawl(home, "c1") as made:
        for url, (cells, options) in ((A, first), (B, second)):
            made.page(url, document(NAME, 2020, cells, outcome=options.pop("outcome", "report"), more=url), **options)
    found = roles(home)
    assert [url for url, role in found.items() if role == "body"] == [body]


@pytest.mark.parametrize("hints", [{}, {"twin_of": A}], ids=["alone", "linked"])
@pytest.mark.parametrize("page_comes_first", [True, False])
def test_a_page_is_the_body_and_not_its_file_that_was_seen_before(
    home: Home, hints: dict[str, Any], page_comes_first: bool
) -> None:
    """Asked for as a report both, or by nobody (a file of another maker): what it is decides, in any order."""
    made_by: list[Any] = [
        lambda: _seen(home, "c1", START, B, FILE, hints),
        lambda: _seen(home, "c2", START + timedelta(minutes=1), A, document(NAME, 2020, CELLS), {}),
    ]
    for make in reversed(made_by) if page_comes_first else made_by:
        make()
        index(home, processes=1)
    assert roles(home) == {A: "body", B: "twin"}
    before = everything(home)
    index(home, rebuild=True, processes=1)
    assert everything(home) == before


def test_a_page_is_the_body_in_files_of_other_makers_too(home: Home) -> None:
    writer = WarcWriter(home.warc, "other", {"software": "other/1"}, durable=False)
    for minute, (url, body) in enumerate(((B, FILE), (A, document(NAME, 2020, CELLS, more="信息公开年度报告")))):
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body.encode()
        writer.append([build.response(url, block, date=f"2026-11-01T02:0{minute}:00Z")])
    writer.close()
    assert roles(home) == {A: "body", B: "twin"}


def _seen(home: Home, name: str, at: datetime, url: str, body: str, hints: dict[str, Any]) -> None:
    with crawl(home, name, at=at) as made:
        made.page(url, body, hints=hints)


def test_what_still_stands_comes_before_what_was_withdrawn(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page(A, document(NAME, 2020, CELLS))
        made.page(B, document(NAME, 2020, CELLS, more="b"))
    with crawl(home, "c2", at=START + timedelta(days=1)) as made:
        made.page(A, "", status=404)
    assert roles(home) == {A: "twin", B: "body"}
    with crawl(home, "c3", at=START + timedelta(days=2)) as made:
        made.page(B, "", status=410)
    assert roles(home) == {A: "body", B: "twin"}
    with open_database(home) as database, database.session() as session:
        assert session.scalars(select(Report.status)).all() == ["withdrawn"]


def annex(home: Home) -> str | None:
    """Year of the report that the annex was given to."""
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        report = session.scalar(select(Publication.report_id).where(Publication.url == B))
        return report and report.split("-")[2]


def test_an_annex_goes_with_its_page_as_that_stood_then_and_moves_with_it(home: Home) -> None:
    nameless = document("", None, CELLS, outcome="partial", division="")
    with crawl(home, "c1") as made:
        made.page(B, nameless, purpose="attachment", hints={"part_of": A})
    assert annex(home) is None
    with crawl(home, "c2", at=START + timedelta(days=1)) as made:
        made.page(A, document(NAME, 2020, {}))
    assert annex(home) == "2020"  # the page was seen later only: better than nobody's
    with crawl(home, "c0", at=START - timedelta(days=1)) as made:
        made.page(A, document(NAME, 2019, {}))
    assert annex(home) == "2019"
    with open_database(home) as database, database.session() as session:
        assert sorted(session.scalars(select(Report.year))) == [2019, 2020]


def test_agencies_and_divisions_without_reports_go(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page(A, document(NAME, 2020, CELLS))
    index(home, processes=1)
    with crawl(home, "c0", at=START - timedelta(hours=1)) as made:
        made.page(A, document("乙县人民政府", 2020, CELLS, division="411324"))
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        assert sorted(session.scalars(select(Agency.name))) == ["乙县人民政府", NAME]
    for path in home.warc.glob("c1*"):
        path.unlink()
    forget(home)
    index(home, rebuild=True, processes=1)
    with open_database(home) as database, database.session() as session:
        assert session.scalars(select(Agency.name)).all() == ["乙县人民政府"]
        assert session.scalars(select(Division.code)).all() == ["411324"]


@pytest.mark.parametrize(
    ("body", "part", "date"),
    [("sign_off", "page_meta", "2021-02-02"), ("page_meta", "sign_off", "2021-01-01"), (None, "file", "2021-02-02")],
)
def test_the_date_is_that_of_the_best_evidence(body: str | None, part: str, date: str) -> None:
    """A body's own head tag before a page's print; a kind that nobody knows comes last."""
    found = [
        _Candidate(
            Publication(id=name, portal="henan", status="ok", first_seen=START, last_seen=START, purpose="report"),
            Version(id=name, number=1, first_capture=name),
            Reading(id=name, published_on=day, published_on_kind=kind, cells=0, sections=1),
        )
        for name, day, kind in (("a", "2021-01-01", body), ("b", "2021-02-02", part))
    ]
    row = _row("410825-d82c67dbab-2020-main", found)
    assert (row["published_on"], row["year"]) == (date, 2020)


@pytest.mark.parametrize(
    ("body", "page", "expected"),
    [
        ("unclear", "jurisdiction", "jurisdiction"),
        (None, "own_agency", "own_agency"),
        ("own_agency", "jurisdiction", "own_agency"),
        ("unclear", None, "unclear"),
        (None, None, None),
    ],
)
def test_the_page_says_whose_figures_those_of_its_annex_are(
    body: str | None, page: str | None, expected: str | None
) -> None:
    found = [
        _Candidate(
            Publication(id=name, portal=None, status="ok", first_seen=START, last_seen=START, purpose="imported"),
            Version(id=name, number=1, first_capture=name),
            Reading(id=name, scope=scope, cells=cells, sections=6),
        )
        for name, scope, cells in (("a", body, 9), ("b", page, 0))
    ]
    assert _row("410825-d82c67dbab-2020-main", found)["scope"] == expected


@pytest.mark.parametrize("cells", [CELLS, {"x": "1", "y": "2"}])
def test_an_annex_gives_the_figures_and_its_report_title_and_address(home: Home, cells: dict[str, str]) -> None:
    title = f"{NAME}2020年政府信息公开工作年度报告"
    table = document(NAME, 2020, cells)
    with crawl(home, "c1") as made:
        made.page(A, document(NAME, 2020, {}), hints={"list_title": title})
        made.page(B, table, hints={"part_of": A, "list_title": "政府信息公开情况统计表(2020年度)"})
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        (line,) = report_lines(session, cells=True)
        assert (line.url, line.twins, line.report.title) == (A, (B,), title)
        assert set(line.cells) == set(cells)


def test_a_body_that_is_nobodys_annex_keeps_its_address(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page(A, document(NAME, 2020, {}))
        made.page(B, document(NAME, 2020, CELLS))
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        (line,) = report_lines(session)
        assert (line.url, line.twins) == (B, ())
