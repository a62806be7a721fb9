"""What a document says about itself: title lines, header facts, sentences about the publisher, signature, period.

Collected here without judgement; `parsers.identity.identity` weighs it. All texts are folded.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parsers.configuration import ConfigModel, facts_file, load_facts
from parsers.document import Document, Table, Text
from parsers.identity import agencies, divisions
from parsers.identity.agencies import Agency
from parsers.identity.dates import dates_in
from parsers.identity.divisions import Level
from parsers.identity.titles import TitleReading, fold, read_title
from parsers.record import Section

_HEADING = re.compile(r"^(?:第?[一二三四五六七八九十]{1,3}[、.,:章部]|[(（][一二三四五六七八九十]{1,3}[)）])")
_CLAUSE_END = re.compile(r"[,，。;；:：!！?？]")
_CLAUSE_STOP = re.compile(r"[,，。;；!！?？]")
_BODY_END = re.compile(r"[,，。;；:：、()（）《》<>“”\"'\[\]【】|/—0-9]")
_CLOCK = re.compile(r"(?<=\d)[\sT]+\d{1,2}:\d{2}(?::\d{2})?")
_LONGEST_BODY = 22
_SEAL = re.compile(r"[(\[](?:盖?章|公章|印章|签章|加盖公章)[)\]]$")
_LONGEST_DATE = 24
_BULLETS = "•·●◆■▪-*"
_OFTEN = 2  # a city named once may be the one above, or a neighbour
_SENT_OUT = re.compile(r"[\u3400-\u9fff]{2,6}街道办事处")
_BEGINS_BODIES = "司委办部处站社院"
# A body that goes on: the shorter reading is a part of the longer one.
_LONGER = ("室", "厅", "公室", "公厅", "事处", "员会", "办公室", "办公厅", "分局")


class _Header(ConfigModel):
    title: tuple[str, ...]
    publisher: tuple[str, ...]
    published: tuple[str, ...]
    written: tuple[str, ...]
    bar_label: str
    bar_marks: str
    not_published: str
    others: tuple[str, ...]


class _Meta(ConfigModel):
    title: tuple[str, ...]
    published: tuple[str, ...]
    publisher: tuple[str, ...]
    site_code: tuple[str, ...]


class _Reach(ConfigModel):
    opening_paragraphs: int
    paragraph_length: int
    title_lines: int
    title_length: int
    line_length: int
    signature_lines: int


class _Self(ConfigModel):
    before: str
    after: str


class _Scope(ConfigModel):
    own_agency: str
    jurisdiction: str
    jurisdiction_kinds: tuple[str, ...]


class IdentityFacts(ConfigModel):
    """``config/identity.yaml``."""

    header: _Header
    meta: _Meta
    period: str
    not_titles: str
    announced: str
    called: str
    contact: str
    contact_rooms: str
    townships: str
    reach: _Reach
    self: _Self
    others: str
    levels: dict[str, Level]
    scope: _Scope


@dataclass(frozen=True, slots=True)
class Mention:
    """A publisher-like name in running text."""

    text: str
    start: int
    end: int
    agency: Agency


def facts() -> IdentityFacts:
    """The facts in use."""
    return _facts(facts_file("identity.yaml"))


@functools.lru_cache(maxsize=4)
def _facts(path: Path) -> IdentityFacts:
    return load_facts(path, IdentityFacts)


def opening(document: Document, sections: Sequence[Section]) -> list[str]:
    """The lines in front of the first heading of the text."""
    headings = {fold(section.heading) for section in sections}
    lines: list[str] = []
    labels = _labels(facts().header)
    for text in document.texts():
        folded = fold(text.text)
        if any(labels.get(label) == "title" for label, _ in _bar(text.text, labels)):
            continue  # the bar above the text repeats the title behind its label
        if folded in headings or (_HEADING.match(folded) and len(folded) < facts().reach.line_length):
            break
        if folded:
            lines.append(folded)
    return lines


def body_lines(document: Document) -> list[str]:
    """All texts outside tables, folded, empty ones left out."""
    return [folded for text in document.texts() if (folded := fold(text.text))]


def title_lines(lines: Sequence[str]) -> Iterator[TitleReading]:
    """Titles that the first lines make, best first: alone, or two or three lines together.

    A line with a comma or a full stop is a sentence, not a title. Among the readings of the same words the one that
    knows place, year and body is best, then the one with the longer place (a line may end within a name), then the
    one from fewer lines, then the first.
    """
    reach, places = facts().reach, divisions.load()
    labels = _labels(facts().header)
    rated: list[tuple[tuple[bool, bool, bool, int, int, int], TitleReading]] = []
    for start in range(min(len(lines), reach.title_lines)):
        for count in (1, 2, 3):
            parts = lines[start : start + count]
            joined = "".join(parts)
            if len(parts) < count or len(joined) > reach.title_length or re.search(r"[,，。;；!！?？]", joined):
                break
            if re.search(facts().not_titles, joined) or _is_labelled(parts[-1], labels):
                break
            reading = read_title(joined)
            if reading.kind == "other":
                continue
            if count > 1 and parts[-1][0] not in "(【[" and read_title("".join(parts[:-1])).reason == "report_words":
                break  # the title ended on the line before
            agency = agencies.read_agency(reading.agency, reading.year) if reading.agency else None
            place = places.read(agency.raw, reading.year) if agency is not None else None
            rating = (
                agency is not None and agency.placed,
                reading.year is not None,
                agency is not None,
                place.length if place is not None else 0,
                -count,
                -start,
            )
            rated.append((rating, reading))
    for _, reading in sorted(rated, key=lambda entry: entry[0], reverse=True):
        yield reading


def header(document: Document) -> dict[str, list[str]]:
    """Facts of the table or bar above the text, as they stand: ``title``, ``publisher``, ``published``, ``written``."""
    found: dict[str, list[str]] = {"title": [], "publisher": [], "published": [], "written": []}
    labels = _labels(facts().header)
    waiting = ""  # a label on a line of its own, whose value is the next line
    for block in document.blocks:
        if isinstance(block, Text) and (folded := fold(block.text).lstrip(_BULLETS)):
            if labels.get(waiting) and folded.rstrip(":") not in labels:
                found[labels[waiting]].append(block.text.strip())
            waiting = folded.rstrip(":") if folded.rstrip(":") in labels else ""
        if isinstance(block, Table):
            for label, value in _cells(block, labels):
                found[labels[label]].append(value)
        elif isinstance(block, Text):
            for label, value in _bar(block.text, labels):
                found[labels[label]].append(value)
    return {name: [value for value in values if fold(value)] for name, values in found.items()}


def self_mentions(lines: Sequence[str], year: int | None, within: str | None) -> Iterator[Mention]:
    """Names by which sentences at the beginning speak of the report's own publisher, in order."""
    known = facts()
    before, after, others = re.compile(rf"{known.self.before}$"), re.compile(known.self.after), re.compile(known.others)
    for line in _paragraphs(lines):
        for mention in mentions(line, year, within):
            clause = line[: mention.start]
            if before.search(clause) and after.match(line[mention.end :]) and not others.search(clause):
                yield mention


