"""What every step of the portal spider needs: the plan, asking, recording, scope."""

from __future__ import annotations

import asyncio
import functools
import logging
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy.http import Response

from archive.metadata import Candidate, DiscoveryPayload, Purpose
from crawler._errors import leaving_in_a_sentence
from crawler.capture.ask import META_ASK, Ask, CaptureRef, CrawlPlan, Render
from crawler.cms import Link, ListPage, ListRequest, Page
from crawler.discovery.decision import Context, LinkDecision
from crawler.discovery.pages import JudgedPage
from crawler.discovery.wording import limits
from crawler.joining import join
from crawler.portals import Portal, parse_profile
from crawler.scope import host_matches
from crawler.spiders.answers import candidate, identity
from crawler.spiders.order import KNOWN_PRIORITY, LIST_PRIORITY, SEARCH_PRIORITY, report_priority
from crawler.spiders.shared import Mark, SharedAnswers
from crawler.spiders.tasks import FOUND, ColumnState, Group, ListTask, ReportTask

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from crawler.capture.session import CaptureSession

Requests = Iterator[scrapy.Request]
_PAGES = frozenset({"static", "link", "chain", "form", "hub", "report"})  # requests for pages; others ask back-ends

_PLAIN = re.compile(r"[\x21-\x7e]+")

# The foot of every page has to print it.
_SITE_CODE = re.compile(r"网站标识码[:：]?(\d{10}|bm\d{8})")


