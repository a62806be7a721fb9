"""Dates in every form; never one of creation, never one that cannot be."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.identity.dates import date_in_path, dates_in, plausible, read_date, signature_dates

DAY = dt.date(2021, 2, 3)
CHINESE = "〇一二三四五六七八九"


def in_chinese(number: int) -> str:
    tens, units = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else CHINESE[tens] + "十") + (CHINESE[units] if units else "")


@pytest.mark.parametrize(
    "text",
    [
        "2021年2月3日",
        "2021 年 2 月 3 日",
        "　　２０２１年２月３日　　",
        "2021-02-03",
        "2021-02-03 09:15",
        "2021/2/3 03:12:00 PM",
        "2021.2.3",
        "20210203",
        "二〇二一年二月三日",
        "二○二一年二月三日",
        "2/3/2021 11:02 AM",
        "Feb 3, 2021 3:12:00 PM",
        "3-Feb-2021",
        "发布时间：2021-02-03 来源：代县人民政府办公室",
    ],
)
def test_forms(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize(
    "text", ["", "2021年", "2021年2月", "2021-13-03", "2021年2月30日", "〔2020〕1号", "0311-85891885", "1.2.3"]
)
def test_no_date(text: str) -> None:
    assert read_date(text) is None


def test_dates_are_given_once_and_in_order() -> None:
    found = dates_in("自2020年1月1日起至2020年12月31日止")
    assert [entry.day for entry in found] == [dt.date(2020, 1, 1), dt.date(2020, 12, 31)]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_any_day_in_any_form(day: dt.date) -> None:
    year = "".join(CHINESE[int(digit)] for digit in str(day.year))
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month:02}月{day.day:02}日",
        f"{day.year}-{day.month}-{day.day}",
        f"{day:%Y-%m-%d} 10:00:00",
        f"{day:%Y%m%d}",
        f"{year}年{in_chinese(day.month)}月{in_chinese(day.day)}日",
    ):
        assert read_date(text) == day, text


@pytest.mark.parametrize(
    "url",
    [
        "http://www.shanxi.gov.cn/zfxxgknb/202102/t20210203_6670096.shtml",
        "http://a.gov.cn/art/2021/2/3/art_1229_1.html",
        "http://a.gov.cn/art_2021_2_3_1.html",
        "http://a.gov.cn/columns/x/202102/03/720faafd.html",
        "http://a.gov.cn/nw12344/20210203/d7775c.html",
        "http://a.gov.cn/2021-02-03/content.html",
    ],
)
def test_days_in_addresses(url: str) -> None:
    assert date_in_path(url) == DAY


@pytest.mark.parametrize(
    "url", ["", "http://a.gov.cn/2021nb/index.html", "http://a.gov.cn/202199/99/x.html", "file:///report_2021.txt"]
)
def test_addresses_without_a_day(url: str) -> None:
    assert date_in_path(url) is None


@pytest.mark.parametrize(
    ("day", "kind", "year", "expected"),
    [
        ("2021-02-03", "sign_off", 2020, True),
        ("2020-12-28", "sign_off", 2020, True),
        ("2020-11-30", "page_meta", 2020, False),
        ("2020-02-03", "page_meta", 2020, False),
        ("2023-08-21", "page_meta", 2020, True),
        ("2023-08-21", "sign_off", 2020, False),
        ("2021-02-03", "page_text", None, True),
        ("1999-02-03", "page_text", None, False),
    ],
)
def test_what_can_be(day: str, kind: str, year: int | None, expected: bool) -> None:
    assert plausible(dt.date.fromisoformat(day), kind, year) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["六、其他需要报告的事项", "无。", "代县人民政府办公室", "2021年2月3日"], [DAY]),
        (["无河北省教育厅2021年2月3日更多信息请关注"], [DAY]),
        (["收费的情况。2021年2月3日"], [DAY]),
        (["(2021年2月3日)"], [DAY]),
        (["截至2021年2月3日,共公开信息12条。"], []),
        (["自2020年1月1日起至2020年12月31日止。"], []),
        ([], []),
    ],
)
def test_signatures(lines: list[str], expected: list[dt.date]) -> None:
    assert [found.day for found in signature_dates(lines)] == expected


def test_the_addresses_of_known_reports(shared: Path) -> None:
    """Half of them hold a day, and every such day can be one of publication."""
    days = 0
    with (shared / "report_urls.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = date_in_path(row["url"])
            if day is not None:
                days += 1
                assert plausible(day, "url", int(row["report_year"]) if row["report_year"] else None), row["url"]
    assert days >= 54
