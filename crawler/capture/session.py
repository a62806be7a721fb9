"""One crawl's capture: every request of spider, robots and browser becomes records, and then an answer.

The way of a request: replay (this crawl holds the answer already) -> scope -> robots.txt -> the site's turn ->
validators of the last capture -> wire -> judged -> archived -> on disk -> answered. Nobody sees an answer before it is
kept.

This is the way; `fetcher` asks, `recorder` writes what was asked and answered, `replay` gives what this crawl holds,
`dedup` knows what the crawls before it hold.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive import ArchiveError, Home
from archive.signatures import load_signatures
from archive.storage.open import open_storage
from archive.warc import warc_date
from crawler.capture.answer import HTML, Answer, Rendered, Renderer
from crawler.capture.challenges import Challenges
from crawler.capture.dedup import Dedup
from crawler.capture.fetcher import Fetcher
from crawler.capture.prior_records import PriorRecords
from crawler.capture.recorder import Recorder
from crawler.capture.replay import Replay
from crawler.capture.replay_index import PART, ReplayIndex
from crawler.capture.request import CaptureRef, CaptureRequest, PendingRequest
from crawler.capture.resume import files_of, find_unfinished, new_crawl_id
from crawler.capture.warc_files import CrawlFiles
from crawler.capture.wire.client import Fields, WireClient
from crawler.capture.wire.cookies import Cookies
from crawler.capture.wire.headers import ACCEPT_ENCODING, ACCEPT_LANGUAGE, default_headers, user_agent
from crawler.capture.wire.proxy import Proxy
from crawler.crawl_plan import CrawlPlan, SitePolicy
from crawler.errors import BrowserError, HeldBack, NotHeld, OutOfScope, RobotsDenied, WireError
from crawler.politeness.gate import Gate
from crawler.politeness.locks import SharedTurns, SiteLocks
from crawler.politeness.robots import Robots

__all__ = ["ACCEPT_ENCODING", "ACCEPT_LANGUAGE", "Answer", "CaptureSession", "Rendered", "Renderer", "user_agent"]

_ROBOTS_ATTEMPTS = 3
# Scrapy's reasons after which a crawl has no end in the archive, and so can be continued.
_UNFINISHED = frozenset({"shutdown", "cancelled", "archive_failed"})


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What a run has in hand when its session begins.

    Attributes:
        crawl, clock, resumed: as of `CaptureSession`.
        index: what this crawl holds already.
        files: those that it writes; None for a run on the past, which writes nothing.
        turns: at hosts that other runs ask too; None where nothing is asked.
        held: what is given up when the session is closed.
    """

    crawl: str
    clock: datetime
    resumed: bool = False
    index: ReplayIndex = field(default_factory=ReplayIndex)
    files: CrawlFiles | None = None
    turns: SharedTurns | None = None
    held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)


