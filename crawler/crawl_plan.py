"""One run as data: which portal, which sites at which pace, into which home.

`SitePolicy` is all that capture and politeness know of a portal profile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from archive.access.captures import Prior
from archive.home import Home
from archive.records.known_reports import KnownReport
from archive.records.lessons import MissingAddress
from archive.warc.location import RecordLocation
from crawler.scope import ConnectTo


@dataclass(frozen=True, slots=True)
class PageLimits:
    """What one rendered page may do; it is then read as it stands, and what it did beyond that is a problem.

    ``busy``, ``loading`` and ``challenge`` are counted without what the machine lets the browser wait for a processor
    (`crawler.capture.browser.page_clock`), ``seconds`` on the wall.

    Attributes:
        requests: things that it asks for.
        documents: times that it goes on to another address by itself (redirects of the server are not counted).
        popups: windows that it opens; each is closed at once.
        scrolls: times that it is scrolled to its foot.
        seconds: altogether, the waiting for the site's pace included.
        busy: seconds in which it does not answer the browser, before it is given up and the browser started anew.
        loading: seconds that are waited altogether while it says that it is loading, and nothing is under way.
        challenge: seconds that a challenge has to let the browser through.
        characters: of its DOM.
    """

    requests: int = 300
    documents: int = 10
    popups: int = 10
    scrolls: int = 60
    seconds: float = 1200.0
    busy: float = 30.0
    loading: float = 15.0
    challenge: float = 15.0
    characters: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SitePolicy:
    """One politeness group: hosts that share a back-end and so one pace.

    Attributes:
        host: names the group.
        hosts: every host of the group as URLs name it; ``*.example.gov.cn`` stands for all below it.
        requisites: further hosts that a rendered page of this site may load from.
        ports: further ports that may be asked, besides 80 and 443.
        pace: seconds between the beginnings of two requests.
        concurrency: requests under way at the same time.
        crawl_delay_cap: a longer Crawl-delay in robots.txt counts as this many seconds.
        budget: requests per run; None is no limit. parts_budget: those for parts of rendered pages, counted apart.
        page: what one rendered page may do.
        proxy: ``http://``, ``socks5://`` or ``socks5h://`` URL; ``${NAME}`` in it is read from the environment.
        tls: ``legacy`` admits TLS 1.0, old ciphers and unsafe renegotiation.
        verify: ``require`` refuses a certificate that does not verify; ``record`` goes on and records it.
        connect_timeout, read_timeout, total_timeout: seconds; until connected, between two reads, altogether.
        max_bytes: longer answers are cut there and marked.
        reached: a body that hubs lead to and that other crawls may ask as well; no crawl has it for itself.
    """

    host: str
    hosts: tuple[str, ...] = ()
    requisites: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    pace: float = 3.0
    concurrency: int = 1
    crawl_delay_cap: float = 30.0
    budget: int | None = None
    parts_budget: int | None = None
    page: PageLimits = field(default_factory=PageLimits)
    proxy: str | None = None
    tls: Literal["default", "legacy"] = "default"
    verify: Literal["record", "require"] = "record"
    connect_timeout: float = 20.0
    read_timeout: float = 60.0
    total_timeout: float = 600.0
    max_bytes: int = 256 * 1024 * 1024
    reached: bool = False

    def all_hosts(self) -> tuple[str, ...]:
        """The group's hosts, its own name first."""
        return (self.host, *(host for host in self.hosts if host != self.host))


class PriorCaptures(Protocol):
    """The look-up that conditional requests and deduplication stand on (`archive.access.captures.Captures`)."""

    def prior(self, url: str, method: str, body_digest: str | None) -> Prior | None:
        """The last complete, unblocked 200 of this request, or None."""

    def prior_answer(
        self, url: str, method: str, body_digest: str | None, status: int, payload_digest: str
    ) -> Prior | None:
        """The last whole answer of this request with this status and payload, of whatever verdict, or None."""

    def prior_rendered(self, url: str, payload_digest: str) -> Prior | None:
        """The last rendered page of this address with this DOM, or None."""

    def prior_discovery(self, list_url: str, column: str, page: int) -> RecordLocation | None:
        """The record that holds what this list page offered when it was last read, or None."""


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """One run of one portal.

    Attributes:
        home: where the archive lives.
        portal: key of the profile.
        scope: what this run covers, as text; the same scope continues an unfinished crawl.
        sites: politeness groups that may be fetched.
        arguments: the command line, as recorded.
        profile, profile_digest, configuration: text and digests, as recorded.
        now: when the run begins; the crawl's clock unless a crawl is continued.
        connect_to: ``HOST:PORT:ADDR:PORT`` mappings.
        pace: seconds; replaces the profile's when every host is mapped to loopback.
        new: begin another crawl although one of this scope is unfinished.
        as_of: answer from earlier crawls up to this moment; no network, nothing written.
        full: ask for everything anew: no conditional requests.
        dedupe: write a revisit where the same URL gave the same payload before.
        durable: nothing depends on a record before it is on disk; without, a power cut may cost the last seconds.
        prior: look-up of earlier captures; None where there is no database yet.
        known: addresses where the portal's reports stood before; what no list names this time is asked for again.
        missing: addresses that earlier crawls did not find; they are asked for seldom.
        found_lists: by column, lists that earlier crawls found beside the profile.
        contact: how an operator of a portal reaches us; stands in the User-Agent.
        operator: who runs the crawl; stands in every file's warcinfo.
        vantage: from where the crawl sees the network, as recorded.
    """

    home: Home
    portal: str
    scope: str
    sites: tuple[SitePolicy, ...]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    profile: str = ""
    profile_digest: str = ""
    configuration: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    connect_to: tuple[str, ...] = ()
    pace: float | None = None
    new: bool = False
    as_of: datetime | None = None
    full: bool = False
    dedupe: bool = True
    durable: bool = True
    prior: PriorCaptures | None = None
    known: tuple[KnownReport, ...] = ()
    missing: Mapping[str, MissingAddress] = field(default_factory=dict)
    found_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    contact: str | None = None
    operator: str | None = None
    vantage: Mapping[str, Any] = field(default_factory=dict)

    def routes(self) -> ConnectTo:
        """The parsed ``connect_to`` list.

        Raises:
            UsageError: an entry is not HOST:PORT:ADDR:PORT.
        """
        return ConnectTo.parse(self.connect_to)

    def __deepcopy__(self, memo: dict[int, Any]) -> CrawlPlan:
        """Itself: Scrapy copies its settings, and a plan never changes (nor can a database be copied)."""
        del memo
        return self

    def recorded_arguments(self) -> dict[str, Any]:
        """Arguments as plain JSON values."""
        recorded: dict[str, Any] = json.loads(json.dumps(dict(self.arguments), default=str, ensure_ascii=False))
        return recorded


def policy_facts(site: SitePolicy) -> dict[str, Any]:
    """A site's policy as recorded with the crawl; what a proxy URL holds of secrets is left out."""
    from crawler.crawl_plan import redact

    facts = asdict(site)
    facts["proxy"] = redact(site.proxy) if site.proxy else None
    return facts


def redact(url: str) -> str:
    """A proxy URL without its credentials."""
    head, separator, rest = url.partition("://")
    return f"{head}{separator}{rest.rpartition('@')[2]}" if separator else head.rpartition("@")[2]
