"""Which links belong to the report that another link of the list names: twins in another form, statistics pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.cms import Link
from crawler.wording import link_words

if TYPE_CHECKING:
    from crawler.discovery.decision import LinkDecision


def part_of_report(link: Link, verdict: LinkDecision, judged: Iterable[tuple[Link, LinkDecision]]) -> LinkDecision:
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
        reports = [(other, agency) for other, agency in reports if link.date and other.date == link.date]
        if len(reports) > 1:
            return verdict
    if not reports:
        return verdict
    return replace(verdict, decision="follow", reason="statistics_of_report", part_of=reports[0][0].url)


@dataclass(frozen=True, slots=True)
class Followed:
    """What the links of one list page lead to, by what twins are told by; made once for a page.

    Attributes:
        pages: addresses of pages that are followed; page_of, file_of: the first page and file of a title.
    """

    pages: frozenset[str]
    page_of: Mapping[str, str]
    file_of: Mapping[str, str]

    @classmethod
    def of(cls, judged: Iterable[tuple[Link, LinkDecision]]) -> Followed:
        """The links that are followed, of all."""
        pages: dict[str, str] = {}
        files: dict[str, str] = {}
        urls = set()
        for link, verdict in judged:
            if verdict.decision != "follow" or not link.url:
                continue
            if not verdict.file:
                urls.add(link.url)
            if verdict.reading:
                (files if verdict.file else pages).setdefault(verdict.reading.title, link.url)
        return cls(frozenset(urls), pages, files)


def find_twin(link: Link, verdict: LinkDecision, known: Followed) -> LinkDecision:
    """The same report in another form: a mobile page, or a PDF or Word file in the same row or under the same title."""
    if verdict.decision != "follow" or verdict.part_of or link.url is None:
        return verdict
    plain = link_words().mobile.sub(lambda match: "post_" if match.group().startswith("mpost") else "", link.url)
    if plain != link.url and plain in known.pages:
        return replace(verdict, reason="mobile_twin", twin_of=plain)
    if verdict.file:
        name = verdict.reading.title if verdict.reading else ""
        first = known.page_of.get(name) if name else None
        first = first or known.file_of.get(name)
        if first is not None and first != link.url:
            return replace(verdict, reason="file_twin", twin_of=first)
    return verdict
