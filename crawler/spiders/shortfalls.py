"""At the end of a run: columns in which nothing was found, lists too deep, back-ends that gave nothing."""

from __future__ import annotations

from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.responses import sorted_address
from crawler.wording import limits


def name_shortfalls(crawl: CrawlState) -> None:
    """Say of every column what it lacks and nobody said yet."""
    name_too_deep(crawl)
    name_silent_back_ends(crawl)
    name_empty(crawl)


def name_too_deep(crawl: CrawlState) -> None:
    """At the end: lists that no shorter way led to, and that nobody asked for."""
    asked = {mark[2] for mark in crawl.asked}
    for state in crawl.columns:
        if left := sorted(state.too_deep - asked):
            state.counts["lists/beyond_limit"] += len(left)
            steps = limits().steps_below
            text = f"lists more than {steps} steps below {state.url} were not asked for: {len(left)}, as {left[0]}"
            crawl.problem(state, text)


def name_silent_back_ends(crawl: CrawlState) -> None:
    """At the end: lists whose back-ends gave nothing, where reports that were listed before are not any more."""
    if crawl.checking or crawl.sample or crawl.year or crawl.session.plan.as_of is not None:
        return
    for state in crawl.columns:
        listed = {sorted_address(url) for url in state.seen}
        of_column = [known for known in crawl.session.plan.known if known.hints.get("column") == state.url]
        lost = [known for known in of_column if known.purpose == "report" and sorted_address(known.url) not in listed]
        if state.unbacked and lost and state.found:  # else it is named as empty
            where = min(state.unbacked)
            many = f"{len(lost)} reports that earlier crawls found stand in no list now, as {lost[0].url}"
            crawl.problem(state, f"the back-end of {where} gave no entry this time; {many}")


def name_empty(crawl: CrawlState) -> None:
    """At the end: a column in which nothing was found, and of which nothing was said yet, is a problem."""
    if crawl.checking or crawl.session.plan.as_of is not None:
        return
    for states in crawl.by_column():
        if any(state.found or state.failures for state in states):
            continue
        if crawl.year and any(state.counts["links/skip/other_year"] for state in states):
            continue
        urls = {state.url for state in states}
        before = sum(report.hints.get("column") in urls for report in crawl.session.plan.known)
        where = states[-1].column.url if states[-1].column else states[-1].url
        stood = f"; {before} stood there before" if before else ""
        crawl.problem(states[-1], f"{where} is empty: no annual report was found in it{stood}")
