"""Names of publishers: the place in them, the body, its kind, and the canonical way to write them.

Canonical (domain.md section 8): the full name of the place, from county level down without province and prefecture,
then the body as printed, with 政府 written 人民政府; a place alone means its government. Kinds are decided by the end
of the name in the order of ``config/agencies.yaml``. A name whose place has namesakes keeps all of them.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from parsers.identity import divisions
from parsers.identity.agency_words import AgencyWords, load_words
from parsers.identity.divisions import CENTRAL, Divisions, Place
from parsers.identity.titles import fold, names_site
from parsers.record import Division

# 市场监督管理局(知识产权局): one body under two names.
_SECOND_NAME = re.compile(r"(?<=.)\([^()]+\)$")


@dataclass(frozen=True, slots=True)
class Agency:
    """A publisher's name, read.

    Attributes:
        name: canonical where the place is certain, else as printed with the body's canonical writing.
        kind: a code of ``agency_kinds`` (domain.md); None when the end of the name says nothing.
        divisions: what the place in the name may be: none (no place in it), one, or namesakes.
        body: the name without its place (``人民政府办公室``, ``孝敬镇人民政府`` where the township is not listed).
        raw: as printed, folded.
        placed: the place stands in the name itself; False when it was supplied by ``within``.
    """

    name: str
    kind: str | None
    divisions: tuple[Division, ...]
    body: str
    raw: str
    placed: bool

    @property
    def division(self) -> Division | None:
        """The place, when there is just one."""
        return self.divisions[0] if len(self.divisions) == 1 else None


def kind_of(name: str) -> str | None:
    """The kind that the end of a name tells; None for a bare place or anything else.

    Raises:
        ConfigurationError: ``config/agencies.yaml`` cannot be used.
    """
    words = load_words()
    folded = _SECOND_NAME.sub("", fold(name)).removeprefix("中华人民共和国")
    if folded in words.state_council:
        return "state_council_organ"
    written = words.write_body(folded)
    return next((kind for kind, pattern in words.kinds if pattern.search(written)), None)


def key(name: str) -> str:
    """The name under which all ways to write an agency fall together (for ids, never for display).

    Short names of bodies are written out: 温县发改委 and 温县发展和改革委员会 have one key.
    """
    words = load_words()
    folded = fold(name)
    for short, whole in words.facts.short_endings.items():
        if folded.endswith(short):
            folded = folded.removesuffix(short) + whole
            break
    for whole, shorts in words.facts.short_names.items():
        for short in shorts:
            if whole not in folded:
                folded = re.sub(rf"{short}(?=局|委员会|厅|部|办公室|中心|和|与)", whole, folded)
    return folded


def organs(text: str) -> list[tuple[str, int, int]]:
    """Ministries and other organs of the State Council named in a folded text, with where they stand."""
    words = load_words()
    pattern = "|".join(map(re.escape, sorted(words.state_council, key=len, reverse=True)))
    return [(match.group(), match.start(), match.end()) for match in re.finditer(pattern, text)]


def bare_body(name: str) -> str:
    """The body in a name without its place and without words that stand for the place (县教育局 -> 教育局)."""
    words = load_words()
    agency = read_agency(name)
    body = agency.body if agency is not None else words.write_body(fold(name))
    for word in words.facts.generic_places:
        rest = words.write_body(body.removeprefix(word))
        if rest != body and kind_of(rest) is not None:
            return rest
    return body


def read_agency(
    text: str, year: int | None = None, within: str | None = None, *, any_body: bool = False
) -> Agency | None:
    """Read a publisher's name.

    Args:
        text: the name and nothing else (``河南省焦作市温县政府办公室``, ``县教育局``, ``代县``).
        year: the report's year; it decides what the place is called.
        within: code of the division that the portal or column stands for: it tells namesakes apart, and supplies the
            place where the name has none (``教育局``, ``县政府办``).
        any_body: the text is known to name a publisher; behind a place, a body of no known kind is ``other``.

    Returns:
        None when the text names neither a place nor a body.
    """
    words = load_words()
    places = divisions.load()
    raw = fold(text)
    corps = re.match(words.facts.corps, raw)
    if corps is not None:
        # 第一师阿拉尔市...: a division of the Production and Construction Corps is named with its city.
        city = read_agency(raw[corps.end() :], year, within, any_body=any_body)
        if city is not None and city.placed:
            return dataclasses.replace(city, name=corps["name"] + city.name, raw=raw)
    bare = re.sub(words.facts.party, "", raw)
    for word in words.facts.leading:
        bare = bare.removeprefix(word)
    if not bare or names_site(bare):
        return None
    organ = words.state_council.get(bare.removeprefix("中华人民共和国"))
    if organ is not None:
        return Agency(organ, "state_council_organ", (CENTRAL,), organ, raw, placed=True)
    prefix = _vertical_prefix(bare, words)
    rest = _within_area(bare.removeprefix(prefix), year, words, places)
    place = _read_place(rest, year, within, words, places)
    if place is None and re.match(words.facts.not_names, rest):
        return None
    if place is not None:
        parts = _Parts(raw, rest, rest[place.length :], place.candidates, place, year, placed=True, any_body=any_body)
    else:
        zone = _read_zone(rest, raw, words, places)
        if zone is not None:
            return zone
        supplied = _supplied(rest, year, within, words, places) if within is not None else None
        candidates, body = ((supplied[0],), supplied[1]) if supplied is not None else ((), rest)
        parts = _Parts(raw, rest, body, candidates, None, year, placed=False, any_body=any_body)
    if prefix:
        return Agency(bare, kind_of(bare), parts.candidates, parts.body, raw, parts.placed)
    return _name_agency(parts, words, places)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name taken apart.

    Attributes:
        raw: as printed, folded.
        rest: without what stands in front of a name (the party's committee, 中华人民共和国).
        body: behind the place.
        candidates: what the place may be.
        place: as it stands in the name; None where it has none.
        year: the report's; it decides what the place is called.
        placed: the place stands in the name itself.
        any_body: a body of no known kind is one, too.
    """

    raw: str
    rest: str
    body: str
    candidates: tuple[Division, ...]
    place: Place | None
    year: int | None
    placed: bool
    any_body: bool

    @property
    def township(self) -> str | None:
        """The name of the place, where it is a township."""
        if self.candidates and self.candidates[0].level == "township":
            return self.candidates[0].name
        return None


