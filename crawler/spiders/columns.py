"""Where a column is looked for when it is missing, empty or renamed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.forwarding import is_home
from crawler.joining import joined
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tasks import FOUND, Branch, ColumnState, ListTask
from crawler.spiders.requests import Requests, Sent
from crawler.wording import REPORT_YEAR

_CRUMBS = 4
FIND_DEPTH = 3


class ColumnSearch:
    """Looks for columns that are not where the profile says."""

    def __init__(self, crawl: CrawlState, requests: Requests) -> None:
        self._crawl = crawl
        self._requests = requests

    def look_further(self, state: ColumnState) -> Sent:
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
            for url in filter(self._crawl.own, state.crumbs[:_CRUMBS]):
                above = ListTask(state, Branch(url), annual=False, depth=depth, origin=FOUND)
                for request in self._requests.ask_list(url, above):
                    asked = True
                    yield request
            if asked:
                return
        if self._is_wanting(state):
            yield from self.search(state)

    def _is_wanting(self, state: ColumnState) -> bool:
        """Whether a column is missing or empty, or its newest year is not where it was."""
        column = state.column
        if not state.found:
            return True
        if column is None or self._crawl.checking or self._crawl.sample or self._crawl.year:
            return False
        known = [
            report.hints for report in self._crawl.session.plan.known if report.hints.get("site") == state.site.host
        ]
        years = [hints["year"] for hints in known if hints.get("column") == state.url and hints.get("year")]
        if years and max(years) > max(state.years, default=0):
            return True
        if not column.year_hub and not REPORT_YEAR.search(urlsplit(column.url).path):
            return False
        # A column that is renamed every year: looked for until this year's is there, and where nothing is known yet.
        return self._crawl.session.clock.year - 1 not in state.years or (not known and not state.crumbs)

    def look_for_yearly(self) -> Sent:
        """A column with an address for every year of which none is there: it is looked for from the newest."""
        for states in self._crawl.by_column():
            newest = states[-1]
            if len(states) > 1 and not newest.searched and not any(state.found or state.problems for state in states):
                yield from self.search(newest)

    def search(self, state: ColumnState) -> Sent:
        """Look for the column from its parents: pages named in the profile, its directories upwards, the home page."""
        state.searched = 2
        self._crawl.count(state, "columns/searched")
        asked = state.url in state.lists and state.pending == 0
        for url in other_addresses(state) if asked and not state.found else ():
            yield from self._requests.ask_list(url, ListTask(state, Branch(url), origin=FOUND))
        for url in pages_above(state):
            if self._crawl.seldom(url) and not is_home(url):
                continue
            branch = Branch(url)
            yield from self._requests.ask_list(url, ListTask(state, branch, annual=False, depth=0, origin=FOUND))


def pages_above(state: ColumnState) -> list[str]:
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
    unique = list(dict.fromkeys(joined(state.url, url) for url in urls))
    return [*unique[:4], *(url for url in unique[4:] if is_home(url))][:6]


def other_addresses(state: ColumnState) -> list[str]:
    """The column under the site's other name, with or without ``www.``."""
    if state.column is None or state.column.is_report:
        return []
    parts = urlsplit(state.url)
    host = parts.hostname or ""
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    return [state.url.replace(f"//{host}", f"//{other}", 1)] if other in state.site.own_hosts() else []
