"""What a title says: is it the title of an annual report, whose, and for which year.

The words are facts in ``config/titles.yaml``; this module only knows the steps: fold, cut off the name of the site,
look for look-alikes, find the report's words and the year, and take what is left of them for the agency.
The crawler judges links with it, `parsers.identity.identity` reads the document's own title with it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parsers.characters import plain
from parsers.configuration import ConfigModel, facts_file, load_facts
from parsers.remembered import remembered

TitleKind = Literal["annual_report", "lookalike", "other"]

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff\u00ad]+")
_CUT_OFF = re.compile(r"(?:\.{2,}|…+|。{2,})$")
_CHINESE_DIGITS = str.maketrans("〇○零ОOo一二三四五六七八九", "000000123456789")
_BEHIND = re.compile(r"^[(\[【]?([^()\[\]【】:\d]{3,30}?)[)\]】]?$")
_ENDS_LIKE_BODY = re.compile(
    r"(?:政府|办公室|办公厅|委员会|管委会|办事处|局|厅|委|部|署|院|社|会|中心|镇|乡|街道|县|市|区|旗|州|省)$"
)
_TWO_LETTERS = re.compile(r"[\u3400-\u9fff]{2}")
_LONGEST = 1000  # characters; no title is, and what is longer is not worth the time
_PART_OF_REPORT = "statistics_page"
_OPENING = "《<〈「『"
_CLOSING = "》>〉」』"
_AROUND = f"{_OPENING}{_CLOSING}()[]【】:：,，.。、;；·-—_|\"“”'‘’ "


class _ReportWords(ConfigModel):
    subject: str
    between: str
    word: str
    leading: tuple[str, ...]
    trailing: tuple[str, ...]
    connecting: tuple[str, ...]


class _SiteMarks(ConfigModel):
    names: str
    separators: tuple[str, ...]


class _Years(ConfigModel):
    digits: str
    chinese: str
    periods: tuple[str, ...]
    spans: str
    not_followed_by: str
    followed_by: str
    earliest: int
    latest: int


class _Lookalike(ConfigModel):
    reason: str
    pattern: str
    unless: str | None = None
    headline: bool = False


class _Announcement(ConfigModel):
    title: str
    brings: str


class _TitleFacts(ConfigModel):
    report: _ReportWords
    announcement: _Announcement
    site: _SiteMarks
    years: _Years
    corrected: str
    lookalikes: tuple[_Lookalike, ...]


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What a title says.

    Attributes:
        kind: ``annual_report``, ``lookalike`` (it resembles one and is none; ``reason`` says what it is) or ``other``.
        agency: as the title names it, folded but not completed (``温县政府办公室``, ``教育局``, ``代县``); of
            look-alikes only for statistics pages, which are parts of reports.
        year: the report year; for anything but a report the year the title speaks of, if any.
        reason: a stable word. Reports: ``report_words`` or ``cut_off`` (the list shortened the title with an ellipsis;
            the page has the whole). Look-alikes: the reasons of ``config/titles.yaml``. Others: ``no_report_words``.
        title: the title itself, folded, without the name of the site around it.
        site: what was cut off as the name of the site or column, if anything.
    """

    kind: TitleKind
    agency: str | None
    year: int | None
    reason: str
    title: str = ""
    site: str | None = None


@dataclass(frozen=True, slots=True)
class _Resemblance:
    """Words by which a title is known for something that is no annual report."""

    reason: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None

    def fits(self, folded: str) -> bool:
        """Whether a title has them, and none of those that make it one all the same."""
        if self.pattern.search(folded) is None:
            return False
        return self.unless is None or self.unless.search(folded) is None


