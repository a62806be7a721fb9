"""Numbers in running text as facts: each with the sentence it stands in, none without verb, thing and unit.

What is looked for is data (``config/templates/prose.yaml``). Precision goes before completeness: a number is left alone
when it belongs to another year, to a part of the year, to a comparison (12 more than last year) or to a part of the
whole. Approximate numbers (余, 近, 约) are marked ``ambiguous`` and carry no value. "None received" is a statement of
zero. One indicator may be stated twice with different values: every statement is a fact of its own.

`parts` finds lists whose parts must add to a whole, for the rule P_PROSE_SUM.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pydantic import Field

from parsers.configuration import ConfigModel, facts_file, load_facts
from parsers.document import Document, Locator
from parsers.prose import sentences
from parsers.prose.sentences import Sentence
from parsers.record import Figure, Section, Status, decimal_text

_PROBLEMS = 5  # the section on problems and plans: its numbers are of next year
_YEAR = re.compile(r"(20[0-9]{2})年|本年|今年")
_TITLED = re.compile(r"《[^》]*》")
_TITLE = re.compile(r"(20[0-9]{2})年(?:度)?[^，。]{0,30}(?:年度报告|工作报告|年报|公开报告)")
_PERIOD = re.compile(r"(20[0-9]{2})年1月1日")
_CLAUSE = re.compile(r"[，。；：（]")


class _Where(ConfigModel):
    context: str
    patterns: tuple[str, ...]


class _AllOf(ConfigModel):
    whole: str
    pattern: str


class _Fact(ConfigModel):
    code: str
    unit: str
    s14: str | None = None
    only_2014: bool = False
    patterns: tuple[str, ...] = ()
    patterns_where: _Where | None = None
    none: tuple[str, ...] = ()
    none_in_section: tuple[str, ...] = ()
    all_of: _AllOf | None = None
    context: str | None = None
    near: str | None = None
    section: int | None = None
    subject: str | None = None
    family: str | None = None
    sum_of: str | None = None
    needs: str | None = None
    total: bool = False
    before_number_not: str | None = None
    after_number_not: str | None = None
    never: str | None = None


class _Never(ConfigModel):
    between: str
    change: str
    part_of_year: str
    over_years: str
    rate: str
    each: str
    shares: str
    divides: str
    rest: str


class _Narrative(ConfigModel):
    cites: str


class _Family(ConfigModel):
    name: str
    whole: str
    labels: tuple[str, ...]


class _Lists(ConfigModel):
    opens: str
    rest: str
    unit_groups: tuple[str, ...]
    families: tuple[_Family, ...]


class _Prose(ConfigModel):
    """``prose.yaml``. `compiled` gives a pattern with its names filled in."""

    schema_: str = Field(alias="schema")
    words: dict[str, str]
    units: dict[str, str]
    never: _Never
    narrative_2014: _Narrative
    facts: tuple[_Fact, ...]
    parts: _Lists

    @functools.cached_property
    def compiled(self) -> Callable[[str], re.Pattern[str]]:
        """Gives a pattern with ``{n:unit}`` and ``{NAME}`` filled in; each is made once."""
        return functools.lru_cache(maxsize=None)(functools.partial(_compiled, self))


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a list: its label and number."""

    label: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class PartsSum:
    """A whole and the parts that the text says it consists of.

    Attributes:
        family: what is counted (``requests by channel``, ``disclosure channels``, ``media accounts``, ...), or
            ``list`` for a list that ends in a part called 其他.
        whole: the number the parts must add to.
        parts: in the order of the text.
        approximate: one of the numbers is not exact (余): only a sum above the whole, or far from it, says anything.
        locator: the sentence of the parts.
    """

    family: str
    whole: Decimal
    parts: tuple[Part, ...]
    approximate: bool
    locator: Locator

    @property
    def total(self) -> Decimal:
        """Sum of the parts."""
        return sum((part.value for part in self.parts), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Found:
    """A match: the fact, the sentence, where the number stands in it, and what it says."""

    fact: _Fact
    sentence: Sentence
    start: int
    end: int
    value: Decimal | None
    approximate: bool = False


def read_facts(document: Document, sections: Sequence[Section], year: int | None = None) -> tuple[Figure, ...]:
    """All facts in the running text of a document, in reading order.

    Args:
        document: blocks of any format; tables are not looked at.
        sections: the official sections, as `parsers.sections` found them; their numbers decide in doubt.
        year: the report's year; numbers of other years are left alone. Without it the title and the first lines say it.

    Returns:
        Figures with ``method="prose"`` and a ``prose`` locator; ``raw`` is the number with its unit, or the words that
        say there was none. Codes: ``prose_*``, ``fee_*`` and, in reports that quote the statistics annex of 2014-2018,
        also ``s14_*``.

    Raises:
        ConfigurationError: ``prose.yaml`` cannot be used.
    """
    known = _known()
    year = year or _report_year(document)
    narrative = _is_narrative_2014(document, known, year)
    figures: list[Figure] = []
    for found in _found(_Text(document, sections, known), year):
        figures.extend(_figures(found, document, narrative=narrative))
    return tuple(figures)


def parts(document: Document, sections: Sequence[Section]) -> tuple[PartsSum, ...]:
    """Lists of parts that must add to a whole, in reading order.

    Raises:
        ConfigurationError: ``prose.yaml`` cannot be used.
    """
    known = _known()
    text = _Text(document, sections, known)
    found = _found(text, _report_year(document))
    families = {found.fact.family for found in found if found.fact.family}
    known_sums = list(_family_sums(found, document))
    told = {item.sentence.places[item.end - 1] for item in found if item.fact.sum_of in families}
    return (*known_sums, *_listed_sums(text, told))


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """A document with its sections and the facts to look for: facts and sums of parts ask for the same, one by one."""

    document: Document
    sections: Sequence[Section]
    known: _Prose

    def __hash__(self) -> int:
        return hash((id(self.document), id(self.sections), id(self.known)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Text) and all(
            mine is its
            for mine, its in (
                (self.document, other.document),
                (self.sections, other.sections),
                (self.known, other.known),
            )
        )


@functools.lru_cache(maxsize=1)
def _found(text: _Text, year: int | None) -> tuple[_Found, ...]:
    return tuple(_find(text, year))


@functools.lru_cache(maxsize=1)
def _split(text: _Text) -> tuple[Sentence, ...]:
    return tuple(sentences.split(text.document, text.sections))


def _known() -> _Prose:
    return _loaded(facts_file("templates/prose.yaml"))


@functools.lru_cache(maxsize=4)
def _loaded(path: Path) -> _Prose:
    return load_facts(path, _Prose)


def _compiled(known: _Prose, pattern: str) -> re.Pattern[str]:
    for _ in range(3):  # words may stand in words
        for name, meaning in known.words.items():
            pattern = pattern.replace("{" + name + "}", meaning)
    for unit, meaning in known.units.items():
        pattern = pattern.replace("{n:" + unit + "}", f"{sentences.NUMERAL}(?P<u>{meaning}){sentences.AFTER}")
    return re.compile(pattern)


def _report_year(document: Document) -> int | None:
    """The year the report is about, as its first lines and its statement of the period say."""
    texts = [re.sub(r"\s+", "", text.text) for text in document.texts()]
    heads = [document.meta.get("articletitle", ""), *texts[:12], document.meta.get("title", "")]
    for pattern, lines in ((_TITLE, heads), (_PERIOD, texts)):
        for line in lines:
            if match := pattern.search(_TITLED.sub("", line)):
                return int(match.group(1))
    begun = (re.match(r"(20[0-9]{2})年", line) for line in texts[:12])
    return next((int(match.group(1)) for match in begun if match), None)


def _is_narrative_2014(document: Document, known: _Prose, year: int | None) -> bool:
    if 2014 <= (year or 0) <= 2018:
        return True
    text = re.sub(r"\s+", "", "\n".join(block.text for block in document.texts()))
    rules = known.narrative_2014
    return re.search(rules.cites, text) is not None


def _find(text: _Text, year: int | None) -> Iterator[_Found]:
    known = text.known
    for sentence in _split(text):
        if sentence.section == _PROBLEMS:
            continue
        here: list[_Found] = []
        for fact in known.facts:
            here.extend(_in_sentence(fact, sentence, known, year))
        for fact in known.facts:
            if fact.all_of:
                here.extend(_all_of(fact, fact.all_of, here, known))
        here = [found for found in _whole(here, known) if not _is_part(found, here, known)]
        codes = {found.fact.code for found in here}
        here = [found for found in here if found.fact.needs is None or found.fact.needs in codes]
        yield from sorted(_settled(here), key=lambda found: (found.start, found.end))


def _whole(here: Sequence[_Found], known: _Prose) -> list[_Found]:
    """Without the numbers of several bodies that a sentence names one by one: none of them is the report's."""
    shared = {
        fact.code
        for fact in {id(found.fact): found.fact for found in here}.values()
        if fact.total and _is_shared([found for found in here if found.fact is fact], known)
    }
    return [found for found in here if found.fact.code not in shared]


def _is_part(found: _Found, here: Sequence[_Found], known: _Prose) -> bool:
    """Whether a total is one of the parts into which the sentence divides another, or what is left beside them."""
    if not found.fact.total:
        return False
    before = found.sentence.text[: found.start]
    if re.search(known.never.rest, before):
        return True
    divides = [match.start() for match in re.finditer(known.never.divides, before)]
    if not divides:
        return False
    if min(divides) == 0:
        return True  # of the whole in the sentence before
    wholes = (other for other in here if other.fact is found.fact and other.end <= found.start)
    return any(other.end <= at for other in wholes for at in divides)


def _is_shared(found: Sequence[_Found], known: _Prose) -> bool:
    if len({item.value for item in found}) < 2:
        return False
    before = [_clause(item.sentence.text[: item.start], item.start) for item in found]
    return any(re.search(known.never.shares, clause) for clause in before)


def _settled(here: Sequence[_Found]) -> Iterator[_Found]:
    """One fact of a code for one place."""
    seen: set[tuple[str, int]] = set()
    for found in here:
        key = (found.fact.code, found.end)
        if key not in seen:
            seen.add(key)
            yield found


def _in_sentence(fact: _Fact, sentence: Sentence, known: _Prose, year: int | None) -> Iterator[_Found]:
    text = sentence.text
    if fact.context and not known.compiled(fact.context).search(text):
        return
    if fact.near and sentence.section != fact.section and not known.compiled(fact.near).search(sentence.before + text):
        return
    never = re.compile(fact.never) if fact.never else None
    zero = _zero(fact, sentence, known, year, never)
    patterns: list[tuple[re.Pattern[str], re.Pattern[str] | None]] = [
        (known.compiled(pattern), None) for pattern in fact.patterns
    ]
    if fact.patterns_where and zero is None:  # "none about disclosure" makes numbers beside it those of other matters
        context = known.compiled(fact.patterns_where.context)
        patterns += [(known.compiled(pattern), context) for pattern in fact.patterns_where.patterns]
    taken: set[int] = set()
    for pattern, where in patterns:
        for match in pattern.finditer(text):
            number = match.start("n")
            if number in taken or (never and never.search(match.group())):
                continue
            if not _is_of_year(text, match.start(), known, year) or not _is_meant(fact, sentence, match, where, known):
                continue
            value = sentences.value(match)
            if value is None:
                continue
            taken.add(number)
            if fact.unit == "万元":
                value /= 10_000
            start = match.start("lead") if match["lead"] else number
            end = match.end("after") if match["after"] else match.end("u")
            yield _Found(fact, sentence, start, end, value, sentences.approximate(match))
    if zero and not taken:
        yield _Found(fact, sentence, zero.start(), zero.end(), Decimal(0))


def _zero(
    fact: _Fact, sentence: Sentence, known: _Prose, year: int | None, never: re.Pattern[str] | None
) -> re.Match[str] | None:
    """The words that say there was none of it."""
    nones = [*fact.none, *(fact.none_in_section if sentence.section == fact.section else ())]
    for none in nones:
        match = known.compiled(none).search(sentence.text)
        if match and never and never.search(match.group()):
            continue
        if match and _is_of_year(sentence.text, match.start(), known, year):
            return match
    return None


def _is_meant(
    fact: _Fact, sentence: Sentence, match: re.Match[str], context: re.Pattern[str] | None, known: _Prose
) -> bool:
    text, number = sentence.text, match.start("n")
    before = text[:number]
    if any(re.search(rule, before) for rule in (known.never.change, known.never.rate, known.never.each)):
        return False
    if fact.after_number_not and re.search(fact.after_number_not, text[match.end() :]):
        return False
    if fact.before_number_not and re.search(fact.before_number_not, before):
        return False
    if fact.total and _clause(text, match.start()).startswith(("其中", "包括", "含")):
        return False
    gap_from = context or (known.compiled(fact.context) if fact.context else None)
    if gap_from is not None:
        spoken = [found.end() for found in gap_from.finditer(text) if found.end() <= number]
        if spoken and re.search(known.never.between, text[spoken[-1] : number]):
            return False
        if not spoken and context is not None and not gap_from.search(sentence.before):
            return False
        if not spoken and fact.family:
            return False
    if fact.subject:
        other = "行政诉讼" if fact.subject == "行政复议" else "行政复议"
        position = before.rfind(fact.subject)
        return position >= 0 and position > before.rfind(other)
    return True


def _clause(text: str, position: int) -> str:
    start = max((match.end() for match in _CLAUSE.finditer(text, 0, position)), default=0)
    return text[start:]


def _is_of_year(text: str, position: int, known: _Prose, year: int | None) -> bool:
    before = _TITLED.sub("", text[:position])
    if re.search(known.never.part_of_year, before) or re.search(known.never.over_years, before):
        return False
    named = [match.group(1) for match in _YEAR.finditer(before)]
    return not named or named[-1] is None or year is None or int(named[-1]) == year


def _all_of(fact: _Fact, rule: _AllOf, here: Sequence[_Found], known: _Prose) -> Iterator[_Found]:
    """All of them were answered: the number of the whole, and nothing else in the sentence says another one."""
    wholes = [found for found in here if found.fact.code == rule.whole and found.value]
    if len(wholes) != 1 or any(found.fact.code == fact.code for found in here):
        return
    (whole,) = wholes
    text = whole.sentence.text
    match = known.compiled(rule.pattern).match(text[whole.end :])
    if match:
        end = whole.end + match.end()
        yield _Found(fact, whole.sentence, whole.start, end, whole.value, whole.approximate)


def _figures(found: _Found, document: Document, *, narrative: bool) -> Iterator[Figure]:
    fact, sentence = found.fact, found.sentence
    if fact.only_2014 and not narrative:
        return
    status: Status = "ambiguous" if found.approximate else "number"
    value = None if found.approximate else found.value
    shown = decimal_text(found.value)
    codes = [fact.code, *([fact.s14] if fact.s14 and narrative else [])]
    for code in codes:
        yield Figure(
            code=code,
            value=value,
            status=status,
            raw=sentence.raw(document, found.start, found.end),
            locator=sentence.locator(document, found.start, found.end),
            unit=fact.unit,
            method="prose",
            alternatives=(shown,) if found.approximate and shown else (),
        )
    if fact.code == "fee_collected_yuan":
        yield Figure(
            code="fee_statement",
            value=None,
            status="text",
            raw=sentence.raw(document, found.start, found.end),
            locator=sentence.locator(document, found.start, found.end),
            method="prose",
            alternatives=("collected" if found.value else "none_collected",),
        )


def _family_sums(found: Sequence[_Found], document: Document) -> Iterator[PartsSum]:
    """Facts of one family in one sentence, and the whole of the family in it, or the last one told before."""
    wholes: dict[str, _Found] = {}
    for position, item in enumerate(found):
        if item.fact.sum_of:
            wholes[item.fact.sum_of] = item
        family = item.fact.family
        if family is None:
            continue
        if position and found[position - 1].fact.family == family and found[position - 1].sentence is item.sentence:
            continue
        members = [other for other in found if other.fact.family == family and other.sentence is item.sentence]
        whole = wholes.get(family)
        if whole is None or whole.value is None or len(members) < 2:
            continue
        if whole.sentence is not item.sentence and len(members) < 3:
            continue
        yield PartsSum(
            family=family,
            whole=whole.value,
            parts=tuple(Part(member.fact.code, member.value or Decimal(0)) for member in members),
            approximate=whole.approximate or any(member.approximate for member in members),
            locator=item.sentence.locator(document, members[0].start, members[-1].end),
        )


def _listed_sums(text: _Text, told: set[tuple[int, int]]) -> Iterator[PartsSum]:
    """Lists after 其中 that name a remainder, or only accounts of social media; ``told``: wholes already added up."""
    rules = text.known.parts
    for sentence in _split(text):
        if sentence.section == _PROBLEMS:
            continue
        for opened in re.finditer(rules.opens, sentence.text):
            found = _list(sentence, opened.start(), opened.end(), rules)
            if found is None or found[0] in told:
                continue
            _, family, whole, items, approximate, end = found
            locator = sentence.locator(text.document, opened.end(), end)
            yield PartsSum(family, whole, tuple(items), approximate, locator)


def _list(
    sentence: Sentence, opened: int, start: int, rules: _Lists
) -> tuple[tuple[int, int], str, Decimal, list[Part], bool, int] | None:
    text = sentence.text
    clause = _clause(text, max(opened - 1, 0))[: opened - len(text)] if opened < len(text) else ""
    units = "|".join(sorted({unit for group in rules.unit_groups for unit in group}))
    numeral = re.compile(f"{sentences.NUMERAL}(?P<u>{units}){sentences.AFTER}")
    heads = list(numeral.finditer(text, 0, opened))
    if not heads or len(text[heads[-1].end() : opened].strip("，（：")) > 8:
        return None
    whole = heads[-1]
    group = next((group for group in rules.unit_groups if whole["u"] in group), whole["u"])
    closing = text.find("）", start) if text[opened - 1 : opened] == "（" else -1
    limit = closing if closing >= 0 else len(text)
    if re.search(rules.opens, text[start:limit]):
        return None
    family = next((f for f in rules.families if f.whole in clause + text[whole.end() : opened]), None)
    items: list[Part] = []
    approximate = sentences.approximate(whole)
    end = position = start
    complete = False
    for match in numeral.finditer(text, start, limit):
        value = sentences.value(match)
        label = text[position : match.start()].strip("，；、：（）")
        position = match.end()
        if complete and match["u"] not in group:
            break
        if value is None or match["u"] not in group or not label:
            return None
        if family and not any(word in label for word in family.labels):
            return None
        items.append(Part(label, value))
        approximate = approximate or sentences.approximate(match)
        end = match.end()
        complete = complete or re.search(rules.rest, label) is not None
    value = sentences.value(whole)
    if value is None or len(items) < 2 or not (complete or family):
        return None
    place = sentence.places[whole.end() - 1]
    return place, (family.name if family else "list"), value, items, approximate, end
