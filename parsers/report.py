"""Bytes to an `AnnualReport`: the steps of reading, in order."""

from __future__ import annotations

import dataclasses

from parsers import sections, several, tables
from parsers.checks import cells
from parsers.checks.text import Context
from parsers.checks.unread import unread_cells
from parsers.configuration import code_digest, configuration_digest
from parsers.document import Document, Text
from parsers.errors import OversizedDocument, UnreadableDocument
from parsers.formats import read_document
from parsers.forms import templates
from parsers.identity import identity
from parsers.identity.examples import example_headline
from parsers.identity.titles import only_announces
from parsers.other_kinds import other_kind
from parsers.prose import facts
from parsers.prose.unread import tell_replaced, tell_unread_numbers
from parsers.record import AnnualReport, Figure, Hints, Issue, Outcome, Section, decimal_text

PARSER_VERSION = f"gongkai-parsers/1+{code_digest()}"
"""Names the code that read: other code makes readings of old captures anew, whether or not somebody thought of it."""

_NO_HINTS = Hints()
_SECTIONS_OF_A_REPORT = 3
_CELLS_OF_A_REPORT = 5
_LAST_WITHOUT_A_FORM = 2013  # reports up to this year had headings much like the later ones, and no national table


def parse(data: bytes, hints: Hints = _NO_HINTS) -> AnnualReport:
    """Read one document.

    A pure function of its arguments and the facts in ``config/``; nothing is raised for a bad document: what is wrong
    stands in ``outcome`` and ``issues``.

    Args:
        data: the file as served, content codings removed.
        hints: what the caller knows beside the bytes; the record's ``sources`` say what won.

    Raises:
        ConfigurationError: the facts in ``config/`` cannot be used.
    """
    configuration = configuration_digest()
    try:
        document = read_document(data, hints)
    except UnreadableDocument as error:
        issue = Issue("oversized" if isinstance(error, OversizedDocument) else "unreadable", str(error))
        return AnnualReport("unreadable", hints.media_type, PARSER_VERSION, configuration, issues=(issue,))
    forms = templates.load()
    other = _other_document(document, forms)
    document, further = several.first_report(document, forms, hints.year)
    reading = tables.read_tables(document, forms)
    parts = sections.split(document, forms, reading)
    who = identity.identify(document, parts, hints)
    template = _template(reading.template, parts, who.year)
    reading, of_year = _of_its_year(reading, who.year)
    text = dataclasses.replace(
        document, blocks=tuple(block for at, block in enumerate(document.blocks) if at not in reading.used)
    )
    numbers = facts.read_facts(text, parts, who.year)
    issues = [
        *(Issue(notice.code, notice.message, notice.locator) for notice in document.notices),
        *who.issues,
        *reading.issues,
        *of_year,
        *further,
        *_absences(document, reading.figures, parts),
    ]
    outcome = _outcome(who, reading.figures, parts, announced=_only_announced(document, who))
    if other is not None:
        outcome, numbers = "not_a_report", ()
        code, message = other
        issues.append(Issue(code, f"{message}; its {len(reading.figures)} cells are no figures of a report"))
        reading = dataclasses.replace(reading, figures=())
    told = bool(reading.figures) or len(parts) >= _SECTIONS_OF_A_REPORT or hints.list_title is not None
    entries = 0 if told else several.listed_reports(document)
    if entries > 1 and other is None:
        outcome, numbers, who = "not_a_report", (), identity.of_nobody(who)
        message = (
            f"a list that names {entries} reports, and none of them: whose it is and when is not taken from an entry"
        )
        issues.append(Issue("list_of_reports", message))
    issues += tell_replaced(reading.missing, numbers)
    if outcome != "not_a_report" and not any(figure.status == "number" for figure in reading.figures):
        issues += tell_unread_numbers(text, numbers)
    places = {figure.code: figure.locator for figure in reading.figures}
    unread = unread_cells(template, places, ((issue.code, issue.locator) for issue in reading.issues), forms)
    context = Context.of(text, who, template, parts, prose=numbers, issues=reading.issues, unread=unread)
    return AnnualReport(
        outcome,
        document.media_type,
        PARSER_VERSION,
        configuration,
        title=who.title,
        agency_name=who.agency_name,
        agency_kind=who.agency_kind,
        division=who.division,
        year=who.year,
        template=None if outcome == "not_a_report" else template,
        scope=who.scope,
        published_on=who.published_on,
        published_on_kind=who.published_on_kind,
        cells=reading.figures,
        prose=numbers,
        sections=parts,
        checks=() if outcome == "not_a_report" else cells.run(reading.figures, context),
        issues=tuple(issues),
        sources=who.sources,
    )