def organs(lines: Sequence[str]) -> Iterator[Agency]:
    """Ministries that speak of themselves: 2024年,教育部坚持...."""
    known = facts()
    before, after, others = re.compile(rf"{known.self.before}$"), re.compile(known.self.after), re.compile(known.others)
    for line in _paragraphs(lines):
        for name, start, end in agencies.organs(line):
            agency = agencies.read_agency(name)
            if agency and before.search(line[:start]) and after.match(line[end:]) and not others.search(line[:start]):
                yield agency


def townships(lines: Sequence[str]) -> Iterator[str]:
    """Townships that speak of themselves and do not say in which county they lie (2021年,榆盘镇认真学习...)."""
    known = facts()
    pattern = re.compile(rf"{known.self.before}由?(?P<name>{known.townships})")
    after, others = re.compile(known.self.after), re.compile(known.others)
    for line in _paragraphs(lines):
        for match in pattern.finditer(line):
            start, end = match.span("name")
            if after.match(line[end:]) and not others.search(line[:start]):
                yield match.group("name")


def contacts(lines: Sequence[str], year: int | None, within: str | None) -> Iterator[Agency]:
    """Bodies that questions about the report are to be put to, without the room that answers them."""
    known = facts()
    for line in _paragraphs(lines):
        for match in re.finditer(known.contact, line):
            for mention in mentions(line[match.end() : match.end() + 60], year, within):
                bare = re.sub(known.contact_rooms, "", mention.text)
                agency = agencies.read_agency(bare, year, within)
                if mention.start == 0 and agency is not None:
                    yield agency


