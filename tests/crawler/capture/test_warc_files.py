"""The files of a run; what stands in them is proved in test_session.py."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Home, WarcError
from archive.metadata import CrawlEndMetadata, CrawlMetadata, read_metadata
from archive.warc import build, scan
from crawler.capture.warc_files import CrawlFiles
from crawler.crawl_plan import CrawlPlan, SitePolicy

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def files(tmp_path: Path) -> CrawlFiles:
    plan = CrawlPlan(Home.at(tmp_path, create=True), "a", "all", (SitePolicy("a.gov.cn"),))
    return CrawlFiles(plan, "a-20260102000000-0000", NOW, "agent")


def draft() -> Any:
    return build.resource("urn:x:1", b"thing", "text/plain", date="2026-01-02T00:00:00.000000Z")


def read(directory: Path) -> list[list[Any]]:
    return [[r.type for r in scan(path)] for path in sorted(directory.glob("warc/*.warc.gz"))]


async def test_the_end_comes_in_a_file_of_its_own(files: CrawlFiles, tmp_path: Path) -> None:
    files.append([draft()])
    await files.settle()
    files.close()
    files.end("finished", {"a": 1}, {}, [], problems=["x is cut"], columns=[{"url": "u", "outcome": "short"}])
    assert read(tmp_path) == [["warcinfo", "metadata", "resource"], ["warcinfo", "metadata", "metadata"]]
    last = max(tmp_path.glob("warc/*.warc.gz"))  # noqa: ASYNC240 - a test may wait
    head, end = [read_metadata(record.block) for record in scan(last, types={"metadata"})]
    assert isinstance(head, CrawlMetadata)
    assert isinstance(end, CrawlEndMetadata)
    assert [one["records"] for one in end.files] == [3]
    assert (end.problems, end.columns) == (["x is cut"], [{"url": "u", "outcome": "short"}])


def test_a_run_that_fetched_nothing_leaves_its_end_alone(files: CrawlFiles, tmp_path: Path) -> None:
    files.close()
    files.end("finished", {}, {}, [])
    assert read(tmp_path) == [["warcinfo", "metadata", "metadata"]]


def test_after_a_failure_nothing_more_is_written(
    files: CrawlFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.append([draft()])

    def full(*_: Any) -> Any:
        raise WarcError("the disk is full")

    monkeypatch.setattr(files._writer, "append", full)
    with pytest.raises(WarcError):
        files.append([draft()])
    monkeypatch.undo()
    with pytest.raises(WarcError, match="the disk is full"):
        files.append([draft()])
    files.close()
    assert read(tmp_path) == [["warcinfo", "metadata", "resource"]]
