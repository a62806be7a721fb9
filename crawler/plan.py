"""From a portal's name and options to the plan of a run; `gongkai crawl` and `scrapy crawl` make the same one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from archive import Home
from crawler.crawl_plan import CrawlPlan, SitePolicy
from crawler.errors import UsageError
from crawler.portals.load import Portal, load_portal
from crawler.portals.profile import FIRST_YEAR, Site
from crawler.scope import host_matches
from parsers.configuration import configuration_digest

if TYPE_CHECKING:
    from archive.access.captures import Captures
    from archive.records.known_reports import KnownReport
    from archive.records.lessons import MissingAddress

T = TypeVar("T")

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

        def read(name: str, reader: Callable[[str], T]) -> T | None:
            return reader(given[name]) if name in given else None

        try:
            return cls(
                home=read("home", _home),
                sites=_listed(given.get("site", "")),
                year=read("year", int),
                sample=read("sample", int),
                full=given.get("full", "0") not in _NO,
                dedupe=given.get("dedupe", "1") not in _NO,
                new=given.get("new", "0") not in _NO,
                as_of=read("as_of", _moment),
                connect_to=_listed(given.get("connect_to", "")),
                pace=read("pace", float),
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
        # Archived, and compared with that of earlier crawls: neither order nor wording of its parts may change.
        parts = [portal]
        if self.sites:
            parts.append("sites=" + ",".join(sorted(self.sites)))
        if self.year:
            parts.append(f"year={self.year}")
        if self.sample:
            parts.append(f"sample={self.sample}")
        if self.full:
            parts.append("full")
        if self.check:
            parts.append("check")
        return " ".join(parts)


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
    known: tuple[KnownReport, ...] = ()
    missing: Mapping[str, MissingAddress] = {}
    found_lists: Mapping[str, tuple[str, ...]] = {}
    if prior is not None:
        known = prior.known(portal.key)
        found_lists = prior.found_lists(portal.key)
        if not options.full:  # in full even what was missing lately is asked for
            missing = prior.missing(portal.key)
    vantage = os.environ.get("GONGKAI_VANTAGE")
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
        known=known,
        missing=missing,
        found_lists=found_lists,
        contact=os.environ.get("GONGKAI_CONTACT") or None,
        operator=os.environ.get("GONGKAI_OPERATOR") or None,
        vantage={"label": vantage} if vantage else {},
    )
    plan.routes()  # mappings that cannot be read are refused now, before anything is begun
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
    policies = [replace(site.policy(), hosts=site.own_hosts()) for site in chosen]
    own = [host for site in portal.profile.sites for host in site.own_hosts()]
    seen: set[str] = set()
    for site in chosen:
        for pattern in site.reaches:
            below = pattern.startswith("*")
            if pattern in seen or (not below and host_matches(pattern, own)):
                continue
            seen.add(pattern)
            policies.append(_reached(pattern, site))
    if portal.profile.proxy:
        policies = [replace(policy, proxy=policy.proxy or portal.profile.proxy) for policy in policies]
    return tuple(policies)


def _reached(pattern: str, site: Site) -> SitePolicy:
    """The group of a body that a site's hub may lead to; it is asked as politely as the site itself."""
    name = pattern.removeprefix("*.")
    return SitePolicy(
        host=f"reached.{name}" if pattern.startswith("*") else name,  # all hosts below one are one group
        hosts=(pattern,),
        pace=site.pace,
        budget=site.budget,
        proxy=site.proxy,
        tls=site.tls,
        reached=True,
    )


def _home(path: str) -> Home:
    return Home.at(path, create=True)


def _listed(text: str) -> tuple[str, ...]:
    """The entries of an argument with commas."""
    return tuple(entry for entry in text.split(",") if entry)


def _moment(text: str) -> datetime:
    from archive.times import parse_moment

    return parse_moment(text)