def bodies_by_level(lines: Sequence[str], year: int | None) -> Iterator[Agency]:
    """Names that say the level and not the place (省教育厅坚持...), where the text names one place of that level."""
    known = facts()
    levels = "|".join(known.levels)
    begins = re.compile(rf"{known.self.before}(?P<level>{levels})(?P<rest>[^,，。;；:：《》()]+)")
    after = re.compile(known.self.after)
    for line in _paragraphs(lines):
        for match in begins.finditer(line):
            rest = match.group("rest")
            ends = range(2, min(len(rest), _LONGEST_BODY))
            body = next((rest[:end] for end in ends if agencies.kind_of(rest[:end]) and after.match(rest[end:])), None)
            if body is None:
                continue
            place = _only_place(lines, known.levels[match.group("level")], year)
            agency = agencies.read_agency(place + body, year) if place else None
            if agency is not None:
                yield agency


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """The first sentences of the text; of a text that is one single line, its beginning."""
    reach, called = facts().reach, re.compile(facts().called)
    long = [line[: reach.paragraph_length] for line in lines if len(line) > 20][: reach.opening_paragraphs]
    return [called.sub("", line) for line in long]


def closing_lines(lines: Sequence[str]) -> list[str]:
    """The last lines of the text, of long ones the end."""
    reach = facts().reach
    return [line[-reach.paragraph_length :] for line in lines[-reach.signature_lines :]]


def _only_place(lines: Sequence[str], level: Level, year: int | None) -> str | None:
    text = "".join(lines)
    places = divisions.load().names(level, year)
    if level == "prefecture":  # 市 may be the city of a county, whose text names the city above it
        places |= {name for name in divisions.load().names("county", year) if name.endswith("市")}
    named = {name for name in places if name in text}
    # 安阳县 in 安阳县..., 阳县 in none: a name within a longer one that stands there is not named by itself.
    alone = {name for name in named if not any(name != other and name in other for other in named)}
    if level == "prefecture" and sum(text.count(name) for name in alone) < _OFTEN:
        return None
    return alone.pop() if len(alone) == 1 else None


def named_reports(lines: Sequence[str]) -> Iterator[TitleReading]:
    """Titles of annual reports that the first paragraphs name with their publisher.

    现发布《河北省教育厅2016年度政府信息公开工作报告》, or a title that runs into its paragraph. A sentence that only
    speaks of a report (我厅编写了2019年...报告) names no publisher and gives nothing. What stands in quotation marks is
    a name even where it has no place in it (《榆盘镇2021年...》).
    """
    announced = re.compile(facts().announced)
    for line in _paragraphs(lines):
        for quoted in re.findall(r"[《<〈]([^《》<>〈〉]{8,60}(?:报告|年报))[》>〉]", line):
            reading = read_title(quoted)
            named = agencies.read_agency(reading.agency, reading.year) if reading.agency else None
            if reading.kind == "annual_report" and reading.year and named is not None:
                yield reading
        for clause in re.split(r"[,，。;；:：《》<>]", line):
            words = re.match(r".*?公开.*?(?:报告|年报)", clause)
            told = read_title(announced.sub("", words.group())) if words else None
            if told is None or told.kind != "annual_report" or not told.year or not told.agency:
                continue
            agency = agencies.read_agency(told.agency, told.year)
            if agency is not None and agency.placed:
                yield told


