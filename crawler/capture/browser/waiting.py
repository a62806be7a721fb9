"""Waiting for the browser, and no longer than that makes sense.

Chromium answers what it is asked when it comes to it, and a page that keeps itself busy never lets it. So nothing is
awaited without a limit, and every wait looks up to see whether the run goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.capture.browser.visit import Visit
from crawler.wording import link_words

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

T = TypeVar("T")
Wait = Callable[[Awaitable[Any]], Awaitable[Any]]
"""Waits for what Chromium was asked, as long as that makes sense, and hands its answer on."""

LOOK_UP = 0.5
"""Seconds after which it is seen whether waiting still makes sense."""
LETTING_GO = 3.0
"""Seconds that what was given up may take to end."""
_QUIET = 0.4  # seconds without a request under way after which a page counts as settled


async def wait_within(awaited: Awaitable[T], left: Callable[[], float], go_on: Callable[[], None]) -> T:
    """What is awaited; it is given up when its time is over or the run is.

    Args:
        awaited: what Chromium was asked, as a rule.
        left: tells the seconds that it may still take; a page that makes progress has more.
        go_on: raises when the run is being ended.

    Raises:
        TimeoutError: its time is over.
    """
    task = asyncio.ensure_future(awaited)
    try:
        while not task.done():
            go_on()
            seconds = left()
            if seconds <= 0:
                raise TimeoutError
            await asyncio.wait({task}, timeout=min(seconds, LOOK_UP))
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=LETTING_GO)


async def wait_until_settled(visit: Visit) -> None:
    """Wait until no request of the page has been under way for a moment."""
    while True:
        await visit.traffic.silent.wait()
        before = visit.spent.requests
        await asyncio.sleep(_QUIET)
        if visit.traffic.pending == 0 and visit.spent.requests == before:
            return


async def wait_while_loading(page: Page, visit: Visit, wait: Wait) -> bool:
    """Wait while the page says that it is loading (`LinkWords.loading`): what it waits for need be no request.

    Some say so for ever, so all such waits of a visit together last no longer than its limits let them.

    Returns:
        Whether it was waited at all.
    """
    waited = False
    while visit.spent.loading < visit.limits.loading:
        text = await wait(page.evaluate("document.body ? document.body.innerText : ''"))
        if not link_words().loading.search(text):
            break
        waited, begun = True, visit.traffic.time()
        await wait(asyncio.sleep(LOOK_UP))
        visit.spent.loading += visit.traffic.time() - begun
    if waited:
        await wait(wait_until_settled(visit))
    return waited


async def wait_until_parsed(protocol: CDPSession) -> None:
    """Wait until the document is read to its end (or broken off: by its own script, which went on elsewhere)."""
    from playwright.async_api import Error

    state = "loading"
    while state == "loading":
        try:
            told = await protocol.send("Runtime.evaluate", {"expression": "document.readyState"})
            state = told["result"].get("value", "loading")
        except Error as error:  # the page went on meanwhile ("navigated or closed"), or is gone for good
            if "has been closed" in str(error) or "crash" in str(error).lower():
                raise
        if state == "loading":
            await asyncio.sleep(_QUIET / 4)
