"""What a run does about challenges: cookie, browser, and the end of a host that nothing gets past."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from archive import Home
from crawler import BrowserError, HeldBack
from crawler.capture.answer import Answer
from crawler.capture.request import CaptureRequest
from crawler.capture.session import CaptureSession
from crawler.crawl_plan import CrawlPlan, SitePolicy

PAGE = "<html><body>政府信息公开工作年度报告</body></html>".encode()
RUISHU = b"<html><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=4711;</script></html>"
GATE = b"<script>document.cookie=['ga','te=','open'].join('')+';path=/';location.reload()</script>"
LITERAL = b"<script>document.cookie='C3VK=1a; path=/; max-age=300';location.reload()</script>"
SLIDER = "<p>请拖动滑块完成验证</p>".encode()


def _said(host: bytes, path: bytes, cookie: bytes) -> tuple[bytes, list[bytes], bytes]:
    """What a host answers: status line, fields, body."""
    if host.startswith(b"ruishu"):  # whoever brings the cookie back gets an empty 400
        return (b"400 Bad Request", [], b"") if cookie else (b"412 No", [b"Set-Cookie: ticket=4711; path=/"], RUISHU)
    if host.startswith(b"unknown"):
        return (b"400 Bad Request", [], b"") if cookie else (b"412 No", [b"Set-Cookie: ticket=4711; path=/"], b"")
    if host.startswith(b"gate"):
        return (b"200 OK", [], PAGE) if b"gate=open" in cookie else (b"521 No", [], GATE)
    if host.startswith(b"literal"):
        return b"200 OK", [], PAGE if b"C3VK=1a" in cookie or path.startswith(b"/free") else LITERAL
    if host.startswith(b"slider") or (host.startswith(b"part") and path.startswith(b"/search")):
        return b"200 OK", [b"Set-Cookie: s=1"], SLIDER
    if host.startswith(b"forbidden"):
        return b"403 Forbidden", [], b"no"
    return b"200 OK", [], PAGE


@pytest.fixture
async def guarded() -> AsyncIterator[tuple[int, list[tuple[bytes, bytes]]]]:
    """A server that plays several hosts; what it was asked: address and head."""
    asked: list[tuple[bytes, bytes]] = []
    together = asyncio.Barrier(4)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        fields = {
            line.partition(b":")[0].lower(): line.partition(b":")[2].strip() for line in head.split(b"\r\n")[1:] if line
        }
        path = head.split(b" ")[1]
        if path == b"/robots.txt":
            status, more, body = b"404 Not Found", [], b""
        else:
            asked.append((path, head))
            status, more, body = _said(fields[b"host"], path, fields.get(b"cookie", b""))
            if path.startswith(b"/together") and body == LITERAL:
                await together.wait()
        lines = [b"HTTP/1.1 " + status, *more, b"Connection: close", b"Content-Length: %d" % len(body)]
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], asked
    server.close()


class Passes:
    """A browser that runs the gate's script, and nothing else's."""

    def __init__(self, session: CaptureSession, error: Exception | None = None) -> None:
        self.session = session
        self.error = error
        self.shown: list[str] = []

    async def pass_challenge(self, url: str, ask: CaptureRequest, given: Answer) -> tuple[bool, Answer | None]:
        self.shown.append(url)
        if self.error is not None:
            raise self.error
        if given.content != GATE:
            return False, None
        headers = [(b"User-Agent", b"Chrome/1"), (b"Cookie", b"gate=open")]
        answer = await self.session.fetch(url, headers=headers, ask=ask, browser=True)
        jar = [{"name": "gate", "value": "open", "domain": "gate.gov.cn", "path": "/"}]
        self.session.challenges.adopt(url, jar, b"Chrome/1")
        return True, answer

    async def render(self, *_: Any, **__: Any) -> Any:
        raise AssertionError

    async def close(self) -> None:
        pass


def opened(home: Path, port: int, *hosts: str) -> CaptureSession:
    mapped = (f"*:80:127.0.0.1:{port}", f"*:443:127.0.0.1:{port}")
    sites = tuple(SitePolicy(host, pace=0, concurrency=4) for host in hosts)
    return CaptureSession.open(CrawlPlan(Home.at(home, create=True), "a", "a", sites, connect_to=mapped, pace=0))


async def test_the_browsers_cookies_and_name_go_with_later_requests(guarded: Any, tmp_path: Path) -> None:
    port, asked = guarded
    session = opened(tmp_path, port, "gate.gov.cn")
    browser = Passes(session)
    session.renderer = browser
    first = await session.fetch("http://gate.gov.cn/list", ask=CaptureRequest(purpose="list"))
    second = await session.fetch("http://gate.gov.cn/report", ask=CaptureRequest(purpose="report"))
    await session.close()
    assert (first.content, second.content) == (PAGE, PAGE)
    assert browser.shown == ["http://gate.gov.cn/list"]
    # The challenge, what the browser asked for behind it, and the report: nothing was asked for twice.
    assert [path for path, _ in asked] == [b"/list", b"/list", b"/report"]
    assert b"User-Agent: Chrome/1" in asked[2][1]
    assert b"Cookie: gate=open" in asked[2][1]


@pytest.mark.parametrize("ask", [CaptureRequest(purpose="list", browser=False), CaptureRequest(purpose="list")])
async def test_without_a_browser_the_challenge_keeps_its_name(
    guarded: Any, tmp_path: Path, ask: CaptureRequest
) -> None:
    port, asked = guarded
    session = opened(tmp_path, port, "gate.gov.cn")
    session.renderer = Passes(session, BrowserError("no Chromium was found", subject="rendering"))
    answer = await session.fetch("http://gate.gov.cn/list", ask=ask)
    await session.close()
    assert answer.challenge == "jiasule_521"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("host", "signature", "times"), [("ruishu.gov.cn", "ruishu", 2), ("slider.gov.cn", "slider", 2),
                                     ("unknown.gov.cn", "http_412", 4)]
)  # fmt: skip
async def test_a_host_that_nothing_gets_past_is_asked_no_more(
    guarded: Any, tmp_path: Path, host: str, signature: str, times: int
) -> None:
    port, asked = guarded
    session = opened(tmp_path, port, host)
    session.renderer = Passes(session)
    urls = [f"http://{host}/{year}/" for year in range(2019, 2026)]
    said = await asyncio.gather(*(session.fetch(url) for url in urls), return_exceptions=True)
    await session.close()
    answers = [entry for entry in said if isinstance(entry, Answer)]
    # An empty 400 to whoever brings the cookie back takes nothing from the challenge.
    assert [answer.challenge for answer in answers] == [signature] * 2
    held = [entry for entry in said if isinstance(entry, HeldBack)]
    assert len(held) == 5
    assert f"is blocked by {signature}" in str(held[0])
    assert len(asked) == times


async def test_a_challenge_on_some_pages_or_a_refusal_ends_no_host(guarded: Any, tmp_path: Path) -> None:
    port, asked = guarded
    session = opened(tmp_path, port, "part.gov.cn", "forbidden.gov.cn")
    session.renderer = Passes(session)
    for number in range(8):
        assert (await session.fetch(f"http://part.gov.cn/{number}")).content == PAGE
        assert (await session.fetch(f"http://part.gov.cn/search?{number}")).challenge == "slider"
        assert (await session.fetch(f"http://forbidden.gov.cn/{number}")).challenge == "http_403"
    await session.close()
    assert len(asked) == 24


async def test_a_literal_cookie_goes_back_where_its_script_says(guarded: Any, tmp_path: Path) -> None:
    port, asked = guarded
    session = opened(tmp_path, port, "literal.gov.cn")
    for path in ("/zfxxgk/nb.html", "/public/2.html", "/"):
        assert (await session.fetch(f"http://literal.gov.cn{path}")).content == PAGE
    await session.close()
    assert [path for path, _ in asked] == [b"/zfxxgk/nb.html", b"/zfxxgk/nb.html", b"/public/2.html", b"/"]


async def test_of_several_that_are_challenged_at_once_each_is_asked_anew(guarded: Any, tmp_path: Path) -> None:
    port, asked = guarded
    session = opened(tmp_path, port, "literal.gov.cn")
    await session.fetch("http://literal.gov.cn/free")
    urls = [f"http://literal.gov.cn/together/{number}" for number in range(4)]
    answers = await asyncio.gather(*(session.fetch(url) for url in urls))
    await session.close()
    assert [answer.content for answer in answers] == [PAGE] * 4
    assert len(asked) == 1 + 4 + 4
