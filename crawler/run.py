"""Runs: from a portal's name and options to a plan, from plans to finished crawls.

`gongkai crawl` and `scrapy crawl` make the same plan (`make_plan`). Several portals run in one process, each with its
own crawl, its own WARC files and its own log; Scrapy runs on asyncio alone, without a Twisted reactor, so that one
process may run crawls one after another.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from archive import Home
from crawler._errors import UsageError
from crawler.capture.ask import CrawlPlan, SitePolicy
from crawler.portals import FIRST_YEAR, Portal, Site, load_portal
from crawler.scope import host_matches
from parsers.configuration import configuration_digest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archive.captures import Captures
    from crawler.spiders.portal import PortalSpider

Progress = Callable[[Mapping[str, Counter[str]]], None]
_EVERY = 1.0
_NO = frozenset({"0", "false", "no"})
_SLOWEST = 3600  # seconds between two requests; a crawl that waits longer never ends


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for on the command line.

    Attributes:
        home: the archive's directory; None for the default one.
        sites: hosts of the sites to visit; none named means all.
        year: reports for this year only.
        sample: at most so many reports per column.
        full: no conditional requests.
        dedupe: keep what did not change as a revisit; without, everything is asked for and kept whole.
        new: begin another crawl although one of this scope is unfinished.
        as_of: answer from earlier crawls up to this moment; nothing is fetched or written.
        connect_to: ``HOST:PORT:ADDR:PORT`` mappings.
        pace: seconds between requests; only where every host is mapped to loopback may it undercut the profile.
        check: a visit that proves the profile: few requests, nothing concluded from what is missing.
    """

    home: Home | None = None
    sites: tuple[str, ...] = ()
    year: int | None = None
    sample: int | None = None
    full: bool = False
    dedupe: bool = True
    new: bool = False
    as_of: datetime | None = None
    connect_to: tuple[str, ...] = ()
    pace: float | None = None
    check: bool = False

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> Options:
        """Options as ``scrapy crawl -a name=value`` gives them: all text.

        Raises:
            UsageError: a value that cannot be read.
        """
        known = {"home", "site", "year", "sample", "full", "dedupe", "new", "as_of", "connect_to", "pace"}
        unknown = set(arguments) - known
        if unknown:
            raise UsageError(f"there is no argument {min(unknown)!r}", advice=f"Known are {', '.join(sorted(known))}")
        given = {name: str(value) for name, value in arguments.items()}
        try:
            return cls(
                home=Home.at(given["home"], create=True) if "home" in given else None,
                sites=tuple(host for host in given.get("site", "").split(",") if host),
                year=int(given["year"]) if "year" in given else None,
                sample=int(given["sample"]) if "sample" in given else None,
                full=given.get("full", "0") not in _NO,
                dedupe=given.get("dedupe", "1") not in _NO,
                new=given.get("new", "0") not in _NO,
                as_of=_moment(given["as_of"]) if "as_of" in given else None,
                connect_to=tuple(entry for entry in given.get("connect_to", "").split(",") if entry),
                pace=float(given["pace"]) if "pace" in given else None,
            )
        except ValueError as error:
            raise UsageError(f"an argument cannot be read ({error})", advice="Numbers are written in digits") from error

    def recorded(self) -> dict[str, Any]:
        """As archived with the crawl: what decides what is fetched."""
        return {
            "sites": list(self.sites),
            "year": self.year,
            "sample": self.sample,
            "full": self.full,
            "dedupe": self.dedupe,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "pace": self.pace,
            "check": self.check,
        }

    def scope(self, portal: str) -> str:
        """What a run covers: the same scope continues an unfinished crawl."""
        parts = [portal]
        if self.sites:
            parts.append("sites=" + ",".join(sorted(self.sites)))
        parts += [f"{name}={value}" for name, value in (("year", self.year), ("sample", self.sample)) if value]
        parts += [name for name, value in (("full", self.full), ("check", self.check)) if value]
        return " ".join(parts)


@dataclass(slots=True)
class ColumnResult:
    """What one column came to."""

    site: str
    url: str
    counts: dict[str, int]
    family: str | None
    family_reason: str | None
    stated_total: int | None
    problems: list[str]
    expected: int = 0

    @property
    def found(self) -> int:
        """Reports fetched: pages and files."""
        return self.counts.get("reports/found", 0) + self.counts.get("reports/files", 0)


@dataclass(slots=True)
class Outcome:
    """How one crawl ended.

    Attributes:
        crawl: its id, None when it never began.
        reason: Scrapy's finish reason, or ``failed``.
        columns: what was found where.
        stats: counts of the crawl by stable names.
        learned: what the crawl learned about the portal.
        error: why it could not run or was given up.
    """

    portal: str
    crawl: str | None = None
    reason: str = "failed"
    columns: list[ColumnResult] = field(default_factory=list)
    stats: dict[str, Any] = field(default_factory=dict)
    learned: list[dict[str, Any]] = field(default_factory=list)
    expectations: list[str] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def failures(self) -> list[str]:
        """Everything that went wrong, one line each."""
        lines = [problem for column in self.columns for problem in column.problems]
        return [*lines, *self.expectations]


