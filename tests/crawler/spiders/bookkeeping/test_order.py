"""Newest first, what was never had before what is known."""

from __future__ import annotations

import pytest

from archive.metadata import Hint
from crawler.spiders.bookkeeping.order import KNOWN_PRIORITY, LIST_PRIORITY, SEARCH_PRIORITY, report_priority
from tests.crawler.spiders.played import HOST, Pages, Played, html, played, report, rows

__all__ = ["played"]

LIST = "/zwgk/nianbao/"
COLUMN = f"      - url: http://{HOST}{LIST}\n"


def test_priorities():
    newer = report_priority(Hint(year=2024), belongs=False)
    assert LIST_PRIORITY > SEARCH_PRIORITY > newer > report_priority(Hint(year=2023), belongs=True) > KNOWN_PRIORITY
    assert report_priority(Hint(year=2024), belongs=True) > newer
    assert report_priority(Hint(list_date="2025-03-01"), belongs=False) == newer
    assert report_priority(Hint(), belongs=False) > newer  # it may be the newest


@pytest.mark.parametrize("years", [range(2025, 2013, -1), range(2014, 2026), [2019, 2025, 2016, 2022, 2014, 2023]])
def test_a_run_that_ends_early_has_the_newest_and_the_next_goes_on_behind(played: Played, years: list[int]):
    entries = {f"{LIST}t{year}.html": year for year in years}
    pages: Pages = {LIST: html(rows(entries)), **{url: report(year) for url, year in entries.items()}}
    newest = sorted(entries, key=lambda url: -entries[url])
    for expected in (newest[:3], newest[3:6]):
        outcome = played.crawl(pages, COLUMN, site="    budget: 5\n", indexed=True)
        assert sorted(played.asked[1:4]) == sorted(expected)
        assert any("budget of 5" in line for line in outcome.failures) == (len(entries) > 3)


def test_of_the_known_ones_those_asked_longest_ago_come_first_and_none_twice(played: Played):
    entries = {f"{LIST}t{year}.html": year for year in (2024, 2023, 2022)}
    pages: Pages = {LIST: html(rows(entries)), **{url: report(year) for url, year in entries.items()}}
    for year in (2023, 2022, 2024):
        played.crawl(pages, COLUMN, indexed=True, year=year)
    newer = f"{LIST}t2025.html"
    pages |= {LIST: html(rows({**entries, newer: 2025})), newer: report(2025)}
    assert played.crawl(pages, COLUMN, indexed=True).failures == []
    assert played.asked == [LIST, newer, f"{LIST}t2023.html", f"{LIST}t2022.html", f"{LIST}t2024.html"]
