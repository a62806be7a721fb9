"""Rules over an agency's years: each report against the one of the year before.

The arithmetic with its five outcomes is that of `parsers.checks.sums`: a blank is never a zero, and a year that is
not there is no check at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from archive.checks.report_figures import CrossCheck, Judged, ReportFigures
from parsers.checks.load import load_rules
from parsers.checks.rules import CompareRule, JumpRule, Rule, Rules, SumRule, judged
from parsers.checks.sums import Lookup, Operand, Side, add, equality, relation
from parsers.record import CheckOutcome

_CLEAR_SCOPES = {"own_agency", "jurisdiction"}


def across_years(reports: Iterable[ReportFigures], using: Rules | None = None) -> Iterator[CrossCheck]:
    """Each report against the one of the year before: carry-over, roll-forward, jumps.

    Two reports of different known scope (the agency's own one year, the whole place the next) count different things:
    the outcome is then ``not_assessable``.
    """
    known = using or load_rules()
    by_agency: dict[tuple[str, str], dict[int, ReportFigures]] = defaultdict(dict)
    for report in sorted(reports, key=lambda report: report.report_id):
        by_agency[report.agency_id, report.series].setdefault(report.year, report)
    for agency in sorted(by_agency):
        series = by_agency[agency]
        for year in sorted(series):
            if year - 1 in series:
                yield from _pair(series[year], series[year - 1], known)


# -- years


def _pair(report: ReportFigures, before: ReportFigures, known: Rules) -> Iterator[CrossCheck]:
    lookup = _two_years(report, before)
    scopes = {report.scope, before.scope} & _CLEAR_SCOPES
    for rule in known.rules:
        if rule.templates and not {report.template, before.template} <= set(rule.templates):
            continue
        if rule.from_year is not None and report.year < rule.from_year:
            continue
        for target, values in known.targets(rule) if _needs_two_years(rule) else ():
            left = add(known.operands(getattr(rule, "left", ()), values), lookup)
            right = add(known.operands(getattr(rule, "right", ()), values), lookup)
            if isinstance(rule, SumRule):
                outcome = judged(rule, equality(left, right))
            elif isinstance(rule, JumpRule):
                outcome = _jump(rule, left, right)
            elif isinstance(rule, CompareRule):
                if rule.previous_from is not None and report.year < rule.previous_from:
                    continue
                if left.unknown or right.unknown or relation(left, rule.op, right).startswith("pass"):
                    continue  # judged within the report already
                right = add(known.operands((*rule.right, *rule.right_previous), values), lookup)
                outcome = relation(left, rule.op, right)
            else:
                continue
            if not (left.numbers or right.numbers):
                continue
            if len(scopes) > 1:
                outcome = "not_assessable"
            named = [(code, lookup(code)) for code in (*left.codes, *right.codes)]
            yield Judged(rule, report, (before,), target).outcome(
                outcome,
                (left.total, right.total),
                [code for code, _ in named],
                [(code, value if isinstance(value, Decimal) else None, None) for code, value in named],
            )


def _needs_two_years(rule: Rule) -> bool:
    return (isinstance(rule, SumRule | JumpRule) and rule.scope == "cross_year") or bool(
        getattr(rule, "right_previous", ())
    )


def _jump(rule: JumpRule, left: Side, right: Side) -> CheckOutcome:
    if left.total is None or right.total is None or left.blanks + right.blanks + left.unknown + right.unknown:
        return "not_assessable"
    low, high = sorted((abs(left.total), abs(right.total)))
    turned = left.total * right.total < 0  # from below zero to above it, or back: no factor says how far
    far = abs(left.total - right.total) >= rule.least
    return "fail" if far and (turned or high > low * rule.factor) else "pass"


def _two_years(report: ReportFigures, before: ReportFigures) -> Lookup:
    """Values of a report and, under ``@prev``, of the year before."""

    def lookup(code: str) -> Operand | None:
        of = before if code.endswith("@prev") else report
        bare = code.removesuffix("@prev")
        if bare in of.unreadable:
            return "unknown"
        if bare in of.missing:
            return "missing"
        if bare not in of.figures:
            return None
        value = of.figures[bare]
        return "blank" if value is None else value

    return lookup
