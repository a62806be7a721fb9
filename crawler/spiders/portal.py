"""The portal spider: from the columns of a profile to the reports in them.

One spider for all portals; a province that needs code of its own would subclass it. Lists are read by the adapters
(`crawler.cms`), links judged by `crawler.judgement`, fetched pages by `crawler.pages`; this module only keeps the order
of things: what is asked next, what a failure means, when a column counts as empty or moved.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.payloads import Candidate, DiscoveryPayload, Purpose
from crawler import blocked, cms
from crawler.capture.ask import META_ASK, META_CAPTURE, Ask, CaptureRef, CrawlPlan, Render
from crawler.cms import ListPage, ListRequest, Page, Row
from crawler.judgement import Context, Verdict, is_annual_page, judge_rows
from crawler.pages import PageVerdict, is_report_content, judge_page
from crawler.portals import Column, Portal, Site, parse_profile
from crawler.scope import host_matches
from crawler.spiders.shells import LITTLE_SIGN, WEAK_SIGN, next_selector, shell_sign
from crawler.spiders.tasks import FOUND, Branch, ColumnState, Group, ListTask, ReportTask
from parsers.titles import fold

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from crawler.capture.session import CaptureSession

Requests = Iterator[scrapy.Request]

MAX_DEPTH = 5
MAX_CLICKS = 60
_FIND_DEPTH = 3
_DISCLOSURE = re.compile(
    r"^(?:政府|政务)?信息公开(?:专栏|平台|专区|网)?$|^政务公开$|^政府信息公开年报$|^法定主动公开内容$|^公开$|^政务$"
)
_YEAR_IN_PATH = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")
_HOME_PAGES = re.compile(r"^/(?:index\.s?html?)?$")
_OTHER_YEARS = frozenset({"year_folder", "annual_column", "report_or_column"})
_LIST_PRIORITY, _REPORT_PRIORITY = 10, 0


class PortalSpider(scrapy.Spider):
    """Finds and fetches the annual reports of one portal.

    Args (of ``scrapy crawl``; `gongkai crawl` passes the same through the plan):
        site: host of a site, or several with commas. year: report year. sample: reports per column. full: 1 asks for
        everything anew.
    """

    custom_settings = {"METAREFRESH_ENABLED": False}  # noqa: RUF012 - Scrapy's name for it

    def __init__(self, portal: Portal, **arguments: Any) -> None:
        self.portal = portal
        super().__init__(portal.key)
        self.arguments = arguments
        self.columns: list[ColumnState] = []
        self._asked: set[tuple[str, str, str, bytes]] = set()
        self._twins: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        """Make the spider; started by plain ``scrapy crawl`` it makes the plan that `gongkai crawl` would make."""
        from crawler.run import Options, make_plan

        plan = crawler.settings.get("GONGKAI_PLAN")
        if not isinstance(plan, CrawlPlan):
            plan = make_plan(cls.name, Options.from_arguments(kwargs))
            crawler.settings.set("GONGKAI_PLAN", plan, priority="cmdline")
        profile = parse_profile(plan.profile, f"profile of {plan.portal}")
        return super().from_crawler(crawler, *args, portal=Portal(plan.portal, profile, plan.profile), **kwargs)

    # -- what the plan says ---------------------------------------------------------------------------------------

    @property
    def session(self) -> CaptureSession:
        """The crawl's capture."""
        session: CaptureSession = self.crawler.capture_session  # type: ignore[attr-defined]
        return session

    @property
    def _arguments(self) -> dict[str, Any]:
        return dict(self.session.plan.arguments)

    @property
    def _year(self) -> int | None:
        value = self._arguments.get("year")
        return int(value) if value else None

    @property
    def _checking(self) -> bool:
        return bool(self._arguments.get("check"))

    @property
    def _sample(self) -> int | None:
        value = self._arguments.get("sample")
        return int(value) if value else None

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The columns of the sites that this run covers."""
        chosen = self.portal.sites(tuple(self._arguments.get("sites") or ()))
        last_year = self.session.clock.year - 1
        for site in chosen:
            for column in site.columns:
                for url in column.addresses(last_year):
                    for request in self._begin(site, column, url):
                        yield request
            if not site.columns:
                state = self._column(site, None, site.home or f"https://{site.host}/")
                for request in self._search(state):
                    yield request

    def _begin(self, site: Site, column: Column, url: str) -> Requests:
        state = self._column(site, column, url)
        if column.is_report and "{year}" not in column.url:
            task = ReportTask(state, state.hint(self.portal.key), only_report=True)
            yield from self._ask_report(url, task)
            return
        # One address per year: a year that is not there answers somehow, so it is looked at before it counts.
        asked = ListRequest(url, dialect="hub", tentative="{year}" in column.url)
        yield from self._ask_list(url, ListTask(state, Branch(url), asked, rendered=column.render == "always"), asked)
        if column.year_hub or (_YEAR_IN_PATH.search(urlsplit(column.url).path) and not column.is_report):
            # Next year's column gets a name of its own: it is looked for where this one hangs.
            yield from self._search(state)

    def _column(self, site: Site, column: Column | None, url: str) -> ColumnState:
        state = ColumnState(site, column, url)
        self.columns.append(state)
        return state

    # -- asking ---------------------------------------------------------------------------------------------------

    def _ask_list(self, url: str, task: ListTask, asked: ListRequest | None = None) -> Requests:
        asked = asked or ListRequest(url)
        steps = self._steps(task) if task.rendered else None
        mark = (f"{'list' if task.annual else 'find'} {steps.digest() if steps else ''}", asked.method, url, asked.body)
        if mark in self._asked:
            return
        self._asked.add(mark)
        task.state.lists.add(url)
        task.state.pending += 1
        task.branch.pending += 1
        if asked.group:
            group = task.branch.groups.setdefault(asked.group, Group(otherwise=asked.otherwise))
            group.pending += 1
        purpose: Purpose = "list" if asked.dialect in {"static", "link", "chain", "form", "hub", "report"} else "api"
        yield scrapy.Request(
            url,
            method=asked.method,
            body=asked.body,
            headers=dict(asked.headers),
            callback=self.parse_list,
            errback=self.failed_list,
            priority=_LIST_PRIORITY,
            dont_filter=True,
            meta={META_ASK: Ask(purpose, task.state.hint(self.portal.key), render=steps)},
            cb_kwargs={"task": task},
        )

    def _steps(self, task: ListTask) -> Render:
        column = task.state.column
        return Render(
            wait_for=column.wait_for if column else None,
            scroll=2,
            clicks=(task.selector,) * task.clicks if task.selector else (),
        )

    def _ask_report(self, url: str, task: ReportTask, *, purpose: str = "report") -> Requests:
        steps = Render(scroll=1) if task.rendered else None
        mark = ("report rendered" if steps else "report", "GET", _identity(url), b"")
        if mark in self._asked:
            return
        if self._sample and purpose == "report" and not task.rendered and not task.hops:
            if task.state.counts["reports/asked"] >= self._sample:
                self._count(task.state, "reports/beyond_sample")
                return
            task.state.counts["reports/asked"] += 1
        self._asked.add(mark)
        ask = Ask("attachment" if purpose == "attachment" else "report", task.hint, render=steps)
        yield scrapy.Request(
            url,
            callback=self.parse_report,
            errback=self.failed_report,
            priority=_REPORT_PRIORITY,
            dont_filter=True,
            meta={META_ASK: ask},
            cb_kwargs={"task": task},
        )

    # -- lists ----------------------------------------------------------------------------------------------------

    def parse_list(self, response: Response, task: ListTask) -> Requests:
        """A page of a list, or an answer of its back-end."""
        yield from self._read_list(response, task)
        yield from self._done(task, fruitful=self._fruitful)

    def _read_list(self, response: Response, task: ListTask) -> Requests:
        self._fruitful = False
        state = task.state
        ref = _ref(response)
        self._count(state, "lists/answers")
        verdict = blocked.judge(response.status, _headers(response), response.body)
        signature = (
            ref.blocked_by if ref and ref.blocked_by else verdict.signature if verdict.verdict == "blocked" else None
        )
        if signature:
            self._count(state, f"blocked/{signature}")
            self._problem(state, f"{response.url} is blocked by {signature}")
            return
        if response.status >= 400 or verdict.verdict == "soft404":
            self._missing(response, task)
            return
        page = Page(response.url, response.body, _declared(response, state.site))
        target = page.forwards_to
        if target and task.hops < 3 and not (task.asked and task.asked.tentative):
            self._count(state, "lists/forwarded")
            yield from self._ask_list(target, replace(task, hops=task.hops + 1))
            self._fruitful = True
            return
        first = _is_first(task)
        annual = task.annual or is_annual_page(page)
        if first and is_report_content(page):
            yield from self._column_is_report(page, task)
            yield from self._beside_report(page, task)
            return
        listing = cms.read_list(page, task.asked, state.site.cms)
        if task.origin == FOUND:
            self._lesson_of_site(page, state)
        if annual:
            state.families[listing.adapter] += 1
            if first:
                state.reasons.setdefault(listing.adapter, f"{listing.reason} ({listing.score:.2f})")
        state.stated_total = max(state.stated_total or 0, listing.stated_total or 0) or state.stated_total
        yield from self._take(page, listing, task, ref, annual=annual)
        if first and not annual and task.depth < _FIND_DEPTH:
            yield from self._deeper(page, task)
        if first:
            for frame in page.frames[:4] if annual else ():
                if self._own(frame) and not cms.is_file(frame):
                    asked = ListRequest(frame, dialect="hub", tentative=True)
                    yield from self._ask_list(frame, replace(task, asked=asked, depth=task.depth + 1), asked)

    def _take(self, page: Page, listing: ListPage, task: ListTask, ref: CaptureRef | None, *, annual: bool) -> Requests:
        """Judge the links of a list page, record them, ask for what is to be followed."""
        state = task.state
        context = self._context(page.url, task, annual=annual)
        judged = judge_rows(listing.rows, context)
        fresh = [(row, verdict) for row, verdict in judged if (row.url or row.href) not in state.rows]
        for row, verdict in fresh:
            state.rows.add(row.url or row.href)
            self._count(state, f"links/{verdict.decision}/{verdict.reason}")
        self._fruitful = bool(fresh)
        if annual and any(verdict.decision == "follow" for _, verdict in fresh):
            self._lesson_of_column(task)
        self._record(page, listing, judged, task, ref)
        for row, verdict in judged:
            if verdict.decision == "follow" and row.url:
                task.branch.followed += 1
                task.branch.reports += 1
                yield from self._follow(row, verdict, task)
            elif verdict.decision in {"list", "hub"} and row.url and task.depth < (2 if self._checking else MAX_DEPTH):
                task.branch.followed += 1
                yield from self._descend(row, verdict, task)
        first = _is_first(task)
        if first and not task.rendered:
            sign = shell_sign(page)
            listed = any(not row.menu and verdict.decision in {"follow", "skip"} for row, verdict in judged)
            task.branch.certain = sign not in {None, WEAK_SIGN, LITTLE_SIGN}
            task.branch.shell = task.branch.certain or (sign is not None and not listed)
        # A back-end's first page repeats what the plain page showed; a later one without anything new ends the list.
        goes_on = first or self._fruitful or task.asked is None or task.asked.page <= 1
        annual = annual or any(verdict.decision == "follow" for _, verdict in judged)
        if self._checking and task.branch.followed:
            goes_on = False
        for request in listing.requests if goes_on else ():
            if not annual and not request.annual:
                continue
            if request.dialect in {"hub", "report"}:
                yield from self._ask_list(request.url, replace(task, asked=request, depth=task.depth + 1), request)
            elif self._own(request.url) or task.outside:
                yield from self._ask_list(request.url, replace(task, asked=request, rendered=False), request)
        if task.rendered and self._fruitful and task.clicks < MAX_CLICKS:
            yield from self._click_on(page, task)

    def _follow(self, row: Row, verdict: Verdict, task: ListTask) -> Requests:
        url = row.url or ""
        hint = task.state.hint(self.portal.key).model_copy(
            update={
                "list_title": verdict.title or row.title or row.text,
                "list_date": row.date,
                "year": verdict.reading.year if verdict.reading else None,
                "twin_of": verdict.twin_of,
                "part_of": verdict.part_of,
            }
        )
        outside = not self._own(url)
        report = ReportTask(
            task.state, hint, verdict.title, depth=task.depth + 1, outside=outside, attachments=row.attachments
        )
        purpose = "attachment" if verdict.part_of else "report"
        yield from self._ask_report(url, report, purpose=purpose)

    def _descend(self, row: Row, verdict: Verdict, task: ListTask) -> Requests:
        url = row.url or ""
        below = ListTask(
            task.state,
            Branch(url),
            depth=task.depth + 1,
            # A body's own page in a hub: whether annual reports are listed there, it has to say itself.
            annual=verdict.reason != "body_page",
            outside=not self._own(url),
            rendered=task.state.render == "always",
            label=verdict.title or row.text,
            date=row.date,
            origin=task.origin,
            year=verdict.reading.year if verdict.reading else None,
        )
        yield from self._ask_list(url, below)

    def _deeper(self, page: Page, task: ListTask) -> Requests:
        """From a page searched for the column: on to the disclosure pages it names, and there only."""
        for row in page.rows:
            if row.url and self._own(row.url) and _DISCLOSURE.match(fold(row.text)) and not cms.is_file(row.url):
                below = ListTask(
                    task.state, Branch(row.url), depth=task.depth + 1, annual=False, label=row.text, origin=FOUND
                )
                yield from self._ask_list(row.url, below)

    def _click_on(self, page: Page, task: ListTask) -> Requests:
        """The next page of a pager that works inside the page."""
        selector = task.selector or next_selector(page)
        if selector and next_selector(page):
            again = replace(task, clicks=task.clicks + 1, selector=selector)
            yield from self._ask_list(page.url, again)

    def _column_is_report(self, page: Page, task: ListTask) -> Requests:
        """A list's address that turns out to be a report: fetched again as one, so that it is kept as one."""
        self._count(task.state, "columns/is_report")
        self._fruitful = True
        task.branch.followed += 1
        if task.depth == 0 and task.origin != FOUND and not (task.state.column and task.state.column.is_report):
            self.session.learned(
                {
                    "kind": "column_is_report",
                    "site": task.state.site.host,
                    "column": task.state.url,
                    "patch": {"is_report": True},
                }
            )
        self._lesson_of_column(task)
        hint = task.state.hint(self.portal.key).model_copy(
            update={"list_title": task.label, "list_date": task.date, "year": task.year}
        )
        report = ReportTask(
            task.state, hint, task.label, outside=task.outside, rendered=task.rendered, only_report=True
        )
        yield from self._ask_report(page.url, report)

    def _beside_report(self, page: Page, task: ListTask) -> Requests:
        """From a column that is a report: on to the columns of other years that its menu names."""
        for row, verdict in judge_rows(page.rows, self._context(page.url, task, annual=True)):
            if (
                row.url
                and verdict.decision in {"list", "hub"}
                and verdict.reason in _OTHER_YEARS
                and task.depth < MAX_DEPTH
            ):
                self._count(task.state, f"links/{verdict.decision}/{verdict.reason}")
                yield from self._descend(row, verdict, task)

    # -- when a list is done ----------------------------------------------------------------------------------------

    def _done(self, task: ListTask, *, fruitful: bool) -> Requests:
        """Count a list request as over; see whether its group, its branch or its column came to nothing."""
        state, branch = task.state, task.branch
        state.pending -= 1
        branch.pending -= 1
        group = branch.groups.get(task.asked.group) if task.asked and task.asked.group else None
        if group is not None:
            group.pending -= 1
            group.fruitful |= fruitful
            if group.pending == 0 and not group.fruitful:
                for request in group.otherwise:
                    yield from self._ask_list(request.url, replace(task, asked=request), request)
        # A page that says itself that it is filled by script is rendered though its menu led somewhere.
        nothing = branch.reports == 0 if branch.certain else branch.followed == 0
        if branch.pending == 0 and nothing and task.annual and not branch.rendered:
            branch.rendered = True
            if branch.shell and state.render == "auto" and task.depth <= 1 and not task.rendered:
                self._count(state, "columns/rendered")
                first = replace(task, asked=None, rendered=True, clicks=0)
                first.branch.shell = False
                yield from self._ask_list(branch.url, first)
        if branch.pending == 0 and task.rendered and branch.reports and state.render == "auto":
            self.session.learned(
                {"kind": "needs_browser", "site": state.site.host, "column": branch.url, "patch": {"render": "always"}}
            )
        yearly = state.column is not None and "{year}" in state.column.url
        if state.pending == 0 and not self._found(state) and not state.searched and not yearly:
            yield from self._search(state)

    def _missing(self, response: Response, task: ListTask) -> None:
        if task.asked is not None and task.asked.tentative:
            self._count(task.state, "lists/not_there")
            return
        self._count(task.state, "lists/missing")
        if task.origin != FOUND and not task.depth:
            self._problem(task.state, f"{response.url} is missing ({response.status})")

    def failed_list(self, failure: Failure) -> Requests:
        """A list page that gave no answer."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        task: ListTask = request.cb_kwargs["task"]
        name = "lists/refused" if isinstance(failure.value, IgnoreRequest) else "lists/failed"
        self._count(task.state, name)
        if not (task.asked and task.asked.tentative):
            self._problem(task.state, _why(request, failure))
        yield from self._done(task, fruitful=False)

    def _search(self, state: ColumnState) -> Requests:
        """Look for the column from its parents: pages named in the profile, its directories upwards, the home page."""
        state.searched = True
        self._count(state, "columns/searched")
        for url in _namesakes(state) if not state.lists.isdisjoint({state.url}) and state.pending == 0 else ():
            yield from self._ask_list(url, ListTask(state, Branch(url), origin=FOUND))
        for url in _parents(state):
            branch = Branch(url)
            yield from self._ask_list(url, ListTask(state, branch, annual=False, depth=0, origin=FOUND))

    def _found(self, state: ColumnState) -> bool:
        return any(count for name, count in state.counts.items() if name.startswith("links/follow/")) or bool(
            state.counts["columns/is_report"]
        )

    # -- reports --------------------------------------------------------------------------------------------------

    def parse_report(self, response: Response, task: ReportTask) -> Requests:
        """A page or file that should be a report."""
        state = task.state
        ref = _ref(response)
        verdict = blocked.judge(response.status, _headers(response), response.body)
        if (ref and ref.blocked_by) or verdict.verdict == "blocked":
            self._count(state, f"blocked/{(ref and ref.blocked_by) or verdict.signature}")
            self._problem(state, f"{response.url} is blocked")
            return
        if response.status >= 400 or verdict.verdict == "soft404":
            self._count(state, "reports/missing")
            if not task.only_report:
                self._problem(state, f"{response.url} is missing")
            return
        if not _is_page(response):
            self._count(state, "reports/files")
            return
        page = Page(response.url, response.body, _declared(response, state.site))
        target = page.forwards_to
        if target and task.hops < 2 and self._allowed(target, task):
            yield from self._ask_report(target, replace(task, hops=task.hops + 1))
            return
        judged = judge_page(page, list_title=task.title, trusted=not task.outside)
        if judged.kind in {"other", "shell"} and not task.rendered and not judged.attachments:
            sign = shell_sign(page) if state.render != "never" and len(page.visible) < 1500 else None
            if sign and judged.headings == 0 and not _has_rows(page):
                self._count(state, "reports/rendered")
                yield from self._ask_report(response.url, replace(task, rendered=True))
                return
        if judged.kind == "other" or (judged.kind == "report" and judged.headings == 0):
            rows = self._report_rows(page, task)
            if len(rows) >= (1 if judged.kind == "other" else 2):
                yield from self._turned_out_list(page, response, task)
                return
        yield from self._keep(page, judged, task)

    def _report_rows(self, page: Page, task: ReportTask) -> list[tuple[Row, Verdict]]:
        context = self._context(page.url, ListTask(task.state, Branch(page.url), outside=task.outside), annual=True)
        return [
            (row, verdict)
            for row, verdict in judge_rows(page.rows, context)
            if verdict.decision == "follow" and verdict.reason == "report_title" and not row.menu
        ]

    def _turned_out_list(self, page: Page, response: Response, task: ReportTask) -> Requests:
        """A link that was named like a report and leads to a list of them."""
        self._count(task.state, "reports/turned_out_list")
        listing = cms.read_list(page, None, task.state.site.cms)
        below = ListTask(task.state, Branch(page.url), depth=task.depth, outside=task.outside)
        yield from self._take(page, listing, below, _ref(response), annual=True)

    def _keep(self, page: Page, judged: PageVerdict, task: ReportTask) -> Requests:
        """Count what the page turned out to be; ask for what belongs to it."""
        state = task.state
        self._count(state, f"pages/{judged.kind}/{judged.reason}")
        if judged.kind in {"lookalike", "other", "clone"}:
            self._note_page(page, judged, task)
            return
        if task.only_report and not (task.hint.part_of or task.hint.twin_of):
            yield from self._beside_report(page, ListTask(state, Branch(page.url), depth=1, outside=task.outside))
        self._count(state, "reports/found")
        for attachment in judged.attachments:
            relation = {"twin_of": page.url} if attachment.twin else {"part_of": page.url}
            hint = task.hint.model_copy(update={"list_title": attachment.text or task.title, **relation})
            yield from self._ask_report(attachment.url, ReportTask(state, hint, only_report=True), purpose="attachment")
        known = {attachment.url for attachment in judged.attachments}
        if judged.headings == 0:
            for url in task.attachments:
                if url not in known and cms.is_file(url):
                    hint = task.hint.model_copy(update={"part_of": page.url})
                    yield from self._ask_report(url, ReportTask(state, hint, only_report=True), purpose="attachment")
        for url in judged.parts:
            hint = task.hint.model_copy(update={"part_of": page.url})
            yield from self._ask_report(url, ReportTask(state, hint, only_report=True), purpose="attachment")

    def failed_report(self, failure: Failure) -> None:
        """A report that gave no answer; the capture has recorded why."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        task: ReportTask = request.cb_kwargs["task"]
        refused = isinstance(failure.value, IgnoreRequest)
        self._count(task.state, "reports/refused" if refused else "reports/failed")
        self._problem(task.state, _why(request, failure))

    # -- records --------------------------------------------------------------------------------------------------

    def _record(
        self,
        page: Page,
        listing: ListPage,
        judged: list[tuple[Row, Verdict]],
        task: ListTask,
        ref: CaptureRef | None,
    ) -> None:
        self.session.record_discovery(
            DiscoveryPayload(
                crawl=self.session.crawl,
                portal=self.portal.key,
                site=task.state.site.host,
                column=task.state.url,
                list_url=page.url,
                capture=ref.record_id if ref else None,
                page=task.asked.page if task.asked else 1 + task.clicks,
                pages=listing.pages,
                stated_total=listing.stated_total,
                cms=listing.adapter,
                cms_reason=f"{listing.reason} ({listing.score:.2f})",
                rendered=task.rendered,
                candidates=[_candidate(row, verdict) for row, verdict in judged],
            )
        )

    def _lesson_of_column(self, task: ListTask) -> None:
        """Reports stand in a list that the profile does not name: found again from the column's parents."""
        state = task.state
        if task.origin == FOUND and task.branch.url not in {column.url for column in state.site.columns}:
            self.session.learned(
                {
                    "kind": "column_found",
                    "site": state.site.host,
                    "column": state.url,
                    "patch": {"url": task.branch.url},
                }
            )

    def _lesson_of_site(self, page: Page, state: ColumnState) -> None:
        """What the official tags of a searched site say of it; drafts of profiles are written from that."""
        name, code = page.meta.get("sitename"), page.meta.get("siteidcode", "")
        if name:
            fact = {"kind": "site", "site": state.site.host, "name": name, "code": code}
            self.session.learned(fact)

    def _note_page(self, page: Page, judged: PageVerdict, task: ReportTask) -> None:
        """A link that was followed and turned out to be no report: the second judgement, beside the first."""
        self.session.record_discovery(
            DiscoveryPayload(
                crawl=self.session.crawl,
                portal=self.portal.key,
                site=task.state.site.host,
                column=task.state.url,
                list_url=page.url,
                cms="page",
                candidates=[
                    Candidate(
                        text=task.title or judged.title,
                        title=judged.title,
                        href=page.url,
                        url=page.url,
                        decision="skip",
                        reason=judged.reason,
                        detail=f"judged from the page; {judged.headings} prescribed headings",
                    )
                ],
            )
        )

    def _count(self, state: ColumnState, name: str) -> None:
        state.counts[name] += 1
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"gongkai/{name}")

    def _problem(self, state: ColumnState, text: str) -> None:
        if text not in state.problems:
            state.problems.append(text)
        logging.getLogger(__name__).warning("%s: %s", state.url, text)

    # -- scope ----------------------------------------------------------------------------------------------------

    def _context(self, url: str, task: ListTask, *, annual: bool) -> Context:
        site = task.state.site
        return Context(
            page=url,
            column=task.branch.url if task.depth else task.state.url,
            annual=annual,
            hosts=self._hosts(),
            reaches=site.reaches,
            exceptions=site.exceptions,
            outside=task.outside,
            year=self._year,
        )

    def _hosts(self) -> tuple[str, ...]:
        return tuple(host for site in self.session.plan.sites for host in site.all_hosts() if self._is_own(host))

    def _is_own(self, host: str) -> bool:
        return any(host in site.own_hosts() for site in self.portal.profile.sites)

    def _own(self, url: str) -> bool:
        return host_matches(urlsplit(url).hostname or "", self._hosts())

    def _allowed(self, url: str, task: ReportTask) -> bool:
        return self._own(url) or host_matches(urlsplit(url).hostname or "", task.state.site.reaches)


