"""Several reports in one document: where the one that is read begins and ends, and what else the document holds.

A collection prints one report behind the other, each under its own title; an annex may be the report of another year.
A title counts where a report follows it: figures of a form, or headings. A list of titles alone (links, a table of
contents) parts nothing. What the figures of two reports without titles of their own are, is told in `tables.merge`.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from parsers.document import Document, Text
from parsers.forms.templates import Templates
from parsers.identity import agencies
from parsers.identity.titles import TitleReading, fold, read_title
from parsers.record import Issue
from parsers.tables import read_tables

_LONGEST_TITLE = 70
_SENTENCE = re.compile(r"[,，。;；!！?？]")
_HEADING = re.compile(r"^[(（]?[一二三四五六七八九十]{1,2}[)）、.,:]\S{2,28}$")
_CELLS_OF_A_REPORT = 5
_HEADINGS_OF_A_REPORT = 2
_ENTRIES_OF_A_LIST = 4
_OWN_TITLES = ("title", "articletitle", "article:title", "og:title")
_BLOCKS_OF_AN_ENTRY = 2  # its title and its date


@dataclass(frozen=True, slots=True)
class _Part:
    """Blocks from one title to the next; the first part begins with the document."""

    first: int
    end: int
    title: TitleReading
    block: Text


def first_report(document: Document, forms: Templates, year: int | None = None) -> tuple[Document, tuple[Issue, ...]]:
    """The document with one report in it, and an issue for each of the others.

    Args:
        document: as `parsers.formats.read_document` gives it.
        forms: to tell tables of a report from others.
        year: the report that is asked for, where the caller knows it; else the first one is read.
    """
    reports = _reports(document, forms)
    if len(reports) < 2:
        return document, ()
    chosen = next((part for part in reports if year is not None and part.title.year == year), reports[0])
    first = 0 if chosen is reports[0] else chosen.first
    following = [part for part in reports if part is not chosen]
    # What stands between two reports (links, the title of an empty annex) belongs to none of them.
    end = min((part.first for part in following if part.first > chosen.first), default=len(document.blocks))
    issues = tuple(
        Issue(
            "further_report",
            f"another report stands in the same document and was not read: {part.block.text.strip()}",
            part.block.locator,
        )
        for part in following
    )
    return dataclasses.replace(document, blocks=document.blocks[first:end]), issues


def bodies_of_reports(document: Document, forms: Templates) -> frozenset[str]:
    """The bodies of the reports that a document holds under titles of their own; empty where it holds one alone."""
    found = (_key(part.title)[1] for part in _reports(document, forms))
    return frozenset(body for body in found if body is not None)


def listed_reports(document: Document) -> int:
    """How many different reports the lines of a list name, where all titles of a document are its entries; else 0.

    A page of one report names others at its foot, and may bring its own as a picture or a file: its title stands in the
    page's head, or is set as a heading.
    """
    parts = _parts(document)
    titles = [read_title(document.meta.get(name, "")) for name in _OWN_TITLES]
    own = any(title.kind == "annual_report" and title.year is not None for title in titles) or document.images > 0
    if own or len(parts) < _ENTRIES_OF_A_LIST or len({part.block.heading for part in parts}) > 1:
        return 0
    close = all(part.end - part.first <= _BLOCKS_OF_AN_ENTRY for part in parts[:-1])
    return len({_key(part.title) for part in parts}) if close else 0


def _reports(document: Document, forms: Templates) -> list[_Part]:
    """The reports that stand in a document under titles of their own; none where all titles are of one."""
    parts = _parts(document)
    reports: list[_Part] = []
    if len({_key(part.title) for part in parts}) < 2:
        return reports
    for part in parts:
        if not _is_report(document, part, forms):
            continue
        if reports and _same(reports[-1].title, part.title):
            reports[-1] = dataclasses.replace(reports[-1], end=part.end)
        else:
            reports.append(part)
    return reports


def _parts(document: Document) -> list[_Part]:
    titles: list[tuple[int, TitleReading, Text]] = []
    for at, block in enumerate(document.blocks):
        if not isinstance(block, Text) or len(block.text) > _LONGEST_TITLE or _SENTENCE.search(block.text):
            continue
        title = read_title(block.text)
        if title.kind == "annual_report" and title.year is not None:
            titles.append((at, title, block))
    ends = [*(at for at, _, _ in titles), len(document.blocks)][1:]
    return [_Part(at, end, title, block) for (at, title, block), end in zip(titles, ends, strict=True)]


def _is_report(document: Document, part: _Part, forms: Templates) -> bool:
    blocks = document.blocks[part.first : part.end]
    texts = (fold(block.text) for block in blocks if isinstance(block, Text) and len(block.text) <= _LONGEST_TITLE)
    if sum(_HEADING.match(text) is not None for text in texts) >= _HEADINGS_OF_A_REPORT:
        return True
    return len(read_tables(dataclasses.replace(document, blocks=blocks), forms).figures) >= _CELLS_OF_A_REPORT


def _key(title: TitleReading) -> tuple[int | None, str | None]:
    agency = agencies.read_agency(title.agency, title.year) if title.agency else None
    return title.year, agencies.key(agency.name) if agency is not None else title.agency


def _same(one: TitleReading, other: TitleReading) -> bool:
    """Whether two titles can be of one report: a title may leave out whose it is."""
    (year, agency), (other_year, other_agency) = _key(one), _key(other)
    return year == other_year and (agency == other_agency or agency is None or other_agency is None)
