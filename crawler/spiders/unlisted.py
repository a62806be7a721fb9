"""Reports that stood on the portal before and that no list named this time: each is asked for again.

Only a run over whole sites can say that a report is no longer listed: with ``--sample``, ``--year`` or ``portals
check`` nothing is asked again. The answer, a page or a 404, is a capture like any other; the index dates the withdrawal
by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from archive.metadata import Hint
from archive.records.known_reports import KnownReport
from crawler.spiders.base import Requests
from crawler.spiders.later import Later
from crawler.spiders.tasks import ColumnState, ReportTask


class Unlisted(Later):
    """The last step of a run."""

    def ask_unlisted(self, known: Sequence[KnownReport]) -> Requests:
        """Requests for what is known of this run's own sites and was not asked for in it."""
        if self._checking or self._sample or self._year:
            return
        for report in sorted(known, key=lambda report: report.asked):
            if not self._own(report.url) or not (state := self._state_of(report)):
                continue
            hint = Hint.model_validate(report.hints)
            task = ReportTask(state, hint, hint.list_title, only_report=True, unlisted=True)
            for request in self._ask_report(report.url, task, purpose=report.purpose):
                self._count(state, "reports/unlisted")
                yield request

    def _state_of(self, report: KnownReport) -> ColumnState | None:
        """The column it was found in, else any of its site; None where the run does not cover the site."""
        host = urlsplit(report.url).hostname or ""
        of_site = [state for state in self.columns if host in state.site.own_hosts()]
        return next(
            (state for state in of_site if state.url == report.hints.get("column")), of_site[0] if of_site else None
        )