def _of_its_year(reading: tables.TableReading, year: int | None) -> tuple[tables.TableReading, list[Issue]]:
    """The tables; their figures in doubt where their header says that they are another year's than the report."""
    if None in (reading.year, year) or reading.year == year:
        return reading, []
    doubted = tuple(
        figure
        if figure.value is None
        else dataclasses.replace(
            figure, value=None, status="ambiguous", alternatives=(decimal_text(figure.value) or "",)
        )
        for figure in reading.figures
    )
    message = (
        f"the figures stand under {reading.year}, and the report is of {year}: whether they are its own is not said"
    )
    place = reading.figures[0].locator if reading.figures else None
    return dataclasses.replace(reading, figures=doubted), [Issue("year_of_column", message, place)]


def _template(found: str | None, parts: tuple[Section, ...], year: int | None) -> str:
    """The form: by the tables, else what is usual for reports without any."""
    if found is not None:
        return found
    if year is not None:
        return "pre2014" if year <= _LAST_WITHOUT_A_FORM else "no_tables"
    return "no_tables" if len({part.number for part in parts}) > _SECTIONS_OF_A_REPORT else "pre2014"


def _outcome(
    who: identity.Identity, figures: tuple[Figure, ...], parts: tuple[Section, ...], *, announced: bool
) -> Outcome:
    # Numbers that are there, whether or not it is certain which is whose.
    numbers = sum(1 for figure in figures if figure.status in {"number", "ambiguous"})
    told = len(figures) >= _CELLS_OF_A_REPORT or len(parts) >= _SECTIONS_OF_A_REPORT
    certain = any(figure.status == "number" for figure in figures)
    if who.title_kind == "lookalike" and (numbers < _CELLS_OF_A_REPORT or not certain):
        return "not_a_report"
    if not told and (who.title_kind != "annual_report" or announced):
        return "not_a_report"
    if None in (who.title, who.agency_name, who.year) or not figures:
        return "partial"
    return "report"


def _only_announced(document: Document, who: identity.Identity) -> bool:
    """Whether the document says that a report was published (…年度报告的公告), without it: no file, no picture."""
    texts = (block.text for block in document.blocks if isinstance(block, Text))
    return not document.images and only_announces(who.title or "", "".join(texts))


def _other_document(document: Document, forms: templates.Templates) -> tuple[str, str] | None:
    """Issue code and message for a document whose tables are a report's, and which is none."""
    example = example_headline(document)
    if example is not None:
        return "example_figures", f"{example}: the form in it is an example"
    kind = other_kind(document, forms)
    return ("no_annual_report", f"{kind[1]}: this is {kind[0]}") if kind is not None else None


def _absences(document: Document, figures: tuple[Figure, ...], parts: tuple[Section, ...]) -> list[Issue]:
    """What a reader would expect and does not find."""
    issues = []
    if not any(figure.status == "number" for figure in figures):
        told = "no table of an official form with readable figures was found"
        issues.append(Issue("no_figures", "; ".join([told, *_reasons(document, figures)])))
    missing = [str(number) for number in range(1, 7) if number not in {part.number for part in parts}]
    if parts and missing:
        issues.append(Issue("section_missing", f"no heading was found for section {', '.join(missing)}"))
    return issues


# What a format says of a document, in words that say why no figures were found.
_REASONS = {
    "letters_unknown": "its fonts do not say which letters they are",
    "text_turned": "a part of its text stands on its side",
    "no_rules": "its figures stand without rules",
    "scan_without_text": "its pages are pictures",
    "embedded_document": "documents within it were not read",
    "hidden_tables": "tables of it are shown only on demand (tabs)",
    "hidden_cells": "rows or columns of it are hidden",
}


def _reasons(document: Document, figures: tuple[Figure, ...]) -> list[str]:
    """Why no figures may have been found."""
    codes = {notice.code for notice in document.notices}
    told = [reason for code, reason in _REASONS.items() if code in codes]
    if document.images:
        told.append(f"{document.images} pictures stand in it")
    tables = len(document.tables())
    if figures:
        told.append(f"{len(figures)} cells of a form stand in it, none of them a number")
    elif tables:
        told.append(f"{tables} tables stand in it, of other forms or none")
    elif not told:
        told.append("no table stands in it")
    return told
