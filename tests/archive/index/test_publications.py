"""Publications, versions and readings written down: what holds is left, what does not goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

import parsers
from archive import Home
from archive.database import open_database
from archive.database.models import Publication, Reading, Version
from archive.index.indexer import index
from archive.records.changes import changes
from archive.warc import build
from archive.warc.write import WarcWriter
from tests.archive.factory import START, crawl, document, fake_parse

URL = "http://a.gov.cn/1"
DAY = timedelta(days=1)


@pytest.fixture
def parsed(fake_parser: None, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the parser was given, in order."""
    given: list[bytes] = []

    def parse(data: bytes, hints: Any) -> Any:
        given.append(data)
        return fake_parse(data, hints)

    monkeypatch.setattr(parsers, "parse", parse)
    return given


def page(home: Home, name: str, day: int, value: str, year: int = 2020) -> None:
    """One crawl of one page."""
    with crawl(home, name, at=START + day * DAY) as made:
        made.page(URL, document("甲县人民政府", year, {"x": value}))
    index(home, processes=1)


def ids(home: Home, model: Any) -> set[str]:
    """Ids of all rows."""
    with open_database(home) as database, database.session() as session:
        return set(session.scalars(select(model.id)))


def test_what_holds_is_not_read_again(home: Home, parsed: list[bytes], database_url: str) -> None:
    page(home, "c1", 0, "1")
    page(home, "c2", 1, "2")
    before = ids(home, Reading)
    page(home, "c3", 2, "3")
    assert before < ids(home, Reading)
    assert len(parsed) == 3


def test_an_earlier_capture_that_comes_late_begins_the_version(
    home: Home, parsed: list[bytes], database_url: str
) -> None:
    page(home, "c2", 1, "1")
    before = ids(home, Version)
    page(home, "c1", 0, "1")
    assert len(ids(home, Version)) == 1
    assert not ids(home, Version) & before  # its name is its first capture
    assert len(ids(home, Reading)) == 1


def test_another_content_in_between_parts_a_version(home: Home, parsed: list[bytes], database_url: str) -> None:
    page(home, "c1", 0, "1")
    page(home, "c3", 2, "1")
    page(home, "c2", 1, "2")
    with open_database(home) as database, database.session() as session:
        assert sorted(session.scalars(select(Version.number))) == [1, 2, 3]


def test_a_locator_that_goes_back_to_an_older_report_has_two_publications(
    home: Home, parsed: list[bytes], database_url: str
) -> None:
    for day, year in enumerate((2019, 2020, 2019)):
        page(home, f"c{day}", day, "1", year)
    with open_database(home) as database, database.session() as session:
        found = sorted((row.own_report or "", row.status) for row in session.scalars(select(Publication)))
    assert [(report.split("-")[2], status) for report, status in found] == [("2019", "ok"), ("2020", "replaced")]


def test_a_report_in_whose_place_something_else_stands_is_withdrawn(
    home: Home, parsed: list[bytes], database_url: str
) -> None:
    page(home, "c1", 0, "1")
    with crawl(home, "c2", at=START + DAY) as made:
        made.page(URL, "<p>本页改作他用，不再是报告。</p>")
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        found = {row.own_report is None: row.status for row in session.scalars(select(Publication))}
    assert found == {False: "withdrawn", True: "ok"}


NOT_FOUND = "<title>页面不存在</title><body>您访问的页面不存在或已删除</body>"


def captured(home: Home, name: str, day: int, status: int, body: str) -> None:
    """One answer in a file of another maker, which does not say what was asked for."""
    writer = WarcWriter(home.warc, name, {"software": "other/1"}, durable=False)
    block = f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
    writer.append([build.response(URL, block, date=build.warc_date(START + day * DAY))])
    writer.close()
    index(home, processes=1)


@pytest.mark.parametrize(("status", "said"), [(404, "Not Found"), (410, "Gone"), (200, NOT_FOUND), (503, "later")])
@pytest.mark.parametrize("late", [True, False], ids=["report first", "report last"])
def test_what_another_maker_found_gone_is_withdrawn(
    home: Home, parsed: list[bytes], database_url: str, status: int, said: str, late: bool
) -> None:
    """In whichever order the files come; a refusal says nothing, as in our own crawls."""
    report = document("甲县人民政府", 2020, {"x": "1"}, more="信息公开年度报告")
    answers = [("a", 0, 200, report), ("b", 1, status, said)]
    for answer in answers if late else reversed(answers):
        captured(home, *answer)
    gone = status != 503
    with open_database(home) as database, database.session() as session:
        assert session.scalars(select(Publication.status)).all() == ["withdrawn" if gone else "ok"]
        told = [change.kind for change in changes(session, START - DAY)]
    assert told == (["appeared", "withdrawn"] if gone else ["appeared"])
    captured(home, "c", 2, 200, report)
    with open_database(home) as database, database.session() as session:
        assert session.scalars(select(Publication.status)).all() == ["ok"]


def test_what_another_maker_found_gone_and_nobody_saw_before_is_nothing(
    home: Home, parsed: list[bytes], database_url: str
) -> None:
    captured(home, "a", 0, 404, "Not Found")
    assert not ids(home, Publication)


def test_another_page_found_by_another_maker_takes_nothing_back(
    home: Home, parsed: list[bytes], database_url: str
) -> None:
    """Nobody knows what was asked for there: it may be the answer to another session or form."""
    captured(home, "a", 0, 200, document("甲县人民政府", 2020, {"x": "1"}, more="信息公开年度报告"))
    captured(home, "b", 1, 200, "<p>关于开展植树活动的通知</p>")
    with open_database(home) as database, database.session() as session:
        assert session.scalars(select(Publication.status)).all() == ["ok"]
