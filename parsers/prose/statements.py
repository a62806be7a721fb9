"""Statements: where a sentence says how much there was of one indicator, and the number is certainly meant so.

Precision goes before completeness. A number is left alone when it belongs to another year or a part of the year, to a
comparison (12 more than last year), to a part of the whole, or to one of several bodies that a sentence names.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from parsers.document import Document
from parsers.prose import sentences
from parsers.prose.needed import may_hold_any
from parsers.prose.sentences import Sentence
from parsers.prose.words import AllOf, Fact, ProseWords
from parsers.prose.years import is_of_year
from parsers.record import Section

PROBLEMS = 5
"""The section on problems and plans: its numbers are of next year."""

_CLAUSE_MARK = re.compile(r"[，。；：（]")
_OPENS_PARTS = ("其中", "包括", "含")
_SUITS = ("行政复议", "行政诉讼")  # told in one sentence, in the same words
_YUAN_IN_WAN = 10_000


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence says of one fact.

    Attributes:
        fact: the indicator.
        sentence: where it is said.
        start, end: which characters of the sentence say it: the number with its unit, or the words for none.
        value: how much, in the fact's unit.
        approximate: the number is not meant exactly (余, 近, 约).
    """

    fact: Fact
    sentence: Sentence
    start: int
    end: int
    value: Decimal
    approximate: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SearchedText:
    """A document with its sections and the words to look for.

    Equal only to a text made of the very same objects: facts and sums of parts ask for the same text one after the
    other, and comparing whole documents would take longer than reading them.
    """

    document: Document
    sections: Sequence[Section]
    words: ProseWords

    def __hash__(self) -> int:
        return hash((id(self.document), id(self.sections), id(self.words)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SearchedText):
            return False
        return self.document is other.document and self.sections is other.sections and self.words is other.words


@functools.lru_cache(maxsize=1)
def find_statements(text: SearchedText, year: int | None) -> tuple[Statement, ...]:
    """All statements of a text, in reading order.

    Args:
        text: what is searched, for what.
        year: the report's year; numbers of other years are left alone.
    """
    found: list[Statement] = []
    for sentence in find_sentences(text):
        if sentence.section != PROBLEMS:
            found.extend(_read_sentence(sentence, text.words, year))
    return tuple(found)


@functools.lru_cache(maxsize=1)
def find_sentences(text: SearchedText) -> tuple[Sentence, ...]:
    """The sentences of a text, in order."""
    return tuple(sentences.split_sentences(text.document, text.sections))


def find_clause_start(text: str, position: int) -> int:
    """Where the clause begins in which the character at ``position`` stands."""
    start = 0
    for mark in _CLAUSE_MARK.finditer(text, 0, position):
        start = mark.end()
    return start


def _read_sentence(sentence: Sentence, words: ProseWords, year: int | None) -> list[Statement]:
    """The statements of one sentence, from left to right, one for each fact and number."""
    stated: list[Statement] = []
    held = words.letters.held_by(sentence.text)
    for fact, patterns in words.facts_by_letters:
        if may_hold_any(held, patterns):
            stated.extend(_read_fact(fact, sentence, words, year))
    for fact in words.facts:
        if fact.all_of is not None:
            stated.extend(_read_all_of(fact, fact.all_of, stated, words))
    of_one_body = _without_shared_totals(stated, words)
    wholes = [statement for statement in of_one_body if not _is_part(statement, stated, words)]
    codes = {statement.fact.code for statement in wholes}
    supported = [statement for statement in wholes if statement.fact.needs is None or statement.fact.needs in codes]
    once: dict[tuple[str, int], Statement] = {}
    for statement in supported:
        once.setdefault((statement.fact.code, statement.end), statement)
    return sorted(once.values(), key=lambda statement: (statement.start, statement.end))


def _read_fact(fact: Fact, sentence: Sentence, words: ProseWords, year: int | None) -> Iterator[Statement]:
    """Every number that the sentence states for a fact; where it states none, the words that say there was none."""
    text = sentence.text
    if fact.context and not words.compiled(fact.context).search(text):
        return
    is_elsewhere = bool(fact.near) and sentence.section != fact.section
    if is_elsewhere and not words.compiled(fact.near or "").search(sentence.before + text):
        return
    none = _find_none(fact, sentence, words, year)
    taken: set[int] = set()
    for pattern, context in _number_patterns(fact, words, none_said=none is not None):
        for match in pattern.finditer(text):
            number = match.start("n")
            if number in taken or _is_never(fact, match):
                continue
            if not is_of_year(text, match.start(), words.never, year):
                continue
            if not _is_meant(fact, sentence, match, context, words):
                continue
            value = sentences.read_number(match)
            if value is None:
                continue
            taken.add(number)
            yield _statement_of(fact, sentence, match, value)
    if none is not None and not taken:
        yield Statement(fact, sentence, none.start(), none.end(), Decimal(0))


def _number_patterns(
    fact: Fact, words: ProseWords, *, none_said: bool
) -> Iterator[tuple[re.Pattern[str], re.Pattern[str] | None]]:
    """The patterns of a fact's number, each with what must be spoken of before the number, if anything must."""
    for pattern in fact.patterns:
        yield words.compiled(pattern), None
    # "None about disclosure" makes the numbers beside it those of other matters.
    if fact.patterns_where is not None and not none_said:
        context = words.compiled(fact.patterns_where.context)
        for pattern in fact.patterns_where.patterns:
            yield words.compiled(pattern), context


def _statement_of(fact: Fact, sentence: Sentence, match: re.Match[str], value: Decimal) -> Statement:
    start = match.start("lead") if match["lead"] else match.start("n")
    end = match.end("after") if match["after"] else match.end("u")
    if fact.unit == "万元":
        value /= _YUAN_IN_WAN
    return Statement(fact, sentence, start, end, value, sentences.is_approximate(match))


def _find_none(fact: Fact, sentence: Sentence, words: ProseWords, year: int | None) -> re.Match[str] | None:
    """The words that say there was none of it."""
    patterns = list(fact.none)
    if sentence.section == fact.section:
        patterns += fact.none_in_section
    for pattern in patterns:
        match = words.compiled(pattern).search(sentence.text)
        if match is None or _is_never(fact, match):
            continue
        if is_of_year(sentence.text, match.start(), words.never, year):
            return match
    return None


def _is_never(fact: Fact, match: re.Match[str]) -> bool:
    """Whether words stand within the match with which it says something else."""
    return bool(fact.never) and re.search(fact.never or "", match.group()) is not None


def _is_meant(
    fact: Fact, sentence: Sentence, match: re.Match[str], context: re.Pattern[str] | None, words: ProseWords
) -> bool:
    """Whether the number is the fact's, by what stands before and behind it."""
    text, number, never = sentence.text, match.start("n"), words.never
    before = text[:number]
    if re.search(never.change, before) or re.search(never.rate, before) or re.search(never.each, before):
        return False
    if fact.after_number_not and re.search(fact.after_number_not, text[match.end() :]):
        return False
    if fact.before_number_not and re.search(fact.before_number_not, before):
        return False
    if fact.total:
        clause = text[find_clause_start(text, match.start()) :]
        if clause.startswith(_OPENS_PARTS):
            return False
    if not _is_spoken_of(fact, sentence, number, context, words):
        return False
    return not fact.subject or _is_nearest_suit(fact.subject, before)


def _is_spoken_of(
    fact: Fact, sentence: Sentence, number: int, context: re.Pattern[str] | None, words: ProseWords
) -> bool:
    """Whether the matter is named before the number, with nothing between them that is another matter."""
    if context is None and not fact.context:
        return True
    matter = context or words.compiled(fact.context or "")
    spoken = [found.end() for found in matter.finditer(sentence.text) if found.end() <= number]
    if spoken:
        return re.search(words.never.between, sentence.text[spoken[-1] : number]) is None
    if context is not None and not matter.search(sentence.before):
        return False
    return not fact.family


def _is_nearest_suit(suit: str, before: str) -> bool:
    """Whether this kind of suit, and not the other, was named last before the number."""
    position = before.rfind(suit)
    other = _SUITS[1] if suit == _SUITS[0] else _SUITS[0]
    return position >= 0 and position > before.rfind(other)


def _read_all_of(fact: Fact, rule: AllOf, stated: Sequence[Statement], words: ProseWords) -> Iterator[Statement]:
    """All of them were answered: the number of the whole, where nothing else in the sentence says another one."""
    if any(statement.fact.code == fact.code for statement in stated):
        return
    wholes = [statement for statement in stated if statement.fact.code == rule.whole and statement.value]
    if len(wholes) != 1:
        return
    (whole,) = wholes
    match = words.compiled(rule.pattern).match(whole.sentence.text[whole.end :])
    if match:
        end = whole.end + match.end()
        yield Statement(fact, whole.sentence, whole.start, end, whole.value, whole.approximate)


def _without_shared_totals(stated: Sequence[Statement], words: ProseWords) -> list[Statement]:
    """Without the numbers of several bodies that a sentence names one by one: none of them is the report's."""
    totals: dict[int, list[Statement]] = {}
    for statement in stated:
        if statement.fact.total:
            totals.setdefault(id(statement.fact), []).append(statement)
    shared = {group[0].fact.code for group in totals.values() if _is_shared(group, words)}
    return [statement for statement in stated if statement.fact.code not in shared]


def _is_shared(statements: Sequence[Statement], words: ProseWords) -> bool:
    """Whether several numbers are stated for one total, and one of them for a body of its own (市本级, 各县)."""
    if len({statement.value for statement in statements}) < 2:
        return False
    for statement in statements:
        before = statement.sentence.text[: statement.start]
        clause = before[find_clause_start(before, statement.start) :]
        if re.search(words.never.shares, clause):
            return True
    return False


def _is_part(statement: Statement, stated: Sequence[Statement], words: ProseWords) -> bool:
    """Whether a total is one of the parts into which the sentence divides another, or what is left beside them."""
    if not statement.fact.total:
        return False
    before = statement.sentence.text[: statement.start]
    if re.search(words.never.rest, before):
        return True
    divided_at = [match.start() for match in re.finditer(words.never.divides, before)]
    if not divided_at:
        return False
    if divided_at[0] == 0:
        return True  # of the whole in the sentence before
    for whole in stated:
        if whole.fact is statement.fact and whole.end <= statement.start and whole.end <= divided_at[-1]:
            return True
    return False
