"""The records of an exchange and of a crawl."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Home
from archive.access.captures import Prior
from archive.metadata import FetchMetadata, TlsFacts, read_metadata
from archive.warc import HttpMessage
from archive.warc.location import RecordLocation
from crawler.capture import records
from crawler.capture.records import KEPT_BYTES
from crawler.capture.request import CaptureRequest, PendingRequest
from crawler.capture.wire.client import Exchange
from crawler.crawl_plan import CrawlPlan, SitePolicy

STARTED = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
OK = b"HTTP/1.1 200 OK\r\nX: 1\r\n\r\nbody"
WHERE = RecordLocation(record_id="urn:uuid:1", file="f.warc.gz", offset=3, length=4)
PRIOR = Prior(WHERE, STARTED, "http://a/", "sha256:X", None, None)


def made(kind: Any, response: bytes = OK, *, identical: bool = False, **facts: Any) -> list[Any]:
    ask = CaptureRequest()
    asked = PendingRequest("http://a/#f", "GET", [], b"", ask, ask.key("GET", "http://a/#f"), prior=PRIOR)
    exchange = Exchange("http://a/", "GET", STARTED, **{"request": b"GET / HTTP/1.1\r\n\r\n", **facts})
    exchange.response = response
    payload = records.fetch_payload("c", asked, exchange, kind=kind, tls=exchange.tls, blocked_by=None)
    return records.exchange_drafts(asked, exchange, HttpMessage.parse(response), payload, kind, identical=identical)


def test_the_fragment_is_known_and_not_asked() -> None:
    drafts = made("response")
    assert [draft.uri for draft in drafts] == ["http://a/", "http://a/", "urn:gongkai:fetch:http://a/"]
    payload = read_metadata(drafts[-1].block)
    assert isinstance(payload, FetchMetadata)
    assert payload.url == "http://a/#f"
    assert {draft.date for draft in drafts} == {"2026-01-02T03:04:05.678901Z"}


def test_what_a_revisit_holds() -> None:
    identical = made("revisit", identical=True)[0]
    assert identical.block == b"HTTP/1.1 200 OK\r\nX: 1\r\n\r\n"
    unchanged = made("revisit", b"HTTP/1.1 304 Not Modified\r\n\r\n")[0]
    assert unchanged.block == b"HTTP/1.1 304 Not Modified\r\n\r\n"
    for draft in (identical, unchanged):
        fields = dict(draft.headers)
        assert fields["WARC-Refers-To"] == "<urn:uuid:1>"
        assert fields["WARC-Refers-To-Date"] == "2026-01-02T03:04:05.678901Z"
    payload = read_metadata(made("revisit", identical=True)[-1].block)
    assert isinstance(payload, FetchMetadata)
    assert payload.original is not None
    assert (payload.original.file, payload.original.offset, payload.original.length) == ("f.warc.gz", 3, 4)


def test_without_an_answer_the_request_stands_alone_and_without_a_request_the_metadata() -> None:
    assert [draft.type for draft in made("none", b"")] == ["request", "metadata"]
    assert [draft.type for draft in made("none", b"", request=b"")] == ["metadata"]


def test_protocols_are_named() -> None:
    fields = made("response", tls=TlsFacts(version="TLSv1.2", cipher="AES128-SHA"))[0].headers
    assert [value for name, value in fields if name == "WARC-Protocol"] == ["http/1.1", "tls/1.2"]
    assert ("WARC-Cipher-Suite", "AES128-SHA") in fields


@pytest.mark.parametrize(("field", "name"), [("after", "excess"), ("before", "interim"), ("garbage", "garbage")])
@pytest.mark.parametrize("size", [5, KEPT_BYTES, KEPT_BYTES + 5, 1_000_000])
def test_bytes_that_no_http_record_can_hold_are_kept_all_the_same(field: str, name: str, size: int) -> None:
    data = b"\0[[{" * (size // 4) + b"x" * (size % 4)
    drafts = made("response", **{field: data})
    payload = read_metadata(drafts[-1].block)
    assert isinstance(payload, FetchMetadata)
    kept = base64.b64decode(getattr(payload, name))
    beside = [draft for draft in drafts if (draft.uri or "").startswith(f"urn:gongkai:{name}:")]
    assert kept == data[:KEPT_BYTES]
    assert [draft.block for draft in beside] == ([data] if size > KEPT_BYTES else [])
    assert getattr(payload, f"{name}_bytes") == (size if name == "excess" or size > KEPT_BYTES else None)
    assert [read_metadata(draft.block) for draft in beside] == [None] * len(beside)


@pytest.mark.parametrize("connect_to", [(), ("*:80:127.0.0.1:1",)])
def test_a_crawl_says_whether_it_is_made_up(connect_to: tuple[str, ...]) -> None:
    plan = CrawlPlan(Home(Path("x")), "a", "all", (SitePolicy("a.gov.cn"),), connect_to=connect_to)
    payload = records.crawl_payload(plan, "c", STARTED)
    assert payload.made_up == bool(connect_to)
    assert payload.software["gongkai"]
    fields = records.warcinfo_fields(plan, "c", "agent")
    assert ("NOT OBTAINED" in fields.get("description", "")) == bool(connect_to)
    assert fields["robots"].startswith("obey")
    assert "operator" not in fields


def test_a_file_says_who_made_it_with_what() -> None:
    plan = CrawlPlan(Home(Path("x")), "a", "all", (SitePolicy("a.gov.cn"),), configuration="0ab1", operator="县档案馆")
    fields = records.warcinfo_fields(plan, "c", "agent")
    assert (fields["operator"], fields["configuration"]) == ("县档案馆", "0ab1")
    assert {part.partition("/")[0] for part in fields["software"].split()} >= {"gongkai", "scrapy", "isal", "python"}
