"""Checks across reports, stored with the reports they concern; `archive.checks` tests the rules themselves."""

from __future__ import annotations

import pytest

from archive import Home
from archive.checks.store import store_cross_checks
from archive.database import open_database
from archive.index.indexer import index
from tests.archive import stored
from tests.archive.factory import crawl, document

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
