"""What to do with a link, and where it was found: what the judgement on links says and what it goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from archive.metadata import Decision
from crawler.scope import host_matches
from parsers.identity.titles import TitleReading

Reach = Literal["site", "reached", "outside", "clone"]


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """What to do with a link.

    Attributes:
        decision: ``follow``, ``skip``, ``list`` or ``hub``.
        reason: a stable word.
        title: what the link names, as far as it is known; None where the page has to say it.
        reading: what the title says.
        twin_of: address of the same report in another form; part_of: of the report that this belongs to.
        file: leads to a file, not to a page.
    """

    decision: Decision
    reason: str
    title: str | None = None
    reading: TitleReading | None = None
    twin_of: str | None = None
    part_of: str | None = None
    file: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Where a link was found.

    Attributes:
        page: address of the list page; column: address of the column it belongs to.
        annual: the page is known to list annual reports; else only links that say so themselves count.
        hosts: of the portal's sites; reaches: of bodies that its hubs may lead to; exceptions: reviewed ones.
        outside: the page itself is already one step outside the portal's sites: no further hubs.
        year: only reports for this year, None for all.
        group: the page lists bodies of a group that the column names; their own pages say what they list.
        disclosure: the page is that of disclosure as a whole: 年度报告 in its menu are the annual reports.
    """

    page: str
    column: str
    annual: bool = True
    hosts: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    outside: bool = False
    year: int | None = None
    group: bool = False
    disclosure: bool = False
    seen: frozenset[str] = field(default_factory=frozenset)

    def reach(self, url: str) -> Reach:
        """Whether an address is ours, one step away, outside the profile, or on a host that only poses as one."""
        host = (urlsplit(url).hostname or "").lower()
        if host_matches(host, (*self.hosts, *self.exceptions)):
            return "site"
        if not (host == "gov.cn" or host.endswith(".gov.cn")):
            return "clone"
        return "reached" if host_matches(host, self.reaches) else "outside"