def mentions(line: str, year: int | None, within: str | None) -> Iterator[Mention]:
    """Names of bodies with their place anywhere in a folded text, left to right, not overlapping."""
    places = divisions.load()
    line = line[: facts().reach.paragraph_length]
    position = 0
    while position < len(line) - 2:
        place = places.read(line[position:], year, within)
        if place is None or place.short:
            position += 1
            continue
        end = _body(line, position, position + place.length)
        agency = agencies.read_agency(line[position:end], year, within) if end else None
        if end is None or agency is None:
            position += place.length
            continue
        yield Mention(line[position:end], position, end, agency)
        position = end


def signature(lines: Sequence[str], year: int | None, within: str | None) -> Agency | None:
    """Who signed: the name in front of the closing date, in its line or the one above, else the last name alone."""
    alone: Agency | None = None
    for line in reversed(closing_lines(lines)):
        dates = dates_in(line)
        closing = _unsealed(line[: dates[-1].start] if dates else line)
        if not closing or _HEADING.match(closing):
            continue
        if dates:
            last = [mention for mention in mentions(closing[-40:], year, within) if mention.end == len(closing[-40:])]
            if last:
                return last[-1].agency
        if len(closing) <= facts().reach.line_length and not _CLAUSE_END.search(closing):
            agency = agencies.read_agency(closing, year, within)
            if agency is not None and dates:
                return agency
            if agency is not None and agency.placed:
                alone = agency
                break
    signed = sign_off(lines, year, within)
    return signed[0] if signed is not None and not (alone and not signed[0].placed) else alone


def sign_off(lines: Sequence[str], year: int | None, within: str | None) -> tuple[Agency, dt.date] | None:
    """The one name that stands alone above a date that stands alone, whatever follows them (the foot of a page)."""
    found: dict[str, tuple[Agency, dt.date]] = {}
    for name, line in itertools.pairwise(lines):
        days = list(byline_dates([line]))
        bare = _unsealed(name)
        if not days or len(name) > facts().reach.line_length or re.fullmatch(facts().contact_rooms, bare):
            continue
        agency = agencies.read_agency(bare, year, within, any_body=True)
        if agency is not None and agency.kind is not None and agencies.kind_of(bare) is not None:
            found[agency.name] = (agency, days[0])
    return next(iter(found.values())) if len(found) == 1 else None


def _unsealed(line: str) -> str:
    """A signature without the remark that it is sealed, and without brackets around it."""
    return _SEAL.sub("", line).strip("()[]")


def byline_dates(lines: Sequence[str]) -> Iterator[dt.date]:
    """Dates that stand alone above the text, as reports are dated under their title: (2026年1月23日)."""
    for line in lines:
        dates = dates_in(line) if len(line) <= _LONGEST_DATE else []
        if len(dates) == 1 and not line[: dates[0].start].strip("(（[") and not line[dates[0].end :].strip(")）]"):
            yield dates[0].day


def period(lines: Sequence[str]) -> tuple[int, int] | None:
    """First and last year of the period that the figures cover (from 1 January to 31 December)."""
    pattern = re.compile(facts().period)
    for line in lines:
        match = pattern.search(line)
        if match:
            first = read_title(match.group("first") + "年").year
            last = read_title((match.group("last") or match.group("first")) + "年").year
            if first is not None and last is not None:
                return first, last
    return None


