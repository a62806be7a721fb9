"""Who published a report, for which year and place, and when.

Every field goes by an order of evidence, and the record says which evidence won (`Identity.sources`): for the agency
the title, then what the caller knows, then sentences by which the text speaks of its publisher, the signature and the
page's header; for the division the name itself, told from its namesakes by what the caller or the page knows; for the
year the title, then the period of the figures, then the column, then the text. What cannot be told for certain stays
open and is an issue. Names, numbers and addresses of persons are not looked at. How and why: docs/identity.md.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Document
from parsers.identity.agencies import Agency
from parsers.identity.evidence.collected import Evidence, TitleStatement, collect_evidence, collect_titles
from parsers.identity.evidence.words import load_words
from parsers.identity.place import PlaceChoice, choose_place
from parsers.identity.publication import PublicationChoice, choose_publication_day
from parsers.identity.publisher import Publisher, choose_publisher, write_with_place
from parsers.identity.report_year import YearChoice, choose_year, find_period
from parsers.identity.titles import TitleReading, fold
from parsers.record import DateKind, Division, Hints, Issue, Section

_ABOUT_REPORTS = {"explainer", "notice"}
_SCOPE_LINES = 25  # of a text without the first section, which says whose activity is counted
_SCOPE_CHARACTERS = 6000


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known about a report beside its figures.

    Attributes:
        title: folded (no blanks, half-width), without the name of the site.
        title_kind, title_reason: as `parsers.identity.titles.TitleReading`; None when the document has no title.
            A title with neither publisher nor year is ``bare``: columns are called so, too.
        scope: ``own_agency``, ``jurisdiction`` or ``unclear``.
        period: first and last year of the statistic period the text states.
        sources: (field, evidence) pairs; evidence is one of title, header, page_meta, list_title, publisher,
            first_sentence, sign_off, site, hint, period, column, text.
    """

    title: str | None
    title_kind: str | None
    title_reason: str | None
    agency_name: str | None
    agency_kind: str | None
    division: Division | None
    year: int | None
    scope: str
    published_on: str | None
    published_on_kind: DateKind | None
    period: tuple[int, int] | None
    sources: tuple[tuple[str, str], ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class _TitleChoice:
    """The title that is believed, if any."""

    chosen: TitleStatement | None
    issue: Issue | None = None


def identify(document: Document, sections: Sequence[Section] = (), hints: Hints | None = None) -> Identity:
    """Read a document's identity.

    Args:
        document: as `parsers.formats.read_document` gives it.
        sections: the sections found in it, if any; their headings end the title part.
        hints: what the caller knows.
    """
    evidence = collect_evidence(document, sections, hints or Hints())
    titles = collect_titles(evidence)
    title = _choose_title(titles)
    period = find_period(evidence.beginning)
    year = choose_year(evidence, titles, period)
    publisher = choose_publisher(evidence, titles, year.year)
    place = choose_place(evidence, publisher, year.year)
    publication = choose_publication_day(evidence, year.year)
    agency = publisher.agency if publisher is not None else None
    if agency is not None and place.division is not None:
        agency = write_with_place(agency, place.division, year.year)
    reading = title.chosen.reading if title.chosen is not None else None
    published = publication.chosen
    return Identity(
        title=reading.title if reading is not None else None,
        title_kind=_title_kind(reading, agency, year.year) if reading is not None else None,
        title_reason=reading.reason if reading is not None else None,
        agency_name=agency.name if agency is not None else None,
        agency_kind=agency.kind if agency is not None else None,
        division=place.division,
        year=year.year,
        scope=_read_scope(evidence, agency),
        published_on=published.day.isoformat() if published is not None else None,
        published_on_kind=published.kind if published is not None else None,
        period=period,
        sources=_name_sources(title, year, publisher, place, publication),
        issues=_collect_issues(title, year, publisher, place, publication),
    )


def of_nobody(found: Identity) -> Identity:
    """The identity of a document that is none of the reports it names: what was found is of one of them."""
    return dataclasses.replace(
        found,
        title=None,
        title_kind=None,
        title_reason=None,
        agency_name=None,
        agency_kind=None,
        division=None,
        year=None,
        scope="unclear",
        published_on=None,
        published_on_kind=None,
        period=None,
        sources=(),
        issues=(),
    )


def _choose_title(titles: Sequence[TitleStatement]) -> _TitleChoice:
    """The title of the document: a report's before a look-alike's, a whole one before one that was cut off."""
    named = [title for title in titles if title.reading.kind == "annual_report"]
    reports = [title for title in named if title.reading.reason != "cut_off"]
    # 图解:温县2023年...报告: what explains a report names it too, and is none.
    explains = any(title.reading.reason in _ABOUT_REPORTS and title.source != "text" for title in titles)
    if explains and all(title.source == "text" for title in reports):
        reports = []
    if reports:
        return _TitleChoice(reports[0])
    if not titles:
        return _TitleChoice(None, Issue("title_missing", "the document has no title that names it an annual report"))
    first = titles[0]
    if first.reading.kind != "lookalike":
        return _TitleChoice(first)
    message = f"the title is that of another kind of document ({first.reading.reason})"
    return _TitleChoice(first, Issue("title_of_other_document", message))


def _title_kind(title: TitleReading, agency: Agency | None, year: int | None) -> str:
    nameless = title.agency is None and title.year is None
    if title.kind == "annual_report" and nameless and (agency is None or year is None):
        return "bare"
    return title.kind


def _read_scope(evidence: Evidence, agency: Agency | None) -> str:
    """Whose activity the report counts: the publisher's alone, or that of all bodies below it."""
    if agency is None or agency.kind is None:
        return "unclear"
    words = load_words().scope
    text = "".join(section.text for section in evidence.sections if section.number == 1)
    text = fold(text or "".join(evidence.lines[:_SCOPE_LINES]))[:_SCOPE_CHARACTERS]
    if agency.kind in words.jurisdiction_kinds:
        return "jurisdiction" if re.search(words.jurisdiction, text) else "unclear"
    return "own_agency" if re.search(words.own_agency, text) else "unclear"


def _name_sources(
    title: _TitleChoice,
    year: YearChoice,
    publisher: Publisher | None,
    place: PlaceChoice,
    publication: PublicationChoice,
) -> tuple[tuple[str, str], ...]:
    """What won for each field, in the order in which the fields were decided."""
    sources: dict[str, str] = {}
    if title.chosen is not None:
        sources["title"] = title.chosen.source
    if year.chosen is not None:
        sources["year"] = year.chosen.source
    if publisher is not None:
        # The place of a name without one is found before the name is believed, and may be decided otherwise below.
        if publisher.place_source is not None:
            sources["division"] = publisher.place_source
        sources["agency"] = publisher.source
    if place.source is not None:
        sources["division"] = place.source
    if publication.chosen is not None:
        sources["published_on"] = publication.chosen.kind
    return tuple(sources.items())


def _collect_issues(
    title: _TitleChoice,
    year: YearChoice,
    publisher: Publisher | None,
    place: PlaceChoice,
    publication: PublicationChoice,
) -> tuple[Issue, ...]:
    """What every step has to say, in the order of the steps."""
    if publisher is None:
        publisher_issue: Issue | None = Issue("agency_missing", "nothing in the document names its publisher")
    else:
        publisher_issue = publisher.issue
    told = (title.issue, year.issue, publisher_issue, place.issue)
    return (*(issue for issue in told if issue is not None), *publication.issues)
