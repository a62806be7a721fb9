"""Consistency rules of one report: five-valued outcomes with both sides and the cells they rest on.

Rules are data (``config/templates/rules.yaml``); this module knows their kinds. A check never changes a figure, and a
blank is never a zero: where a rule holds or fails only if blanks are taken for zeros, the outcome says so. Rules that
need several reports are in `archive.checks`, which uses the arithmetic here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, assert_never

from parsers.checks import rules, text
from parsers.checks.load import load_rules
from parsers.checks.rules import CopyRule, JumpRule, PartRule, Rule, Rules, SumRule, TwinRule, fits_patterns, judged
from parsers.checks.text import Context
from parsers.checks.unread import Unread
from parsers.record import Check, CheckOutcome, Figure, Severity

__all__ = [
    "Context",
    "CopyRule",
    "JumpRule",
    "Lookup",
    "PartRule",
    "Reading",
    "Rule",
    "Rules",
    "Side",
    "SumRule",
    "TwinRule",
    "add",
    "equality",
    "judged",
    "make",
    "relation",
    "rules",
    "run",
]

# What an operand can be besides a number: nothing printed; something that could not be read; of a table not found.
Reading = Decimal | Literal["blank", "unknown", "missing"]
Lookup = Callable[[str], Reading | None]

_ZERO = Decimal(0)


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


def run(figures: Sequence[Figure], context: Context, using: Rules | None = None) -> tuple[Check, ...]:
    """Apply all rules that need one report.

    Args:
        figures: the cells, one per code.
        context: what else is known about the report.
        using: other rules than those in use.

    Returns:
        One check per rule and target, in the order of the rules. Targets of which the report prints nothing are left
        out.
    """
    known = using or load_rules()
    lookup = _lookup(figures, context.unread)
    found: list[Check] = []
    for rule in known.of_scope("within", "prose", "format", "timeliness"):
        if rule.templates and context.template not in rule.templates:
            continue
        if rule.from_year is not None and context.year is not None and context.year < rule.from_year:
            continue
        found.extend(_apply(rule, known, figures, lookup, context))
    return tuple(found)


def add(operands: Iterable[str], lookup: Lookup) -> Side:
    """Add operands up; a leading ``-`` subtracts."""
    total, numbers, blanks, unknown, printed = _ZERO, 0, 0, 0, False
    codes = []
    for operand in operands:
        code = operand.removeprefix("-")
        value = lookup(code)
        codes.append(code)
        printed = printed or value not in {None, "missing"}
        if isinstance(value, Decimal):
            numbers += 1
            total += -value if operand.startswith("-") else value
        elif value in {"unknown", "missing"}:
            unknown += 1
        else:
            blanks += 1
    return Side(total if numbers else None, numbers, blanks, unknown, tuple(codes), printed)


def equality(left: Side, right: Side) -> CheckOutcome:
    """Whether two sums are equal.

    Where one side holds no number at all, only a zero on the other can be said to agree (with blanks taken for
    zeros); a sum whose parts were never printed proves nothing.
    """
    return _judge(left, right, (left.total or _ZERO) == (right.total or _ZERO))


def relation(left: Side, op: str, right: Side, *, finding: bool = False) -> CheckOutcome:
    """Whether a sum stands in relation to another; with ``finding`` the relation is what must not be."""
    matches = _compare(left.total or _ZERO, op, right.total or _ZERO)
    return _judge(left, right, matches != finding)


def make(
    rule: Rule,
    target: str,
    left: Side | Decimal | None,
    right: Side | Decimal | None,
    outcome: CheckOutcome,
    *,
    severity: Severity | None = None,
    codes: Iterable[str] | None = None,
) -> Check:
    """A check of a rule; sides may be given as sums or as bare numbers."""
    if codes is None:
        codes = [code for side in (left, right) if isinstance(side, Side) for code in side.codes]
    return Check(
        rule.id,
        target,
        left.total if isinstance(left, Side) else left,
        right.total if isinstance(right, Side) else right,
        severity or rule.severity,
        "pass" if rule.polarity == "note" and outcome.startswith("fail") else outcome,
        tuple(dict.fromkeys(codes)),
    )


def _judge(left: Side, right: Side, holds: bool) -> CheckOutcome:
    if left.unknown or right.unknown or not (left.numbers or right.numbers):
        return "not_assessable"
    if not left.blanks and not right.blanks:
        return "pass" if holds else "fail"
    if holds:
        return "pass_blank_as_zero"
    return "fail_if_blank_as_zero" if left.numbers and right.numbers else "not_assessable"


def _compare(left: Decimal, op: str, right: Decimal) -> bool:
    return {
        "<=": left <= right,
        "<": left < right,
        ">=": left >= right,
        ">": left > right,
        "==": left == right,
    }[op]


def _lookup(figures: Sequence[Figure], unread: Unread) -> Lookup:
    known: dict[str, Reading] = dict(unread)
    for figure in figures:
        if figure.status == "number" and figure.value is not None:
            known[figure.code] = figure.value
        else:
            known[figure.code] = "blank" if figure.status in {"blank", "not_applicable"} else "unknown"
    return known.get


def _apply(rule: Rule, known: Rules, figures: Sequence[Figure], lookup: Lookup, context: Context) -> Iterator[Check]:
    match rule:
        case rules.SubtotalRule():
            yield from _subtotals(rule, known, lookup)
        case rules.DomainRule():
            yield from _domain(rule, figures)
        case rules.ProseEqualRule():
            yield from _prose_equal(rule, known, lookup, context)
        case rules.ProseSumRule():
            yield from _prose_sum(rule, context)
        case (
            rules.PatternRule()
            | rules.SectionsRule()
            | rules.TemplateYearsRule()
            | rules.IssuesRule()
            | rules.DeadlineRule()
            | rules.PeriodRule()
        ):
            check = text.apply(rule, context)
            if check is not None:
                yield check
        case rules.JumpRule() | rules.CopyRule() | rules.PartRule() | rules.TwinRule():
            return  # several reports: `archive.checks`
        case _:
            for target, values in known.targets(rule):
                check = _target(rule, target, _Operands(known, values, lookup), context)
                if check is not None:
                    yield check


@dataclass(frozen=True, slots=True)
class _Operands:
    """Sums of operands for one target."""

    known: Rules
    values: Mapping[str, str]
    lookup: Lookup

    def side(self, *texts: str) -> Side:
        """The sum of these operands."""
        return add(self.known.operands(texts, self.values), self.lookup)

    def printed(self, *texts: str) -> Side:
        """The sum of those that the report prints: editions of the form print cells of their own, no blanks of ours."""
        found = self.known.operands(texts, self.values)
        return add([operand for operand in found if self.lookup(operand.removeprefix("-")) is not None], self.lookup)


def _target(rule: rules.CellRule, target: str, operands: _Operands, context: Context) -> Check | None:
    """One target of a rule on cells; None when the report prints none of its cells."""
    left = operands.side(*getattr(rule, "left", ()))
    right = operands.side(*getattr(rule, "right", ()))
    match rule:
        case rules.SumRule():
            left = _with_either(rule, operands)
            outcome = judged(rule, equality(left, right))
        case rules.CompareRule():
            outcome = relation(left, rule.op, right, finding=rule.polarity == "finding")
            if rule.right_previous and outcome.startswith("fail"):
                outcome = "not_assessable"  # the year before may make up for it: archive.checks
        case rules.EqualRule():
            right, outcome = _equal(rule, left, operands)
            if not right.printed:
                return None
        case rules.BothRule():
            both = ((left.total or _ZERO) > 0) == ((right.total or _ZERO) > 0)
            outcome = judged(rule, _judge(left, right, both))
        case rules.RatioRule():
            outcome = judged(rule, _ratio(rule, left, right))
        case rules.LimitRule():
            bound, outcome = _limit(rule, left, context)
            applies = context.level is None or any(context.level in limit.levels for limit in rule.limits)
            return make(rule, target, left, bound, judged(rule, outcome)) if left.printed and applies else None
        case rules.ZeroRule():
            left = operands.printed(*rule.left)
            outcome = judged(rule, _zero(rule, left, context))
            return make(rule, target, left, _ZERO, outcome) if left.printed else None
        case _:
            assert_never(rule)
    return make(rule, target, left, right, outcome) if left.printed or right.printed else None


def _with_either(rule: rules.SumRule, operands: _Operands) -> Side:
    """The left side with the group that the report prints: editions of the form divide 其他处理 differently."""
    sides = [operands.side(*group) for group in rule.left_either]
    if not sides:
        return operands.side(*rule.left)
    best = max(range(len(sides)), key=lambda index: (sides[index].numbers > 0, sides[index].printed, -index))
    return operands.side(*rule.left, *rule.left_either[best])


def _equal(rule: rules.EqualRule, left: Side, operands: _Operands) -> tuple[Side, CheckOutcome]:
    sides = [operands.side(*group) for group in rule.right_any]
    guards = [operands.side(text) for text in rule.not_zero]
    positive = [operands.side(text) for text in rule.positive]
    everything = [left, *sides, *guards, *positive]
    if any(side.blanks or side.unknown for side in everything) or any(guard.total == 0 for guard in guards):
        return sides[0], "not_assessable"
    found = next((side for side in sides if side.total == left.total), None)
    matches = found is not None and all((side.total or _ZERO) > 0 for side in positive)
    holds = matches != (rule.polarity == "finding")
    return found or sides[0], "pass" if holds else "fail"


def _ratio(rule: rules.RatioRule, left: Side, right: Side) -> CheckOutcome:
    if left.total is None or right.total is None or left.blanks + right.blanks + left.unknown + right.unknown:
        return "not_assessable"
    if right.total <= 0:
        return "not_assessable"
    return "pass" if rule.minimum * right.total <= left.total <= rule.maximum * right.total else "fail"


def _limit(rule: rules.LimitRule, left: Side, context: Context) -> tuple[Decimal | None, CheckOutcome]:
    limit = next((limit for limit in rule.limits if context.level in limit.levels), None)
    if limit is None or left.total is None or left.unknown:
        return None, "not_assessable"
    if limit.maximum is not None:
        return limit.maximum, "pass" if left.total <= limit.maximum else "fail"
    multiple = limit.not_multiple_of
    suspicious = multiple is not None and left.total > 0 and left.total % multiple == 0
    return multiple, "fail" if suspicious else "pass"


def _zero(rule: rules.ZeroRule, left: Side, context: Context) -> CheckOutcome:
    if left.total is None or left.unknown:
        return "not_assessable"
    if any(context.fits(allowed) for allowed in rule.allowed):
        return "pass"
    if left.total == 0:
        return "pass_blank_as_zero" if left.blanks else "pass"
    return (
        "fail"
        if context.agency_kind and (context.division or context.agency_kind != "people_government")
        else ("not_assessable")
    )


def _subtotals(rule: rules.SubtotalRule, known: Rules, lookup: Lookup) -> Iterator[Check]:
    for group, rows in rule.groups.items():
        for column in known.members(rule.columns):
            code = f"{group}__{column}"
            children = add([f"{row}__{column}" for row in known.members(rows)], lookup)
            if lookup(code) is not None and children.printed:
                printed = add([code], lookup)
                yield make(rule, code, children, printed, judged(rule, equality(children, printed)))


def _domain(rule: rules.DomainRule, figures: Sequence[Figure]) -> Iterator[Check]:
    judged = 0
    bad: list[Check] = []
    for figure in figures:
        if figure.value is None or not fits_patterns(figure.code, rule.codes):
            continue
        judged += 1
        whole = figure.value == figure.value.to_integral_value() or fits_patterns(figure.code, rule.decimals)
        signed = figure.value >= 0 or fits_patterns(figure.code, rule.negatives)
        if not (whole and signed):
            bad.append(make(rule, figure.code, figure.value, None, "fail", codes=(figure.code,)))
    if bad:
        yield from bad
    elif judged:
        yield make(rule, rule.target or rule.id, None, None, "pass")


def _prose_equal(rule: rules.ProseEqualRule, known: Rules, lookup: Lookup, context: Context) -> Iterator[Check]:
    for code, groups in rule.facts.items():
        facts = [fact for fact in context.prose if fact.code == code and fact.value is not None]
        sides = [add(known.operands(group, {}), lookup) for group in groups]
        assessable = [side for side in sides if side.total is not None and not side.unknown]
        for index, fact in enumerate(facts):
            target = code if len(facts) == 1 else f"{code}#{index + 1}"
            found = next((side for side in assessable if side.total == fact.value), None)
            shown = found or next(iter(assessable), sides[0])
            stated = Side(fact.value, 1, 0, 0, (code,), printed=True)
            yield make(rule, target, stated, shown, judged(rule, _judge(stated, shown, found is not None)))


def _prose_sum(rule: rules.ProseSumRule, context: Context) -> Iterator[Check]:
    """Lists whose parts the text says make up a whole; one target a list."""
    sums = [entry for entry in context.parts if fits_patterns(entry.family, rule.families)]
    seen: Counter[str] = Counter()
    for entry in sums:
        seen[entry.family] += 1
        several = sum(other.family == entry.family for other in sums) > 1
        target = f"{entry.family}#{seen[entry.family]}" if several else entry.family
        outcome: CheckOutcome = "pass" if entry.total == entry.whole else "fail"
        if outcome == "fail" and entry.approximate and abs(entry.total - entry.whole) <= rule.tolerance * entry.whole:
            outcome = "pass"
        yield make(rule, target, entry.total, entry.whole, judged(rule, outcome), codes=())
