"""List pages: what an answer is, what it says, and how a request for one ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler import cms
from crawler.cms import ListPage, ListRequest, Page
from crawler.discovery.breadcrumbs import steps_above
from crawler.discovery.links import is_annual_page
from crawler.discovery.pages import bears_report_title, framed_file, is_report_content
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tasks import FOUND, Branch, ColumnState, ListTask, ReportTask
from crawler.spiders.columns import FIND_DEPTH
from crawler.spiders.discoveries import Discoveries
from crawler.spiders.known_reports import KnownReports
from crawler.spiders.later import Later, is_cut, is_passing
from crawler.spiders.list_ends import ListEnds
from crawler.spiders.list_links import ListLinks
from crawler.spiders.reports import Reports
from crawler.spiders.requests import Requests, Sent
from crawler.spiders.responses import (
    declared_charsets,
    declared_cms,
    failure_text,
    is_document,
    is_download,
    is_first,
    is_whole,
    judgement_of,
    led_on,
    ref_of,
    short_of,
)
from crawler.wording import limits, link_words
from parsers.identity.titles import fold

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_MOST_HOPS = 3  # pages that only lead on, one behind the other


class Lists:
    """Answers to requests for lists."""

    def __init__(
        self,
        crawl: CrawlState,
        requests: Requests,
        discoveries: Discoveries,
        *,
        links: ListLinks,
        reports: Reports,
        ends: ListEnds,
        later: Later,
        known: KnownReports,
    ) -> None:
        self._crawl = crawl
        self._requests = requests
        self._discoveries = discoveries
        self._links = links
        self._reports = reports
        self._ends = ends
        self._later = later
        self._known = known

    def parse(self, response: Response, task: ListTask) -> Sent:
        """A page of a list, or an answer of its back-end."""
        if self._later.put_off_answer(response, task):
            yield from self._known.over(task)
            return
        if is_cut(response):
            yield from self._read_cut(response, task)
        elif task.cut is not None and is_passing(response.status):
            yield from self._read_cut(task.cut, task)
        else:
            yield from self._read_list(response, task)
        yield from self._take_download(task)
        yield from self._ends.done(task, fruitful=task.fruitful or task.repeats)
        for other in self._requests.end_shared(task, response):
            yield from self.parse(response, other)
        yield from self._known.over(task)

    def _read_cut(self, response: Response, task: ListTask) -> Sent:
        """What came of a list page that was cut off each time it was asked for."""
        self._crawl.count(task.state, "lists/cut")
        self._crawl.problem(
            task.state, f"{response.url} was cut off each time; {len(response.body)} bytes of it were read"
        )
        yield from self._read_list(response, task)

    def _read_list(self, response: Response, task: ListTask) -> Sent:
        """What an answer is, and when it is a list, what its links and its pager lead to."""
        task.fruitful = task.repeats = False  # of this answer; a guess begins as a copy of the task before it
        state = task.state
        self._crawl.count(state, "lists/answers")
        if short := short_of(response):
            self._crawl.problem(state, f"{response.url} is not complete as the browser shows it: {short}")
        if task.stub is not None and is_download(response):
            task.download = response if is_whole(response) and is_document(response) else None
            yield from self._read_page_that_stays(task.stub, task)
            return
        if self._is_no_list(response, task):
            return
        first = is_first(task)
        of_profile = first and not task.depth and task.origin != FOUND
        if of_profile and is_document(response):
            yield from self._column_is_file(response, task)
            return
        if not is_whole(response):
            if _is_tentative(task):
                self._crawl.count(state, "lists/not_there")
                return
            self._crawl.problem(state, f"{response.url} answered {response.status}, which is no whole page")
        page = Page(response.url, response.body, declared_charsets(response, state.site))
        if of_profile and not state.crumbs:
            state.crumbs = steps_above(page)
        # The browser went where the page leads; at a download it stays.
        target = None if task.rendered or task.stays else page.forwards_to
        if target and task.hops < _MOST_HOPS and not _is_tentative(task):
            self._crawl.count(state, "lists/forwarded")
            onward = replace(task, hops=task.hops + 1, stub=response)
            yield from led_on(response, self._requests.ask_list(target, onward))
            task.fruitful = True
            return
        annual = task.annual or is_annual_page(page)
        if first:
            task.annual = annual  # what the page says of itself holds for the rest of its list
        # A list's page that holds a file in a frame and no text is the report that its title names.
        shown = framed_file(page) if first and annual else None
        if (first and is_report_content(page)) or (shown and bears_report_title(page)):
            yield from self._column_is_report(page, response, task)
            yield from self._links.beside_report(page, task)
            return
        before = task.branch.followed
        listing = cms.read_list(page, task.asked, declared_cms(page.url, state.site))
        if task.origin == FOUND:
            self._discoveries.lesson_of_site(page, state)
            yield from self._ask_if_named(page, state)
        self._note_listing(listing, task, annual=annual)
        yield from self._links.take(page, listing, task, ref_of(response), annual=annual)
        if first:
            yield from self._look_below(page, task, annual=annual)
        if shown and task.branch.followed == before:
            yield from self._ask_shown(shown, task)

    def _read_page_that_stays(self, stub: Response, task: ListTask) -> Sent:
        """The page that began a download: a browser keeps showing it."""
        task.stub, task.stays = None, True
        self._crawl.count(task.state, "lists/downloads")
        yield from self._read_list(stub, task)

    def _take_download(self, task: ListTask) -> Sent:
        """The file that a column led to, where neither its page nor the browser shows anything else."""
        state, branch, file = task.state, task.branch, task.download
        if file is None or branch.followed or not is_first(task) or task.depth or task.origin == FOUND:
            return
        drawn_next = branch.shell and not branch.rendered and state.render == "auto" and not self._crawl.checking
        if not drawn_next:
            task.download = None
            yield from self._column_is_file(file, task)

    def _is_no_list(self, response: Response, task: ListTask) -> bool:
        """Whether an answer is no page of the portal's at all; what follows from that is done."""
        judgement = judgement_of(response)
        if judgement.verdict == "blocked":
            self._ends.refused(response, task, judgement.signature or "")
        elif response.status >= 400 or judgement.verdict == "soft404":
            self._ends.missing(response, task)
        elif not response.body.strip():
            self._ends.without_content(response, task)
        else:
            return False
        return True

    def _note_listing(self, listing: ListPage, task: ListTask, *, annual: bool) -> None:
        """Remember of a column which product its lists are of, and how many entries they state."""
        state = task.state
        if annual:
            state.families[listing.adapter] += 1
            if is_first(task):
                state.reasons.setdefault(listing.adapter, f"{listing.reason} ({listing.score:.2f})")
        if listing.stated_total:
            state.stated_total = max(state.stated_total or 0, listing.stated_total)

    def _look_below(self, page: Page, task: ListTask, *, annual: bool) -> Sent:
        """From the first page of a list on to what it does not show itself: pages it names, and its frames."""
        near = task.depth < FIND_DEPTH
        if not annual and near:
            yield from self._deeper(page, task)
        if annual or (task.origin == FOUND and near):
            for frame in self._frames(page, task.state):
                asked = ListRequest(frame, dialect="hub", tentative=True, reading=frame)
                yield from self._requests.ask_list(frame, replace(task, asked=asked, depth=task.depth + 1), asked)

    def _frames(self, page: Page, state: ColumnState) -> list[str]:
        """Frames of the portal's own that are read as lists; that a page has more of them is said."""
        host = urlsplit(page.url).hostname
        most = limits().frames_per_page
        near = [url for url in page.frames if self._crawl.own(url) or urlsplit(url).hostname == host]
        own = [url for url in near if not cms.is_file(url)]
        if len(own) > most:
            self._crawl.count(state, "lists/beyond_limit")
            self._crawl.problem(state, f"{page.url} has {len(own)} frames, and only {most} were read")
        return own[:most]

    def _ask_if_named(self, page: Page, state: ColumnState) -> Sent:
        """A link to the column itself, which did not answer: a reason to ask it once more."""
        asked = ListRequest(state.url, dialect="hub")
        column = ListTask(state, Branch(state.url), asked, rendered=state.render == "always")
        unanswered = self._requests.list_mark(state.url, column, asked) in self._crawl.unanswered
        if unanswered and any(link.url == state.url for link in page.links):
            yield from self._requests.ask_list(state.url, column, asked)

    def _deeper(self, page: Page, task: ListTask) -> Sent:
        """From a page searched for the column: on to the disclosure pages it names, and there only."""
        for link in page.links:
            if not link.url or not link_words().disclosure.match(fold(link.text)):
                continue
            if cms.is_file(link.url) or not self._crawl.own(link.url):
                continue
            below = ListTask(
                task.state, Branch(link.url), depth=task.depth + 1, annual=False, label=link.text, origin=FOUND
            )
            yield from self._requests.ask_list(link.url, below)

    def _column_is_report(self, page: Page, response: Response, task: ListTask) -> Sent:
        """A list's address that turns out to be a report: the answer that is there is kept as one."""
        self._crawl.count(task.state, "columns/is_report")
        task.fruitful = True
        task.branch.followed += 1
        declared = task.state.column is not None and task.state.column.is_report
        if task.depth == 0 and task.origin != FOUND and not declared:
            site, column = task.state.site.host, task.state.url
            fact = {"kind": "column_is_report", "site": site, "column": column, "patch": {"is_report": True}}
            self._crawl.session.learned(fact)
        self._discoveries.lesson_of_column(task)
        hint = task.state.hint(self._crawl.portal.key).model_copy(
            update={"list_title": task.label, "list_date": task.date, "year": task.year}
        )
        report = ReportTask(
            task.state, hint, task.label, outside=task.outside, rendered=task.rendered, only_report=True
        )
        if task.rendered:  # drawn by other steps than a report's page is
            yield from self._requests.ask_report(page.url, report)
        else:
            yield from self._reports.take_as_report(response, report)

    def _ask_shown(self, url: str, task: ListTask) -> Sent:
        """The file that a page shows which leads to nothing else and bears no report's title: what it is, it says."""
        task.fruitful = True
        task.branch.followed += 1
        hint = task.state.hint(self._crawl.portal.key).model_copy(
            update={"list_title": task.label, "list_date": task.date, "year": task.year}
        )
        yield from self._requests.ask_report(url, ReportTask(task.state, hint, task.label, only_report=True))

    def _column_is_file(self, response: Response, task: ListTask) -> Sent:
        """A column whose address is a file: the file is its report."""
        self._crawl.count(task.state, "columns/is_report")
        task.fruitful = True
        task.branch.followed += 1
        report = ReportTask(task.state, task.state.hint(self._crawl.portal.key), only_report=True)
        yield from self._reports.take_as_report(response, report)

    def failed(self, failure: Failure) -> Sent:
        """A list page that gave no answer."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        task: ListTask = request.cb_kwargs["task"]
        if self._later.put_off_failure(failure):
            yield from self._known.over(task)
            return
        if task.cut is not None:
            yield from self._read_cut(task.cut, task)
            yield from self._ends.done(task, fruitful=task.fruitful or task.repeats)
            yield from self._known.over(task)
            return
        refused = isinstance(failure.value, IgnoreRequest)
        self._crawl.count(task.state, "lists/refused" if refused else "lists/failed")
        if task.stub is not None and cms.is_file(request.url):
            # A download that does not come costs a reader nothing that the page shows.
            task.state.doubts.append(failure_text(request, failure))
            yield from self._read_page_that_stays(task.stub, task)
            yield from self._ends.done(task, fruitful=task.fruitful)
            yield from self._known.over(task)
            return
        yield from self._take_download(task)
        # Nobody promised a tentative page, but no answer at all may hide the rest of a list: that is said.
        if not refused or not _is_tentative(task):
            self._crawl.problem(task.state, failure_text(request, failure))
        if is_first(task) and not task.depth and task.origin != FOUND:
            task.state.nothing = "refused" if refused else "unanswered"
        if not self._later.is_given_up(failure):
            mark = self._requests.list_mark(request.url, task, task.asked or ListRequest(request.url))
            self._crawl.unanswered.add(mark)
        yield from self._ends.done(task, fruitful=False)
        for other in self._requests.end_shared(task, None):
            self._crawl.problem(other.state, failure_text(request, failure))
            yield from self._ends.done(other, fruitful=False)
            yield from self._known.over(other)
        yield from self._known.over(task)


def _is_tentative(task: ListTask) -> bool:
    """Whether nobody promised the page that a task asks for."""
    return task.asked is not None and task.asked.tentative
