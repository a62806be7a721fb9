"""Rendering pages in a Chromium that has no network of its own.

Every request the browser makes is paused by the DevTools protocol and answered from the crawl's own capture session:
the same byte-exact wire client, pace, robots.txt, scope and address rules as for every other request, so sub-resources
are archived as they were on the wire and there is one way out to the network (design, idea 5).

``Fetch.enable`` is sent once, on the *browser's* DevTools session and not on a page's: measured with Chromium 156, it
then pauses the requests of every target (frames of other sites, workers, the follow-up of redirects, favicons) without
attaching to any of them. What it does not pause (WebSockets) meets the dead proxy of
`crawler.capture.browser.chromium`. Service workers are off: their answers would not belong to the page's moment.

One page is rendered at a time, so that each request belongs to one page; politeness makes a second one pointless. What
a page did and may do is `crawler.capture.browser.visit`'s, its picture in HTML and text
`crawler.capture.browser.snapshot`'s. A page that does not answer is given up with its browser: the next one gets a
fresh one. Whatever Chromium is asked, a run that is being ended waits for it no longer than a moment, and then ends its
processes first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.capture.browser import chromium, snapshot
from crawler.capture.browser.clicking import click_element
from crawler.capture.browser.devtools import answer_request
from crawler.capture.browser.page_clock import PageClock, run_delays
from crawler.capture.browser.scrolling import scroll_page
from crawler.capture.browser.visit import BrowserAnswer, Document, Network, Traffic, Visit, is_of_the_wire
from crawler.capture.browser.waiting import (
    LETTING_GO,
    LOOK_UP,
    Wait,
    wait_until_parsed,
    wait_until_settled,
    wait_while_loading,
    wait_within,
)
from crawler.capture.request import CaptureRequest, Render
from crawler.crawl_plan import PageLimits
from crawler.errors import BrowserError, HeldBack

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

T = TypeVar("T")

logger = logging.getLogger(__name__)

_CLOSING = 15.0  # seconds that a window may take to close before its browser is ended
_STARTING = 120.0  # seconds that it may take to start, or to say that it does not
_OPENING = 60.0  # seconds that a window may take to open
_UNDER_WAY = 15.0  # seconds that a request under way may take beyond the page's patience
_TRIES = 3  # to read a page that goes on meanwhile
_PAINTING = 20.0  # seconds that a picture may take
_HEIGHT = "Math.max(document.documentElement.scrollHeight, 1)"
_SCREENSHOT_HEIGHT = 12_000  # pixels; Chromium cannot paint arbitrarily long pages


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as it stood when it was settled.

    Attributes:
        html: the DOM, serialised, UTF-8 (`crawler.capture.browser.snapshot`).
        text: what a reader sees of it, UTF-8.
        url: the address of the page in the end (after redirects and script).
        status: of the document that stood there in the end.
        screenshot: PNG, or None.
        failures: requests of the page that got no answer, as ``URL: reason``.
        requests: how many requests the page made.
        complete: everything that was waited for came, and nothing it is made of was cut or beyond its limits.
        software: name and version of the browser.
        problems: why it is not complete.
        challenge: the signature of a challenge that the browser met and got past, or None.
        document: the last document that the wire gave; it may be a file that no window shows.
        cookies: of the browser's jar, as it tells them.
        user_agent: the browser's name.
    """

    html: bytes
    text: bytes
    url: str
    status: int
    screenshot: bytes | None
    failures: tuple[str, ...]
    requests: int
    complete: bool
    software: str
    problems: tuple[str, ...] = ()
    challenge: str | None = None
    document: Document | None = None
    cookies: tuple[Mapping[str, Any], ...] = ()
    user_agent: str = ""


