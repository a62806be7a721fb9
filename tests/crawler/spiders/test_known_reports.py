"""Reports that no list names any more are asked for again, and their withdrawal is dated by the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.database.models import Capture, Publication
from archive.index.indexer import index
from archive.records.known_reports import known_reports
from archive.storage.open import open_storage
from crawler.plan import Options, plan_for
from crawler.portals.load import Portal, parse_profile
from crawler.run import run_crawls
from crawler.samples.server import SampleServer
from tests.crawler.spiders.test_spiders import COLUMN, HOST, Answer, Pages, html, link, report, titled

PROFILE = f"name: 甲县\ncode: null\nsites:\n  - host: {HOST}\n    columns:\n      - url: {COLUMN}\n"
PATH = COLUMN.partition(HOST)[2]
BOTH = {
    PATH: html(link("a/1.html", titled(2023)) + link("a/2.html", titled(2022))),
    f"{PATH}a/1.html": report(2023),
    f"{PATH}a/2.html": report(2022),
}


class Archive:
    """A home that is crawled and indexed again and again."""

    def __init__(self, path: Path) -> None:
        self.home = Home.at(path, create=True)

    def crawl(self, pages: dict[str, Answer], **options: object) -> dict[str, int]:
        """Crawl and index; the statistics."""
        with SampleServer({HOST: Pages(pages)}) as server, open_database(self.home) as database:
            prior = Captures(database, open_storage(self.home))
            portal = Portal("test", parse_profile(PROFILE, "test"), PROFILE)
            given = Options(home=self.home, connect_to=tuple(server.connect_to), pace=0, **options)  # type: ignore[arg-type]
            (outcome,) = run_crawls([plan_for(portal, given, prior=prior)])
        assert outcome.error is None
        index(self.home, processes=1)
        return {name: value for name, value in outcome.stats.items() if isinstance(value, int)}

    def publications(self) -> dict[str, str]:
        """Status by the last part of the address."""
        with open_database(self.home) as database, database.session() as session:
            return {row.url.rpartition("/")[2]: row.status for row in session.scalars(select(Publication))}

    def asked(self, name: str) -> list[int | None]:
        """Status of every capture of a report, oldest first."""
        with open_database(self.home) as database, database.session() as session:
            query = select(Capture.status).where(Capture.url.endswith(name)).order_by(Capture.captured_at)
            return list(session.scalars(query))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "home")
    first = archive.crawl(BOTH)
    assert "gongkai/reports/unlisted" not in first
    assert archive.publications() == {"1.html": "ok", "2.html": "ok"}
    return archive


def test_a_report_that_is_gone_is_withdrawn(archive: Archive) -> None:
    later = {PATH: html(link("a/1.html", titled(2023))), f"{PATH}a/1.html": report(2023)}
    stats = archive.crawl(later)
    assert stats["gongkai/reports/unlisted"] == 1
    assert stats["gongkai/reports/gone"] == 1
    assert archive.publications() == {"1.html": "ok", "2.html": "withdrawn"}
    assert archive.asked("2.html") == [200, 404]
    assert "gongkai/reports/unlisted" not in archive.crawl(later), "what is withdrawn is not asked for for ever"
    assert archive.asked("2.html") == [200, 404]


def test_a_report_that_only_left_its_list_is_still_there(archive: Archive) -> None:
    stats = archive.crawl({**BOTH, PATH: html(link("a/1.html", titled(2023)))})
    assert stats["gongkai/reports/unlisted"] == 1
    assert archive.publications() == {"1.html": "ok", "2.html": "ok"}
    assert len(archive.asked("2.html")) == 2


@pytest.mark.parametrize("options", [{"sample": 1}, {"year": 2023}])
def test_a_run_over_a_part_says_nothing_about_the_rest(archive: Archive, options: dict[str, int]) -> None:
    stats = archive.crawl({PATH: html(link("a/1.html", titled(2023))), f"{PATH}a/1.html": report(2023)}, **options)
    assert "gongkai/reports/unlisted" not in stats
    assert archive.asked("2.html") == [200]


def test_known_addresses_carry_what_was_known_of_them(archive: Archive) -> None:
    with open_database(archive.home) as database:
        known = known_reports(database, "test")
        assert known_reports(database, "another") == ()
    assert [report.url.rpartition("/")[2] for report in known] == ["1.html", "2.html"]
    assert {report.purpose for report in known} == {"report"}
    assert known[1].hints["list_title"] == titled(2022)
    assert known[1].hints["column"] == COLUMN
