"""From a list page that was read to what is asked for next: reports, further lists, further pages of this one."""

from __future__ import annotations

from dataclasses import replace

from crawler import cms
from crawler.capture.request import CaptureRef
from crawler.cms import Link, ListPage, ListRequest, Page
from crawler.discovery.decision import LinkDecision
from crawler.discovery.links import judge_links
from crawler.discovery.related import part_of_report
from crawler.spiders.bookkeeping.ahead import is_page_ahead
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tally import BACK_END, is_back_end
from crawler.spiders.bookkeeping.tasks import Branch, ColumnState, ListTask, ReportTask
from crawler.spiders.controls import leads_on, left_to_fill, years_of_tabs
from crawler.spiders.discoveries import Discoveries
from crawler.spiders.requests import Requests, Sent
from crawler.spiders.responses import in_reading, is_first
from crawler.spiders.script_pages import (
    EMPTY_SIGN,
    LITTLE_SIGN,
    WEAK_SIGN,
    group_selector,
    next_selector,
    number_selector,
    part_selectors,
    shell_sign,
)
from crawler.wording import REPORT_YEAR, limits, link_words
from parsers.identity.titles import fold

MAX_CLICKS = 60
MAX_PARTS = 30
_BARREN_PARTS = 3
_FEW_LINKS = 5
_YEARLY = frozenset({"year_folder", "years_folder", "year_label"})
_PROMISED = frozenset({"year_folder", "years_folder", "annual_column", "report_or_column"})
_NOT_ASKED = frozenset({"no_address", "bad_address"})
_OTHER_YEARS = frozenset({"year_folder", "years_folder", "year_label", "annual_column", "report_or_column"})
_BESIDE = _OTHER_YEARS | {"report_title", "body_folder", "body_page", "group_page", "group_folder"}


