"""Rendering pages in a Chromium that has no network of its own.

Every request the browser makes is paused by the DevTools protocol and answered from the crawl's own capture session:
the same byte-exact wire client, pace, robots.txt, scope and address rules as for every other request, so sub-resources
are archived as they were on the wire and there is one way out to the network (design, idea 5).

``Fetch.enable`` is sent once, on the *browser's* DevTools session and not on a page's: measured with Chromium 156, it
then pauses the requests of every target (frames of other sites, workers, the follow-up of redirects, favicons) without
attaching to any of them. What it does not pause (WebSockets) meets the dead proxy of `crawler.capture.chromium`.
Service workers are off: their answers would not belong to the page's moment.

One page is rendered at a time, so that each request belongs to one page; politeness makes a second one pointless.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from crawler._errors import BrowserError, FetchError
from crawler.capture import chromium
from crawler.capture.ask import Ask, Render
from crawler.capture.paused import reason_of, refusal, request_body, request_headers, response_headers

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, CDPSession, Page, Playwright

logger = logging.getLogger(__name__)

VIEWPORT = (1280, 960)
_QUIET = 0.4  # seconds without a request under way after which a page counts as settled
_PATIENCE = 20  # times the time-out: no page takes longer, however much it goes on loading
_SCREENSHOT_HEIGHT = 12_000  # pixels; Chromium cannot paint arbitrarily long pages


class Answer(Protocol):
    """What the capture session says to a request of the page."""

    @property
    def status(self) -> int:
        """Status code."""

    @property
    def reason(self) -> bytes:
        """Reason phrase."""

    @property
    def headers(self) -> Sequence[tuple[bytes, bytes]]:
        """Names and values as on the wire."""

    @property
    def content(self) -> bytes:
        """The body, without transfer and content coding."""


class Network(Protocol):
    """The one way out: `crawler.capture.session.CaptureSession`."""

    async def fetch(
        self, ask: Ask, url: str, *, method: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> Answer:
        """Answer one request of the page, or raise `FetchError`."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it stood when it was settled.

    Attributes:
        html: the DOM, serialised, UTF-8.
        text: what a reader sees of it, UTF-8.
        url: the address of the page in the end (after redirects and script).
        status: of the main document.
        screenshot: PNG, or None.
        failures: requests of the page that got no answer, as ``URL: reason``.
        requests: how many requests the page made.
        complete: everything that was waited for came.
        software: name and version of the browser.
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


@dataclass(slots=True)
class _Job:
    """The page being rendered."""

    url: str
    ask: Ask
    network: Network
    status: int = 0
    document_seen: bool = False
    requests: int = 0
    pending: int = 0
    progress: float = 0.0
    failures: list[str] = field(default_factory=list)
    error: FetchError | None = None
    silent: asyncio.Event = field(default_factory=asyncio.Event)


