"""Lists that were refused, did not answer or were empty are known, also where no report is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from archive import Home
from archive.database import open_database
from archive.database.models import Report
from archive.index.indexer import index
from archive.records.columns import columns
from archive.records.coverage import coverage
from archive.records.reports import blocked_lines
from archive.status import overview
from tests.archive.factory import START, crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")

LIST = "http://www.a.gov.cn/zwgk/nianbao/"
OTHER = "http://www.b.gov.cn/nb/"
CHALLENGE = "<script>$_ts=1</script>"
DAY = timedelta(days=1)


def said(home: Home, *, rebuild: bool = False) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Blocked lines, and coverage a month later."""
    index(home, processes=1, rebuild=rebuild)
    with open_database(home) as database, database.session() as session:
        return list(blocked_lines(session)), coverage(session, date(2026, 12, 1)).as_json()


@pytest.mark.parametrize("recorded", [True, False], ids=["said by the end", "found in the answers"])
def test_a_refused_list_is_one_line_and_its_portal_has_one(home: Home, database_url: str, recorded: bool) -> None:
    ends = [{"site": "www.a.gov.cn", "url": LIST, "outcome": "blocked", "reports": 0, "problem": "is blocked"}]
    with crawl(home, "c1", columns=ends if recorded else (), end=recorded) as made:
        for url in (LIST, "http://www.a.gov.cn/", "http://www.a.gov.cn/zwgk/"):
            made.page(url, CHALLENGE, status=412, purpose="list", hints={"column": LIST})
    line = {"portal": "henan", "url": LIST, "status": "blocked", "blocked_by": "ruishu"}
    for rebuild in (False, True):
        blocked, covered = said(home, rebuild=rebuild)
        assert blocked == [line]
        assert [(one["portal"], one["year"], one["expected"]) for one in covered["coverage"]] == [("henan", None, 0)]
        assert [(one["outcome"], one["blocked_by"]) for one in covered["columns"]] == [("blocked", "ruishu")]
    assert f"  henan: {LIST}: ruishu" in overview(home)["to_do"]


@pytest.mark.parametrize("recorded", [True, False])
def test_a_portal_that_never_answers_is_named(home: Home, database_url: str, recorded: bool) -> None:
    ends = [{"site": "www.b.gov.cn", "url": OTHER, "outcome": "unanswered"}] if recorded else []
    with crawl(home, "c1", "gansu", columns=ends) as made:
        made.failure(OTHER, "connect", "list", {"column": OTHER})
        made.failure("http://www.b.gov.cn/robots.txt", "connect", "robots")
    blocked, covered = said(home)
    assert blocked == [{"portal": "gansu", "url": OTHER, "status": "blocked", "blocked_by": "connect"}]
    assert [one["portal"] for one in covered["coverage"]] == ["gansu"]
    assert "1 list was refused or did not answer:" in overview(home)["to_do"]


def test_a_list_that_is_empty_now_is_told_beside_the_reports_that_are_known(home: Home) -> None:
    with crawl(home, "c1", columns=[{"url": LIST, "outcome": "read", "reports": 1}]) as made:
        made.page(f"{LIST}1", document("温县人民政府", 2025, {}))
    with crawl(home, "c2", at=START + DAY, columns=[{"url": LIST, "outcome": "empty", "problem": "no entry"}]) as made:
        made.page(f"{LIST}1", document("温县人民政府", 2025, {}))
    blocked, covered = said(home)
    assert blocked == []
    assert [(one["outcome"], one["problem"]) for one in covered["columns"]] == [("empty", "no entry")]


def test_the_latest_crawl_counts_and_a_trial_of_a_profile_none(home: Home) -> None:
    with crawl(home, "c1", columns=[{"url": LIST, "outcome": "blocked"}, {"url": OTHER, "outcome": "blocked"}]):
        pass
    with crawl(home, "c2", at=START + DAY, columns=[{"url": LIST, "outcome": "read", "reports": 2}]):
        pass
    trial = {"check": True}
    with crawl(home, "c3", "new", at=START + 2 * DAY, arguments=trial, columns=[{"url": LIST, "outcome": "blocked"}]):
        pass
    blocked, covered = said(home)
    assert blocked == [{"portal": "henan", "url": OTHER, "status": "blocked", "blocked_by": "blocked"}]
    assert [one["portal"] for one in covered["coverage"]] == ["henan"]
    with open_database(home) as database, database.session() as session:
        assert [column.outcome for column in columns(session, START + DAY / 2)] == ["blocked", "blocked"]
        assert columns(session, portal="gansu") == []


def test_a_report_belongs_to_the_portal_whose_crawl_asked_last(home: Home, database_url: str) -> None:
    """`portals new`, `portals check`, then `crawl` in one home: what only tried a profile claims nothing."""
    page = document("温县人民政府", 2025, {"a": "1"})
    names = (("t1", "new", True), ("t2", "gansu", True), ("c1", "gansu", False), ("t3", "new", True))
    seen = []
    for at, (name, portal, trial) in enumerate(names):
        with crawl(home, name, portal, at=START + at * DAY, arguments={"check": trial}) as made:
            made.page(f"{LIST}1", page)
        index(home, processes=1)
        with open_database(home) as database, database.session() as session:
            seen.append(session.query(Report.portal).scalar())
    assert seen == ["new", "new", "gansu", "gansu"]
    with crawl(home, "c2", "shaanxi", at=START + 9 * DAY) as made:  # its profile holds the site now
        made.page(f"{LIST}1", page)
    index(home, processes=1, rebuild=True)
    with open_database(home) as database, database.session() as session:
        assert session.query(Report.portal).scalar() == "shaanxi"
