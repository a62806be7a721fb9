"""Rules that need several reports: the same agency's years, a place and its parts, copies, and twins of one report.

Pure functions over plain records; `archive.ingest` calls them after every index. The rules and their limits are data
(``config/templates/rules.yaml``), the arithmetic with its five outcomes is that of `parsers.checks`: a blank is never a
zero, and a year that is not there is no check at all.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import zlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from fnmatch import fnmatchcase

from archive import identifiers
from parsers import Check, decimal_text, divisions
from parsers.checks import (
    CopyRule,
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
from parsers.record import CheckOutcome, Severity

_ZERO = Decimal(0)
_SHINGLE = 5  # characters
_SHORTEST_TEXT = 300  # characters: below this, likeness of text means nothing
_SKETCH = 64  # smallest shingles that stand for a text
_KEYS = 5  # of which any three in common make two texts worth comparing ...
_LIKELY = 0.7  # ... if they have this share of the sketch in common (texts 0.95 alike have about 0.9)
_CLEAR_SCOPES = {"own_agency", "jurisdiction"}


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """One report as it stands now.

    Attributes:
        division: code, 6 or 9 digits; None where the place is not known.
        figures: code -> value; None is a blank.
        unreadable: codes of cells that could not be read for certain; they are no blanks, and nothing is said of them.
        text: the text without tables, for finding copies.
    """

    report_id: str
    agency_id: str
    agency_kind: str | None
    division: str | None
    year: int
    template: str | None
    scope: str | None
    figures: Mapping[str, Decimal | None]
    text: str = field(default="", repr=False)
    unreadable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCheck(Check):
    """The outcome of one rule on a group of reports.

    Attributes:
        report_id: the report the finding is shown with (the later year, the whole, the copy).
        others: the further reports it rests on.
        evidence: fingerprint of the outcome and of every value it rests on: a verdict holds while it stays the same.
    """

    report_id: str
    others: tuple[str, ...]
    evidence: str

    @property
    def finding(self) -> str:
        """Id of what is judged, whatever reading it comes from."""
        return identifiers.finding_id(self.report_id, self.rule, self.target, self.others)


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
    by_agency: dict[str, dict[int, ReportFigures]] = defaultdict(dict)
    for report in sorted(reports, key=lambda report: report.report_id):
        by_agency[report.agency_id].setdefault(report.year, report)
    for agency in sorted(by_agency):
        series = by_agency[agency]
        for year in sorted(series):
            if year - 1 in series:
                yield from _pair(series[year], series[year - 1], known)


def copies(reports: Iterable[ReportFigures], using: Rules | None = None) -> Iterator[CrossCheck]:
    """Reports that hold the figures, or nearly the text, of another: each against the one before it that is alike.

    Only matches are given; every other pair is unlike.
    """
    known = using or rules()
    ordered = sorted(reports, key=lambda report: (report.year, report.report_id))
    for rule in known.of_scope("cross_agency"):
        if isinstance(rule, CopyRule):
            yield from _same_figures(rule, ordered)
            yield from _same_text(rule, ordered)


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


def twins(body: ReportFigures, twin: ReportFigures, using: Rules | None = None) -> CrossCheck | None:
    """Whether two forms of one report (page and PDF) hold the same figures; None when one holds none.

    Args:
        body: the form that counts; its ``report_id`` is that of the report.
        twin: the other; its ``report_id`` names the publication.
        using: other rules than those in use.
    """
    rule = next((rule for rule in (using or rules()).of_scope("cross_form") if isinstance(rule, TwinRule)), None)
    if rule is None or not body.figures or not twin.figures:
        return None
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
    return _Finding(rule, body, (twin,), "figures").outcome(judged(rule, outcome), (left, right), shown, values)


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
            yield _Finding(rule, report, (before,), target).outcome(
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


# -- copies


def _same_figures(rule: CopyRule, ordered: Sequence[ReportFigures]) -> Iterator[CrossCheck]:
    before: dict[tuple[tuple[str, Decimal | None], ...], ReportFigures] = {}
    for report in ordered:
        if report.unreadable:
            continue  # what was not read for certain may differ
        values = {value for value in report.figures.values() if value}
        if len(values) < rule.least_distinct:
            continue  # reports of little but zeros are alike by nature
        key = tuple(sorted(report.figures.items()))
        if key in before:
            evidence = [(code, value, None) for code, value in key]
            yield _Finding(rule, report, (before[key],), "figures").outcome("fail", (None, None), [], evidence)
        before[key] = report


def _same_text(rule: CopyRule, ordered: Sequence[ReportFigures]) -> Iterator[CrossCheck]:
    """Alike texts share most of their shingles, so they share most of the smallest: those alone are compared first."""
    buckets: dict[tuple[int, ...], list[ReportFigures]] = defaultdict(list)
    sketches: dict[str, set[int]] = {}
    for report in ordered:
        mine = _shingles(report.text)
        if not mine:
            continue
        smallest = heapq.nsmallest(_SKETCH, set(mine))
        sketch = sketches[report.report_id] = set(smallest)
        keys = list(itertools.combinations(smallest[:_KEYS], 3))
        candidates = {
            other.report_id: other
            for key in keys
            for other in buckets[key]
            if len(sketch & sketches[other.report_id]) >= _LIKELY * len(sketch)
        }
        alike = [
            (likeness, other)
            for other in candidates.values()
            if (likeness := _likeness(Counter(mine), Counter(_shingles(other.text)))) > rule.similarity
        ]
        if alike:
            likeness, other = max(alike, key=lambda pair: (pair[0], pair[1].year, pair[1].report_id))
            sides, evidence = (likeness, rule.similarity), [("text", likeness, None)]
            yield _Finding(rule, report, (other,), "text").outcome("fail", sides, [], evidence)
        for key in keys:
            buckets[key].append(report)


def _shingles(text: str) -> list[int]:
    """Digests of all runs of a few characters, blanks left out; none for a text too short to be compared."""
    bare = "".join(text.split())
    if len(bare) < _SHORTEST_TEXT:
        return []
    data = bare.encode("utf-16-le", "surrogatepass")
    width = 2 * _SHINGLE
    return [zlib.crc32(data[at : at + width]) for at in range(0, len(data) - width + 2, 2)]


def _likeness(one: Counter[int], other: Counter[int]) -> Decimal:
    """Share of shingles in common, 0 to 1, four places."""
    common = sum((one & other).values())
    whole = one.total() + other.total()
    return (Decimal(2 * common) / Decimal(whole)).quantize(Decimal("0.0001"), rounding=ROUND_DOWN)


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
    return _Finding(rule, whole, (part,), part.agency_id).outcome(judged(rule, outcome), sides, shown, values)


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
        yield _Finding(rule, whole, parts, code).outcome(outcome, (sum(known, _ZERO), total), [code], evidence)


@functools.lru_cache(maxsize=8192)
def _matches(code: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(code, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is judged: a rule on a report with others."""

    rule: Rule
    report: ReportFigures
    others: Sequence[ReportFigures]
    target: str

    def outcome(
        self,
        outcome: CheckOutcome,
        sides: tuple[Decimal | None, Decimal | None],
        codes: Sequence[str],
        evidence: Sequence[tuple[str, Decimal | None, Decimal | None]],
    ) -> CrossCheck:
        """The check; ``evidence`` names every value it rests on."""
        rests_on = [f"{name}={decimal_text(one)}:{decimal_text(other)}" for name, one, other in evidence]
        names = tuple(other.report_id for other in self.others)
        severities: Mapping[str, Severity] = getattr(self.rule, "severities", {})
        return CrossCheck(
            self.rule.id,
            self.target,
            sides[0],
            sides[1],
            severities.get(self.target, self.rule.severity),
            outcome,
            tuple(dict.fromkeys(codes)),
            report_id=self.report.report_id,
            others=names,
            evidence=identifiers.evidence_digest(outcome, *map(decimal_text, sides), *names, *rests_on),
        )