def _vertical_prefix(name: str, words: AgencyWords) -> str:
    """What names of bodies begin with that are run from above (国家税务总局温县税务局), or ""."""
    for prefix in words.facts.vertical_prefixes:
        if name.startswith(prefix) and name != prefix:
            return prefix
    return ""


def _read_place(text: str, year: int | None, within: str | None, words: AgencyWords, places: Divisions) -> Place | None:
    """The place at the start of a name, where it certainly stands for one."""
    place = places.read(text, year, within)
    if place is None or not _stands_alone(place, text):
        return None
    if place.short and text.startswith(tuple(words.facts.areas)):
        return None  # 兰州新区 is an area and not 兰州's 新区
    return place


def _read_zone(text: str, raw: str, words: AgencyWords, places: Divisions) -> Agency | None:
    """A body of an area without a code of its own (兰州新区): it lies in the division that the facts name."""
    area = next((name for name in words.facts.areas if text.startswith(name)), None)
    if area is None:
        return None
    division = places.get(words.facts.areas[area])
    candidates = (division,) if division is not None else ()
    return Agency(words.write_body(text), kind_of(text) or "zone_committee", candidates, text, raw, placed=True)


def _name_agency(parts: _Parts, words: AgencyWords, places: Divisions) -> Agency | None:
    """The agency that a name means; None where nothing behind its place is a body."""
    body = words.write_body(parts.body)
    if parts.township is not None and body:
        # 东街街道 + 办: how the body is written shows only beside the place.
        body = words.write_body(parts.township + parts.body).removeprefix(parts.township)
    # The name of a listed subdistrict may have swallowed 办事处.
    named = _read_body(body, parts, words) if body else _government_of(parts, words)
    if named is None:
        return None
    body, kind = named
    name = _canonical_name(body, kind, parts, words, places)
    return Agency(name, kind, _sent_out(parts, body, places), body, parts.raw, parts.placed)


