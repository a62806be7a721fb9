"""Harmonised series over the forms: the crosswalk's small formulas, evaluated with exact decimals.

What a formula is stands in `parsers.forms.crosswalk`. A sum of which any part is not a number is no number: a blank is
never taken for zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from parsers.forms.crosswalk import operands


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
