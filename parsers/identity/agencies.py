"""Names of publishers: the place in them, the body, its kind, and the canonical way to write them.

Canonical (domain.md section 8): the full name of the place, from county level down without province and prefecture,
then the body as printed, with 政府 written 人民政府; a place alone means its government. Kinds are decided by the end
of the name in the order of ``config/agencies.yaml``. A name whose place has namesakes keeps all of them.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from parsers.configuration import ConfigModel, facts_file, load_facts
from parsers.identity import divisions
from parsers.identity.divisions import CENTRAL, Divisions, Place
from parsers.identity.titles import fold, names_site
from parsers.record import Division

# 市场监督管理局(知识产权局): one body under two names.
_SECOND_NAME = re.compile(r"(?<=.)\([^()]+\)$")


class _Writing(ConfigModel):
    pattern: str
    name: str


class _Kind(ConfigModel):
    kind: str
    patterns: tuple[str, ...]


class _Bare(ConfigModel):
    pattern: str = "$"
    body: str
    kind: str


class _BarePlaces(ConfigModel):
    township: _Bare
    subdistrict: _Bare
    government: _Bare


class _AgencyFacts(ConfigModel):
    writing: tuple[_Writing, ...]
    kinds: tuple[_Kind, ...]
    bare_place: _BarePlaces
    generic_places: tuple[str, ...]
    areas: dict[str, str]
    zones: str
    vertical_prefixes: tuple[str, ...]
    corps: str
    leading: tuple[str, ...]
    party: str
    not_names: str
    short_names: dict[str, tuple[str, ...]]
    short_endings: dict[str, str]
    state_council: dict[str, tuple[str, ...]]


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


@dataclass(frozen=True, slots=True)
class _Register:
    facts: _AgencyFacts
    writing: tuple[tuple[re.Pattern[str], str], ...]
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    state_council: dict[str, str]


def kind_of(name: str) -> str | None:
    """The kind that the end of a name tells; None for a bare place or anything else.

    Raises:
        ConfigurationError: ``config/agencies.yaml`` cannot be used.
    """
    register = _register(facts_file("agencies.yaml"))
    folded = _SECOND_NAME.sub("", fold(name)).removeprefix("中华人民共和国")
    if folded in register.state_council:
        return "state_council_organ"
    written = _written(folded, register)
    return next((kind for kind, pattern in register.kinds if pattern.search(written)), None)


def key(name: str) -> str:
    """The name under which all ways to write an agency fall together (for ids, never for display).

    Short names of bodies are written out: 温县发改委 and 温县发展和改革委员会 have one key.
    """
    register = _register(facts_file("agencies.yaml"))
    folded = fold(name)
    for short, whole in register.facts.short_endings.items():
        if folded.endswith(short):
            folded = folded.removesuffix(short) + whole
            break
    for whole, shorts in register.facts.short_names.items():
        for short in shorts:
            if whole not in folded:
                folded = re.sub(rf"{short}(?=局|委员会|厅|部|办公室|中心|和|与)", whole, folded)
    return folded


def organs(text: str) -> list[tuple[str, int, int]]:
    """Ministries and other organs of the State Council named in a folded text, with where they stand."""
    register = _register(facts_file("agencies.yaml"))
    pattern = "|".join(map(re.escape, sorted(register.state_council, key=len, reverse=True)))
    return [(match.group(), match.start(), match.end()) for match in re.finditer(pattern, text)]


def bare_body(name: str) -> str:
    """The body in a name without its place and without words that stand for the place (县教育局 -> 教育局)."""
    register = _register(facts_file("agencies.yaml"))
    agency = read_agency(name)
    body = agency.body if agency is not None else _written(fold(name), register)
    for word in register.facts.generic_places:
        rest = _written(body.removeprefix(word), register)
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
    register = _register(facts_file("agencies.yaml"))
    places = divisions.load()
    raw = fold(text)
    if corps := re.match(register.facts.corps, raw):
        city = read_agency(raw[corps.end() :], year, within, any_body=any_body)
        if city is not None and city.placed:
            return dataclasses.replace(city, name=corps["name"] + city.name, raw=raw)
    bare = re.sub(register.facts.party, "", raw)
    for word in register.facts.leading:
        bare = bare.removeprefix(word)
    if not bare or names_site(bare):
        return None
    organ = register.state_council.get(bare.removeprefix("中华人民共和国"))
    if organ is not None:
        return Agency(organ, "state_council_organ", (CENTRAL,), organ, raw, placed=True)
    prefix = next((p for p in register.facts.vertical_prefixes if bare.startswith(p) and bare != p), "")
    rest = _within_area(bare.removeprefix(prefix), year, register, places)
    place = places.read(rest, year, within)
    if place is not None and not _stands_alone(place, rest):
        place = None
    if place is not None and place.short and rest.startswith(tuple(register.facts.areas)):
        place = None  # 兰州新区 is an area and not 兰州's 新区
    if place is None and re.match(register.facts.not_names, rest):
        return None
    candidates: tuple[Division, ...] = ()
    body, placed = rest, place is not None
    if place is not None:
        candidates, body = place.candidates, rest[place.length :]
    elif area := next((name for name in register.facts.areas if rest.startswith(name)), None):
        division = places.get(register.facts.areas[area])
        candidates, placed = ((division,) if division else ()), True
        return Agency(_written(rest, register), kind_of(rest) or "zone_committee", candidates, rest, raw, placed)
    elif within is not None:
        supplied = _supplied(rest, year, within, register, places)
        if supplied is not None:
            candidates, body = (supplied[0],), supplied[1]
    if prefix:
        return Agency(bare, kind_of(bare), candidates, body, raw, placed)
    parts = _Parts(raw, rest, body, candidates, place, placed, any_body=any_body)
    return _named(parts, year, register, places)


@dataclass(frozen=True, slots=True)
class _Parts:
    raw: str
    rest: str
    body: str
    candidates: tuple[Division, ...]
    place: Place | None
    placed: bool
    any_body: bool


def _named(parts: _Parts, year: int | None, register: _Register, places: Divisions) -> Agency | None:
    body, bare = _written(parts.body, register), register.facts.bare_place
    level = parts.candidates[0].level if parts.candidates else None
    if level == "township" and body:
        # 东街街道 + 办: how the body is written shows only beside the place.
        body = _written(parts.candidates[0].name + parts.body, register).removeprefix(parts.candidates[0].name)
    # The name of a listed subdistrict may have swallowed 办事处.
    if not body:
        if level is None:
            return None
        printed = parts.candidates[0].name
        chosen = bare.government
        if level == "township":
            chosen = bare.township if re.search(bare.township.pattern, printed) else bare.subdistrict
        body, kind = chosen.body, chosen.kind
    else:
        whole = parts.candidates[0].name + body if level == "township" else body
        kind = kind_of(whole) or ("other" if parts.any_body and parts.placed else "")
        if not kind:
            return None
        if kind == "people_government" and level == "township":
            kind = "township_government"
        if kind == "township_government" and not body.endswith(bare.township.body):
            body += bare.township.body  # a township that is not listed, named without its government
    short = parts.place is not None and parts.place.short
    zone = any(code == "zone_committee" and pattern.search(body) for code, pattern in register.kinds)
    zone = zone or re.search(register.facts.zones, body) is not None
    if kind == "vertical_agency" or (short and (zone or kind == "authorised_org")):
        name = _written(
            parts.rest, register
        )  # 天津海关, 西安高新区管委会, 陕西历史博物馆: the short form is part of the name
    elif len(parts.candidates) == 1:
        name = _place_name(parts.candidates[0], year, places) + body
    else:
        printed = parts.rest[: parts.place.length] if parts.place is not None else ""
        name = printed + body
    return Agency(name, kind, _sent_out(parts, body, year, places), body, parts.raw, parts.placed)


def _sent_out(parts: _Parts, body: str, year: int | None, places: Divisions) -> tuple[Division, ...]:
    """Where a body is: 滨江区人民政府长河街道办事处 is in 长河街道, whose name stands behind its government's."""
    office = body.removeprefix("人民政府")
    if office == body or len(parts.candidates) != 1 or not office.endswith("办事处"):
        return parts.candidates
    place = places.read(parts.candidates[0].name + office, year, parts.candidates[0].code)
    return place.candidates if place is not None and place.candidates[0].level == "township" else parts.candidates


