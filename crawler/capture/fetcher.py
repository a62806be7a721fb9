"""A request over the wire, until there is an answer to it.

Each attempt waits for its site's turn, is conditional where an earlier capture is known, and is archived before
anything is concluded from it. A request is made again where its connection was dead, where what a 304 refers to cannot
be read, and where a challenge only wants its cookie back.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace

from crawler.capture.answer import Answer
from crawler.capture.challenges import Challenges
from crawler.capture.dedup import Dedup
from crawler.capture.recorder import Recorder
from crawler.capture.replay_index import PART
from crawler.capture.request import PendingRequest
from crawler.capture.wire.client import Exchange, Fields, WireClient, WireRequest
from crawler.capture.wire.cookies import Cookies
from crawler.capture.wire.headers import EVENTS_SECONDS, asks_for_events, validator_headers
from crawler.crawl_plan import SitePolicy
from crawler.errors import WireError
from crawler.politeness.gate import Gate

# With one of these of its own a request gets none of ours beside it (RFC 9110 section 13: they would contradict).
_VALIDATORS = frozenset({b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since", b"range"})


class Fetcher:
    """Asks for one run.

    Args:
        wire: the way out.
        gate: gives each request its turn.
        recorder: archives each exchange.
        dedup: what earlier crawls hold.
        challenges: what is done about those.
        cookies: of the run.
        counts: of the run.
        full: ask for everything in full, whatever earlier crawls hold.
    """

    def __init__(
        self,
        wire: WireClient,
        gate: Gate,
        recorder: Recorder,
        *,
        dedup: Dedup,
        challenges: Challenges,
        cookies: Cookies,
        counts: Counter[str],
        full: bool,
    ) -> None:
        self._wire = wire
        self._gate = gate
        self._recorder = recorder
        self._dedup = dedup
        self._challenges = challenges
        self._cookies = cookies
        self._counts = counts
        self._full = full

    async def fetch(self, asked: PendingRequest, site: SitePolicy) -> Answer:
        """Ask, and archive every attempt.

        Args:
            asked: the request; ``attempt``, ``prior``, ``conditional`` and ``cookies`` are set here.
            site: that it belongs to.

        Raises:
            HeldBack: its turn does not come in this run.
            WireError: no answer came.
            ArchiveError: nothing can be kept any more.
        """
        asked.prior = self._dedup.of(asked)
        may_be_conditional = asked.ask.conditional and asked.method == "GET" and not self._full
        asked.conditional = asked.prior is not None and may_be_conditional
        fresh = False
        challenge: Answer | None = None
        cookies_brought = 0
        while True:
            exchange = await self._send(asked, site, fresh=fresh)
            answer = await self._recorder.keep_exchange(asked, exchange)
            if exchange.stale:
                # The server had closed the connection that was kept open: it never saw this request.
                fresh = True
            elif answer is None:
                # The original that a 304 refers to cannot be read: the full answer is needed.
                asked.prior = None
                asked.conditional = False
            elif exchange.status is None:
                failure = exchange.failure
                assert failure is not None
                raise WireError(failure.message, subject=asked.url, kind=failure.kind)
            elif self._challenges.for_cookie(asked, answer, cookies_brought):
                challenge = challenge or answer
                cookies_brought += 1
                self._counts["capture/asked_again_with_cookie"] += 1
            elif challenge is not None and self._challenges.stands(answer):
                # Its cookie did not help: the challenge keeps its name, and nobody else brings that cookie.
                self._challenges.forget(asked.url)
                return challenge
            else:
                return answer
            asked.attempt += 1

    async def _send(self, asked: PendingRequest, site: SitePolicy, *, fresh: bool) -> Exchange:
        """One attempt, in the site's turn; ``fresh`` takes no connection that was kept open."""
        async with self._gate.turn(asked.url, site, part=asked.ask.purpose == PART) as turn:
            # The archive may have failed while this one waited: what cannot be kept is not fetched.
            self._recorder.check()
            policy = site
            if asked.browser and asks_for_events(asked.headers):
                policy = replace(site, total_timeout=min(site.total_timeout, EVENTS_SECONDS))
            headers = self._headers(asked)
            request = WireRequest(asked.url, policy, asked.method, headers, asked.body, left=turn.left)
            exchange = await self._wire.fetch(request, fresh=fresh)
            self._tell_gate(site, exchange)
        self._counts["capture/requests"] += 1
        return exchange

    def _headers(self, asked: PendingRequest) -> Fields:
        """The headers of the request, with those that only now are known: name, validators, cookies."""
        fields = list(asked.headers)
        name = self._challenges.name(asked)
        if name:
            fields = [(key, name if key.lower() == b"user-agent" else value) for key, value in fields]
        given = {key.lower() for key, _value in fields}
        if asked.conditional and asked.prior is not None and not given & _VALIDATORS:
            fields += validator_headers(asked.prior.etag, asked.prior.last_modified)
        asked.cookies = None
        if not asked.browser and b"cookie" not in given:
            asked.cookies = self._cookies.header(asked.url)
        if asked.cookies:
            fields.append((b"Cookie", asked.cookies))
        return fields

    def _tell_gate(self, site: SitePolicy, exchange: Exchange) -> None:
        """Hand on what the answer says of waiting; nothing in a header may keep an exchange from being archived."""
        if exchange.status is None:
            return
        try:
            self._gate.heard(site, exchange.status, _retry_after(exchange))
        except Exception:
            logging.getLogger(__name__).exception("%s: what it says of waiting is ignored", exchange.url)


def _retry_after(exchange: Exchange) -> str | None:
    for name, value in exchange.headers:
        if name == b"retry-after":
            return value.decode("latin-1")
    return None
