"""Which year a text is about, and which year a number in it belongs to."""

from __future__ import annotations

import re

from parsers.document import Document
from parsers.prose.words import NeverWords, ProseWords

_YEAR = re.compile(r"(20[0-9]{2})年|本年|今年")
_QUOTED = re.compile(r"《[^》]*》")  # the year in the name of an order is not the report's
_TITLE = re.compile(r"(20[0-9]{2})年(?:度)?[^，。]{0,30}(?:年度报告|工作报告|年报|公开报告)")
_PERIOD = re.compile(r"(20[0-9]{2})年1月1日")
_BEGINS_WITH_YEAR = re.compile(r"(20[0-9]{2})年")
_FIRST_LINES = 12
_ANNEX_YEARS = range(2014, 2019)  # 2014 to 2018: the years for which the statistics annex was asked


def find_report_year(document: Document) -> int | None:
    """The year the report is about, as its title, its statement of the period or a first line says."""
    lines = [_without_blanks(text.text) for text in document.texts()]
    first = lines[:_FIRST_LINES]
    titles = [document.meta.get("articletitle", ""), *first, document.meta.get("title", "")]
    for title in titles:
        if match := _TITLE.search(_QUOTED.sub("", title)):
            return int(match.group(1))
    for line in lines:
        if match := _PERIOD.search(_QUOTED.sub("", line)):
            return int(match.group(1))
    for line in first:
        if match := _BEGINS_WITH_YEAR.match(line):
            return int(match.group(1))
    return None


def is_of_year(text: str, position: int, never: NeverWords, year: int | None) -> bool:
    """Whether what stands at ``position`` of a sentence is about the report's whole year.

    The year named last before it decides; without one, or where the report's year is not known, it is taken for it.
    """
    before = _QUOTED.sub("", text[:position])
    if re.search(never.part_of_year, before) or re.search(never.over_years, before):
        return False
    named = _YEAR.findall(before)
    if not named or year is None:
        return True
    return named[-1] == "" or int(named[-1]) == year  # "": 本年, 今年


def quotes_annex(document: Document, words: ProseWords, year: int | None) -> bool:
    """Whether the text tells the numbers of the statistics annex of 2014: by its year, or by naming the annex."""
    if year in _ANNEX_YEARS:
        return True
    text = _without_blanks("\n".join(block.text for block in document.texts()))
    return re.search(words.narrative_2014.cites, text) is not None


def _without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)
