"""One page under way in the browser: what it asked for, what it was answered, and what it may still ask for.

Status, address and completeness of a page are facts from the wire: every document that was answered is remembered by
the id under which the browser commits it, so that what stands in the window in the end is told by its own answer and
never by that of another. What a page does without end (requests, documents that replace each other, pop-ups) ends at
the limits of its site; it is then read as it stands, and said to be incomplete.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit

from crawler.capture.request import CaptureRequest
from crawler.capture.wire.headers import asks_for_events
from crawler.crawl_plan import PageLimits
from crawler.errors import FetchError, HeldBack, WireError
from crawler.forwarding import REDIRECTS, read_location

# What a page is made of: where one of these is missing, rows or text may be missing with it.
_ESSENTIAL = frozenset({"Document", "Script", "XHR", "Fetch", "EventSource"})


class BrowserAnswer(Protocol):
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

    @property
    def cut(self) -> str | None:
        """Why the body is not whole, or None."""

    @property
    def challenge(self) -> str | None:
        """The signature that says that this is no page of the portal, or None."""


class Network(Protocol):
    """The one way out: `crawler.capture.session.CaptureSession`."""

    async def fetch(
        self, ask: CaptureRequest, url: str, *, method: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> BrowserAnswer:
        """Answer one request of the page, or raise `FetchError`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the page itself (not of its frames) as the wire gave it."""

    url: str
    answer: BrowserAnswer


class Traffic:
    """A page's requests that are under way.

    Args:
        time: the clock on which the page's limits are counted (`crawler.capture.browser.page_clock`).

    Attributes:
        pending: how many.
        progress: the moment (of that clock) at which one ended last.
        silent: set while there is none.
    """

    def __init__(self, time: Callable[[], float] = monotonic) -> None:
        self.time = time
        self.pending = 0
        self.progress = time()
        self.silent = asyncio.Event()
        self.silent.set()

    def begin(self) -> None:
        """A request is under way from now on."""
        self.pending += 1
        self.silent.clear()

    def end(self) -> None:
        """A request was answered, or failed."""
        self.pending -= 1
        self.progress = self.time()
        if self.pending == 0:
            self.silent.set()


@dataclass(slots=True)
class Spent:
    """What a page did of what its limits count.

    Attributes:
        requests: that were answered or failed; refused: that no limit let through.
        documents: of the page itself, without those that a redirect led to.
        popups: windows that it opened.
        loading: seconds that were waited because it said that it was loading.
    """

    requests: int = 0
    refused: int = 0
    documents: int = 0
    popups: int = 0
    loading: float = 0.0


@dataclass(slots=True, eq=False)
class Visit:
    """The page being rendered.

    Attributes:
        url: as asked; ask: why; network: answers it.
        limits: what it may do; spent: what it did of that.
        given: the answer to its address that is in hand already; it is shown before anything is asked.
        frame: the browser's name for the page's own frame.
        traffic: its requests that are under way.
        documents: of the page itself, by the id under which the browser commits them.
        last: the latest of them. challenge: the first that was no page of the portal.
        failures: requests that got no answer, as ``URL: reason``; problems: why the page is not complete.
        error: why its first document did not come.
    """

    url: str
    ask: CaptureRequest
    network: Network
    limits: PageLimits
    given: BrowserAnswer | None = None
    frame: str = ""
    traffic: Traffic = field(default_factory=Traffic)
    spent: Spent = field(default_factory=Spent)
    documents: dict[str, Document] = field(default_factory=dict)
    last: Document | None = None
    challenge: str | None = None
    failures: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    error: FetchError | None = None

    def is_top(self, event: dict[str, Any]) -> bool:
        """Whether a paused request is for a document of the page itself."""
        return event.get("resourceType") == "Document" and event.get("frameId") == self.frame

    def over(self, event: dict[str, Any]) -> str | None:
        """Why a request is beyond what the page may do, or None; what is let through is counted."""
        # Redirects have a limit of their own, in the browser.
        document = self.is_top(event) and event.get("redirectedRequestId") is None
        if document and self.spent.documents >= self.limits.documents:
            told = f"goes on and on to further addresses: the first {self.spent.documents} were followed"
            return self._at("documents", told)
        if self.spent.requests >= self.limits.requests:
            return self._at("requests", f"asks for more than {self.limits.requests} things: the rest was not asked for")
        self.spent.documents += document
        self.spent.requests += 1
        return None

    def popped_up(self) -> None:
        """A page opened another, which is closed."""
        self.spent.popups += 1
        if self.spent.popups > self.limits.popups:
            self._at("popups", f"opens more than {self.limits.popups} pop-ups")

    def grows_on(self) -> None:
        """However often it is scrolled to its foot, further entries come."""
        self._at("scrolls", f"grows on and on: it was scrolled to its foot {self.limits.scrolls} times")

    def ask_of(self, url: str, *, top: bool) -> CaptureRequest:
        """Why one of the page's requests is made: its document for the page's own reason."""
        if not top:
            return CaptureRequest(purpose="subresource", hints=self.ask.hints, page=self.url)
        if url == self.url or self.last is None:
            return self.ask
        return CaptureRequest(purpose="page", hints=self.ask.hints)  # a page that it went on to by itself

    def answered(self, event: dict[str, Any], url: str, answer: BrowserAnswer, *, top: bool) -> None:
        """Take notice of an answer."""
        if answer.cut is not None:
            self.failures.append(f"{url}: came incomplete ({answer.cut})")
            if event.get("resourceType") in _ESSENTIAL and not _is_stream(event):
                self._problem(f"{url} came incomplete ({answer.cut})")
        if top and not _leads_on(answer):
            self.last = Document(url, answer)
            self.documents[str(event.get("networkId"))] = self.last
            self.challenge = self.challenge or answer.challenge

    def failed(self, event: dict[str, Any], url: str, error: Exception, *, top: bool) -> None:
        """Take notice of a request that got no answer."""
        text = str(error).rstrip(".") or type(error).__name__
        self.failures.append(text if text.startswith(url) else f"{url}: {text}")
        if top and self.last is None:
            self.error = error if isinstance(error, FetchError) else None
        elif top:  # the page that stands there stays
            self._problem(f"went on to {self.failures[-1]}")
        elif event.get("resourceType") in _ESSENTIAL and self._counts(error):
            self._problem(self.failures[-1])

    @property
    def challenged(self) -> bool:
        """Whether what was answered last is no page of the portal."""
        return self.last is not None and self.last.answer.challenge is not None

    def _counts(self, error: Exception) -> bool:
        """Whether a part that is not there may cost the page something: scripts of strangers never came either."""
        if isinstance(error, WireError):
            return error.kind != "scope"
        return isinstance(error, HeldBack) or not isinstance(error, FetchError)

    def _at(self, limit: str, text: str) -> str:
        """Note that a limit was reached, and how a person is told."""
        self.spent.refused += 1
        self._problem(text)
        return limit

    def _problem(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)


def _leads_on(answer: BrowserAnswer) -> bool:
    """Whether the browser shows nothing of a document, but goes where it says."""
    if answer.status not in REDIRECTS:
        return False
    return read_location(value for name, value in answer.headers if name.strip().lower() == b"location") is not None


def _is_stream(event: dict[str, Any]) -> bool:
    """Whether an event stream was asked for, which has no end and is always cut by us."""
    headers = event.get("request", {}).get("headers", {})
    return asks_for_events((name.encode(), value.encode()) for name, value in headers.items())


def is_of_the_wire(url: str) -> bool:
    """Whether an address is one that the wire answers; ``chrome-error:`` and its kin are the browser's own."""
    return urlsplit(url).scheme in {"http", "https"}