@dataclass(frozen=True, slots=True)
class _Words:
    """The facts, compiled."""

    report: re.Pattern[str]
    word: re.Pattern[str]
    subject: re.Pattern[str]
    cut_off: re.Pattern[str]
    leading: tuple[re.Pattern[str], ...]
    trailing: tuple[re.Pattern[str], ...]
    connecting: tuple[str, ...]
    separators: re.Pattern[str]
    site: re.Pattern[str]
    digits: re.Pattern[str]
    chinese: re.Pattern[str]
    periods: tuple[re.Pattern[str], ...]
    spans: re.Pattern[str]
    not_followed_by: re.Pattern[str]
    followed_by: re.Pattern[str]
    years: range
    corrected: re.Pattern[str]
    announcement: re.Pattern[str]
    brings: re.Pattern[str]
    lookalikes: tuple[_Resemblance, ...]
    headlines: tuple[re.Pattern[str], ...]
    annex: re.Pattern[str]


@remembered
def fold(text: str) -> str:
    """NFKC without any whitespace or invisible character: the form in which titles and names are compared."""
    return _INVISIBLE.sub("", plain(text))


def is_corrected(text: str) -> bool:
    """Whether a title says that the report was published again because the first was wrong (更正, 修订版)."""
    return _words(facts_file("titles.yaml")).corrected.search(fold(text[:_LONGEST])) is not None


def names_site(text: str) -> bool:
    """Whether a name is that of a site or of a part of it (灵台县人民政府门户网站) and of no body."""
    return _words(facts_file("titles.yaml")).site.search(fold(text[:_LONGEST])) is not None


def is_headline(text: str) -> bool:
    """Whether a line may be the headline of a document: of a report, of its annex, or of another kind of report.

    Unlike `read_title` this lets nothing through that is also the name of a column (指南, 制度, 通知公告).
    """
    return _headlines(facts_file("titles.yaml"))(text)


@functools.lru_cache(maxsize=4)
def _headlines(path: Path) -> Callable[[str], bool]:
    return remembered(functools.partial(_is_headline, _words(path)))


def _is_headline(words: _Words, text: str) -> bool:
    folded = fold(text[:_LONGEST])
    if words.report.search(folded) or (words.annex.search(folded) and words.subject.search(folded)):
        return True
    return words.word.search(folded) is not None and any(pattern.search(folded) for pattern in words.headlines)


def read_title(text: str) -> TitleReading:
    """Judge one title.

    Args:
        text: as found on a page or in a list; line breaks, spaces inside words and the site's name may be in it.
    """
    return _title_readings(facts_file("titles.yaml"))(text)


@functools.lru_cache(maxsize=4)
def _title_readings(path: Path) -> Callable[[str], TitleReading]:
    return remembered(functools.partial(_read_title, _words(path)))


def _read_title(words: _Words, text: str) -> TitleReading:
    folded, site = _without_site(fold(text[:_LONGEST])[:_LONGEST], words)
    title = _trim(folded, words)
    reason = _lookalike(folded, words)
    if reason is not None:
        agency, year = _of_lookalike(title, reason, words)
        return TitleReading("lookalike", agency, year, reason, title, site)
    found = words.report.search(title)
    if found is not None:
        agency, year = _of_report(title, found, words)
        return TitleReading("annual_report", agency, year, "report_words", title, site)
    if _CUT_OFF.search(folded):
        body = _CUT_OFF.sub("", title)
        begun = words.cut_off.search(body)
        if begun is not None:
            agency, year = _agency_and_year(body, begun, words)
            return TitleReading("annual_report", agency, year, "cut_off", title, site)
    return TitleReading("other", None, _first_year(title, words), "no_report_words", title, site)


def _of_lookalike(title: str, reason: str, words: _Words) -> tuple[str | None, int | None]:
    """Agency and year of what is no report; an agency only where it is a part of one."""
    agency, year = None, None
    if reason == _PART_OF_REPORT and (begun := words.subject.search(title)):
        agency, year = _agency_and_year(title, begun, words)
    return agency, year or _first_year(title, words)


