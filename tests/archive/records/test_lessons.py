"""What earlier crawls learned about addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.index.indexer import index
from archive.storage.open import open_storage
from tests.archive.factory import START, crawl

pytestmark = pytest.mark.usefixtures("fake_parser")


def test_addresses_that_were_missing_last_time(home: Home) -> None:
    for day, (first, second) in enumerate([(404, 404), (404, 200), (410, 404)]):
        with crawl(home, f"c{day}", at=START + timedelta(days=day)) as made:
            made.page("http://a.gov.cn/gone/", "", status=first, purpose="list")
            made.page("http://a.gov.cn/was-there/", "", status=second, purpose="list")
            made.page("http://a.gov.cn/busy/", "", status=503, purpose="list")
    with crawl(home, "other", portal="hebei") as made:
        made.page("http://b.gov.cn/", "", status=404, purpose="list")
    index(home, processes=1)
    with open_database(home) as database:
        captures = Captures(database, open_storage(home))
        missing = captures.missing("henan")
        assert {url: facts.times for url, facts in missing.items()} == {
            "http://a.gov.cn/gone/": 3,
            "http://a.gov.cn/was-there/": 1,
        }
        assert missing["http://a.gov.cn/gone/"].asked.date() == (START + timedelta(days=2)).date()
        assert captures.missing("hebei").keys() == {"http://b.gov.cn/"}


def test_lists_that_were_found_beside_the_profile(home: Home) -> None:
    fact = {"kind": "column_found", "site": "a.gov.cn", "column": "nb"}
    for day, urls in enumerate((["http://a.gov.cn/1/", "http://a.gov.cn/2/"], ["http://a.gov.cn/2/"])):
        learned = [{**fact, "patch": {"url": url}} for url in urls] + [{"kind": "needs_browser", "column": "nb"}]
        with crawl(home, f"c{day}", at=START + timedelta(days=day), learned=learned) as made:
            made.page("http://a.gov.cn/", "", purpose="list")
    index(home, processes=1)
    with open_database(home) as database:
        captures = Captures(database, open_storage(home))
        assert captures.found_lists("henan") == {"nb": ("http://a.gov.cn/2/", "http://a.gov.cn/1/")}
        assert captures.found_lists("hebei") == {}
