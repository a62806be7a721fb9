"""One crawl's capture: every request of spider, robots and browser becomes records, and then an answer.

The way of a request: replay (this crawl holds the answer already) -> scope -> robots.txt -> the site's turn ->
validators of the last capture -> wire -> judged -> archived -> on disk -> answered. Nobody sees an answer before it is
kept.

This is the way; `recorder` writes what was asked and answered, `replay` gives what this crawl holds, `dedup` knows what
the crawls before it hold.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict

from archive import ArchiveError, Home
from archive.signatures import Signatures, load_signatures
from archive.storage.open import open_storage
from archive.warc import warc_date
from crawler.capture.answer import HTML, Answer, Rendered, Renderer
from crawler.capture.challenges import Challenges
from crawler.capture.dedup import Dedup
from crawler.capture.prior_records import PriorRecords
from crawler.capture.recorder import Recorder
from crawler.capture.replay import Replay
from crawler.capture.replay_index import PART
from crawler.capture.request import CaptureRef, CaptureRequest, PendingRequest
from crawler.capture.resume import files_of, find_unfinished, new_crawl_id
from crawler.capture.warc_files import CrawlFiles
from crawler.capture.wire.client import Exchange, Fields, WireClient, WireRequest
from crawler.capture.wire.cookies import Cookies
from crawler.capture.wire.headers import (
    ACCEPT_ENCODING,
    ACCEPT_LANGUAGE,
    EVENTS_SECONDS,
    asks_for_events,
    default_headers,
    user_agent,
    validators,
)
from crawler.capture.wire.proxy import Proxy
from crawler.crawl_plan import CrawlPlan, SitePolicy
from crawler.errors import BrowserError, HeldBack, NotHeld, OutOfScope, RobotsDenied, WireError
from crawler.politeness.gate import Gate
from crawler.politeness.locks import SharedTurns, SiteLocks
from crawler.politeness.robots import Robots

__all__ = ["ACCEPT_ENCODING", "ACCEPT_LANGUAGE", "Answer", "CaptureSession", "Rendered", "Renderer", "user_agent"]

_VALIDATORS = frozenset({b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since", b"range"})
_ROBOTS_ATTEMPTS = 3
_UNFINISHED = frozenset({"shutdown", "cancelled", "archive_failed"})


class _Shared(TypedDict):
    """What the parts of a session share."""

    counts: Counter[str]
    cookies: Cookies
    signatures: Signatures


class CaptureSession:
    """The capture of one run. Made by `open`, ended by `close`; used from one event loop.

    Attributes:
        plan: what the run covers.
        crawl: the crawl's id.
        clock: the time that decisions of this crawl use (a continued crawl keeps its first).
        resumed: an unfinished crawl is continued.
        made_up: captures are not obtained from the named hosts.
        counts: what happened, by stable names (docs/capture.md lists them).
        renderer: the browser, when the run has one.
        cookies: of this crawl. challenges: what it did about those.
        keep_rendered: archives a rendered page (`Recorder.rendered`).
        record_discovery: archives what a list page held (`Recorder.discovery`).
    """

    def __init__(self, plan: CrawlPlan, *, crawl: str, clock: datetime, resumed: bool, locks: SiteLocks | None) -> None:
        self.plan = plan
        self.crawl = crawl
        self.clock = clock
        self.resumed = resumed
        self.made_up = bool(plan.connect_to)
        self.counts: Counter[str] = Counter()
        self.renderer: Renderer | None = None
        self.cookies = Cookies()
        self._turns = SharedTurns(plan.home) if locks is not None else None
        self.gate = Gate(plan, shared=self._turns)
        self.user_agent = user_agent(plan.contact)
        self._locks = locks
        self._wire = WireClient(plan.routes())
        self._robots = Robots(self._fetch_robots, self.gate.crawl_delay)
        shared: _Shared = {"counts": self.counts, "cookies": self.cookies, "signatures": load_signatures()}
        prior_records = PriorRecords(plan.home)
        self._dedup = Dedup(plan, prior_records, self.counts)
        self.challenges = Challenges(shared["signatures"], self.cookies, self.counts)
        self._replay = Replay(prior_records, crawl, **shared)
        self._recorder = Recorder(crawl, self._dedup, self._replay, **shared)
        self.keep_rendered = self._recorder.rendered
        self.record_discovery = self._recorder.discovery
        self._learned: list[dict[str, Any]] = []
        self._closed = False

    @classmethod
    def open(cls, plan: CrawlPlan) -> CaptureSession:
        """Begin a crawl, or continue the unfinished one of the same scope.

        Raises:
            Busy: another process crawls one of the sites.
            UsageError, ProfileError: mappings, pace or a proxy that cannot be used.
            ArchiveError: the home cannot be used.
        """
        for site in plan.sites:
            if site.proxy:
                Proxy.parse(site.proxy)
        if plan.as_of is not None:
            return cls._of_the_past(plan, plan.as_of)
        locks = SiteLocks(plan.home, [site.host for site in plan.sites if not site.reached])
        try:
            _recover(plan.home)
            made_up = bool(plan.connect_to)
            found = None if plan.new else find_unfinished(plan.home, plan.portal, plan.scope, made_up=made_up)
            crawl = found.crawl if found else new_crawl_id(plan.portal, plan.now)
            clock = found.clock if found else plan.now
            session = cls(plan, crawl=crawl, clock=clock, resumed=found is not None, locks=locks)
            if found is not None:
                session._replay.index.add_files(open_storage(plan.home), found.files)
            session._replay.files = CrawlFiles(plan, crawl, clock, session.user_agent)
        except BaseException:
            locks.release()
            raise
        return session

    @classmethod
    def _of_the_past(cls, plan: CrawlPlan, until: datetime) -> CaptureSession:
        session = cls(plan, crawl=f"{plan.portal}-as-of", clock=until, resumed=False, locks=None)
        storage = open_storage(plan.home)
        crawls = files_of((stored.name for stored in storage.files()), plan.portal)
        for names in crawls.values():
            session._replay.index.add_files(storage, names, until=warc_date(until))
        return session

    # -- asking -------------------------------------------------------------------------------------------------

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Fields | None = None,
        body: bytes = b"",
        ask: CaptureRequest | None = None,
        attempt: int = 1,
        browser: bool = False,
    ) -> Answer:
        """Ask for an address, or give again what this crawl holds of it.

        Args:
            url: absolute; a fragment counts in looking answers up and is not sent.
            method: of the request.
            headers: to send, in this order and case; those of `default_headers` when none are given.
            body: to send.
            ask: why (purpose, hints, the page a sub-resource belongs to).
            attempt: counts from 1; recorded.
            browser: the browser asks, which has cookies and a name of its own.

        Returns:
            The answer, already on disk. It may be cut (``truncated``) or blocked (``ref.blocked_by``).

        Raises:
            OutOfScope, RobotsDenied, HeldBack: it was not asked for.
            NotHeld: ``--as-of``, and no earlier crawl holds it.
            WireError: no answer came.
            ArchiveError: it cannot be kept; the run must stop.
        """
        ask = ask or CaptureRequest()
        method = method.upper()
        fields = list(self.default_headers() if headers is None else headers)
        asked = PendingRequest(url, method, fields, body, ask, ask.key(method, url, body), attempt, browser=browser)
        if (held := await self._replay.find(asked)) is not None:
            return held
        if self.plan.as_of is not None:
            self.counts["capture/as_of_missed"] += 1
            raise NotHeld("no crawl up to that day holds it", subject=url)
        if self.fatal is not None:
            raise self.fatal
        try:
            site = self.gate.site(url, page=ask.page)
            if ask.purpose != "robots":
                await self._robots.check(url)
            answer = await self._ask(asked, site)
        except (OutOfScope, RobotsDenied, HeldBack) as error:
            if not self.gate.stopping():
                await self._recorder.refusal(asked, error)
            raise
        if ask.purpose == PART:
            self._replay.hold(asked, answer)
        return answer

    async def render(self, url: str, ask: CaptureRequest) -> Answer:
        """Ask for an address as the browser shows it (``ask.render``), or give again what this crawl holds of it.

        Raises:
            BrowserError: this run has no browser, or it failed.
            FetchError, ArchiveError: as `fetch`.
        """
        held = await self._replay.find(PendingRequest(url, "GET", [], b"", ask, ask.key("GET", url)))
        if held is not None:
            return held
        if self.plan.as_of is not None:
            self.counts["capture/as_of_missed"] += 1
            raise NotHeld("no crawl up to that day holds it rendered", subject=url)
        if self.renderer is None or ask.render is None:
            raise BrowserError("this page needs the browser, and this run has none", subject=url)
        self.challenges.refuse(url)
        page = await self.renderer.render(url, ask.render, ask)
        return Answer(
            url, page.status, HTML, page.html, page.ref, "", page.status, failure=page.failure, final_url=page.final_url
        )

    def ask_robots_again(self) -> None:
        """What robots.txt says is asked for once more where it could not be had."""
        self._robots.ask_again()

    def keep_as(self, url: str, ref: CaptureRef, ask: CaptureRequest, status: int) -> None:
        """Have an answer of this run that was asked for otherwise kept as what ``ask`` says.

        Args:
            url: of the answer, asked with GET.
            ref: where it lies.
            ask: what it is now known to be.
            status: its own.
        """
        self._replay.adopt(PendingRequest(url, "GET", [], b"", ask, ask.key("GET", url)), ref, status)

    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """What we send when nobody says otherwise."""
        return default_headers(self.user_agent)

    async def _ask(self, asked: PendingRequest, site: SitePolicy) -> Answer:
        """The last word on a request: past a challenge, where a cookie or the browser gets there."""
        if asked.browser or asked.ask.purpose == "robots":
            return await self._from_the_wire(asked, site)
        async with self.challenges.alone(asked.url):
            answer = await self._from_the_wire(asked, site)
            if self.renderer is not None and self.challenges.for_browser(asked, answer):
                passed, behind = await self.challenges.show(self.renderer, asked, answer)
                if passed:
                    asked.attempt += 1
                    answer = behind or await self._from_the_wire(asked, site)
            self.challenges.heard(asked.url, answer)
        return answer

    async def _from_the_wire(self, asked: PendingRequest, site: SitePolicy) -> Answer:
        asked.prior = self._dedup.of(asked)
        asked.conditional = (
            asked.prior is not None and asked.ask.conditional and asked.method == "GET" and not self.plan.full
        )
        fresh, challenge, before = False, None, 0
        while True:
            exchange = await self._turn(asked, site, fresh=fresh)
            answer = await self._recorder.keep(asked, exchange)
            if exchange.stale:
                fresh = True
            elif answer is None:
                # The original that a 304 refers to cannot be read: the full answer is needed.
                asked.prior, asked.conditional = None, False
            elif exchange.status is None:
                failure = exchange.failure
                assert failure is not None
                raise WireError(failure.message, subject=asked.url, kind=failure.kind)
            elif self.challenges.for_cookie(asked, answer, before):
                challenge, before = challenge or answer, before + 1
                self.counts["capture/asked_again_with_cookie"] += 1
            elif challenge is not None and self.challenges.stands(answer):
                # Its cookie did not help: the challenge keeps its name, and nobody else brings that cookie.
                self.challenges.forget(asked.url)
                return challenge
            else:
                return answer
            asked.attempt += 1

    async def _turn(self, asked: PendingRequest, site: SitePolicy, *, fresh: bool) -> Exchange:
        """One request over the wire, in the site's turn."""
        async with self.gate.turn(asked.url, site, part=asked.ask.purpose == PART) as turn:
            if self.fatal is not None:  # the archive failed while this one waited: what cannot be kept is not fetched
                raise self.fatal
            policy = _for_events(site) if asked.browser and asks_for_events(asked.headers) else site
            request = WireRequest(asked.url, policy, asked.method, self._fields(asked), asked.body, left=turn.left)
            exchange = await self._wire.fetch(request, fresh=fresh)
            if exchange.status is not None:
                self._heard(site, exchange)
        self.counts["capture/requests"] += 1
        return exchange

    def _heard(self, site: SitePolicy, exchange: Exchange) -> None:
        """What the answer says of waiting; nothing in a header may keep an exchange from being archived."""
        assert exchange.status is not None
        try:
            self.gate.heard(site, exchange.status, _first(exchange.headers, b"retry-after"))
        except Exception:
            logging.getLogger(__name__).exception("%s: what it says of waiting is ignored", exchange.url)

    def _fields(self, asked: PendingRequest) -> Fields:
        name = self.challenges.name(asked)
        fields = [(key, name if name and key.lower() == b"user-agent" else value) for key, value in asked.headers]
        given = {name.lower() for name, _value in fields}
        if asked.conditional and asked.prior is not None and not given & _VALIDATORS:
            fields += validators(asked.prior.etag, asked.prior.last_modified)
        asked.cookies = None if asked.browser or b"cookie" in given else self.cookies.header(asked.url)
        if asked.cookies:
            fields.append((b"Cookie", asked.cookies))
        return fields

    async def _fetch_robots(self, url: str) -> Answer:
        ask = CaptureRequest(purpose="robots", conditional=False)
        attempt = 1
        while True:
            try:
                return await self.fetch(url, ask=ask, attempt=attempt)
            except WireError as error:
                # What takes a whole time-out each time is asked later in the run, with what waits for it.
                if error.kind in {"scope", "timeout"} or attempt == _ROBOTS_ATTEMPTS:
                    raise
            attempt += 1

    def learned(self, fact: Mapping[str, Any]) -> None:
        """Note what the crawl learned about the portal; it stands in the crawl's end and becomes a proposed patch."""
        if dict(fact) not in self._learned:
            self._learned.append(dict(fact))

    @property
    def learned_facts(self) -> list[dict[str, Any]]:
        """What was noted with `learned`."""
        return [dict(fact) for fact in self._learned]

    # -- files --------------------------------------------------------------------------------------------------

    @property
    def fatal(self) -> ArchiveError | None:
        """Why nothing more can be archived; the run must stop."""
        return self._recorder.fatal

    def give_up(self, error: ArchiveError) -> None:
        """Note that the archive failed: nothing more is fetched."""
        self._recorder.give_up(error)

    async def close(
        self,
        reason: str = "finished",
        stats: Mapping[str, Any] | None = None,
        *,
        problems: Sequence[str] = (),
        columns: Sequence[dict[str, Any]] = (),
    ) -> None:
        """End the run: seal its files and, unless it was interrupted, record the crawl's end in a file of its own.

        Args:
            reason: Scrapy's finish reason; ``shutdown`` leaves the crawl unfinished, to be continued.
            stats: as recorded in the end.
            problems: everything that went wrong, one sentence each.
            columns: what each column came to.
        """
        if self._closed:
            return
        self._closed = True
        try:
            await self._wire.close()
            files = self._replay.files
            if files is not None:
                files.close()
                if reason not in _UNFINISHED and self.fatal is None:
                    counts, facts = dict(self.counts), dict(stats or {})
                    files.end(reason, counts, facts, self._learned, problems=problems, columns=columns)
        finally:
            if self._locks is not None:
                self._locks.release()
            if self._turns is not None:
                self._turns.release()


def _recover(home: Home) -> None:
    """Seal what dead runs left open; files of runs that live are locked and left alone."""
    if next(home.warc.glob("*.open"), None) is not None:
        from archive.storage.recover import recover_directory

        recover_directory(home)


def _for_events(site: SitePolicy) -> SitePolicy:
    return replace(site, total_timeout=min(site.total_timeout, EVENTS_SECONDS))


def _first(headers: Fields, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key == name), None)
