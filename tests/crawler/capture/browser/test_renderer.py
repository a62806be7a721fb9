"""The browser as part of a crawl, with a browser that is none: what it asks for and what is kept of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Home
from archive.metadata import FetchMetadata, read_metadata
from archive.warc import scan
from crawler import OutOfScope
from crawler.capture.browser.browser import DrawnPage as Page
from crawler.capture.browser.renderer import SessionRenderer
from crawler.capture.request import CaptureRequest, Render
from crawler.capture.session import CaptureSession
from crawler.crawl_plan import CrawlPlan, SitePolicy
from tests.crawler.oddserver import GBK, OddServer

URL = "http://odd.gov.cn/target#list"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddServer]:
    with OddServer(tmp_path_factory.mktemp("odd")) as running:
        yield running


class Puppet:
    """Asks the network for the page and one picture, as Chromium would, and draws nothing."""

    closed = False

    async def render(
        self, url: str, steps: Render, ask: CaptureRequest, network: Any, *, jar: str = "", limits: Any
    ) -> Page:
        assert (jar, ask.render) == ("odd.gov.cn", None)
        headers = [(b"User-Agent", b"Chromium gongkai"), (b"Accept", b"*/*")]
        document = await network.fetch(ask, url, method="GET", headers=headers, body=b"")
        assert document.content == GBK
        part = CaptureRequest(purpose="subresource", hints=ask.hints, page=url)
        for _ in range(2):
            await network.fetch(part, "http://odd.gov.cn/fresh", method="GET", headers=headers, body=b"")
        return Page(
            html=b"<html>drawn</html>",
            text=b"drawn",
            url="http://odd.gov.cn/target",
            status=200,
            screenshot=b"\x89PNG",
            failures=(),
            requests=3,
            complete=True,
            software="Puppet/1",
        )

    async def close(self) -> None:
        self.closed = True


async def test_the_page_goes_out_through_the_session_and_is_kept_there(server: OddServer, tmp_path: Path) -> None:
    home = Home.at(tmp_path, create=True)
    site = SitePolicy("odd.gov.cn", pace=0)
    session = CaptureSession.open(CrawlPlan(home, "odd", "all", (site,), connect_to=server.connect_to(), pace=0))
    renderer = session.renderer = SessionRenderer(session)
    puppet = renderer._browser = Puppet()  # type: ignore[assignment]
    server.hits.clear()
    answer = await session.render(URL, CaptureRequest(purpose="list", render=Render()))
    with pytest.raises(OutOfScope):
        await session.render("http://elsewhere.example.com/", CaptureRequest(purpose="list", render=Render()))
    await renderer.close()
    await session.close()
    assert puppet.closed
    assert (answer.content, answer.final_url, answer.ref.kind) == (
        b"<html>drawn</html>",
        "http://odd.gov.cn/target",
        "rendered",
    )
    # What a browser's cache gives a second time the portal is asked for once.
    assert dict(server.hits) == {"robots.txt": 1, "target": 1, "fresh": 1}
    found = [record for path in home.warc.glob("*.warc.gz") for record in scan(path)]
    payloads = [read_metadata(record.block) for record in found if record.type == "metadata"]
    kept = {(p.purpose, p.url, p.rendered_by) for p in payloads if isinstance(p, FetchMetadata)}
    assert {
        ("page", URL, None),
        ("subresource", "http://odd.gov.cn/fresh", None),
        ("list", URL, "Puppet/1"),
    } <= kept
    requests = [
        record.block for record in found if record.type == "request" and record.uri == "http://odd.gov.cn/target"
    ]
    assert [b"Accept-Encoding: gzip, deflate\r\n" in block for block in requests] == [True]


async def test_an_event_stream_is_read_for_a_while_and_asked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.capture.fetcher.EVENTS_SECONDS", 1.0)
    asked: list[bytes] = []
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.split(b" ")[1])
        if asked[-1] == b"/robots.txt":
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: [1]\n\n")
        with contextlib.suppress(OSError):
            while True:
                await asyncio.sleep(0.1)
                writer.write(b": beat\n\n")
                await writer.drain()
        writer.close()
        ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    plan = CrawlPlan(
        Home.at(tmp_path, create=True), "a", "all", (SitePolicy("a.gov.cn", pace=0),),
        connect_to=(f"*:80:127.0.0.1:{port}",), pace=0,
    )  # fmt: skip
    session = CaptureSession.open(plan)
    ask = CaptureRequest(purpose="subresource", page="http://a.gov.cn/")
    answer = await SessionRenderer(session).fetch(
        ask, "http://a.gov.cn/ev", method="GET", headers=[(b"Accept", b"text/event-stream")], body=b""
    )
    await session.close()
    await asyncio.wait_for(ended.wait(), 60)
    server.close()
    await server.wait_closed()
    assert answer.content.startswith(b"data: [1]\n\n: beat\n\n")
    assert (answer.status, answer.truncated) == (200, "time")
    assert asked == [b"/robots.txt", b"/ev"]


async def test_a_file_that_a_page_read_in_pieces_is_asked_for_whole(tmp_path: Path) -> None:
    file = b"%PDF-1.4\n" + b"x" * 91
    asked: list[tuple[bytes, bool]] = []
    served: list[asyncio.Task[Any] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                target, ranged = head.split(b" ")[1], b"\r\nRange: bytes=0-9\r\n" in head
                asked.append((target, ranged))
                body, status, more = file, b"200 OK", b""
                if target in {b"/robots.txt", b"/gone.pdf"} and not ranged:
                    body, status = b"", b"404 Not Found"
                elif ranged:
                    body, status, more = file[:10], b"206 Partial Content", b"Content-Range: bytes 0-9/100\r\n"
                writer.write(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, more, len(body), body))
        writer.close()
        await writer.wait_closed()

    class Viewer(Puppet):
        async def render(
            self, url: str, steps: Render, ask: CaptureRequest, network: Any, *, jar: str = "", limits: Any
        ) -> Page:
            for name in ("a.pdf", "gone.pdf"):
                part = CaptureRequest(purpose="subresource", page=url)
                headers = [(b"Accept", b"*/*"), (b"Range", b"bytes=0-9")]
                answer = await network.fetch(part, f"http://a.gov.cn/{name}", method="GET", headers=headers, body=b"")
                assert answer.content == file[:10]
            return Page(b"<p>x</p>", b"x", url, 200, None, (), 2, complete=True, software="Puppet/1")

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    home = Home.at(tmp_path, create=True)
    plan = CrawlPlan(
        home, "a", "all", (SitePolicy("a.gov.cn", pace=0),), connect_to=(f"*:80:127.0.0.1:{port}",), pace=0
    )
    session = CaptureSession.open(plan)
    renderer = session.renderer = SessionRenderer(session)
    renderer._browser = Viewer()  # type: ignore[assignment]
    answer = await session.render("http://a.gov.cn/view", CaptureRequest(purpose="report", render=Render()))
    await session.close()
    server.close()
    await asyncio.wait_for(asyncio.gather(*(task for task in served if task)), 60)
    await server.wait_closed()
    assert (answer.content, answer.failure) == (b"<p>x</p>", None)
    assert asked[1:] == [(b"/a.pdf", True), (b"/gone.pdf", True), (b"/a.pdf", False), (b"/gone.pdf", False)]
    kept = [record.block for path in home.warc.glob("*.warc.gz") for record in scan(path, types={"response"})]
    assert any(block.endswith(file) for block in kept)
