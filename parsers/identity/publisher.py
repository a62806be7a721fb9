"""Who published a report: the names that a document gives its publisher, and which of them is believed.

The title comes first; what a sentence abbreviates is written out by the signature; a name without its place (教育局)
gets the place that the document itself gives the same body elsewhere. `parsers.identity.place` goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.identity import agencies, shortened
from parsers.identity.agencies import Agency
from parsers.identity.evidence.collected import Evidence, TitleStatement
from parsers.identity.evidence.mentions import (
    find_bodies_by_level,
    find_contacts,
    find_mentions,
    find_organs,
    find_self_mentions,
    find_townships,
)
from parsers.identity.evidence.signature import find_signature
from parsers.identity.evidence.words import load_words
from parsers.record import Division, Issue

TOWNSHIP_KINDS = frozenset({"township_government", "subdistrict_office"})
"""Kinds of bodies whose place is a township or subdistrict."""

_CLOSING = 8  # lines at the end that may hold the whole name of a place that the title shortens


@dataclass(frozen=True, slots=True)
class NamedPublisher:
    """A publisher's name and what gives it."""

    agency: Agency
    source: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """The publisher that is believed.

    Attributes:
        agency: with its place, where the document gives it one.
        source: what names it.
        written_in: what gives the name as it is in ``agency``: the same, or where its place or whole name was found.
        place_source: where its place was found, if the name that is believed has none.
        issue: where somebody else signed.
    """

    agency: Agency
    source: str
    written_in: str
    place_source: str | None
    issue: Issue | None


def choose_publisher(evidence: Evidence, titles: Sequence[TitleStatement], year: int | None) -> Publisher | None:
    """Decide who published; None where nothing names anybody.

    Args:
        evidence: what the document and its caller say.
        titles: in the order in which they are believed.
        year: the report's year; it decides what places are called.
    """
    names = _collect_names(evidence, titles, year)
    if not names:
        return None
    first = names[0]
    elsewhere = _find_with_place(first.agency, names, evidence, year)
    chosen = elsewhere or first
    surroundings = "".join([*evidence.beginning, *evidence.lines[-_CLOSING:]])
    whole = shortened.spell_out(chosen.agency, surroundings, year)
    if whole is not None:
        chosen = NamedPublisher(whole, "text")
    return Publisher(
        agency=chosen.agency,
        source=first.source,
        written_in=chosen.source,
        place_source=elsewhere.source if elsewhere is not None else None,
        issue=_compare_with_signature(chosen.agency, names),
    )


def write_with_place(agency: Agency, division: Division, year: int | None) -> Agency:
    """The name of a body as it is written with the place that it turned out to have; as it is where that fails."""
    if agency.division is not None:
        return agency
    if agency.kind == "zone_committee" and agency.raw[:2] in division.name:
        return agency  # 五华科技产业园 says 五华 itself
    placed = agencies.read_agency(agency.raw, year, division.code)
    return placed if placed is not None and placed.division == division else agency


def _collect_names(evidence: Evidence, titles: Sequence[TitleStatement], year: int | None) -> list[NamedPublisher]:
    """Everything that names the publisher, in the order in which it is believed."""
    found = _names_in_titles(titles, evidence, year)
    found += _names_in_text(titles, evidence, year)
    found += _names_around_text(titles, evidence, year)
    if not found:
        found = _names_without_place(evidence, year)
    return _write_out(found)


def _names_in_titles(titles: Sequence[TitleStatement], evidence: Evidence, year: int | None) -> list[NamedPublisher]:
    """The printed titles, then what the caller knows of the column."""
    names = [(title.reading.agency, title.source) for title in titles if title.source != "text"]
    names.append((evidence.hints.publisher, "publisher"))
    found: list[NamedPublisher] = []
    for name, source in names:
        # These two name a publisher and nothing else: behind a place even a body of no known kind is one.
        any_body = source in {"title", "publisher"}
        agency = agencies.read_agency(name, year, evidence.within, any_body=any_body) if name else None
        if agency is not None:
            found.append(NamedPublisher(agency, source))
    return found


def _names_in_text(titles: Sequence[TitleStatement], evidence: Evidence, year: int | None) -> list[NamedPublisher]:
    """Sentences in which the text speaks of its own publisher, then the signature."""
    within = evidence.within
    found: list[NamedPublisher] = []
    for title in titles:
        name = title.reading.agency if title.source == "text" else None
        agency = agencies.read_agency(name, year, within) if name else None
        if agency is not None:
            found.append(NamedPublisher(agency, "first_sentence"))
    found += _all_from("first_sentence", find_self_mentions(evidence.paragraphs, year, within))
    signed = find_signature(evidence.lines, year, within)
    if signed is not None:
        found.append(NamedPublisher(signed, "sign_off"))
    return found


