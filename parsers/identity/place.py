"""Where a publisher is: the place in its name, told from its namesakes, or what the caller or the site says.

Names are shared (four 鼓楼区, 88 城关镇). One is chosen only where something tells it from the others: the site's own
division, else the counties and prefectures that the text names. Otherwise the place stays open and is an issue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.identity import divisions
from parsers.identity.agencies import Agency
from parsers.identity.evidence.collected import Evidence
from parsers.identity.publisher import TOWNSHIP_KINDS, Publisher
from parsers.record import Division, Issue

_TOWNSHIP_BODY = re.compile(r"(?:人民政府|办事处)$")
_MOST_CODES = 8  # namesakes named in an issue


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """The place that is believed, if any.

    Attributes:
        division: None where nothing says it for certain.
        source: what says it; None where nothing was found.
        issue: what a person should know about it.
    """

    division: Division | None
    source: str | None = None
    issue: Issue | None = None


def choose_place(evidence: Evidence, publisher: Publisher | None, year: int | None) -> PlaceChoice:
    """Decide where the publisher is.

    Args:
        evidence: what the document and its caller say.
        publisher: None where nothing names one; the caller or the site may still know the place.
        year: the report's year; it decides what exists.
    """
    if publisher is None:
        return _supplied_place(evidence, None, year)
    agency = publisher.agency
    if agency.placed and agency.division is not None:
        source = publisher.place_source or publisher.written_in
        return PlaceChoice(agency.division, source, _compare_with_hint(agency.division, evidence, year))
    namesakes = _namesakes(agency, evidence, year)
    if namesakes:
        return _tell_apart(namesakes, evidence, publisher.source, year)
    return _supplied_place(evidence, agency, year)


def _namesakes(agency: Agency, evidence: Evidence, year: int | None) -> Sequence[Division]:
    """The places that the name may mean; none where it names no place."""
    if agency.placed and len(agency.divisions) > 1:
        return agency.divisions
    if agency.division is not None:
        return ()
    if agency.kind in TOWNSHIP_KINDS:
        # 人民路街道办事处 without its district: a dozen bear the name.
        name = _TOWNSHIP_BODY.sub("", agency.body)
        return divisions.load().find(name, year, evidence.hints.division)
    if agency.kind == "zone_committee":
        # 五华科技产业园管委会: the place is named by its short form, which may be that of several.
        bearers = _bearers_of_short_name(agency.raw, year)
        text = "".join(evidence.beginning)
        return bearers if any(bearer.name in text for bearer in bearers) else ()
    return ()


def _bearers_of_short_name(name: str, year: int | None) -> Sequence[Division]:
    """The places whose name, whole or shortened, is the beginning of another name; the longest beginning decides."""
    for length in (4, 3, 2):
        bearers = divisions.load().find(name[:length], year)
        if bearers:
            return bearers
    return ()


def _tell_apart(namesakes: Sequence[Division], evidence: Evidence, agency_source: str, year: int | None) -> PlaceChoice:
    """One of several namesakes: the one in the site's division, or whose county or prefecture the text names."""
    site = evidence.site_division()
    if site is not None:
        inside = [division for division in namesakes if divisions.lies_in(division.code, site)]
        if len(inside) == 1:
            return PlaceChoice(inside[0], "site")
    text = "".join(evidence.beginning) + "".join(evidence.meta_values(("sitename",)))
    support = {division.code: _count_named(division, text, year) for division in namesakes}
    most = max(support.values())
    supported = [division for division in namesakes if support[division.code] == most]
    if len(supported) == 1:
        return PlaceChoice(supported[0], "text" if most else agency_source)
    codes = ", ".join(division.code for division in namesakes[:_MOST_CODES])
    if len(namesakes) > _MOST_CODES:
        codes += " ..."
    return PlaceChoice(None, None, Issue("division_ambiguous", f"{namesakes[0].name} may be any of {codes}"))


def _count_named(division: Division, text: str, year: int | None) -> int:
    """How many of a division and those above it a text names."""
    above = divisions.load().ancestors(division.code, year)
    return sum(place.name in text for place in (*above, division))


def _supplied_place(evidence: Evidence, agency: Agency | None, year: int | None) -> PlaceChoice:
    """The place of a name without one: what the caller says, else what the site's code says."""
    if agency is not None and agency.division is not None:
        source = "hint" if evidence.hints.division else "site"
        if _fits(agency, agency.division):
            return PlaceChoice(agency.division, source)
        message = f"{agency.raw} cannot be of {agency.division.name}; the place is not named"
        return PlaceChoice(None, source, Issue("division_missing", message))
    places = divisions.load()
    for code, source in ((evidence.hints.division, "hint"), (evidence.site_division(), "site")):
        if not code:
            continue
        found = places.at(code, year) if year else places.get(code)
        if found is not None and (agency is None or _fits(agency, found)):
            return PlaceChoice(found, source)
    return PlaceChoice(None, None, Issue("division_missing", "nothing in the document names its place"))


def _fits(agency: Agency, division: Division) -> bool:
    """A province has a 办公厅 and no 办公室, a county the other way round; townships are not provinces."""
    if agency.body.endswith("政府办公室"):
        return division.level not in {"province", "central"}
    if agency.body.endswith("政府办公厅"):
        return division.level in {"province", "prefecture"}
    if agency.kind in TOWNSHIP_KINDS:
        return division.level not in {"province", "central"}
    return True


def _compare_with_hint(division: Division, evidence: Evidence, year: int | None) -> Issue | None:
    """An issue where the place in the name lies neither in the column's nor above it."""
    hint = evidence.hints.division
    if not hint or division.level == "central":
        return None
    codes = [hint]
    of_year = divisions.load().at(hint, year) if year is not None else None
    if of_year is not None:
        codes.append(of_year.code)  # the column may go by today's code
    for code in codes:
        if divisions.lies_in(division.code, code) or divisions.lies_in(code, division.code):
            return None
    return Issue("division_differs", f"the document names {division.name} ({division.code}), the column {hint}")
