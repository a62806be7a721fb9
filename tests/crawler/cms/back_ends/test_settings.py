"""Where a page names its settings and its back-ends."""

from __future__ import annotations

import pytest

from crawler.cms import Page
from crawler.cms.back_ends.settings import endpoint, page_setting


@pytest.mark.parametrize(
    ("url", "markup"),
    [
        ("http://www.a.gov.cn/x?OrganId=7", ""),
        ("http://www.a.gov.cn/x", "<input type=hidden name=organid value=7>"),
        ("http://www.a.gov.cn/x", "<input type=hidden id=organId value=7>"),
        ("http://www.a.gov.cn/x", "<script>var organId = '7';</script>"),
    ],
)
def test_a_setting_is_found_in_the_address_in_a_field_or_in_a_script(url: str, markup: str):
    assert page_setting(Page(url, markup.encode()), "organId") == "7"


def test_a_setting_that_is_nowhere_is_none():
    assert page_setting(Page("http://www.a.gov.cn/x?organId=", b"<input name=organId>"), "organId") is None


def test_a_back_end_is_named_up_to_the_quote_that_ends_its_address():
    page = Page("http://www.a.gov.cn/x/", b"<script>$.get('../was5/web/search?channelid=9&page=1')</script>")
    assert endpoint(page, r"was5/web/search\?") == "http://www.a.gov.cn/was5/web/search?channelid=9&page=1"
    assert endpoint(page, r"igs/front/search") is None