class BaseSpider(scrapy.Spider):
    """The part of the portal spider that is the same for lists and reports."""

    custom_settings = {"METAREFRESH_ENABLED": False}  # noqa: RUF012 - Scrapy's name for it

    def __init__(self, portal: Portal, **arguments: Any) -> None:
        self.portal = portal
        super().__init__(portal.key)
        self.arguments = arguments
        self.columns: list[ColumnState] = []
        self._asked: set[Mark] = set()
        self._unanswered: set[Mark] = set()
        self._shared = SharedAnswers()
        self._under_way: Counter[str] = Counter()
        self._held_back: dict[str, list[tuple[datetime, scrapy.Request]]] = {}
        self._waiting: list[scrapy.Request] = []
        self._waited_since: float | None = None
        self._asked_again_at: float | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> BaseSpider:
        """Make the spider; started by plain ``scrapy crawl`` it makes the plan that `gongkai crawl` would make."""
        from crawler.plan import Options, make_plan

        plan = crawler.settings.get("GONGKAI_PLAN")
        if not isinstance(plan, CrawlPlan):
            with leaving_in_a_sentence():
                plan = make_plan(cls.name, Options.from_arguments(kwargs))
            crawler.settings.set("GONGKAI_PLAN", plan, priority="cmdline")
            crawler.settings.set("STARTED_BY_SCRAPY", True, priority="cmdline")
        profile = parse_profile(plan.profile, f"profile of {plan.portal}")
        return super().from_crawler(crawler, *args, portal=Portal(plan.portal, profile, plan.profile), **kwargs)

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

    def _ask_list(self, url: str, task: ListTask, asked: ListRequest | None = None) -> Requests:
        asked = asked or ListRequest(url)
        steps = self._steps(task) if task.rendered else None
        mark = self._list_mark(url, task, asked)
        # A page that is read as a list of reports need not be searched for one as well.
        if mark in self._asked or (not task.annual and (f"list {mark[0][5:]}", *mark[1:]) in self._asked):
            if mark not in self._unanswered:
                if asked.dialect not in _PAGES:
                    yield from self._read_along(mark, task, asked)
                return
            self._unanswered.discard(mark)  # a link to what did not answer is a reason to ask once more
        if self._goes_too_far(task):
            return
        self._asked.add(mark)
        self._begin_list(url, task, asked)
        purpose: Purpose = "list" if asked.dialect in _PAGES else "api"
        if purpose == "api":
            self._shared.begin(mark, task.state)
        hint = task.state.hint(self.portal.key)
        yield scrapy.Request(
            **_asking(url, Ask(purpose, hint, render=steps, browser=task.state.render != "never")),
            method=asked.method,
            body=asked.body,
            headers=dict(asked.headers),
            callback=self.parse_list,
            errback=self.failed_list,
            priority=LIST_PRIORITY if task.annual else SEARCH_PRIORITY,
            dont_filter=True,
            cb_kwargs={"task": task},
        )

    def _begin_list(self, url: str, task: ListTask, asked: ListRequest) -> None:
        """Count a request for a list as under way."""
        self._under_way[task.state.site.host] += 1
        task.state.lists.add(url)
        task.state.pending += 1
        task.branch.pending += 1
        if asked.group:
            group = task.branch.groups.setdefault(asked.group, Group(otherwise=asked.otherwise))
            group.pending += 1

    def _read_along(self, mark: Mark, task: ListTask, asked: ListRequest) -> Requests:
        """A back-end that another column asked the same: its answer is read for this one too."""
        shared = self._shared.join(mark, task.state)
        if shared is None or (shared.over and shared.answer is None):
            return
        self._begin_list(asked.url, task, asked)
        if shared.answer is not None:
            yield from self.parse_list(shared.answer, task)
        else:
            shared.waiting.append(task)

    def _end_shared(self, task: ListTask, answer: Response | None) -> list[ListTask]:
        """The tasks of other columns that wait for what just ended."""
        if task.asked is None or task.asked.dialect in _PAGES:
            return []
        return self._shared.end(self._list_mark(task.asked.url, task, task.asked), answer)

    def _list_mark(self, url: str, task: ListTask, asked: ListRequest) -> Mark:
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
        self._count(state, "lists/beyond_limit")
        if text not in state.problems:
            self._problem(state, text)
        return True

    def _steps(self, task: ListTask) -> Render:
        column = task.state.column
        return Render(
            wait_for=column.wait_for if column else None,
            scroll=2,
            grows=True,
            clicks=task.trail,
        )

    def _ask_report(self, url: str, task: ReportTask, *, purpose: str = "report") -> Requests:
        steps = Render(scroll=1) if task.rendered else None
        mark = ("report rendered" if steps else "report", "GET", identity(url), b"")
        if mark in self._asked:
            return
        if purpose == "report" and not task.rendered and not task.hops and not self._within_sample(task):
            return
        self._asked.add(mark)
        ask = Ask(
            "attachment" if purpose == "attachment" else "report",
            task.hint,
            render=steps,
            browser=task.state.render != "never",
        )
        asked_at = self._asked_before.get(url)
        request = scrapy.Request(
            **_asking(url, ask),
            callback=self.parse_report,
            errback=self.failed_report,
            priority=report_priority(task.hint, belongs=purpose == "attachment")
            if asked_at is None
            else KNOWN_PRIORITY,
            dont_filter=True,
            cb_kwargs={"task": task},
        )
        host = task.state.site.host
        if asked_at is not None and not task.unlisted:
            self._held_back.setdefault(host, []).append((asked_at, request))
            return
        self._under_way[host] += 1
        yield request

    @functools.cached_property
    def _asked_before(self) -> dict[str, datetime]:
        """Addresses of reports that earlier crawls had, or found missing, and when they asked for them last."""
        missed = {url: missing.asked for url, missing in self.session.plan.missing.items()}
        return missed | {report.url: report.asked for report in self.session.plan.known}

    def _within_sample(self, task: ReportTask) -> bool:
        """Count one report more, unless the column's sample is full."""
        if self._sample is None:
            return True
        if task.state.counts["reports/asked"] >= self._sample:
            self._count(task.state, "reports/beyond_sample")
            return False
        task.state.counts["reports/asked"] += 1
        return True

    def _record(
        self,
        page: Page,
        listing: ListPage,
        judged: list[tuple[Link, LinkDecision]],
        task: ListTask,
        ref: CaptureRef | None,
    ) -> None:
        self._discovered(
            task.state,
            page,
            capture=ref.record_id if ref else None,
            page=task.asked.page if task.asked else task.turn,
            pages=listing.pages,
            stated_total=listing.stated_total,
            cms=listing.adapter,
            cms_reason=f"{listing.reason} ({listing.score:.2f})",
            rendered=task.rendered,
            candidates=[candidate(row, verdict) for row, verdict in judged],
        )

    def _discovered(self, state: ColumnState, on: Page, /, **facts: Any) -> None:
        self.session.record_discovery(
            DiscoveryPayload(
                crawl=self.session.crawl,
                portal=self.portal.key,
                site=state.site.host,
                column=state.url,
                list_url=on.url,
                **facts,
            )
        )

    def _lesson_of_column(self, task: ListTask) -> None:
        """Reports stand in a list that the profile does not name: found again from the column's parents."""
        state = task.state
        known = {_place(column.url) for column in state.site.columns}
        if task.origin == FOUND and _place(task.branch.url) not in known:
            self.session.learned(
                {
                    "kind": "column_found",
                    "site": state.site.host,
                    "column": state.url,
                    "patch": {"url": task.branch.url},
                }
            )

    def _lesson_of_site(self, page: Page, state: ColumnState) -> None:
        """What a searched site says of itself, by its official tags or in print; profiles are drafted from that."""
        name, code = page.meta.get("sitename", ""), page.meta.get("siteidcode", "")
        if urlsplit(page.url).path in {"", "/"}:
            printed = _SITE_CODE.search(re.sub(r"\s+", "", page.visible))
            code = code or (printed.group(1) if printed else "")
            name = name or re.split(r"[-_|—>]", page.title)[-1].strip()
        if name:
            fact = {"kind": "site", "site": state.site.host, "name": name, "code": code}
            self.session.learned(fact)

    def _note_page(self, page: Page, judged: JudgedPage, task: ReportTask) -> None:
        """A link that was followed and turned out to be no report: the second judgement, beside the first."""
        self._discovered(
            task.state,
            page,
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

    def _count(self, state: ColumnState, name: str) -> None:
        state.counts[name] += 1
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"gongkai/{name}")

    def _problem(self, state: ColumnState, text: str) -> None:
        if text not in state.problems:
            state.problems.append(text)
        logging.getLogger(__name__).warning("%s: %s", state.url, text)

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
            group=task.group,
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

    # -- answered by the steps ------------------------------------------------------------------------------------

    def parse_list(self, response: Response, task: ListTask) -> Requests:
        """A page of a list, or an answer of its back-end."""
        raise NotImplementedError

    def failed_list(self, failure: Failure) -> Requests:
        """A list page that gave no answer."""
        raise NotImplementedError

    def parse_report(self, response: Response, task: ReportTask) -> Requests:
        """A page or file that should be a report."""
        raise NotImplementedError

    def failed_report(self, failure: Failure) -> Requests:
        """A report that gave no answer."""
        raise NotImplementedError


def _place(url: str) -> str:
    """An address for comparison: hosts with and without www. are one."""
    return identity(url).replace("//www.", "//", 1)


def _asking(url: str, ask: Ask) -> dict[str, Any]:
    """Arguments of a request for exactly this address: Scrapy by itself escapes more of it than browsers do."""
    exact = url if _PLAIN.fullmatch(url) else join(url, url)  # what a page names is joined already
    return {"url": exact or url, "meta": {META_ASK: ask, "verbatim_url": exact is not None}}
