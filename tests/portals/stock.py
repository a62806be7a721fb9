"""What the bodies of one place have published: annual reports, and what only looks like one.

Two states three months apart: on 5 January 2026 (``first``) the reports up to 2024 are out; by 5 April 2026 (``later``)
those of 2025 have come, one old report has been replaced by one with other figures, and one has gone.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from crawler.samples import Report, invent
from crawler.samples.reports import body, paragraph

State = Literal["first", "later"]

_TITLES = (
    "{agency}{year}年政府信息公开工作年度报告",
    "{agency}{year}年度政府信息公开工作年度报告",
    "{agency}政府信息公开工作年度报告（{year}年）",
    "{year}年{agency}政府信息公开工作年度报告",
    "{agency}{year}年政府信息公开年度报告",
)
_NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True)
class Item:
    """One article.

    ``group`` says whose it is in hubs that sort by body: government, office, body, member, other; ``form`` says how the
    report is given: html, pdf (the body is a link), both (HTML with PDF and Word twins), picture (headings and images).
    """

    title: str
    day: date
    number: int
    group: str
    report: Report | None = None
    text: tuple[str, ...] = ()
    source: str = ""
    list_title: str = ""
    short: str = ""
    form: str = "html"

    @property
    def year(self) -> int:
        """The year reported on; for other articles the year of publication less one."""
        return self.report.year if self.report else self.day.year - 1

    def html(self) -> str:
        """The body."""
        if self.report is not None:
            return body(self.report)
        return "\n".join(paragraph(piece, "plain") for piece in self.text)


@dataclass(frozen=True)
class Holdings:
    """Everything a site holds, newest first."""

    column: list[Item] = field(default_factory=list)
    website: list[Item] = field(default_factory=list)

    def of(self, *groups: str) -> list[Item]:
        """The column's items of these groups."""
        return [item for item in self.column if item.group in groups]

    def years(self) -> list[int]:
        """Years reported on, newest first."""
        return sorted({item.year for item in self.column}, reverse=True)


def holdings(spec: Mapping[str, Any], state: State) -> Holdings:
    """The holdings of the site ``spec`` (see ``sites.yaml``) in ``state``."""
    place: str = spec["place"]
    government = f"{place}人民政府"
    office = spec.get("office", f"{government}办公室")
    seed = zlib.crc32(spec["host"].encode())
    years = list(spec.get("years", (2021, 2023, 2024)))
    latest = max(years)
    if state == "later" and spec.get("grows", True):
        years.append(latest + 1)
    items: list[Item] = []
    for year in years:
        if spec.get("government", True):
            own = spec.get("own_title", "").replace("{place}", place)
            items.append(_report(government, year, date(year + 1, 3, 21 + seed % 9), "government", seed, own))
        if spec.get("government", True) and year >= latest:
            items.append(_report(office, year, date(year + 1, 1, 20 + seed % 9), "office", seed))
    for year in (each for each in years if each >= latest):
        for number, body_name in enumerate(spec.get("bodies", ())):
            items.append(_report(body_name, year, date(year + 1, 1, 12 + number), "body", seed))
        for number, member in enumerate(spec.get("members", ())):
            items.append(_report(member, year, date(year + 1, 1, 16 + number), "member", seed))
    items += _lookalikes(place, government, latest, seed)
    if spec.get("statistics"):
        items.append(_statistics(government, min(years), seed))
    items = _forms(items, spec)
    if state == "later":
        oldest = min((item for item in items if item.report), key=lambda item: item.day)
        reissued = invent(f"{oldest.report.agency}（更正）" if oldest.report else "", oldest.year)
        items = [
            replace(item, report=replace(item.report, figures=reissued.figures))
            if item is oldest and item.report
            else item
            for item in items
        ]
    website = [
        Item(
            f"{government}门户网站{year}年政府网站工作年度报表",
            date(year + 1, 1, 9),
            seed % 7000 + year,
            "website",
            text=("网站名称、首页网址、独立用户访问总量、信息发布总数。",),
        )
        for year in sorted(years, reverse=True)[:2]
    ]
    return Holdings(sorted(items, key=lambda item: (item.day, item.number), reverse=True), website)


def _report(printed: str, year: int, day: date, group: str, seed: int, pattern: str = "") -> Item:
    """A report of ``printed``: what stands before a bar is a superior's name that titles print and names leave out."""
    prefix, _, agency = printed.rpartition("|")
    title = pattern or _TITLES[(seed + year + len(agency)) % len(_TITLES)]
    shown = str(year).translate(_NUMERALS) if (seed + year) % 11 == 0 else str(year)
    named = title.format(agency=prefix + agency, year=shown)
    report = invent(agency, year, title=named, style=("plain", "word", "bare")[(seed + year) % 3], scale=12)
    return Item(named, day, _number(seed, year, agency), group, report, source=agency)


def _lookalikes(place: str, government: str, year: int, seed: int) -> list[Item]:
    spring = date(year + 1, 3, 8)
    pairs = (
        (
            f"图解：{government}{year}年政府信息公开工作年度报告",
            date(year + 1, 4, 2),
            "一图看懂年度报告：申请办理、主动公开、复议诉讼。",
        ),
        (f"{place}{year}年法治政府建设年度报告", spring, "依法行政各项任务有序推进，行政执法监督得到加强。"),
        (
            f"{government}门户网站{year}年政府网站工作年度报表",
            date(year + 1, 1, 11),
            "网站名称、首页网址、全年访问量见下表。",
        ),
        (
            f"关于做好{year}年政府信息公开工作年度报告编制发布工作的通知",
            date(year, 12, 18),
            "各单位应于规定期限前编制并公布本单位年度报告。",
        ),
        (
            f"{place}召开{year}年政务公开工作推进会",
            date(year, 11, 5),
            "会议总结了前一阶段工作，并对下一步任务作出安排。",
        ),
        (f"{year + 1}年{government}工作报告", date(year + 1, 2, 3), "过去一年，经济社会发展主要目标任务顺利完成。"),
    )
    chosen = [pairs[(seed + step) % len(pairs)] for step in range(3)]
    return [
        Item(title, day, _number(seed, year, title), "other", text=(text,), source=f"{government}办公室")
        for title, day, text in chosen
    ]


def _statistics(government: str, year: int, seed: int) -> Item:
    """The statistics of a report in an article of their own, published later; its list names no body."""
    day = date(year + 1, 6, 11)
    title = f"{government}政府信息公开情况统计表（{year}年度）"
    text = ("统计指标、单位、统计数见下表。", "主动公开政府信息数 条 12", "收到申请数 件 3")
    number = _number(seed, year, title)
    return Item(
        title, day, number, "other", text=text, source=government, short=f"政府信息公开情况统计表（{year}年度）"
    )


def _forms(items: list[Item], spec: Mapping[str, Any]) -> list[Item]:
    """Give some reports another form than HTML, cut some titles in the list."""
    reports = [item for item in items if item.report]
    forms: Mapping[str, str] = spec.get("forms", {})
    found = []
    for item in items:
        index = reports.index(item) if item in reports else -1
        form = forms.get(str(index), "html")
        cut = spec.get("truncate", 0)
        list_title = f"{item.title[:cut]}..." if cut and len(item.title) > cut else item.title
        list_title = item.short or list_title
        if spec.get("bare") and item.group == "body" and item.report:
            list_title = item.report.agency.removeprefix(spec["place"])
        found.append(replace(item, form=form, list_title=list_title))
    return found


def _number(seed: int, year: int, name: str) -> int:
    return 100000 + (seed + zlib.crc32(f"{name}{year}".encode())) % 8_900_000