def _of_report(title: str, found: re.Match[str], words: _Words) -> tuple[str | None, int | None]:
    """Agency and year of a report; one that names its period (2021年1月至12月) is of that year."""
    for period in words.periods:
        with_year = period.sub(r"\g<year>年", title)
        if with_year != title:
            return _agency_and_year(with_year, words.report.search(with_year) or found, words)
    return _agency_and_year(title, found, words)


def kinds_of_headline(text: str) -> frozenset[str]:
    """All reasons (``config/titles.yaml``) why a line that speaks of the subject is the headline of no annual report.

    `read_title` says the first of them alone: a table of statistics may be one of a half year, too.
    """
    words = _words(facts_file("titles.yaml"))
    folded = fold(text[:_LONGEST])
    if not words.subject.search(folded) or not (words.word.search(folded) or words.annex.search(folded)):
        return frozenset()
    return frozenset(entry.reason for entry in words.lookalikes if entry.fits(folded))


def years_in(text: str) -> list[int]:
    """All plausible report years a folded text names, in order; years inside dates are left out."""
    words = _words(facts_file("titles.yaml"))
    return [year for year, _, _ in _years(text, words)]


def _agency_and_year(title: str, found: re.Match[str], words: _Words) -> tuple[str | None, int | None]:
    head = title[: found.start()]
    tail = title[found.end() :]
    # 温县人民政府信息公开...: the government's own last two characters were taken for the subject's first two.
    if found.group().startswith("政府信息公开") and head.endswith("人民"):
        head += "政府"
    head = words.spans.sub("", head)
    # The year nearest to the report's words decides: before them, inside them, then behind them.
    in_head = list(_years(head, words))
    if in_head:
        year: int | None = in_head[-1][0]
    else:
        year = _first_year(found.group(), words) or _first_year(tail, words)
    for _, start, end in reversed(in_head):  # from the end, so that the places before stay right
        rest = head[end:]
        follows = words.followed_by.match(rest)
        if follows:
            rest = rest[follows.end() :]
        head = head[:start] + rest
    return _agency(head, words) or _agency_behind(tail), year


def _agency_behind(tail: str) -> str | None:
    """The publisher where it stands behind the report's words, in brackets or without: 年度报告（市教育局）."""
    bracket = _BEHIND.match(tail)
    if bracket is None or not _ENDS_LIKE_BODY.search(bracket.group(1)):
        return None
    return bracket.group(1)


def _agency(head: str, words: _Words) -> str | None:
    head = head.strip(_AROUND)
    before = None
    while before != head:
        before = head
        for word in words.connecting:
            if head.endswith(word) and head != word:
                head = head.removesuffix(word)
            elif head.startswith(word):
                head = head.removeprefix(word)
        head = head.strip(_AROUND)
    # 温县人民政府关于公布《...: what follows the connecting word is not part of the name.
    for word in words.connecting:
        if word.startswith("关于") and word in head:
            head = head.split(word)[0]
    head = head.strip(_AROUND)
    if head.count("(") > head.count(")"):
        head += ")"  # 市场监督管理局(知识产权局): the second name's bracket was taken for one around the name
    return head if _TWO_LETTERS.search(head) else None


def _without_site(text: str, words: _Words) -> tuple[str, str | None]:
    """Part the title from the names around it, where one part alone holds the report's words."""
    parts = [part for part in words.separators.split(text) if part]
    if len(parts) < 2:
        return (parts[0] if parts else text), None
    bearing = [index for index, part in enumerate(parts) if words.report.search(part)]
    if not bearing:
        # A statistics page is parted only from what names a site: anything else around it may be its publisher or year.
        named = [index for index, part in enumerate(parts) if not words.site.search(part)]
        bearing = named if len(named) == 1 and words.annex.search(parts[named[0]]) else []
    if len(bearing) > 1:
        # "...年度报告-信息公开年度报告": a column is named like what it holds, but names neither year nor agency.
        telling = [i for i in bearing if list(_years(parts[i], words)) or not words.report.match(parts[i])]
        bearing = telling[:1] or bearing[:1]
    if not bearing:
        return text, None
    chosen = bearing[0]
    others = [part for index, part in enumerate(parts) if index != chosen]
    return parts[chosen], "-".join(others)