def _parents(state: ColumnState) -> list[str]:
    """Pages from which a column can be found again, nearest first, at most five."""
    urls = list(state.column.parents) if state.column else []
    parts = urlsplit(state.url)
    root = f"{parts.scheme}://{parts.netloc}"
    segments = [segment for segment in parts.path.split("/")[:-1] if segment]
    if parts.path and not parts.path.endswith("/") and "." not in parts.path.rpartition("/")[2]:
        segments.append(parts.path.rpartition("/")[2])
    for length in range(len(segments) - 1, 0, -1):
        folder = "/".join(segments[:length])
        if not re.search(r"/columns$|^columns$|^col$|^web$|^site$|^public$", folder):
            urls.append(f"{root}/{folder}/")
    if state.column is None and state.site.home is None:
        urls.append(f"http://{parts.netloc}/")
    urls.append(f"{root}/")
    unique = list(dict.fromkeys(urljoin(state.url, url) for url in urls))
    return [*unique[:4], *(url for url in unique[4:] if _HOME_PAGES.match(urlsplit(url).path))][:6]


def _namesakes(state: ColumnState) -> list[str]:
    """The column under the site's other name, with or without ``www.``."""
    if state.column is None or state.column.is_report:
        return []
    parts = urlsplit(state.url)
    host = parts.hostname or ""
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    return [state.url.replace(f"//{host}", f"//{other}", 1)] if other in state.site.own_hosts() else []