def make_plan(key: str, options: Options, *, prior: Captures | None = None) -> CrawlPlan:
    """The plan of one run.

    Raises:
        UsageError, ProfileError: unknown portal or site, options that do not go together, a broken profile.
        HomeError: the home cannot be used.
    """
    return plan_for(load_portal(key), options, prior=prior)


def plan_for(portal: Portal, options: Options, *, prior: Captures | None = None) -> CrawlPlan:
    """As `make_plan`, for a profile that is at hand."""
    chosen = portal.sites(options.sites)
    _check(options)
    home = options.home or Home.at(create=options.as_of is None)
    plan = CrawlPlan(
        home=home,
        portal=portal.key,
        scope=options.scope(portal.key),
        sites=_policies(portal, chosen),
        arguments=options.recorded(),
        profile=portal.text,
        profile_digest=portal.digest,
        configuration=configuration_digest(),
        connect_to=options.connect_to,
        pace=options.pace,
        new=options.new,
        as_of=options.as_of,
        full=options.full or not options.dedupe,
        dedupe=options.dedupe,
        durable=os.environ.get("GONGKAI_DURABLE", "1") not in _NO,
        prior=prior,
        known=prior.known(portal.key) if prior is not None else (),
        contact=os.environ.get("GONGKAI_CONTACT") or None,
        operator=os.environ.get("GONGKAI_OPERATOR") or None,
        vantage={"label": os.environ["GONGKAI_VANTAGE"]} if os.environ.get("GONGKAI_VANTAGE") else {},
    )
    plan.routes()
    return plan


def _check(options: Options) -> None:
    if options.year is not None and not FIRST_YEAR - 5 <= options.year <= datetime.now(UTC).year:
        raise UsageError(f"{options.year} is no report year", subject="--year", advice="Reports exist from 2008 on")
    if options.sample is not None and options.sample < 1:
        raise UsageError("at least one report per column", subject="--sample", advice="Write --sample 1 or more")
    if options.pace is not None and not 0 <= options.pace <= _SLOWEST:
        raise UsageError(f"{options.pace:g} is no pace", subject="--pace", advice=f"Write 0 to {_SLOWEST} seconds")
    if options.as_of is not None and (options.new or options.full):
        raise UsageError("--as-of fetches nothing, so --new and --full mean nothing with it", advice="Leave them out")


def _policies(portal: Portal, chosen: Sequence[Site]) -> tuple[SitePolicy, ...]:
    """The chosen sites, then the bodies that their hubs may lead to: each its own group, none twice."""
    policies = [site.policy() for site in chosen]
    own = [host for site in portal.profile.sites for host in site.own_hosts()]
    owners = {policy.host: site for policy, site in zip(policies, chosen, strict=True)}
    policies = [SitePolicy(**{**_fields(p), "hosts": owners[p.host].own_hosts()}) for p in policies]
    seen: set[str] = set()
    for site in chosen:
        for pattern in site.reaches:
            if pattern in seen or (not pattern.startswith("*") and host_matches(pattern, own)):
                continue
            seen.add(pattern)
            name = pattern.removeprefix("*.")
            policies.append(
                SitePolicy(
                    host=f"reached.{name}" if pattern.startswith("*") else name,
                    hosts=(pattern,),
                    pace=site.pace,
                    budget=site.budget,
                    proxy=site.proxy,
                    tls=site.tls,
                    reached=True,
                )
            )
    if portal.profile.proxy:
        policies = [SitePolicy(**{**_fields(p), "proxy": p.proxy or portal.profile.proxy}) for p in policies]
    return tuple(policies)


def _fields(policy: SitePolicy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in SitePolicy.__dataclass_fields__}


def run_crawls(plans: Sequence[CrawlPlan], *, progress: Progress | None = None) -> list[Outcome]:
    """Run crawls side by side in this process and wait for all.

    Ctrl-C once stops them in order (they can be continued), twice at once.

    Raises:
        KeyboardInterrupt: after an orderly stop.
    """
    with _quiet():
        return asyncio.run(_run(list(plans), progress))


async def _run(plans: list[CrawlPlan], progress: Progress | None) -> list[Outcome]:
    from scrapy.crawler import AsyncCrawlerRunner

    runner = AsyncCrawlerRunner(_settings())
    crawlers = [(plan, _crawler(plan)) for plan in plans]
    tasks = [runner.crawl(crawler) for _, crawler in crawlers]
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if interrupted.is_set():
            raise KeyboardInterrupt
        interrupted.set()
        loop.create_task(runner.stop())  # noqa: RUF006 - the crawls' own tasks wait for it

    installed = _on_signals(loop, stop)
    watch = asyncio.create_task(_watch(crawlers, progress)) if progress else None
    try:
        results = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        for number in installed:
            loop.remove_signal_handler(number)
        if watch is not None:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
    if interrupted.is_set():
        raise KeyboardInterrupt
    return [
        _outcome(plan, crawler, result if isinstance(result, BaseException) else None)
        for (plan, crawler), result in zip(crawlers, results, strict=True)
    ]


