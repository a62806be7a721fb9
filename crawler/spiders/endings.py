"""How list requests end: nothing more under way, a missing page, a refusal, a column that came to nothing."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.cms import ListRequest
from crawler.discovery.wording import limits
from crawler.forwarding import is_home
from crawler.spiders.ahead import is_page_ahead
from crawler.spiders.answers import identity, in_reading, is_first, said_blank, said_missing, why
from crawler.spiders.base import Requests
from crawler.spiders.later import BUSY, is_passing
from crawler.spiders.reports import ReportPages
from crawler.spiders.search import namesakes, parents
from crawler.spiders.tally import BACK_END
from crawler.spiders.tasks import FOUND, Branch, ColumnState, ListTask

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_CRUMBS = 4
FIND_DEPTH = 3
_YEAR_IN_PATH = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")
# What a server says to a request that it does not take: no protection product is known by it.
_UNKNOWN_REFUSALS = frozenset({"http_403", "http_405"})


class Endings(ReportPages):
    """What follows when an answer brought nothing, or was the last."""

    def _done(self, task: ListTask, *, fruitful: bool) -> Requests:
        """Count a list request as over; see whether its group, its branch or its column came to nothing."""
        state, branch = task.state, task.branch
        state.pending -= 1
        branch.pending -= 1
        branch.asks_back_end |= task.asked is not None and task.asked.reading.startswith(BACK_END)
        if fruitful and task.asked and is_page_ahead(task.asked):
            branch.ahead.unproven = 0
            yield from branch.ahead.ask(limits().pages_ahead, self._ask_list)
        if branch.pending == 0:
            self._leave_ahead(task)
        group = branch.groups.get(task.asked.group) if task.asked and task.asked.group else None
        if group is not None:
            group.pending -= 1
            group.fruitful |= fruitful
            # Names that nobody promised: pages are missing only where others of the same naming are there; where none
            # is, what the list states tells what is missing.
            if group.pending == 0 and (group.fruitful or not (task.asked and task.asked.get("rule"))):
                (state.problems if group.fruitful else state.doubts).extend(group.missing)
                group.missing.clear()
            if group.pending == 0 and not group.fruitful:
                for request in group.otherwise:
                    other = in_reading(request, None)
                    yield from self._ask_list(request.url, replace(task, asked=other), other)
        if fruitful and task.asked and task.asked.get("rule"):
            # A naming that led to a page is the list's: of the others none is tried.
            branch.later = [request for request in branch.later if request.get("rule") == task.asked.get("rule")]
            branch.named = True
        if not fruitful and task.asked and task.asked.get("end") == "low":
            branch.counted_up = True
        while branch.pending == 0 and branch.later and self._calls_for_guess(branch):
            turn = branch.later[0].turn
            of_turn = [request for request in branch.later if request.turn == turn]
            branch.later = [request for request in branch.later if request.turn != turn]
            for request in of_turn:
                if self._own(request.url) or task.outside:
                    guess = replace(task, asked=request, rendered=False)
                    yield from self._ask_list(request.url, guess, request)
        # A page that says itself that it is filled by script is rendered though its menu led somewhere.
        nothing = branch.reports == 0 if branch.certain else branch.followed == 0
        nothing = nothing and branch.url not in state.fruitful
        # A home page that a back-end draws has no link by which the column could be found.
        drawn = task.annual or (task.origin == FOUND and branch.bare)
        if branch.pending == 0 and nothing and drawn and not branch.rendered:
            branch.rendered = True
            if branch.shell and state.render == "auto" and task.depth <= 1 and not task.rendered:
                self._count(state, "columns/rendered")
                first = replace(task, asked=None, rendered=True, trail=())
                first.branch.shell = False
                yield from self._ask_list(branch.url, first)
        if branch.pending == 0 and task.rendered and branch.reports and state.render == "auto":
            self.session.learned(
                {"kind": "needs_browser", "site": state.site.host, "column": branch.url, "patch": {"render": "always"}}
            )
        if branch.pending == 0:
            self._weigh(task)
        yield from self._look_further(state)

    def _leave_ahead(self, task: ListTask) -> None:
        """Leave the pages of a list that are still to be asked for, where those before them brought nothing new."""
        state, branch = task.state, task.branch
        if not branch.ahead.waiting:
            return
        self._count(state, "lists/beyond_limit")
        left = branch.ahead.leave()
        if left and not branch.tally.shortage(branch.url):  # else that is said
            first = min(left, key=lambda request: request.page)
            self._problem(
                state,
                f"{branch.url} names {len(left)} more pages, from {first.url} on, that were not asked for: "
                f"the {limits().pages_ahead} before them brought nothing new",
            )

    def _calls_for_guess(self, branch: Branch) -> bool:
        """Whether the next guess is to be asked for: something is missing, or nothing says that nothing is.

        Where pages are named by a rule, but not from its first number on, they end with a number more.
        """
        stated = any(reading.stated is not None for reading in branch.tally.readings.values())
        ends = branch.later[0].get("end") == "high" and branch.named and branch.counted_up and not stated
        return ends or self._is_short(branch)

    def _is_short(self, branch: Branch) -> bool:
        """Whether guesses are called for: less was read than is stated, or the back-end gave nothing at all."""
        asked_back_end = any(name.startswith(BACK_END) for name in branch.tally.readings)
        return branch.tally.shortage(branch.url) is not None or (asked_back_end and not branch.tally.backed)

    def _weigh(self, task: ListTask) -> None:
        """A list has ended: what it states beside what was read, and whether anything could be read."""
        state, branch = task.state, task.branch
        short = None if self._checking else branch.tally.shortage(branch.url)
        if short is None:
            state.short.pop(branch.url, None)
        elif state.short.get(branch.url) != short:
            state.short[branch.url] = short
            logging.getLogger(__name__).warning("%s: %s", state.url, short)
        if branch.asks_back_end and not branch.tally.backed:
            state.unbacked.add(branch.url)
        else:
            state.unbacked.discard(branch.url)
        nothing = not branch.followed and not any(reading.answers for reading in branch.tally.readings.values())
        if branch.promised and branch.readable and nothing and not branch.says_empty:
            self._problem(state, f"{branch.url} lists nothing that could be read")

    def _missing(self, response: Response, task: ListTask) -> None:
        passing = is_passing(response.status)
        what = f"did not answer ({response.status})" if passing else said_missing(response)
        text = f"{response.url} {what}"
        if task.asked is not None and task.asked.tentative:
            if response.status in BUSY:  # the rest of a list may be behind it
                self._problem(task.state, text)
            elif passing and text not in task.state.doubts:
                task.state.doubts.append(text)
            self._count(task.state, "lists/not_there")
            return
        self._count(task.state, "lists/unanswered" if passing else "lists/missing")
        if passing:
            self._unanswered.add(self._list_mark(response.url, task, task.asked or ListRequest(response.url)))
        if task.origin != FOUND and not task.guessed:
            if is_first(task):
                task.state.nothing = "unanswered" if passing else "missing"
            group = task.branch.groups.get(task.asked.group) if task.asked and task.asked.group else None
            if group is not None:
                group.missing.append(text)
            else:
                self._problem(task.state, text)
        elif passing:
            self._problem(task.state, text)

    def _without_content(self, response: Response, task: ListTask) -> None:
        """An answer with a good status and not a byte that says anything: neither a list nor an empty one."""
        state, asked = task.state, task.asked
        self._count(state, "lists/without_content")
        text = f"{response.url} {said_blank(response)}"
        guessed = asked is not None and asked.tentative and not (asked.page > 1 and task.branch.tally.backed)
        if asked is not None and asked.get("beyond"):
            return  # behind what may be the last page
        if guessed or task.origin == FOUND or task.guessed:
            if text not in state.doubts:
                state.doubts.append(text)
            return
        if is_first(task) and not task.depth:
            state.nothing = "unanswered"
        self._problem(state, text)

    def _refused(self, response: Response, task: ListTask, signature: str) -> None:
        """A list request that was refused."""
        self._count(task.state, f"blocked/{signature}")
        text = f"{response.url} is blocked by {signature}"
        if task.asked is not None and task.asked.tentative and signature in _UNKNOWN_REFUSALS:
            # One of several ways to ask a back-end (POST, then GET): it matters only when none of them worked.
            method = task.asked.method
            text = f"{method} {response.url} is refused ({response.status})"
            if text not in task.state.doubts:
                task.state.doubts.append(text)
            return
        if is_first(task) and not task.depth and task.origin != FOUND:
            task.state.nothing = "blocked"
        self._problem(task.state, text)

    def failed_list(self, failure: Failure) -> Requests:
        """A list page that gave no answer."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        task: ListTask = request.cb_kwargs["task"]
        if self._put_off_failure(failure):
            yield from self._over(task)
            return
        if task.cut is not None:
            yield from self._read_cut(task.cut, task)
            yield from self._done(task, fruitful=task.fruitful or task.repeats)
            yield from self._over(task)
            return
        refused = isinstance(failure.value, IgnoreRequest)
        self._count(task.state, "lists/refused" if refused else "lists/failed")
        # Nobody promised a tentative page, but no answer at all may hide the rest of a list: that is said.
        if not refused or not (task.asked and task.asked.tentative):
            self._problem(task.state, why(request, failure))
        if is_first(task) and not task.depth and task.origin != FOUND:
            task.state.nothing = "refused" if refused else "unanswered"
        self._unanswered.add(self._list_mark(request.url, task, task.asked or ListRequest(request.url)))
        yield from self._done(task, fruitful=False)
        for other in self._end_shared(task, None):
            self._problem(other.state, why(request, failure))
            yield from self._done(other, fruitful=False)
            yield from self._over(other)
        yield from self._over(task)

    def _look_further(self, state: ColumnState) -> Requests:
        """When all of a column is read: look above it by its breadcrumb, then in its directories and on the home page.

        A column that is well is left at that: one that is missing, empty, or lost its newest year is looked for.
        """
        column = state.column
        if state.pending or state.searched > 1 or (column is not None and "{year}" in column.url):
            return
        hub = column is not None and column.year_hub
        if state.searched < 1 and (hub or self._is_wanting(state)):
            state.searched = 1
            # In a column that is well the steps above are looked at for columns of other years, and nothing further.
            depth = 0 if self._is_wanting(state) else FIND_DEPTH
            asked = False
            for url in filter(self._own, state.crumbs[:_CRUMBS]):
                above = ListTask(state, Branch(url), annual=False, depth=depth, origin=FOUND)
                for request in self._ask_list(url, above):
                    asked = True
                    yield request
            if asked:
                return
        if self._is_wanting(state):
            yield from self._search(state)

    def _is_wanting(self, state: ColumnState) -> bool:
        """Whether a column is missing or empty, or its newest year is not where it was."""
        column = state.column
        if not state.found:
            return True
        if column is None or self._checking or self._sample or self._year:
            return False
        known = [report.hints for report in self.session.plan.known if report.hints.get("site") == state.site.host]
        years = [hints["year"] for hints in known if hints.get("column") == state.url and hints.get("year")]
        if years and max(years) > max(state.years, default=0):
            return True
        if not column.year_hub and not _YEAR_IN_PATH.search(urlsplit(column.url).path):
            return False
        # A column that is renamed every year: looked for until this year's is there, and where nothing is known yet.
        return self.session.clock.year - 1 not in state.years or (not known and not state.crumbs)

    def look_for_yearly(self) -> Requests:
        """A column with an address for every year of which none is there: it is looked for from the newest."""
        for states in self._by_column():
            newest = states[-1]
            if len(states) > 1 and not newest.searched and not any(state.found or state.problems for state in states):
                yield from self._search(newest)

    def name_empty(self) -> None:
        """At the end: a column in which nothing was found, and of which nothing was said yet, is a problem."""
        if self._checking or self.session.plan.as_of is not None:
            return
        for states in self._by_column():
            if any(state.found or state.failures for state in states):
                continue
            if self._year and any(state.counts["links/skip/other_year"] for state in states):
                continue
            urls = {state.url for state in states}
            before = sum(report.hints.get("column") in urls for report in self.session.plan.known)
            where = states[-1].column.url if states[-1].column else states[-1].url
            stood = f"; {before} stood there before" if before else ""
            self._problem(states[-1], f"{where} is empty: no annual report was found in it{stood}")

    def name_too_deep(self) -> None:
        """At the end: lists that no shorter way led to, and that nobody asked for."""
        asked = {mark[2] for mark in self._asked}
        for state in self.columns:
            if left := sorted(state.too_deep - asked):
                state.counts["lists/beyond_limit"] += len(left)
                steps = limits().steps_below
                text = f"lists more than {steps} steps below {state.url} were not asked for: {len(left)}, as {left[0]}"
                self._problem(state, text)

    def name_silent_back_ends(self) -> None:
        """At the end: lists whose back-ends gave nothing, where reports that were listed before are not any more."""
        if self._checking or self._sample or self._year or self.session.plan.as_of is not None:
            return
        for state in self.columns:
            listed = {identity(url) for url in state.rows}
            of_column = [known for known in self.session.plan.known if known.hints.get("column") == state.url]
            lost = [known for known in of_column if known.purpose == "report" and identity(known.url) not in listed]
            if state.unbacked and lost and state.found:  # else it is named as empty
                where = min(state.unbacked)
                many = f"{len(lost)} reports that earlier crawls found stand in no list now, as {lost[0].url}"
                self._problem(state, f"the back-end of {where} gave no entry this time; {many}")

    def _by_column(self) -> list[list[ColumnState]]:
        """The columns of the profile with the addresses of each, oldest year first."""
        columns: dict[tuple[str, str], list[ColumnState]] = {}
        for state in self.columns:
            name = state.column.url if state.column else state.url
            columns.setdefault((state.site.host, name), []).append(state)
        return list(columns.values())

    def _search(self, state: ColumnState) -> Requests:
        """Look for the column from its parents: pages named in the profile, its directories upwards, the home page."""
        state.searched = 2
        self._count(state, "columns/searched")
        asked = state.url in state.lists and state.pending == 0
        for url in namesakes(state) if asked and not state.found else ():
            yield from self._ask_list(url, ListTask(state, Branch(url), origin=FOUND))
        for url in parents(state):
            if self._seldom(url) and not is_home(url):
                continue
            branch = Branch(url)
            yield from self._ask_list(url, ListTask(state, branch, annual=False, depth=0, origin=FOUND))

    # -- answered by the lists --------------------------------------------------------------------------------------

    def _read_cut(self, response: Response, task: ListTask) -> Requests:
        """What came of a list page that was cut off."""
        raise NotImplementedError
