"""The browser as part of a crawl, with a browser that is none: what it asks for and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Home
from archive.payloads import FetchPayload, read_payload
from archive.warc import scan
from crawler import OutOfScope
from crawler.capture import Ask, CrawlPlan, Render, SitePolicy
from crawler.capture.browser import Rendered as Page
from crawler.capture.rendering import SessionRenderer
from crawler.capture.session import CaptureSession
from tests.crawler.oddserver import GBK, OddServer

URL = "http://odd.gov.cn/target#list"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddServer]:
    with OddServer(tmp_path_factory.mktemp("odd")) as running:
        yield running


class Puppet:
    """Asks the network for the page and one picture, as Chromium would, and draws nothing."""

    closed = False

    async def render(self, url: str, steps: Render, ask: Ask, network: Any, *, jar: str = "", limits: Any) -> Page:
        assert (jar, ask.render) == ("odd.gov.cn", None)
        headers = [(b"User-Agent", b"Chromium gongkai"), (b"Accept", b"*/*")]
        document = await network.fetch(ask, url, method="GET", headers=headers, body=b"")
        assert document.content == GBK
        part = Ask(purpose="subresource", hints=ask.hints, page=url)
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
    answer = await session.render(URL, Ask(purpose="list", render=Render()))
    with pytest.raises(OutOfScope):
        await session.render("http://elsewhere.example.com/", Ask(purpose="list", render=Render()))
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
    payloads = [read_payload(record.block) for record in found if record.type == "metadata"]
    kept = {(p.purpose, p.url, p.rendered_by) for p in payloads if isinstance(p, FetchPayload)}
    assert {
        ("page", URL, None),
        ("subresource", "http://odd.gov.cn/fresh", None),
        ("list", URL, "Puppet/1"),
    } <= kept
    requests = [
        record.block for record in found if record.type == "request" and record.uri == "http://odd.gov.cn/target"
    ]
    assert [b"Accept-Encoding: gzip, deflate\r\n" in block for block in requests] == [True]
