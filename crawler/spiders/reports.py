"""Report pages: what a followed link turned out to be, and what belongs to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler import cms
from crawler.capture.request import CaptureRequest
from crawler.cms import Link, Page
from crawler.cms.links import fold_blanks
from crawler.discovery.decision import LinkDecision
from crawler.discovery.links import is_annual_page, judge_links
from crawler.discovery.pages import JudgedPage, is_report_content, judge_page
from crawler.forwarding import leads_home
from crawler.middlewares.redirects import HOME
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tasks import Branch, ListTask, ReportTask
from crawler.spiders.discoveries import Discoveries
from crawler.spiders.known_reports import KnownReports
from crawler.spiders.later import Later, is_cut, is_passing
from crawler.spiders.list_links import ListLinks
from crawler.spiders.requests import Requests, Sent
from crawler.spiders.responses import (
    declared_charsets,
    declared_cms,
    failure_text,
    first_address,
    has_rows,
    is_blank,
    is_page,
    is_whole,
    judgement_of,
    ref_of,
    said_blank,
    said_missing,
    short_of,
    sorted_address,
)
from crawler.spiders.script_pages import shell_sign

if TYPE_CHECKING:
    from twisted.python.failure import Failure


_MOST_HOPS = 2
_NOTHING = 20  # characters; no page of a report shows less
_ENOUGH_SHOWN = 1500  # characters; a page that shows as many was not left empty for a script to fill


class Reports:
    """Answers to requests for reports."""

    def __init__(
        self,
        crawl: CrawlState,
        requests: Requests,
        discoveries: Discoveries,
        *,
        links: ListLinks,
        later: Later,
        known: KnownReports,
    ) -> None:
        self._crawl = crawl
        self._requests = requests
        self._discoveries = discoveries
        self._links = links
        self._later = later
        self._known = known

    def parse(self, response: Response, task: ReportTask) -> Sent:
        """A page or file that should be a report."""
        if self._later.put_off_answer(response, task):
            yield from self._known.over(task)
            return
        cut = task.cut is not None and (is_cut(response) or is_passing(response.status))
        yield from self._read_report(task.cut if cut and task.cut is not None else response, task)
        yield from self._known.over(task)

    def take_as_report(self, response: Response, task: ReportTask) -> Sent:
        """Read an answer to another question as a report, and have it kept as one: nothing is asked for twice."""
        mark = ("report", "GET", sorted_address(response.url), b"")
        if mark in self._crawl.asked or not self._crawl.within_sample(task):
            return
        self._crawl.asked.add(mark)
        ref = ref_of(response)
        if ref is not None:
            self._crawl.session.keep_as(response.url, ref, CaptureRequest("report", task.hint), response.status)
        yield from self._read_report(response, task)

    def _read_report(self, response: Response, task: ReportTask) -> Sent:
        """What an answer is, when it is one.

        The order is that of what can be said with less: the answer as a whole, its bytes, where it leads on, what the
        page calls itself, what it holds. Only what is left of all that is kept as a report.
        """
        state = task.state
        if short := short_of(response):
            self._crawl.problem(state, f"{response.url} is not complete as the browser shows it: {short}")
        if self._is_no_document(response, task):
            return
        page = Page(response.url, response.body, declared_charsets(response, state.site))
        if not response.body.strip() or (task.title is None and is_page(response) and is_blank(page)):
            self._crawl.count(state, "reports/without_content")
            self._crawl.problem(state, f"{response.url} {said_blank(response)}")
            return
        if not is_page(response):
            self._crawl.count(state, "reports/still_there" if task.unlisted else "reports/files")
            return
        target = None if task.rendered else page.forwards_to  # the browser went where the page leads
        if target and leads_home(page.url, target):
            self._gone(response.replace(flags=[*response.flags, HOME]), task)
            return
        if target and self._crawl.allowed(target, task):
            if task.hops < _MOST_HOPS:
                first = task.asked_first or response.url
                onward = replace(task, hops=task.hops + 1, cut=None, asked_first=first)
                yield from self._requests.ask_report(target, onward)
                return
            told = f"leads on to {target}, the {_MOST_HOPS + 1}th page that only leads on"
            self._crawl.problem(state, f"{response.url} {told}")
        if self._is_column_of_body(page, task):
            yield from self._turned_out_list(page, response, task)
            return
        judged = judge_page(page, list_title=task.title, trusted=not task.outside)
        if self._needs_browser(page, judged, task):
            self._crawl.count(state, "reports/rendered")
            yield from self._requests.ask_report(response.url, replace(task, rendered=True))
            return
        if self._lists_reports(page, judged, task):
            yield from self._turned_out_list(page, response, task)
            return
        asked = self._forwarded_from(response, task)
        if asked and judged.kind != "other" and _is_empty(judged) and judge_page(page).kind == "other":
            # The list alone calls it a report: that is said of the page that it named.
            self._crawl.count(state, "reports/forwarded")
            self._crawl.problem(state, f"{asked} leads to {response.url}, which holds nothing of a report")
            return
        yield from self._keep(page, judged, task)

    def _is_no_document(self, response: Response, task: ReportTask) -> bool:
        """Whether an answer is no whole document of the portal; what it is instead is counted and said."""
        state = task.state
        judgement = judgement_of(response)
        where = self._named(response, task)
        if judgement.verdict == "blocked":
            self._crawl.count(state, f"blocked/{judgement.signature}")
            self._crawl.problem(state, f"{where} is blocked by {judgement.signature}")
            if task.only_report and response.url == state.url:
                state.nothing = "blocked"
        elif is_passing(response.status):
            self._crawl.count(state, "reports/unanswered")
            self._crawl.problem(state, f"{where} did not answer ({response.status})")
        elif response.status >= 400 or judgement.verdict == "soft404" or HOME in response.flags:
            self._gone(response, task)
        elif is_cut(response):  # the index takes no half report either
            self._crawl.count(state, "reports/cut")
            told = f"was cut off each time; {len(response.body)} bytes of it are archived"
            self._crawl.problem(state, f"{where} {told}")
        elif not is_whole(response):
            self._crawl.count(state, "reports/not_whole")
            self._crawl.problem(state, f"{where} answered {response.status}, which is no whole document")
        else:
            return False
        return True

    def _is_column_of_body(self, page: Page, task: ReportTask) -> bool:
        """Whether a link that named a body only, under an address like an article's, led to that body's own column."""
        if task.title is not None or not is_annual_page(page):
            return False
        if is_report_content(page) or cms.is_directory(page.url):
            return False
        listing = cms.read_list(page, None, declared_cms(page.url, task.state.site))
        return any(request.dialect not in {"static", "link"} for request in listing.requests)

    def _needs_browser(self, page: Page, judged: JudgedPage, task: ReportTask) -> bool:
        """Whether a page that shows nothing of a report looks like one that script fills."""
        if judged.kind not in {"other", "shell"} or judged.attachments or judged.headings:
            return False
        if task.rendered or task.state.render == "never" or len(page.visible) >= _ENOUGH_SHOWN:
            return False
        return shell_sign(page) is not None and not has_rows(page)

    def _lists_reports(self, page: Page, judged: JudgedPage, task: ReportTask) -> bool:
        """Whether a page without the text of a report lists some; beside a report's title one row is no list yet."""
        without_text = judged.kind == "report" and judged.headings == 0
        if judged.kind != "other" and judged.reason != "body_empty" and not without_text:
            return False
        return len(self._report_rows(page, task)) >= (1 if judged.kind == "other" else 2)

    def _forwarded_from(self, response: Response, task: ReportTask) -> str | None:
        """The address that was asked for, where the answer came from another page; another host's is the same."""
        first = task.asked_first or first_address(response.request)
        return first if first and _path(first) != _path(response.url) else None

    def _named(self, response: Response, task: ReportTask) -> str:
        """The address of an answer as a clause's subject, with the one that was asked for where it is another."""
        asked = self._forwarded_from(response, task)
        return f"{asked} leads to {response.url}, which" if asked else response.url

    def _report_rows(self, page: Page, task: ReportTask) -> list[tuple[Link, LinkDecision]]:
        context = self._crawl.context(
            page.url, ListTask(task.state, Branch(page.url), outside=task.outside), annual=True
        )
        return [
            (link, verdict)
            for link, verdict in judge_links(page.links, context)
            if verdict.decision == "follow" and verdict.reason == "report_title" and not link.menu
        ]

    def _turned_out_list(self, page: Page, response: Response, task: ReportTask) -> Sent:
        """A link that was named like a report and leads to a list of them."""
        self._crawl.count(task.state, "reports/turned_out_list")
        listing = cms.read_list(page, None, declared_cms(page.url, task.state.site))
        below = ListTask(task.state, Branch(page.url), depth=task.depth, outside=task.outside)
        yield from self._links.take(page, listing, below, ref_of(response), annual=True)

    def _keep(self, page: Page, judged: JudgedPage, task: ReportTask) -> Sent:
        """Count what the page turned out to be; ask for what belongs to it."""
        state = task.state
        self._crawl.count(state, f"pages/{judged.kind}/{judged.reason}")
        if judged.kind in {"lookalike", "other", "clone"}:
            self._discoveries.note_page(page, judged, task)
            return
        if task.only_report and not (task.unlisted or task.hint.part_of or task.hint.twin_of):
            yield from self._links.beside_report(page, ListTask(state, Branch(page.url), depth=1, outside=task.outside))
        self._crawl.count(state, "reports/still_there" if task.unlisted else "reports/found")
        if _is_empty(judged) and not task.attachments and len(fold_blanks(page.visible)) < _NOTHING:
            self._crawl.problem(state, f"{page.url} is called a report and holds nothing that could be read")
        if judged.beyond:
            self._crawl.count(state, "attachments/beyond")
            asked = len(judged.attachments) + len(judged.parts)
            self._crawl.problem(state, f"{page.url} leads to {judged.beyond} files more than the {asked} asked for")
        for attachment in judged.attachments:
            relation = {"twin_of": page.url} if attachment.twin else {"part_of": page.url}
            hint = task.hint.model_copy(update={"list_title": attachment.text or task.title, **relation})
            yield from self._requests.ask_report(
                attachment.url, ReportTask(state, hint, only_report=True), purpose="attachment"
            )
        parts = list(judged.parts)
        if judged.headings == 0:
            # Files that the list's data named beside the page: its text has none of the report.
            known = {attachment.url for attachment in judged.attachments}
            parts = [url for url in task.attachments if url not in known and cms.is_file(url)] + parts
        for url in parts:
            hint = task.hint.model_copy(update={"part_of": page.url})
            yield from self._requests.ask_report(url, ReportTask(state, hint, only_report=True), purpose="attachment")

    def _gone(self, response: Response, task: ReportTask) -> None:
        """A report, or what belongs to one, that is not there."""
        state, hint = task.state, task.hint
        said = "is missing (it leads to the home page)" if HOME in response.flags else said_missing(response)
        self._crawl.count(state, "reports/gone" if task.unlisted else "reports/missing")
        if task.unlisted:
            return  # that is what it was asked for
        if hint.twin_of:
            self._crawl.count(state, "attachments/twin_missing")  # the page has the same text
        elif hint.part_of:
            self._crawl.problem(state, f"{self._named(response, task)} {said}; it belongs to {hint.part_of}")
        else:
            self._crawl.problem(state, f"{self._named(response, task)} {said}")
            if task.only_report and response.url == state.url:
                state.nothing = "missing"

    def failed(self, failure: Failure) -> Sent:
        """A report that gave no answer; the capture has recorded why."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        task: ReportTask = request.cb_kwargs["task"]
        if self._later.put_off_failure(failure):
            yield from self._known.over(task)
            return
        if task.cut is not None:
            yield from self._read_report(task.cut, task)
        else:
            refused = isinstance(failure.value, IgnoreRequest)
            self._crawl.count(task.state, "reports/refused" if refused else "reports/failed")
            self._crawl.problem(task.state, failure_text(request, failure, task.asked_first))
            if task.only_report and request.url == task.state.url:
                task.state.nothing = "refused" if refused else "unanswered"
        yield from self._known.over(task)


def _is_empty(judged: JudgedPage) -> bool:
    """Whether a page has nothing of a report but, perhaps, its title."""
    return judged.headings == 0 and not judged.attachments and not judged.parts


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path.rstrip('/').lower()}?{parts.query}"
