"""Facts of files put into the tables and taken out again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from archive import Home
from archive.database import Database, open_database
from archive.database.models import Act, Base, Capture, Crawl, Judgement, Pending, SealedReading, WarcFile
from archive.index.extract import scan_file
from archive.index.indexer import index
from archive.index.load import forget_file, store_facts, touched_locators
from archive.storage.open import open_storage
from tests.archive.factory import START, crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")


def counts(database: Database) -> dict[str, int]:
    """Rows by table, empty ones left out."""
    with database.session() as session:
        found = {t.name: session.scalar(select(func.count()).select_from(t)) for t in Base.metadata.sorted_tables}
    return {name: count for name, count in found.items() if count}


def facts_of(home: Home) -> Any:
    """Of the first file."""
    return scan_file(open_storage(home), min(home.warc.glob("*.warc.gz")).name)


def test_a_crawl_without_its_record_is_still_one(home: Home, database_url: str) -> None:
    with crawl(home, "c1", "henan") as made:
        made.page("http://a.gov.cn/1", "x")
    facts = facts_of(home)
    known = dict(facts.crawls)
    facts.crawls.clear()
    with open_database(home) as database:
        with database.writing() as session:
            session.add(WarcFile(name=facts.name, sha256="", size=1, records=1, signatures=""))
            session.flush()
            store_facts(session, facts)
        with database.session() as session:
            crawl_row = session.scalars(select(Crawl)).one()
            assert (crawl_row.id, crawl_row.portal, crawl_row.end_reason) == ("c1", "", "finished")
            assert crawl_row.started_at > START
        facts.crawls.update(known)
        with database.writing() as session:
            store_facts(session, facts)
        with database.session() as session:
            assert session.scalars(select(Crawl)).one().portal == "henan"


def test_a_file_that_is_forgotten_leaves_nothing(home: Home, database_url: str) -> None:
    """Every table that says of which file its rows are has some here: one that is new must be given some, too."""
    with crawl(home, "c1") as made:
        made.discovery("http://a.gov.cn/l", [{"text": "t", "href": "h", "decision": "skip", "reason": "guide"}])
        made.page("http://a.gov.cn/1", document("甲县人民政府", 2020, {"req_new__total": "1"}))
        made.failure("http://a.gov.cn/2")
    index(home, processes=1)
    name = min(home.warc.glob("*.warc.gz")).name
    with open_database(home) as database:
        with database.writing() as session:
            session.add(
                Act(id="a", warc_file=name, kind="verdict", who="w", when="", target="t", decision="d", facts={})
            )
            session.add(SealedReading(id="s", warc_file=name, version_id="v", block="{}"))
        of_files = {table.name for table in Base.metadata.sorted_tables if "warc_file" in table.columns}
        assert of_files <= counts(database).keys()
        with database.writing() as session:
            forget_file(session, name)
        left = counts(database)
        with database.session() as session:
            assert [row.kind for row in session.scalars(select(Pending))] == ["report"]
    # The crawl may have other files; reports and what they name are settled from what is left; codes are but numbers.
    assert left.keys() <= {
        *("warc_files", "crawls", "reports", "across_checks", "agencies", "divisions"),
        *("pending", "state", "codes", "check_kinds"),
    }


def test_a_revisit_is_judged_as_its_original_whichever_comes_first(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        first = made.page("http://a.gov.cn/1", "<script>$_ts=1</script>", status=412)
    with crawl(home, "c2") as made:
        made.unchanged("http://a.gov.cn/1", first)
    names = sorted(path.name for path in home.warc.glob("*.warc.gz"))
    with open_database(home) as database:
        for name in reversed(names):
            facts = scan_file(open_storage(home), name)
            with database.writing() as session:
                session.add(WarcFile(name=name, sha256="", size=1, records=1, signatures=""))
                session.flush()
                store_facts(session, facts)
                assert touched_locators(session, facts) == {("GET", "http://a.gov.cn/1", None)}
        with database.session() as session:
            rows = session.execute(
                select(Capture.kind, Judgement.verdict).join(Judgement, Judgement.capture_id == Capture.id)
            )
            assert sorted(tuple(row) for row in rows) == [("response", "blocked"), ("revisit", "blocked")]
