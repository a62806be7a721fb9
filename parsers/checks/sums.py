"""Sums of cells with blanks in them, compared: a blank is never a zero, and the outcome says where that matters."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from parsers.checks.rules import Operator
from parsers.record import CheckOutcome

Operand = Decimal | Literal["blank", "unknown", "missing"]
"""A cell as rules see it: a number; nothing printed; something that could not be read; of a table not found."""

Lookup = Callable[[str], Operand | None]
"""Code -> its cell; None where the report does not print it."""

_ZERO = Decimal(0)
_COMPARED: dict[Operator, Callable[[Decimal, Decimal], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Side:
    """A sum of operands.

    Attributes:
        total: of the operands that are numbers; None when none is.
        numbers, blanks, unknown: how many operands are what; a cell that the report leaves out is a blank, one of a
            table that was not found is unknown.
        codes: the operands, without sign.
        printed: at least one operand stands in the report, be it blank.
    """

    total: Decimal | None
    numbers: int
    blanks: int
    unknown: int
    codes: tuple[str, ...]
    printed: bool


def add(operands: Iterable[str], lookup: Lookup) -> Side:
    """Add operands up; a leading ``-`` subtracts."""
    total = _ZERO
    numbers = blanks = unknown = 0
    printed = False
    signed = _signed(tuple(operands))
    for code, is_subtracted in signed:
        value = lookup(code)
        if isinstance(value, Decimal):
            numbers += 1
            total = total - value if is_subtracted else total + value
            printed = True
        elif value == "missing":
            unknown += 1
        elif value == "unknown":
            unknown += 1
            printed = True
        else:
            blanks += 1
            printed = printed or value is not None
    codes = tuple(code for code, _ in signed)
    return Side(total if numbers else None, numbers, blanks, unknown, codes, printed)


@functools.lru_cache(maxsize=4096)  # the same operands are added up for every report
def _signed(operands: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """Each operand's code, and whether it is subtracted."""
    return tuple((operand.removeprefix("-"), operand.startswith("-")) for operand in operands)


def equality(left: Side, right: Side) -> CheckOutcome:
    """Whether two sums are equal.

    Where one side holds no number at all, only a zero on the other can be said to agree (with blanks taken for
    zeros); a sum whose parts were never printed proves nothing.
    """
    return judge_sides(left, right, holds=(left.total or _ZERO) == (right.total or _ZERO))


def relation(left: Side, op: Operator, right: Side, *, finding: bool = False) -> CheckOutcome:
    """Whether a sum stands in relation to another; with ``finding`` the relation is what must not be."""
    matches = _compare(left.total or _ZERO, op, right.total or _ZERO)
    return judge_sides(left, right, holds=matches != finding)


def judge_sides(left: Side, right: Side, *, holds: bool) -> CheckOutcome:
    """The outcome of a comparison.

    Args:
        left: one side.
        right: the other.
        holds: whether it comes out right with every blank taken for a zero.
    """
    if left.unknown or right.unknown or not (left.numbers or right.numbers):
        return "not_assessable"
    if not left.blanks and not right.blanks:
        return "pass" if holds else "fail"
    if holds:
        return "pass_blank_as_zero"
    if left.numbers and right.numbers:
        return "fail_if_blank_as_zero"
    return "not_assessable"


def _compare(left: Decimal, op: Operator, right: Decimal) -> bool:
    return _COMPARED[op](left, right)