class Browser:
    """A Chromium for one crawl. Started at the first page, closed with the crawl.

    Args:
        user_agent: product token appended to Chromium's own name, e.g. ``Gongkai/0.1 (+mailto:...)``.
    """

    def __init__(self, user_agent: str = "") -> None:
        self._token = user_agent
        self._lock = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._protocol: CDPSession | None = None
        self._contexts: dict[str, BrowserContext] = {}
        self._job: _Job | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def render(self, url: str, steps: Render, ask: Ask, network: Network, *, jar: str = "") -> Rendered:
        """Load ``url``, wait for what is awaited, and return the DOM.

        Args:
            url: the page.
            steps: what to wait for and what to do on the page.
            ask: why the page is fetched; its purpose is the main document's, everything else is a ``subresource``.
            network: answers the page's requests.
            jar: pages of one jar share cookies (the politeness group).

        Raises:
            FetchError: the main document could not be fetched (robots, scope, wire).
            BrowserError: Chromium is missing, died, or did not answer in time.
        """
        from playwright.async_api import Error

        async with self._lock:
            await self._start()
            job = self._job = _Job(url, ask, network)
            job.silent.set()
            page: Page | None = None
            try:
                page = await (await self._context(jar)).new_page()
                return await self._load(page, steps, job)
            except (Error, TimeoutError) as error:
                if job.error is not None:
                    raise job.error from error
                reason = str(error).strip().splitlines()[0] if str(error).strip() else "no answer in time"
                raise BrowserError(f"could not be rendered ({reason})", subject=url) from error
            finally:
                self._job = None
                if page is not None and self._chromium is not None and self._chromium.is_connected():
                    await page.close()

    async def close(self) -> None:
        """Stop Chromium; safe to call more than once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        chromium_, playwright = self._chromium, self._playwright
        self._chromium = self._playwright = self._protocol = None
        self._contexts.clear()
        if chromium_ is not None:
            await chromium_.close()
        if playwright is not None:
            await playwright.stop()

    async def _start(self) -> None:
        from playwright.async_api import async_playwright

        if self._chromium is not None and self._chromium.is_connected():
            return
        await self.close()
        self._playwright = await async_playwright().start()
        try:
            self._chromium = await chromium.launch(self._playwright)
        except BrowserError:
            await self.close()
            raise
        self._protocol = await self._chromium.new_browser_cdp_session()
        self._protocol.on("Fetch.requestPaused", self._paused)
        await self._protocol.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    async def _context(self, jar: str) -> BrowserContext:
        assert self._chromium is not None
        if jar not in self._contexts:
            self._contexts[jar] = await self._chromium.new_context(
                user_agent=self._user_agent(),
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]},
                service_workers="block",
                accept_downloads=False,
            )
        return self._contexts[jar]

    def _user_agent(self) -> str:
        assert self._chromium is not None
        version = self._chromium.version.split(".")[0]
        engine = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
        return f"{engine} Chrome/{version}.0.0.0 Safari/537.36 {self._token}".strip()

    async def _load(self, page: Page, steps: Render, job: _Job) -> Rendered:
        from playwright.async_api import Error

        loop = asyncio.get_running_loop()
        job.progress = loop.time()
        latest = job.progress + _PATIENCE * steps.timeout

        async def wait(awaitable: Awaitable[object]) -> None:
            """Wait as long as the page makes progress: its requests stand in the site's queue like all others."""
            task = asyncio.ensure_future(awaitable)
            try:
                while not task.done():
                    left = min(job.progress + steps.timeout, latest) - loop.time()
                    if left <= 0:
                        raise TimeoutError
                    await asyncio.wait({task}, timeout=left)
                await task
            finally:
                task.cancel()

        awaited = steps.wait_for or "the network to fall silent"
        complete = True
        await wait(page.goto(job.url, wait_until="domcontentloaded", timeout=0))
        try:
            if steps.wait_for:
                await wait(page.wait_for_selector(steps.wait_for, state="attached", timeout=0))
            await wait(_settled(job))
            for _ in range(steps.scroll):
                await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
                await wait(_settled(job))
            for awaited in steps.clicks:
                await wait(page.click(awaited, timeout=0))
                await wait(_settled(job))
        except (Error, TimeoutError):
            # What is there is kept and said to be incomplete: a list that never came is a finding too.
            complete = False
            job.failures.append(f"{job.url}: waited {steps.timeout:g} s in vain for {awaited}")
        html = (await page.content()).encode("utf-8", "surrogatepass")
        text: str = await page.evaluate("document.body ? document.body.innerText : ''")
        return Rendered(
            html=html,
            text=text.encode("utf-8", "replace"),
            url=page.url,
            status=job.status,
            screenshot=await self._picture(page) if steps.screenshot else None,
            failures=tuple(job.failures),
            requests=job.requests,
            complete=complete,
            software=self._software(),
        )

    async def _picture(self, page: Page) -> bytes | None:
        from playwright.async_api import Error

        try:
            height = await page.evaluate("Math.max(document.documentElement.scrollHeight, 1)")
            clip = {"x": 0, "y": 0, "width": VIEWPORT[0], "height": min(int(height), _SCREENSHOT_HEIGHT)}
            picture: bytes = await page.screenshot(full_page=True, clip=clip, animations="disabled", timeout=20_000)  # type: ignore[arg-type]
        except Error as error:
            logger.warning("no screenshot of %s: %s", page.url, str(error).splitlines()[0])
            return None
        return picture

    def _software(self) -> str:
        return f"Chromium/{self._chromium.version}" if self._chromium is not None else "Chromium"

    def _paused(self, event: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._answer(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, event: dict[str, Any]) -> None:
        """Answer one paused request from the capture session."""
        job = self._job
        url: str = event["request"]["url"] + event["request"].get("urlFragment", "")
        if job is None or not url.startswith(("http://", "https://")):
            # data: and blob: never leave the browser; anything else has no business here.
            local = url.startswith(("data:", "blob:", "about:"))
            await self._send("Fetch.continueRequest" if local else "Fetch.failRequest", refusal(event, local=local))
            return
        job.requests += 1
        job.pending += 1
        job.silent.clear()
        is_document = event.get("resourceType") == "Document" and not job.document_seen
        try:
            reply = await self._reply(job, event, url, is_document=is_document)
        except FetchError as error:
            job.failures.append(f"{url}: {error}")
            if is_document:
                job.error = error
            await self._send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": reason_of(error)})
        except asyncio.CancelledError:
            raise
        except Exception as error:
            # A page must not hang on a request we could not answer; the crawl decides about the error itself.
            logger.exception("answering %s for the browser", url)
            job.failures.append(f"{url}: {type(error).__name__}: {error}")
            await self._send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "Failed"})
        else:
            await self._send("Fetch.fulfillRequest", reply)
        finally:
            job.pending -= 1
            job.progress = asyncio.get_running_loop().time()
            if job.pending == 0:
                job.silent.set()

    async def _reply(self, job: _Job, event: dict[str, Any], url: str, *, is_document: bool) -> dict[str, Any]:
        request = event["request"]
        ask = job.ask if is_document else Ask(purpose="subresource", hints=job.ask.hints, page=job.url)
        answer = await job.network.fetch(
            ask, url, method=request["method"], headers=request_headers(request["headers"]), body=request_body(request)
        )
        if is_document and not 300 <= answer.status < 400:
            job.document_seen = True
            job.status = answer.status
        return {
            "requestId": event["requestId"],
            "responseCode": answer.status,
            "responsePhrase": answer.reason.decode("latin-1") or "OK",
            # Base64 of NUL-separated lines: the only form in which header bytes that are not ASCII survive.
            "binaryResponseHeaders": base64.b64encode(response_headers(answer.headers)).decode(),
            "body": base64.b64encode(answer.content).decode(),
        }

    async def _send(self, method: str, parameters: dict[str, Any]) -> None:
        from playwright.async_api import Error

        if self._protocol is None:
            return
        try:
            await self._protocol.send(method, parameters)
        except Error as error:
            # The page went away or cancelled the request while we fetched it: the capture is kept all the same.
            logger.debug("%s: %s", method, error)


async def _settled(job: _Job) -> None:
    """Wait until no request of the page has been under way for a moment."""
    while True:
        await job.silent.wait()
        before = job.requests
        await asyncio.sleep(_QUIET)
        if job.pending == 0 and job.requests == before:
            return
