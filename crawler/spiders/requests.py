"""Requests for lists and reports: each is made once, in the order of the run, and counted as under way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import scrapy
from scrapy.http import Response

from archive.metadata import Purpose
from crawler.capture.request import META_ASK, CaptureRequest, Render
from crawler.cms import ListRequest
from crawler.joining import join
from crawler.spiders.bookkeeping.order import KNOWN_PRIORITY, LIST_PRIORITY, SEARCH_PRIORITY, report_priority
from crawler.spiders.bookkeeping.shared import SharedAnswers
from crawler.spiders.bookkeeping.state import CrawlState, Mark
from crawler.spiders.bookkeeping.tasks import Group, ListTask, ReportTask
from crawler.spiders.responses import sorted_address
from crawler.wording import limits

if TYPE_CHECKING:
    from twisted.python.failure import Failure


Sent = Iterator[scrapy.Request]
_PAGES = frozenset({"static", "link", "chain", "form", "hub", "report"})  # requests for pages; others ask back-ends
_PLAIN = re.compile(r"[\x21-\x7e]+")


class Callbacks(Protocol):
    """What Scrapy calls with an answer, or with the failure of a request."""

    def parse_list(self, response: Response, task: ListTask) -> Sent:
        """A page of a list, or an answer of its back-end."""

    def failed_list(self, failure: Failure) -> Sent:
        """A list page that gave no answer."""

    def parse_report(self, response: Response, task: ReportTask) -> Sent:
        """A page or file that should be a report."""

    def failed_report(self, failure: Failure) -> Sent:
        """A report that gave no answer."""


class Requests:
    """Asks for lists and reports, each once; the spider hears what came."""

    def __init__(self, crawl: CrawlState, callbacks: Callbacks) -> None:
        self._crawl = crawl
        self._callbacks = callbacks
        self._shared = SharedAnswers()

    def ask_list(self, url: str, task: ListTask, asked: ListRequest | None = None) -> Sent:
        """The request for a page of a list, unless it was made before or is one too many.

        Args:
            url: the page.
            task: what it goes on from.
            asked: the adapter's request; a first page where there is none.
        """
        asked = asked or ListRequest(url)
        steps = self._steps(task) if task.rendered else None
        mark = self.list_mark(url, task, asked)
        # A page that is read as a list of reports need not be searched for one as well.
        if mark in self._crawl.asked or (not task.annual and (f"list {mark[0][5:]}", *mark[1:]) in self._crawl.asked):
            if mark not in self._crawl.unanswered:
                if asked.dialect not in _PAGES:
                    yield from self._read_along(mark, task, asked)
                return
            self._crawl.unanswered.discard(mark)  # a link to what did not answer is a reason to ask once more
        if self._goes_too_far(task):
            return
        self._crawl.asked.add(mark)
        self._begin_list(url, task, asked)
        purpose: Purpose = "list" if asked.dialect in _PAGES else "api"
        if purpose == "api":
            self._shared.begin(mark, task.branch)
        hint = task.state.hint(self._crawl.portal.key)
        yield scrapy.Request(
            **_asking(url, CaptureRequest(purpose, hint, render=steps, browser=task.state.render != "never")),
            method=asked.method,
            body=asked.body,
            headers=dict(asked.headers),
            callback=self._callbacks.parse_list,
            errback=self._callbacks.failed_list,
            priority=LIST_PRIORITY if task.annual else SEARCH_PRIORITY,
            dont_filter=True,
            cb_kwargs={"task": task},
        )

    def _begin_list(self, url: str, task: ListTask, asked: ListRequest) -> None:
        """Count a request for a list as under way."""
        self._crawl.under_way[task.state.site.host] += 1
        task.state.lists.add(url)
        task.state.pending += 1
        task.branch.pending += 1
        if asked.group:
            group = task.branch.groups.setdefault(asked.group, Group(otherwise=asked.otherwise))
            group.pending += 1

    def _read_along(self, mark: Mark, task: ListTask, asked: ListRequest) -> Sent:
        """A back-end that another list asked the same: its answer is read for this one too."""
        shared = self._shared.join(mark, task.branch)
        if shared is None or (shared.over and shared.answer is None):
            return
        self._begin_list(asked.url, task, asked)
        if shared.answer is not None:
            yield from self._callbacks.parse_list(shared.answer, task)
        else:
            shared.waiting.append(task)

    def end_shared(self, task: ListTask, answer: Response | None) -> list[ListTask]:
        """The tasks of other lists that wait for what just ended."""
        if task.asked is None or task.asked.dialect in _PAGES:
            return []
        return self._shared.end(self.list_mark(task.asked.url, task, task.asked), answer)

    def list_mark(self, url: str, task: ListTask, asked: ListRequest) -> Mark:
        """What makes two requests of lists the same."""
        steps = self._steps(task) if task.rendered else None
        kind = f"{'list' if task.annual else 'find'} {steps.digest() if steps else ''}"
        return (kind, asked.method, url, asked.body)

    def _goes_too_far(self, task: ListTask) -> bool:
        """Whether a list page is one too many: pages without end (calendars) would take the site's whole budget."""
        bounds, state = limits(), task.state
        text = None
        if task.branch.pages >= bounds.pages_per_list:
            text = f"{task.branch.url} has more than {bounds.pages_per_list} pages, and only so many were read"
        elif state.barren >= bounds.barren_lists:
            text = f"{bounds.barren_lists} list pages in a row named no report; what else they name was not asked for"
        if text is None:
            task.branch.pages += 1
            return False
        self._crawl.count(state, "lists/beyond_limit")
        if text not in state.problems:
            self._crawl.problem(state, text)
        return True

    def _steps(self, task: ListTask) -> Render:
        column = task.state.column
        return Render(
            wait_for=column.wait_for if column else None,
            scroll=2,
            grows=True,
            clicks=task.trail,
        )

    def ask_report(self, url: str, task: ReportTask, *, purpose: str = "report") -> Sent:
        """The request for a report or for what belongs to one, unless it was made before or the sample is full."""
        steps = Render(scroll=1) if task.rendered else None
        mark = ("report rendered" if steps else "report", "GET", sorted_address(url), b"")
        if mark in self._crawl.asked:
            return
        if purpose == "report" and not task.rendered and not task.hops and not self._crawl.within_sample(task):
            return
        self._crawl.asked.add(mark)
        ask = CaptureRequest(
            "attachment" if purpose == "attachment" else "report",
            task.hint,
            render=steps,
            browser=task.state.render != "never",
        )
        asked_at = self._crawl.asked_before.get(url)
        request = scrapy.Request(
            **_asking(url, ask),
            callback=self._callbacks.parse_report,
            errback=self._callbacks.failed_report,
            priority=report_priority(task.hint, belongs=purpose == "attachment")
            if asked_at is None
            else KNOWN_PRIORITY,
            dont_filter=True,
            cb_kwargs={"task": task},
        )
        host = task.state.site.host
        if asked_at is not None and not task.unlisted:
            self._crawl.held_back.setdefault(host, []).append((asked_at, request))
            return
        self._crawl.under_way[host] += 1
        yield request


def _asking(url: str, ask: CaptureRequest) -> dict[str, Any]:
    """Arguments of a request for exactly this address: Scrapy by itself escapes more of it than browsers do."""
    exact = url if _PLAIN.fullmatch(url) else join(url, url)  # what a page names is joined already
    return {"url": exact or url, "meta": {META_ASK: ask, "verbatim_url": exact is not None}}