def _within_area(text: str, year: int | None, register: _Register, places: Divisions) -> str:
    """河北雄安新区雄县人民政府 is 雄县's: an area without a code says nothing beside a place that has one."""
    for area in register.facts.areas:
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
    text: str, year: int | None, within: str, register: _Register, places: Divisions
) -> tuple[Division, str] | None:
    """The place that ``within`` supplies, and the body: 县教育局 within 410825 is 温县's 教育局."""
    here = places.at(within, year) if year is not None else places.get(within)
    if here is None:
        return None
    nearest_first = (here, *reversed(places.ancestors(here.code, year)))
    for word in register.facts.generic_places:
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


def _written(name: str, register: _Register) -> str:
    for pattern, replacement in register.writing:
        name = pattern.sub(replacement, name)
    return name


@functools.lru_cache(maxsize=4)
def _register(path: Path) -> _Register:
    facts = load_facts(path, _AgencyFacts)
    council = {name: name for name in facts.state_council}
    council |= {short: name for name, shorts in facts.state_council.items() for short in shorts}
    return _Register(
        facts,
        tuple((re.compile(entry.pattern), entry.name) for entry in facts.writing),
        tuple((entry.kind, re.compile(pattern)) for entry in facts.kinds for pattern in entry.patterns),
        council,
    )
