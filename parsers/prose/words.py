"""What is looked for in running text: ``config/templates/prose.yaml``, its patterns filled in and compiled once."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path

from pydantic import Field

from parsers.configuration import ConfigModel, facts_file, load_facts
from parsers.prose import sentences
from parsers.prose.needed import Letters, Needs, needed

_DEPTH = 3  # words may stand in words


class PatternsWhere(ConfigModel):
    """Patterns that count only where the sentence, or the one before it, speaks of something."""

    context: str
    patterns: tuple[str, ...]


class AllOf(ConfigModel):
    """Words behind the number of a whole that say the same of all of it (均已办结)."""

    whole: str
    pattern: str


class Fact(ConfigModel):
    """One indicator: how sentences state its number, or that there was none, and what a number must not stand with.

    Every field is explained at the head of ``prose.yaml``.
    """

    code: str
    unit: str
    s14: str | None = None
    only_2014: bool = False
    patterns: tuple[str, ...] = ()
    patterns_where: PatternsWhere | None = None
    none: tuple[str, ...] = ()
    none_in_section: tuple[str, ...] = ()
    all_of: AllOf | None = None
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


class NeverWords(ConfigModel):
    """Words beside a number that make it another matter's: of a change, a rate, a part, other years."""

    between: str
    change: str
    part_of_year: str
    over_years: str
    rate: str
    each: str
    shares: str
    divides: str
    rest: str


class NarrativeWords(ConfigModel):
    """How reports quote the statistics annex of 2014 in their text."""

    cites: str


class Family(ConfigModel):
    """A whole whose parts are known by their labels."""

    name: str
    whole: str
    labels: tuple[str, ...]


class ListWords(ConfigModel):
    """Lists of parts behind their whole; ``unit_groups``: each holds units that are counted together."""

    opens: str
    rest: str
    unit_groups: tuple[str, ...]
    families: tuple[Family, ...]

    @functools.cached_property
    def numeral(self) -> re.Pattern[str]:
        """A number with any unit that is counted in lists; groups as in `sentences.NUMERAL`, and ``u``."""
        units = sorted(set("".join(self.unit_groups)))
        return re.compile(f"{sentences.NUMERAL}(?P<u>{'|'.join(units)}){sentences.AFTER}")


class ProseWords(ConfigModel):
    """``prose.yaml``. `compiled` gives a pattern with its names filled in."""

    schema_: str = Field(alias="schema")
    words: dict[str, str]
    units: dict[str, str]
    never: NeverWords
    narrative_2014: NarrativeWords
    facts: tuple[Fact, ...]
    parts: ListWords

    @functools.cached_property
    def compiled(self) -> Callable[[str], re.Pattern[str]]:
        """Gives a pattern with ``{n:unit}`` and ``{NAME}`` filled in; each is made once."""
        return functools.lru_cache(maxsize=None)(functools.partial(_compile, self))

    @functools.cached_property
    def letters(self) -> Letters:
        """The letters that the patterns of facts need."""
        return Letters(needs for fact in self.facts for needs in self._needs(fact))

    @functools.cached_property
    def facts_by_letters(self) -> tuple[tuple[Fact, tuple[tuple[int, ...], ...]], ...]:
        """Each fact with what its patterns need, each of which alone can state it."""
        return tuple((fact, tuple(map(self.letters.conditions, self._needs(fact)))) for fact in self.facts)

    def _needs(self, fact: Fact) -> list[Needs]:
        """What each pattern of a fact needs, together with the matter that must be spoken of in the same sentence."""
        matter = needed(self.compiled(fact.context).pattern) if fact.context else ()
        where = fact.patterns_where.patterns if fact.patterns_where else ()
        patterns = (*fact.patterns, *where, *fact.none, *fact.none_in_section)
        return [(*matter, *needed(self.compiled(pattern).pattern)) for pattern in patterns]


def load_words() -> ProseWords:
    """The words of the configuration in use, read once.

    Raises:
        ConfigurationError: ``prose.yaml`` cannot be used.
    """
    return _load(facts_file("templates/prose.yaml"))


@functools.lru_cache(maxsize=4)
def _load(path: Path) -> ProseWords:
    return load_facts(path, ProseWords)


def _compile(words: ProseWords, pattern: str) -> re.Pattern[str]:
    for _ in range(_DEPTH):
        for name, meaning in words.words.items():
            pattern = pattern.replace("{" + name + "}", meaning)
    for unit, meaning in words.units.items():
        pattern = pattern.replace("{n:" + unit + "}", f"{sentences.NUMERAL}(?P<u>{meaning}){sentences.AFTER}")
    return re.compile(pattern)
