"""Resuming, the past, torn records: what is held is given again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.index.indexer import index
from archive.metadata import CrawlEndMetadata, Failure, Hint
from archive.storage.audit import verify_home
from crawler import CrawlerError, NotHeld
from crawler.capture.request import CaptureRequest, Render
from crawler.capture.session import CaptureSession
from tests.crawler.capturing import discovery, once, payloads, plan, records, tear
from tests.crawler.oddserver import GBK, OddServer


async def test_an_interrupted_crawl_is_continued_by_replaying(server: OddServer, home: Home) -> None:
    server.hits.clear()
    names = ("target", "found", "error", "cut_length", "gzip")
    when = datetime(2026, 1, 2, tzinfo=UTC)
    session = CaptureSession.open(plan(home, server, now=when))
    first = {name: await session.fetch(f"http://odd.gov.cn/{name}") for name in names}
    await session.close("shutdown")
    assert not any(isinstance(payload, CrawlEndMetadata) for payload in payloads(home))

    again = CaptureSession.open(plan(home, server))
    assert again.resumed
    assert (again.crawl, again.clock) == (session.crawl, when)
    second = {name: await again.fetch(f"http://odd.gov.cn/{name}") for name in names}
    await again.close()
    # What was whole and no error is not asked again; errors and cut answers are.
    assert {name: server.hits[name] for name in names} == {
        "target": 1,
        "found": 1,
        "error": 2,
        "cut_length": 2,
        "gzip": 1,
    }
    for name in ("target", "found", "gzip"):
        assert second[name].ref.replayed
        assert (second[name].status, second[name].content) == (first[name].status, first[name].content)
        assert second[name].ref.record_id == first[name].ref.record_id
    [end] = [payload for payload in payloads(home) if isinstance(payload, CrawlEndMetadata)]
    assert len(end.files) == 2
    assert end.counts["capture/replayed"] == 3

    third = CaptureSession.open(plan(home, server))
    await third.close()
    assert not third.resumed
    assert third.crawl != session.crawl


async def test_the_past_is_answered_without_network_and_writes_nothing(server: OddServer, home: Home) -> None:
    await once(plan(home, server), "target")
    until = datetime.now(UTC)
    await once(plan(home, server), "case")
    files = sorted(path.name for path in home.warc.iterdir())
    server.hits.clear()
    session = CaptureSession.open(plan(home, server, as_of=until))
    answer = await session.fetch("http://odd.gov.cn/target")
    assert answer.content == GBK
    for name in ("case", "never"):
        with pytest.raises(NotHeld):
            await session.fetch(f"http://odd.gov.cn/{name}")
    session.recorder.keep_discovery(discovery(session))
    await session.close()
    assert session.counts["capture/as_of_missed"] == 2
    assert not server.hits
    assert sorted(path.name for path in home.warc.iterdir()) == files

    before = CaptureSession.open(plan(home, server, as_of=until - timedelta(days=1)))
    with pytest.raises(NotHeld):
        await before.fetch("http://odd.gov.cn/target")


async def test_an_answer_whose_fetch_record_was_torn_off_is_not_asked_for_again(server: OddServer, home: Home) -> None:
    ask = CaptureRequest(purpose="report", hints=Hint(portal="odd", list_title="2023"))
    session = CaptureSession.open(plan(home, server))
    kept = await session.fetch("http://odd.gov.cn/target#x", ask=ask)
    await session.close("shutdown")
    tear(home, {"metadata"})
    server.hits.clear()
    for _ in range(2):  # also when the run that took it in is itself interrupted
        session = CaptureSession.open(plan(home, server))
        answer = await session.fetch("http://odd.gov.cn/target#x", ask=ask)
        assert (answer.content, answer.ref.record_id) == (kept.content, kept.ref.record_id)
        assert answer.ref.replayed
        await session.close("shutdown")
    assert server.hits["target"] == 0
    assert {verdict.verdict for verdict in verify_home(home)} <= {"ok", "note"}

    def row() -> tuple[Any, ...]:
        with open_database(home) as database:
            found = Captures(database, home.warc).get(kept.ref.record_id)
            return found.url, found.crawl_id, found.purpose, (found.hints or {})["list_title"]

    index(home, processes=1)
    assert row() == ("http://odd.gov.cn/target#x", session.crawl, "report", "2023")
    index(home, rebuild=True, processes=1)
    assert row() == ("http://odd.gov.cn/target#x", session.crawl, "report", "2023")


async def test_an_answer_without_its_request_is_kept_and_asked_for_again(server: OddServer, home: Home) -> None:
    """Nobody knows any more what it answered."""
    session = CaptureSession.open(plan(home, server))
    kept = await session.fetch("http://odd.gov.cn/target")
    await session.close("shutdown")
    tear(home, {"request", "metadata"})
    session = CaptureSession.open(plan(home, server))
    again = await session.fetch("http://odd.gov.cn/target")
    await session.close()
    assert again.content == kept.content
    assert not again.ref.replayed
    index(home, processes=1)
    with open_database(home) as database:
        assert Captures(database, home.warc).content(Captures(database, home.warc).get(kept.ref.record_id))


@pytest.mark.parametrize(
    ("html", "changes"),
    [
        (b"<html></html>", {"failure": Failure(kind="truncated", message="cut")}),
        (b"<script>$_ts=window['$_ts']</script>", {}),
        (b"<html></html>", {"status": 404}),
    ],
)
async def test_a_page_that_was_not_rendered_whole_does_not_replay(
    server: OddServer, home: Home, html: bytes, changes: dict[str, Any]
) -> None:
    ask = CaptureRequest(purpose="list", render=Render())
    session = CaptureSession.open(plan(home, server))
    page = {"final_url": "http://odd.gov.cn/list", "screenshot": None, "rendered_by": "Chromium/156"}
    await session.recorder.keep_rendered("http://odd.gov.cn/list", ask, html, **page, **changes)
    await session.close("shutdown")
    again = CaptureSession.open(plan(home, server))
    with pytest.raises(CrawlerError, match="needs the browser"):
        await again.render("http://odd.gov.cn/list", ask)
    await again.close()
    assert [record.type for record in records(home)].count("resource") == 1


async def test_a_part_of_a_page_is_given_again_as_a_browsers_cache_does(server: OddServer, home: Home) -> None:
    server.hits.clear()
    session = CaptureSession.open(plan(home, server))
    ask = CaptureRequest(purpose="subresource", page="http://odd.gov.cn/")
    for name in ("fresh", "target"):
        for _ in range(3):
            await session.fetch(f"http://odd.gov.cn/{name}", ask=ask, browser=True)
    await session.close()
    assert (server.hits["fresh"], server.hits["target"]) == (1, 3)


async def test_what_a_dead_run_held_of_parts_is_given_once_and_only_where_it_was_asked_once(
    server: OddServer, home: Home
) -> None:
    ask = CaptureRequest(purpose="subresource", page="http://odd.gov.cn/")
    session = CaptureSession.open(plan(home, server))
    for name in ("target", "case", "case"):
        await session.fetch(f"http://odd.gov.cn/{name}", ask=ask, browser=True)
    await session.close("shutdown")
    server.hits.clear()
    again = CaptureSession.open(plan(home, server))
    for name in ("target", "target", "case", "case"):
        await again.fetch(f"http://odd.gov.cn/{name}", ask=ask, browser=True)
    await again.close()
    assert (server.hits["target"], server.hits["case"]) == (1, 2)
