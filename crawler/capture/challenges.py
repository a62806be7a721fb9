"""What a run does about challenges, host by host.

What a challenge asks of its visitor is a fact of its signature (`archive.signatures.Signature.asks_for`). One that
wants a cookie brought back gets it; one that wants its script run, and whatever a cookie does not satisfy, is shown to
the browser, once; what the browser then holds (its cookies, and its name, to which they are bound) goes with later
requests to that host. Nothing is solved for a person. A host that answers every page with a challenge that nothing here
passes is asked no more: until it is known better, its pages are asked for one at a time.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from archive.signatures import Asking, Signatures
from crawler.capture.answer import Answer, Renderer
from crawler.capture.request import PendingRequest
from crawler.capture.wire.cookies import Cookies, script_cookie
from crawler.errors import BrowserError, HeldBack, OutOfScope, RobotsDenied, WireError
from crawler.scope import host_matches, origin_of

logger = logging.getLogger(__name__)

_COOKIES = 3  # a protection product and the portal behind it may each want one brought back
_NEW, _KNOWN = 2, 5  # pages challenged in a row, of a host that never answered and of one that did, until it is ended
_BAD_REQUEST = 400


@dataclass(slots=True)
class _Host:
    """What is known of one host."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    answers: int = 0
    failed: set[str] = field(default_factory=set)
    signature: str = ""
    tried: bool = False
    name: bytes | None = None
    ended: bool = False


class Challenges:
    """The challenges of one run.

    Args:
        signatures: what a challenge looks like, and what it asks for.
        cookies, counts: of the run.
    """

    def __init__(self, signatures: Signatures, cookies: Cookies, counts: Counter[str]) -> None:
        self.counts = counts
        self._asking = {entry.id: entry.asks_for for entry in signatures.entries}
        self._cookies = cookies
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def alone(self, url: str) -> AsyncIterator[None]:
        """The time in which an address is asked for: alone, as long as its host has shown nothing but challenges.

        Raises:
            HeldBack: its host is asked no more.
        """
        host = self._host(url)
        if host.answers and not host.failed:
            yield
            return
        async with host.lock:
            self.refuse(url)
            yield

    def refuse(self, url: str) -> None:
        """Say that a host is asked no more.

        Raises:
            HeldBack: it is not.
        """
        host = self._host(url)
        if host.ended:
            name = origin_of(url).host
            raise HeldBack(f"{name} is blocked by {host.signature}: nothing is asked of it in this run", subject=url)

    def heard(self, url: str, answer: Answer) -> None:
        """Take notice of the last word on an address: an answer of the portal, or a challenge that nothing passed."""
        host = self._host(url)
        signature = answer.challenge
        if signature is None:
            host.answers += 1
            host.failed.clear()
        elif self._asking.get(signature) is not None:
            host.failed.add(url.partition("#")[0])
            host.signature = signature
            most = _KNOWN if host.answers else _NEW
            host.ended = len(host.failed) >= most

    def for_cookie(self, asked: PendingRequest, answer: Answer, tried: int) -> bool:
        """Whether a challenge may only want a cookie brought back that this request lacked; it is kept if so."""
        if answer.challenge is None or tried >= _COOKIES or asked.method != "GET" or asked.browser:
            return False
        if any(name.lower() == b"cookie" for name, _value in asked.headers):
            return False  # whoever asks brings cookies of their own
        asking = self._asking.get(answer.challenge)
        literal = script_cookie(answer.content)
        if asking == "person" or (asking == "script" and literal is None):
            return False
        self._cookies.store(asked.url, answer.headers)
        if literal is not None:
            self._cookies.store(asked.url, [(b"set-cookie", literal)])
        # What it lacked may have come meanwhile, with the answer to another that was challenged at the same time.
        now = self._cookies.header(asked.url)
        if now == asked.cookies:
            return False
        # A second time only for a cookie that is new: another value of the same would go on without end.
        return tried == 0 or bool(_names(now) - _names(asked.cookies))

    def forget(self, url: str) -> None:
        """Bring back no more what a challenge set in vain."""
        self._cookies.forget(url)

    def stands(self, answer: Answer) -> bool:
        """Whether a challenge that got its cookie back still says no, if only by a bad request without its name."""
        return answer.challenge is not None or answer.status == _BAD_REQUEST

    def for_browser(self, asked: PendingRequest, answer: Answer) -> bool:
        """Whether the browser may be tried: once for each host, where it is allowed and could pass."""
        host = self._host(asked.url)
        asking: Asking | None = self._asking.get(answer.challenge or "")
        allowed = asked.ask.browser and asked.method == "GET" and not asked.body and not asked.browser
        return allowed and asking in {"cookie", "script"} and not host.tried

    async def show(self, browser: Renderer, asked: PendingRequest, answer: Answer) -> tuple[bool, Answer | None]:
        """Show the browser the challenge that came: whether it got past, and the answer that it got behind it.

        Where it did not, it is not tried again.

        Raises:
            HeldBack, ArchiveError: the run is being ended, or cannot go on.
        """
        self.counts["challenges/shown_to_browser"] += 1
        try:
            passed, behind = await browser.pass_challenge(asked.url, asked.ask, answer)
        except (BrowserError, WireError, RobotsDenied, OutOfScope) as error:
            logger.warning("%s: the browser did not pass %s: %s", asked.url, answer.challenge, error)
            passed, behind = False, None
        self.counts["challenges/passed_by_browser"] += passed
        self._host(asked.url).tried |= not passed
        return passed, behind

    def adopt(self, url: str, cookies: Iterable[Mapping[str, Any]], name: bytes | None) -> None:
        """Let the browser's cookies, and where they are bound to it its name, go with later requests to a host."""
        host = origin_of(url).host
        for cookie in cookies:
            domain = str(cookie["domain"]).lstrip(".")
            if not host_matches(host, (domain, f"*.{domain}")):
                continue
            text = f"{cookie['name']}={cookie['value']}; Path={cookie['path']}"
            if str(cookie["domain"]).startswith("."):
                text += f"; Domain={domain}"
            if cookie.get("secure"):
                text += "; Secure"
            self._cookies.store(url, [(b"set-cookie", text.encode())])
        if name is not None:
            self._host(url).name = name

    def name(self, asked: PendingRequest) -> bytes | None:
        """The name under which a host let the browser through, for requests that are not the browser's own."""
        if asked.browser or asked.ask.purpose == "robots":
            return None
        return self._host(asked.url).name

    def _host(self, url: str) -> _Host:
        return self._hosts.setdefault(origin_of(url).host, _Host())


def _names(cookies: bytes | None) -> set[bytes]:
    """Names in a Cookie header."""
    pairs = (cookies or b"").split(b";")
    return {pair.partition(b"=")[0].strip() for pair in pairs if pair.strip()}