class CaptureSession:
    """The capture of one run. Made by `open`, ended by `close`; used from one event loop.

    Attributes:
        plan: what the run covers.
        crawl: the crawl's id.
        clock: the time that decisions of this crawl use (a continued crawl keeps its first).
        resumed: an unfinished crawl is continued.
        counts: what happened, by stable names (docs/capture.md lists them).
        user_agent: who we say we are.
        renderer: the browser, when the run has one.
        gate: scope and pace.
        challenges: what the crawl did about those.
        recorder: archives what is no answer to `fetch`: rendered pages, and what lists held.
    """

    def __init__(self, plan: CrawlPlan, begun: _Beginning) -> None:
        self.plan = plan
        self.crawl = begun.crawl
        self.clock = begun.clock
        self.resumed = begun.resumed
        self.counts: Counter[str] = Counter()
        self.user_agent = user_agent(plan.contact)
        self.renderer: Renderer | None = None
        self.gate = Gate(plan, shared=begun.turns)
        self._files = begun.files
        self._held = begun.held
        self._learned: list[dict[str, Any]] = []
        self._closed = False

        cookies = Cookies()
        signatures = load_signatures()
        prior_records = PriorRecords(plan.home)
        dedup = Dedup(plan, prior_records, self.counts)
        self.challenges = Challenges(signatures, cookies, self.counts)
        self.recorder = Recorder(
            begun.crawl,
            begun.files,
            dedup=dedup,
            index=begun.index,
            cookies=cookies,
            signatures=signatures,
            counts=self.counts,
        )
        self._replay = Replay(
            begun.index, prior_records, self.recorder, cookies=cookies, signatures=signatures, counts=self.counts
        )
        self._robots = Robots(self._fetch_robots, self.gate.crawl_delay)
        self._wire = WireClient(plan.routes())
        self._fetcher = Fetcher(
            self._wire,
            self.gate,
            self.recorder,
            dedup=dedup,
            challenges=self.challenges,
            cookies=cookies,
            counts=self.counts,
            full=plan.full,
        )

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
            return cls(plan, _begin_on_the_past(plan, plan.as_of))
        held = contextlib.ExitStack()
        try:
            locks = SiteLocks(plan.home, [site.host for site in plan.sites if not site.reached])
            held.callback(locks.release)
            return cls(plan, _begin(plan, held))
        except BaseException:
            held.close()
            raise

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
        held = await self._replay.find(asked)
        if held is not None:
            return held
        if self.plan.as_of is not None:
            self.counts["capture/as_of_missed"] += 1
            raise NotHeld("no crawl up to that day holds it", subject=url)
        self.recorder.check()
        try:
            # Scope first: the robots.txt of a host outside the profile must not be asked for either.
            site = self.gate.site(url, page=ask.page)
            if ask.purpose != "robots":
                await self._robots.check(url)
            answer = await self._ask(asked, site)
        except (OutOfScope, RobotsDenied, HeldBack) as error:
            if not self.gate.stopping():
                await self.recorder.keep_refusal(asked, error)
            raise
        if ask.purpose == PART:
            self._replay.share_part(asked, answer)
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
            return await self._fetcher.fetch(asked, site)
        async with self.challenges.alone(asked.url):
            answer = await self._fetcher.fetch(asked, site)
            if self.renderer is not None and self.challenges.for_browser(asked, answer):
                passed, behind = await self.challenges.show(self.renderer, asked, answer)
                if passed:
                    asked.attempt += 1
                    answer = behind or await self._fetcher.fetch(asked, site)
            self.challenges.heard(asked.url, answer)
        return answer

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

    # -- the run ------------------------------------------------------------------------------------------------

    def learned(self, fact: Mapping[str, Any]) -> None:
        """Note what the crawl learned about the portal; it stands in the crawl's end and becomes a proposed patch."""
        if dict(fact) not in self._learned:
            self._learned.append(dict(fact))

    @property
    def learned_facts(self) -> list[dict[str, Any]]:
        """What was noted with `learned`."""
        return [dict(fact) for fact in self._learned]

    @property
    def fatal(self) -> ArchiveError | None:
        """Why nothing more can be archived; the run must stop."""
        return self.recorder.fatal

    def give_up(self, error: ArchiveError) -> None:
        """Note that the archive failed: nothing more is fetched."""
        self.recorder.give_up(error)

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
        with self._held:
            await self._wire.close()
            if self._files is None:
                return
            self._files.close()
            if reason not in _UNFINISHED and self.fatal is None:
                counts = dict(self.counts)
                facts = dict(stats or {})
                self._files.end(reason, counts, facts, self._learned, problems=problems, columns=columns)


def _begin(plan: CrawlPlan, held: contextlib.ExitStack) -> _Beginning:
    """A new crawl, or the unfinished one of the same scope with what it holds; the locks are held already."""
    # What dead runs left open is sealed before anything looks for an unfinished crawl: its last answers lie there.
    _recover(plan.home)
    unfinished = None
    if not plan.new:
        unfinished = find_unfinished(plan.home, plan.portal, plan.scope, made_up=bool(plan.connect_to))
    index = ReplayIndex()
    if unfinished is None:
        crawl = new_crawl_id(plan.portal, plan.now)
        clock = plan.now
    else:
        crawl = unfinished.crawl
        clock = unfinished.clock
        index.add_files(open_storage(plan.home), unfinished.files)
    turns = SharedTurns(plan.home)
    held.callback(turns.release)
    files = CrawlFiles(plan, crawl, clock, user_agent(plan.contact))
    return _Beginning(crawl, clock, unfinished is not None, index, files, turns, held)


def _begin_on_the_past(plan: CrawlPlan, until: datetime) -> _Beginning:
    """A run over what all earlier crawls of a portal hold, up to a day."""
    beginning = _Beginning(f"{plan.portal}-as-of", until)
    storage = open_storage(plan.home)
    crawls = files_of((stored.name for stored in storage.files()), plan.portal)
    for names in crawls.values():
        beginning.index.add_files(storage, names, until=warc_date(until))
    return beginning


def _recover(home: Home) -> None:
    """Seal what dead runs left open; files of runs that live are locked and left alone."""
    if next(home.warc.glob("*.open"), None) is not None:
        from archive.storage.recover import recover_directory

        recover_directory(home)
