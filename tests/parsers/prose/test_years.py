"""Which year a text is about, and which year a number in it belongs to."""

from __future__ import annotations

import pytest

from parsers import Document, Locator
from parsers.document import Text
from parsers.prose.words import load_words
from parsers.prose.years import find_report_year, is_of_year, quotes_annex


def document(*lines: str, title: str = "") -> Document:
    texts = tuple(Text(line, Locator.of("text", line=1)) for line in lines)
    return Document("text/plain", texts, {"title": title} if title else {})


@pytest.mark.parametrize(
    ("made", "year"),
    [
        (document("温县2021年政府信息公开工作年度报告", "统计期限自2020年1月1日起。"), 2021),
        (document("统计期限自2020年1月1日起。", title="温县2021年年报"), 2021),
        (document("我局工作如下。", "统计期限自2020年1月1日起。"), 2020),
        (document("根据《2019年政府信息公开工作年度报告格式》编制。", "2020年我局工作如下。"), 2020),
        (document("我局工作如下。"), None),
    ],
)
def test_the_year_of_a_text(made: Document, year: int | None) -> None:
    assert find_report_year(made) == year


@pytest.mark.parametrize(
    ("before", "is_own"),
    [
        ("全年收到", True),
        ("2021年收到", True),
        ("2020年收到", False),
        ("2020年以来，本年收到", True),
        ("根据《2020年要点》收到", True),
        ("上半年收到", False),
    ],
)
def test_the_year_of_a_number(before: str, is_own: bool) -> None:
    assert is_of_year(f"{before}申请7件", len(before), load_words().never, 2021) is is_own


def test_any_year_is_taken_where_the_reports_is_not_known() -> None:
    assert is_of_year("2020年收到申请7件", 7, load_words().never, None)


def test_the_annex_is_quoted_by_year_or_by_name() -> None:
    words = load_words()
    assert quotes_annex(document("无。"), words, 2014)
    assert not quotes_annex(document("无。"), words, 2019)
    assert quotes_annex(document("根据国办发〔2014〕32号要求编制。"), words, None)
