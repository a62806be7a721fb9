"""The printed order of columns, from what stands left of what in the lines of a header."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from parsers.forms.templates import Label

Pair = tuple[str, str]
"""Two codes, of which the first is printed left of the second."""


def pair_neighbours(cells: Iterable[Sequence[str]]) -> list[Pair]:
    """Return which codes stand left of which in one line.

    Args:
        cells: for each cell of the line, from left to right, the codes that it names: a word over several columns
            names all of them.
    """
    pairs: list[Pair] = []
    for left, right in itertools.pairwise(cells):
        pairs += itertools.product(left, right)
    return pairs


def order_codes(wanted: Sequence[str], before: Sequence[Pair]) -> list[str] | None:
    """Return codes in an order in which every pair holds; what no pair says is as the form has it.

    Args:
        wanted: the codes, in the form's order.
        before: pairs as they are printed; those with other codes are not looked at.

    Returns:
        None where the pairs contradict each other.
    """
    rest = list(wanted)
    pairs = {pair for pair in before if pair[0] in wanted and pair[1] in wanted}
    order: list[str] = []
    while rest:
        bound = {right for left, right in pairs if left in rest}
        free = next((code for code in rest if code not in bound), None)
        if free is None:
            return None
        rest.remove(free)
        order.append(free)
    return order


def group_by_parent(labels: Sequence[Label]) -> dict[str, tuple[str, ...]]:
    """Return the words over several columns (or blocks), and the codes that stand under each."""
    children: dict[str, tuple[str, ...]] = {}
    for label in labels:
        if label.parent:
            children[label.parent] = (*children.get(label.parent, ()), label.code)
    return children
