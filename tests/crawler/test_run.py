"""What a crawl came to."""

from __future__ import annotations

from pathlib import Path

from archive import Home
from crawler.run import ColumnResult, Options, Outcome, _unmet, plan_for
from tests.crawler.test_plan import PORTAL


def column(found: int) -> ColumnResult:
    return ColumnResult("www.a.gov.cn", "u", {"reports/found": found}, "trs", "why", None, [])


def test_unmet_expectations_are_failures_of_whole_crawls_only(tmp_path: Path):
    home = Home.at(tmp_path, create=True)
    whole = plan_for(PORTAL, Options(home=home))
    assert _unmet(PORTAL, whole, [column(2)]) == ["www.a.gov.cn: 2 reports found, at least 3 expected"]
    assert _unmet(PORTAL, whole, [column(2), column(1)]) == []
    assert _unmet(PORTAL, plan_for(PORTAL, Options(home=home, year=2023)), [column(0)]) == []


def test_an_outcome_names_everything_that_failed():
    outcome = Outcome("test", columns=[column(1)], expectations=["too few"])
    outcome.columns[0].problems.append("x is missing")
    assert outcome.failures == ["x is missing", "too few"]
    outcome.stats = {"spider_exceptions/count": 2, "spider_exceptions/ValueError": 2, "item_scraped_count": 1}
    assert outcome.failures[2:] == ["2 answers could not be followed (ValueError in our code; see the crawl's log)"]
