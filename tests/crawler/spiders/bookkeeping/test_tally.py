"""What a list states beside what it brought: entries counted as a site counts them, in every way a list is read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crawler.cms import Link, ListPage, Page, read_list
from crawler.discovery.decision import Context, LinkDecision
from crawler.discovery.links import judge_links
from crawler.spiders.bookkeeping.tally import BACK_END, SCRIPT_FILE, Tally, entries_of

URL = "http://www.a.gov.cn/nb/"
CALL = f"{BACK_END}GET x"


def row(number: int | str, **facts: object) -> Link:
    given = {"date": "2024-01-02", "row": f"甲县{number}年年报 2024-01-02", **facts}
    return Link(text=f"甲县{number}年年报", href="", url=f"{URL}t{number}.html", **given)  # type: ignore[arg-type]


def listed(rows: Sequence[Link], stated: int | None = None, pages: int | None = None) -> ListPage:
    return ListPage("generic", 1.0, "", tuple(rows), (), stated, pages)


def followed(rows: Sequence[Link]) -> list[tuple[Link, LinkDecision]]:
    return [(entry, LinkDecision("follow", "report_title")) for entry in rows]


def tally(*answers: tuple[str, Sequence[Link], int | None, int | None]) -> Tally:
    made = Tally()
    for number, (name, rows, stated, pages) in enumerate(answers, start=1):
        own = not name.startswith(BACK_END)
        made.add(listed(rows, stated, pages), followed(rows), name, number if own else 1, own=own)
    return made


def said(made: Tally) -> str | None:
    short = made.shortage(URL)
    return None if short is None else str(short).removeprefix(f"{URL} ")


ALL = [row(number) for number in range(12)]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([("", ALL, 12, None)], None),
        ([("", ALL[:5], 12, None)], "states 12 entries, 5 were read"),
        ([("", ALL[:1], 2, None)], "states 2 entries, 1 was read"),
        ([("", ALL[:5], 12, 3), ("", ALL[5:10], 12, 3), ("", ALL[10:], 12, 3)], None),
        ([("", ALL[:5], None, 3), ("", ALL[5:], None, 3)], "states 3 pages, 2 were read"),
        ([("", ALL[:5], None, 3)], "states 3 pages, 1 was read"),
        ([("", ALL[:5], None, 2), ("", ALL[:5], None, 2)], "states 2 pages, 1 was read"),  # the same page again
        ([("", ALL[:5], None, None)], None),
        (
            [("", ALL[:5], 12, 3), (CALL, ALL[5:], 12, None)],
            "states 12 entries, 7 were read",
        ),  # its own window is short
        ([("", ALL[:5], 12, 3), (CALL, ALL, 12, None)], None),
        ([("", ALL[:5], None, 3), (CALL, ALL, None, None)], None),  # pages of another size
        ([(CALL, [], 12, None)], "states 12 entries, 0 were read"),
        ([("", ALL[:9], 9, None)], None),
        ([("", ALL[:9], 4, None)], None),  # it grew, or the number counts something else
    ],
)
def test_what_is_stated_beside_what_was_read(answers: list[tuple[str, list[Link], int, int]], expected: str | None):
    assert said(tally(*answers)) == expected


def test_each_back_end_is_held_to_its_own_numbers():
    other = f"{BACK_END}GET y"
    assert said(tally((CALL, ALL[:3], 5, None), (other, ALL[3:], 9, None))) == "states 5 entries, 3 were read"


def test_a_call_for_something_else_beside_the_list_says_nothing_of_it():
    made = tally(("", ALL, 12, None))
    news = [row(f"新闻{number}") for number in range(10)]
    made.add(listed(news, 5000), [(entry, LinkDecision("skip", "other_title")) for entry in news], CALL, 1, own=False)
    assert made.shortage(URL) is None


def test_an_entry_that_stands_on_two_pages_counts_twice_and_a_row_that_heads_every_page_once():
    moved = [*ALL[:5], ALL[5]], [ALL[5], *ALL[6:11]]  # one slipped over to the next page while it was read
    assert said(tally(("", moved[0], 12, None), ("", moved[1], 12, None))) is None
    top = ALL[0]
    pages = [top, *ALL[1:4]], [top, *ALL[4:7]], [top, *ALL[7:10]]
    assert said(tally(*(("", page, 12, None) for page in pages))) == "states 12 entries, 10 were read"


def test_only_the_missing_most_is_said():
    short = tally(("", ALL[:5], 6, None), (CALL, ALL[:2], 12, None)).shortage(URL)
    assert short is not None
    assert (short.stated, short.read, short.missing) == (12, 2, 10)


LIST = "".join(
    f'<li><a href="/nb/t{n}.html">甲县20{n}年政府信息公开工作年度报告</a><a href="/f/{n}.pdf">下载</a>2024-01-02</li>'
    for n in range(10, 15)
)
NEWS = "".join(f'<li><a href="/news/t{n}.html">甲县召开第{n}次会议</a>2024-01-02</li>' for n in range(20))


@pytest.mark.parametrize(
    ("markup", "entries", "again"),
    [
        (f'<div class="main"><ul>{LIST}</ul></div>', 5, 0),  # a document and its file are one entry
        (f'<div class="main"><ul>{LIST}</ul></div><div class="hot"><ul>{NEWS}</ul></div>', 5, 0),
        (f'<div class="main"><ul>{LIST}</ul><ul>{LIST.replace("t1", "t2").replace("/f/1", "/f/2")}</ul></div>', 10, 0),
        (f'<div class="hot"><ul>{NEWS}</ul></div>', 20, 0),
        ('<ul><li><a href="javascript:show(7)">甲县2023年年报</a>2024-01-02</li></ul>', 1, 0),
        ('<table><tr><td><a href="a1.html">甲</a>2024-01-02</td><td><a href="a2.html">乙</a></td></tr></table>', 2, 0),
    ],
)
def test_entries_of_a_page(markup: str, entries: int, again: int):
    rows = read_list(Page(URL, markup.encode())).links
    judged = [(entry, LinkDecision("follow", "report_title")) for entry in rows if "年度报告" in entry.text]
    keys, twice = entries_of(rows, judged)
    assert (len(keys), twice) == (entries, again)


def test_an_entry_that_the_page_shows_twice_is_counted_so():
    first = '<li><a href="/nb/t1.html">甲县2023年政府信息公开工作年度报告</a>2024-01-02</li>'
    rows = read_list(Page(URL, f"<ul>{LIST}{first}{first}</ul>".encode())).links
    judged = [(entry, LinkDecision("follow", "report_title")) for entry in rows if "年度报告" in entry.text]
    assert (len(entries_of(rows, judged)[0]), entries_of(rows, judged)[1]) == (6, 1)


@pytest.mark.parametrize("address", ["http://www.a.gov.cn/gov/infoView.do?xh={0}", "http://f.a.gov.cn/c/2024/p{0}"])
def test_entries_of_an_address_of_no_known_form_count_by_their_titles(address: str):
    rows = "".join(
        f"<li><a href='{address.format(n)}'>甲县20{n}年政府信息公开工作年度报告</a></li>" for n in range(10, 18)
    )
    rows += f"<li><a href='{address.format(30)}'>甲县政府信息公开指南</a></li>"
    page = Page(URL, f"<ul>{rows}</ul><p>共33条</p>".encode())
    listing = read_list(page)
    judged = judge_links(listing.links, Context(page=URL, column=URL, hosts=("www.a.gov.cn", "f.a.gov.cn")))
    made = Tally()
    assert made.add(listing, judged, "", 1, own=True)
    assert said(made) == "states 33 entries, 9 were read"


@pytest.mark.parametrize(("decision", "short"), [("list", True), ("follow", False)])
def test_what_a_menus_script_names_is_no_entry_of_the_list(decision: str, short: bool):
    """A script file that names reports holds rows of the list; one that names columns draws a menu."""
    made = tally(("", ALL[:5], 6, None))
    named = [(ALL[9], LinkDecision(decision, "report_or_column"))]  # type: ignore[arg-type]
    made.add(listed(ALL[9:10]), named, f"{SCRIPT_FILE}nav.js", 1, own=False)
    assert (said(made) is not None, made.backed, made.asked_back_end) == (short, not short, False)
