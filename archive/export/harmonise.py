"""Harmonised series over the forms: the crosswalk's small formulas, evaluated with exact decimals.

A formula is one code, a sum of codes (``a + b``), or the sum over all codes of the form that fit a pattern
(``sum(req_denied_*__total)``); a remark in brackets may follow. ``(none)`` stands for no series, and so does a code
with a remark behind a colon: those are things of different kinds that must not stand in one column. A sum of which any
part is not a number is no number: a blank is never taken for zero.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from parsers import ConfigurationError

_REMARK = re.compile(r"\s+\([^()]*\)$")


def operands(formula: str, codes: Sequence[str]) -> tuple[str, ...]:
    """The codes that a formula adds up.

    Args:
        formula: of the crosswalk.
        codes: all codes of the form; patterns are looked up among them.

    Raises:
        ConfigurationError: the formula names a code that the form does not have.
    """
    found: list[str] = []
    plain = _REMARK.sub("", formula.strip())
    if plain == "(none)" or ":" in plain:
        return ()
    for term in plain.split("+"):
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
    return total if parts else None
