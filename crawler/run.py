"""Runs: from plans to finished crawls, and what each came to.

Several portals run in one process, each with its own crawl, its own WARC files and its own log; Scrapy runs on asyncio
alone, without a Twisted reactor, so that one process may run crawls one after another.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler import interrupt
from crawler.capture.browser import chromium
from crawler.crawl_plan import CrawlPlan
from crawler.spiders.bookkeeping.summary import ColumnResult, Summary, summarise

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spiders.portal import PortalSpider

Progress = Callable[[Mapping[str, Counter[str]]], None]
_EVERY = 1.0  # seconds between two reports of progress
AT_ONCE = 10.0
"""Seconds after a second Ctrl-C (or SIGTERM) within which the process ends."""


@dataclass(slots=True)
class Outcome:
    """How one crawl ended.

    Attributes:
        crawl: its id, None when it never began.
        reason: Scrapy's finish reason, or ``failed``.
        stats: counts of the crawl by stable names.
        learned: what the crawl learned about the portal.
        summary: what each column came to, and everything that fell short.
        resumed: when the crawl that this run went on with was begun; None for one of its own.
        error: why it could not run or was given up.
    """

    portal: str
    crawl: str | None = None
    reason: str = "failed"
    stats: dict[str, Any] = field(default_factory=dict)
    learned: list[dict[str, Any]] = field(default_factory=list)
    summary: Summary = field(default_factory=Summary)
    resumed: datetime | None = None
    error: BaseException | None = None

    @property
    def columns(self) -> list[ColumnResult]:
        """What was found where."""
        return self.summary.columns

    @property
    def failures(self) -> list[str]:
        """Everything that went wrong, one line each."""
        return self.summary.problems


def run_crawls(plans: Sequence[CrawlPlan], *, progress: Progress | None = None) -> list[Outcome]:
    """Run crawls side by side in this process and wait for all.

    Ctrl-C once stops them in order (they can be continued), twice at once: after `AT_ONCE` seconds the process ends,
    whatever it waits for. What was archived until then is on disk, as after a power cut.

    Raises:
        KeyboardInterrupt: after an orderly stop.
    """
    last = threading.Timer(AT_ONCE, _end)
    last.daemon = True
    try:
        with _quiet():
            return asyncio.run(_run(list(plans), progress, last))
    finally:
        last.cancel()


def _end() -> None:
    chromium.kill_all()
    os._exit(interrupt.STATUS)


async def _run(plans: list[CrawlPlan], progress: Progress | None, last: threading.Timer) -> list[Outcome]:
    from scrapy.crawler import AsyncCrawlerRunner

    runner = AsyncCrawlerRunner(_settings())
    crawlers = [(plan, _crawler(plan)) for plan in plans]
    tasks = [runner.crawl(crawler) for _, crawler in crawlers]
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if interrupted.is_set():
            # The second signal: whatever is waited for now must not hold the process up any longer.
            if not last.is_alive():
                last.start()
            chromium.kill_all()
            raise KeyboardInterrupt
        interrupted.set()
        loop.create_task(runner.stop())  # noqa: RUF006 - the crawls' own tasks wait for it

    installed = _on_signals(loop, stop)
    watch = asyncio.create_task(_watch(crawlers, progress)) if progress else None
    try:
        results = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        for number in installed:
            loop.remove_signal_handler(number)
        if watch is not None:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
    if interrupted.is_set():
        raise KeyboardInterrupt
    outcomes = []
    for (plan, crawler), result in zip(crawlers, results, strict=True):
        error = result if isinstance(result, BaseException) else None
        outcomes.append(_outcome(plan, crawler, error))
    return outcomes


def _on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> list[signal.Signals]:
    installed = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Only the main thread may; elsewhere (tests, a server) whoever owns the thread stops the run.
        with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
            loop.add_signal_handler(number, stop)
            installed.append(number)
    return installed


def _settings() -> Any:
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("TWISTED_REACTOR_ENABLED", False, priority="cmdline")
    settings.set("TWISTED_REACTOR", None, priority="cmdline")
    return settings


def _crawler(plan: CrawlPlan) -> Crawler:
    from scrapy.crawler import Crawler

    from crawler.spiders.portal import PortalSpider

    settings = _settings()
    settings.set("GONGKAI_PLAN", plan, priority="cmdline")
    spider = type(f"{plan.portal}Spider", (PortalSpider,), {"name": plan.portal})
    return Crawler(spider, settings)


async def _watch(crawlers: Sequence[tuple[CrawlPlan, Crawler]], progress: Progress) -> None:
    while True:
        await asyncio.sleep(_EVERY)
        progress({plan.portal: _counts(crawler) for plan, crawler in crawlers})


def _counts(crawler: Crawler) -> Counter[str]:
    from crawler.capture.handler import session_of

    spider: PortalSpider | None = crawler.spider  # type: ignore[assignment]
    total: Counter[str] = Counter()
    for state in spider.columns if spider else ():
        total.update(state.counts)
    session = session_of(crawler)
    total["requests"] = session.counts["capture/requests"] if session is not None else 0
    return total


def _outcome(plan: CrawlPlan, crawler: Crawler, error: BaseException | None) -> Outcome:
    from crawler.capture.handler import session_of

    stats = dict(crawler.stats.get_stats()) if crawler.stats is not None else {}
    result = Outcome(
        portal=plan.portal,
        reason=str(stats.get("finish_reason", "failed")),
        stats={name: value for name, value in stats.items() if isinstance(value, int | float | str)},
        error=error,
    )
    session = session_of(crawler)
    if session is not None:
        result.crawl = session.crawl
        result.learned = session.learned_facts
        result.resumed = session.clock if session.resumed else None
        result.error = error or session.fatal
    spider: PortalSpider | None = crawler.spider  # type: ignore[assignment]
    if spider is not None:
        whole = error is None and result.reason == "finished"
        result.summary = summarise(spider.portal, plan, spider.columns, stats, whole=whole)
    return result


@contextlib.contextmanager
def _quiet() -> Any:
    """Keep log records off the terminal: they go to the crawl's own log; what matters is in the outcome."""
    root = logging.getLogger()
    handler = logging.NullHandler()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