def _why(request: scrapy.Request, failure: Failure) -> str:
    """What went wrong with a request, its address named once."""
    said = failure.getErrorMessage()
    return said if request.url in said else f"{request.url}: {said}"


def _identity(url: str) -> str:
    """An address with the order of its query's fields taken out (one report under two orders of area and year)."""
    parts = urlsplit(url)
    return parts._replace(query="&".join(sorted(parts.query.split("&")))).geturl()


def _is_first(task: ListTask) -> bool:
    """Whether a page begins a list, and is no further page or answer of one."""
    return task.asked is None or task.asked.dialect in {"hub", "report"}


def _has_rows(page: Page) -> bool:
    return sum(1 for row in page.rows if row.url and cms.is_article(row.url) and not row.menu) >= 5


def _is_page(response: Response) -> bool:
    head = response.body[:1024].lstrip()[:5].lower()
    if head.startswith((b"%pdf", b"pk\x03\x04", b"\xd0\xcf\x11\xe0", b"rar!")):
        return False
    kind = (response.headers.get("Content-Type") or b"").lower()
    if b"html" in kind or b"xml" in kind or not kind:
        return True
    return response.body[:200].lstrip()[:1] == b"<"


def _ref(response: Response) -> CaptureRef | None:
    ref = response.meta.get(META_CAPTURE)
    return ref if isinstance(ref, CaptureRef) else None


def _headers(response: Response) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, values in response.headers.items() for value in values]


def _declared(response: Response, site: Site) -> tuple[str | None, ...]:
    match = re.search(rb"charset=[\"']?([\w-]+)", response.headers.get("Content-Type") or b"", re.IGNORECASE)
    return (match.group(1).decode("ascii", "replace") if match else None, site.encoding)


def _candidate(row: Row, verdict: Verdict) -> Candidate:
    return Candidate(
        text=row.text,
        title=verdict.title if verdict.title != row.text else None,
        href=row.href,
        url=row.url,
        date=row.date,
        decision=verdict.decision,
        reason=verdict.reason,
        detail=verdict.twin_of or verdict.part_of,
    )
