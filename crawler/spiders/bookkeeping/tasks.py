"""What the portal spider remembers while it runs: columns, list pages under way, report pages under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from scrapy.http import Response

from archive.metadata import Hint
from crawler.cms import Link, ListRequest
from crawler.discovery.decision import LinkDecision
from crawler.portals.profile import Column, Site
from crawler.spiders.bookkeeping.ahead import Ahead
from crawler.spiders.bookkeeping.tally import Shortage, Tally
from parsers.identity.titles import fold

ANNOUNCED = "profile"
FOUND = "found"


@dataclass(slots=True)
class ColumnState:
    """One column of the profile (or a site without a known one) in this run.

    Attributes:
        url: its address; the site's home page where no column is known.
        seen: addresses of links seen in it so far.
        lists: list pages of it asked for.
        counts: of this column, by stable names.
        searched: how far it was looked for: 1 above it by its breadcrumb, 2 from its directories and the home page.
        crumbs: steps above it that its own page names, the nearest first; years: report years that its links name.
        fruitful: addresses of branches that led to reports; a page that two branches begin with is one list.
        stated_total: the largest number of entries any of its pages stated.
        problems: what went wrong, for the summary; doubts: what did so only if the list was not read otherwise.
        barren: list pages one after the other without a report; too_deep: lists that are too many steps below it.
        short: by address of a list: what it states beyond what was read; unoperated: what leads on from it unread.
        unreached: titles of reports whose entries hold no address that can be asked, as they stand in its lists.
        unbacked: addresses of its lists whose back-ends were asked and gave no entry.
        nothing: why its own first page gave nothing: ``blocked``, ``unanswered``, ``missing``, ``refused``.
        reports: links that lead to reports; waiting: statistics pages whose report no list page has named yet.
    """

    site: Site
    column: Column | None
    url: str
    seen: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    fruitful: set[str] = field(default_factory=set)
    searched: int = 0
    crumbs: list[str] = field(default_factory=list)
    years: set[int] = field(default_factory=set)
    pending: int = 0
    stated_total: int | None = None
    families: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    nothing: str | None = None
    short: dict[str, Shortage] = field(default_factory=dict)
    unoperated: dict[str, str] = field(default_factory=dict)
    barren: int = 0
    too_deep: set[str] = field(default_factory=set)
    unreached: list[str] = field(default_factory=list)
    unbacked: set[str] = field(default_factory=set)
    reports: list[tuple[Link, LinkDecision]] = field(default_factory=list)
    waiting: list[tuple[Link, LinkDecision]] = field(default_factory=list)

    @property
    def render(self) -> str:
        """When Chromium may be used for it."""
        return self.column.render if self.column else "auto"

    @property
    def found(self) -> bool:
        """Whether it led to reports."""
        followed = any(count for name, count in self.counts.items() if name.startswith("links/follow/"))
        return followed or any(
            self.counts[name] for name in ("columns/is_report", "reports/found", "reports/files", "lists/shared")
        )

    @property
    def failures(self) -> list[str]:
        """The problems; with the doubts, unless reports were found and as many entries as the portal states."""
        whole = self.found and len(self.seen) >= (self.stated_total or 0) and not self.short
        problems = [*self.problems, *self._without_address()]
        problems += [f"{url} goes on unread: {what}" for url, what in self.unoperated.items()]
        return problems if whole else [*problems, *self.doubts]

    def _without_address(self) -> list[str]:
        """Say which reports only script can open; those that another page or a back-end gave an address are none."""
        reached = {fold(verdict.title or "") for _, verdict in self.reports}
        lost = [title for title in dict.fromkeys(self.unreached) if fold(title) not in reached]
        if not lost:
            return []
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        return [f"{self.url}: the entry {lost[0]!r}{more} has no address that can be asked for"]

    @property
    def outcome(self) -> str:
        """What it came to, in a word (`crawler.spiders.bookkeeping.summary.ColumnResult`)."""
        if self.nothing is not None and not self.found:
            return self.nothing
        if not self.found:
            return "empty"
        return "short" if self.failures or self.short else "read"

    def hint(self, portal: str) -> Hint:
        """What is known of every page of this column."""
        column = self.column
        own = column is not None and column.lists == "own"
        return Hint(
            portal=portal,
            site=self.site.host,
            column=self.url,
            publisher=column.publisher if column and own else None,
            division=(column.division if column else None) or self.site.division,
        )


@dataclass(slots=True)
class Branch:
    """A first page of a list with all that follows from it: whether anything was found there is known at its end.

    Attributes:
        pending: requests of the branch under way.
        followed: links taken up from it; reports: those of them that lead to reports.
        shown: entries that its first page shows itself; a back-end's first answers repeat them.
        shell: its plain page looks like one that script fills; certain: it says so itself; bare: it has hardly a link.
        groups: by group of requests: how many are under way, whether one brought rows, what to try otherwise.
        tally: what it states beside what was read; later: guesses, for as long as that differs.
        pages: pages of it that were asked for; ahead: those still to be asked for.
        asks_back_end: its back-end was asked, and something or nothing came.
        controls: by number of a page of it: what leads on from there and has no address; tabs: years of tabs that have
            none; furthest: the last of its pages that brought something.
        undrawn: the name of an element in which a script is to draw its pager, until the browser has shown the page.
        drawn: what its first page leads to as the browser shows it; moved: a tab that was opened led to something else.
        named: a rule of naming led to a page of it; counted_up: the first number of that rule did not.
        promised: a link says that it is a list; readable: its page was read; says_empty: it says itself
            that there is nothing yet.
    """

    url: str
    pending: int = 0
    followed: int = 0
    reports: int = 0
    shown: int = 0
    shell: bool = False
    certain: bool = False
    bare: bool = False
    rendered: bool = False
    groups: dict[str, Group] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    later: list[ListRequest] = field(default_factory=list)
    pages: int = 0
    ahead: Ahead[ListTask] = field(default_factory=Ahead)
    promised: bool = False
    readable: bool = False
    says_empty: bool = False
    asks_back_end: bool = False
    named: bool = False
    counted_up: bool = False
    controls: dict[int, str] = field(default_factory=dict)
    tabs: dict[str, int] = field(default_factory=dict)
    furthest: int = 1
    undrawn: str | None = None
    drawn: frozenset[str] = frozenset()
    moved: bool = False

    def unoperated(self, years: Collection[int]) -> str | None:
        """What leads on from the list and was neither followed nor clicked with any effect, as a clause; or None.

        Args:
            years: report years that links of the column name: a tab for one of these hides nothing that is known of.
        """
        stated = any(reading.stated is not None for reading in self.tally.readings.values())
        if self.tally.backed or (stated and self.tally.shortage(self.url) is None):
            return None
        turned = self.furthest > 1 or any(reading.pages is not None for reading in self.tally.readings.values())
        if self.undrawn and not turned:
            return f"{self.undrawn!r} is empty where a script draws the pager, and nothing more came by it"
        last = max(self.controls, default=0)
        if last and last >= self.furthest:
            return f"{self.controls[last]!r} on page {last} has no address, and nothing more came by it"
        missing = [label for label, year in self.tabs.items() if year not in years]
        if missing and not self.moved:
            more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
            return f"{missing[0]!r}{more} has no address, and nothing more came by it"
        return None


@dataclass(slots=True)
class Group:
    """Requests that are readings of one rule, and which of them led nowhere."""

    pending: int = 0
    fruitful: bool = False
    otherwise: tuple[ListRequest, ...] = ()
    missing: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ListTask:
    """A list page under way.

    Attributes:
        asked: the request it answers; None for the first page of a list.
        depth: steps below the column.
        annual: known to list annual reports; a page that is searched for such a column is not.
        outside: on a host that is not the portal's own.
        label: what the link to it said; group: it named a group of bodies (乡镇), beside the column.
        trail: what was clicked inside the page, in this order, to come to this part of its list.
        part: the first of these is a tab or a year of a choice, which shows a list of its own; rest: those that are
        still to be opened; barren: how many in a row brought nothing new.
        fruitful: the answer brought something new (answers are read in turns, so this cannot be the spider's);
        repeats: it brought what the first page shows too, so the back-end works.
        cut: what came of its answer when that was cut off; read where no whole one comes.
        guessed: nobody promised a list there: a folder below the column, a body's own page.
        hub: the list that names this one as a folder of years; None for one that is not.
        stub: the page that led on to it. stays: that page led to a download, so that itself is read, where it
            leads to or not; download: the file, which is the column's report where the page shows nothing.
    """

    state: ColumnState
    branch: Branch
    asked: ListRequest | None = None
    depth: int = 0
    annual: bool = True
    outside: bool = False
    rendered: bool = False
    label: str | None = None
    group: bool = False
    date: str | None = None
    hops: int = 0
    trail: tuple[str, ...] = ()
    part: bool = False
    rest: tuple[str, ...] = ()
    barren: int = 0
    fruitful: bool = False
    repeats: bool = False
    origin: str = ANNOUNCED
    year: int | None = None
    cut: Response | None = None
    guessed: bool = False
    hub: str | None = None
    stub: Response | None = None
    stays: bool = False
    download: Response | None = None

    @property
    def turn(self) -> int:
        """Which page of its list was opened inside the page, from 1."""
        return 1 + len(self.trail) - self.part


@dataclass(slots=True)
class ReportTask:
    """A report page (or file) under way.

    ``unlisted``: known from earlier crawls, named by no list of this one. ``cut``: what came of an answer cut off.
    ``asked_first``: the address that a page led on from.
    """

    state: ColumnState
    hint: Hint
    title: str | None = None
    depth: int = 0
    outside: bool = False
    rendered: bool = False
    hops: int = 0
    attachments: tuple[str, ...] = ()
    only_report: bool = False
    unlisted: bool = False
    asked_first: str | None = None
    cut: Response | None = None
