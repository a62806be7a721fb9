"""Reports that stood on the portal before: the last that a run asks for, and those that no list names any more too.

Only a run over whole sites can say that a report is no longer listed: with ``--sample``, ``--year`` or ``portals
check`` nothing is asked again. The answer, a page or a 404, is a capture like any other; the index dates the withdrawal
by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from archive.metadata import Hint
from archive.records.known_reports import KnownReport
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tasks import ColumnState, ListTask, ReportTask
from crawler.spiders.requests import Requests, Sent


class KnownReports:
    """The last steps of a site, and of the run."""

    def __init__(self, crawl: CrawlState, requests: Requests) -> None:
        self._crawl = crawl
        self._requests = requests

    def over(self, task: ListTask | ReportTask) -> Sent:
        """One request of a site less under way; after the last of them what is known there is asked for."""
        host = task.state.site.host
        self._crawl.under_way[host] -= 1
        if self._crawl.under_way[host] <= 0:
            yield from self.ask_held_back(host)

    def ask_held_back(self, host: str) -> Sent:
        """What is known of a site and was named by its lists, the longest not asked for first."""
        held = sorted(self._crawl.held_back.pop(host, []), key=lambda pair: pair[0])
        for _, request in held:
            self._crawl.under_way[host] += 1
            yield request

    def ask_unlisted(self, known: Sequence[KnownReport]) -> Sent:
        """Requests for what is known of this run's own sites and was not asked for in it."""
        if self._crawl.checking or self._crawl.sample or self._crawl.year:
            return
        for report in sorted(known, key=lambda report: report.asked):
            if not self._crawl.own(report.url) or not (state := self._state_of(report)):
                continue
            hint = Hint.model_validate(report.hints)
            task = ReportTask(state, hint, hint.list_title, only_report=True, unlisted=True)
            for request in self._requests.ask_report(report.url, task, purpose=report.purpose):
                self._crawl.count(state, "reports/unlisted")
                yield request

    def _state_of(self, report: KnownReport) -> ColumnState | None:
        """The column it was found in, else any of its site; None where the run does not cover the site."""
        host = urlsplit(report.url).hostname or ""
        of_site = [state for state in self._crawl.columns if host in state.site.own_hosts()]
        return next(
            (state for state in of_site if state.url == report.hints.get("column")), of_site[0] if of_site else None
        )
