"""Checks across reports, stored with the reports they concern; `archive.checks` tests the rules themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive import Home
from archive.checks.store import store_cross_checks
from archive.database import open_database
from archive.index.indexer import index
from tests.archive import stored
from tests.archive.factory import START, crawl, document, everything

pytestmark = pytest.mark.usefixtures("fake_parser")
PAGES = "http://a.gov.cn/"
NAME = "甲县人民政府"


def found(home: Home) -> dict[str, tuple[str, str | None, int]]:
    """Outcome, year of the report and number of others, by rule and target; of the carry-over and the twins."""
    with open_database(home) as database, database.session() as session:
        rows = [check for check in stored.checks(session) if check.reading_id is None]
        return {
            f"{row.rule} {row.target}": (row.outcome, (row.report_id or "").split("-")[2], len(row.others))
            for row in rows
        }


def test_two_years_and_two_forms(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        made.page(f"{PAGES}1", document(NAME, 2022, {"req_carried_out__total": "3", "req_new__total": "41"}))
        made.page(f"{PAGES}2", document(NAME, 2023, {"req_carried_in__total": "4", "req_new__total": "41"}))
        made.page(
            f"{PAGES}2.pdf", document(NAME, 2023, {"req_carried_in__total": "4", "req_new__total": "40"}, more="p"),
            hints={"twin_of": f"{PAGES}2"},
        )  # fmt: skip
    result = index(home, processes=1)
    outcomes = found(home)
    assert result.checks == len(outcomes)
    assert outcomes["X_CARRY total"] == ("fail", "2023", 1)
    assert outcomes["X_TWIN figures"] == ("fail", "2023", 1)


def test_they_follow_what_the_reports_say_now(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        made.page(f"{PAGES}1", document(NAME, 2022, {"req_carried_out__total": "3"}))
    index(home, processes=1)
    assert not any(name.startswith("X_CARRY") for name in found(home))
    with crawl(home, "c2") as made:
        made.page(f"{PAGES}2", document(NAME, 2023, {"req_carried_in__total": "3"}))
    index(home, processes=1)
    assert found(home)["X_CARRY total"][0] == "pass"
    before = found(home)
    with open_database(home) as database, database.writing() as session:
        store_cross_checks(session)
    assert found(home) == before


def test_they_are_asked_again_when_something_has_changed_that_they_look_at(home: Home, database_url: str) -> None:
    """And not when all is as it was: a refresh of a large archive mostly finds that."""
    body, twin = f"{PAGES}2", f"{PAGES}2.pdf"
    page = document(NAME, 2023, {"req_carried_in__total": "3", "req_new__total": "41"})
    with crawl(home, "c1") as made:
        made.page(f"{PAGES}1", document(NAME, 2022, {"req_carried_out__total": "3"}))
        first = made.page(body, page)
        beside = made.page(twin, page + "<p>p</p>", hints={"twin_of": body})
    assert index(home, processes=1).checks
    with crawl(home, "c2", at=START + timedelta(days=1)) as made:
        made.unchanged(body, first)
        made.unchanged(twin, beside, hints={"twin_of": body})
    assert index(home, processes=1).checks is None
    assert index(home, processes=1).checks is None
    with crawl(home, "c3", at=START + timedelta(days=2)) as made:
        made.page(body, page.replace("=41<", "=42<"))
    assert index(home, processes=1).checks
    assert found(home)["X_TWIN figures"][0] == "fail"
    with crawl(home, "c4", at=START + timedelta(days=3)) as made:
        made.page(twin, "gone", status=404, hints={"twin_of": body})
    assert index(home, processes=1).checks
    assert "X_TWIN figures" not in found(home)
    with crawl(home, "c5", at=START + timedelta(days=4)) as made:
        made.page(body, document("乙县人民政府", 2023, {"req_new__total": "9"}))
    assert index(home, processes=1).checks
    expected = everything(home)
    index(home, processes=1, rebuild=True)
    assert everything(home) == expected


def test_they_are_asked_again_by_other_code(home: Home, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with crawl(home, "c1") as made:
        made.page(f"{PAGES}1", document(NAME, 2022, {"req_carried_out__total": "3"}))
        made.page(f"{PAGES}2", document(NAME, 2023, {"req_carried_in__total": "3"}))
    index(home, processes=1)
    assert index(home, processes=1).checks is None
    monkeypatch.setattr("archive.index.indexer.CHECKS_VERSION", "of another time")
    assert index(home, processes=1).checks
    assert index(home, processes=1).checks is None
