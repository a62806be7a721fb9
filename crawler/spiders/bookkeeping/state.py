"""What a crawl of one portal remembers while it runs, and the small questions that all its steps ask."""

from __future__ import annotations

import functools
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy

from archive.records.lessons import MissingAddress
from crawler.capture.handler import session_of
from crawler.discovery.decision import Context
from crawler.portals.load import Portal
from crawler.portals.profile import Column, Site
from crawler.scope import host_matches
from crawler.spiders.bookkeeping.tasks import ColumnState, ListTask, ReportTask

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.capture.session import CaptureSession

Mark = tuple[str, str, str, bytes]
"""What makes two requests the same: kind, method, address, body."""
_SELDOM = 30.0  # days
_SELDOM_AT_MOST = 180.0


@dataclass
class CrawlState:
    """One crawl of one portal.

    Attributes:
        portal: whose sites are visited.
        crawler: Scrapy's; known once it has made the spider.
        columns: the columns of the profile that this run covers, in order, and sites without a known one.
        asked: marks of all requests so far; unanswered: of those that gave no answer and may be asked for once more.
        under_way: requests under way, by site.
        held_back: requests for known reports, by site, with the time of their last visit: they wait until the lists of
            their site are read.
    """

    portal: Portal
    columns: list[ColumnState] = field(default_factory=list)
    asked: set[Mark] = field(default_factory=set)
    unanswered: set[Mark] = field(default_factory=set)
    under_way: Counter[str] = field(default_factory=Counter)
    held_back: dict[str, list[tuple[datetime, scrapy.Request]]] = field(default_factory=dict)
    crawler: Crawler = field(init=False)

    @property
    def session(self) -> CaptureSession:
        """The crawl's capture."""
        session = session_of(self.crawler)
        assert session is not None, "spiders are made after the session is opened"
        return session

    @property
    def arguments(self) -> dict[str, Any]:
        """What the run was asked for, by name (`Options.recorded`)."""
        return dict(self.session.plan.arguments)

    @property
    def year(self) -> int | None:
        """The only year whose reports are wanted; None for all."""
        value = self.arguments.get("year")
        return int(value) if value else None

    @property
    def checking(self) -> bool:
        """Whether the run only proves the profile."""
        return bool(self.arguments.get("check"))

    @property
    def sample(self) -> int | None:
        """So many reports per column at most; None for all."""
        value = self.arguments.get("sample")
        return int(value) if value else None

    @functools.cached_property
    def asked_before(self) -> dict[str, datetime]:
        """Addresses of reports that earlier crawls had, or found missing, and when they asked for them last."""
        missed = {url: missing.asked for url, missing in self.session.plan.missing.items()}
        return missed | {report.url: report.asked for report in self.session.plan.known}

    def begin_column(self, site: Site, column: Column | None, url: str) -> ColumnState:
        """A column of this run, or a site without a known one (``column`` is None)."""
        state = ColumnState(site, column, url)
        self.columns.append(state)
        return state

    def by_column(self) -> list[list[ColumnState]]:
        """The columns of the profile with the addresses of each, oldest year first."""
        columns: dict[tuple[str, str], list[ColumnState]] = {}
        for state in self.columns:
            name = state.column.url if state.column else state.url
            columns.setdefault((state.site.host, name), []).append(state)
        return list(columns.values())

    def count(self, state: ColumnState, name: str) -> None:
        """Count something, for the column and for the crawl (``gongkai/<name>``)."""
        state.counts[name] += 1
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"gongkai/{name}")

    def problem(self, state: ColumnState, text: str) -> None:
        """Note what went wrong in a column, once."""
        if text not in state.problems:
            state.problems.append(text)
        logging.getLogger(__name__).warning("%s: %s", state.url, text)

    def within_sample(self, task: ReportTask) -> bool:
        """Count one report more, unless the column's sample is full."""
        if self.sample is None:
            return True
        if task.state.counts["reports/asked"] >= self.sample:
            self.count(task.state, "reports/beyond_sample")
            return False
        task.state.counts["reports/asked"] += 1
        return True

    def context(self, url: str, task: ListTask, *, annual: bool) -> Context:
        """Where the links of a page are found, for the decisions on them."""
        site = task.state.site
        return Context(
            page=url,
            column=task.branch.url if task.depth else task.state.url,
            annual=annual,
            hosts=self.hosts(),
            reaches=site.reaches,
            exceptions=site.exceptions,
            outside=task.outside,
            group=task.group,
            year=self.year,
        )

    def hosts(self) -> tuple[str, ...]:
        """Hosts of the portal's sites that this run covers."""
        return tuple(host for site in self.session.plan.sites for host in site.all_hosts() if self._is_own(host))

    def _is_own(self, host: str) -> bool:
        return any(host in site.own_hosts() for site in self.portal.profile.sites)

    def own(self, url: str) -> bool:
        """Whether an address is on a host of the portal's own."""
        return host_matches(urlsplit(url).hostname or "", self.hosts())

    def allowed(self, url: str, task: ReportTask) -> bool:
        """Whether a report may be fetched from an address: of the portal, or of a body that the site reaches."""
        return self.own(url) or host_matches(urlsplit(url).hostname or "", task.state.site.reaches)

    def seldom(self, url: str) -> bool:
        """Whether an address was missing so lately that it is not asked for in this run."""
        missing: MissingAddress | None = self.session.plan.missing.get(url)
        if missing is None:
            return False
        days = (self.session.clock - missing.asked).total_seconds() / 86400
        return days < min(_SELDOM_AT_MOST, _SELDOM * missing.times)
