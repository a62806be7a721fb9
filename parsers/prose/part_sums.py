"""Lists of parts that the text says make up a whole, for the rule P_PROSE_SUM.

Two kinds: facts of one family in one sentence (requests by channel), whose whole is a fact, too; and lists behind 其中
that name a remainder (其他3件), or only accounts of social media. Parts are counted in units of one group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from parsers.document import Document, Locator
from parsers.prose import sentences
from parsers.prose.sentences import Sentence
from parsers.prose.statements import (
    PROBLEMS,
    SearchedText,
    Statement,
    find_clause_start,
    find_sentences,
    find_statements,
)
from parsers.prose.words import Family, ListWords, load_words
from parsers.prose.years import find_report_year
from parsers.record import Section

_FEWEST = 2  # parts
_FEWEST_OF_EARLIER_WHOLE = 3  # parts of a whole that an earlier sentence told: two may belong to another
_LONGEST_GAP = 8  # characters between the whole and the words that open its list


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
class _Items:
    """The parts of a list as they were read.

    Attributes:
        parts: in the order of the text.
        end: where the last one ends in the sentence.
        approximate: one of them is not exact.
        complete: one of them is the remainder (其他): together they are the whole.
    """

    parts: tuple[Part, ...]
    end: int
    approximate: bool
    complete: bool


def find_part_sums(document: Document, sections: Sequence[Section]) -> tuple[PartsSum, ...]:
    """Lists of parts that must add to a whole: those of families first, each kind in reading order.

    Raises:
        ConfigurationError: ``prose.yaml`` cannot be used.
    """
    text = SearchedText(document, sections, load_words())
    statements = find_statements(text, find_report_year(document))
    families = {statement.fact.family for statement in statements if statement.fact.family}
    of_families = list(_sum_families(statements, document))
    # Where the wholes of families end in the document: their lists are added up already.
    told: set[tuple[int, int]] = set()
    for statement in statements:
        if statement.fact.sum_of in families:
            told.add(statement.sentence.places[statement.end - 1])
    return (*of_families, *_sum_lists(text, told))


def _sum_families(statements: Sequence[Statement], document: Document) -> Iterator[PartsSum]:
    """Facts of one family in one sentence, and the whole of the family in it, or the last one told before."""
    wholes: dict[str, Statement] = {}
    former: Statement | None = None
    for statement in statements:
        if statement.fact.sum_of:
            wholes[statement.fact.sum_of] = statement
        family = statement.fact.family
        begins = former is None or former.fact.family != family or former.sentence is not statement.sentence
        former = statement
        if family is None or not begins:
            continue
        whole = wholes.get(family)
        members = [
            other for other in statements if other.fact.family == family and other.sentence is statement.sentence
        ]
        if whole is None or len(members) < _FEWEST:
            continue
        if whole.sentence is not statement.sentence and len(members) < _FEWEST_OF_EARLIER_WHOLE:
            continue
        yield PartsSum(
            family=family,
            whole=whole.value,
            parts=tuple(Part(member.fact.code, member.value) for member in members),
            approximate=whole.approximate or any(member.approximate for member in members),
            locator=statement.sentence.locator(document, members[0].start, members[-1].end),
        )


def _sum_lists(text: SearchedText, told: set[tuple[int, int]]) -> Iterator[PartsSum]:
    """Lists after 其中 that name a remainder, or only accounts of social media; those of ``told`` wholes left out."""
    rules = text.words.parts
    for sentence in find_sentences(text):
        if sentence.section == PROBLEMS:
            continue
        for opening in re.finditer(rules.opens, sentence.text):
            whole = _find_whole(sentence.text, opening.start(), rules)
            if whole is None or sentence.places[whole.end() - 1] in told:
                continue
            found = _read_list(sentence, whole, opening, rules, text.document)
            if found is not None:
                yield found


def _find_whole(text: str, opened: int, rules: ListWords) -> re.Match[str] | None:
    """The number in front of the words that open a list, if it stands right before them."""
    numbers = list(rules.numeral.finditer(text, 0, opened))
    if not numbers:
        return None
    between = text[numbers[-1].end() : opened].strip("，（：")
    return numbers[-1] if len(between) <= _LONGEST_GAP else None


def _read_list(
    sentence: Sentence, whole: re.Match[str], opening: re.Match[str], rules: ListWords, document: Document
) -> PartsSum | None:
    """The list behind ``opening``; None where it is no list of parts, or is not known to be complete."""
    text = sentence.text
    limit = _find_end_of_list(text, opening)
    if re.search(rules.opens, text[opening.end() : limit]):
        return None  # a list within the list
    family = _find_family(text, whole, opening.start(), rules)
    units = next((group for group in rules.unit_groups if whole["u"] in group), whole["u"])
    items = _read_items(text[:limit], opening.end(), units, family, rules)
    value = sentences.read_number(whole)
    if items is None or value is None or len(items.parts) < _FEWEST:
        return None
    if not items.complete and family is None:
        return None
    return PartsSum(
        family=family.name if family is not None else "list",
        whole=value,
        parts=items.parts,
        approximate=items.approximate or sentences.is_approximate(whole),
        locator=sentence.locator(document, opening.end(), items.end),
    )


def _find_end_of_list(text: str, opening: re.Match[str]) -> int:
    """Where a list ends: at the bracket that closes, where it stands in brackets, else with its sentence."""
    if text[opening.start() - 1 : opening.start()] == "（":
        closing = text.find("）", opening.end())
        if closing >= 0:
            return closing
    return len(text)


def _find_family(text: str, whole: re.Match[str], opened: int, rules: ListWords) -> Family | None:
    """What is counted, by the words around the whole, in its clause and behind it."""
    clause = text[find_clause_start(text, max(opened - 1, 0)) : opened] if opened < len(text) else ""
    around = clause + text[whole.end() : opened]
    return next((family for family in rules.families if family.whole in around), None)


def _read_items(text: str, start: int, units: str, family: Family | None, rules: ListWords) -> _Items | None:
    """The parts from ``start`` to the end of ``text``; None where something stands there that is no part.

    Behind the remainder a number of another unit is another matter; before it, it makes the list one that is not read.
    """
    parts: list[Part] = []
    approximate = complete = False
    end = position = start
    for match in rules.numeral.finditer(text, start):
        label = text[position : match.start()].strip("，；、：（）")
        position = match.end()
        is_counted = match["u"] in units
        if complete and not is_counted:
            break
        value = sentences.read_number(match)
        if value is None or not is_counted or not label:
            return None
        if family is not None and not any(word in label for word in family.labels):
            return None
        parts.append(Part(label, value))
        approximate = approximate or sentences.is_approximate(match)
        complete = complete or re.search(rules.rest, label) is not None
        end = match.end()
    return _Items(tuple(parts), end, approximate, complete)
