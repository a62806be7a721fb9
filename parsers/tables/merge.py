"""One figure a code: a document may print a cell more than once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from parsers.record import Figure, Issue, decimal_text
from parsers.tables.vocabulary import Vocabulary

_EMPTY = {"blank", "not_applicable"}


def merge(figures: Sequence[Figure], vocabulary: Vocabulary) -> tuple[tuple[Figure, ...], list[Issue]]:
    """Figures in the forms' order, one a code.

    The same number printed twice is one figure; a blank beside a number is the number, with an issue, as long as
    nothing else of the row differs; two different readings are ambiguous: the document contradicts itself.
    """
    order = vocabulary.order()
    by_code: dict[str, list[Figure]] = {}
    for figure in figures:
        by_code.setdefault(figure.code, []).append(figure)
    torn = {_row(code) for code, group in by_code.items() if len(_readings(group)) > 1}
    merged: list[Figure] = []
    issues: list[Issue] = []
    for code in sorted(by_code, key=lambda code: order.get(code, len(order))):
        group = by_code[code]
        if len(group) == 1:
            merged.append(group[0])
            continue
        telling = [figure for figure in group if figure.status not in _EMPTY] or group
        first = telling[0]
        whole = len(telling) == len(group) or _row(code) not in torn
        if len(_readings(group)) == 1 and first.status != "ambiguous" and whole:
            merged.append(first)
            if len(telling) < len(group):
                issues.append(Issue("printed_twice", f"{code}: printed once with a value, once blank", first.locator))
            continue
        numbers = {decimal_text(figure.value) for figure in telling if figure.value is not None}
        alternatives = {number for number in numbers if number} | {a for figure in telling for a in figure.alternatives}
        merged.append(
            Figure(
                code,
                None,
                "ambiguous",
                first.raw,
                first.locator,
                first.unit,
                first.method,
                alternatives=tuple(sorted(alternatives)),
            )
        )
        issues.append(Issue("printed_twice", f"{code}: printed with different values", first.locator))
    return tuple(merged), issues


def _readings(group: Sequence[Figure]) -> set[tuple[str, Decimal | None]]:
    telling = [figure for figure in group if figure.status not in _EMPTY] or group
    return {(figure.status, figure.value) for figure in telling}


def _row(code: str) -> str:
    return code.partition("__")[0]
