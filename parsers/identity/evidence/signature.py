"""Who signed a report and when: the name in front of the closing date, and dates that stand alone under the title."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.identity import agencies
from parsers.identity.agencies import Agency
from parsers.identity.dates import dates_in
from parsers.identity.evidence.mentions import find_mentions
from parsers.identity.evidence.passages import closing_lines, is_heading
from parsers.identity.evidence.words import load_words

_CLAUSE_MARK = re.compile(r"[,，。;；:：!！?？]")
_SEAL = re.compile(r"[(\[](?:盖?章|公章|印章|签章|加盖公章)[)\]]$")
_LONGEST_DATE = 24  # characters of a line that is nothing but a date
_LONGEST_NAME = 40  # characters before a date in which the name of who signed stands


@dataclass(frozen=True, slots=True)
class SignOff:
    """A name that stands alone above a date that stands alone."""

    agency: Agency
    day: dt.date


def find_signature(lines: Sequence[str], year: int | None, within: str | None) -> Agency | None:
    """Who signed: the name in front of the closing date, in its line or the one above, else the last name alone.

    Args:
        lines: all lines of the text.
        year: the report's year.
        within: code of the division that the portal or column stands for.
    """
    alone: Agency | None = None
    for line in reversed(closing_lines(lines)):
        dates = dates_in(line)
        closing = _without_seal(line[: dates[-1].start] if dates else line)
        if not closing or is_heading(closing):
            continue
        if dates:
            named = _name_at_end(closing[-_LONGEST_NAME:], year, within)
            if named is not None:
                return named
        if len(closing) > load_words().reach.line_length or _CLAUSE_MARK.search(closing):
            continue
        agency = agencies.read_agency(closing, year, within)
        if agency is not None and dates:
            return agency
        if agency is not None and agency.placed:
            alone = agency
            break
    signed = find_sign_off(lines, year, within)
    if signed is None or (alone is not None and not signed.agency.placed):
        return alone
    return signed.agency


def find_sign_off(lines: Sequence[str], year: int | None, within: str | None) -> SignOff | None:
    """The one name that stands alone above a date that stands alone, whatever follows them (the foot of a page)."""
    words = load_words()
    found: dict[str, SignOff] = {}
    for name_line, date_line in itertools.pairwise(lines):
        day = next(find_byline_dates([date_line]), None)
        if day is None or len(name_line) > words.reach.line_length:
            continue
        name = _without_seal(name_line)
        if re.fullmatch(words.contact_rooms, name):
            continue
        agency = agencies.read_agency(name, year, within, any_body=True)
        if agency is not None and agency.kind is not None and agencies.kind_of(name) is not None:
            found[agency.name] = SignOff(agency, day)
    return next(iter(found.values())) if len(found) == 1 else None


def find_byline_dates(lines: Sequence[str]) -> Iterator[dt.date]:
    """Dates alone in a line, or behind who wrote it, as reports are dated under their title: (2026年1月23日)."""
    byline = re.compile(load_words().byline)
    for line in lines:
        if len(line) > _LONGEST_DATE + _LONGEST_NAME:
            continue
        dates = dates_in(line)
        if len(dates) != 1:
            continue
        before, after = line[: dates[0].start], line[dates[0].end :]
        alone = not before.strip("(（[") and len(line) <= _LONGEST_DATE
        if (alone or byline.match(before.rstrip("(（["))) and not after.strip(")）]"):
            yield dates[0].day


def _name_at_end(text: str, year: int | None, within: str | None) -> Agency | None:
    """The body whose name, with its place, ends where the text ends."""
    for mention in find_mentions(text, year, within):
        if mention.end == len(text):
            return mention.agency  # mentions do not overlap: it is the last one
    return None


def _without_seal(line: str) -> str:
    """A signature without the remark that it is sealed, and without brackets around it."""
    return _SEAL.sub("", line).strip("()[]")
