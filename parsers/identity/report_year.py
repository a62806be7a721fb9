"""For which year a report is: by its title, then the period of its figures, then the column, then its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.identity.evidence.collected import Evidence, TitleStatement
from parsers.identity.evidence.words import load_words
from parsers.identity.titles import read_title, years_in
from parsers.record import Issue

# Where nothing else says the year, the first one in the text is taken: from so many lines, so many characters each.
_LINES_WITH_YEAR = 60
_CHARACTERS_WITH_YEAR = 1000


@dataclass(frozen=True, slots=True)
class YearStatement:
    """A year and what says it."""

    year: int
    source: str


@dataclass(frozen=True, slots=True)
class YearChoice:
    """The year that is believed, if any; ``issue`` where nothing says one, or another statement contradicts it."""

    chosen: YearStatement | None
    issue: Issue | None = None

    @property
    def year(self) -> int | None:
        """The report's year."""
        return self.chosen.year if self.chosen is not None else None


def choose_year(evidence: Evidence, titles: Sequence[TitleStatement], period: tuple[int, int] | None) -> YearChoice:
    """Decide the report's year.

    Args:
        evidence: what the document and its caller say.
        titles: in the order in which they are believed.
        period: what `find_period` gives.
    """
    stated = _collect_years(evidence, titles, period)
    if not stated:
        return YearChoice(None, Issue("year_missing", "no report year could be read"))
    chosen = stated[0]
    # Only what is printed for this one report contradicts it: columns hold several years, sentences speak of others.
    for other in stated:
        if other.year != chosen.year and other.source in {"period", "header"}:
            message = f"the {chosen.source} says {chosen.year}, the {other.source} says {other.year}"
            return YearChoice(chosen, Issue("year_conflict", message))
    return YearChoice(chosen)


def find_period(lines: Sequence[str]) -> tuple[int, int] | None:
    """First and last year of the period that the figures cover (from 1 January to 31 December)."""
    pattern = re.compile(load_words().period)
    for line in lines:
        match = pattern.search(line)
        if match is None:
            continue
        first = read_title(match.group("first") + "年").year
        last = read_title((match.group("last") or match.group("first")) + "年").year
        if first is not None and last is not None:
            return first, last
    return None


def _collect_years(
    evidence: Evidence, titles: Sequence[TitleStatement], period: tuple[int, int] | None
) -> list[YearStatement]:
    """All that says a year, in the order in which it is believed."""
    printed = [title for title in titles if title.source != "text"]
    named_in_text = [title for title in titles if title.source == "text"]
    stated = _years_of(printed)
    if period is not None and period[0] == period[1]:
        stated.append(YearStatement(period[0], "period"))
    if evidence.hints.year is not None:
        stated.append(YearStatement(evidence.hints.year, "column"))
    stated += _years_of(named_in_text)
    if stated:
        return stated
    for line in evidence.lines[:_LINES_WITH_YEAR]:
        years = years_in(line[:_CHARACTERS_WITH_YEAR])
        if years:
            return [YearStatement(years[0], "text")]
    return []


def _years_of(titles: Sequence[TitleStatement]) -> list[YearStatement]:
    return [YearStatement(title.reading.year, title.source) for title in titles if title.reading.year]
