"""What a crawl came to: each column in a line, and everything that fell short as a sentence.

The same lines are printed at the end, written to the crawl's log and archived with its end (``gongkai.crawl-end/1``),
so that ``gongkai status`` can say them from the files alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.crawl_plan import CrawlPlan
    from crawler.portals.load import Portal
    from crawler.spiders.bookkeeping.tasks import ColumnState

_PARTS = ("year", "sample", "check")


@dataclass(slots=True)
class ColumnResult:
    """What one column came to.

    Attributes:
        counts: by stable names (docs/crawling.md lists them).
        family, family_reason: the product that its lists were read as, and why.
        stated_total: how many entries the portal says there are.
        outcome: ``read``; ``short`` (something in it fell short); ``empty``; or why its own page gave nothing:
            ``blocked``, ``unanswered``, ``missing``, ``refused``.
    """

    site: str
    url: str
    counts: dict[str, int]
    family: str | None
    family_reason: str | None
    stated_total: int | None
    problems: list[str]
    outcome: str = "read"

    @property
    def found(self) -> int:
        """Reports fetched: pages and files."""
        return self.counts.get("reports/found", 0) + self.counts.get("reports/files", 0)

    def recorded(self) -> dict[str, Any]:
        """As archived with the crawl's end."""
        facts = {"site": self.site, "url": self.url, "outcome": self.outcome, "reports": self.found}
        more = {"stated": self.stated_total, "problem": self.problems[0] if self.problems else None}
        return facts | {name: value for name, value in more.items() if value is not None}


@dataclass(slots=True)
class Summary:
    """The columns, and what the portal's expectations say of them."""

    columns: list[ColumnResult] = field(default_factory=list)
    expectations: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Everything that went wrong, one sentence each."""
        return [*(problem for column in self.columns for problem in column.problems), *self.expectations, *self.broken]


def summarise(
    portal: Portal, plan: CrawlPlan, states: Sequence[ColumnState], stats: Mapping[str, Any], *, whole: bool
) -> Summary:
    """What a run came to.

    Args:
        portal: with its expectations.
        plan: of the run.
        states: its columns.
        stats: Scrapy's statistics.
        whole: it came to its own end.
    """
    columns = [result_of(state) for state in states]
    notes = weigh_shortages(states, columns)
    return Summary(columns, unmet(portal, plan, columns) if whole else [], broken(stats), notes)


def result_of(state: ColumnState) -> ColumnResult:
    """One column's line."""
    families = state.families.most_common(1)
    return ColumnResult(
        site=state.site.host,
        url=state.url,
        counts=dict(state.counts),
        family=families[0][0] if families else None,
        family_reason=state.reasons.get(families[0][0]) if families else None,
        stated_total=state.stated_total,
        problems=state.failures,
        outcome=state.outcome,
    )


def weigh_shortages(states: Sequence[ColumnState], columns: Sequence[ColumnResult]) -> list[str]:
    """Say of each site's lists what they state beyond what was read.

    It is a problem of the column, with what confirms it by hand; a note (these are returned) where the profile's
    ``expectations: {unlisted: N}`` confirms as many entries.
    """
    notes: list[str] = []
    for host in dict.fromkeys(state.site.host for state in states):
        of_site = [(state, column) for state, column in zip(states, columns, strict=True) if state.site.host == host]
        # Two columns may lead to one list.
        found = {url: (short, column) for state, column in of_site for url, short in state.short.items()}
        missing = sum(short.missing for short, _ in found.values())
        allowed = of_site[0][0].site.expectations.unlisted
        for short, column in found.values():
            if missing <= allowed:
                notes.append(f"{short} ({short.missing} confirmed in the profile)")
                continue
            known = f" ({allowed} were confirmed)" if allowed else ""
            column.problems.append(
                f"{short}{known}; if there are no more, write expectations: {{unlisted: {missing}}} for {host}"
            )
        if missing and missing <= allowed:
            for _, column in of_site:
                column.outcome = "read" if column.outcome == "short" and not column.problems else column.outcome
    return notes


def is_part(plan: CrawlPlan) -> bool:
    """Whether a run covers a part only, or the past: it promises nothing."""
    return any(plan.arguments.get(name) for name in _PARTS) or plan.as_of is not None


def unmet(portal: Portal, plan: CrawlPlan, columns: Sequence[ColumnResult]) -> list[str]:
    """Expectations of the profile that this run did not meet."""
    if is_part(plan):
        return []
    lines = []
    for site in portal.profile.sites:
        of_site = [column for column in columns if column.site == site.host]
        found = sum(column.found for column in of_site)
        if of_site and found < site.expectations.reports:
            lines.append(f"{site.host}: {found} reports found, at least {site.expectations.reports} expected")
    return lines


def broken(stats: Mapping[str, Any]) -> list[str]:
    """Answers that are archived and whose links nobody followed, because our own code failed on them."""
    kinds = {name.rpartition("/")[2]: count for name, count in stats.items() if name.startswith("spider_exceptions/")}
    if not (count := kinds.pop("count", sum(kinds.values()))):
        return []
    return [f"{count} answers could not be followed ({', '.join(sorted(kinds))} in our code; see the crawl's log)"]


def shorten_problems(failures: Sequence[str]) -> list[str]:
    """One line for each host and reason: a host that does not answer is said once, not with each of its addresses."""
    lines: dict[tuple[str, str] | str, list[str]] = {}
    for failure in failures:
        found = re.match(r"https?://([^/\s]+)\S*: (.+)", failure)
        lines.setdefault((found[1], found[2]) if found else failure, []).append(failure)
    return [
        same[0] if len(same) == 1 else f"{same[0].rstrip('.')} (and {len(same) - 1} more there)."
        for same in lines.values()
    ]
