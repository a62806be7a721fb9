"""Everything about one report, and the checks of several."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from archive import Home
from archive.database import open_database
from archive.index.indexer import index
from archive.records.details import checks_of, details, failed_of
from archive.records.reports import find_report, report_lines
from tests.archive.factory import crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")
PAGES = "http://www.wenxian.gov.cn/"


@pytest.fixture
def session(home: Home, database_url: str) -> Iterator[Session]:
    """A report with a twin whose figures are not all the same, and the report of the year before."""
    with crawl(home, "c1") as made:
        made.page(f"{PAGES}1", document("温县人民政府", 2021, {"b": "1.50", "a": "/", "req_new__total": "7"}))
        made.page(
            f"{PAGES}1.pdf", document("温县人民政府", 2021, {"b": "1.60"}, more="p"), hints={"twin_of": f"{PAGES}1"}
        )
        made.page(f"{PAGES}2", document("温县人民政府", 2020, {"req_new__total": "5"}))
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        yield session


def test_everything_about_a_report(session: Session) -> None:
    found = details(session, find_report(session, "温县人民政府 2021"))
    assert [cell["code"] for cell in found["cells"]] == ["a", "b", "req_new__total"]
    assert found["cells"][1]["id"] == f"{found['version']}:b"
    assert found["cells"][1]["locator"]["kind"] == "text"
    assert [section["number"] for section in found["sections"]] == [1]
    assert [issue["code"] for issue in found["issues"]] == ["unit_assumed"]
    assert [(p["role"], p["url"]) for p in found["publications"]] == [("body", f"{PAGES}1"), ("twin", f"{PAGES}1.pdf")]
    assert (found["versions"], found["reading"]["sources"]) == (1, {"year": "title"})


def test_what_failed_is_what_failed_of_all(session: Session) -> None:
    reports = [line.report for line in report_lines(session)]
    failed = {
        key: [check for check in checks if check.outcome == "fail"]
        for key, checks in checks_of(session, reports).items()
    }
    assert failed_of(session, reports) == failed
    assert any(check.reading_id is None for checks in failed.values() for check in checks)
    assert any(check.reading_id is not None for checks in failed.values() for check in checks)