def _names_around_text(titles: Sequence[TitleStatement], evidence: Evidence, year: int | None) -> list[NamedPublisher]:
    """The page's header, then names of the site or of the source of the page, which must have a place in them."""
    within = evidence.within
    found: list[NamedPublisher] = []
    for text in evidence.header.publisher:
        # 河北省教育厅　2018年度: other facts may stand behind the name without a label.
        name = text if agencies.read_agency(text, year) is not None else text.split()[0]
        agency = agencies.read_agency(name, year, within)
        if agency is not None:
            found.append(NamedPublisher(agency, "header"))
    around: list[tuple[str, str]] = []
    for title in titles:
        around += [(part, "site") for part in (title.reading.site or "").split("-")]
    around += [(text, "page_meta") for text in evidence.meta_values(load_words().meta.publisher)]
    for name, source in around:
        agency = agencies.read_agency(name, year, within) if name else None
        if agency is not None and agency.placed:
            found.append(NamedPublisher(agency, source))
    return found


def _names_without_place(evidence: Evidence, year: int | None) -> list[NamedPublisher]:
    """What names the publisher where no name with a place does; the first kind of such names that there is."""
    paragraphs, within = evidence.paragraphs, evidence.within
    found = _all_from("first_sentence", find_organs(paragraphs))
    if found:
        return found
    for name in find_townships(paragraphs):
        agency = agencies.read_agency(name, year, within)
        if agency is not None:
            found.append(NamedPublisher(agency, "first_sentence"))
    if found:
        return found
    found = _all_from("first_sentence", find_bodies_by_level(paragraphs, evidence.lines, year))
    if found:
        return found
    return _all_from("contact", find_contacts(paragraphs, year, within))


def _all_from(source: str, found: Iterable[Agency]) -> list[NamedPublisher]:
    return [NamedPublisher(agency, source) for agency in found]


def _write_out(names: list[NamedPublisher]) -> list[NamedPublisher]:
    """A sentence may abbreviate what the signature writes out; the title's own writing stays."""
    if names and names[0].source not in {"first_sentence", "text"}:
        return names
    whole: dict[str, Agency] = {}
    for entry in names:
        key = agencies.key(entry.agency.name)
        if entry.agency.placed and key == entry.agency.name:
            whole[key] = entry.agency
    written: list[NamedPublisher] = []
    for entry in names:
        agency = whole.get(agencies.key(entry.agency.name), entry.agency)
        written.append(NamedPublisher(agency, entry.source))
    return written


def _find_with_place(
    agency: Agency, names: Sequence[NamedPublisher], evidence: Evidence, year: int | None
) -> NamedPublisher | None:
    """The same body with its place elsewhere in the document, where the name has none; None where that is not certain.

    Other names of the publisher are asked first, then all that the beginning of the text mentions, and last offices of
    the body (绵阳市卫生健康委办公室 says where 卫生健康委员会 is).
    """
    if agency.placed:
        return None
    body = agencies.key(agencies.bare_body(agency.raw))
    same = [entry for entry in names if entry.agency.placed and _is_body(entry.agency, body)]
    if not same:
        mentioned: list[Agency] = []
        for line in evidence.beginning:
            mentioned += [mention.agency for mention in find_mentions(line, year, evidence.within)]
        same = _all_from("text", [other for other in mentioned if _is_body(other, body)])
        if not same:
            same = _all_from("text", _find_by_office(mentioned, agency, body, year))
    if len({entry.agency.name for entry in same}) != 1:
        return None
    return same[0]


def _find_by_office(mentioned: Sequence[Agency], agency: Agency, body: str, year: int | None) -> list[Agency]:
    """The body with the place of its own office: 卫生健康委员会 where the text has 绵阳市卫生健康委办公室."""
    found: list[Agency] = []
    for office in mentioned:
        without_office = office.body.removesuffix("办公室")
        if office.division is None or without_office == office.body or agencies.key(without_office) != body:
            continue
        name = office.division.name + agencies.bare_body(agency.raw)
        whole = agencies.read_agency(name, year, office.division.code)
        if whole is not None:
            found.append(whole)
    return found


def _is_body(agency: Agency, body: str) -> bool:
    """Whether an agency with its place is the body that a title names without: 教育局, 人民路街道办事处."""
    if agency.kind in TOWNSHIP_KINDS:
        return agencies.key(agency.name).endswith(body)
    return agencies.key(agency.body) == body


def _compare_with_signature(agency: Agency, names: Sequence[NamedPublisher]) -> Issue | None:
    """An issue where the same kind of body signs for another place."""
    signed = next((entry.agency for entry in names if entry.source == "sign_off"), None)
    if signed is None or not signed.placed or not agency.placed:
        return None
    if signed.division is None or agency.division is None or agency.body != signed.body:
        return None
    if agency.division == signed.division or agency.name == signed.name:
        return None
    return Issue("agency_conflict", f"the report is {agency.name}'s, and {signed.name} signed it")
