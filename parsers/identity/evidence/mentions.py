"""Names of bodies in running text, and which of them the text uses for its own publisher.

A text names many bodies: those whose orders it follows, those it works with, itself. Its own name stands where a
sentence has its subject (由河南省教育厅编制, 河北省科学技术厅深入贯彻); the words around it are data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.identity import agencies, divisions
from parsers.identity.agencies import Agency
from parsers.identity.divisions import Level
from parsers.identity.evidence.words import load_words

_BODY_END = re.compile(r"[,，。;；:：、()（）《》<>“”\"'\[\]【】|/—0-9]")
_LONGEST_BODY = 22  # characters behind the place
_PLACE_ENDINGS = "县市区旗州盟省"
# The first letter of these is no body: 司法局, 委员会, 办公室.
_BEGINS_BODIES = "司委办部处站社院"
# A body that goes on: the shorter reading is a part of the longer one.
_LONGER = ("室", "厅", "公室", "公厅", "事处", "员会", "办公室", "办公厅", "分局")
# 滨江区人民政府长河街道办事处: the office that a government sends out.
_SENT_OUT = re.compile(r"[\u3400-\u9fff]{2,6}街道办事处")
_CONTACT_REACH = 60  # characters behind 请联系 in which the body stands
_OFTEN = 2  # a city named once may be the one above, or a neighbour


@dataclass(frozen=True, slots=True)
class Mention:
    """A body named with its place in running text; ``start`` and ``end`` are offsets in the folded text."""

    text: str
    start: int
    end: int
    agency: Agency


def find_mentions(text: str, year: int | None, within: str | None) -> Iterator[Mention]:
    """Names of bodies with their place anywhere in a folded text, left to right, not overlapping.

    Args:
        text: a line or paragraph.
        year: the report's year.
        within: code of the division that the portal or column stands for.
    """
    places = divisions.load()
    text = text[: load_words().reach.paragraph_length]
    position = 0
    while position < len(text) - 2:
        place = places.read(text[position:], year, within)
        if place is None or place.short:
            position += 1
            continue
        end = _find_end_of_body(text, position, position + place.length)
        agency = agencies.read_agency(text[position:end], year, within) if end else None
        if end is None or agency is None:
            position += place.length
            continue
        yield Mention(text[position:end], position, end, agency)
        position = end


def find_self_mentions(paragraphs: Sequence[str], year: int | None, within: str | None) -> Iterator[Agency]:
    """Bodies with their place by which the first paragraphs speak of their own publisher, in order."""
    for paragraph in paragraphs:
        for mention in find_mentions(paragraph, year, within):
            if _is_own_name(paragraph, mention.start, mention.end):
                yield mention.agency


def find_organs(paragraphs: Sequence[str]) -> Iterator[Agency]:
    """Ministries that speak of themselves: 2024年,教育部坚持...."""
    for paragraph in paragraphs:
        for name, start, end in agencies.organs(paragraph):
            agency = agencies.read_agency(name)
            if agency is not None and _is_own_name(paragraph, start, end):
                yield agency


def find_townships(paragraphs: Sequence[str]) -> Iterator[str]:
    """Townships that speak of themselves and do not say in which county they lie (2021年,榆盘镇认真学习...)."""
    words = load_words()
    for paragraph in paragraphs:
        for match in words.own_township.finditer(paragraph):
            start, end = match.span("name")
            follows = words.after_own_name.match(paragraph[end:])
            if follows and not words.before_other_name.search(paragraph[:start]):
                yield match.group("name")


def find_bodies_by_level(paragraphs: Sequence[str], lines: Sequence[str], year: int | None) -> Iterator[Agency]:
    """Names that say the level and not the place (省教育厅坚持...), where the text names one place of that level."""
    words = load_words()
    for paragraph in paragraphs:
        for match in words.own_level.finditer(paragraph):
            body = _body_in_front_of_verb(match.group("rest"))
            if body is None:
                continue
            place = _find_only_place(lines, words.levels[match.group("level")], year)
            agency = agencies.read_agency(place + body, year) if place else None
            if agency is not None:
                yield agency


def find_contacts(paragraphs: Sequence[str], year: int | None, within: str | None) -> Iterator[Agency]:
    """Bodies that questions about the report are to be put to, without the room that answers them."""
    words = load_words()
    for paragraph in paragraphs:
        for match in re.finditer(words.contact, paragraph):
            behind = paragraph[match.end() : match.end() + _CONTACT_REACH]
            for mention in find_mentions(behind, year, within):
                without_room = re.sub(words.contact_rooms, "", mention.text)
                agency = agencies.read_agency(without_room, year, within)
                if mention.start == 0 and agency is not None:
                    yield agency


def _is_own_name(paragraph: str, start: int, end: int) -> bool:
    """Whether the name from ``start`` to ``end`` is the subject of its sentence, and nobody else's."""
    words = load_words()
    before = paragraph[:start]
    if not words.before_own_name.search(before) or not words.after_own_name.match(paragraph[end:]):
        return False
    return words.before_other_name.search(before) is None


def _find_end_of_body(text: str, start: int, body: int) -> int | None:
    """Where the name that begins at ``start`` and whose place ends at ``body`` ends; None when no body follows."""
    if text[start:body].endswith("办事处"):
        return body  # the place is a subdistrict named with its office
    stop = _BODY_END.search(text, body)
    clause_end = len(text) if stop is None else stop.start()
    for end in range(body + 1, min(clause_end, body + _LONGEST_BODY) + 1):
        if agencies.kind_of(text[start:end]) is None or text[end - 1] in _PLACE_ENDINGS:
            continue
        if end == body + 1 and text[body] in _BEGINS_BODIES:
            continue
        return max(_longer_ends(text, start, end), default=end)
    return None


def _longer_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where the name from ``start`` to ``end`` may go on to: 人民政府 to 人民政府办公室."""
    ends = [end + len(more) for more in _LONGER if text.startswith(more, end)]
    sent_out = _SENT_OUT.match(text, end)
    if sent_out and text[start:end].endswith("政府"):
        ends.append(sent_out.end())
    for longer in ends:
        if agencies.kind_of(text[start:longer]) is not None:
            yield longer


def _body_in_front_of_verb(rest: str) -> str | None:
    """The shortest body at the start of a clause behind which its sentence goes on as one about itself."""
    after = load_words().after_own_name
    for end in range(2, min(len(rest), _LONGEST_BODY)):
        if agencies.kind_of(rest[:end]) and after.match(rest[end:]):
            return rest[:end]
    return None


def _find_only_place(lines: Sequence[str], level: Level, year: int | None) -> str | None:
    """The name of the one place of a level that a text names; None where it names none or several."""
    text = "".join(lines)
    places = set(divisions.load().names(level, year))
    if level == "prefecture":  # 市 may be the city of a county, whose text names the city above it
        counties = divisions.load().names("county", year)
        places |= {name for name in counties if name.endswith("市")}
    named = {name for name in places if name in text}
    # 安阳县 in 安阳县..., 阳县 in none: a name within a longer one that stands there is not named by itself.
    alone = {name for name in named if not _is_within_another(name, named)}
    if level == "prefecture" and sum(text.count(name) for name in alone) < _OFTEN:
        return None
    return alone.pop() if len(alone) == 1 else None


def _is_within_another(name: str, names: set[str]) -> bool:
    return any(name != other and name in other for other in names)
