"""Everything that a document and its caller say of publisher, year, place and day: read once, not judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.document import Document
from parsers.identity import divisions
from parsers.identity.evidence.page_header import PageHeader, read_page_header
from parsers.identity.evidence.passages import first_paragraphs, read_lines, read_opening
from parsers.identity.evidence.title_lines import find_named_reports, rank_title_lines
from parsers.identity.evidence.words import load_words
from parsers.identity.titles import TitleReading, read_title
from parsers.record import Hints, Section

_BEGINNING = 40  # lines: the title, its bar and the first section; further down other places are spoken of
_NO_DIVISION = "000000"  # what sites write who have no code


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the steps of `parsers.identity.identity` weigh.

    Attributes:
        meta: meta tags of the page, as they stand.
        hints: what the caller knows.
        sections: the official sections that were found.
        lines: all texts outside of tables.
        opening: the lines above the first heading.
        paragraphs: the first paragraphs.
        header: what stands behind labels.
    """

    meta: Mapping[str, str]
    hints: Hints
    sections: Sequence[Section]
    lines: Sequence[str]
    opening: Sequence[str]
    paragraphs: Sequence[str]
    header: PageHeader

    @property
    def beginning(self) -> Sequence[str]:
        """The first lines of the text."""
        return self.lines[:_BEGINNING]

    @property
    def within(self) -> str | None:
        """The division that the portal or column stands for, if the caller knows it."""
        return self.hints.division or None

    def meta_values(self, names: Sequence[str]) -> list[str]:
        """What the meta tags of these names say, empty ones left out."""
        values = [self.meta.get(name, "").strip() for name in names]
        return [value for value in values if value]

    def site_division(self) -> str | None:
        """The division at the start of the site's code (confirmed for county and province sites; portals.md 3)."""
        for text in self.meta_values(load_words().meta.site_code):
            code = text.strip()[:6]
            if divisions.load().get(code) is not None and code != _NO_DIVISION:
                return code
        return None


@dataclass(frozen=True, slots=True)
class TitleStatement:
    """A title and where it stands: ``title``, ``header``, ``page_meta``, ``list_title`` or ``text``."""

    reading: TitleReading
    source: str


def collect_evidence(document: Document, sections: Sequence[Section], hints: Hints) -> Evidence:
    """Read a document for what it says of itself."""
    lines = read_lines(document)
    return Evidence(
        meta=document.meta,
        hints=hints,
        sections=sections,
        lines=lines,
        opening=read_opening(document, sections),
        paragraphs=first_paragraphs(lines),
        header=read_page_header(document),
    )


def collect_titles(evidence: Evidence) -> list[TitleStatement]:
    """All titles, those without the words of a report left out, in the order in which they are believed.

    What is printed above the text comes before what a template wrote around it (``page_meta`` holds the name of the
    site and may be of another page), and both before what a sentence names in passing.
    """
    found = [TitleStatement(reading, "title") for reading in rank_title_lines(evidence.opening)]
    found += [TitleStatement(read_title(text), "header") for text in evidence.header.title]
    for text in evidence.meta_values(load_words().meta.title):
        found.append(TitleStatement(read_title(text), "page_meta"))
    if evidence.hints.list_title:
        found.append(TitleStatement(read_title(evidence.hints.list_title), "list_title"))
    found += [TitleStatement(reading, "text") for reading in find_named_reports(evidence.paragraphs)]
    return [title for title in found if title.reading.kind != "other"]
