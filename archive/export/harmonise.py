"""Harmonised series over the forms: the crosswalk's small formulas, evaluated with exact decimals.

What a formula is stands in `parsers.forms.crosswalk`. A sum of which any part is not a number is no number: a blank is
never taken for zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal


def total(codes: Sequence[str] | None, cells: Mapping[str, str | None]) -> Decimal | None:
    """The sum of a formula, or None where the form has no such series or a part of the sum is not a number.

    Args:
        codes: that the formula adds up (`parsers.forms.crosswalk.operands`); None where there is no formula.
        cells: exact decimals as text, by code.
    """
    if codes is None:
        return None
    found = Decimal(0)
    for code in codes:
        value = cells.get(code)
        if value is None:
            return None
        found += Decimal(value)
    return found
