"""Byte-exact capture, read back with two implementations that are not ours; revisits, refusals, resuming, the past."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastwarc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator

from archive import DatabaseError, Home, WarcError
from archive.captures import Captures
from archive.database import open_database
from archive.database.models import Discovery
from archive.ingest import index
from archive.payloads import (
    Candidate,
    CrawlEndPayload,
    CrawlPayload,
    DiscoveryPayload,
    FetchPayload,
    Hint,
    read_payload,
)
from archive.warc import Record, scan
from archive.warc.audit import verify_home
from archive.warc.inspect import content_of, find_record
from archive.warc.seal import seal_path
from crawler import Busy, CrawlerError, NotHeld, OutOfScope, RobotsDenied, WireError
from crawler.capture import Ask, CaptureRef, CrawlPlan, Prior, Render, SitePolicy
from crawler.capture.session import CaptureSession
from tests.crawler.oddserver import CASES, GBK, LEFT_OUT, OddServer

SITE = SitePolicy("odd.gov.cn", pace=0, concurrency=8, read_timeout=1.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddServer]:
    with OddServer(tmp_path_factory.mktemp("odd")) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "archive", create=True)


def plan(home: Home, server: OddServer, **changes: Any) -> CrawlPlan:
    known = {"home": home, "portal": "odd", "scope": "all", "sites": (SITE,), "connect_to": server.connect_to()}
    return CrawlPlan(**{**known, "pace": 0, **changes})


def records(home: Home) -> list[Record]:
    return [record for path in sorted(home.warc.glob("*.warc.gz")) for record in scan(path)]


def payloads(home: Home) -> list[Any]:
    return [read_payload(record.block) for record in records(home) if record.type == "metadata"]


def by_warcio(home: Home) -> dict[str, list[tuple[str, bytes]]]:
    found = defaultdict(list)
    for path in home.warc.glob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                found[record.rec_type].append(
                    (record.rec_headers.get_header("WARC-Target-URI"), record.raw_stream.read())
                )
    return found


def by_fastwarc(home: Home) -> dict[str, list[tuple[str, bytes]]]:
    found = defaultdict(list)
    for path in home.warc.glob("*.warc.gz"):
        with path.open("rb") as file:
            for record in FastIterator(file, parse_http=False):
                uri, block = record.headers.get("WARC-Target-URI"), record.reader.read()
                if record.record_type == WarcRecordType.response:
                    found["response"].append((uri, block))
                elif record.record_type == WarcRecordType.request:
                    found["request"].append((uri, block))
    return found


async def ask_all(session: CaptureSession, scheme: str) -> None:
    async def one(path: str, **how: Any) -> None:
        try:
            await session.fetch(f"{scheme}://odd.gov.cn/{path}", **how)
        except CrawlerError:
            assert path in {"nothing", "cut_head"}

    await asyncio.gather(
        *(one(name) for name in CASES),
        one("nothing"),
        one("gzip", method="HEAD"),
        one("echo", method="POST", body=b"a=1&b=\xc4\xe3\x00\xff", ask=Ask(purpose="api")),
        one("target?q=%CD%A8%D6%AA&x=a+b"),
        one("target?from=302#fragment"),
    )


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_every_odd_exchange_stands_in_the_warc_byte_for_byte(server: OddServer, home: Home, scheme: str) -> None:
    server.ledger.clear()
    session = CaptureSession.open(plan(home, server))
    await ask_all(session, scheme)
    await session.close()
    ledger = list(server.ledger)
    assert len([one for one in ledger if one.response]) >= 66
    for read in (by_warcio, by_fastwarc):
        found = read(home)
        responses, requests = [block for _, block in found["response"]], [block for _, block in found["request"]]
        missing = [one.path for one in ledger if one.response and one.response not in responses]
        assert sorted(name.strip("/") for name in missing) == sorted(LEFT_OUT)
        assert [one.path for one in ledger if one.request not in requests] == []
        assert len(requests) == len(ledger)
        assert len(responses) == len([one for one in ledger if one.response])


async def test_bytes_that_no_block_may_hold_stand_beside_it(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server))
    for name in LEFT_OUT:
        await session.fetch(f"http://odd.gov.cn/{name}")
    await session.close()
    blocks = {record.uri: record.block for record in records(home) if record.type == "response"}
    beside = {payload.url: payload for payload in payloads(home) if isinstance(payload, FetchPayload)}
    interim, excess = "http://odd.gov.cn/interim", "http://odd.gov.cn/excess"
    assert base64.b64decode(beside[interim].interim) + blocks[interim] == CASES["interim"][0]
    assert blocks[excess] + base64.b64decode(beside[excess].excess) == CASES["excess"][0]
    assert beside[excess].excess_bytes == 1900


async def test_records_of_an_exchange_belong_together_and_say_what_was_known(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server))
    hints = Hint(portal="odd", column="http://odd.gov.cn/list", list_title="年度报告", list_date="2024-01-31")
    answer = await session.fetch("https://odd.gov.cn/gzip", ask=Ask(purpose="report", hints=hints), attempt=2)
    await session.close()
    response, request, metadata = [
        record for record in records(home) if (record.uri or "").endswith("https://odd.gov.cn/gzip")
    ]
    assert [response.type, request.type, metadata.type] == ["response", "request", "metadata"]
    # Not the URL itself: pywb would replay the metadata in place of the page.
    assert metadata.uri == "urn:gongkai:fetch:https://odd.gov.cn/gzip"
    assert answer.ref.record_id == response.id
    assert (answer.ref.file, answer.ref.offset, answer.ref.length) == (response.file, response.offset, response.length)
    assert request.header("WARC-Concurrent-To") == metadata.header("WARC-Concurrent-To") == f"<{response.id}>"
    assert response.date == request.date == metadata.date == answer.date
    assert response.header("WARC-IP-Address") == "127.0.0.1"
    assert response.header_all("WARC-Protocol") == ["http/1.1", "tls/1.3"]
    assert response.header("WARC-Cipher-Suite")
    payload = read_payload(metadata.block)
    assert isinstance(payload, FetchPayload)
    assert payload.hints == hints
    assert (payload.purpose, payload.attempt, payload.status, payload.crawl) == ("report", 2, 200, session.crawl)
    assert payload.tls is not None
    assert payload.tls.verified is False
    assert payload.tls.verify_error


async def test_the_certificate_itself_is_written_once(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server))
    for name in ("target", "case"):
        await session.fetch(f"https://odd.gov.cn/{name}")
    await session.close()
    facts = [payload.tls for payload in payloads(home) if isinstance(payload, FetchPayload)]
    assert len({fact.certificate_sha256 for fact in facts}) == 1
    assert [fact.certificate_pem is not None for fact in facts].count(True) == 1


async def test_failures_leave_what_came_and_the_reason(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server))
    for name in ("nothing", "garbage"):
        with pytest.raises(WireError):
            await session.fetch(f"http://odd.gov.cn/{name}")
    cut = await session.fetch("http://odd.gov.cn/cut_length")
    await session.fetch("http://odd.gov.cn/hang")
    await session.close()
    kinds = {
        payload.url.rpartition("/")[2]: payload.failure and payload.failure.kind
        for payload in payloads(home)
        if isinstance(payload, FetchPayload)
    }
    assert kinds == {
        "robots.txt": None,
        "nothing": "reset",
        "garbage": "protocol",
        "cut_length": "truncated",
        "hang": "timeout",
    }
    assert cut.truncated == "disconnect"
    assert cut.content == GBK
    truncated = {record.uri: record.header("WARC-Truncated") for record in records(home) if record.type == "response"}
    assert truncated["http://odd.gov.cn/cut_length"] == "disconnect"
    assert truncated["http://odd.gov.cn/hang"] == "time"
    garbage = next(p for p in payloads(home) if isinstance(p, FetchPayload) and p.url.endswith("garbage"))
    assert base64.b64decode(garbage.garbage) == b"SSH-2.0-OpenSSH_9.2\r\n"


async def test_a_kept_connection_that_died_is_tried_once_more_and_both_are_recorded(
    server: OddServer, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = CaptureSession.open(plan(home, server))
    await session.fetch("http://odd.gov.cn/target")
    from crawler.capture import wire

    # The server's close must not be noticed before the next request is on its way.
    original = wire._Connection.exchange

    async def die_first(self: Any, payload: bytes, reader: Any, *rest: float) -> None:
        monkeypatch.setattr(wire._Connection, "exchange", original)
        reader.eof()

    monkeypatch.setattr(wire._Connection, "exchange", die_first)
    answer = await session.fetch("http://odd.gov.cn/case")
    await session.close()
    assert answer.status == 200
    mine = [p for p in payloads(home) if isinstance(p, FetchPayload) and p.url.endswith("/case")]
    assert [(p.attempt, p.failure and p.failure.kind, p.status) for p in mine] == [(1, "reset", None), (2, None, 200)]
    assert len([r for r in records(home) if r.type == "request" and r.uri == "http://odd.gov.cn/case"]) == 2


async def test_what_may_not_be_asked_is_recorded_and_not_asked(server: OddServer, home: Home) -> None:
    server.hits.clear()
    session = CaptureSession.open(plan(home, server))
    with pytest.raises(OutOfScope):
        await session.fetch("http://elsewhere.example.com/")
    with pytest.raises(RobotsDenied):
        await session.fetch("http://odd.gov.cn/secret")
    await session.close()
    assert set(server.hits) == {"robots.txt"}
    refused = {p.url: p.failure.kind for p in payloads(home) if isinstance(p, FetchPayload) and p.failure}
    assert refused == {"http://elsewhere.example.com/": "scope", "http://odd.gov.cn/secret": "robots"}
    assert session.counts["capture/refused/scope"] == session.counts["capture/refused/robots"] == 1


async def test_a_private_address_behind_a_public_name_is_not_asked(
    home: Home, server: OddServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(host: str, port: int) -> list[Any]:
        return [(2, ("10.0.0.7", port))]

    monkeypatch.setattr("crawler.capture.wire._resolve", resolve)
    session = CaptureSession.open(plan(home, server, connect_to=(), pace=None))
    with pytest.raises(RobotsDenied, match=r"10\.0\.0\.7"):
        await session.fetch("http://odd.gov.cn/")
    await session.close()


class Memory:
    """Earlier captures, as the database would know them."""

    def __init__(self) -> None:
        self.known: dict[str, Prior] = {}

    def learn(self, home: Home) -> None:
        for record in records(home):
            if record.type == "response" and (message := record.http()).status == 200:
                self.known[record.uri or ""] = Prior(
                    record.id,
                    datetime.fromisoformat(record.date),
                    record.uri or "",
                    record.header("WARC-Payload-Digest"),
                    message.header("ETag"),
                    message.header("Last-Modified"),
                    record.file,
                    record.offset,
                    record.length,
                )

    def prior(self, url: str, method: str, body_digest: str | None) -> Prior | None:
        assert (method, body_digest) == ("GET", None)
        return None if url.endswith("robots.txt") else self.known.get(url)

    def prior_answer(
        self, url: str, method: str, body_digest: str | None, status: int, payload_digest: str
    ) -> Prior | None:
        found = self.known.get(url)
        return found if found is not None and (status, found.payload_digest) == (200, payload_digest) else None

    def prior_rendered(self, url: str, payload_digest: str) -> Prior | None:
        found = self.known.get(f"urn:dom:{url}")
        return found if found is not None and found.payload_digest == payload_digest else None

    def prior_discovery(self, list_url: str, column: str, page: int) -> None:
        """None was recorded."""


async def once(plan: CrawlPlan, *names: str) -> list[Any]:
    session = CaptureSession.open(plan)
    answers = [await session.fetch(f"http://odd.gov.cn/{name}") for name in names]
    await session.close()
    return answers


async def test_what_did_not_change_becomes_a_revisit_and_gives_the_original(server: OddServer, home: Home) -> None:
    memory = Memory()
    [first, *_] = await once(plan(home, server), "conditional", "gzip_chunked")
    memory.learn(home)
    before = {path.name for path in home.warc.glob("*.warc.gz")}
    again, same = await once(plan(home, server, prior=memory), "conditional", "gzip_chunked")
    new = [record for record in records(home) if record.file not in before]
    assert [record.type for record in new if record.uri and record.type != "metadata"].count("response") == 0
    robots, not_modified, identical = [record for record in new if record.type == "revisit"]
    assert robots.uri == "http://odd.gov.cn/robots.txt"
    assert not_modified.header(
        "WARC-Profile",
    ).endswith("server-not-modified")
    assert not_modified.block == b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\nX-Seen: again\r\n\r\n'
    assert not_modified.header("WARC-Refers-To") == f"<{first.ref.record_id}>"
    assert (again.status, again.wire_status, again.content) == (200, 304, GBK)
    assert again.ref.kind == same.ref.kind == "revisit"
    assert again.ref.unchanged
    assert same.ref.unchanged
    assert identical.header("WARC-Profile").endswith("identical-payload-digest")
    assert identical.block.endswith(b"\r\n\r\n")
    assert same.content.startswith(b"<html>")
    request = next(r for r in new if r.type == "request" and r.uri == "http://odd.gov.cn/conditional")
    assert b'If-None-Match: "v1"' in request.block
    assert b"If-Modified-Since: Mon, 01 Jan 2024" in request.block


async def test_revisits_can_be_switched_off(server: OddServer, home: Home) -> None:
    memory = Memory()
    await once(plan(home, server), "conditional")
    memory.learn(home)
    [answer] = await once(plan(home, server, prior=memory, full=True, dedupe=False), "conditional")
    assert (answer.ref.kind, answer.wire_status) == ("response", 200)


async def test_a_database_that_vanishes_costs_the_savings_and_nothing_else(server: OddServer, home: Home) -> None:
    class Gone(Memory):
        def prior(self, *_: Any) -> Prior | None:
            raise DatabaseError("does not answer", subject="postgresql://...")

        prior_answer = prior_rendered = prior_discovery = prior  # type: ignore[assignment]

    session = CaptureSession.open(plan(home, server, prior=Gone()))
    answer = await session.fetch("http://odd.gov.cn/conditional")
    ref = await session.keep_rendered(
        "http://odd.gov.cn/", Ask(), b"<html>", final_url="", screenshot=b"P", rendered_by="Chromium"
    )
    link = Candidate(text="2023", href="1.html", decision="follow", reason="annual_report")
    session.record_discovery(discovery(session).model_copy(update={"candidates": [link]}))
    assert (answer.status, answer.ref.kind, ref.kind) == (200, "response", "rendered")
    assert session.counts["capture/prior_unknown"] == 6  # robots.txt too; before and after each answer
    await session.close()


async def test_a_304_whose_original_is_gone_is_asked_again_in_full(server: OddServer, home: Home) -> None:
    memory = Memory()
    await once(plan(home, server), "conditional")
    memory.learn(home)
    known = memory.known["http://odd.gov.cn/conditional"]
    memory.known[known.url] = replace(known, warc_file="gone.warc.gz", payload_digest=None)
    [answer] = await once(plan(home, server, prior=memory), "conditional")
    assert (answer.status, answer.content, answer.ref.kind) == (200, GBK, "response")


async def test_an_interrupted_crawl_is_continued_by_replaying(server: OddServer, home: Home) -> None:
    server.hits.clear()
    names = ("target", "found", "error", "cut_length", "gzip")
    when = datetime(2026, 1, 2, tzinfo=UTC)
    session = CaptureSession.open(plan(home, server, now=when))
    first = {name: await session.fetch(f"http://odd.gov.cn/{name}") for name in names}
    await session.close("shutdown")
    assert not any(isinstance(payload, CrawlEndPayload) for payload in payloads(home))

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
    [end] = [payload for payload in payloads(home) if isinstance(payload, CrawlEndPayload)]
    assert len(end.files) == 2
    assert end.counts["capture/replayed"] == 3

    third = CaptureSession.open(plan(home, server))
    await third.close()
    assert not third.resumed
    assert third.crawl != session.crawl


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
    session.record_discovery(discovery(session))
    await session.close()
    assert session.counts["capture/as_of_missed"] == 2
    assert not server.hits
    assert sorted(path.name for path in home.warc.iterdir()) == files

    before = CaptureSession.open(plan(home, server, as_of=until - timedelta(days=1)))
    with pytest.raises(NotHeld):
        await before.fetch("http://odd.gov.cn/target")


def discovery(session: CaptureSession) -> DiscoveryPayload:
    return DiscoveryPayload(
        crawl=session.crawl,
        portal="odd",
        site="odd.gov.cn",
        column="http://odd.gov.cn/list",
        list_url="http://odd.gov.cn/list",
        cms="trs",
        candidates=[],
    )


async def test_every_file_begins_with_the_crawl_and_the_last_holds_its_end(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server, arguments={"year": 2024, "home": Path("x")}, profile="name: 河南"))
    await session.fetch("http://odd.gov.cn/target")
    session.learned({"column": "http://odd.gov.cn/list", "needs": "browser"})
    session.learned({"column": "http://odd.gov.cn/list", "needs": "browser"})
    session.record_discovery(discovery(session))
    session.record_discovery(discovery(session))
    await session.close("finished", {"item_scraped_count": 3, "start_time": datetime(2026, 1, 1, tzinfo=UTC)})
    paths = sorted(home.warc.glob("*.warc.gz"))
    assert len(paths) == 2
    for path in paths:
        info, head = [record for _, record in zip(range(2), scan(path), strict=False)]
        assert b"NOT OBTAINED FROM THE NAMED HOSTS" in info.block
        payload = read_payload(head.block)
        assert isinstance(payload, CrawlPayload)
        # the text of the profile stands in every file but that of the end, which says which one it was
        text = "name: 河南" if path == paths[0] else ""
        assert (payload.crawl, payload.made_up, payload.profile) == (session.crawl, True, text)
        assert payload.arguments["sites"][0]["host"] == "odd.gov.cn"
    found = payloads(home)
    assert len([payload for payload in found if isinstance(payload, DiscoveryPayload)]) == 1
    [end] = [payload for payload in found if isinstance(payload, CrawlEndPayload)]
    assert end.learned == [{"column": "http://odd.gov.cn/list", "needs": "browser"}]
    assert end.stats["item_scraped_count"] == 3
    assert [one["file"] for one in end.files] == [paths[0].name]


async def test_a_rendered_page_is_kept_whole_and_replays(server: OddServer, home: Home) -> None:
    ask = Ask(purpose="list", render=Render(wait_for="ul li"))
    session = CaptureSession.open(plan(home, server))
    ref = await session.keep_rendered(
        "http://odd.gov.cn/list#page2",
        ask,
        "<html>目录</html>".encode(),
        text="目录".encode(),
        final_url="http://odd.gov.cn/list/",
        screenshot=b"\x89PNG",
        rendered_by="Chromium/156",
    )
    await session.close("shutdown")
    again = CaptureSession.open(plan(home, server))
    answer = await again.render("http://odd.gov.cn/list#page2", ask)
    assert (answer.content.decode(), answer.final_url) == ("<html>目录</html>", "http://odd.gov.cn/list/")
    assert answer.ref.record_id == ref.record_id
    assert answer.ref.replayed
    with pytest.raises(CrawlerError, match="needs the browser"):
        await again.render("http://odd.gov.cn/list#page2", Ask(purpose="list", render=Render(scroll=1)))
    await again.close()
    uris = [record.uri for record in records(home) if record.type == "resource"]
    assert uris == ["urn:dom:http://odd.gov.cn/list", "urn:view:http://odd.gov.cn/list"]
    [text] = [record for record in records(home) if record.type == "conversion"]
    assert (text.uri, text.block.decode()) == ("urn:text:http://odd.gov.cn/list", "目录")
    assert text.header("WARC-Refers-To") == f"<{ref.record_id}>"


async def crawl_twice(server: OddServer, home: Home, pictures: tuple[bytes, bytes]) -> tuple[CaptureRef, CaptureRef]:
    """One rendered list, indexed in between as at the end of every crawl."""
    ask = Ask(purpose="list", render=Render(), hints=Hint(portal="odd"))
    refs = []
    for picture in pictures:
        with open_database(home) as database:
            session = CaptureSession.open(plan(home, server, prior=Captures(database, home.warc)))
            url = "http://odd.gov.cn/list#p2"
            ref = await session.keep_rendered(
                url,
                ask,
                b"<html>list</html>",
                text=b"list",
                final_url=url,
                screenshot=picture,
                rendered_by="Chromium/156",
            )
            link = Candidate(text="2023", href="1.html", decision="follow", reason="annual_report")
            session.record_discovery(discovery(session).model_copy(update={"candidates": [link]}))
            await session.close("shutdown" if refs else "finished")
        refs.append(ref)
        index(home, processes=1)
    return refs[0], refs[1]


async def test_a_rendered_list_that_did_not_change_is_written_once(server: OddServer, home: Home) -> None:
    first, second = await crawl_twice(server, home, (b"\x89PNG", b"\x89PNG"))
    assert (first.kind, second.kind, second.unchanged) == ("rendered", "revisit", True)
    revisits = [record for record in records(home) if record.type == "revisit"]
    assert [record.uri for record in revisits] == ["urn:dom:http://odd.gov.cn/list", "urn:view:http://odd.gov.cn/list"]
    assert revisits[0].header("WARC-Refers-To") == f"<{first.record_id}>"
    assert [record.type for record in records(home)].count("conversion") == 1
    assert {verdict.verdict for verdict in verify_home(home)} == {"ok"}

    def rows() -> list[Any]:
        with open_database(home) as database, database.session() as session:
            found = session.execute(select(*Discovery.__table__.columns).order_by(Discovery.id)).all()
            return [tuple(row) for row in found]

    before = rows()
    assert len(before) == 2
    with open_database(home) as database:
        captures = Captures(database, home.warc)
        again = captures.get(second.record_id)
        assert (again.kind, again.url, again.rendered_by) == ("revisit", "http://odd.gov.cn/list#p2", "Chromium/156")
        assert captures.content(again) == b"<html>list</html>"
    assert content_of(find_record(second.record_id, home), home) == b"<html>list</html>"
    index(home, rebuild=True, processes=1)
    assert rows() == before
    continued = CaptureSession.open(plan(home, server))
    answer = await continued.render("http://odd.gov.cn/list#p2", Ask(purpose="list", render=Render()))
    assert (answer.content, answer.ref.record_id) == (b"<html>list</html>", second.record_id)
    link = Candidate(text="2023", href="1.html", decision="follow", reason="annual_report")
    continued.record_discovery(discovery(continued).model_copy(update={"candidates": [link]}))
    await continued.close()
    assert sum(isinstance(payload, DiscoveryPayload) for payload in payloads(home)) == 2


async def test_another_picture_of_the_same_page_is_kept(server: OddServer, home: Home) -> None:
    await crawl_twice(server, home, (b"\x89PNG", b"\x89PNG 2"))
    kinds = [(record.type, record.uri[:8]) for record in records(home) if record.uri and record.uri.startswith("urn:v")]
    assert kinds == [("resource", "urn:view")] * 2


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


async def test_an_answer_whose_fetch_record_was_torn_off_is_not_asked_for_again(server: OddServer, home: Home) -> None:
    ask = Ask(purpose="report", hints=Hint(portal="odd", list_title="2023"))
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


@pytest.mark.parametrize("changes", [{"complete": False}, {"blocked_by": "ruishu"}])
async def test_a_page_that_was_not_rendered_whole_does_not_replay(
    server: OddServer, home: Home, changes: dict[str, Any]
) -> None:
    ask = Ask(purpose="list", render=Render())
    session = CaptureSession.open(plan(home, server))
    page = {"final_url": "http://odd.gov.cn/list", "screenshot": None, "rendered_by": "Chromium/156"}
    await session.keep_rendered("http://odd.gov.cn/list", ask, b"<html></html>", **page, **changes)
    await session.close("shutdown")
    again = CaptureSession.open(plan(home, server))
    with pytest.raises(CrawlerError, match="needs the browser"):
        await again.render("http://odd.gov.cn/list", ask)
    await again.close()
    assert [record.type for record in records(home)].count("resource") == 1


async def test_an_answer_of_the_same_run_is_given_again_only_when_asked_so(server: OddServer, home: Home) -> None:
    server.hits.clear()
    session = CaptureSession.open(plan(home, server))
    ask = Ask(purpose="subresource", page="http://odd.gov.cn/")
    for _ in range(3):
        await session.fetch("http://odd.gov.cn/target", ask=ask, reuse=True)
    assert server.hits["target"] == 1
    for _ in range(2):
        await session.fetch("http://odd.gov.cn/case", ask=ask)
    assert server.hits["case"] == 2
    await session.close()


async def test_nothing_is_answered_that_cannot_be_kept(
    server: OddServer, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = CaptureSession.open(plan(home, server))
    await session.fetch("http://odd.gov.cn/target")

    def full(*_: Any) -> Any:
        raise WarcError("the disk is full")

    monkeypatch.setattr("archive.warc.WarcWriter.append", full)
    for name in ("case", "gzip"):
        with pytest.raises(WarcError, match="the disk is full"):
            await session.fetch(f"http://odd.gov.cn/{name}")
    assert session.fatal is not None
    monkeypatch.undo()
    await session.close()
    assert [record.uri for record in records(home) if record.type == "response"][1:] == ["http://odd.gov.cn/target"]
    assert not any(isinstance(payload, CrawlEndPayload) for payload in payloads(home))


async def test_the_pace_is_kept_on_the_wire(server: OddServer, home: Home) -> None:
    server.ledger.clear()
    slow = replace(SITE, hosts=("www.odd.gov.cn",), pace=0.15)
    session = CaptureSession.open(plan(home, server, sites=(slow,), pace=None))
    names = (
        "http://odd.gov.cn/target",
        "https://odd.gov.cn/gzip",
        "http://www.odd.gov.cn/case",
        "http://odd.gov.cn/found",
    )
    fetch, times = session._wire.fetch, []

    async def noting(*arguments: Any, **options: Any) -> Any:
        exchange = await fetch(*arguments, **options)
        times.append(exchange.sent)
        return exchange

    session._wire.fetch = noting  # type: ignore[method-assign]
    await asyncio.gather(*(session.fetch(name) for name in names))
    await session.close()
    # When they left, not when the server's thread of this busy process came to read them.
    assert len(times) == len(server.ledger) == 4 + 3  # a robots.txt for each scheme and host
    assert min(later - earlier for earlier, later in itertools.pairwise(sorted(times))) >= 0.149


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
    root = Path(__file__).resolve().parent.parent.parent
    documented = (root / "docs" / "capture.md").read_text()
    source = (root / "crawler" / "capture" / "session.py").read_text()
    names = set(re.findall(r'counts\[f?"(capture/[^"]+)"\]', source))
    assert len(names) >= 12
    for name in names:
        stem = name.partition("{")[0]
        assert f"`{stem}" in documented or stem == "capture/", name
