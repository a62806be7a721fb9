"""The capture as a part of a Scrapy crawler: what it opens, what it refuses, what it closes."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from pathlib import Path
from typing import Any

import pytest
import scrapy
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from archive import Home
from archive.metadata import CrawlEndMetadata, read_metadata
from archive.warc import scan
from crawler import Busy, UsageError
from crawler.capture.handler import session_of
from crawler.crawl_plan import CrawlPlan, SitePolicy
from crawler.extension import CaptureExtension


class Quiet(scrapy.Spider):
    name = "quiet"


def crawler(plan: Any) -> Any:
    made = Crawler(Quiet, Settings({"GONGKAI_PLAN": plan, "LOG_ENABLED": False}))
    made.crawling = True
    made.stats = MemoryStatsCollector(made)
    return made


@pytest.fixture
def plan(tmp_path: Path) -> CrawlPlan:
    return CrawlPlan(Home.at(tmp_path, create=True), "odd", "all", (SitePolicy("odd.gov.cn"),))


@pytest.mark.parametrize("nothing", [None, "henan"])
def test_a_run_without_a_plan_is_refused(nothing: Any) -> None:
    with pytest.raises(UsageError, match="without a plan"):
        CaptureExtension.from_crawler(crawler(nothing))


async def end(extension: CaptureExtension, reason: str) -> None:
    await extension.spider_closed(spider=Quiet(), reason=reason)
    await extension.engine_stopped()


def ends(home: Home) -> list[CrawlEndMetadata]:
    found = [read_metadata(r.block) for path in home.warc.glob("*.warc.gz") for r in scan(path, types={"metadata"})]
    return [payload for payload in found if isinstance(payload, CrawlEndMetadata)]


async def test_the_session_is_on_the_crawler_and_ends_with_it(plan: CrawlPlan) -> None:
    made = crawler(plan)
    before = list(logging.getLogger().handlers)
    extension = CaptureExtension.from_crawler(made)
    assert session_of(made) is extension.session
    with pytest.raises(Busy):
        CaptureExtension.from_crawler(crawler(plan))
    logging.getLogger("crawler").info("told")
    logging.getLogger("scrapy").info("of another crawl", extra={"spider": Quiet()})
    await end(extension, "finished")
    assert logging.getLogger().handlers == before
    log = plan.home.crawls / extension.session.crawl / "crawl.log"
    told = log.read_text()
    assert "[crawler] INFO: told" in told
    assert "of another crawl" not in told
    [payload] = ends(plan.home)
    assert payload.reason == "finished"


async def test_every_crawl_has_a_log_of_its_own_lines(tmp_path: Path) -> None:
    """Two portals in one process: what is said in a task, a callback or a thread of one is not the other's."""
    home = Home.at(tmp_path, create=True)
    opened = asyncio.Barrier(2)

    async def work(name: str) -> Path:
        extension = CaptureExtension.from_crawler(
            crawler(CrawlPlan(home, name, "all", (SitePolicy(f"{name}.gov.cn"),)))
        )
        await opened.wait()
        logging.getLogger("crawler.spiders.bookkeeping.state").warning("%s is missing", name)
        await asyncio.create_task(later(f"{name} in a task"))
        await asyncio.to_thread(logging.getLogger("crawler.politeness.gate").warning, f"{name} in a thread")
        asyncio.get_running_loop().call_soon(logging.getLogger("scrapy.core").warning, f"{name} in a callback")
        await asyncio.sleep(0)
        await opened.wait()
        await end(extension, "finished")
        return home.crawls / extension.session.crawl / "crawl.log"

    async def later(text: str) -> None:
        await asyncio.sleep(0)
        logging.getLogger("crawler.capture.browser.renderer").warning(text)

    tasks = [asyncio.create_task(work(name)) for name in ("odd1", "odd2")]
    logs = [path.read_text() for path in await asyncio.gather(*tasks)]
    for own, other, log in (("odd1", "odd2", logs[0]), ("odd2", "odd1", logs[1])):
        told = {f"{own} {what}" for what in ("is missing", "in a task", "in a thread", "in a callback")}
        assert {line.partition("WARNING: ")[2] for line in log.splitlines()} >= told
        assert other not in log


async def test_what_a_library_says_of_the_process_is_in_every_log(plan: CrawlPlan) -> None:
    extension = await asyncio.create_task(opened_in_a_task(plan))
    contextvars.Context().run(logging.getLogger("playwright").warning, "the driver has gone")
    await end(extension, "finished")
    assert "the driver has gone" in (plan.home.crawls / extension.session.crawl / "crawl.log").read_text()


async def opened_in_a_task(plan: CrawlPlan) -> CaptureExtension:
    return CaptureExtension.from_crawler(crawler(plan))


async def test_an_interrupted_crawl_has_no_end(plan: CrawlPlan) -> None:
    extension = CaptureExtension.from_crawler(crawler(plan))
    await end(extension, "shutdown")
    assert ends(plan.home) == []


async def test_waiting_ends_when_the_crawler_stops(plan: CrawlPlan) -> None:
    made = crawler(plan)
    extension = CaptureExtension.from_crawler(made)
    assert not extension.session.gate.stopping()
    made.crawling = False
    assert extension.session.gate.stopping()
    await end(extension, "shutdown")
