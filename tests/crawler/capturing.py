"""What tests of the capture share: a plan for the odd server, and what was archived."""

from __future__ import annotations

from typing import Any

from archive import Home
from archive.metadata import DiscoveryMetadata, read_metadata
from archive.warc import Record, scan
from archive.warc.seal import seal_path
from crawler.capture.session import CaptureSession
from crawler.crawl_plan import CrawlPlan, SitePolicy
from tests.crawler.oddserver import OddServer

SITE = SitePolicy("odd.gov.cn", pace=0, concurrency=8, read_timeout=1.0)


def plan(home: Home, server: OddServer, **changes: Any) -> CrawlPlan:
    known = {"home": home, "portal": "odd", "scope": "all", "sites": (SITE,), "connect_to": server.connect_to()}
    return CrawlPlan(**{**known, "pace": 0, **changes})


def records(home: Home) -> list[Record]:
    return [record for path in sorted(home.warc.glob("*.warc.gz")) for record in scan(path)]


def payloads(home: Home) -> list[Any]:
    return [read_metadata(record.block) for record in records(home) if record.type == "metadata"]


async def once(plan: CrawlPlan, *names: str) -> list[Any]:
    session = CaptureSession.open(plan)
    answers = [await session.fetch(f"http://odd.gov.cn/{name}") for name in names]
    await session.close()
    return answers


def discovery(session: CaptureSession) -> DiscoveryMetadata:
    return DiscoveryMetadata(
        crawl=session.crawl,
        portal="odd",
        site="odd.gov.cn",
        column="http://odd.gov.cn/list",
        list_url="http://odd.gov.cn/list",
        cms="trs",
        candidates=[],
    )


def tear(home: Home, types: set[str]) -> None:
    """Leave the only file as a crash does that tore records of these types off the last exchange."""
    [path] = home.warc.glob("*.warc.gz")
    last = list(scan(path))[-3:]
    assert [record.type for record in last] == ["response", "request", "metadata"]
    cut = min(record.offset for record in last if record.type in types)
    data = path.read_bytes()
    seal_path(path).unlink()
    path.unlink()
    path.with_name(path.name + ".open").write_bytes(data[: cut + 30])
