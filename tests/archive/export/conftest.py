"""An archive that gives every table some rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive import Home
from archive.index.indexer import index
from tests.archive.factory import START, crawl, document

PAGES = "http://www.wenxian.gov.cn/"


@pytest.fixture
def filled(home: Home, fake_parser: None, database_url: str) -> Home:
    """Two bodies, two years, a change, a twin, a blank."""
    with crawl(home, "c1", made_up=True) as made:
        made.page(f"{PAGES}1", document("温县人民政府", 2021, {"req_new__total": "41", "req_carried_in__total": "/"}))
        made.page(
            f"{PAGES}1.pdf",
            document("温县人民政府", 2021, {"req_new__total": "41"}, more="p"),
            hints={"twin_of": f"{PAGES}1"},
        )
        made.page(f"{PAGES}2", document("镇平县人民政府", 2022, {"req_new__total": "0.50"}, division="411324"))
    with crawl(home, "c2", at=START + timedelta(days=1)) as made:
        made.page(f"{PAGES}2", document("镇平县人民政府", 2022, {"req_new__total": "7"}, division="411324"))
    index(home, processes=1)
    return home
