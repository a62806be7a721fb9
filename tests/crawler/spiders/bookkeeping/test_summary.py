"""What a crawl came to: lines of columns, expectations, sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Home
from crawler.plan import Options, plan_for
from crawler.portals.profile import Expectations, Site
from crawler.spiders.bookkeeping.summary import (
    ColumnResult,
    broken,
    result_of,
    shorten_problems,
    unmet,
    weigh_shortages,
)
from crawler.spiders.bookkeeping.tally import Shortage
from crawler.spiders.bookkeeping.tasks import ColumnState
from tests.crawler.test_plan import PORTAL


def column(found: int) -> ColumnResult:
    return ColumnResult("www.a.gov.cn", "u", {"reports/found": found}, "trs", "why", None, [])


def test_unmet_expectations_are_failures_of_whole_crawls_only(tmp_path: Path):
    home = Home.at(tmp_path, create=True)
    whole = plan_for(PORTAL, Options(home=home))
    assert unmet(PORTAL, whole, [column(2)]) == ["www.a.gov.cn: 2 reports found, at least 3 expected"]
    assert unmet(PORTAL, whole, [column(2), column(1)]) == []
    assert unmet(PORTAL, plan_for(PORTAL, Options(home=home, year=2023)), [column(0)]) == []


@pytest.mark.parametrize(
    ("nothing", "followed", "problems", "outcome"),
    [
        (None, 2, [], "read"),
        (None, 2, ["a page is cut"], "short"),
        (None, 0, [], "empty"),
        ("blocked", 0, ["it is blocked"], "blocked"),
        ("missing", 3, ["it is missing"], "short"),  # found again elsewhere
    ],
)
def test_a_column_in_a_word(nothing: str | None, followed: int, problems: list[str], outcome: str):
    state = ColumnState(Site(host="www.a.gov.cn"), None, "http://www.a.gov.cn/nb/", nothing=nothing)
    state.counts["links/follow/report_title"] = followed
    state.problems += problems
    recorded = result_of(state).recorded()
    assert recorded["outcome"] == outcome
    assert recorded.get("problem") == next(iter(problems), None)


def test_failures_of_our_own_code_are_counted_once():
    stats = {"spider_exceptions/count": 2, "spider_exceptions/ValueError": 2, "item_scraped_count": 1}
    assert broken(stats) == ["2 answers could not be followed (ValueError in our code; see the crawl's log)"]
    assert broken({}) == []


def test_a_host_that_does_not_answer_is_said_once():
    down = "robots.txt could not be had (refused), which forbids it."
    assert shorten_problems(
        [f"http://a.gov.cn/1: {down}", f"https://a.gov.cn/2: {down}", f"http://b.gov.cn/: {down}", "x is missing"]
    ) == [
        "http://a.gov.cn/1: robots.txt could not be had (refused), which forbids it (and 1 more there).",
        f"http://b.gov.cn/: {down}",
        "x is missing",
    ]


@pytest.mark.parametrize(
    ("unlisted", "problems", "notes", "outcome"),
    [(0, 2, 0, "short"), (9, 2, 0, "short"), (10, 0, 2, "read"), (12, 0, 2, "read")],
)
def test_what_is_missing_is_a_problem_until_it_is_confirmed_and_again_when_it_grows(
    unlisted: int, problems: int, notes: int, outcome: str
):
    site = Site(host="www.a.gov.cn", expectations=Expectations(unlisted=unlisted))
    state = ColumnState(site, None, "http://www.a.gov.cn/nb/")
    state.counts["links/follow/report_title"] = 5
    state.short["http://www.a.gov.cn/nb/"] = Shortage("http://www.a.gov.cn/nb/", 12, 5, 7)
    state.short["http://www.a.gov.cn/nb/bm/"] = Shortage("http://www.a.gov.cn/nb/bm/", 3, 2, 3, pages=True)
    column = result_of(state)
    said = weigh_shortages([state], [column])
    assert (len(column.problems), len(said), column.outcome) == (problems, notes, outcome)
    for line in column.problems:
        assert "expectations: {unlisted: 10} for www.a.gov.cn" in line
