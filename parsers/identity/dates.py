"""Dates as pages, signatures and paths write them, and which of them is the day of publication.

A date of creation is never taken for one of publication, and a date that cannot be (before the end of the year the
report is about, years beyond it for a signature) is refused rather than kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.characters import narrow
from parsers.identity.titles import fold
from parsers.record import DateKind

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_CHINESE_YEAR = r"(?P<year>[一二][九〇○0零ОOo][〇○零ОOo0-9一二三四五六七八九]{2})"
_CHINESE_NUMBER = r"[元正〇零一二三四五六七八九十廿卅]{1,3}"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]?",
        rf"(?<!\d){_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d)",
        # Folding leaves no blank between day and hour: 2024-01-1703:12.
        rf"(?<!\d){_YEAR}(?P<mark>[-/.])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?=\d{{1,2}}:\d\d)",
        rf"(?<!\d){_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"{_CHINESE_YEAR}年(?P<month>{_CHINESE_NUMBER})月(?P<day>{_CHINESE_NUMBER})[日号]?",
        rf"(?<!\d)(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/{_YEAR}",
        rf"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?P<day>\d{{1,2}}),?{_YEAR}",
        rf"(?P<day>\d{{1,2}})[-.]?(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-.,]?{_YEAR}",
    )
)
_CLOCK = re.compile(r"(?<=\d)[\sT]+\d{1,2}:\d{2}(?::\d{2})?")
_PATHS = (
    re.compile(rf"/t{_YEAR}(?P<month>\d\d)(?P<day>\d\d)_"),
    re.compile(rf"/{_YEAR}(?P<month>\d\d)(?P<day>\d\d)/"),
    re.compile(rf"/{_YEAR}(?P<month>\d\d)/(?P<day>\d\d)/"),
    re.compile(rf"/{_YEAR}[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})/"),
    re.compile(rf"art_{_YEAR}_(?P<month>\d{{1,2}})_(?P<day>\d{{1,2}})"),
    re.compile(rf"/art/{_YEAR}/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/"),
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: index for index, name in enumerate(_MONTH_NAMES, start=1)}
_UNITS = {"〇": 0, "零": 0, "元": 1, "正": 1} | {
    char: index for index, char in enumerate("一二三四五六七八九", start=1)
}
_TENS = {"十": 10, "廿": 20, "卅": 30}
_YEAR_DIGITS = str.maketrans("〇○零ОOo一二三四五六七八九", "000000123456789")


@dataclass(frozen=True, slots=True)
class DatedText:
    """A date and where it stands in the folded text."""

    day: dt.date
    start: int
    end: int


def read_date(text: str) -> dt.date | None:
    """The first date in a text, whatever its form; None when there is none or it is no day of the calendar.

    Forms: 2024-1-17, 2024/01/17 03:12 PM, 2024年1月17日, 20240117, 二〇二四年一月十七日, 1/17/2024, Jan 17, 2024.
    """
    return next((found.day for found in dates_in(fold(without_clock(text)))), None)


def without_clock(text: str) -> str:
    """NFKC of ``text`` without hours behind dates: a blank less, and 3 and 03:12 would be 303:12."""
    return _CLOCK.sub("|", narrow(text))


def dates_in(folded: str) -> list[DatedText]:
    """All dates in a folded text, in order; parts of longer dates are not given again."""
    found: list[DatedText] = []
    for form in _FORMS:
        for match in form.finditer(folded):
            day = _day(match)
            if day and not any(other.start < match.end() and match.start() < other.end for other in found):
                found.append(DatedText(day, match.start(), match.end()))
    return sorted(found, key=lambda date: date.start)


def date_in_path(url: str) -> dt.date | None:
    """The day of publication that a CMS writes into an address (``/202102/t20210203_1234.html``); weak evidence."""
    for form in _PATHS:
        match = form.search(url)
        day = _day(match) if match else None
        if day:
            return day
    return None


def plausible(day: dt.date, kind: DateKind, year: int | None) -> bool:
    """Whether a report for ``year`` can have been published on that day.

    Reports are written after the year: from December of the year itself on (some are signed early). A signature can
    be two years late at most; pages are published anew after every migration, so the date of a page may be later.
    """
    if year is None:
        return dt.date(2008, 1, 1) <= day < dt.date(2100, 1, 1)
    latest = year + 2 if kind == "sign_off" else year + 30
    return dt.date(year, 12, 1) <= day <= dt.date(latest, 12, 31)


def signature_dates(lines: list[str]) -> Iterator[DatedText]:
    """Dates that close a document: a line of its own, or the end of a line after a full stop or a name; last first.

    Args:
        lines: folded, in order; only the last ones of the document are worth giving.
    """
    for line in reversed(lines):
        for found in reversed(dates_in(line)):
            before, after = line[: found.start], line[found.end :]
            closes = re.match(
                r"^(?:$|[)）。.]$|更多|附件|来源|印发|发布|公布|发$|[(（]|扫|责任编辑|打印|关闭|报告下载)", after
            )
            opens = not before or re.search(
                r"(?:[。!！(（)）]|局|厅|委|室|府|会|处|院|部|署|中心|街道|镇|乡|队|所|站|公司)$", before
            )
            if closes and opens:
                yield found


def _day(match: re.Match[str]) -> dt.date | None:
    groups = match.groupdict()
    try:
        return dt.date(
            int(groups["year"].translate(_YEAR_DIGITS)),
            _MONTHS[groups["name"].lower()] if groups.get("name") else _number(groups["month"]),
            _number(groups["day"]),
        )
    except ValueError:
        return None


def _number(text: str) -> int:
    """1 to 31 in Arabic or Chinese figures; 0 (no day) when the figures make no number."""
    if text.isdigit() and text.isascii():
        return int(text)
    ten = next((char for char in text if char in _TENS), None)
    if ten is None:
        return _UNITS.get(text, 0)
    leading, _, units = text.partition(ten)
    return (_UNITS.get(leading, 0) if leading else 1) * _TENS[ten] + (_UNITS.get(units, 0) if units else 0)
