"""How list requests end: nothing more under way, a missing page, a refusal, a column that came to nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.spiders.answers import why
from crawler.spiders.base import Requests
from crawler.spiders.reports import ReportPages
from crawler.spiders.search import namesakes, parents
from crawler.spiders.tasks import FOUND, Branch, ColumnState, ListTask

if TYPE_CHECKING:
    from twisted.python.failure import Failure

# What a server says to a request that it does not take: no protection product is known by it.
_UNKNOWN_REFUSALS = frozenset({"http_403", "http_405"})


class Endings(ReportPages):
    """What follows when an answer brought nothing, or was the last."""

    def _done(self, task: ListTask, *, fruitful: bool) -> Requests:
        """Count a list request as over; see whether its group, its branch or its column came to nothing."""
        state, branch = task.state, task.branch
        state.pending -= 1
        branch.pending -= 1
        group = branch.groups.get(task.asked.group) if task.asked and task.asked.group else None
        if group is not None:
            group.pending -= 1
            group.fruitful |= fruitful
            if group.pending == 0:
                # Names that nobody promised: pages are missing only where others of the same naming are there.
                (state.problems if group.fruitful else state.doubts).extend(group.missing)
            if group.pending == 0 and not group.fruitful:
                for request in group.otherwise:
                    yield from self._ask_list(request.url, replace(task, asked=request), request)
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
        yearly = state.column is not None and "{year}" in state.column.url
        if state.pending == 0 and not state.found and not state.searched and not yearly:
            yield from self._search(state)

    def _missing(self, response: Response, task: ListTask) -> None:
        if task.asked is not None and task.asked.tentative:
            self._count(task.state, "lists/not_there")
            return
        self._count(task.state, "lists/missing")
        if task.origin != FOUND and not task.depth:
            text = f"{response.url} is missing ({response.status})"
            group = task.branch.groups.get(task.asked.group) if task.asked and task.asked.group else None
            if group is not None and task.asked and task.asked.otherwise:
                group.missing.append(text)
            else:
                self._problem(task.state, text)

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
        self._problem(task.state, text)

    def failed_list(self, failure: Failure) -> Requests:
        """A list page that gave no answer."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        task: ListTask = request.cb_kwargs["task"]
        refused = isinstance(failure.value, IgnoreRequest)
        self._count(task.state, "lists/refused" if refused else "lists/failed")
        # Nobody promised a tentative page, but no answer at all may hide the rest of a list: that is said.
        if not refused or not (task.asked and task.asked.tentative):
            self._problem(task.state, why(request, failure))
        yield from self._done(task, fruitful=False)

    def _search(self, state: ColumnState) -> Requests:
        """Look for the column from its parents: pages named in the profile, its directories upwards, the home page."""
        state.searched = True
        self._count(state, "columns/searched")
        for url in namesakes(state) if not state.lists.isdisjoint({state.url}) and state.pending == 0 else ():
            yield from self._ask_list(url, ListTask(state, Branch(url), origin=FOUND))
        for url in parents(state):
            branch = Branch(url)
            yield from self._ask_list(url, ListTask(state, branch, annual=False, depth=0, origin=FOUND))
