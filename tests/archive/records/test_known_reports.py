"""Known addresses: what is left out of them. What is in them is tested with the crawl that asks for them again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive import Home
from archive.database import open_database
from archive.index.indexer import index
from archive.records.known_reports import known_reports
from tests.archive.factory import START, crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")
URL = "http://www.a.gov.cn/nb/1.html"


def test_what_was_withdrawn_is_not_known_any_more(home: Home, database_url: str) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("甲县人民政府", 2020, {"x": "1"}))
        made.page("http://www.a.gov.cn/nb/2.html", document("甲县人民政府", 2021, {"x": "1"}))
    index(home, processes=1)
    with open_database(home) as database:
        assert [report.url for report in known_reports(database, "henan")] == [URL, "http://www.a.gov.cn/nb/2.html"]
    with crawl(home, "c2", at=START + timedelta(days=1)) as made:
        made.page(URL, "gone", status=404)
    index(home, processes=1)
    with open_database(home) as database:
        assert [report.url for report in known_reports(database, "henan")] == ["http://www.a.gov.cn/nb/2.html"]