def _government_of(parts: _Parts, words: AgencyWords) -> tuple[str, str] | None:
    """Body and kind of a place alone: it means its government."""
    if not parts.candidates:
        return None
    bare = words.facts.bare_place
    chosen = bare.government
    if parts.township is not None:
        chosen = bare.township if re.search(bare.township.pattern, parts.township) else bare.subdistrict
    return chosen.body, chosen.kind


def _read_body(body: str, parts: _Parts, words: AgencyWords) -> tuple[str, str] | None:
    """Body and kind of what stands behind the place; None where it is no body."""
    kind = kind_of((parts.township or "") + body)
    if not kind and parts.any_body and parts.placed:
        kind = "other"
    if not kind:
        return None
    if kind == "people_government" and parts.township is not None:
        kind = "township_government"
    ending = words.facts.bare_place.township.body
    if kind == "township_government" and not body.endswith(ending):
        body += ending  # a township that is not listed, named without its government
    return body, kind


def _canonical_name(body: str, kind: str, parts: _Parts, words: AgencyWords, places: Divisions) -> str:
    """How the agency is written: the place's full name and the body, where the name does not hold the place itself."""
    is_short = parts.place is not None and parts.place.short
    is_own_name = kind == "authorised_org" or words.is_zone(body)
    if kind == "vertical_agency" or (is_short and is_own_name):
        # 天津海关, 西安高新区管委会, 陕西历史博物馆: the short form is part of the name.
        return words.write_body(parts.rest)
    if len(parts.candidates) == 1:
        return _place_name(parts.candidates[0], parts.year, places) + body
    printed = parts.rest[: parts.place.length] if parts.place is not None else ""
    return printed + body


def _sent_out(parts: _Parts, body: str, places: Divisions) -> tuple[Division, ...]:
    """Where a body is: 滨江区人民政府长河街道办事处 is in 长河街道, whose name stands behind its government's."""
    office = body.removeprefix("人民政府")
    if office == body or len(parts.candidates) != 1 or not office.endswith("办事处"):
        return parts.candidates
    place = places.read(parts.candidates[0].name + office, parts.year, parts.candidates[0].code)
    return place.candidates if place is not None and place.candidates[0].level == "township" else parts.candidates


def _within_area(text: str, year: int | None, words: AgencyWords, places: Divisions) -> str:
    """河北雄安新区雄县人民政府 is 雄县's: an area without a code says nothing beside a place that has one."""
    for area in words.facts.areas:
        before, found, rest = text.partition(area)
        if found and (not before or _is_place(before, year, places)):
            inner = places.read(rest, year)
            if inner is not None and not inner.short:
                return rest
            if inner is None:
                return area + rest
    return text


def _is_place(text: str, year: int | None, places: Divisions) -> bool:
    place = places.read(text, year)
    return place is not None and place.length == len(text)


def _stands_alone(place: Place, text: str) -> bool:
    """A place named by a short form counts only where nothing or a body follows (上海科委, not 东方财富)."""
    if not place.short:
        return True
    body = text[place.length :]
    return not body or kind_of(body) is not None


def _supplied(
    text: str, year: int | None, within: str, words: AgencyWords, places: Divisions
) -> tuple[Division, str] | None:
    """The place that ``within`` supplies, and the body: 县教育局 within 410825 is 温县's 教育局."""
    here = places.at(within, year) if year is not None else places.get(within)
    if here is None:
        return None
    nearest_first = (here, *reversed(places.ancestors(here.code, year)))
    for word in words.facts.generic_places:
        body = text.removeprefix(word)
        if body == text or (body and kind_of(body) is None):
            continue
        named = next((division for division in nearest_first if division.name.endswith(word)), None)
        if named is not None:
            return named, body
    return (here, text) if kind_of(text) is not None else None


def _place_name(division: Division, year: int | None, places: Divisions) -> str:
    """How a place is written in front of a body: a township with its county, all else alone."""
    if division.level != "township":
        return division.name
    above = places.parent(division.code, year)
    return (above.name if above is not None and above.level != "central" else "") + division.name