class ListLinks:
    """Follows the links of list pages."""

    def __init__(self, crawl: CrawlState, requests: Requests, discoveries: Discoveries) -> None:
        self._crawl = crawl
        self._requests = requests
        self._discoveries = discoveries

    def take(self, page: Page, listing: ListPage, task: ListTask, ref: CaptureRef | None, *, annual: bool) -> Sent:
        """Judge the links of a list page, record them, ask for what is to be followed.

        Args:
            page: the page, or a back-end's answer.
            listing: what an adapter read in it.
            task: what it was asked for.
            ref: where it lies in the archive.
            annual: whether it lists annual reports.
        """
        state = task.state
        disclosure = task.label is not None and link_words().disclosure.match(fold(task.label)) is not None
        context = replace(self._crawl.context(page.url, task, annual=annual), disclosure=disclosure)
        judged = self._with_parts(judge_links(listing.links, context), state)
        state.counts["links/passed/navigation"] += len(
            {link.url for link in listing.links} - {r.url for r, _ in judged}
        )
        fresh = self._note_fresh(judged, state)
        leads = any(decision.decision == "follow" for _, decision in judged)
        # What another list of the column named already is no news there, but it is in this one.
        own = not _reading(task).startswith(BACK_END)
        tallied = task.branch.tally.add(listing, judged, _reading(task), _number(task), own=own)
        task.fruitful = bool(tallied or fresh)
        if own and not task.part and tallied:
            task.branch.furthest = max(task.branch.furthest, _number(task))
        state.barren = 0 if leads else state.barren + 1
        for fault in listing.faults:
            self._crawl.problem(state, f"{page.url}: {fault}")
        if annual and any(decision.decision == "follow" for _, decision in fresh):
            self._discoveries.lesson_of_column(task)
        self._discoveries.record_list(page, listing, judged, task, ref)
        yield from self._follow_links(judged, task)
        if is_first(task):
            self._note_first(page, judged, task)
        elif (
            is_back_end(_reading(task))
            and not (listing.links or listing.requests or page.is_known)
            and page.body.strip()
        ):
            self._unknown_form(page, task)
        if own and (annual or leads):
            self._note_controls(page, task)
        yield from self._go_on(page, listing, task, annual=annual, leads=leads)

    def _note_controls(self, page: Page, task: ListTask) -> None:
        """What of a page leads on and has no address; whether it has an effect, where it was clicked."""
        branch = task.branch
        if task.rendered and is_first(task):
            if not task.trail:
                branch.drawn = _addresses(page)
                if branch.undrawn and (label := leads_on(page, _number(task))):
                    branch.controls[_number(task)] = label  # a pager that only the browser shows
                branch.undrawn = None
            elif task.part and _addresses(page) != branch.drawn:
                branch.moved = True
            return
        # Of other pages than the column's own only those that name reports: menus have tabs and buttons as well.
        if task.depth and not branch.reports and not branch.promised:
            return
        if label := leads_on(page, _number(task)):
            branch.controls[_number(task)] = label
        if is_first(task):
            branch.tabs = years_of_tabs(page)
            branch.undrawn = left_to_fill(page)

    def _note_fresh(
        self, judged: list[tuple[Link, LinkDecision]], state: ColumnState
    ) -> list[tuple[Link, LinkDecision]]:
        """Count the links that no list of the column named before; these are given."""
        fresh = [(link, decision) for link, decision in judged if (link.url or link.href) not in state.seen]
        for link, decision in fresh:
            state.seen.add(link.url or link.href)
            names_report = decision.reading is not None and decision.reading.kind == "annual_report"
            if decision.reading is not None and decision.reading.year and names_report:
                state.years.add(decision.reading.year)
            self._crawl.count(state, f"links/{decision.decision}/{decision.reason}")
            if decision.reason in _NOT_ASKED and names_report and decision.title and not link.menu:
                state.unreached.append(decision.title)
        return fresh

    def _follow_links(self, judged: list[tuple[Link, LinkDecision]], task: ListTask) -> Sent:
        for link, decision in judged:
            if decision.decision == "follow" and link.url:
                task.branch.followed += 1
                task.branch.reports += 1
                task.state.fruitful.add(task.branch.url)
                yield from self.follow(link, decision, task)
            elif decision.decision in {"list", "hub"} and link.url and self.may_descend(link.url, task):
                task.branch.followed += 1
                yield from self.descend(link, decision, task)

    def _note_first(self, page: Page, judged: list[tuple[Link, LinkDecision]], task: ListTask) -> None:
        """What the first page of a list says of it: whether script fills it, how many entries stand in it."""
        branch = task.branch
        if not task.rendered:
            sign = shell_sign(page)
            listed = any(not link.menu and decision.decision in {"follow", "skip"} for link, decision in judged)
            branch.certain = sign not in {None, WEAK_SIGN, LITTLE_SIGN, EMPTY_SIGN}
            if sign == EMPTY_SIGN:  # of a page that names entries it is the corner of another list
                branch.certain = not page.entry_count
            branch.shell = branch.certain or (sign is not None and not listed)
            links = {
                link.url for link in page.links if link.url and self._crawl.own(link.url) and not cms.is_file(link.url)
            }
            branch.bare = len(links) < _FEW_LINKS
        branch.shown = page.entry_count
        branch.readable = True
        branch.says_empty = link_words().nothing_yet.search(fold(page.visible)) is not None

    def _unknown_form(self, page: Page, task: ListTask) -> None:
        """A back-end's answer that nobody can read: a problem where others of its answers were read."""
        text = f"{page.url} answered in no form that is known"
        if _number(task) > 1 and task.branch.tally.backed and not (task.asked and task.asked.get("beyond")):
            self._crawl.problem(task.state, text)
        elif text not in task.state.doubts:
            task.state.doubts.append(text)  # one of several ways to ask, unless none of them worked

    def _go_on(self, page: Page, listing: ListPage, task: ListTask, *, annual: bool, leads: bool) -> Sent:
        """The further pages of a list, by its pager, by its back-end, or by a click in the page."""
        first, branch = is_first(task), task.branch
        # A back-end's first pages repeat what the plain page showed (Hanweb's data store holds three of them); a later
        # one without anything new ends the list.
        if task.asked is not None and task.asked.get("seen"):
            task.repeats = int(task.asked.get("seen")) < branch.shown and page.entry_count > 0
        goes_on = first or task.fruitful or task.asked is None or task.asked.page <= 1 or task.repeats
        annual = annual or leads
        if self._crawl.checking and branch.followed:
            goes_on = False
        for plain in listing.requests if goes_on else ():
            if annual or plain.annual:
                yield from self._ask_further(in_reading(plain, task.asked), task)
        yield from branch.ahead.ask(limits().pages_ahead, self._requests.ask_list)
        if annual and goes_on and not self._crawl.checking:
            branch.later += [in_reading(request, task.asked) for request in listing.later]
        if task.rendered and (task.fruitful or (branch.controls and not task.trail)):
            yield from self._click_on(page, task)
        if task.rendered and annual and first and task.turn == 1 and not self._crawl.checking:
            yield from self._open_parts(page, task)

    def _ask_further(self, request: ListRequest, task: ListTask) -> Sent:
        if request.dialect in {"hub", "report"}:
            below = replace(task, asked=request, depth=task.depth + 1)
            yield from self._requests.ask_list(request.url, below, request)
        elif self._crawl.own(request.url) or task.outside:
            follows = replace(task, asked=request, rendered=False)
            if is_page_ahead(request):
                task.branch.ahead.add(follows, request)
            else:
                yield from self._requests.ask_list(request.url, follows, request)

    def _with_parts(
        self, judged: list[tuple[Link, LinkDecision]], state: ColumnState
    ) -> list[tuple[Link, LinkDecision]]:
        """Statistics pages tied to reports on other pages of the list; those that waited for theirs come last."""
        reports = [(link, verdict) for link, verdict in judged if verdict.decision == "follow" and verdict.reading]
        state.reports += [pair for pair in reports if pair[1].part_of is None]
        waiting, state.waiting = state.waiting, []
        tied = [(link, part_of_report(link, verdict, state.reports)) for link, verdict in [*judged, *waiting]]
        state.waiting = [(link, verdict) for link, verdict in tied if verdict.reason == "statistics_page"]
        came = [pair for pair in tied[len(judged) :] if pair[1].decision == "follow"]
        state.seen.difference_update(link.url or link.href for link, _ in came)
        return [*tied[: len(judged)], *came]

    def follow(self, link: Link, verdict: LinkDecision, task: ListTask) -> Sent:
        """The request for the report that a link leads to."""
        url = link.url or ""
        hint = task.state.hint(self._crawl.portal.key).model_copy(
            update={
                "list_title": verdict.title or link.title or link.text,
                "list_date": link.date,
                "year": verdict.reading.year if verdict.reading else None,
                "twin_of": verdict.twin_of,
                "part_of": verdict.part_of,
            }
        )
        outside = not self._crawl.own(url)
        report = ReportTask(
            task.state, hint, verdict.title, depth=task.depth + 1, outside=outside, attachments=link.attachments
        )
        purpose = "attachment" if verdict.part_of else "report"
        yield from self._requests.ask_report(url, report, purpose=purpose)

    def may_descend(self, url: str, task: ListTask) -> bool:
        """Whether a list is near enough to its column; one that is not is remembered: it may be reached otherwise."""
        if task.depth < (2 if self._crawl.checking else limits().steps_below):
            return True
        if not self._crawl.checking:
            task.state.too_deep.add(url)
            task.branch.followed += 1  # the page is not empty: it leads on
        return False

    def descend(self, link: Link, verdict: LinkDecision, task: ListTask) -> Sent:
        """The request for the list that a link leads to."""
        url = link.url or ""
        year = verdict.reading.year if verdict.reading else None
        below = ListTask(
            task.state,
            Branch(url, promised=verdict.reason in _PROMISED),
            depth=task.depth + 1,
            # A page beside the column: whether annual reports are listed there, it has to say itself.
            annual=verdict.reason not in {"body_page", "group_page"},
            outside=not self._crawl.own(url),
            rendered=task.state.render == "always",
            label=verdict.title or link.text,
            group=verdict.reason == "group_page",
            date=link.date,
            origin=task.origin,
            year=year,
            guessed=verdict.reason not in _PROMISED,
            hub=(task.hub or task.branch.url) if year or verdict.reason in _YEARLY else None,
        )
        if verdict.reason in _YEARLY:
            task.state.years.update(int(year) for year in REPORT_YEAR.findall(below.label or ""))
            if self._requests.list_mark(url, below, ListRequest(url)) in self._crawl.asked:
                self._crawl.count(task.state, "lists/shared")  # another column of the profile reads it
        yield from self._requests.ask_list(url, below)

    def beside_report(self, page: Page, task: ListTask) -> Sent:
        """From a column that is a report: on to other years and other bodies that its menu names."""
        folder = page.url.rpartition("/")[0]
        for link, verdict in judge_links(page.links, self._crawl.context(page.url, task, annual=True)):
            beside = verdict.reason in _BESIDE or (
                verdict.reason == "body_label" and link.url is not None and link.url.rpartition("/")[0] == folder
            )
            if not link.url or not beside or verdict.decision == "skip" or not self.may_descend(link.url, task):
                continue
            self._crawl.count(task.state, f"links/{verdict.decision}/{verdict.reason}")
            if verdict.decision == "follow" and verdict.reason not in _OTHER_YEARS:
                yield from self.follow(link, verdict, task)
            else:
                yield from self.descend(link, verdict, task)

    def _click_on(self, page: Page, task: ListTask) -> Sent:
        """The next page of a pager that works inside the page, or what its button to load more brings."""
        # Each step is taken from the page as the steps before it left it: pagers change their shape as they go on.
        following = number_selector(page, task.turn + 1) or group_selector(page, task.turn)
        selector = next_selector(page) or following
        if selector and len(task.trail) >= MAX_CLICKS:
            self._crawl.problem(task.state, f"{page.url} goes on behind the {MAX_CLICKS} pages that were opened in it")
        elif selector:
            again = replace(task, trail=(*task.trail, selector))
            yield from self._requests.ask_list(page.url, again)

    def _open_parts(self, page: Page, task: ListTask) -> Sent:
        """The lists of other years that a page shows when it is asked to, by tabs or a choice without addresses.

        One after the other, as long as they bring something: a choice of years may be there for a search alone.
        """
        if task.part:
            rest, barren = task.rest, 0 if task.fruitful else task.barren + 1
        else:
            rest, barren = tuple(part_selectors(page)), 0
            if len(rest) > MAX_PARTS:
                self._crawl.problem(
                    task.state, f"{page.url} has {len(rest)} more years, and only {MAX_PARTS} were opened"
                )
        # Tabs that do turn are opened for as long as years are missing: there are years without a report.
        turns = task.branch.moved and any(year not in task.state.years for year in task.branch.tabs.values())
        if rest and (barren < _BARREN_PARTS or turns):
            self._crawl.count(task.state, "lists/parts_opened")
            opened = replace(task, trail=rest[:1], part=True, rest=rest[1:MAX_PARTS], barren=barren)
            yield from self._requests.ask_list(page.url, opened)


def _addresses(page: Page) -> frozenset[str]:
    """Everything that a page leads to: tabs that show another list change it."""
    return frozenset(link.url for link in page.links if link.url)


def _number(task: ListTask) -> int:
    """Which page of its list a task asked for, from 1."""
    return task.asked.page if task.asked and task.asked.dialect not in {"hub", "report"} else task.turn


def _reading(task: ListTask) -> str:
    """Which reading of its list a task belongs to: its own pages, a part of them, or a back-end."""
    if task.asked:
        return task.asked.reading
    return task.trail[0] if task.part else ""
