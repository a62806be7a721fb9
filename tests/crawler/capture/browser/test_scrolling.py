"""Lists that grow when their foot comes into view are read to their end."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from crawler import BrowserError
from crawler.capture.browser.browser import Browser
from crawler.capture.request import CaptureRequest, Render
from crawler.crawl_plan import PageLimits
from tests.crawler.capture.browser.test_browser import Network, html

pytestmark = pytest.mark.browser

STYLE = "<style>li{height:900px}#box{height:600px;overflow-y:auto}</style><ul id=l></ul>"
# Each asks for the rows /1 ... /5 one after the other, in the ways that pages have.
ASK = """let n=0,busy=false;function more(){if(busy||n>=5)return;busy=true;fetch('/'+(++n)).then(r=>r.text()).then(t=>{
  l.insertAdjacentHTML('beforeend',t);busy=false})};more();"""
SEEN = f"{STYLE}<div style='height:1500px'></div><p id=end>更多</p><script>{ASK}"
OBSERVER = f"{SEEN}new IntersectionObserver(e=>e[0].isIntersecting&&more()).observe(end)</script>"
EVENT = f"{SEEN}onscroll=()=>{{if(innerHeight+scrollY>document.body.scrollHeight-50)setTimeout(more,100)}}</script>"
BOX = f"<div id=box>{STYLE}</div><script>{ASK}box.onscroll=()=>more()</script>"
SLOW = OBSERVER.replace("isIntersecting&&more()", "isIntersecting&&looks++%2&&more()").replace("let n", "let looks=0,n")
ENDLESS = """<style>li{height:900px}</style><ul id=l></ul><script>let n=0;function add(){for(let i=0;i<3;i++)
  l.insertAdjacentHTML('beforeend','<li>行'+(++n)+'</li>')};add();onscroll=add</script>"""
TURNS = "<ul id=l><li>一<li>二</ul><script>setInterval(()=>l.append(l.firstChild.cloneNode(true)),50)</script>"

URL = "http://www.a.gov.cn/list"
STEPS = Render(scroll=2, grows=True, screenshot=False)


@pytest.mark.parametrize("page", [OBSERVER, EVENT, BOX, SLOW], ids=["observer", "event", "box", "every second look"])
async def test_rows_come_to_the_last(browser: Browser, page: str) -> None:
    rows = {f"http://www.a.gov.cn/{n}": html(f"<li><a href=/{n}.html>{n}</a></li>") for n in range(1, 6)}
    network = Network({URL: html(page), **rows})
    rendered = await browser.render(URL, STEPS, CaptureRequest(purpose="list"), network)
    assert network.urls() == [URL, *rows]
    assert [n for n in range(1, 6) if f'<a href="/{n}.html">' in rendered.html.decode()] == [1, 2, 3, 4, 5]
    assert rendered.complete


async def test_a_list_without_end_is_bounded_and_said(browser: Browser) -> None:
    limits = PageLimits(scrolls=5)
    endless = await browser.render(URL, STEPS, CaptureRequest(), Network({URL: html(ENDLESS)}), limits=limits)
    assert not endless.complete
    assert "grows on and on" in endless.problems[0]
    turns = await browser.render(URL, STEPS, CaptureRequest(), Network({URL: html(TURNS)}), limits=limits)
    assert turns.complete


async def test_a_page_that_keeps_itself_busy_is_given_up(browser: Browser) -> None:
    busy = "<li>x</li><script>onload=()=>setTimeout(()=>{for(;;);},500)</script>"
    steps, limits = replace(STEPS, timeout=5), PageLimits(busy=3)
    with pytest.raises(BrowserError, match="keeps it busy"):
        await asyncio.wait_for(
            browser.render(URL, steps, CaptureRequest(), Network({URL: html(busy)}), limits=limits), 120
        )
