"""The portal spider: from the columns of a profile to the reports in them.

One spider for all portals; a province that needs code of its own would subclass it. Lists are read by the adapters
(`crawler.cms`), links and fetched pages judged by `crawler.discovery`; this module only keeps the order of things: what
is asked next, what a failure means, when a column counts as empty or moved.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy import signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from crawler.cms import ListRequest
from crawler.crawl_plan import CrawlPlan
from crawler.errors import leaving_in_a_sentence
from crawler.portals.load import Portal, parse_profile
from crawler.portals.profile import Column, Site
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tasks import FOUND, Branch, ColumnState, ListTask, ReportTask
from crawler.spiders.columns import ColumnSearch
from crawler.spiders.discoveries import Discoveries
from crawler.spiders.known_reports import KnownReports
from crawler.spiders.later import Later
from crawler.spiders.list_ends import ListEnds
from crawler.spiders.list_links import ListLinks
from crawler.spiders.lists import Lists
from crawler.spiders.reports import Reports
from crawler.spiders.requests import Requests, Sent
from crawler.spiders.shortfalls import name_shortfalls

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure


class PortalSpider(scrapy.Spider):
    """Finds and fetches the annual reports of one portal.

    Args (of ``scrapy crawl``; `gongkai crawl` passes the same through the plan):
        site: host of a site, or several with commas. year: report year. sample: reports per column. full: 1 asks for
        everything anew.
    """

    custom_settings = {"METAREFRESH_ENABLED": False}  # noqa: RUF012 - Scrapy's name for it

    def __init__(self, portal: Portal, **arguments: Any) -> None:
        self.portal = portal
        super().__init__(portal.key)
        self.arguments = arguments
        self.crawl = crawl = CrawlState(portal)
        self._requests = requests = Requests(crawl, self)
        self._later = later = Later(crawl)
        self._known = known = KnownReports(crawl, requests)
        self._search = search = ColumnSearch(crawl, requests)
        discoveries = Discoveries(crawl)
        links = ListLinks(crawl, requests, discoveries)
        ends = ListEnds(crawl, requests, search)
        self._reports = Reports(crawl, requests, discoveries, links=links, later=later, known=known)
        self._lists = Lists(
            crawl, requests, discoveries, links=links, reports=self._reports, ends=ends, later=later, known=known
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        """Make the spider; started by plain ``scrapy crawl`` it makes the plan that `gongkai crawl` would make.

        When all lists are read, what they no longer name is asked for.
        """
        from crawler.plan import Options, make_plan

        plan = crawler.settings.get("GONGKAI_PLAN")
        if not isinstance(plan, CrawlPlan):
            with leaving_in_a_sentence():
                plan = make_plan(cls.name, Options.from_arguments(kwargs))
            crawler.settings.set("GONGKAI_PLAN", plan, priority="cmdline")
            crawler.settings.set("STARTED_BY_SCRAPY", True, priority="cmdline")
        profile = parse_profile(plan.profile, f"profile of {plan.portal}")
        spider = super().from_crawler(crawler, *args, portal=Portal(plan.portal, profile, plan.profile), **kwargs)
        spider.crawl.crawler = crawler
        crawler.signals.connect(spider.lists_are_read, signal=signals.spider_idle)
        return spider

    @property
    def columns(self) -> list[ColumnState]:
        """The columns of this run, and what each came to so far."""
        return self.crawl.columns

    def parse_list(self, response: Response, task: ListTask) -> Sent:
        """A page of a list, or an answer of its back-end."""
        return self._lists.parse(response, task)

    def failed_list(self, failure: Failure) -> Sent:
        """A list page that gave no answer."""
        return self._lists.failed(failure)

    def parse_report(self, response: Response, task: ReportTask) -> Sent:
        """A page or file that should be a report."""
        return self._reports.parse(response, task)

    def failed_report(self, failure: Failure) -> Sent:
        """A report that gave no answer."""
        return self._reports.failed(failure)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The columns of the sites that this run covers."""
        chosen = self.crawl.portal.sites(tuple(self.crawl.arguments.get("sites") or ()))
        last_year = self.crawl.session.clock.year - 1
        for site in chosen:
            for column in site.columns:
                always = {column.url.replace("{year}", str(year)) for year in (last_year - 1, last_year)}
                addresses = column.addresses(last_year)
                if not addresses:
                    self._without_address(site, column, last_year)
                for url in addresses:
                    if "{year}" in column.url and url not in always and self.crawl.seldom(url):
                        continue
                    for request in self._begin(site, column, url):
                        yield request
            if not site.columns:
                state = self.crawl.begin_column(site, None, site.home or f"https://{site.host}/")
                for request in self._search.search(state):
                    yield request

    def _begin(self, site: Site, column: Column, url: str) -> Sent:
        state = self.crawl.begin_column(site, column, url)
        if column.is_report and "{year}" not in column.url:
            task = ReportTask(state, state.hint(self.crawl.portal.key), only_report=True)
            yield from self._requests.ask_report(url, task)
            return
        # One address per year: a year that is not there answers somehow, so it is looked at before it counts.
        asked = ListRequest(url, dialect="hub", tentative="{year}" in column.url)
        yield from self._requests.ask_list(
            url, ListTask(state, Branch(url), asked, rendered=column.render == "always"), asked
        )
        for found in self.crawl.session.plan.found_lists.get(url, ()):
            yield from self._requests.ask_list(found, ListTask(state, Branch(found), origin=FOUND))

    def _without_address(self, site: Site, column: Column, last_year: int) -> None:
        """Say of a column that its years are all to come: nothing of it is asked for."""
        first = column.years[0] if column.years else last_year
        said = f"its years begin with {first}, and the last finished year is {last_year}; correct years in the profile"
        state = self.crawl.begin_column(site, column, column.url)
        state.nothing = "missing"
        self.crawl.problem(state, f"{column.url} stands for no address: {said}")

    def lists_are_read(self) -> None:
        """Nothing is under way any more.

        Raises:
            DontCloseSpider: there is something left to ask for.
        """
        engine = self.crawl.crawler.engine
        requests = self._still_to_ask()
        if engine is not None and requests:
            for request in requests:
                engine.crawl(request)
            raise DontCloseSpider
        if engine is not None and self._later.waits:
            self._later.wake_later()
            raise DontCloseSpider
        name_shortfalls(self.crawl)

    def _still_to_ask(self) -> list[scrapy.Request]:
        """What nobody asked for yet: known reports, what was not answered, then what no list named this time."""
        for host in list(self.crawl.held_back):
            if requests := list(self._known.ask_held_back(host)):
                return requests
        return (
            self._later.ask_put_off()
            or list(self._search.look_for_yearly())
            or list(self._known.ask_unlisted(self.crawl.session.plan.known))
        )
