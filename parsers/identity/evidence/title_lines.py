"""Titles that the first lines of a text make, and reports that its first paragraphs name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parsers.identity import agencies, divisions
from parsers.identity.evidence.page_header import is_labelled
from parsers.identity.evidence.words import load_words
from parsers.identity.titles import TitleReading, read_title

_MOST_LINES = 3  # over which one title is printed
_SENTENCE_MARK = re.compile(r"[,，。;；!！?？]")
_CLAUSE_MARK = re.compile(r"[,，。;；:：《》<>]")
_QUOTED_REPORT = re.compile(r"[《<〈]([^《》<>〈〉]{8,60}(?:报告|年报))[》>〉]")
_WORDS_OF_A_REPORT = re.compile(r".*?公开.*?(?:报告|年报)")


class _Rating(NamedTuple):
    """How good a reading of some lines is. Compared field by field: what stands first decides first."""

    has_place: bool
    has_year: bool
    has_body: bool
    place_length: int  # a line may end within a name: 河南省 is read from it where 河南省焦作市 is printed
    fewer_lines: int
    earlier: int


def rank_title_lines(lines: Sequence[str]) -> list[TitleReading]:
    """Titles that the first lines make, alone or two or three together, best first.

    Args:
        lines: the opening of the text.
    """
    rated: list[tuple[_Rating, TitleReading]] = []
    for start in range(min(len(lines), load_words().reach.title_lines)):
        for reading, count in _read_from(lines, start):
            rated.append((_rate(reading, start, count), reading))
    rated.sort(key=lambda entry: entry[0], reverse=True)
    return [reading for _, reading in rated]


def find_named_reports(paragraphs: Sequence[str]) -> Iterator[TitleReading]:
    """Titles of annual reports that the first paragraphs name with their publisher.

    现发布《河北省教育厅2016年度政府信息公开工作报告》, or a title that runs into its paragraph. A sentence that only
    speaks of a report (我厅编写了2019年...报告) names no publisher and gives nothing. What stands in quotation marks is
    a name even where it has no place in it (《榆盘镇2021年...》).
    """
    for paragraph in paragraphs:
        for quoted in _QUOTED_REPORT.findall(paragraph):
            reading = read_title(quoted)
            if _names_publisher_and_year(reading, must_have_place=False):
                yield reading
        for clause in _CLAUSE_MARK.split(paragraph):
            words = _WORDS_OF_A_REPORT.match(clause)
            if words is None:
                continue
            reading = read_title(re.sub(load_words().announced, "", words.group()))
            if _names_publisher_and_year(reading, must_have_place=True):
                yield reading


def _read_from(lines: Sequence[str], start: int) -> Iterator[tuple[TitleReading, int]]:
    """Readings of one, two and three lines from ``start``, with how many lines; ends where the title must end."""
    words = load_words()
    for count in range(1, _MOST_LINES + 1):
        parts = lines[start : start + count]
        joined = "".join(parts)
        if len(parts) < count or len(joined) > words.reach.title_length or _SENTENCE_MARK.search(joined):
            return
        if re.search(words.not_titles, joined) or is_labelled(parts[-1]):
            return
        reading = read_title(joined)
        if reading.kind == "other":
            continue
        if count > 1 and parts[-1][0] not in "(【[" and read_title("".join(parts[:-1])).reason == "report_words":
            return  # the title ended on the line before
        yield reading, count


def _rate(reading: TitleReading, start: int, count: int) -> _Rating:
    agency = agencies.read_agency(reading.agency, reading.year) if reading.agency else None
    place = divisions.load().read(agency.raw, reading.year) if agency is not None else None
    return _Rating(
        has_place=agency is not None and agency.placed,
        has_year=reading.year is not None,
        has_body=agency is not None,
        place_length=place.length if place is not None else 0,
        fewer_lines=-count,
        earlier=-start,
    )


def _names_publisher_and_year(reading: TitleReading, *, must_have_place: bool) -> bool:
    if reading.kind != "annual_report" or not reading.year or not reading.agency:
        return False
    agency = agencies.read_agency(reading.agency, reading.year)
    return agency is not None and (agency.placed or not must_have_place)
