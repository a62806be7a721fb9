"""One figure a code: a document may print a cell more than once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from string import ascii_uppercase

from parsers.record import Figure, Issue, decimal_text
from parsers.tables.vocabulary import Vocabulary

_SETS_DIFFER = 5  # cells that must differ before two sets of tables are taken for those of two reports
_EMPTY = {"blank", "not_applicable"}
_TORN = 2  # cells blank in a line that holds numbers, with values in another: the line was cut in two, and both shifted


def merge(figures: Sequence[Figure], vocabulary: Vocabulary) -> tuple[tuple[Figure, ...], list[Issue]]:
    """Figures in the forms' order, one a code.

    The same number printed twice is one figure; a blank beside a number is the number, with an issue, as long as
    nothing else of the row differs and no line was cut in two; two different readings are ambiguous: the document
    contradicts itself.
    """
    order = vocabulary.order
    by_code: dict[str, list[Figure]] = {}
    for figure in figures:
        by_code.setdefault(figure.code, []).append(figure)
    several = _several(by_code)
    torn = {_row(code) for code, group in by_code.items() if len(_readings(group)) > 1}
    cut = _cut_lines(by_code)
    merged: list[Figure] = []
    issues: list[Issue] = []
    if several is not None:
        message = "the same tables stand in the document again with other figures; of which report they are is not said"
        issues.append(Issue("further_tables", message, several.locator))
    for code in sorted(by_code, key=lambda code: order.get(code, len(order))):
        group = by_code[code]
        if several is not None:
            merged.append(_doubtful(group))
            continue
        if len(group) == 1:
            merged.append(group[0])
            continue
        telling = [figure for figure in group if figure.status not in _EMPTY] or group
        first = telling[0]
        beside = [figure for figure in group if figure.status in _EMPTY]
        whole = len(telling) == len(group) or (
            _row(code) not in torn and not any(_line(each) in cut for each in beside)
        )
        if len(_readings(group)) == 1 and first.status != "ambiguous" and whole:
            merged.append(first)
            if len(telling) < len(group):
                issues.append(Issue("printed_twice", f"{code}: printed once with a value, once blank", first.locator))
            continue
        merged.append(_doubtful(group))
        issues.append(Issue("printed_twice", f"{code}: printed with different values", first.locator))
    return tuple(merged), issues


def _cut_lines(by_code: Mapping[str, Sequence[Figure]]) -> set[tuple[object, ...]]:
    """Lines that hold numbers and leave cells blank which another line prints: pieces of one that was cut in two."""
    holding = {_line(figure) for group in by_code.values() for figure in group if figure.status == "number"}
    left = Counter(
        _line(figure)
        for group in by_code.values()
        if any(other.status == "number" for other in group)
        for figure in group
        if figure.status == "blank"
    )
    return {line for line, count in left.items() if count >= _TORN and line in holding}


def _line(figure: Figure) -> tuple[object, ...]:
    """The line in which a figure is printed, of a text or a table; the cell alone where its place says no line."""
    if figure.locator.kind == "sheet":
        cell = str(figure.locator.get("cell"))
        return (figure.locator.get("sheet"), cell.lstrip(ascii_uppercase))
    names = ("line",) if figure.locator.kind == "text" else ("table", "row")
    place = tuple(figure.locator.get(name) for name in names)
    return place if None not in place else (figure.locator,)


def _several(by_code: Mapping[str, Sequence[Figure]]) -> Figure | None:
    """The first figure of a second set of tables, where a document holds two that are not the same.

    Of two years or bodies every other number differs; a table that was printed twice differs in a cell or two.
    """
    twice = [group for group in by_code.values() if len(group) > 1]
    telling = [group for group in twice if any(figure.value for figure in group)]
    differing = [group for group in telling if len({figure.value for figure in group if figure.value is not None}) > 1]
    if len(differing) < _SETS_DIFFER or 3 * len(differing) < len(telling):
        return None
    return differing[0][1]


def _doubtful(group: Sequence[Figure]) -> Figure:
    """All that a code's figures say, none of it certain."""
    telling = [figure for figure in group if figure.status not in _EMPTY] or group
    first = telling[0]
    numbers = {decimal_text(figure.value) for figure in telling if figure.value is not None}
    known = {number for number in numbers if number} | {a for figure in telling for a in figure.alternatives}
    return Figure(
        first.code,
        None,
        "ambiguous",
        first.raw,
        first.locator,
        first.unit,
        first.method,
        alternatives=tuple(sorted(known)),
    )


def _readings(group: Sequence[Figure]) -> set[tuple[str, Decimal | None]]:
    telling = [figure for figure in group if figure.status not in _EMPTY] or group
    return {(figure.status, figure.value) for figure in telling}


def _row(code: str) -> str:
    return code.partition("__")[0]
