"""How list requests end: nothing more under way, a missing page, a refusal, a list that came to nothing."""

from __future__ import annotations

import logging
from dataclasses import replace

from scrapy.http import Response

from crawler.cms import ListRequest
from crawler.spiders.bookkeeping.ahead import is_page_ahead
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tally import is_back_end
from crawler.spiders.bookkeeping.tasks import FOUND, Branch, ListTask
from crawler.spiders.columns import ColumnSearch
from crawler.spiders.later import BUSY, is_passing
from crawler.spiders.requests import Requests, Sent
from crawler.spiders.responses import in_reading, is_first, named, said_blank, said_missing
from crawler.wording import limits

# What a server says to a request that it does not take: no protection product is known by it.
_UNKNOWN_REFUSALS = frozenset({"http_403", "http_405"})


class ListEnds:
    """What follows when an answer brought nothing, or was the last."""

    def __init__(self, crawl: CrawlState, requests: Requests, search: ColumnSearch) -> None:
        self._crawl = crawl
        self._requests = requests
        self._search = search

    def done(self, task: ListTask, *, fruitful: bool) -> Sent:
        """Count a list request as over; see whether its group, its branch or its column came to nothing.

        Args:
            task: what the request was for.
            fruitful: it brought something new, or what shows that its back-end works.
        """
        state, branch = task.state, task.branch
        state.pending -= 1
        branch.pending -= 1
        branch.asks_back_end |= task.asked is not None and is_back_end(task.asked.reading)
        if fruitful and task.asked and is_page_ahead(task.asked):
            branch.ahead.unproven = 0
            yield from branch.ahead.ask(limits().pages_ahead, self._requests.ask_list)
        if branch.pending == 0:
            self._leave_ahead(task)
        yield from self._end_of_group(task, fruitful=fruitful)
        self._learn_naming(task, fruitful=fruitful)
        yield from self._ask_guesses(task)
        yield from self._render_instead(task)
        if branch.pending == 0 and task.rendered and branch.reports and state.render == "auto":
            self._crawl.session.learned(
                {"kind": "needs_browser", "site": state.site.host, "column": branch.url, "patch": {"render": "always"}}
            )
        if branch.pending == 0:
            self._weigh(task)
        yield from self._search.look_further(state)

    def _end_of_group(self, task: ListTask, *, fruitful: bool) -> Sent:
        """Where no request of a group brought anything, what is to be tried otherwise."""
        group = task.branch.groups.get(task.asked.group) if task.asked and task.asked.group else None
        if group is None:
            return
        group.pending -= 1
        group.fruitful |= fruitful
        if group.pending:
            return
        # Names that nobody promised: pages are missing only where others of the same naming are there; where none is,
        # what the list states tells what is missing.
        if group.fruitful or not (task.asked and task.asked.get("rule")):
            said = task.state.problems if group.fruitful else task.state.doubts
            said.extend(group.missing)
            group.missing.clear()
        if not group.fruitful:
            for request in group.otherwise:
                other = in_reading(request, None)
                yield from self._requests.ask_list(request.url, replace(task, asked=other), other)

    @staticmethod
    def _learn_naming(task: ListTask, *, fruitful: bool) -> None:
        """What a page that was asked for by a guessed name says of the other guesses."""
        branch, asked = task.branch, task.asked
        if asked is None:
            return
        if fruitful and asked.get("rule"):
            # A naming that led to a page is the list's: of the others none is tried.
            branch.later = [request for request in branch.later if request.get("rule") == asked.get("rule")]
            branch.named = True
        if not fruitful and asked.get("end") == "low":
            branch.counted_up = True

    def _ask_guesses(self, task: ListTask) -> Sent:
        """The guesses of the next turn, where nothing of the list is under way and something of it may be missing."""
        branch = task.branch
        while branch.pending == 0 and branch.later and self._calls_for_guess(branch):
            turn = branch.later[0].turn
            of_turn = [request for request in branch.later if request.turn == turn]
            branch.later = [request for request in branch.later if request.turn != turn]
            for request in of_turn:
                if self._crawl.own(request.url) or task.outside:
                    guess = replace(task, asked=request, rendered=False)
                    yield from self._requests.ask_list(request.url, guess, request)

    def _render_instead(self, task: ListTask) -> Sent:
        """The list's first page in the browser, where script fills it and the plain one led to nothing."""
        state, branch = task.state, task.branch
        if branch.pending or branch.rendered:
            return
        # A page that says itself that it is filled by script is rendered though its menu led somewhere.
        nothing = branch.reports == 0 if branch.certain else branch.followed == 0
        nothing = nothing and branch.url not in state.fruitful
        # A home page that a back-end draws has no link by which the column could be found.
        drawn = task.annual or (task.origin == FOUND and branch.bare)
        goes_on = task.annual and branch.unoperated(state.years) is not None
        if not goes_on and (not nothing or not drawn):
            return
        branch.rendered = True
        shell = branch.shell and task.depth <= 1
        if (shell or goes_on) and state.render == "auto" and not task.rendered and not self._crawl.checking:
            self._crawl.count(state, "columns/rendered")
            first = replace(task, asked=None, rendered=True, trail=())
            first.branch.shell = False
            yield from self._requests.ask_list(branch.url, first)

    def _leave_ahead(self, task: ListTask) -> None:
        """Leave the pages of a list that are still to be asked for, where those before them brought nothing new."""
        state, branch = task.state, task.branch
        if not branch.ahead.waiting:
            return
        self._crawl.count(state, "lists/beyond_limit")
        left = branch.ahead.leave()
        if left and not branch.tally.shortage(branch.url):  # else that is said
            first = min(left, key=lambda request: request.page)
            self._crawl.problem(
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
        silent = branch.tally.asked_back_end and not branch.tally.backed
        return branch.tally.shortage(branch.url) is not None or silent

    def _weigh(self, task: ListTask) -> None:
        """A list has ended: what it states beside what was read, and whether anything could be read."""
        state, branch = task.state, task.branch
        short = None if self._crawl.checking else branch.tally.shortage(branch.url)
        if short is None:
            state.short.pop(branch.url, None)
        elif state.short.get(branch.url) != short:
            state.short[branch.url] = short
            logging.getLogger(__name__).warning("%s: %s", state.url, short)
        unread = None if self._crawl.checking else branch.unoperated(state.years)
        if unread is None:
            state.unoperated.pop(branch.url, None)
        elif state.unoperated.get(branch.url) != unread:
            state.unoperated[branch.url] = unread
            logging.getLogger(__name__).warning("%s: %s goes on unread: %s", state.url, branch.url, unread)
        if branch.asks_back_end and not branch.tally.backed:
            state.unbacked.add(branch.url)
        else:
            state.unbacked.discard(branch.url)
        nothing = not branch.followed and not any(reading.answers for reading in branch.tally.readings.values())
        if branch.promised and branch.readable and nothing and not branch.says_empty:
            self._crawl.problem(state, f"{branch.url} lists nothing that could be read")

    def missing(self, response: Response, task: ListTask) -> None:
        """A list page that is not there, or a server that gives no answer now."""
        passing = is_passing(response.status)
        what = f"did not answer ({response.status})" if passing else said_missing(response)
        text = f"{named(response)} {what}"
        if task.asked is not None and task.asked.tentative:
            if response.status in BUSY:  # the rest of a list may be behind it
                self._crawl.problem(task.state, text)
            elif passing and text not in task.state.doubts:
                task.state.doubts.append(text)
            self._crawl.count(task.state, "lists/not_there")
            return
        self._crawl.count(task.state, "lists/unanswered" if passing else "lists/missing")
        if passing:
            self._crawl.unanswered.add(
                self._requests.list_mark(response.url, task, task.asked or ListRequest(response.url))
            )
        if task.origin != FOUND and not task.guessed:
            if is_first(task):
                task.state.nothing = "unanswered" if passing else "missing"
            group = task.branch.groups.get(task.asked.group) if task.asked and task.asked.group else None
            if group is not None:
                group.missing.append(text)
            else:
                self._crawl.problem(task.state, text)
        elif passing:
            self._crawl.problem(task.state, text)

    def without_content(self, response: Response, task: ListTask) -> None:
        """An answer with a good status and not a byte that says anything: neither a list nor an empty one."""
        state, asked = task.state, task.asked
        self._crawl.count(state, "lists/without_content")
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
        self._crawl.problem(state, text)

    def refused(self, response: Response, task: ListTask, signature: str) -> None:
        """A list request that was refused."""
        self._crawl.count(task.state, f"blocked/{signature}")
        text = f"{named(response)} is blocked by {signature}"
        if task.asked is not None and task.asked.tentative and signature in _UNKNOWN_REFUSALS:
            # One of several ways to ask a back-end (POST, then GET): it matters only when none of them worked.
            method = task.asked.method
            text = f"{method} {response.url} is refused ({response.status})"
            if text not in task.state.doubts:
                task.state.doubts.append(text)
            return
        if is_first(task) and not task.depth and task.origin != FOUND:
            task.state.nothing = "blocked"
        self._crawl.problem(task.state, text)
