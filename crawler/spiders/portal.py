"""The portal spider: from the columns of a profile to the reports in them.

One spider for all portals; a province that needs code of its own would subclass it. Lists are read by the adapters
(`crawler.cms`), links and fetched pages judged by `crawler.discovery`; this module only keeps the order of things: what
is asked next, what a failure means, when a column counts as empty or moved.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy import signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from crawler import blocked, cms
from crawler.capture.ask import CaptureRef
from crawler.cms import Link, ListPage, ListRequest, Page
from crawler.discovery.breadcrumbs import steps_above
from crawler.discovery.decision import LinkDecision
from crawler.discovery.links import is_annual_page, judge_links
from crawler.discovery.pages import is_report_content
from crawler.discovery.related import part_of_report
from crawler.discovery.wording import limits, link_words
from crawler.portals import Column, Site
from crawler.spiders.ahead import is_page_ahead
from crawler.spiders.answers import (
    WHOLE,
    declared_charsets,
    declared_cms,
    headers_of,
    in_reading,
    is_document,
    is_first,
    ref_of,
    short_of,
)
from crawler.spiders.base import Requests
from crawler.spiders.endings import FIND_DEPTH, Endings
from crawler.spiders.later import is_cut, is_passing
from crawler.spiders.shells import (
    LITTLE_SIGN,
    WEAK_SIGN,
    next_selector,
    number_selector,
    part_selectors,
    shell_sign,
)
from crawler.spiders.tally import BACK_END
from crawler.spiders.tasks import FOUND, Branch, ColumnState, ListTask, ReportTask
from parsers.titles import fold

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_CLICKS = 60
MAX_PARTS = 30
_BARREN_PARTS = 3
_FEW_LINKS = 5
_DISCLOSURE = re.compile(
    r"^(?:政府|政务)?信息公开(?:专栏|平台|专区|网)?$|^政务公开$|^政府信息公开年报$|^法定主动公开内容$|^公开$|^政务$"
)
_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")
_YEARLY = frozenset({"year_folder", "years_folder", "year_label"})
_PROMISED = frozenset({"year_folder", "years_folder", "annual_column", "report_or_column"})
_NOT_ASKED = frozenset({"no_address", "bad_address"})
_OTHER_YEARS = frozenset({"year_folder", "years_folder", "year_label", "annual_column", "report_or_column"})
_BESIDE = _OTHER_YEARS | {"report_title", "body_folder", "body_page", "group_page", "group_folder"}


class PortalSpider(Endings):
    """Finds and fetches the annual reports of one portal.

    Args (of ``scrapy crawl``; `gongkai crawl` passes the same through the plan):
        site: host of a site, or several with commas. year: report year. sample: reports per column. full: 1 asks for
        everything anew.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        """Make the spider; when all lists are read, what they no longer name is asked for."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, PortalSpider)
        crawler.signals.connect(spider.lists_are_read, signal=signals.spider_idle)
        return spider

    def lists_are_read(self) -> None:
        """Nothing is under way any more.

        Raises:
            DontCloseSpider: there is something left to ask for.
        """
        engine = self.crawler.engine
        requests = self._still_to_ask()
        if engine is not None and requests:
            for request in requests:
                engine.crawl(request)
            raise DontCloseSpider
        if engine is not None and self._waiting:
            self.wake_later()
            raise DontCloseSpider
        self.name_too_deep()
        self.name_silent_back_ends()
        self.name_empty()

    def _still_to_ask(self) -> list[scrapy.Request]:
        """What nobody asked for yet: known reports, what was not answered, then what no list named this time."""
        for host in list(self._held_back):
            if requests := list(self._ask_known(host)):
                return requests
        return self.ask_put_off() or list(self.look_for_yearly()) or list(self.ask_unlisted(self.session.plan.known))

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The columns of the sites that this run covers."""
        chosen = self.portal.sites(tuple(self._arguments.get("sites") or ()))
        last_year = self.session.clock.year - 1
        for site in chosen:
            for column in site.columns:
                always = {column.url.replace("{year}", str(year)) for year in (last_year - 1, last_year)}
                addresses = column.addresses(last_year)
                if not addresses:
                    self._without_address(site, column, last_year)
                for url in addresses:
                    if "{year}" in column.url and url not in always and self._seldom(url):
                        continue
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
        for found in self.session.plan.found_lists.get(url, ()):
            yield from self._ask_list(found, ListTask(state, Branch(found), origin=FOUND))

    def _without_address(self, site: Site, column: Column, last_year: int) -> None:
        """Say of a column that its years are all to come: nothing of it is asked for."""
        first = column.years[0] if column.years else last_year
        said = f"its years begin with {first}, and the last finished year is {last_year}; correct years in the profile"
        state = self._column(site, column, column.url)
        state.nothing = "missing"
        self._problem(state, f"{column.url} stands for no address: {said}")

    def _column(self, site: Site, column: Column | None, url: str) -> ColumnState:
        state = ColumnState(site, column, url)
        self.columns.append(state)
        return state

    def parse_list(self, response: Response, task: ListTask) -> Requests:
        """A page of a list, or an answer of its back-end."""
        if self._put_off_answer(response, task):
            yield from self._over(task)
            return
        if is_cut(response):
            yield from self._read_cut(response, task)
        elif task.cut is not None and is_passing(response.status):
            yield from self._read_cut(task.cut, task)
        else:
            yield from self._read_list(response, task)
        yield from self._done(task, fruitful=task.fruitful or task.repeats)
        for other in self._end_shared(task, response):
            yield from self.parse_list(response, other)
        yield from self._over(task)

    def _read_cut(self, response: Response, task: ListTask) -> Requests:
        """What came of a list page that was cut off each time it was asked for."""
        self._count(task.state, "lists/cut")
        self._problem(task.state, f"{response.url} was cut off each time; {len(response.body)} bytes of it were read")
        yield from self._read_list(response, task)

    def _read_list(self, response: Response, task: ListTask) -> Requests:
        task.fruitful = task.repeats = False  # of this answer; a guess begins as a copy of the task before it
        state = task.state
        ref = ref_of(response)
        self._count(state, "lists/answers")
        if short := short_of(response):
            self._problem(state, f"{response.url} is not complete as the browser shows it: {short}")
        verdict = blocked.judge(response.status, headers_of(response), response.body)
        signature = (
            ref.blocked_by if ref and ref.blocked_by else verdict.signature if verdict.verdict == "blocked" else None
        )
        if signature:
            self._refused(response, task, signature)
            return
        if response.status >= 400 or verdict.verdict == "soft404":
            self._missing(response, task)
            return
        if not response.body.strip():
            self._without_content(response, task)
            return
        first = is_first(task)
        if first and not task.depth and task.origin != FOUND and is_document(response):
            yield from self._column_is_file(response, task)
            return
        if response.status not in WHOLE:
            if task.asked is not None and task.asked.tentative:
                self._count(state, "lists/not_there")
                return
            self._problem(state, f"{response.url} answered {response.status}, which is no whole page")
        page = Page(response.url, response.body, declared_charsets(response, state.site))
        target = None if task.rendered else page.forwards_to  # the browser went where the page leads
        if first and not task.depth and task.origin != FOUND and not state.crumbs:
            state.crumbs = steps_above(page)
        if target and task.hops < 3 and not (task.asked and task.asked.tentative):
            self._count(state, "lists/forwarded")
            yield from self._ask_list(target, replace(task, hops=task.hops + 1))
            task.fruitful = True
            return
        annual = task.annual or is_annual_page(page)
        if first:
            task.annual = annual  # what the page says of itself holds for the rest of its list
        if first and is_report_content(page):
            yield from self._column_is_report(page, response, task)
            yield from self._beside_report(page, task)
            return
        listing = cms.read_list(page, task.asked, declared_cms(page.url, state.site))
        if task.origin == FOUND:
            self._lesson_of_site(page, state)
            yield from self._ask_if_named(page, state)
        if annual:
            state.families[listing.adapter] += 1
            if first:
                state.reasons.setdefault(listing.adapter, f"{listing.reason} ({listing.score:.2f})")
        state.stated_total = max(state.stated_total or 0, listing.stated_total or 0) or state.stated_total
        yield from self._take(page, listing, task, ref, annual=annual)
        if first and not annual and task.depth < FIND_DEPTH:
            yield from self._deeper(page, task)
        if first:
            framed = annual or (task.origin == FOUND and task.depth < FIND_DEPTH)
            for frame in self._frames(page, state) if framed else ():
                asked = ListRequest(frame, dialect="hub", tentative=True, reading=frame)
                yield from self._ask_list(frame, replace(task, asked=asked, depth=task.depth + 1), asked)

    def _frames(self, page: Page, state: ColumnState) -> list[str]:
        """Frames of the portal's own that are read as lists; that a page has more of them is said."""
        host, most = urlsplit(page.url).hostname, limits().frames_per_page
        near = [url for url in page.frames if self._own(url) or urlsplit(url).hostname == host]
        own = [url for url in near if not cms.is_file(url)]
        if len(own) > most:
            self._count(state, "lists/beyond_limit")
            self._problem(state, f"{page.url} has {len(own)} frames, and only {most} were read")
        return own[:most]

    def _take(self, page: Page, listing: ListPage, task: ListTask, ref: CaptureRef | None, *, annual: bool) -> Requests:
        """Judge the links of a list page, record them, ask for what is to be followed."""
        state = task.state
        disclosure = task.label is not None and _DISCLOSURE.match(fold(task.label)) is not None
        context = replace(self._context(page.url, task, annual=annual), disclosure=disclosure)
        judged = self._with_parts(judge_links(listing.rows, context), state)
        state.counts["links/passed/navigation"] += len({row.url for row in listing.rows} - {r.url for r, _ in judged})
        fresh = [(row, verdict) for row, verdict in judged if (row.url or row.href) not in state.rows]
        for row, verdict in fresh:
            state.rows.add(row.url or row.href)
            if verdict.reading is not None and verdict.reading.year and verdict.reading.kind == "annual_report":
                state.years.add(verdict.reading.year)
            self._count(state, f"links/{verdict.decision}/{verdict.reason}")
            names_report = verdict.reading is not None and verdict.reading.kind == "annual_report"
            if verdict.reason in _NOT_ASKED and names_report and verdict.title and not row.menu:
                state.unreached.append(verdict.title)
        number = task.asked.page if task.asked and task.asked.dialect not in {"hub", "report"} else task.turn
        reading = task.asked.reading if task.asked else task.trail[0] if task.part else ""
        # What another list of the column named already is no news there, but it is in this one.
        own = not reading.startswith(BACK_END)
        task.fruitful = bool(task.branch.tally.add(listing, judged, reading, number, own=own) or fresh)
        state.barren = 0 if any(verdict.decision == "follow" for _, verdict in judged) else state.barren + 1
        for fault in listing.faults:
            self._problem(state, f"{page.url}: {fault}")
        if annual and any(verdict.decision == "follow" for _, verdict in fresh):
            self._lesson_of_column(task)
        self._record(page, listing, judged, task, ref)
        for row, verdict in judged:
            if verdict.decision == "follow" and row.url:
                task.branch.followed += 1
                task.branch.reports += 1
                state.fruitful.add(task.branch.url)
                yield from self._follow(row, verdict, task)
            elif verdict.decision in {"list", "hub"} and row.url and self._may_descend(row.url, task):
                task.branch.followed += 1
                yield from self._descend(row, verdict, task)
        first = is_first(task)
        if first and not task.rendered:
            sign = shell_sign(page)
            listed = any(not row.menu and verdict.decision in {"follow", "skip"} for row, verdict in judged)
            task.branch.certain = sign not in {None, WEAK_SIGN, LITTLE_SIGN}
            task.branch.shell = task.branch.certain or (sign is not None and not listed)
            links = {row.url for row in page.rows if row.url and self._own(row.url) and not cms.is_file(row.url)}
            task.branch.bare = len(links) < _FEW_LINKS
        if first:
            task.branch.shown = page.entry_count
            task.branch.readable = True
            task.branch.says_empty = link_words().nothing_yet.search(fold(page.visible)) is not None
        elif not own and not listing.rows and not listing.requests and not page.is_known and page.body.strip():
            text = f"{page.url} answered in no form that is known"
            if number > 1 and task.branch.tally.backed and not (task.asked and task.asked.get("beyond")):
                self._problem(state, text)
            elif text not in state.doubts:
                state.doubts.append(text)  # one of several ways to ask, unless none of them worked
        # A back-end's first pages repeat what the plain page showed (Hanweb's data store holds three of them); a later
        # one without anything new ends the list.
        if task.asked is not None and task.asked.get("seen"):
            task.repeats = int(task.asked.get("seen")) < task.branch.shown and page.entry_count > 0
        goes_on = first or task.fruitful or task.asked is None or task.asked.page <= 1 or task.repeats
        annual = annual or any(verdict.decision == "follow" for _, verdict in judged)
        if self._checking and task.branch.followed:
            goes_on = False
        for plain in listing.requests if goes_on else ():
            if not annual and not plain.annual:
                continue
            request = in_reading(plain, task.asked)
            if request.dialect in {"hub", "report"}:
                yield from self._ask_list(request.url, replace(task, asked=request, depth=task.depth + 1), request)
            elif self._own(request.url) or task.outside:
                follows = replace(task, asked=request, rendered=False)
                if is_page_ahead(request):
                    task.branch.ahead.add(follows, request)
                else:
                    yield from self._ask_list(request.url, follows, request)
        yield from task.branch.ahead.ask(limits().pages_ahead, self._ask_list)
        if annual and goes_on and not self._checking:
            task.branch.later += [in_reading(request, task.asked) for request in listing.later]
        if task.rendered and task.fruitful:
            yield from self._click_on(page, task)
        if task.rendered and annual and first and task.turn == 1 and not self._checking:
            yield from self._open_parts(page, task)

    def _with_parts(
        self, judged: list[tuple[Link, LinkDecision]], state: ColumnState
    ) -> list[tuple[Link, LinkDecision]]:
        """Statistics pages tied to reports on other pages of the list; those that waited for theirs come last."""
        reports = [(row, verdict) for row, verdict in judged if verdict.decision == "follow" and verdict.reading]
        state.reports += [pair for pair in reports if pair[1].part_of is None]
        waiting, state.waiting = state.waiting, []
        tied = [(row, part_of_report(row, verdict, state.reports)) for row, verdict in [*judged, *waiting]]
        state.waiting = [(row, verdict) for row, verdict in tied if verdict.reason == "statistics_page"]
        came = [pair for pair in tied[len(judged) :] if pair[1].decision == "follow"]
        state.rows.difference_update(row.url or row.href for row, _ in came)
        return [*tied[: len(judged)], *came]

    def _follow(self, row: Link, verdict: LinkDecision, task: ListTask) -> Requests:
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

    def _may_descend(self, url: str, task: ListTask) -> bool:
        """Whether a list is near enough to its column; one that is not is remembered: it may be reached otherwise."""
        if task.depth < (2 if self._checking else limits().steps_below):
            return True
        if not self._checking:
            task.state.too_deep.add(url)
            task.branch.followed += 1  # the page is not empty: it leads on
        return False

    def _descend(self, row: Link, verdict: LinkDecision, task: ListTask) -> Requests:
        url = row.url or ""
        below = ListTask(
            task.state,
            Branch(url, promised=verdict.reason in _PROMISED),
            depth=task.depth + 1,
            # A page beside the column: whether annual reports are listed there, it has to say itself.
            annual=verdict.reason not in {"body_page", "group_page"},
            outside=not self._own(url),
            rendered=task.state.render == "always",
            label=verdict.title or row.text,
            group=verdict.reason == "group_page",
            date=row.date,
            origin=task.origin,
            year=verdict.reading.year if verdict.reading else None,
            guessed=verdict.reason not in _PROMISED,
        )
        if verdict.reason in _YEARLY:
            task.state.years.update(int(year) for year in _YEAR.findall(below.label or ""))
            if self._list_mark(url, below, ListRequest(url)) in self._asked:
                self._count(task.state, "lists/shared")  # another column of the profile reads it
        yield from self._ask_list(url, below)

    def _ask_if_named(self, page: Page, state: ColumnState) -> Requests:
        """A link to the column itself, which did not answer: a reason to ask it once more."""
        asked = ListRequest(state.url, dialect="hub")
        column = ListTask(state, Branch(state.url), asked, rendered=state.render == "always")
        if self._list_mark(state.url, column, asked) in self._unanswered and any(
            row.url == state.url for row in page.rows
        ):
            yield from self._ask_list(state.url, column, asked)

    def _deeper(self, page: Page, task: ListTask) -> Requests:
        """From a page searched for the column: on to the disclosure pages it names, and there only."""
        for row in page.rows:
            if row.url and self._own(row.url) and _DISCLOSURE.match(fold(row.text)) and not cms.is_file(row.url):
                below = ListTask(
                    task.state, Branch(row.url), depth=task.depth + 1, annual=False, label=row.text, origin=FOUND
                )
                yield from self._ask_list(row.url, below)

    def _open_parts(self, page: Page, task: ListTask) -> Requests:
        """The lists of other years that a page shows when it is asked to, by tabs or a choice without addresses.

        One after the other, as long as they bring something: a choice of years may be there for a search alone.
        """
        if task.part:
            rest, barren = task.rest, 0 if task.fruitful else task.barren + 1
        else:
            rest, barren = tuple(part_selectors(page)), 0
            if len(rest) > MAX_PARTS:
                self._problem(task.state, f"{page.url} has {len(rest)} more years, and only {MAX_PARTS} were opened")
        if rest and barren < _BARREN_PARTS:
            self._count(task.state, "lists/parts_opened")
            opened = replace(task, trail=rest[:1], part=True, rest=rest[1:MAX_PARTS], barren=barren)
            yield from self._ask_list(page.url, opened)

    def _click_on(self, page: Page, task: ListTask) -> Requests:
        """The next page of a pager that works inside the page, or what its button to load more brings."""
        # Each step is taken from the page as the steps before it left it: pagers change their shape as they go on.
        selector = next_selector(page) or number_selector(page, task.turn + 1)
        if selector and len(task.trail) >= MAX_CLICKS:
            self._problem(task.state, f"{page.url} goes on behind the {MAX_CLICKS} pages that were opened in it")
        elif selector:
            again = replace(task, trail=(*task.trail, selector))
            yield from self._ask_list(page.url, again)

    def _column_is_report(self, page: Page, response: Response, task: ListTask) -> Requests:
        """A list's address that turns out to be a report: the answer that is there is kept as one."""
        self._count(task.state, "columns/is_report")
        task.fruitful = True
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
        if task.rendered:  # drawn by other steps than a report's page is
            yield from self._ask_report(page.url, report)
        else:
            yield from self._take_as_report(response, report)

    def _column_is_file(self, response: Response, task: ListTask) -> Requests:
        """A column whose address is a file: the file is its report."""
        self._count(task.state, "columns/is_report")
        task.fruitful = True
        task.branch.followed += 1
        report = ReportTask(task.state, task.state.hint(self.portal.key), only_report=True)
        yield from self._take_as_report(response, report)

    def _beside_report(self, page: Page, task: ListTask) -> Requests:
        """From a column that is a report: on to other years and other bodies that its menu names."""
        folder = page.url.rpartition("/")[0]
        for row, verdict in judge_links(page.rows, self._context(page.url, task, annual=True)):
            beside = verdict.reason in _BESIDE or (
                verdict.reason == "body_label" and row.url is not None and row.url.rpartition("/")[0] == folder
            )
            if not row.url or not beside or verdict.decision == "skip" or not self._may_descend(row.url, task):
                continue
            self._count(task.state, f"links/{verdict.decision}/{verdict.reason}")
            if verdict.decision == "follow" and verdict.reason not in _OTHER_YEARS:
                yield from self._follow(row, verdict, task)
            else:
                yield from self._descend(row, verdict, task)
