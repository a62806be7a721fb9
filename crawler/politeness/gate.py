"""The gate that every request passes: scope, then the site's pace, its budget, and what it said about waiting.

One pace per *site* (politeness group: hosts that share a back-end), whoever asks: spider, robots.txt, rendered page,
redirect, retry. The pace is the largest of the profile's, the ``Crawl-delay`` of robots.txt (up to the profile's cap)
and ``--pace``. Less is possible only for a host that ``--connect-to`` maps to loopback.

A 429 or 503 makes the whole site wait: as long as ``Retry-After`` says, else twice as long each time. A site that asks
for more than `MAX_WAIT`, or that has made us wait for `MAX_WAITED` altogether without answering anything else, is not
asked again in this run.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.crawl_plan import CrawlPlan, SitePolicy
from crawler.errors import HeldBack, OutOfScope, UsageError
from crawler.politeness.locks import SharedTurns
from crawler.scope import DEFAULT_PORTS, Origin, ascii_host, host_matches, is_loopback, origin_of

MAX_WAIT = 600.0
MAX_WAITED = 1800.0
FIRST_WAIT = 1.0
# While waiting, seconds after which it is seen whether waiting still makes sense.
LOOK_UP = 0.5
PAUSE_STATUSES = frozenset({429, 503})
_PACES = 5  # of the site's own are the first wait where it does not say how long
_MOST_DOUBLED = 10  # times; MAX_WAIT is reached before


@dataclass(slots=True)
class _Budget:
    """How many requests of one kind may still go to a site.

    Attributes:
        most: None for no limit.
        what: how a person calls these requests.
    """

    most: int | None
    what: str
    spent: int = 0


@dataclass(slots=True)
class _Waits:
    """How long a site made us wait since it last answered anything else.

    Attributes:
        strikes: how often, one after the other.
        waited: seconds, all together.
        until: when the last wait ends, by the gate's clock.
        closed: why the site is not asked again; None as long as it is.
    """

    strikes: int = 0
    waited: float = 0.0
    until: float = 0.0
    closed: str | None = None

    def answered(self) -> None:
        """It answered something else."""
        self.strikes = 0
        self.waited = 0.0

    def guess(self, pace: float) -> float:
        """Seconds to wait where the site does not say how many: twice as long each time."""
        longer = 2.0 ** min(self.strikes - 1, _MOST_DOUBLED)
        return min(MAX_WAIT, max(FIRST_WAIT, _PACES * pace) * longer)

    def wait(self, seconds: float, status: int, now: float) -> None:
        """Wait so long, or, where that is too long, ask the site no more."""
        if seconds > MAX_WAIT:
            self.closed = f"asked to wait {seconds:.0f} s after status {status}"
        self.waited += seconds
        if self.closed is None and self.waited > MAX_WAITED:
            self.closed = f"has answered nothing but {status} for {MAX_WAITED / 60:.0f} minutes"
        self.until = max(self.until, now + min(seconds, MAX_WAIT))


class _Group:
    """State of one site.

    Attributes:
        slots: one for each request that may be under way at once.
        door: held by the request whose turn it is, until it has left.
        next_at: when the pace lets the next one leave, by the gate's clock.
        crawl_delay: seconds, by the robots.txt of its hosts.
        pages, parts: budgets for what the spider asks and for what rendered pages load.
    """

    def __init__(self, policy: SitePolicy) -> None:
        self.policy = policy
        self.slots = asyncio.Semaphore(max(1, policy.concurrency))
        self.door = asyncio.Lock()
        self.next_at = 0.0
        self.crawl_delay = 0.0
        self.waits = _Waits()
        self.pages = _Budget(policy.budget, "requests for")
        self.parts = _Budget(policy.parts_budget, "requests for parts of pages of")

    def budget(self, *, part: bool) -> _Budget:
        """The one that a request is paid from."""
        return self.parts if part else self.pages


@dataclass(slots=True)
class Turn:
    """A request's permission to go out now. Nobody else of the site gets one until this request has left."""

    site: SitePolicy
    delay: float
    group: _Group = field(repr=False)
    _waited_for: bool = True

    def left(self, moment: float) -> None:
        """Note when the request left (monotonic): pace counts from then, not from when a connection was begun."""
        self.group.next_at = max(self.group.next_at, moment + self.delay)
        self.over()

    def over(self) -> None:
        """The request has left, or never will."""
        if self._waited_for:
            self._waited_for = False
            self.group.door.release()


