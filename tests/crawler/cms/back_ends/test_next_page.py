"""Whether a back-end has more, by what it states and what it gave."""

from __future__ import annotations

import json

import pytest

from crawler.cms import ListRequest, Page
from crawler.cms.back_ends.next_page import goes_on


@pytest.mark.parametrize(
    ("stated", "entries", "more"),
    [
        ({"count": 3}, 3, True),  # of this answer, or of the list: the next page tells
        ({"num": 3, "pages": 2}, 3, True),
        ({"count": 3, "pages": 1}, 3, False),
        ({"total": 3}, 3, False),
        ({"count": 9}, 3, True),
        ({"count": 3}, 0, False),
    ],
)
def test_a_count_that_may_be_of_one_page_ends_no_list(stated: dict[str, int], entries: int, *, more: bool):
    found = [{"title": f"甲县教育局{n}", "url": f"/art/2024/1/1/art_1_{n}.html"} for n in range(entries)]
    page = Page("http://www.a.gov.cn/api", json.dumps({**stated, "rows": found}).encode())
    onward = goes_on(page, ListRequest(page.url), page.stated, 20)
    assert (onward.more, onward.seen) == (more, entries)
