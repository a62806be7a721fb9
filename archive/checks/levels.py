"""Rules between a government and the bodies and places in it, of one year."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from archive.checks.report_figures import CrossCheck, Judged, ReportFigures
from parsers.checks.load import load_rules
from parsers.checks.rules import PartRule, Rules, fits_patterns, judged
from parsers.forms import templates
from parsers.forms.lacking import lacking
from parsers.identity import divisions
from parsers.record import CheckOutcome

_ZERO = Decimal(0)


def across_levels(reports: Iterable[ReportFigures], using: Rules | None = None) -> Iterator[CrossCheck]:
    """Each government's report against those of the bodies and places in it, of the same year."""
    known = using or load_rules()
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
                    blanks = _blanks(whole) if members else frozenset()
                    for part in members:
                        check = _part(rule, whole, part, blanks)
                        if check is not None:
                            yield check


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


def _blanks(whole: ReportFigures) -> frozenset[str]:
    """The cells of its form that a report leaves out, though it prints their table.

    What another form or edition has beside them, subtotals that it does not print, and what could not be read are no
    blanks of its own: nothing is compared with them.
    """
    known = {*whole.figures, *whole.unreadable}
    left_out = {code for codes in lacking(whole.template, known, templates.load()).values() for code in codes}
    return frozenset(left_out - whole.unreadable - whole.missing)


def _part(rule: PartRule, whole: ReportFigures, part: ReportFigures, blanks: frozenset[str]) -> CrossCheck | None:
    unreadable = whole.unreadable | whole.missing | part.unreadable
    codes = [code for code, value in part.figures.items() if value is not None and fits_patterns(code, rule.codes)]
    codes = [code for code in codes if code not in unreadable and (code in whole.figures or code in blanks)]
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
    return Judged(rule, whole, (part,), part.agency_id).outcome(judged(rule, outcome), sides, shown, values)


def _coverage(rule: PartRule, whole: ReportFigures, members: Sequence[ReportFigures]) -> Iterator[CrossCheck]:
    for code in sorted({code for code in whole.figures if fits_patterns(code, rule.codes)} - whole.unreadable):
        values = [(member.report_id, member.figures.get(code)) for member in members]
        known = [value for _, value in values if value is not None]
        if not known:
            continue
        total = whole.figures[code]
        outcome: CheckOutcome = "pass" if total is not None and total > 0 else "not_assessable"
        parts = [member for member in members if member.figures.get(code) is not None]
        evidence = [(code, total, None), *((name, value, None) for name, value in values if value is not None)]
        yield Judged(rule, whole, parts, code).outcome(outcome, (sum(known, _ZERO), total), [code], evidence)
