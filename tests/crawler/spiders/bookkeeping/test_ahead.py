"""Further pages of a list: a few at a time, all that there are, and an end where nothing new comes."""

from __future__ import annotations

import pytest

from crawler.samples import Answer
from crawler.wording import limits
from tests.crawler.spiders.played import HOST, Pages, Played, html, played, report, rows

__all__ = ["played"]

LIST = "/nb/"
COLUMN = f"      - url: http://{HOST}{LIST}\n"
MANY = 26  # pages, with one report each


def listed(*years: int, pager: str) -> Answer:
    return html(rows({f"/nb/a/{year}.html": year for year in years}) + pager)


def reports(*years: int) -> Pages:
    return {f"/nb/a/{year}.html": report(year) for year in years}


def named(number: int, way: str) -> str:
    return f"{LIST}index_{number - 1}.html" if way == "call" else f"{LIST}?page={number}"


PAGERS = {
    "call": "<script>createPageHTML({pages}, 0, 'index', 'html');</script>",
    "last": '<a href="?page=2">2</a> <a href="?page={pages}">尾页</a>',
    "numbers": '<a href="?page=2">2</a> <a href="?page=3">3</a> <script>var countPage = {pages};</script>',
}


@pytest.mark.parametrize("way", PAGERS)
@pytest.mark.parametrize("answer", ["first page", "missing"])
def test_pages_that_bring_nothing_new_end_a_list_and_are_said(played: Played, way: str, answer: str):
    first = listed(2024, 2023, pager=PAGERS[way].format(pages=250))
    pages = {LIST: first} | reports(2024, 2023)
    if answer == "first page":
        pages |= {named(number, way): first for number in range(2, 301)}
    outcome = played.crawl(pages, COLUMN)
    assert outcome.columns[0].found == 2
    asked = [target for target in played.asked if target.startswith((f"{LIST}?page", f"{LIST}index_"))]
    assert limits().pages_ahead <= len(asked) <= limits().pages_ahead + 8
    assert any("states 250 pages" in line or "more pages, from" in line for line in outcome.failures)


@pytest.mark.parametrize("way", PAGERS)
def test_all_pages_that_bring_something_are_read_whatever_lies_between(played: Played, way: str):
    years = range(2024, 2024 - MANY, -1)
    pager = PAGERS[way].format(pages=MANY)
    answers: Pages = reports(*(year for year in years if year >= 2008))
    for number, year in enumerate(years, 1):
        answers[LIST if number == 1 else named(number, way)] = listed(year, pager=pager)
    busy = answers[named(4, way)]
    assert isinstance(busy, Answer)
    answers[named(4, way)] = [Answer(b"", status=503), busy]
    del answers[named(7, way)]
    outcome = played.crawl(answers, COLUMN)
    assert outcome.columns[0].found == 16
    asked = {target for target in played.asked if target.startswith(LIST)}
    assert {named(number, way) for number in range(2, MANY + 1)} <= asked
    assert any(named(7, way) in line and "is missing" in line for line in outcome.failures)


@pytest.mark.parametrize("label", ["下一页", "下页 >", "»"])
def test_a_next_page_that_always_has_another_address_ends_with_the_first_that_brings_nothing(
    played: Played, label: str
):
    answers: Pages = reports(2024, 2023)
    for number in range(1, 40):
        answers[LIST if number == 1 else f"{LIST}?page={number}"] = listed(
            2024, 2023, pager=f'<a href="?page={number + 1}">{label}</a>'
        )
    outcome = played.crawl(answers, COLUMN)
    assert outcome.columns[0].found == 2
    assert [target for target in played.asked if "page=" in target] == [f"{LIST}?page=2"]


@pytest.mark.parametrize("last", [3, 4])
def test_pages_counted_from_one_are_read_to_the_last_where_only_a_bare_number_says_how_many(played: Played, last: int):
    script = f'<script>var total = parseInt("{last}"); function go(n) {{}}</script>'
    answers: Pages = reports(*range(2024 - last, 2024))
    for number in range(1, last + 1):
        name = LIST if number == 1 else f"{LIST}index_{number}.html"
        answers[name] = listed(2024 - number, pager=script.replace("go(n)", "index.html(n)"))
    outcome = played.crawl(answers, COLUMN)
    assert (outcome.columns[0].found, outcome.failures) == (last, [])


@pytest.mark.parametrize("pager", ["auto/{n}.html", "page/p{n}.shtml", "nb/a_{n}.html", "list-{n}/index.html"])
def test_pages_in_a_folder_of_their_own_are_read(played: Played, pager: str):
    numbers = range(1, 6)
    links = "".join(f'<li><a href="{LIST}{pager.format(n=n)}">{n}</a></li>' for n in numbers)
    answers: Pages = reports(*range(2020, 2025))
    for number in numbers:
        page = listed(2025 - number, pager=f"<ul>{links}</ul>")
        answers[LIST + pager.format(n=number)] = page
        if number == 1:
            answers[LIST] = page
    outcome = played.crawl(answers, COLUMN)
    assert (outcome.columns[0].found, outcome.failures) == (5, [])


@pytest.mark.parametrize("days", ["cal/202403/{n}.html", "calendar/{n}.html", "rili/2024/{n}/"])
def test_the_days_of_a_calendar_are_no_pages(played: Played, days: str):
    links = "".join(f'<td><a href="{LIST}{days.format(n=n)}">{n}</a></td>' for n in range(1, 31))
    outcome = played.crawl({LIST: listed(2024, pager=f"<table><tr>{links}</tr></table>")} | reports(2024), COLUMN)
    assert (outcome.failures, len(played.asked)) == ([], 2)
