"""Which links belong to the report that another link of the list names: twins in another form, statistics pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.cms import Row
from crawler.words import link_words

if TYPE_CHECKING:
    from crawler.judgement import Verdict


def part_of_report(row: Row, verdict: Verdict, judged: Iterable[tuple[Row, Verdict]]) -> Verdict:
    """A statistics page belongs to the report of its year that stands in the same list, on whatever page of it.

    One that names nobody belongs to the only body that reports for that year, or to the report of the same day.
    """
    reading = verdict.reading
    if verdict.reason != "statistics_page" or reading is None or reading.year is None:
        return verdict
    if not re.search(r"信息公开|政务公开", reading.title):
        return verdict
    whose = re.split(r"20\d\d", reading.title)[0]
    named = re.split(r"政府信息|政务|信息公开", whose)[0]
    reports = [
        (other, found.reading.agency or "")
        for other, found in judged
        if found.decision == "follow" and found.reading and found.reading.year == reading.year and not found.twin_of
    ]
    if named:
        reports = [(o, a) for o, a in reports if not a or whose.startswith(a[:2]) or a.startswith(whose[:2])]
    elif len({agency for _, agency in reports}) > 1:
        reports = [(other, agency) for other, agency in reports if row.date and other.date == row.date]
        if len(reports) > 1:
            return verdict
    if not reports:
        return verdict
    return replace(verdict, decision="follow", reason="statistics_of_report", part_of=reports[0][0].url)


def twin(row: Row, verdict: Verdict, judged: Sequence[tuple[Row, Verdict]]) -> Verdict:
    """The same report in another form: a mobile page, or a PDF or Word file in the same row or under the same title."""
    if verdict.decision != "follow" or verdict.part_of or row.url is None:
        return verdict
    plain = link_words().mobile.sub(lambda match: "post_" if match.group().startswith("mpost") else "", row.url)
    pages = [(other, found) for other, found in judged if found.decision == "follow" and not found.file and other.url]
    if plain != row.url and any(other.url == plain for other, _ in pages):
        return replace(verdict, reason="mobile_twin", twin_of=plain)
    if verdict.file:
        name = verdict.reading.title if verdict.reading else None
        for other, found in pages:
            if found.reading and name and found.reading.title == name:
                return replace(verdict, reason="file_twin", twin_of=other.url)
        first = next(
            (o for o, f in judged if f.file and f.decision == "follow" and f.reading and f.reading.title == name), None
        )
        if first is not None and first.url != row.url:
            return replace(verdict, reason="file_twin", twin_of=first.url)
    return verdict
