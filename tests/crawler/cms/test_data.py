"""JSON as portals send it: halves of characters, and nesting beyond reason."""

from __future__ import annotations

import pytest

from crawler.cms import Page, read_list
from crawler.cms.data import MOST_NESTED, TooDeep, loads, whole


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"甲县\ud83d2023年", "甲县\ufffd2023年"),
        (r"\udc00 a", "\ufffd a"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (r"\\ud83d", r"\ud83d"),
        (r"\u5e74", "年"),
    ],
)
def test_half_characters_are_repaired(written: str, read: str):
    assert loads(f'["{written}"]') == [read]


def test_halves_that_came_by_other_ways():
    assert whole("a\ud83d\ude00b\ud83dc") == "a\U0001f600b\ufffdc"
    assert whole("年") == "年"


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 5000 + "]" * 5000, '{"a":' * 3000 + "1" + "}" * 3000])
def test_what_is_nested_beyond_reason_is_refused_by_name(text: str):
    with pytest.raises(TooDeep, match="nested deeper"):
        loads(text)
    listing = read_list(Page("http://www.a.gov.cn/nb/list.json", text.encode()))
    assert not listing.links
    assert any("nested deeper" in fault for fault in listing.faults)


def test_what_lists_need_is_read():
    assert loads("[" * (MOST_NESTED - 1) + "]" * (MOST_NESTED - 1)) is not None


ROW = r'{"title":"甲县\ud83d2023年政府信息公开工作年度报告","url":"/nb/2023.html"}'


@pytest.mark.parametrize(
    "body",
    [
        f'{{"data":[{ROW}]}}',
        f"callback([{ROW}])",
        f"<script>var articleList = [{ROW}];</script>",
        f"<script>show({ROW})</script>",
        "<script>load('甲县\\ud83d2023年政府信息公开工作年度报告', '/nb/2023.html')</script>",
        "<script>document.write('<a href=\"/nb/2023.html\">甲县\\ud83d2023年政府信息公开工作年度报告</a>')</script>",
    ],
)
def test_a_half_character_costs_itself_and_not_the_list(body: str):
    (row,) = (row for row in read_list(Page("http://www.a.gov.cn/nb/", body.encode())).links if row.url)
    assert row.text.encode().decode() == "甲县\ufffd2023年政府信息公开工作年度报告"
