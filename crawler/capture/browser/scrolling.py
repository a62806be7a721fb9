"""Scrolling a page to its foot, as a reader of a list does: further rows come when the foot comes into view.

A page sees by its frames what comes into view (``IntersectionObserver``), and is told of it a moment later: each scroll
is followed by two of them and that moment, else it is told at once of leaving and coming back, and many look at the
first of these alone. A scroll begins at the top, since rows that are put in above a foot in view leave it there, where
it comes into view no more.
What it fetches is waited for. Boxes of the page that scroll by themselves are scrolled along.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from crawler.capture.browser.visit import Visit
from crawler.capture.browser.waiting import Wait
from crawler.capture.request import Render

if TYPE_CHECKING:
    from playwright.async_api import Page

_STILL = 3  # scrolls in a row that bring nothing, behind which nothing is expected: rows may come between two looks

# Where frames are not drawn (a page that keeps itself busy), two seconds stand for them: a slow machine needs one.
_SCROLL = """
async () => {
  const frames = () => new Promise(done => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))); setTimeout(done, 2000);
  });
  const boxes = [...document.querySelectorAll('body *')].filter(one =>
    one.scrollHeight > one.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(one).overflowY));
  for (const foot of [false, true]) {
    for (const box of boxes) box.scrollTop = foot ? box.scrollHeight : 0;
    window.scrollTo(0, foot ? document.documentElement.scrollHeight : 0);
    await frames();
  }
}
"""
# Entries that differ: what turns or flashes (tickers, clocks) brings no new ones.
_ENTRIES = """
() => new Set([...document.querySelectorAll('a, li, tr')].map(one => one.href || one.textContent.trim())).size
"""


async def scroll_page(
    page: Page, steps: Render, visit: Visit, wait: Wait, settle: Callable[[], Awaitable[None]]
) -> None:
    """Scroll as often as the steps say and, where they say so, as long as that brings new entries.

    Args:
        page: the window.
        steps: how often (``scroll``), and whether further while it ``grows``.
        visit: is told when the page grows beyond what it may.
        wait: waits as long as the page makes progress.
        settle: waits for the network to fall silent.
    """
    done, held, still = 0, 0, 0
    while steps.scroll:
        before, held = held, int(await wait(page.evaluate(_ENTRIES)))  # a page that keeps itself busy says nothing
        still = 0 if held > before else still + 1
        if done >= steps.scroll and (not steps.grows or still >= _STILL):
            return
        if done >= visit.limits.scrolls:
            visit.grows_on()
            return
        await wait(page.evaluate(_SCROLL))
        await wait(settle())
        done += 1