def _body(line: str, start: int, body: int) -> int | None:
    """Where the name that begins at ``start`` and whose place ends at ``body`` ends; None when no body follows."""
    if line[start:body].endswith("办事处"):
        return body  # the place is a subdistrict named with its office
    stop = _BODY_END.search(line, body)
    limit = min(len(line) if stop is None else stop.start(), body + _LONGEST_BODY)
    for end in range(body + 1, limit + 1):
        if agencies.kind_of(line[start:end]) is None or line[end - 1] in "县市区旗州盟省":
            continue
        if end == body + 1 and line[body] in _BEGINS_BODIES:
            continue  # 司法局, 委员会, 办公室: the first letter is no body
        longer = [end + len(more) for more in _LONGER if line.startswith(more, end)]
        # 滨江区人民政府长河街道办事处: the office that a government sends out.
        longer += [sent.end() for sent in [_SENT_OUT.match(line, end)] if sent and line[start:end].endswith("政府")]
        longer = [other for other in longer if agencies.kind_of(line[start:other]) is not None]
        return max(longer, default=end)
    return None


def _labels(known: _Header) -> dict[str, str]:
    labels = dict.fromkeys(known.others, "")
    for name in ("title", "publisher", "published", "written"):
        labels |= dict.fromkeys(getattr(known, name), name)
    return labels


def _is_labelled(line: str, labels: Mapping[str, str]) -> bool:
    """Whether a folded line is a fact behind its label (信息分类:信息公开年报); a labelled title is a title."""
    label, mark, _ = line.lstrip(_BULLETS).partition(":")
    return bool(mark) and labels.get(label, "title") != "title"


def _cells(table: Table, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    for row in table.rows():
        for index, cell in enumerate(row):
            folded = fold(cell.text)
            label = folded.rstrip(":")
            following = row[index + 1].text if index + 1 < len(row) else ""
            if labels.get(label) and fold(following).rstrip(":") not in labels:
                yield label, following
            elif ":" in folded[:8]:
                yield from _bar(cell.text, labels)


@functools.lru_cache(maxsize=8)
def _spaced(labels: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Labels, their letters spaced out or not: before a colon, at the beginning of a line, between blanks."""
    spaced = "|".join(r"[\s\u3000]*".join(map(re.escape, label)) for label in sorted(labels, key=len, reverse=True))
    return (
        re.compile(rf"(?P<label>{spaced})[\s\u3000]*[:：]"),
        re.compile(rf"[\s\u3000]*(?:{spaced})[\s\u3000]"),
        re.compile(rf"(?:(?<=^)|(?<=[\s\u3000]))(?P<label>{spaced})(?=[\s\u3000]|$)"),
    )


def _bar(text: str, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Labelled facts in one line: 发布时间：2024-01-17 来源：... ."""
    if len(text) > 300:
        return
    known = facts().header
    before_colon, at_beginning, apart = _spaced(tuple(labels))
    found = list(before_colon.finditer(text))
    if not found and at_beginning.match(text):
        # The cells of a table in one line, labels without a colon: 成文日期 2023-01-18 发布日期 2023-01-18.
        found = list(apart.finditer(text.strip()))
        text = text.strip()
    ends = [match.start() for match in found[1:]] + [len(text)]
    for match, end in zip(found, ends, strict=False):
        label = fold(match.group("label"))
        value = text[match.end() : end].strip()
        if labels.get(label) and value:
            yield label, value
    folded = fold(text)
    if any(labels.get(fold(match.group("label"))) == "published" for match in found):
        return
    if re.search(known.not_published, folded):
        return
    # A date without a label of its own: 时间：2024-01-17 来源：..., 2024-01-17 来源：... 浏览：12.
    days = dates_in(_CLOCK.sub("|", unicodedata.normalize("NFKC", text)).replace(" ", ""))
    alone = re.match(rf"^[\[(]?(?:{known.bar_label})?[:：]?", folded)
    labelled = alone is not None and alone.group().endswith(":") and len(folded) < 32
    # 供稿:某局 时间:2023-01-18: a label of its own among others.
    among = re.search(rf"(?:^|[\s\u3000|｜]){known.bar_label}[\s\u3000]*[:：]", text)
    labelled = labelled or (among is not None and not _CLAUSE_STOP.search(text))
    if len(days) == 1 and (labelled or re.search(known.bar_marks, folded)):
        yield known.published[0], days[0].day.isoformat()
