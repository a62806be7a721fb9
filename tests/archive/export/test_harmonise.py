"""Series over the forms: a sum with a part that is no number is no number."""

from __future__ import annotations

from decimal import Decimal

from archive.export.harmonise import total
from parsers.forms import templates
from parsers.forms.crosswalk import operands


def test_a_sum_with_a_part_that_is_no_number_is_no_number() -> None:
    known = templates.load()
    count = 0
    for entry in known.crosswalk:
        for name, formula in entry.formulas.items():
            codes = known.forms[name].codes()
            if formula is not None and (parts := operands(formula, codes)):
                ones: dict[str, str | None] = dict.fromkeys(codes, "1.5")
                assert total(parts, ones) == len(parts) * Decimal("1.5")
                assert total(parts, {**ones, parts[-1]: None}) is None
                count += 1
    assert count > 40
