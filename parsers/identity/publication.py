"""When a report was published: the days that a page, a list, a signature or an address give, and which is believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.identity import dates
from parsers.identity.evidence.collected import Evidence
from parsers.identity.evidence.passages import closing_lines
from parsers.identity.evidence.signature import find_byline_dates, find_sign_off
from parsers.identity.evidence.words import load_words
from parsers.record import DateKind, Issue


@dataclass(frozen=True, slots=True)
class PublicationDay:
    """A day and what gives it."""

    day: dt.date
    kind: DateKind


@dataclass(frozen=True, slots=True)
class PublicationChoice:
    """The day that is believed, if any; ``issues`` name those before it that cannot be."""

    chosen: PublicationDay | None
    issues: tuple[Issue, ...] = ()


def choose_publication_day(evidence: Evidence, year: int | None) -> PublicationChoice:
    """Decide the day of publication: the first that can be one for a report on ``year``."""
    issues: list[Issue] = []
    for found in _collect_days(evidence, year):
        if dates.plausible(found.day, found.kind, year):
            return PublicationChoice(found, tuple(issues))
        message = f"{found.day.isoformat()} ({found.kind}) cannot be the publication of a report for {year}"
        issues.append(Issue("date_implausible", message))
    return PublicationChoice(None, tuple(issues))


def _collect_days(evidence: Evidence, year: int | None) -> list[PublicationDay]:
    """All days, in the order in which they are believed.

    What the page and the list give as the day of publication comes before the signature, which is the day of writing;
    the address comes last: a page that moved has the day of its move in it.
    """
    found = _read_days(evidence.meta_values(load_words().meta.published), "page_meta")
    found += _read_days(evidence.header.published, "page_text")
    if evidence.hints.list_date:
        found += _read_days([evidence.hints.list_date], "list")
    closing = next(dates.signature_dates(closing_lines(evidence.lines)), None)
    if closing is not None:
        found.append(PublicationDay(closing.day, "sign_off"))
    found += [PublicationDay(day, "sign_off") for day in find_byline_dates(evidence.opening)]
    if not found:
        # The foot of the page stands behind the signature: it is no closing line, and is sought in the whole text.
        signed = find_sign_off(evidence.lines, year, evidence.within)
        if signed is not None:
            found.append(PublicationDay(signed.day, "sign_off"))
    found += _read_days(evidence.header.written, "sign_off")
    day = dates.date_in_path(evidence.hints.url) if evidence.hints.url else None
    if day is not None:
        found.append(PublicationDay(day, "url"))
    return found


def _read_days(texts: Iterable[str], kind: DateKind) -> list[PublicationDay]:
    """The day in each text that has one."""
    found: list[PublicationDay] = []
    for text in texts:
        day = dates.read_date(text)
        if day is not None:
            found.append(PublicationDay(day, kind))
    return found
