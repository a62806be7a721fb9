"""Consistency rules of one report: five-valued outcomes with both sides and the cells they rest on.

Rules are data (``config/templates/rules.yaml``); this module knows their kinds. A check never changes a figure, and a
blank is never a zero: where a rule holds or fails only if blanks are taken for zeros, the outcome says so. Rules that
need several reports are in `archive.checks`, which uses the arithmetic here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from parsers.checks import rules, text
from parsers.checks.load import load_rules
from parsers.checks.rules import Rule, Rules, fits_patterns, judged
from parsers.checks.sums import Lookup, Operand, Side, add, equality, judge_sides, relation
from parsers.checks.text import Context
from parsers.checks.unread import Unread
from parsers.record import Check, CheckOutcome, Figure, Severity

_ZERO = Decimal(0)


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
    if rule.polarity == "note" and outcome.startswith("fail"):
        outcome = "pass"  # a condition that is worth knowing is no failure
    operands: list[str] = []
    for side in (left, right):
        if isinstance(side, Side):
            operands += side.codes
    named = operands if codes is None else codes
    return Check(
        rule.id,
        target,
        _total(left),
        _total(right),
        severity or rule.severity,
        outcome,
        tuple(dict.fromkeys(named)),
    )


def _total(side: Side | Decimal | None) -> Decimal | None:
    return side.total if isinstance(side, Side) else side


def _lookup(figures: Sequence[Figure], unread: Unread) -> Lookup:
    known: dict[str, Operand] = dict(unread)
    for figure in figures:
        if figure.status == "number" and figure.value is not None:
            known[figure.code] = figure.value
        elif figure.status in {"blank", "not_applicable"}:
            known[figure.code] = "blank"
        else:
            known[figure.code] = "unknown"
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
    match rule:
        case rules.SumRule():
            left, right = _with_either(rule, operands), operands.side(*rule.right)
            outcome = judged(rule, equality(left, right))
        case rules.CompareRule():
            left, right = operands.side(*rule.left), operands.side(*rule.right)
            outcome = relation(left, rule.op, right, finding=rule.polarity == "finding")
            if rule.right_previous and outcome.startswith("fail"):
                outcome = "not_assessable"  # the year before may make up for it: archive.checks
        case rules.EqualRule():
            left = operands.side(*rule.left)
            right, outcome = _equal(rule, left, operands)
            if not right.printed:
                return None
        case rules.BothRule():
            left, right = operands.side(*rule.left), operands.side(*rule.right)
            outcome = judged(rule, judge_sides(left, right, holds=_is_positive(left) == _is_positive(right)))
        case rules.RatioRule():
            left, right = operands.side(*rule.left), operands.side(*rule.right)
            outcome = judged(rule, _ratio(rule, left, right))
        case rules.LimitRule():
            return _limited(rule, target, operands.side(*rule.left), context)
        case rules.ZeroRule():
            left = operands.printed(*rule.left)
            if not left.printed:
                return None
            return make(rule, target, left, _ZERO, judged(rule, _zero(rule, left, context)))
        case _:
            assert_never(rule)
    if not left.printed and not right.printed:
        return None
    return make(rule, target, left, right, outcome)


def _is_positive(side: Side) -> bool:
    return side.total is not None and side.total > 0


def _with_either(rule: rules.SumRule, operands: _Operands) -> Side:
    """The left side with the group that the report prints: editions of the form divide 其他处理 differently."""
    sides = [operands.side(*group) for group in rule.left_either]
    if not sides:
        return operands.side(*rule.left)
    with_numbers = [index for index, side in enumerate(sides) if side.numbers > 0]
    printed = [index for index, side in enumerate(sides) if side.printed]
    best = (with_numbers or printed or [0])[0]
    return operands.side(*rule.left, *rule.left_either[best])


def _equal(rule: rules.EqualRule, left: Side, operands: _Operands) -> tuple[Side, CheckOutcome]:
    sides = [operands.side(*group) for group in rule.right_any]
    guards = [operands.side(text) for text in rule.not_zero]
    positive = [operands.side(text) for text in rule.positive]
    unclear = any(side.blanks or side.unknown for side in (left, *sides, *guards, *positive))
    if unclear or any(guard.total == 0 for guard in guards):
        return sides[0], "not_assessable"
    found = next((side for side in sides if side.total == left.total), None)
    matches = found is not None and all(_is_positive(side) for side in positive)
    holds = matches != (rule.polarity == "finding")
    return found or sides[0], "pass" if holds else "fail"


def _ratio(rule: rules.RatioRule, left: Side, right: Side) -> CheckOutcome:
    if left.total is None or right.total is None or right.total <= 0:
        return "not_assessable"
    if any(side.blanks or side.unknown for side in (left, right)):
        return "not_assessable"
    lowest, highest = rule.minimum * right.total, rule.maximum * right.total
    return "pass" if lowest <= left.total <= highest else "fail"


def _limited(rule: rules.LimitRule, target: str, left: Side, context: Context) -> Check | None:
    """A check against the limit of the agency's level; None where its level has none, or nothing is printed."""
    limit = next((limit for limit in rule.limits if context.level in limit.levels), None)
    if not left.printed or (limit is None and context.level is not None):
        return None
    bound, outcome = _limit(limit, left)
    return make(rule, target, left, bound, judged(rule, outcome))


def _limit(limit: rules.Limit | None, left: Side) -> tuple[Decimal | None, CheckOutcome]:
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
    if not context.agency_kind:
        return "not_assessable"
    if context.agency_kind == "people_government" and not context.division:
        return "not_assessable"  # of which level it is, and so what it may do, is not known
    return "fail"


def _subtotals(rule: rules.SubtotalRule, known: Rules, lookup: Lookup) -> Iterator[Check]:
    for group, rows in rule.groups.items():
        for column in known.members(rule.columns):
            code = f"{group}__{column}"
            children = add([f"{row}__{column}" for row in known.members(rows)], lookup)
            if lookup(code) is None or not children.printed:
                continue
            printed = add([code], lookup)
            yield make(rule, code, children, printed, judged(rule, equality(children, printed)))


def _domain(rule: rules.DomainRule, figures: Sequence[Figure]) -> Iterator[Check]:
    count = 0
    bad: list[Check] = []
    for figure in figures:
        if figure.value is None or not fits_patterns(figure.code, rule.codes):
            continue
        count += 1
        whole = figure.value == figure.value.to_integral_value() or fits_patterns(figure.code, rule.decimals)
        signed = figure.value >= 0 or fits_patterns(figure.code, rule.negatives)
        if not (whole and signed):
            bad.append(make(rule, figure.code, figure.value, None, "fail", codes=(figure.code,)))
    if bad:
        yield from bad
    elif count:
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
            outcome = judge_sides(stated, shown, holds=found is not None)
            yield make(rule, target, stated, shown, judged(rule, outcome))


def _prose_sum(rule: rules.ProseSumRule, context: Context) -> Iterator[Check]:
    """Lists whose parts the text says make up a whole; one target a list."""
    sums = [entry for entry in context.parts if fits_patterns(entry.family, rule.families)]
    count = Counter(entry.family for entry in sums)
    seen: Counter[str] = Counter()
    for entry in sums:
        seen[entry.family] += 1
        target = entry.family
        if count[entry.family] > 1:
            target = f"{entry.family}#{seen[entry.family]}"
        off = abs(entry.total - entry.whole)
        allowed = rule.tolerance * entry.whole if entry.approximate else _ZERO
        outcome: CheckOutcome = "pass" if off == 0 or off <= allowed else "fail"
        yield make(rule, target, entry.total, entry.whole, judged(rule, outcome), codes=())
