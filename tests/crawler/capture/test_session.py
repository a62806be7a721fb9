"""One crawl's way to the network: refusals, scope, locks, pace, robots, files and the crawl's end."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Home
from archive.metadata import CrawlEndMetadata, CrawlMetadata, DiscoveryMetadata, FetchMetadata, read_metadata
from archive.warc import scan
from crawler import Busy, CrawlerError, OutOfScope, RobotsDenied
from crawler.capture.session import CaptureSession
from tests.conftest import ROOT
from tests.crawler.capturing import SITE, discovery, payloads, plan
from tests.crawler.oddserver import OddServer


async def test_what_may_not_be_asked_is_recorded_and_not_asked(server: OddServer, home: Home) -> None:
    server.hits.clear()
    session = CaptureSession.open(plan(home, server))
    with pytest.raises(OutOfScope):
        await session.fetch("http://elsewhere.example.com/")
    with pytest.raises(RobotsDenied):
        await session.fetch("http://odd.gov.cn/secret")
    await session.close()
    assert set(server.hits) == {"robots.txt"}
    refused = {p.url: p.failure.kind for p in payloads(home) if isinstance(p, FetchMetadata) and p.failure}
    assert refused == {"http://elsewhere.example.com/": "scope", "http://odd.gov.cn/secret": "robots"}
    assert session.counts["capture/refused/scope"] == session.counts["capture/refused/robots"] == 1


async def test_a_private_address_behind_a_public_name_is_not_asked(
    home: Home, server: OddServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(host: str, port: int) -> list[Any]:
        return [(2, ("10.0.0.7", port))]

    monkeypatch.setattr("crawler.capture.wire.connect.resolve_host", resolve)
    session = CaptureSession.open(plan(home, server, connect_to=(), pace=None))
    with pytest.raises(RobotsDenied, match=r"10\.0\.0\.7"):
        await session.fetch("http://odd.gov.cn/")
    await session.close()


async def test_another_scope_or_new_begins_another_crawl(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server))
    await session.fetch("http://odd.gov.cn/target")
    await session.close("shutdown")
    for changes in ({"scope": "other"}, {"new": True}, {"connect_to": (), "pace": None}):
        other = CaptureSession.open(plan(home, server, **changes))
        assert other.crawl != session.crawl
        await other.close("shutdown")


async def test_one_process_per_site(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server))
    with pytest.raises(Busy, match=r"odd\.gov\.cn"):
        CaptureSession.open(plan(home, server, scope="another"))
    await session.close()
    await CaptureSession.open(plan(home, server, scope="another")).close()


async def test_every_file_begins_with_the_crawl_and_the_last_holds_its_end(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server, arguments={"year": 2024, "home": Path("x")}, profile="name: 河南"))
    await session.fetch("http://odd.gov.cn/target")
    session.learned({"column": "http://odd.gov.cn/list", "needs": "browser"})
    session.learned({"column": "http://odd.gov.cn/list", "needs": "browser"})
    session.recorder.keep_discovery(discovery(session))
    session.recorder.keep_discovery(discovery(session))
    await session.close("finished", {"item_scraped_count": 3, "start_time": datetime(2026, 1, 1, tzinfo=UTC)})
    paths = sorted(home.warc.glob("*.warc.gz"))
    assert len(paths) == 2
    for path in paths:
        info, head = [record for _, record in zip(range(2), scan(path), strict=False)]
        assert b"NOT OBTAINED FROM THE NAMED HOSTS" in info.block
        payload = read_metadata(head.block)
        assert isinstance(payload, CrawlMetadata)
        # the text of the profile stands in every file but that of the end, which says which one it was
        text = "name: 河南" if path == paths[0] else ""
        assert (payload.crawl, payload.made_up, payload.profile) == (session.crawl, True, text)
        assert payload.arguments["sites"][0]["host"] == "odd.gov.cn"
    found = payloads(home)
    assert len([payload for payload in found if isinstance(payload, DiscoveryMetadata)]) == 1
    [end] = [payload for payload in found if isinstance(payload, CrawlEndMetadata)]
    assert end.learned == [{"column": "http://odd.gov.cn/list", "needs": "browser"}]
    assert end.stats["item_scraped_count"] == 3
    assert [one["file"] for one in end.files] == [paths[0].name]


async def test_robots_are_asked_once_however_many_wait(server: OddServer, home: Home) -> None:
    server.hits.clear()
    session = CaptureSession.open(plan(home, server))
    results = await asyncio.gather(
        *(session.fetch(f"http://odd.gov.cn/secret/{number}") for number in range(32)), return_exceptions=True
    )
    await session.close()
    assert all(isinstance(result, RobotsDenied) for result in results)
    assert dict(server.hits) == {"robots.txt": 1}


def test_secrets_of_a_proxy_reach_no_record(server: OddServer, home: Home) -> None:
    proxied = replace(SITE, proxy="http://user:secret@proxy.example:3128")
    with pytest.raises(CrawlerError, match="NO_SUCH"):
        CaptureSession.open(plan(home, server, sites=(replace(SITE, proxy="http://${NO_SUCH}@h:1"),)))
    session = CaptureSession.open(plan(home, server, sites=(proxied,)))
    from crawler.capture import records as made

    text = json.dumps(made.crawl_payload(session.plan, session.crawl, session.clock).model_dump(mode="json"))
    assert "proxy.example:3128" in text
    assert "secret" not in text
    asyncio.run(session.close("shutdown"))


def test_every_count_is_documented() -> None:
    root = ROOT
    documented = (root / "docs" / "capture.md").read_text()
    source = "".join(path.read_text() for path in (root / "crawler" / "capture").glob("*.py"))
    names = set(re.findall(r'counts\[f?"(capture/[^"]+)"\]', source))
    assert len(names) >= 12
    for name in names:
        stem = name.partition("{")[0]
        assert f"`{stem}" in documented or stem == "capture/", name
