"""What pages said, as it is archived: the links of lists with what was decided, and lessons for the profile."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from archive.metadata import Candidate, DiscoveryMetadata
from crawler.capture.request import CaptureRef
from crawler.cms import Link, ListPage, Page
from crawler.discovery.decision import LinkDecision
from crawler.discovery.pages import JudgedPage
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tasks import FOUND, ColumnState, ListTask, ReportTask
from crawler.spiders.responses import candidate_of, sorted_address

# The foot of every page has to print it.
_SITE_CODE = re.compile(r"网站标识码[:：]?(\d{10}|bm\d{8})")


class Discoveries:
    """Writes down what pages said, for the archive and for the profile."""

    def __init__(self, crawl: CrawlState) -> None:
        self._crawl = crawl

    def record_list(
        self,
        page: Page,
        listing: ListPage,
        judged: list[tuple[Link, LinkDecision]],
        task: ListTask,
        ref: CaptureRef | None,
    ) -> None:
        """Archive the links of a list page with what was decided about each, and what the page states.

        Args:
            page: the page.
            listing: what an adapter read in it.
            judged: its links and the decisions.
            task: what it was asked for.
            ref: where its answer lies.
        """
        self.record(
            task.state,
            page,
            capture=ref.record_id if ref else None,
            page=task.asked.page if task.asked else task.turn,
            pages=listing.pages,
            stated_total=listing.stated_total,
            cms=listing.adapter,
            cms_reason=f"{listing.reason} ({listing.score:.2f})",
            rendered=task.rendered,
            candidates=[candidate_of(link, verdict) for link, verdict in judged],
        )

    def record(self, state: ColumnState, on: Page, /, **facts: Any) -> None:
        """Archive what a page offered (`DiscoveryMetadata`)."""
        self._crawl.session.recorder.keep_discovery(
            DiscoveryMetadata(
                crawl=self._crawl.session.crawl,
                portal=self._crawl.portal.key,
                site=state.site.host,
                column=state.url,
                list_url=on.url,
                **facts,
            )
        )

    def lesson_of_column(self, task: ListTask) -> None:
        """Reports stand in a list that the profile does not name: found again from the column's parents."""
        state = task.state
        known = {_place(column.url) for column in state.site.columns}
        column = task.hub or task.branch.url  # a folder of years is no column: the list that names it is
        if task.origin == FOUND and _place(column) not in known:
            self._crawl.session.learned(
                {
                    "kind": "column_found",
                    "site": state.site.host,
                    "column": state.url,
                    "patch": {"url": column},
                }
            )

    def lesson_of_site(self, page: Page, state: ColumnState) -> None:
        """What a searched site says of itself, by its official tags or in print; profiles are drafted from that."""
        name, code = page.meta.get("sitename", ""), page.meta.get("siteidcode", "")
        if urlsplit(page.url).path in {"", "/"}:
            printed = _SITE_CODE.search(re.sub(r"\s+", "", page.visible))
            code = code or (printed.group(1) if printed else "")
            name = name or re.split(r"[-_|—>]", page.title)[-1].strip()
        if name:
            fact = {"kind": "site", "site": state.site.host, "name": name, "code": code}
            self._crawl.session.learned(fact)

    def note_page(self, page: Page, judged: JudgedPage, task: ReportTask) -> None:
        """A link that was followed and turned out to be no report: the second judgement, beside the first."""
        self.record(
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


def _place(url: str) -> str:
    """An address for comparison: hosts with and without www. are one."""
    return sorted_address(url).replace("//www.", "//", 1)