def _on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> list[signal.Signals]:
    installed = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Only the main thread may; elsewhere (tests, a server) whoever owns the thread stops the run.
        with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
            loop.add_signal_handler(number, stop)
            installed.append(number)
    return installed


def _settings() -> Any:
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("TWISTED_REACTOR_ENABLED", False, priority="cmdline")
    settings.set("TWISTED_REACTOR", None, priority="cmdline")
    return settings


def _crawler(plan: CrawlPlan) -> Crawler:
    from scrapy.crawler import Crawler

    from crawler.spiders.portal import PortalSpider

    settings = _settings()
    settings.set("GONGKAI_PLAN", plan, priority="cmdline")
    spider = type(f"{plan.portal}Spider", (PortalSpider,), {"name": plan.portal})
    return Crawler(spider, settings)


async def _watch(crawlers: Sequence[tuple[CrawlPlan, Crawler]], progress: Progress) -> None:
    while True:
        await asyncio.sleep(_EVERY)
        progress({plan.portal: _counts(crawler) for plan, crawler in crawlers})


def _counts(crawler: Crawler) -> Counter[str]:
    spider: PortalSpider | None = crawler.spider  # type: ignore[assignment]
    total: Counter[str] = Counter()
    for state in spider.columns if spider else ():
        total.update(state.counts)
    session = getattr(crawler, "capture_session", None)
    total["requests"] = session.counts["capture/requests"] if session else 0
    return total


def _outcome(plan: CrawlPlan, crawler: Crawler, error: BaseException | None) -> Outcome:
    session = getattr(crawler, "capture_session", None)
    spider: PortalSpider | None = crawler.spider  # type: ignore[assignment]
    stats = dict(crawler.stats.get_stats()) if crawler.stats is not None else {}
    result = Outcome(
        portal=plan.portal,
        crawl=session.crawl if session else None,
        reason=str(stats.get("finish_reason", "failed")),
        stats={name: value for name, value in stats.items() if isinstance(value, int | float | str)},
        learned=list(session.learned_facts) if session is not None else [],
        error=error or (session.fatal if session else None),
    )
    for state in spider.columns if spider else ():
        families = state.families.most_common(1)
        result.columns.append(
            ColumnResult(
                site=state.site.host,
                url=state.url,
                counts=dict(state.counts),
                family=families[0][0] if families else None,
                family_reason=state.reasons.get(families[0][0]) if families else None,
                stated_total=state.stated_total,
                problems=list(state.problems),
            )
        )
    if spider is not None and error is None and result.reason == "finished":
        result.expectations = _unmet(spider.portal, plan, result.columns)
    return result


def _unmet(portal: Portal, plan: CrawlPlan, columns: Sequence[ColumnResult]) -> list[str]:
    """Expectations of the profile that this run did not meet; a run of a part promises nothing."""
    if any(plan.arguments.get(name) for name in ("year", "sample", "check")) or plan.as_of is not None:
        return []
    lines = []
    for site in portal.profile.sites:
        of_site = [column for column in columns if column.site == site.host]
        found = sum(column.found for column in of_site)
        if of_site and found < site.expectations.reports:
            lines.append(f"{site.host}: {found} reports found, at least {site.expectations.reports} expected")
    return lines


@contextlib.contextmanager
def _quiet() -> Any:
    """Keep log records off the terminal: they go to the crawl's own log; what matters is in the outcome."""
    root = logging.getLogger()
    handler = logging.NullHandler()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


class ProgressLine:
    """One line on stderr: rewritten on a terminal, repeated now and then elsewhere."""

    def __init__(self, *, every: float = 15.0) -> None:
        self._terminal = sys.stderr.isatty()
        self._every = every
        self._begun = self._last = time.monotonic()
        self._width = 0

    def __call__(self, counts: Mapping[str, Counter[str]]) -> None:
        """Show the state of all crawls."""
        now = time.monotonic()
        if not self._terminal and now - self._last < self._every:
            return
        self._last = now
        parts = [
            f"{portal}: {count['requests']} requests, {count['lists/answers']} lists, "
            f"{count['reports/found'] + count['reports/files']} reports"
            for portal, count in counts.items()
        ]
        text = f"[{int(now - self._begun)} s] " + "; ".join(parts)
        if self._terminal:
            text = text[:150]
            print(f"\r{text.ljust(self._width)}", end="", file=sys.stderr, flush=True)  # noqa: T201
            self._width = len(text)
        else:
            print(text, file=sys.stderr, flush=True)  # noqa: T201

    def done(self) -> None:
        """End the line."""
        if self._terminal and self._width:
            print(file=sys.stderr)  # noqa: T201


def _moment(text: str) -> datetime:
    from archive.moments import parse_moment

    return parse_moment(text)
