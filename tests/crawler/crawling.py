"""A crawl in a process of its own, as `scrapy` runs it: ``python crawling.py JSON`` prints one JSON line per answer.

The JSON names ``home``, ``connect_to``, ``urls`` (each a URL, or an object of `scrapy.Request` arguments); optionally
``follow`` (follow the links of every page), ``runner`` (``run``: as `crawler.run` does it), ``portal``, ``site``
(fields of `SitePolicy`), ``plan`` (fields of `CrawlPlan`) and ``settings``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerRunner, Crawler, CrawlerProcess
from scrapy.settings import Settings

from archive import Home
from archive.metadata import Hint
from crawler.capture.handler import session_of
from crawler.capture.request import CaptureRequest
from crawler.crawl_plan import CrawlPlan, SitePolicy


def say(**facts: Any) -> None:
    print(json.dumps(facts, ensure_ascii=False, default=str), flush=True)


class Probe(scrapy.Spider):
    """Asks for what it is told to ask for, and tells what came."""

    name = "probe"
    wanted: dict[str, Any]

    async def start(self) -> Any:
        for entry in self.wanted["urls"]:
            known = entry if isinstance(entry, dict) else {"url": entry}
            yield self._request(**known)

    def _request(self, **known: Any) -> scrapy.Request:
        ask = CaptureRequest(purpose="report", hints=Hint(portal="odd"))
        return scrapy.Request(**known, meta={"gongkai": ask}, errback=self.failed)

    def parse(self, response: Any) -> Any:
        say(
            url=response.url,
            status=response.status,
            length=len(response.body),
            start=response.body[:40].decode("latin-1"),
            encoding=response.headers.get("Content-Encoding", b"").decode(),
            kind=type(response).__name__,
            flags=response.flags,
            ip=response.ip_address,
            capture=asdict(response.meta["capture"]),
        )
        if self.wanted.get("follow"):
            for link in response.css("a::attr(href)").getall():
                yield self._request(url=response.urljoin(link))

    def failed(self, failure: Any) -> None:
        say(url=failure.request.url, failed=failure.type.__name__, message=failure.getErrorMessage())


def main(wanted: dict[str, Any]) -> None:
    site = SitePolicy(
        **{"host": "odd.gov.cn", "pace": 0, "concurrency": 4, "read_timeout": 2.0, **wanted.get("site", {})}
    )
    changes = dict(wanted.get("plan", {}))
    if "as_of" in changes:
        changes["as_of"] = datetime.fromisoformat(changes["as_of"])
    plan = CrawlPlan(
        home=Home.at(Path(wanted["home"]), create=True),
        portal=wanted.get("portal", "odd"),
        scope="probe",
        sites=(site,),
        connect_to=tuple(wanted["connect_to"]),
        **{"pace": 0, **changes},
    )
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict({"LOG_ENABLED": False, **wanted.get("settings", {}), "GONGKAI_PLAN": plan}, priority="cmdline")
    if wanted.get("runner") == "run":  # as crawler.run does it: asyncio alone, no reactor
        settings.setdict({"TWISTED_REACTOR_ENABLED": False, "TWISTED_REACTOR": None}, priority="cmdline")
        crawler = Crawler(Probe, settings)

        async def run() -> None:
            await AsyncCrawlerRunner(settings).crawl(crawler, wanted=wanted)

        asyncio.run(run())
    else:
        process = CrawlerProcess(settings)
        crawler = process.create_crawler(Probe)
        process.crawl(crawler, wanted=wanted)
        process.start()
    session = session_of(crawler)
    stats = crawler.stats.get_stats() if crawler.stats else {}
    say(
        stats=stats,
        crawl=session.crawl if session else None,
        resumed=session.resumed if session else None,
        fatal=str(session.fatal) if session and session.fatal else None,
    )


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
