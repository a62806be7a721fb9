"""Harmonised series over the forms: the crosswalk's small formulas, evaluated with exact decimals.

A formula is one code, a sum of codes (``a + b``), or the sum over all codes of the form that fit a pattern
(``sum(req_denied_*__total)``). A sum of which any part is not a number is no number: a blank is never taken for zero.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from decimal import Decimal

from parsers import ConfigurationError


def operands(formula: str, codes: Sequence[str]) -> tuple[str, ...]:
    """The codes that a formula adds up.

    Args:
        formula: of the crosswalk.
        codes: all codes of the form; patterns are looked up among them.

    Raises:
        ConfigurationError: the formula names a code that the form does not have.
    """
    found: list[str] = []
    for term in formula.split("+"):
        name = term.strip()
        if name.startswith("sum(") and name.endswith(")"):
            fitting = fnmatch.filter(codes, name[4:-1].strip())
        else:
            fitting = [name] if name in codes else []
        if not fitting:
            raise ConfigurationError(f"{name!r} fits no code of the form", subject=f"crosswalk formula {formula!r}")
        found.extend(fitting)
    return tuple(found)


def evaluate(formula: str | None, codes: Sequence[str], cells: Mapping[str, Decimal | None]) -> Decimal | None:
    """The value of a formula, or None where the form has no such series or a part of the sum is not a number."""
    if formula is None:
        return None
    parts = operands(formula, codes)
    total = Decimal(0)
    for code in parts:
        value = cells.get(code)
        if value is None:
            return None
        total += value
    return total