def _trim(title: str, words: _Words) -> str:
    before = None
    while before != title:
        before = title
        for pattern in (*words.leading, *words.trailing):
            title = pattern.sub("", title, count=1) or title
    if title[:1] in tuple(_OPENING) and title[-1:] in tuple(_CLOSING):
        title = title[1:-1]
    return title


def _lookalike(title: str, words: _Words) -> str | None:
    return next((entry.reason for entry in words.lookalikes if entry.fits(title)), None)


def _first_year(title: str, words: _Words) -> int | None:
    return next((year for year, _, _ in _years(title, words)), None)


def _years(text: str, words: _Words) -> Iterator[tuple[int, int, int]]:
    """Plausible years with where they stand, in order."""
    found: list[tuple[int, int, int]] = []
    for pattern in (words.digits, words.chinese):
        for match in pattern.finditer(text):
            if words.not_followed_by.match(text, match.end()):
                continue
            year = int(match.group("year").translate(_CHINESE_DIGITS))
            overlaps = any(start < match.end() and match.start() < end for _, start, end in found)
            if year in words.years and not overlaps:
                found.append((year, match.start("year"), match.end("year")))
    yield from sorted(found, key=lambda entry: entry[1])


def only_announces(title: str, text: str) -> bool:
    """Whether a document with this title and text announces a report and does not bring it."""
    words = _words(facts_file("titles.yaml"))
    return bool(words.announcement.search(fold(title))) and not words.brings.search(text)


@functools.lru_cache(maxsize=4)
def _words(path: Path) -> _Words:
    facts = load_facts(path, _TitleFacts)
    report, years = facts.report, facts.years
    marks = "|".join(re.escape(mark) for mark in facts.site.separators)
    year = rf"(?:[(（\[]?(?:{_nameless(years.digits)}|{_nameless(years.chinese)})(?:年度|年|度)?[)）\]]?)"
    middle = rf"(?:{report.between}|{year})*"
    return _Words(
        report=re.compile(rf"(?:{report.subject}){middle}(?:{report.word})"),
        word=re.compile(report.word),
        subject=re.compile(report.subject),
        cut_off=re.compile(rf"(?:{report.subject}){middle}(?:报|工|年)?$"),
        leading=tuple(re.compile(pattern) for pattern in report.leading),
        trailing=tuple(re.compile(pattern, re.IGNORECASE) for pattern in report.trailing),
        connecting=report.connecting,
        # A mark between two digits belongs to a date or a span of years.
        separators=re.compile(rf"(?<!\d)(?:{marks})|(?:{marks})(?!\d)"),
        site=re.compile(facts.site.names),
        digits=re.compile(years.digits),
        chinese=re.compile(years.chinese),
        periods=tuple(re.compile(pattern) for pattern in years.periods),
        spans=re.compile(years.spans),
        not_followed_by=re.compile(years.not_followed_by),
        followed_by=re.compile(years.followed_by),
        years=range(years.earliest, years.latest + 1),
        corrected=re.compile(facts.corrected),
        announcement=re.compile(facts.announcement.title),
        brings=re.compile(facts.announcement.brings, re.IGNORECASE),
        lookalikes=tuple(map(_resemblance, facts.lookalikes)),
        headlines=tuple(re.compile(entry.pattern) for entry in facts.lookalikes if entry.headline),
        annex=re.compile("|".join(entry.pattern for entry in facts.lookalikes if entry.reason == _PART_OF_REPORT)),
    )


def _resemblance(entry: _Lookalike) -> _Resemblance:
    unless = re.compile(entry.unless) if entry.unless else None
    return _Resemblance(entry.reason, re.compile(entry.pattern), unless)


def _nameless(pattern: str) -> str:
    return pattern.replace("?P<year>", "?:")
