"""From a site's turn to an answer on disk: pace, dead connections, what an answer is."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import Any

import pytest

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.index.indexer import index
from archive.metadata import FetchMetadata
from archive.signatures import Judgement, Signatures
from crawler.capture.session import CaptureSession
from tests.crawler.capturing import SITE, payloads, plan, records
from tests.crawler.oddserver import OddServer


async def test_a_kept_connection_that_died_is_tried_once_more_and_both_are_recorded(
    server: OddServer, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = CaptureSession.open(plan(home, server))
    await session.fetch("http://odd.gov.cn/target")
    from crawler.capture.wire import connection

    # The server's close must not be noticed before the next request is on its way.
    original = connection.Connection.exchange

    async def die_first(self: Any, payload: bytes, reader: Any, *rest: float) -> None:
        monkeypatch.setattr(connection.Connection, "exchange", original)
        reader.eof()

    monkeypatch.setattr(connection.Connection, "exchange", die_first)
    answer = await session.fetch("http://odd.gov.cn/case")
    await session.close()
    assert answer.status == 200
    mine = [p for p in payloads(home) if isinstance(p, FetchMetadata) and p.url.endswith("/case")]
    assert [(p.attempt, p.failure and p.failure.kind, p.status) for p in mine] == [(1, "reset", None), (2, None, 200)]
    assert len([r for r in records(home) if r.type == "request" and r.uri == "http://odd.gov.cn/case"]) == 2


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


async def test_an_answer_is_judged_once_and_again_only_when_it_is_read_back(
    server: OddServer, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[int | None] = []
    judge = Signatures.judge

    def noting(self: Signatures, status: int | None, headers: Any, content: bytes) -> Judgement:
        judged.append(status)
        return judge(self, status, headers, content)

    session = CaptureSession.open(plan(home, server))
    await session.fetch("http://odd.gov.cn/target")
    monkeypatch.setattr(Signatures, "judge", noting)
    answer = await session.fetch("http://odd.gov.cn/case")
    assert (judged, answer.ref.judgement) == ([200], Judgement("ok"))
    await session.close("shutdown")
    again = CaptureSession.open(plan(home, server))
    assert (await again.fetch("http://odd.gov.cn/case")).ref.replayed
    assert judged == [200, 200]
    await again.close("shutdown")


async def test_a_304_is_judged_by_what_it_confirms(
    server: OddServer, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = CaptureSession.open(plan(home, server))
    assert (await session.fetch("http://odd.gov.cn/conditional")).status == 200
    await session.close()
    index(home, processes=1)
    missing = Judgement("soft404", "of today")
    monkeypatch.setattr(Signatures, "judge", lambda _self, status, *_: missing if status == 200 else Judgement("ok"))
    with open_database(home) as database:
        session = CaptureSession.open(plan(home, server, prior=Captures(database, home.warc)))
        answer = await session.fetch("http://odd.gov.cn/conditional")
        await session.close()
    assert (answer.wire_status, answer.status, answer.ref.judgement) == (304, 200, missing)
