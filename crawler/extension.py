"""Puts the capture into a Scrapy crawl: opens the session before anything is fetched, closes it when the crawl ends.

The setting ``GONGKAI_PLAN`` holds the `CrawlPlan`. The session is then found by `crawler.capture.handler.session_of`;
its counts join Scrapy's statistics; the crawl's log goes to ``<home>/crawls/<id>/crawl.log``.
"""

from __future__ import annotations

import contextlib
import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.capture.browser.renderer import SessionRenderer
from crawler.capture.handler import set_session
from crawler.capture.session import CaptureSession
from crawler.crawl_plan import CrawlPlan
from crawler.errors import UsageError, leaving_in_a_sentence
from crawler.spiders.bookkeeping.summary import Summary, summarise
from crawler.spiders.portal import PortalSpider

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

SETTING = "GONGKAI_PLAN"


class CaptureExtension:
    """The extension (see the module)."""

    def __init__(self, crawler: Crawler, session: CaptureSession) -> None:
        self._crawler = crawler
        self.session = session
        self._log = _open_log(crawler, session)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CaptureExtension:
        """Open the session.

        Raises:
            UsageError: the run has no plan.
            Busy, ArchiveError: the crawl cannot begin.
        """
        plan = crawler.settings.get(SETTING)
        if not isinstance(plan, CrawlPlan):
            raise UsageError(
                "this spider was started without a plan",
                subject=SETTING,
                advice="Start it with `gongkai crawl`, or `scrapy crawl` with a portal of config/portals",
            )
        by_scrapy = crawler.settings.getbool("STARTED_BY_SCRAPY")
        with leaving_in_a_sentence() if by_scrapy else contextlib.nullcontext():
            session = CaptureSession.open(plan)
        _CRAWL.set(session.crawl)  # in the task that runs this crawl, and so in all that it begins
        extension = cls(crawler, session)
        if plan.as_of is None:
            session.renderer = SessionRenderer(session)
        set_session(crawler, session)
        # An interrupted run does not wait for its site's turn.
        session.gate.stopping = lambda: not crawler.crawling
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(extension.engine_stopped, signal=signals.engine_stopped)
        return extension

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Seal, and record the crawl's end."""
        stats = self._crawler.stats
        if stats is not None:
            for name, value in self.session.counts.items():
                stats.set_value(name, value)
        await self._close_browser()
        facts = dict(stats.get_stats()) if stats is not None else {}
        summary = Summary()
        if isinstance(spider, PortalSpider):
            states = spider.columns
            summary = summarise(spider.portal, self.session.plan, states, facts, whole=reason == "finished")
        for problem in summary.problems:
            logging.getLogger("crawler").warning("%s", problem)
        columns = [column.recorded() for column in summary.columns]
        await self.session.close(reason, facts, problems=summary.problems, columns=columns)

    async def engine_stopped(self) -> None:
        """A crawl that never got as far as a spider is left unfinished, its files sealed."""
        await self._close_browser()
        await self.session.close("cancelled")
        if self._log is not None:
            logging.getLogger().removeHandler(self._log)
            self._log.close()
            self._log = None

    async def _close_browser(self) -> None:
        renderer, self.session.renderer = self.session.renderer, None
        if renderer is not None:
            await renderer.close()


_CRAWL: ContextVar[str | None] = ContextVar("crawl", default=None)


def _of_crawl(record: logging.LogRecord, crawler: Crawler, crawl: str) -> bool:
    """Whether a crawl's log holds a record: several crawls may run in one process, and each log has its own lines.

    What is said in a task of the crawl is the crawl's; what Scrapy says of a spider is that spider's; what was said
    elsewhere (a thread, a library) concerns every crawl that runs.
    """
    spider = getattr(record, "spider", None)
    if spider is not None:
        return spider is crawler.spider
    return _CRAWL.get() in {None, crawl}


def _open_log(crawler: Crawler, session: CaptureSession) -> logging.Handler | None:
    """The crawl's own log file; a run on the past (``--as-of``) writes nothing."""
    if session.plan.as_of is not None:
        return None
    directory = session.plan.home.crawls / session.crawl
    directory.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(directory / "crawl.log", encoding="utf-8")
    handler.setLevel(logging.INFO)
    handler.setFormatter(logging.Formatter("%(asctime)s [%(name)s] %(levelname)s: %(message)s"))
    handler.addFilter(lambda record: _of_crawl(record, crawler, session.crawl))
    logging.getLogger().addHandler(handler)
    for name in ("scrapy", "crawler"):
        if logging.getLogger(name).getEffectiveLevel() > logging.INFO:
            logging.getLogger(name).setLevel(logging.INFO)
    return handler
