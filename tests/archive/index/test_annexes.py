"""Pages of reports and their annexes in files that do not say what was asked for."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from archive import Home
from archive.database import open_database
from archive.database.models import Publication, Report
from archive.index.annexes import keep_links, linked_files, linking_pages
from archive.index.indexer import index
from archive.status import _counts
from archive.warc import build
from archive.warc.write import WarcWriter
from tests.archive.factory import document

PAGE = "http://a.gov.cn/nb/2023/t1.html"
FILE = "http://a.gov.cn/nb/2023/P1.xlsx"
NAME = "甲县人民政府"
FORM = {f"req_new__c{number}": str(number) for number in range(30)}


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (b'<a href="P1.xlsx">', (FILE,)),
        (b"<A class=x HREF='./P1.xlsx?v=2&amp;w=1#top'>", (FILE + "?v=2&w=1",)),
        (b"<a href=/f/B.PDF >", ("http://a.gov.cn/f/B.PDF",)),
        (b'<a href="P1.xlsx"><a href="P1.xlsx">', (FILE,)),
        (b'<a href="t2.html"><a href="/"><a name="P1.xlsx">', ()),
        (b'<a href="http://[P1.xlsx">', ()),
        ("<a href='年报.docx'>".encode(), ("http://a.gov.cn/nb/2023/年报.docx",)),
    ],
)
def test_the_files_that_a_page_links_to(link: bytes, expected: tuple[str, ...]) -> None:
    assert linked_files(b"<html>" + link, PAGE) == expected


def test_a_page_of_tags_that_never_end_costs_no_minutes() -> None:
    begun = time.process_time()
    assert linked_files(b"<a x" * 100_000 + b">", PAGE) == ()
    assert time.process_time() - begun < 10


def test_a_list_of_files_is_no_page_of_theirs() -> None:
    links = "".join(f"<a href={number}.pdf>" for number in range(51)).encode()
    assert linked_files(links, PAGE) == ()
    assert len(linked_files(links[: -len("<a href=50.pdf>")], PAGE)) == 50


def test_links_are_those_of_the_page_as_it_was_read_last(home: Home, database_url: str) -> None:
    with open_database(home) as database, database.writing() as session:
        keep_links(session, PAGE, (FILE, FILE + "?100%_"))
        keep_links(session, "http://a.gov.cn/other", (FILE,))
        assert linking_pages(session, FILE) == [PAGE, "http://a.gov.cn/other"]
        keep_links(session, PAGE, (FILE + "?100%_",))
        assert linking_pages(session, FILE) == ["http://a.gov.cn/other"]
        assert linking_pages(session, FILE + "?100%_") == [PAGE]


def captured(home: Home, pages: dict[str, str], name: str = "wget") -> None:
    """Answers in a file of another maker."""
    writer = WarcWriter(home.warc, name, {"software": "Wget/1.21"}, durable=False)
    for url, page in pages.items():
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.encode()
        writer.append([build.response(url, block, date="2024-02-01T00:00:00Z")])
    writer.close()
    index(home, processes=1)


def roles(home: Home) -> dict[str, tuple[str | None, bool]]:
    """Role, and whether it is some report's, by address."""
    with open_database(home) as database, database.session() as session:
        return {row.url: (row.role, row.report_id is not None) for row in session.scalars(select(Publication))}


TEXT = "政府信息公开工作年度报告"
OWN = document(NAME, 2023, {}, more=f'{TEXT}<a href="P1.xlsx">附件</a>', outcome="partial", sections=6)
NAMED = document(NAME, 2023, FORM, more=TEXT)
NAMELESS = document("", None, FORM, more=TEXT, division="", outcome="partial")


@pytest.mark.usefixtures("fake_parser")
@pytest.mark.parametrize("annex", [NAMED, NAMELESS], ids=["named", "nameless"])
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("first", [PAGE, FILE])
def test_a_page_with_the_sections_is_its_annexs(
    home: Home, database_url: str, annex: str, together: bool, first: str
) -> None:
    """In whichever order they come, and whether or not the table says whose it is."""
    pages = {PAGE: OWN, FILE: annex}
    order = [first, *(url for url in pages if url != first)]
    if together:
        captured(home, {url: pages[url] for url in order})
    else:
        for number, url in enumerate(order):
            captured(home, {url: pages[url]}, f"wget{number}")
    assert roles(home) == {PAGE: ("part", True), FILE: ("body", True)}
    with open_database(home) as database, database.session() as session:
        assert session.scalars(select(Report.year)).all() == [2023]
        assert _counts(session)["documents of nobody"] == 0


@pytest.mark.usefixtures("fake_parser")
def test_a_page_alone_is_a_report_without_figures_and_a_table_alone_is_nobodys(home: Home, database_url: str) -> None:
    captured(home, {PAGE: OWN})
    captured(home, {"http://a.gov.cn/other.xls": NAMELESS}, "more")
    assert roles(home) == {PAGE: ("body", True), "http://a.gov.cn/other.xls": (None, False)}
    with open_database(home) as database, database.session() as session:
        assert _counts(session)["documents of nobody"] == 1


@pytest.mark.usefixtures("fake_parser")
@pytest.mark.parametrize(
    "page",
    [
        document(NAME, 2023, {}, more=TEXT, outcome="partial", sections=2),  # news of a report quotes a heading
        document("", 2023, {}, more=TEXT, division="", outcome="partial", sections=6),
        document(NAME, 2023, {}, more=TEXT, outcome="not_a_report", sections=6),
        document("关于公布" + NAME, 2023, {}, more=TEXT, outcome="partial", sections=2),
        document("", None, {"req_new__total": "3"}, more=TEXT, division="", outcome="partial"),
    ],
)
def test_a_page_that_only_mentions_a_report_stays_out(home: Home, database_url: str, page: str) -> None:
    captured(home, {PAGE: page})
    assert roles(home) == {}
