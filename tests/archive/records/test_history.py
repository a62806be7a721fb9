"""How a report changed: versions, and differences to the cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from archive import Home, NotFound
from archive.database import open_database
from archive.index.indexer import index
from archive.records.history import difference, find_version, history
from tests.archive.factory import START, crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")
URL = "http://www.wenxian.gov.cn/1"
OTHER = "http://www.wenxian.gov.cn/2"
DAY = timedelta(days=1)


@pytest.fixture
def session(home: Home, database_url: str) -> Iterator[Session]:
    """A correction (41 -> 47, a blank filled), and a report that was withdrawn."""
    pages = [
        document("温县人民政府", 2021, {"new": "41", "gone": "3", "blank": "/"}),
        document("温县人民政府", 2021, {"new": "47", "blank": "0"}),
    ]
    with crawl(home, "c0") as made:
        made.page(URL, pages[0])
        made.page(OTHER, document("镇平县人民政府", 2021, {"new": "1"}, division="411324"))
    with crawl(home, "c1", at=START + DAY) as made:
        made.page(URL, "<script>$_ts=1</script>", status=412)
    with crawl(home, "c2", at=START + 2 * DAY) as made:
        made.page(URL, pages[1])
        made.page(OTHER, "", status=404)
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        yield session


def test_versions_of_a_report_and_of_an_address(session: Session) -> None:
    for text in (URL, "温县人民政府 2021"):
        lines = [line.as_json() for line in history(session, text)]
        assert [(line["number"], line["captures"], line["url"]) for line in lines] == [(1, 1, URL), (2, 1, URL)]
    with pytest.raises(NotFound):
        history(session, "http://www.wenxian.gov.cn/none")


def test_what_differs_to_the_cell(session: Session) -> None:
    first, second = (line.version.id for line in history(session, URL))
    found = difference(session, find_version(session, first), find_version(session, second[:10])).as_json()
    assert [(change["code"], change["before"], change["after"]) for change in found["cells"]] == [
        ("blank", {"value": None, "status": "blank", "raw": "/"}, {"value": "0", "status": "number", "raw": "0"}),
        ("gone", {"value": "3", "status": "number", "raw": "3"}, None),
        ("new", {"value": "41", "status": "number", "raw": "41"}, {"value": "47", "status": "number", "raw": "47"}),
    ]
    assert (found["facts"], found["text"]) == ({}, [])


def test_two_reports_may_be_compared(session: Session) -> None:
    found = difference(session, find_version(session, "温县 2021"), find_version(session, OTHER))
    assert found.facts["agency_name"] == ("温县人民政府", "镇平县人民政府")
    with pytest.raises(NotFound):
        find_version(session, "v-nothing")
