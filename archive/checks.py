"""Rules that need several reports: the same agency's years, a place and its parts, copies, and twins of one report.

Pure functions over plain records; `archive.ingest` calls them after every index. The rules and their limits are data
(``config/templates/rules.yaml``), the arithmetic with its five outcomes is that of `parsers.checks`: a blank is never a
zero, and a year that is not there is no check at all.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase

from archive._crosschecks import CrossCheck, Finding, ReportFigures
from archive.copies import copies
from parsers import divisions
from parsers.checks import (
    JumpRule,
    Lookup,
    PartRule,
    Reading,
    Rule,
    Rules,
    Side,
    SumRule,
    TwinRule,
    add,
    equality,
    judged,
    relation,
    rules,
)
from parsers.record import CheckOutcome

_ZERO = Decimal(0)
_CLEAR_SCOPES = {"own_agency", "jurisdiction"}


def across(reports: Iterable[ReportFigures], using: Rules | None = None) -> tuple[CrossCheck, ...]:
    """All rules over all reports, in a fixed order."""
    known = using or rules()
    everything = list(reports)
    found = [*across_years(everything, known), *copies(everything, known), *across_levels(everything, known)]
    return tuple(sorted(found, key=lambda check: (check.report_id, check.rule, check.target, check.others)))


def across_years(reports: Iterable[ReportFigures], using: Rules | None = None) -> Iterator[CrossCheck]:
    """Each report against the one of the year before: carry-over, roll-forward, jumps.

    Two reports of different known scope (the agency's own one year, the whole place the next) count different things:
    the outcome is then ``not_assessable``.
    """
    known = using or rules()
    by_agency: dict[tuple[str, str], dict[int, ReportFigures]] = defaultdict(dict)
    for report in sorted(reports, key=lambda report: report.report_id):
        by_agency[report.agency_id, report.series].setdefault(report.year, report)
    for agency in sorted(by_agency):
        series = by_agency[agency]
        for year in sorted(series):
            if year - 1 in series:
                yield from _pair(series[year], series[year - 1], known)


def across_levels(reports: Iterable[ReportFigures], using: Rules | None = None) -> Iterator[CrossCheck]:
    """Each government's report against those of the bodies and places in it, of the same year."""
    known = using or rules()
    by_year: dict[int, list[ReportFigures]] = defaultdict(list)
    for report in reports:
        if report.division is not None:
            by_year[report.year].append(report)
    part_rules = [rule for rule in known.of_scope("cross_level") if isinstance(rule, PartRule)]
    for year in sorted(by_year):
        present = sorted(by_year[year], key=lambda report: (report.division or "", report.report_id))
        codes = [report.division or "" for report in present]
        for whole in present:
            fitting = [
                r for r in part_rules if whole.agency_kind in r.wholes and (whole.scope or "unclear") in r.scopes
            ]
            inside = _inside(whole, present, codes) if fitting else ()
            for rule in fitting:
                members = [part for part in inside if _is_part(rule, whole, part)]
                if rule.kind == "coverage":
                    yield from _coverage(rule, whole, members)
                else:
                    for part in members:
                        check = _part(rule, whole, part)
                        if check is not None:
                            yield check


def twins(body: ReportFigures, twin: ReportFigures, using: Rules | None = None) -> Iterator[CrossCheck]:
    """Whether two forms of one report (page and PDF) hold the same figures; nothing when one holds none.

    Args:
        body: the form that counts; its ``report_id`` is that of the report.
        twin: the other; its ``report_id`` names the publication.
        using: other rules than those in use.
    """
    for rule in (using or rules()).of_scope("cross_form"):
        check = _twin(rule, body, twin) if isinstance(rule, TwinRule) else None
        if check is not None:
            yield check


def _twin(rule: TwinRule, body: ReportFigures, twin: ReportFigures) -> CrossCheck | None:
    codes = sorted({*body.figures, *twin.figures} - body.unreadable - twin.unreadable)
    pairs = {code: (body.figures.get(code), twin.figures.get(code)) for code in codes}
    differing = [code for code, (one, other) in pairs.items() if None not in (one, other) and one != other]
    lost = [code for code, (one, other) in pairs.items() if (one is None) != (other is None) and (one or other)]
    zeros = [code for code, (one, other) in pairs.items() if (one is None) != (other is None) and not (one or other)]
    shared = [code for code, (one, other) in pairs.items() if None not in (one, other)]
    if not shared:
        return None
    outcome: CheckOutcome = (
        "fail" if differing else "fail_if_blank_as_zero" if lost else "pass_blank_as_zero" if zeros else "pass"
    )
    shown = differing or lost
    left, right = pairs[shown[0]] if shown else (None, None)
    values = [(f"{code}", left_value, right_value) for code, (left_value, right_value) in pairs.items()]
    return Finding(rule, body, (twin,), "figures").outcome(judged(rule, outcome), (left, right), shown, values)


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
            else:
                within = relation(left, getattr(rule, "op", "<="), right)
                if not within.startswith("fail"):
                    continue  # judged within the report already
                both = (*getattr(rule, "right", ()), *getattr(rule, "right_previous", ()))
                right = add(known.operands(both, values), lookup)
                outcome = relation(left, getattr(rule, "op", "<="), right)
            if not (left.numbers or right.numbers):
                continue
            if len(scopes) > 1:
                outcome = "not_assessable"
            named = [(code, lookup(code)) for code in (*left.codes, *right.codes)]
            yield Finding(rule, report, (before,), target).outcome(
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
    return "fail" if high - low >= rule.least and high > low * rule.factor else "pass"


def _two_years(report: ReportFigures, before: ReportFigures) -> Lookup:
    """Values of a report and, under ``@prev``, of the year before."""

    def lookup(code: str) -> Reading | None:
        of = before if code.endswith("@prev") else report
        bare = code.removesuffix("@prev")
        if bare in of.unreadable:
            return "unknown"
        if bare not in of.figures:
            return None
        value = of.figures[bare]
        return "blank" if value is None else value

    return lookup


# -- levels


def _inside(whole: ReportFigures, present: Sequence[ReportFigures], codes: Sequence[str]) -> Sequence[ReportFigures]:
    """The reports in a whole's division; ``present`` is sorted by division, so they stand together."""
    prefix = divisions.prefix(whole.division or "")
    return present[bisect_left(codes, prefix) : bisect_left(codes, prefix + "~")]


def _is_part(rule: PartRule, whole: ReportFigures, part: ReportFigures) -> bool:
    if part.agency_id == whole.agency_id or whole.division is None or part.division is None:
        return False
    if part.agency_kind in rule.except_kinds or (rule.parts and part.agency_kind not in rule.parts):
        return False
    if rule.same_division:
        return part.division == whole.division
    if rule.kind == "coverage":
        return _is_direct(whole, part)
    return True


def _is_direct(whole: ReportFigures, part: ReportFigures) -> bool:
    """A body of the place itself, or the government of a place directly below: adding these counts nothing twice."""
    if part.division is None or whole.division is None:
        return False
    if part.division == whole.division:
        return True
    above = divisions.load().parent(part.division, part.year) or divisions.load().parent(part.division)
    governments = {"people_government", "township_government", "subdistrict_office"}
    return above is not None and above.code == whole.division and part.agency_kind in governments


def _part(rule: PartRule, whole: ReportFigures, part: ReportFigures) -> CrossCheck | None:
    unreadable = whole.unreadable | part.unreadable
    codes = [code for code, value in part.figures.items() if value is not None and _matches(code, rule.codes)]
    codes = [code for code in codes if code not in unreadable]
    if not codes:
        return None
    compared = {code: (whole.figures.get(code), part.figures[code] or _ZERO) for code in sorted(codes)}
    above = [code for code, (total, value) in compared.items() if total is not None and value > total]
    blank = [code for code, (total, value) in compared.items() if total is None and value > 0]
    zeros = [code for code, (total, value) in compared.items() if total is None and value == 0]
    outcome: CheckOutcome = "pass"
    if all(total is None for total, _ in compared.values()):
        outcome = "not_assessable"
    elif above:
        outcome = "fail"
    elif blank:
        outcome = "fail_if_blank_as_zero"
    elif zeros:
        outcome = "pass_blank_as_zero"
    shown = above or blank
    sides = compared[shown[0]] if shown else (None, None)
    values = [(code, total, value) for code, (total, value) in compared.items()]
    return Finding(rule, whole, (part,), part.agency_id).outcome(judged(rule, outcome), sides, shown, values)


def _coverage(rule: PartRule, whole: ReportFigures, members: Sequence[ReportFigures]) -> Iterator[CrossCheck]:
    for code in sorted({code for code in whole.figures if _matches(code, rule.codes)} - whole.unreadable):
        values = [(member.report_id, member.figures.get(code)) for member in members]
        known = [value for _, value in values if value is not None]
        if not known:
            continue
        total = whole.figures[code]
        outcome: CheckOutcome = "pass" if total is not None and total > 0 else "not_assessable"
        parts = [member for member in members if member.figures.get(code) is not None]
        evidence = [(code, total, None), *((name, value, None) for name, value in values if value is not None)]
        yield Finding(rule, whole, parts, code).outcome(outcome, (sum(known, _ZERO), total), [code], evidence)


@functools.lru_cache(maxsize=8192)
def _matches(code: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(code, pattern) for pattern in patterns)
