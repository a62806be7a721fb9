"""Pages to one text: running heads dropped, tables joined where they go on."""

from __future__ import annotations

import pytest

from parsers.formats.pdf.layout import assemble
from parsers.formats.pdf.page import Grid, Page
from tests.parsers.formats.pdf.pages import line, page, rows, ruled, table, texts


@pytest.mark.parametrize("number", ["- 4 -", "4", "—4—", "第4页", "第 4 页 共 6 页", "4/6", "－４－"])
def test_page_numbers_are_dropped_in_the_margin_only(number: str) -> None:
    assert texts(page(1, line(1, 100, "正文"), line(1, 810, number, 280))) == ["正文"]
    assert texts(page(1, line(1, 100, "正文"), line(1, 400, number, 280))) == ["正文", number]


def test_running_heads_are_dropped_and_a_title_is_not() -> None:
    pages = [
        page(
            n,
            line(n, 30, f"2024/1/{n} 年度报告", 40),
            line(n, 100, "标题" if n == 1 else f"正文{n}"),
            line(n, 815, f"https://a/b {n}/3", 40),
        )
        for n in (1, 2, 3)
    ]
    assert texts(*pages) == ["标题", "正文2", "正文3"]


def test_a_table_goes_on_when_only_a_page_number_is_between() -> None:
    one = page(1, line(1, 810, "- 1 -", 280), tables=(ruled(1, 700, "信息内容|制发|有效", "规章|1|2"),))
    two = page(2, tables=(ruled(2, 80, "行政许可|3|4"),))
    assert rows(table(one, two)) == [["信息内容", "制发", "有效"], ["规章", "1", "2"], ["行政许可", "3", "4"]]


@pytest.mark.parametrize(
    "between",
    [
        (page(2, line(2, 60, "四、行政复议", 74), tables=(ruled(2, 120, "行政许可|3|4"),))),
        (page(2, tables=(ruled(2, 80, "行政许可|3|4", x=(70, 200, 300, 400)),))),
        (page(3, tables=(ruled(3, 80, "行政许可|3|4"),))),
    ],
)
def test_a_table_ends_where_text_another_width_or_another_page_comes(between: Page) -> None:
    one = page(1, tables=(ruled(1, 700, "信息内容|制发|有效", "规章|1|2"),))
    assert sum(isinstance(part, Grid) for part in assemble([one, between])) == 2
