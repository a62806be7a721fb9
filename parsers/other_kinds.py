"""Documents that hold the tables of a report and are none: drafts, parts of a year, volumes of several bodies, stories.

Their figures may change, are of another period, or are of several bodies. What they are is said by the headline, which
is the first line that names a report or its statistics, or by a line of its own below it; a report that only speaks of
drafts, quarters or volumes stays one. Words: ``lookalikes`` in ``titles.yaml``, ``others`` in ``reading.yaml``.
"""

from __future__ import annotations

import functools
import re

from parsers.document import Document, Text
from parsers.forms.templates import OtherFacts, Templates
from parsers.identity.examples import opening_lines
from parsers.identity.titles import fold, kinds_of_headline, read_title
from parsers.several import bodies_of_reports

_LONGEST = 90  # characters of a headline
_SENTENCE = re.compile(r"[,，。;!?]")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}[、.,]")
_OFFICIAL_HEADING = re.compile(r"[一二三四五六]、[^,，。;；]{2,28}")
_HEADINGS_OF_A_REPORT = 3
_MARK = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]$")
_SAID = {
    "draft": "a draft",
    "part_year_report": "of a part of the year",
    "collection": "a volume of reports of several bodies",
    "explainer": "a story that retells a report",
}


def other_kind(document: Document, forms: Templates) -> tuple[str, str] | None:
    """What a document says that it is, in words, and the line that says it; None where nothing makes it no report.

    Args:
        document: as `parsers.formats.read_document` gives it, whole.
        forms: to tell reports within a volume.
    """
    words = _words(forms.reading.others)
    lines: list[str] = []
    for line in opening_lines(document):
        if _HEADING.match(line):
            break
        if len(line) <= _LONGEST and not _SENTENCE.search(line):
            lines.append(line)
    titles = [line for line in lines if (title := read_title(line)).kind == "annual_report" and title.year is not None]
    for at, line in enumerate(lines):
        kinds = kinds_of_headline(line)
        if words.draft.search(line) or ("draft" in kinds and all(_is_same(line, title) for title in titles)):
            return _SAID["draft"], line
        if not titles and ("part_year_report" in kinds or words.part_of_year.search(line)):
            return _SAID["part_year_report"], line
        if not titles and "explainer" in kinds and not _has_headings(document):
            return _SAID["explainer"], line
        volume = "collection" in kinds and not any(title in titles for title in lines[:at])
        if volume and len(bodies_of_reports(document, forms)) > 1:
            return _SAID["collection"], line
    return None


def _has_headings(document: Document) -> bool:
    """Whether a document has the sections of a report, whatever its headline calls it."""
    texts = (fold(block.text) for block in document.blocks if isinstance(block, Text) and len(block.text) <= _LONGEST)
    return sum(_OFFICIAL_HEADING.fullmatch(text) is not None for text in texts) >= _HEADINGS_OF_A_REPORT


def _is_same(draft: str, title: str) -> bool:
    """Whether a title is that of a draft without the mark of it: crumbs and page titles leave it out."""
    return _MARK.sub("", draft) in {title, _MARK.sub("", title)}


class _Words:
    """The facts, compiled."""

    def __init__(self, facts: OtherFacts) -> None:
        self.draft = re.compile(facts.draft)
        self.part_of_year = re.compile(facts.part_of_year)


@functools.lru_cache(maxsize=4)
def _words(facts: OtherFacts) -> _Words:
    return _Words(facts)
