"""robots.txt by RFC 9309, asked for once per scheme and authority, before anything else is.

* 2xx: the rules count; a byte order mark is skipped, 500 KiB are read. A web page in its place (Chinese portals answer
  so for every missing file) is no rules. Rules in GBK hold for addresses in GBK and in UTF-8.
* 4xx: there are none. 429 is the exception: a host that asks for less is not asked for more.
* 5xx, or no answer: everything is forbidden until it answers.
* Redirects are followed five times, within the profile's hosts; one that leads outside counts as "there are none".

All who wait for the same file wait for one fetch and are all judged by its result. (Scrapy's own middleware lets all
but the first two through; docs/capture.md.)
"""

from __future__ import annotations

import asyncio
import codecs
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego

from crawler.errors import FetchError, HeldBack, OutOfScope, RobotsDenied, WireError
from crawler.forwarding import read_location
from crawler.joining import join
from crawler.scope import Origin, origin_of

AGENT = "gongkai"
MAX_BYTES = 500 * 1024
MAX_REDIRECTS = 5
MAX_AGE = 24 * 3600.0
_DOT = re.compile(r"%2e", re.IGNORECASE)


class RobotsAnswer(Protocol):
    """What is needed of an answer."""

    @property
    def status(self) -> int:
        """HTTP status."""

    @property
    def content(self) -> bytes:
        """Body without codings."""

    def header(self, name: str) -> str | None:
        """First value of a header."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host, once for each charset that they may be in; without any all or nothing (``otherwise``).

    ``passing``: nothing could be had; asked again it may be. ``dear``: each try takes a whole time-out.
    """

    reason: str
    parsed: tuple[Protego, ...] = ()
    otherwise: bool = True
    passing: bool = False
    dear: bool = False

    def allows(self, url: str) -> bool:
        """Whether our crawler may ask for ``url``: as it is written, and as a server resolves ``..`` in it."""
        if not self.parsed:
            return self.otherwise
        return all(rules.can_fetch(form, AGENT) for rules in self.parsed for form in {url, _resolved(url)})

    @property
    def delay(self) -> float:
        """Seconds between requests that the host asks for; 0 when it does not say."""
        asked = [0.0]
        for rules in self.parsed[:1]:
            asked.append(float(rules.crawl_delay(AGENT) or 0.0))
            if (rate := rules.request_rate(AGENT)) is not None and rate.requests:
                asked.append(rate.seconds / rate.requests)
        return max(asked)


def read_rules(status: int, content: bytes, content_type: str | None) -> Rules:
    """Rules from an answer that was no redirect."""
    if status == 429 or status >= 500:
        return Rules(f"robots.txt answered {status}, which", otherwise=False, passing=True)
    if not 200 <= status < 300:
        return Rules(f"robots.txt answered {status}")
    texts = _texts(content)
    start = texts[0][:2000].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<head", "<?xml", "<script")) or "<html" in start:
        return Rules("a web page stands in place of robots.txt")
    if content_type and "html" in content_type.lower() and "user-agent" not in texts[0].lower():
        return Rules("a web page stands in place of robots.txt")
    return Rules("robots.txt", tuple(map(Protego.parse, texts)))


def _texts(content: bytes) -> list[str]:
    """The file as text; twice when it is no UTF-8: rules in GBK mean addresses in GBK and in UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return [content[:MAX_BYTES].decode("utf-16", "ignore")]
    text = content.removeprefix(codecs.BOM_UTF8)
    if len(text) > MAX_BYTES:  # half a line could forbid more than the whole one
        text = text[: text.rfind(b"\n", 0, MAX_BYTES) + 1]
    try:
        return [text.decode()]
    except UnicodeDecodeError:
        return [text.decode(charset, "replace") for charset in ("utf-8", "gb18030")]


def _resolved(url: str) -> str:
    """The address without ``.`` and ``..`` in its path (RFC 3986 section 5.2.4)."""
    parts = urlsplit(url)
    path = _DOT.sub(".", parts.path)
    if "/." not in path:
        return url
    *folders, last = path.split("/")[1:]
    kept: list[str] = []
    for folder in (*folders, *([last] if last in {".", ".."} else ())):
        if folder == "..":
            del kept[-1:]
        elif folder != ".":
            kept.append(folder)
    kept.append("" if last in {".", ".."} else last)
    return parts._replace(path="/" + "/".join(kept)).geturl()


class Robots:
    """The rules of all hosts of a crawl.

    Args:
        fetch: asks for a robots.txt, archived and paced like everything; raises `FetchError` when nothing comes.
        heard: told the delay that an origin asks for.
    """

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[RobotsAnswer]],
        heard: Callable[[Origin, float], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._heard = heard
        self._clock = clock
        self._flights: dict[tuple[str, str], tuple[float, asyncio.Task[Rules]]] = {}

    async def check(self, url: str) -> None:
        """Return when ``url`` may be asked for.

        Raises:
            RobotsDenied: it may not.
        """
        rules = await self.rules(url)
        if not rules.allows(url):
            reason = f"{rules.reason} forbids it"
            raise RobotsDenied(reason, subject=url, passing=rules.passing, dear=rules.dear)

    def ask_again(self) -> None:
        """Forget what could not be had: the next request asks for it once more."""
        for key, (_, flight) in list(self._flights.items()):
            if flight.done() and not flight.cancelled() and flight.exception() is None and flight.result().passing:
                del self._flights[key]

    async def rules(self, url: str) -> Rules:
        """The rules that hold for ``url``."""
        origin = origin_of(url)
        key = (origin.scheme, origin.authority)
        begun, flight = self._flights.get(key, (0.0, None))
        if flight is None or flight.cancelled() or (flight.done() and self._clock() - begun > MAX_AGE):
            flight = asyncio.ensure_future(self._ask(origin))
            self._flights[key] = (self._clock(), flight)
        # Shielded: one waiter that is cancelled must not cancel the answer of all others.
        return await asyncio.shield(flight)

    async def _ask(self, origin: Origin) -> Rules:
        url = f"{origin}/robots.txt"
        for _hop in range(MAX_REDIRECTS + 1):
            try:
                answer = await self._fetch(url)
            except OutOfScope:
                return Rules("robots.txt leads outside the profile")
            except HeldBack as error:
                return Rules(str(error), otherwise=False)
            except FetchError as error:
                reason = f"robots.txt could not be had ({error.args[0]}), which"
                dear = isinstance(error, WireError) and error.kind == "timeout"
                return Rules(reason, otherwise=False, passing=True, dear=dear)
            location = read_location([(answer.header("Location") or "").encode("latin-1")])
            if not (300 <= answer.status < 400 and location):
                return self._read(origin, answer)
            target = join(url, location)
            if target is None:
                return Rules("robots.txt leads nowhere")
            url = target
        return Rules("robots.txt redirects without end")

    def _read(self, origin: Origin, answer: RobotsAnswer) -> Rules:
        try:
            rules = read_rules(answer.status, answer.content, answer.header("Content-Type"))
            if rules.delay:
                self._heard(origin, rules.delay)
        except Exception as error:  # noqa: BLE001 - whatever a stranger's file brings about, it is no permission
            return Rules(f"robots.txt cannot be read ({error!r}), which", otherwise=False)
        return rules
