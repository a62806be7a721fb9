"""Addresses of reports: product, level and year where they say so, and the reason where they do not."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from crawler.portals.addresses import describe
from crawler.portals.load import load_portals

LEVELS = {
    "province": ("province", False),
    "province-dept": ("province", True),
    "city": ("prefecture", False),
    "city-dept": ("prefecture", True),
    "county": ("county", False),
    "county-dept": ("county", True),
    "township": ("township", False),
    "ministry": ("central", True),
}


@pytest.mark.parametrize(
    ("url", "level", "year", "sure"),
    [
        ("http://www.wenzhou.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime=2022", "prefecture", 2022, True),
        (
            "https://www.guizhou.gov.cn/zwgk/zfxxgk/zfxxgknb/2018n/202109/t20210914_70371700.html",
            "province",
            2018,
            False,
        ),
        ("https://www.henan.gov.cn/2025/03-31/3143202.html", "province", 2024, False),
        ("http://www.daixian.gov.cn/x/1.html", "county", None, False),
        ("http://kjt.guizhou.gov.cn/1.html", "province", None, False),
        ("http://www.nobody.gov.cn/1.html", None, None, False),
    ],
)
def test_what_an_address_says(url: str, level: str | None, year: int | None, sure: bool):
    found = describe(url, load_portals())
    assert (found.level, found.year, found.year_sure) == (level, year, sure)
    assert all(found.reasons)


def test_every_known_address_is_described_or_says_why_not(shared: Path, capsys: pytest.CaptureFixture[str]):
    portals = load_portals()
    with (shared / "report_urls.csv").open(encoding="utf-8") as file:
        rows = [(row, describe(row["url"], portals)) for row in csv.DictReader(file)]
    levels: Counter[str] = Counter()
    years: Counter[str] = Counter()
    for row, found in rows:
        assert len(found.reasons) == 3
        assert all(found.reasons)
        wanted = LEVELS[row["level"]]
        same = (found.level, found.department) == wanted
        levels[
            "right"
            if same
            else "level only"
            if found.level == wanted[0]
            else "open"
            if found.level is None
            else "other"
        ] += 1
        if row["report_year"]:
            year = found.year
            years["open" if year is None else "right" if year == int(row["report_year"]) else "misleading"] += 1
            # A year in an address is never taken for certain unless it is part of the identity.
            assert not found.year_sure or year == int(row["report_year"])
        if not same and found.level:
            assert "title decides" in found.reasons[1] or "host" in found.reasons[1]
    assert len(rows) == 108
    assert levels["right"] >= 80
    assert years["right"] >= 73
    assert years["misleading"] <= 5
    with capsys.disabled():
        print(
            "\nlevels:",
            dict(levels),
            "years:",
            dict(years),
            "families:",
            dict(Counter(f.family or "none" for _, f in rows)),
        )