class Gate:
    """Decides whether and when a request goes out.

    Args:
        plan: sites with their pace, mappings, ``--pace``.
        clock, sleep: replaced in tests.
        shared: turns at hosts that other crawls of the same home may ask as well.

    Attributes:
        stopping: asked while a request waits; a run that is being interrupted does not wait for its turn.

    Raises:
        UsageError: ``--pace`` below a profile's pace although not every host is mapped to loopback.
    """

    def __init__(
        self,
        plan: CrawlPlan,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        shared: SharedTurns | None = None,
    ) -> None:
        self._plan = plan
        self._shared = shared
        self._routes = plan.routes()
        self._clock = clock
        self._sleep = sleep
        self._groups: dict[str, _Group] = {}
        self.stopping: Callable[[], bool] = lambda: False
        check_pace(plan)

    # -- scope --------------------------------------------------------------------------------------------------

    def site(self, url: str, *, page: str | None = None) -> SitePolicy:
        """The site that ``url`` belongs to.

        Args:
            url: an absolute address.
            page: the rendered page that loads it, which may also load from its site's requisites.

        Raises:
            OutOfScope: the profile does not name the host, or not the port.
        """
        origin = origin_of(url)
        host = origin.host
        for site in self._plan.sites:
            if host_matches(host, site.all_hosts()):
                self._check_port(origin, site, url)
                return site
        if page is not None:
            owner = self.site(page)
            if host_matches(host, owner.requisites):
                # A group of its own: another back-end, but no faster than the site that needs it.
                other = replace(
                    owner, host=host, hosts=(host,), requisites=(), ports=(), proxy=owner.proxy, budget=None
                )
                self._check_port(origin, other, url)
                return other
        raise OutOfScope(
            "is outside the profile's hosts", subject=url, advice="Name the host in the profile if it belongs there"
        )

    def _check_port(self, origin: Origin, site: SitePolicy, url: str) -> None:
        """A link must not make us speak to a host's other services; a port that is mapped by number is meant."""
        mapped = (port for host, port, *_ in self._routes.entries if host in {"*", "", origin.host})
        if origin.port not in {*DEFAULT_PORTS.values(), *site.ports} and str(origin.port) not in mapped:
            raise OutOfScope(
                f"is at port {origin.port}, and only 80, 443 and the ports that the profile's addresses name are asked",
                subject=url,
                advice="Name a column at that port in the profile if it belongs there",
            )

    # -- pace ---------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def turn(self, url: str, site: SitePolicy, *, part: bool = False) -> AsyncIterator[Turn]:
        """Wait for this request's turn; the site's slot is held until the block ends.

        A part of a rendered page has a budget of its own: such pages must not spend that of the reports.

        Raises:
            HeldBack: the budget is spent, or the site asked for too long a wait.
        """
        group = self._group(site)
        origin = origin_of(url)
        self._refuse(group, url, part=part)
        async with group.slots:
            await group.door.acquire()
            turn = Turn(site, self.delay(origin, site), group)
            try:
                while (wait := max(group.next_at, group.waits.until) - self._clock()) > 0:
                    self._refuse(group, url, part=part)
                    await self._sleep(min(wait, LOOK_UP))
                await self._wait_for_others(group, origin.host, url, part=part)
                try:
                    turn.delay = self.delay(origin, site)
                    group.next_at = self._clock() + turn.delay
                    group.budget(part=part).spent += 1
                    yield turn
                finally:
                    self._give_back(group, origin.host)
            finally:
                turn.over()

    async def _wait_for_others(self, group: _Group, host: str, url: str, *, part: bool) -> None:
        """Until no other crawl of this home asks the host; requests to other sites go on meanwhile."""
        self._refuse(group, url, part=part)
        told = False
        while self._shared is not None and not self._shared.take(_turns(group, host)):
            if not told:
                told = True
                logging.getLogger(__name__).warning(
                    "%s: another crawl of this home asks it; waiting for its turn", host
                )
            await self._sleep(LOOK_UP)
            self._refuse(group, url, part=part)

    def _give_back(self, group: _Group, host: str) -> None:
        """Others may ask when we might again."""
        if self._shared is None:
            return
        pause = group.next_at - self._clock()
        if pause > 0:
            asyncio.get_running_loop().call_later(pause, self._shared.give, _turns(group, host))
        else:
            self._shared.give(_turns(group, host))

    def delay(self, origin: Origin, site: SitePolicy) -> float:
        """Seconds between two requests to this origin."""
        asked = self._plan.pace
        target = self._routes.target(origin.host, origin.port)
        if asked is not None and target is not None and is_loopback(target[0]):
            return asked
        group = self._group(site)
        return max(site.pace, min(group.crawl_delay, site.crawl_delay_cap), asked or 0.0)

    def heard(self, site: SitePolicy, status: int, retry_after: str | None, now: datetime | None = None) -> float:
        """Take notice of an answer's status; returns the seconds that the site now waits."""
        group = self._group(site)
        if status not in PAUSE_STATUSES:
            group.waits.answered()
            return 0.0
        group.waits.strikes += 1
        wait = read_retry_after(retry_after, now or datetime.now(UTC))
        if wait is None:
            if retry_after is not None:
                logging.getLogger(__name__).warning(
                    "%s: Retry-After %r cannot be read and is ignored", site.host, retry_after[:100]
                )
            wait = group.waits.guess(self._paced(site))
        group.waits.wait(wait, status, self._clock())
        return wait

    def crawl_delay(self, origin: Origin, seconds: float) -> None:
        """Take notice of a Crawl-delay in robots.txt."""
        for site in self._plan.sites:
            if host_matches(origin.host, site.all_hosts()):
                group = self._group(site)
                group.crawl_delay = max(group.crawl_delay, seconds)
                return
        if (known := self._groups.get(origin.host)) is not None:
            known.crawl_delay = max(known.crawl_delay, seconds)

    def _paced(self, site: SitePolicy) -> float:
        return site.pace if self._plan.pace is None else min(site.pace, self._plan.pace)

    def _refuse(self, group: _Group, url: str, *, part: bool = False) -> None:
        if self.stopping():
            raise HeldBack("the run is being ended", subject=url)
        host = group.policy.host
        if group.waits.closed is not None:
            raise HeldBack(f"{host} {group.waits.closed}", subject=url, advice="Crawl it again later")
        budget = group.budget(part=part)
        if budget.most is not None and budget.spent >= budget.most:
            raise HeldBack(f"the budget of {budget.most} {budget.what} {host} is spent", subject=url)

    def _group(self, site: SitePolicy) -> _Group:
        group = self._groups.get(site.host)
        if group is None:
            group = self._groups[site.host] = _Group(site)
        return group


def _turns(group: _Group, host: str) -> tuple[str, ...]:
    return tuple(name.lower().removeprefix("www.") for name in (host, group.policy.host))


def check_pace(plan: CrawlPlan) -> None:
    """Refuse ``--pace`` below what a profile agrees, unless every host is mapped to loopback.

    Raises:
        UsageError: it is below, or negative.
    """
    if plan.pace is None:
        return
    if plan.pace < 0:
        raise UsageError(
            "must not be negative", subject=f"--pace {plan.pace:g}", advice="Write seconds, such as --pace 5"
        )
    if all(plan.pace >= site.pace for site in plan.sites):
        return
    hosts: list[str] = []
    for site in plan.sites:
        named = (*site.all_hosts(), *site.requisites)
        hosts += [ascii_host(host.removeprefix("*.")) for host in named]
    if not plan.routes().all_loopback(hosts):
        raise UsageError(
            "is faster than the profile allows",
            subject=f"--pace {plan.pace:g}",
            advice="A faster pace is only for sample portals, with every host mapped to loopback by --connect-to",
        )


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number, or a date (RFC 9110 section 10.2.3); None when neither."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, OverflowError, TypeError):  # a zone of many digits, a year without end
        return None
