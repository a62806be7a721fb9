"""The kinds of rules that the code knows, whether or not a rule of them is written."""

from __future__ import annotations

from typing import Any, get_args

from parsers.checks import rules


def kinds_of(union: Any) -> set[str]:
    """The kinds of all classes in one of the unions of `parsers.checks.rules`."""
    found: set[str] = set()
    for rule in get_args(union) or (union,):
        found.update(get_args(rule.model_fields["kind"].annotation))
    return found


ALL_KINDS = kinds_of(get_args(rules.Rule)[0])
ACROSS_KINDS = kinds_of(rules.AcrossRule) | {"roll_forward"}
"""Kinds that need several reports; a sum over two years is a `SumRule`."""
