"""The words by which names of bodies are read: ``config/agencies.yaml``, with its patterns compiled once."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from parsers.configuration import ConfigModel, facts_file, load_facts


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


class AgencyFacts(ConfigModel):
    """The file as it stands."""

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
class AgencyWords:
    """The facts, compiled.

    Attributes:
        facts: the file as it stands.
        writing: patterns of ways to write a body, each with the canonical one.
        kinds: (kind, pattern) in the order in which they decide.
        state_council: every way to write an organ of the State Council, with its name.
    """

    facts: AgencyFacts
    writing: tuple[tuple[re.Pattern[str], str], ...]
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    state_council: dict[str, str]

    def write_body(self, name: str) -> str:
        """A body in its canonical writing: 政府办 is 人民政府办公室."""
        for pattern, replacement in self.writing:
            name = pattern.sub(replacement, name)
        return name

    def is_zone(self, body: str) -> bool:
        """Whether a body is that of a development zone."""
        for kind, pattern in self.kinds:
            if kind == "zone_committee" and pattern.search(body):
                return True
        return re.search(self.facts.zones, body) is not None


def load_words() -> AgencyWords:
    """The words of the configuration in use, read once.

    Raises:
        ConfigurationError: ``config/agencies.yaml`` cannot be used.
    """
    return _load(facts_file("agencies.yaml"))


@functools.lru_cache(maxsize=4)
def _load(path: Path) -> AgencyWords:
    facts = load_facts(path, AgencyFacts)
    state_council = {name: name for name in facts.state_council}
    for name, shorts in facts.state_council.items():
        state_council |= dict.fromkeys(shorts, name)
    kinds: list[tuple[str, re.Pattern[str]]] = []
    for entry in facts.kinds:
        kinds += [(entry.kind, re.compile(pattern)) for pattern in entry.patterns]
    return AgencyWords(
        facts=facts,
        writing=tuple((re.compile(entry.pattern), entry.name) for entry in facts.writing),
        kinds=tuple(kinds),
        state_council=state_council,
    )
