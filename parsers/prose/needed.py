"""Which letters a text must hold for a pattern to be found in it: most need not be tried on most sentences.

Some sixty patterns are looked for in every sentence. What a pattern cannot do without (the letters of 不予处理, one of
a few units) is worked out once; whether a sentence has it, is asked with whole numbers of which each bit is a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Needs = tuple[frozenset[str], ...]
"""Of each of these sets at least one letter stands in every text in which the pattern is found."""

_NOTHING: Needs = ()
_GROUP = re.compile(r"\(\?(?:P<\w+>|:)|\((?!\?)")
_LOOK_AROUND = re.compile(r"\(\?<?[=!]")
_COUNTED = re.compile(r"\{(\d*),?\d*\}")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_MOST_IN_CLASS = 64  # letters; larger classes ([^，。]) say nothing


def needed(pattern: str) -> Needs:
    """The letters that a pattern needs, where its syntax shows them; of what is not understood nothing is said."""
    try:
        return _Reader(pattern).read_alternatives()
    except _UnknownSyntax:
        return _NOTHING


class _UnknownSyntax(Exception):
    """A pattern uses what is not read here."""


class _Reader:
    """Reads the syntax of a regular expression, as far as patterns of sentences use it."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def read_alternatives(self) -> Needs:
        """Up to the end of the group: what all alternatives need, or one or the other."""
        branches = [self._read_sequence()]
        while self._next() == "|":
            self._at += 1
            branches.append(self._read_sequence())
        if len(branches) == 1:
            return branches[0]
        if not all(branches):
            return _NOTHING
        return (frozenset[str]().union(*(min(needs, key=len) for needs in branches)),)

    def _read_sequence(self) -> Needs:
        found: list[frozenset[str]] = []
        while self._next() not in {"", "|", ")"}:
            needs = self._read_item()
            if not self._may_be_left_out():
                found += needs
        return tuple(found)

    def _read_item(self) -> Needs:
        start = self._next()
        if start == "(":
            return self._read_group()
        if start == "[":
            return self._read_class()
        self._at += 1
        if start == "\\":
            escaped = self._next()
            self._at += 1
            return _NOTHING if escaped.isalnum() else (frozenset(escaped),)
        return _NOTHING if start in ".^$" else (frozenset(start),)

    def _read_group(self) -> Needs:
        looks_around = _LOOK_AROUND.match(self._pattern, self._at)
        opening = looks_around or _GROUP.match(self._pattern, self._at)
        if opening is None:
            raise _UnknownSyntax
        self._at = opening.end()
        needs = self.read_alternatives()
        self._at += 1  # the closing bracket
        return _NOTHING if looks_around else needs

    def _read_class(self) -> Needs:
        found = _CLASS.match(self._pattern, self._at)
        if found is None:
            raise _UnknownSyntax
        self._at = found.end()
        inside = found.group()[1:-1]
        # Of ranges and escapes nothing is said.
        plain = not inside.startswith("^") and "-" not in inside and "\\" not in inside
        return (frozenset(inside),) if plain and len(inside) <= _MOST_IN_CLASS else _NOTHING

    def _may_be_left_out(self) -> bool:
        """Pass what says how often the item before it stands; whether that may be never."""
        mark = self._next()
        counted = _COUNTED.match(self._pattern, self._at) if mark == "{" else None
        if counted is not None:
            self._at = counted.end()
            optional = int(counted[1] or 0) == 0
        elif mark in {"?", "*", "+"}:
            self._at += 1
            optional = mark != "+"
        else:
            return False
        if self._next() in {"?", "+"}:  # as few as can be, or never given back
            self._at += 1
        return optional

    def _next(self) -> str:
        return self._pattern[self._at : self._at + 1]


class Letters:
    """The letters that patterns need, each as a bit."""

    def __init__(self, needs: Iterable[Needs]) -> None:
        letters = {letter for each in needs for some in each for letter in some}
        self._bits = {letter: 1 << place for place, letter in enumerate(sorted(letters))}

    def held_by(self, text: str) -> int:
        """The bits of the letters that stand in a text."""
        held = 0
        for letter in self._bits.keys() & set(text):
            held |= self._bits[letter]
        return held

    def conditions(self, needs: Needs) -> tuple[int, ...]:
        """Bits for each set of letters; a text that holds all has one of each."""
        return tuple(dict.fromkeys(sum(self._bits[letter] for letter in some) for some in needs))


def may_hold_any(held: int, patterns: Sequence[Sequence[int]]) -> bool:
    """Whether a text with these letters may hold any of several patterns.

    Args:
        held: as `Letters.held_by` gives it.
        patterns: of each the conditions, as `Letters.conditions` gives them.
    """
    for conditions in patterns:
        for condition in conditions:
            if not held & condition:
                break
        else:
            return True
    return False
