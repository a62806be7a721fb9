"""Where an address stands to a page or a column."""

from __future__ import annotations

import pytest

from crawler.discovery.decision import Context
from crawler.discovery.places import is_below, is_numbered_page, is_own_folder, is_root, is_same, is_same_path

COLUMN = "http://www.a.gov.cn/zwgk/nb/index.html"


@pytest.mark.parametrize(
    ("url", "below"),
    [
        ("http://a.gov.cn/zwgk/nb/2023/", True),
        ("http://www.a.gov.cn/zwgk/nb/", False),
        ("http://www.a.gov.cn/zwgk/", False),
        ("http://b.gov.cn/zwgk/nb/2023/", False),
    ],
)
def test_below_a_column_is_what_stands_in_its_folder(url: str, *, below: bool) -> None:
    assert is_below(url, COLUMN) is below


def test_nothing_is_below_a_home_page() -> None:
    assert not is_below("http://www.a.gov.cn/nb/", "http://www.a.gov.cn/")


def test_a_body_has_its_folder_below_the_page_or_one_of_annual_reports() -> None:
    context = Context(page="http://jyj.a.gov.cn/xxgk/", column=COLUMN)
    assert is_own_folder("http://jyj.a.gov.cn/xxgk/2023/", context)
    assert is_own_folder("http://jyj.a.gov.cn/ndbg/", context)
    assert not is_own_folder("http://jyj.a.gov.cn/news/", context)
    assert not is_own_folder("http://mzj.a.gov.cn/ndbg/", context)


def test_one_page_has_several_addresses_and_a_hash_route_is_another_page() -> None:
    assert is_same("http://a.gov.cn/zwgk/nb/", COLUMN)
    assert not is_same("http://a.gov.cn/zwgk/nb/?page=2", COLUMN)
    assert not is_same("http://a.gov.cn/zwgk/nb/#/list", COLUMN)


def test_tabs_pages_and_home_pages() -> None:
    assert is_same_path("http://a.gov.cn/nb/?nd=2023", "http://www.a.gov.cn/nb/")
    assert not is_same_path("http://a.gov.cn/nb/", "http://www.a.gov.cn/nb/?nd=2023")
    assert is_numbered_page("http://a.gov.cn/nb/index_2.html")
    assert not is_numbered_page("http://a.gov.cn/nb/2.html")
    assert is_root("http://a.gov.cn")
    assert not is_root("http://a.gov.cn/?id=1")
