"""Which crawl of a scope is gone on with."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Home
from archive.metadata import CrawlEndMetadata, CrawlMetadata
from crawler.capture import records
from crawler.capture.resume import files_of, find_unfinished, new_crawl_id
from tests.crawler.capture.test_replay_index import BAD, exchange, write


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path, create=True)


@pytest.mark.parametrize("block", [*BAD, None])
def test_a_crawl_whose_own_record_cannot_be_understood_is_not_gone_on_with(home: Home, block: bytes | None) -> None:
    def begin(day: int, block: bytes | None, clock: str) -> str:
        crawl = new_crawl_id("henan", datetime(2026, 1, day, tzinfo=UTC))
        facts = {"arguments": {}, "profile": "", "profile_digest": "", "configuration": "", "clock": clock}
        head = records.metadata_draft(CrawlMetadata(crawl=crawl, portal="henan", scope="all", **facts))
        write(home, crawl, exchange("k"), preamble=[head if block is None else dataclasses.replace(head, block=block)])
        return crawl

    whole = begin(1, None, "2026-01-01T00:00:00+00:00")
    begin(2, block, "the second of January" if block is None else "2026-01-02T00:00:00+00:00")
    found = find_unfinished(home, "henan", "all", made_up=False)
    assert found is not None
    assert found.crawl == whole


def test_the_newest_crawl_of_a_scope_counts(home: Home) -> None:
    def begin(day: int, scope: str, *, ended: bool = False, made_up: bool = False, portal: str = "henan") -> str:
        when = datetime(2026, 1, day, tzinfo=UTC)
        crawl = new_crawl_id(portal, when)
        head = CrawlMetadata(
            crawl=crawl,
            portal=portal,
            scope=scope,
            arguments={},
            profile="",
            profile_digest="",
            configuration="",
            clock=when.isoformat(),
            made_up=made_up,
        )
        write(home, crawl, exchange("k"), preamble=[records.metadata_draft(head)])
        if ended:
            end = CrawlEndMetadata(crawl=crawl, portal=portal, reason="finished", counts={}, stats={}, files=[])
            write(home, crawl, [records.metadata_draft(end)], preamble=[records.metadata_draft(head)])
        return crawl

    first = begin(1, "all")
    found = find_unfinished(home, "henan", "all", made_up=False)
    assert found is not None
    assert (found.crawl, found.clock, len(found.files)) == (first, datetime(2026, 1, 1, tzinfo=UTC), 1)
    assert find_unfinished(home, "henan", "all", made_up=True) is None
    assert find_unfinished(home, "henan", "other", made_up=False) is None
    begin(2, "all", portal="henan-x")
    assert set(files_of((path.name for path in home.warc.glob("*.gz")), "henan")) == {first}
    begin(3, "all", ended=True)
    assert find_unfinished(home, "henan", "all", made_up=False) is None