class Browser:
    """A Chromium for one crawl. Started at the first page, closed with the crawl.

    Args:
        user_agent: product token appended to Chromium's own name, e.g. ``Gongkai/0.1 (+mailto:...)``.
        stopping: asked while a page is waited for; a run that is being interrupted waits for none.
    """

    def __init__(self, user_agent: str = "", stopping: Callable[[], bool] = lambda: False) -> None:
        self._stopping = stopping
        self._lock = asyncio.Lock()
        self._chromium = chromium.Running(user_agent, self._paused, self._opened)
        self._clock = PageClock(lambda: run_delays(self._chromium.process))
        self._page: Page | None = None
        self._opening = False
        self._visit: Visit | None = None
        self._tasks: set[asyncio.Future[None]] = set()

    async def render(
        self,
        url: str,
        steps: Render,
        ask: CaptureRequest,
        network: Network,
        *,
        jar: str = "",
        limits: PageLimits | None = None,
        given: BrowserAnswer | None = None,
    ) -> DrawnPage:
        """Load ``url``, wait for what is awaited, and return the DOM.

        Args:
            url: the page.
            steps: what to wait for and what to do on the page.
            ask: why the page is fetched; its purpose is the main document's, everything else is a ``subresource``.
            network: answers the page's requests.
            jar: pages of one jar share cookies (the politeness group).
            limits: what the page may do.
            given: the answer to ``url`` that is in hand already (a challenge): it is shown, not asked for.

        Raises:
            FetchError: the main document could not be fetched (robots, scope, wire), or the run is being ended.
            BrowserError: Chromium is missing, died, or did not answer in time; or the page ended at one of its own.
        """
        from playwright.async_api import Error

        async with self._lock:
            self._go_on(url)
            try:
                await self._within(_STARTING, url, self._chromium.start())
            except TimeoutError as error:
                raise BrowserError("does not start", subject="Chromium", advice="Crawl it again later") from error
            visit = self._visit = Visit(url, ask, network, limits or PageLimits(), given)
            visit.traffic = Traffic(self._clock.time)
            fresh = True
            try:
                page, protocol = await self._within(_OPENING, url, self._open(jar, visit))
                rendered = await self._load(page, protocol, steps, visit)
                fresh = visit.spent.refused > 0
            except (Error, TimeoutError) as error:
                fresh = not isinstance(error, Error) or "crash" in str(error).lower()
                if visit.error is not None:
                    raise visit.error from error
                died = isinstance(error, Error) and not self._chromium.connected
                reason = _reason(error, visit)
                raise BrowserError(f"could not be rendered ({reason})", subject=url, died=died) from error
            finally:
                self._visit = None
                await self._leave(fresh=fresh)
            return rendered

    async def close(self) -> None:
        """Stop Chromium; safe to call more than once."""
        await self._end(at_once=self._stopping())

    async def _end(self, *, at_once: bool) -> None:
        if at_once:
            self._chromium.kill()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=LETTING_GO)
        await self._chromium.end(at_once=at_once)

    async def _open(self, jar: str, visit: Visit) -> tuple[Page, CDPSession]:
        """A window for one page, and the way to speak to it; whatever else opens is closed."""
        self._opening = True
        try:
            page = self._page = await (await self._chromium.context(jar)).new_page()
        finally:
            self._opening = False
        protocol = await page.context.new_cdp_session(page)
        visit.frame = (await protocol.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        return page, protocol

    async def _leave(self, *, fresh: bool) -> None:
        """Close the page's window; a page that did not answer, or went beyond its limits, takes its browser along."""
        from playwright.async_api import Error

        page, self._page = self._page, None
        if fresh:
            await self._end(at_once=True)
        elif page is not None and self._chromium.connected:
            try:
                await self._within(_CLOSING, page.url, page.close())
            except (Error, TimeoutError, HeldBack):
                await self._end(at_once=True)

    def _opened(self, page: Page) -> None:
        if page is self._page or self._opening:
            return
        if self._visit is not None:
            self._visit.popped_up()
        self._keep(_close(page))

    def _go_on(self, url: str) -> None:
        if self._stopping():
            raise HeldBack("the run is being ended", subject=url)

    async def _within(self, seconds: float, url: str, awaited: Awaitable[T]) -> T:
        """What is awaited, and no longer than these seconds of the page's clock, or than the run goes on."""
        until = self._clock.time() + seconds
        return await wait_within(awaited, lambda: until - self._clock.time(), lambda: self._go_on(url))

    async def _load(self, page: Page, protocol: CDPSession, steps: Render, visit: Visit) -> DrawnPage:
        """Go to the page, do on it what is to be done, and take what stands there then."""
        wait = self._waiting(visit, steps)
        await self._go_to(page, protocol, visit, wait)
        await self._do_steps(page, steps, visit, wait)
        html, text, url, document = await self._within(visit.limits.busy, visit.url, self._read(protocol, visit))
        cookies = await self._within(visit.limits.busy, visit.url, page.context.cookies())
        picture = None
        if steps.screenshot:
            picture = await self._picture(page)
        return DrawnPage(
            html=html,
            text=text,
            url=url,
            status=document.answer.status,
            screenshot=picture,
            failures=tuple(visit.failures),
            requests=visit.spent.requests,
            complete=not visit.problems,
            software=f"Chromium/{self._chromium.version}",
            problems=tuple(visit.problems),
            challenge=visit.challenge if document.answer.challenge is None else None,
            document=visit.last,
            cookies=tuple(dict(cookie) for cookie in cookies),
            user_agent=self._chromium.user_agent,
        )

    def _waiting(self, visit: Visit, steps: Render) -> Wait:
        """How to wait for a page: as long as it makes progress, for what it asks for stands behind other requests."""
        traffic, loop = visit.traffic, asyncio.get_running_loop()
        traffic.progress = traffic.time()
        latest = loop.time() + visit.limits.seconds

        def left() -> float:
            patience = steps.timeout
            if traffic.pending:
                patience += _UNDER_WAY
            return min(traffic.progress + patience - traffic.time(), latest - loop.time())

        async def wait(awaitable: Awaitable[T]) -> T:
            return await wait_within(awaitable, left, lambda: self._go_on(visit.url))

        return wait

    async def _go_to(self, page: Page, protocol: CDPSession, visit: Visit, wait: Wait) -> None:
        from playwright.async_api import Error

        try:
            await wait(page.goto(visit.url, wait_until="commit", timeout=0))
        except Error:
            if visit.last is None:  # else the page went on before it was there: what it went on to is waited for
                raise
        await wait(wait_until_parsed(protocol))

    async def _do_steps(self, page: Page, steps: Render, visit: Visit, wait: Wait) -> None:
        """Wait, scroll and click as ``steps`` say; what is awaited in vain makes the page incomplete."""
        from playwright.async_api import Error

        awaited = steps.wait_for or "the network to fall silent"
        try:
            await wait(wait_until_settled(visit))
            await self._past_challenge(visit, wait)
            if steps.wait_for:
                await wait(page.wait_for_selector(steps.wait_for, state="attached", timeout=0))
                await wait(wait_until_settled(visit))
            await scroll_page(page, steps, visit, wait, lambda: wait_until_settled(visit))
            awaited = "the page to have loaded what it says that it loads"
            if await wait_while_loading(page, visit, wait):
                await scroll_page(page, steps, visit, wait, lambda: wait_until_settled(visit))
            for awaited in steps.clicks:
                await wait(click_element(page, awaited))
                await wait(wait_until_settled(visit))
                await wait_while_loading(page, visit, wait)
        except (Error, TimeoutError):
            # What is there is kept and said to be incomplete: a list that never came is a finding too.
            failure = f"{visit.url}: waited {steps.timeout:g} s in vain for {awaited}"
            visit.failures.append(failure)
            visit.problems.append(failure)

    async def _past_challenge(self, visit: Visit, wait: Wait) -> None:
        """Give a challenge the time to let the browser through."""
        until = visit.traffic.time() + visit.limits.challenge
        while visit.challenged and visit.traffic.time() < until:
            known = visit.last
            await asyncio.sleep(LOOK_UP / 2)
            self._go_on(visit.url)
            if visit.last is not known or visit.traffic.pending:
                await wait(wait_until_settled(visit))

    async def _read(self, protocol: CDPSession, visit: Visit) -> tuple[bytes, bytes, str, Document]:
        """DOM, text, address and the document that stands there; a page that goes on meanwhile is read again.

        Its timers stand still from here on, as those of a tab behind others do: one that grows without end would be
        busy with itself, and another before it is read.
        """
        from playwright.async_api import Error

        await protocol.send("Page.setWebLifecycleState", {"state": "frozen"})
        for attempt in range(_TRIES):
            standing = (await protocol.send("Page.getFrameTree"))["frameTree"]["frame"]
            if standing.get("unreachableUrl") or not is_of_the_wire(standing["url"]):
                where = standing.get("unreachableUrl") or standing["url"]
                raise BrowserError(f"ended at a page of the browser's own (for {where})", subject=visit.url)
            try:
                taken = await snapshot.take_snapshot(protocol, standing["id"], limit=visit.limits.characters)
                after = (await protocol.send("Page.getFrameTree"))["frameTree"]["frame"]
                if after["loaderId"] == standing["loaderId"] or attempt == _TRIES - 1:
                    break
            except Error:  # it went on while it was read
                if attempt == _TRIES - 1:
                    raise
            await wait_until_settled(visit)
        if after["loaderId"] != standing["loaderId"]:
            visit.problems.append(f"{visit.url}: went on to another address while it was read")
        # A document that a script wrote in the place of another has no answer of its own.
        document = visit.documents.get(standing["loaderId"]) or visit.last
        if document is None:
            raise BrowserError("ended at a page that no answer of the portal gave", subject=visit.url)
        if taken.html is None:
            raise BrowserError(f"has a DOM of more than {visit.limits.characters} characters", subject=visit.url)
        url = after["url"] + after.get("urlFragment", "")
        return taken.html, taken.text, url, document

    async def _picture(self, page: Page) -> bytes | None:
        """The page's picture, or None: a page that cannot be painted in time is read all the same."""
        from playwright.async_api import Error

        try:
            full = await self._within(_PAINTING, page.url, page.evaluate(_HEIGHT))
            height = min(int(full), _SCREENSHOT_HEIGHT)
            clip = {"x": 0, "y": 0, "width": chromium.VIEWPORT[0], "height": height}
            painted = page.screenshot(full_page=True, clip=clip, animations="disabled", timeout=0)  # type: ignore[arg-type]
            picture: bytes = await self._within(_PAINTING, page.url, painted)
        except (Error, TimeoutError) as error:
            reason = str(error).splitlines()[0] if str(error) else f"not painted within {_PAINTING:g} s"
            logger.warning("no screenshot of %s: %s", page.url, reason)
            return None
        return picture

    def _paused(self, event: dict[str, Any]) -> None:
        self._keep(answer_request(event, self._visit, self._chromium))

    def _keep(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _close(page: Page) -> None:
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await page.close()


def _reason(error: Exception, visit: Visit) -> str:
    """Why a page could not be rendered, in a line: Playwright's first, or where it has none what was waited for."""
    said = str(error).strip().splitlines()
    if said:
        return said[0]
    if visit.last is not None:
        return f"its script keeps it busy: no answer for {visit.limits.busy:g} s"
    return "no answer in time"
