"""Reads ``config/templates/rules.yaml`` and refuses what could never be applied; file and line are named."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from parsers.checks.rules import CELLS, PATTERNS, POLARITIES, RuleBase, RuleFacts, Rules, SubtotalRule
from parsers.configuration import facts_file, line_of, load_facts
from parsers.errors import ConfigurationError
from parsers.forms import templates


def load_rules() -> Rules:
    """The rules in use.

    Raises:
        ConfigurationError: the file is wrong; file, line and field are named.
    """
    return _of_forms(facts_file("templates/rules.yaml"), templates.load())


@functools.lru_cache(maxsize=4)
def _of_forms(path: Path, forms: templates.Templates) -> Rules:
    """The rules, if every cell that one names is a cell of some form: no report would ever be judged by another."""
    loaded, cells = load(path), forms.cells()
    for index, rule in enumerate(loaded.rules):
        for operand in _operands(loaded, rule):
            code = operand.removeprefix("-").removesuffix("@prev")
            if code not in cells:
                advice = "`python -m parsers.forms.codebook` lists them"
                raise _wrong(path, index, f"{rule.id}: no form has a cell {code}", advice)
        for pattern in _marked(rule, PATTERNS):
            if not any(fnmatchcase(code, pattern) for code in cells):
                raise _wrong(path, index, f"{rule.id}: no form has a cell like {pattern}")
    return loaded


@functools.lru_cache(maxsize=8)
def load(path: Path) -> Rules:
    """Read one file of rules.

    Raises:
        ConfigurationError: as `rules`; also where a rule names a set or a variable that is not there.
    """
    facts = load_facts(path, RuleFacts)
    loaded = Rules(facts.rules, facts.sets)
    identifiers = [rule.id for rule in facts.rules]
    twice = sorted({name for name in identifiers if identifiers.count(name) > 1})
    if twice:
        raise ConfigurationError(f"rules that are there twice: {', '.join(twice)}", subject=str(path))
    for index, rule in enumerate(facts.rules):
        allowed = POLARITIES.get(rule.kind)
        if allowed and rule.polarity not in allowed:
            message = f"{rule.id}: a rule of kind {rule.kind} cannot be {rule.polarity}, only {' or '.join(allowed)}"
            raise _wrong(path, index, message)
        try:
            for _ in _operands(loaded, rule):
                pass
        except (KeyError, ValueError, IndexError) as error:
            message = f"{rule.id}: there is no set or variable {error}"
            raise _wrong(path, index, message, "Name the sets of the file, one variable in each") from error
    return loaded


def _wrong(path: Path, index: int, message: str, advice: str = "") -> ConfigurationError:
    line = line_of(path.read_text(encoding="utf-8"), ("rules", index))
    return ConfigurationError(message, subject=f"{path} line {line}" if line else str(path), advice=advice)


def _operands(loaded: Rules, rule: RuleBase) -> Iterator[str]:
    """The cells that a rule names, over all its targets."""
    if isinstance(rule, SubtotalRule):
        columns = loaded.members(rule.columns)
        rows = [row for group, name in rule.groups.items() for row in (group, *loaded.members(name))]
        yield from (f"{row}__{column}" for row in rows for column in columns)
    for _, values in loaded.targets(rule):
        yield from loaded.operands(tuple(_marked(rule, CELLS)), values)


def _marked(rule: RuleBase, mark: str) -> Iterator[str]:
    """The words of all fields of a rule that bear this mark (`parsers.checks.rules.Cells` and the like)."""
    for name, field in type(rule).model_fields.items():
        if mark in field.metadata:
            yield from _words(getattr(rule, name))


def _words(value: Any) -> Iterator[str]:
    """All words in groups of groups of words, and in the values of a mapping."""
    if isinstance(value, str):
        yield value
        return
    for part in value.values() if isinstance(value, dict) else value:
        yield from _words(part)
