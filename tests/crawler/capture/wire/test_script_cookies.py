"""What a crawl does about challenges: label, and bring a cookie back once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from archive import Home
from archive.metadata import FetchMetadata, read_metadata
from archive.signatures import load_signatures
from archive.warc import scan
from crawler.capture.session import CaptureSession
from crawler.capture.wire.cookies import script_cookie
from crawler.crawl_plan import CrawlPlan, SitePolicy

CHALLENGE = b'<script>document.cookie="C3VK=ab12cd; max-age=300";location.reload()</script>'
PAGE = "<html><body>政府信息公开工作年度报告</body></html>".encode()


def test_a_cookie_that_stands_in_a_small_script() -> None:
    assert script_cookie(CHALLENGE) == b"C3VK=ab12cd; max-age=300"
    assert script_cookie(b"<script>var d=document;d.cookie='C3VK=1a; path=/';location.reload()</script>") == (
        b"C3VK=1a; path=/"
    )
    assert script_cookie(b"""document.cookie = "k=1;path='/';expires=" + day;""") == b"k=1;path='/';expires="
    assert script_cookie(b"document.cookie='bare=7'") == b"bare=7"
    assert script_cookie(b"document.cookie = 'a=' + compute();") is None
    assert script_cookie(b"document.cookie = 'a=1' + rest + ';path=/';") is None
    assert script_cookie(b"<html>no script</html>") is None
    assert script_cookie(CHALLENGE + b" " * 5000) is None


def test_judged_by_the_signatures() -> None:
    assert load_signatures().judge(200, [], CHALLENGE).verdict == "blocked"
    assert load_signatures().judge(200, [], PAGE).ok


@pytest.fixture
async def guarded() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that answers only who brings back its cookie; what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head)
        fields, body = [], PAGE
        if b"/script" in head and b"C3VK=ab12cd" not in head:
            body = CHALLENGE
        elif b"/first" in head and b"CT6T=1" not in head:
            fields, body = [b"Set-Cookie: CT6T=1; Path=/"], b"<html></html>"
        elif b"/never" in head:
            fields, body = [b"Set-Cookie: CT6T=%d; Path=/" % len(asked)], b"<html></html>"
        lines = [b"HTTP/1.1 200 OK", *fields, b"Connection: close", b"Content-Length: %d" % len(body)]
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], asked
    server.close()


def fetches(home: Path) -> list[FetchMetadata]:
    found = [read_metadata(r.block) for file in home.glob("warc/*.gz") for r in scan(file, types={"metadata"})]
    return [payload for payload in found if isinstance(payload, FetchMetadata)]


@pytest.mark.parametrize(
    ("path", "blocked", "times"), [("script", None, 2), ("first", None, 2), ("never", "ct6t", 2), ("free", None, 1)]
)
async def test_a_cookie_is_brought_back_once(
    guarded: tuple[int, list[bytes]], tmp_path: Path, path: str, blocked: str | None, times: int
) -> None:
    port, asked = guarded
    site = SitePolicy("a.gov.cn", pace=0)
    mapped = (f"*:80:127.0.0.1:{port}", f"*:443:127.0.0.1:{port}")
    plan = CrawlPlan(Home.at(tmp_path, create=True), "a", "a", (site,), connect_to=mapped, pace=0)
    session = CaptureSession.open(plan)
    answer = await session.fetch(f"http://a.gov.cn/{path}")
    await session.close()
    assert answer.ref.blocked_by == blocked
    assert len([head for head in asked if b"/robots.txt" not in head]) == times
    mine = [payload for payload in fetches(tmp_path) if payload.purpose == "page"]
    # Every one of them is kept, the challenge labelled.
    assert len(mine) == times
    assert [payload.attempt for payload in mine] == list(range(1, times + 1))
    assert mine[-1].blocked_by == blocked
    if times == 2:
        assert mine[0].blocked_by
