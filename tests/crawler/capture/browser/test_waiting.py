"""Waits end: with what is awaited, with their time, with the run."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from crawler import HeldBack
from crawler.capture.browser import waiting
from crawler.capture.browser.browser import Browser
from crawler.capture.browser.visit import Visit
from crawler.capture.browser.waiting import wait_within
from crawler.capture.request import CaptureRequest, Render
from crawler.crawl_plan import PageLimits
from tests.crawler.capture.browser.test_browser import Network, html


def go_on() -> None:
    """The run goes on."""


async def test_what_is_awaited_comes_back_or_raises_its_own_error() -> None:
    async def said() -> str:
        await asyncio.sleep(0.01)
        return "年报"

    async def failed() -> None:
        raise LookupError("gone")

    assert await wait_within(said(), lambda: 9.0, go_on) == "年报"
    with pytest.raises(LookupError, match="gone"):
        await wait_within(failed(), lambda: 9.0, go_on)


async def test_it_is_given_up_when_its_time_is_over_and_progress_gives_it_longer() -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    told = [begun + 0.1, begun + 0.3, begun + 0.3]

    def left() -> float:
        return (told.pop(0) if len(told) > 1 else told[0]) - loop.time()

    with pytest.raises(TimeoutError):
        await wait_within(asyncio.Event().wait(), left, go_on)
    assert loop.time() - begun >= 0.3


@pytest.mark.parametrize("stubborn", [False, True])
async def test_a_run_that_is_being_ended_waits_for_nothing(monkeypatch: pytest.MonkeyPatch, *, stubborn: bool) -> None:
    """Not even for what does not end when it is told to."""
    monkeypatch.setattr(waiting, "LETTING_GO", 0.2)
    ended = asyncio.Event()

    async def endless() -> None:
        while not ended.is_set():
            try:
                await asyncio.wait_for(ended.wait(), 60)
            except asyncio.CancelledError:
                if not stubborn:
                    raise

    loop = asyncio.get_running_loop()
    stop_at = loop.time() + 0.6

    def stopping() -> None:
        if loop.time() >= stop_at:
            raise HeldBack("the run is being ended")

    begun = time.monotonic()
    with pytest.raises(HeldBack, match="being ended"):
        await wait_within(endless(), lambda: 600.0, stopping)
    assert time.monotonic() - begun < 30
    ended.set()


SHOW = "document.getElementById('x').innerHTML='<a href=/1.html>年报</a>'"
LATE = {
    "timer": f"setTimeout(()=>{{{SHOW}}},6000)",
    "request": f"setTimeout(()=>fetch('/rows').then(()=>setTimeout(()=>{{{SHOW}}},1500)),2500)",
    "steps": f"setTimeout(()=>{{x.textContent='Loading...';setTimeout(()=>{{{SHOW}}},3000)}},2000)",
    "click": f"b.onclick=()=>{{x.textContent='请稍候';setTimeout(()=>{{{SHOW}}},4000)}};x.textContent='列表'",
}


@pytest.mark.browser
@pytest.mark.parametrize("late", LATE)
async def test_a_page_that_says_that_it_is_loading_is_waited_for(browser: Browser, late: str) -> None:
    page = f"<div id=x>正在加载...</div><button id=b>更多</button><script>{LATE[late]}</script>"
    network = Network({"http://www.a.gov.cn/": html(page), "http://www.a.gov.cn/rows": html("")})
    steps = Render(scroll=2, grows=True, screenshot=False, clicks=("#b",) if late == "click" else ())
    rendered = await browser.render("http://www.a.gov.cn/", steps, CaptureRequest(purpose="list"), network)
    assert '<a href="/1.html">' in rendered.html.decode()
    assert rendered.complete


@pytest.mark.browser
@pytest.mark.parametrize(("words", "least", "most"), [("数据加载中", 2.0, 60.0), ("downloading 加载更多", 0.0, 0.0)])
async def test_a_page_that_says_so_for_ever_is_read_as_it_stands(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, words: str, least: float, most: float
) -> None:
    visits: list[Visit] = []

    def visit(*given: Any) -> Visit:
        visits.append(Visit(*given))
        return visits[-1]

    monkeypatch.setattr("crawler.capture.browser.browser.Visit", visit)
    network = Network({"http://www.a.gov.cn/": html(f"<p>{words}</p>")})
    rendered = await browser.render(
        "http://www.a.gov.cn/",
        Render(screenshot=False, clicks=("p", "p")),
        CaptureRequest(purpose="list"),
        network,
        limits=PageLimits(loading=2.0),
    )
    assert rendered.complete
    assert least <= visits[0].spent.loading <= most
