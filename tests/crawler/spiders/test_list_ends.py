"""What a column's end says: problems, and doubts that count only where the list was not read otherwise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
import scrapy
from scrapy.exceptions import IgnoreRequest
from twisted.python.failure import Failure

from crawler.cms import ListRequest
from crawler.portals.load import Portal
from crawler.portals.profile import Profile, Site
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tasks import Branch, ColumnState, ListTask
from crawler.spiders.columns import ColumnSearch
from crawler.spiders.known_reports import KnownReports
from crawler.spiders.list_ends import ListEnds
from crawler.spiders.lists import Lists
from crawler.spiders.requests import Requests

URL = "http://www.a.gov.cn/nb/list.do"


@pytest.mark.parametrize(
    ("followed", "seen", "stated", "failures"),
    [
        (2, 2, 2, ["a"]),  # all there: how it was come by does not matter
        (2, 2, None, ["a"]),
        (2, 2, 5, ["a", "POST refused"]),  # three entries are missing
        (0, 0, None, ["a", "POST refused"]),
    ],
)
def test_doubts_count_when_the_list_was_not_read(followed: int, seen: int, stated: int | None, failures: list[str]):
    state = ColumnState(Site(host="www.a.gov.cn"), None, "http://www.a.gov.cn/nb/", stated_total=stated)
    state.counts["links/follow/report_title"] = followed
    state.seen |= {str(number) for number in range(seen)}
    state.problems.append("a")
    state.doubts.append("POST refused")
    assert state.failures == failures


@pytest.mark.parametrize(
    ("error", "tentative", "problems"),
    [
        (TimeoutError("no answer within 30 s"), True, 1),  # the rest of the list may be behind it
        (TimeoutError("no answer within 30 s"), False, 1),
        (IgnoreRequest("robots.txt forbids it"), True, 0),
        (IgnoreRequest("robots.txt forbids it"), False, 1),
    ],
)
def test_a_list_that_gave_no_answer_is_said_to_have_given_none(error: Exception, tentative: bool, problems: int):
    state = ColumnState(Site(host="www.a.gov.cn"), None, "http://www.a.gov.cn/nb/", pending=2, searched=2)
    asked = ListRequest(URL, method="POST", tentative=tentative)
    task = ListTask(state, Branch(state.url, pending=2), asked)
    failure = cast("Any", Failure(error))
    failure.request = scrapy.Request(URL, cb_kwargs={"task": task})
    crawl = CrawlState(Portal("test", Profile(name="甲县", code=None, sites=(state.site,)), ""))
    crawl.crawler = cast("Any", SimpleNamespace(stats=None))
    later = cast("Any", SimpleNamespace(put_off_failure=lambda _: False, is_given_up=lambda _: False))  # asked enough
    nobody = cast("Any", None)
    requests = Requests(crawl, nobody)
    search, known = ColumnSearch(crawl, requests), KnownReports(crawl, requests)
    ends = ListEnds(crawl, requests, search)
    lists = Lists(crawl, requests, nobody, links=nobody, reports=nobody, ends=ends, later=later, known=known)
    assert not list(lists.failed(failure))
    assert len(state.problems) == problems
