"""crawler.capture.prior_records: a second crawl whose first lies in a store, one that answers or one that does not."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.errors import StorageError
from archive.index.indexer import index
from archive.metadata import Candidate
from archive.storage.audit import verify_home
from archive.storage.open import push
from archive.warc.location import RecordLocation
from crawler.capture.prior_records import PriorRecords
from crawler.capture.request import CaptureRequest, Render
from crawler.capture.session import CaptureSession
from tests.archive.stores import LOGIN, answering
from tests.crawler.capturing import discovery, plan, records
from tests.crawler.oddserver import OddServer

pytestmark = pytest.mark.s3

NAMES = ("conditional", "gzip_chunked", "tree1")
HTML = b"<html>list</html>"


@pytest.fixture(autouse=True)
def _store(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_STORAGE_URL", s3_url)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the store's address lead elsewhere."""
    import s3fs

    def move(address: str) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        s3fs.S3FileSystem.clear_instance_cache()

    return move


@pytest.fixture(params=["refused", "a page in its place"])
def astray(request: pytest.FixtureRequest, moved: Callable[[str], None]) -> Iterator[Callable[[], None]]:
    with answering(200, LOGIN, media_type="text/html") as address:
        yield lambda: moved("http://127.0.0.1:9" if request.param == "refused" else address)


async def crawl(server: OddServer, home: Home, **changes: object) -> tuple[CaptureSession, list[str]]:
    """Three pages, a drawn list and what it offers."""
    with open_database(home) as database:
        session = CaptureSession.open(plan(home, server, prior=Captures(database, home.warc), **changes))
        kinds = [(await session.fetch(f"http://odd.gov.cn/{name}")).ref.kind for name in NAMES]
        url = "http://odd.gov.cn/list"
        ask = CaptureRequest(purpose="list", render=Render())
        ref = await session.recorder.keep_rendered(
            url, ask, HTML, final_url=url, screenshot=b"\x89PNG", rendered_by="Chromium"
        )
        link = Candidate(text="2023", href="1.html", decision="follow", reason="annual_report")
        session.recorder.keep_discovery(discovery(session).model_copy(update={"candidates": [link] * 20}))
        await session.close()
    return session, [*kinds, ref.kind]


def send_away(home: Home) -> None:
    index(home, processes=1)
    push(home)
    for path in home.warc.glob("*.warc.gz"):
        path.unlink()


async def test_what_lies_in_the_store_alone_is_not_kept_again(server: OddServer, home: Home) -> None:
    assert (await crawl(server, home))[1] == ["response"] * 3 + ["rendered"]
    send_away(home)
    session, kinds = await crawl(server, home)
    assert kinds == ["revisit"] * 4
    assert session.counts["capture/original_unreadable"] == 0
    new = Counter(record.type for record in records(home))
    assert (new["response"], new["resource"], new["revisit"]) == (0, 0, 6)
    assert b"same_as" in next(record.block for record in records(home) if b"gongkai.discovery" in record.block)
    send_away(home)
    assert {verdict.verdict for verdict in verify_home(home, processes=1)} == {"ok"}
    with open_database(home) as database:
        captures = Captures(database, home.warc)
        assert [line.capture.kind for line in captures.list("http://odd.gov.cn/tree1")] == ["response", "revisit"]


async def test_without_the_store_everything_is_kept_whole(
    server: OddServer, home: Home, astray: Callable[[], None]
) -> None:
    await crawl(server, home)
    send_away(home)
    astray()
    session, kinds = await crawl(server, home)
    assert kinds == ["response"] * 3 + ["rendered"]
    assert session.counts["capture/original_unreadable"] >= 4
    # a 304 that nobody could read is asked for once; then nothing is asked with conditions
    asked = [record.block for record in records(home) if record.type == "request"]
    assert sum(b"If-None-Match" in block for block in asked) <= 1
    assert {record.type for record in records(home)} == {"warcinfo", "metadata", "response", "request", "resource"}


async def test_nothing_rests_on_a_file_that_is_lost_or_holds_something_else(server: OddServer, home: Home) -> None:
    await crawl(server, home)
    index(home, processes=1)
    for path in home.warc.glob("*.warc.gz"):
        data = bytearray(path.read_bytes())
        data[200:] = bytes(len(data) - 200)
        path.write_bytes(data)
    _, kinds = await crawl(server, home)
    assert kinds == ["response"] * 3 + ["rendered"]


async def test_a_crawl_goes_on_and_the_past_is_asked_where_the_files_lie_in_the_store(
    server: OddServer, home: Home, astray: Callable[[], None]
) -> None:
    with open_database(home) as database:
        session = CaptureSession.open(plan(home, server, prior=Captures(database, home.warc)))
        first = await session.fetch("http://odd.gov.cn/tree1")
        await session.close("shutdown")
    send_away(home)
    session = CaptureSession.open(plan(home, server))
    again = await session.fetch("http://odd.gov.cn/tree1")
    assert (session.resumed, again.ref.replayed, again.content) == (True, True, first.content)
    await session.close()
    send_away(home)
    past = CaptureSession.open(plan(home, server, as_of=datetime.now(UTC)))
    assert (await past.fetch("http://odd.gov.cn/tree1")).content == first.content
    await past.close()
    astray()
    with pytest.raises(StorageError):
        CaptureSession.open(plan(home, server, as_of=datetime.now(UTC)))
    other = CaptureSession.open(plan(home, server))  # nobody knows whether the earlier one ended
    assert not other.resumed
    await other.close()


async def test_a_crawl_that_ended_in_the_store_is_not_taken_up_for_what_lies_here(
    server: OddServer, home: Home, astray: Callable[[], None]
) -> None:
    await crawl(server, home)
    push(home)
    *_, end = sorted(home.warc.glob("*.warc.gz"))
    end.unlink()
    session = CaptureSession.open(plan(home, server))
    assert not session.resumed
    await session.close("shutdown")
    for path in home.warc.glob(f"{session.crawl}-*"):
        path.unlink()
    astray()
    session = CaptureSession.open(plan(home, server))
    assert not session.resumed
    await session.close()


def test_nobody_waits_long_for_what_can_be_done_without(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.capture.prior_records._PATIENCE", 0.05)
    originals = PriorRecords(home)
    over = threading.Event()
    with pytest.raises(StorageError, match="takes too long"):
        originals.at_once("far.warc.gz", lambda _: over.wait(20))
    with pytest.raises(StorageError, match="has not answered yet"):
        originals.at_once("far.warc.gz", lambda _: 1)
    over.set()
    (home.warc / "here.warc.gz").write_bytes(b"x")
    assert originals.at_once("here.warc.gz", lambda source: source.read_range("here.warc.gz", 0, 1)) == b"x"


async def test_doubt_lasts_a_while_and_holds_for_what_is_far(
    home: Home, moved: Callable[[str], None], s3_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved("http://127.0.0.1:9")
    originals = PriorRecords(home)
    place = RecordLocation(record_id="urn:x", file="far.warc.gz", offset=0, length=9)
    assert originals.within_reach("far.warc.gz")
    with pytest.raises(StorageError):
        await originals.record(place)
    (home.warc / "here.warc.gz").write_bytes(b"x")
    assert not originals.within_reach("far.warc.gz")
    assert originals.within_reach("here.warc.gz")
    moved(s3_server)
    with pytest.raises(Exception, match="not in the archive"):
        await originals.record(place)
    monkeypatch.setattr("crawler.capture.prior_records._DOUBT", 0)
    moved("http://127.0.0.1:9")
    with pytest.raises(StorageError):
        await originals.record(place)
    assert originals.within_reach("far.warc.gz")
