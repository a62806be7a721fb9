"""Byte-exact capture, read back with two implementations that are not ours; what stands beside it."""

from __future__ import annotations

import asyncio
import base64
from collections import defaultdict
from typing import Any

import pytest
from fastwarc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator

from archive import Home, WarcError
from archive.metadata import CrawlEndMetadata, FetchMetadata, Hint, read_metadata
from crawler import CrawlerError, WireError
from crawler.capture.request import CaptureRequest, Render
from crawler.capture.session import CaptureSession
from tests.crawler.capturing import payloads, plan, records
from tests.crawler.oddserver import CASES, GBK, LEFT_OUT, OddServer


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
        one("echo", method="POST", body=b"a=1&b=\xc4\xe3\x00\xff", ask=CaptureRequest(purpose="api")),
        one("target?q=%CD%A8%D6%AA&x=a+b"),
        one("target?from=302#fragment"),
    )


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_every_odd_exchange_stands_in_the_warc_byte_for_byte(server: OddServer, home: Home, scheme: str) -> None:
    server.ledger.clear()
    session = CaptureSession.open(plan(home, server))
    await ask_all(session, scheme)
    await session.close()
    sent = len(by_warcio(home)["request"])
    for _ in range(40):  # the server's threads may come to write the last ones down after we have gone
        if len(server.ledger) >= sent:
            break
        await asyncio.sleep(0.05)
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
    beside = {payload.url: payload for payload in payloads(home) if isinstance(payload, FetchMetadata)}
    interim, excess = "http://odd.gov.cn/interim", "http://odd.gov.cn/excess"
    assert base64.b64decode(beside[interim].interim) + blocks[interim] == CASES["interim"][0]
    assert blocks[excess] + base64.b64decode(beside[excess].excess) == CASES["excess"][0]
    assert beside[excess].excess_bytes == 1900


async def test_records_of_an_exchange_belong_together_and_say_what_was_known(server: OddServer, home: Home) -> None:
    session = CaptureSession.open(plan(home, server))
    hints = Hint(portal="odd", column="http://odd.gov.cn/list", list_title="年度报告", list_date="2024-01-31")
    answer = await session.fetch(
        "https://odd.gov.cn/gzip", ask=CaptureRequest(purpose="report", hints=hints), attempt=2
    )
    await session.close()
    response, request, metadata = [
        record for record in records(home) if (record.uri or "").endswith("https://odd.gov.cn/gzip")
    ]
    assert [response.type, request.type, metadata.type] == ["response", "request", "metadata"]
    # Not the URL itself: pywb would replay the metadata in place of the page.
    assert metadata.uri == "urn:gongkai:fetch:https://odd.gov.cn/gzip"
    assert answer.ref.record_id == response.id
    assert answer.ref.location == response.location
    assert request.header("WARC-Concurrent-To") == metadata.header("WARC-Concurrent-To") == f"<{response.id}>"
    assert response.date == request.date == metadata.date == answer.date
    assert response.header("WARC-IP-Address") == "127.0.0.1"
    assert response.header_all("WARC-Protocol") == ["http/1.1", "tls/1.3"]
    assert response.header("WARC-Cipher-Suite")
    payload = read_metadata(metadata.block)
    assert isinstance(payload, FetchMetadata)
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
    facts = [payload.tls for payload in payloads(home) if isinstance(payload, FetchMetadata)]
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
        if isinstance(payload, FetchMetadata)
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
    garbage = next(p for p in payloads(home) if isinstance(p, FetchMetadata) and p.url.endswith("garbage"))
    assert base64.b64decode(garbage.garbage) == b"SSH-2.0-OpenSSH_9.2\r\n"


async def test_a_rendered_page_is_kept_whole_and_replays(server: OddServer, home: Home) -> None:
    ask = CaptureRequest(purpose="list", render=Render(wait_for="ul li"))
    session = CaptureSession.open(plan(home, server))
    ref = await session.recorder.keep_rendered(
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
        await again.render("http://odd.gov.cn/list#page2", CaptureRequest(purpose="list", render=Render(scroll=1)))
    await again.close()
    uris = [record.uri for record in records(home) if record.type == "resource"]
    assert uris == ["urn:dom:http://odd.gov.cn/list", "urn:view:http://odd.gov.cn/list"]
    [text] = [record for record in records(home) if record.type == "conversion"]
    assert (text.uri, text.block.decode()) == ("urn:text:http://odd.gov.cn/list", "目录")
    assert text.header("WARC-Refers-To") == f"<{ref.record_id}>"


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
    assert not any(isinstance(payload, CrawlEndMetadata) for payload in payloads(home))
