"""Rules about the text, the form and the dates of one report, and what is known about the report for all rules."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from parsers import deadlines
from parsers.checks import rules
from parsers.document import Document
from parsers.identity.titles import fold
from parsers.prose.part_sums import PartsSum, find_part_sums
from parsers.record import Check, CheckOutcome, Division, Figure, Issue, Section

if TYPE_CHECKING:
    from parsers.identity.identity import Identity

_NUMBERED = re.compile(r"[(第]?[一二三四五六1-6]")


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules may ask about a report beside its cells.

    Attributes:
        sections: the official sections found.
        prose: facts read from the text.
        parts: lists of the text whose parts must add up.
        period: first and last year of the stated statistic period.
        issues: codes of the issues that reading the tables raised.
        text: the whole text without tables, folded.
        repeated: numbers of the sections whose heading stands more than once, alone on its line.
    """

    template: str | None = None
    year: int | None = None
    agency_kind: str | None = None
    division: Division | None = None
    sections: tuple[Section, ...] = ()
    prose: tuple[Figure, ...] = ()
    parts: tuple[PartsSum, ...] = ()
    published_on: str | None = None
    published_on_kind: str | None = None
    period: tuple[int, int] | None = None
    issues: frozenset[str] = frozenset()
    text: str = ""
    repeated: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        document: Document,
        identity: Identity,
        template: str | None,
        sections: tuple[Section, ...] = (),
        *,
        prose: tuple[Figure, ...] = (),
        issues: tuple[Issue, ...] = (),
    ) -> Context:
        """The context of a report from the results of the steps of reading."""
        return cls(
            template=template,
            year=identity.year,
            agency_kind=identity.agency_kind,
            division=identity.division,
            sections=sections,
            prose=prose,
            parts=find_part_sums(document, sections),
            published_on=identity.published_on,
            published_on_kind=identity.published_on_kind,
            period=identity.period,
            issues=frozenset(issue.code for issue in issues),
            text="".join(fold(text.text) for text in document.texts()),
            repeated=_repeated(document, sections),
        )

    @property
    def level(self) -> str | None:
        """The level of the publisher; township bodies are of township level wherever their code ends."""
        if self.agency_kind in {"township_government", "subdistrict_office"}:
            return "township"
        return self.division.level if self.division is not None else None

    def fits(self, allowed: rules.Allowed) -> bool:
        """Whether the publisher is one of those."""
        if allowed.kinds and self.agency_kind not in allowed.kinds:
            return False
        if allowed.levels and self.level not in allowed.levels:
            return False
        name = self.division.name if self.division is not None else ""
        return not (allowed.not_named and re.search(allowed.not_named, name))


def apply(rule: rules.TextRule, context: Context) -> Check | None:
    """Judge one rule; None where it does not apply (nothing of what it asks about is known to exist)."""
    match rule:
        case rules.PatternRule():
            outcome = _pattern(rule, context)
        case rules.SectionsRule():
            numbers = tuple(section.number for section in context.sections)
            holds = numbers == rule.numbers and not context.repeated.intersection(rule.numbers)
            outcome = None if not numbers else "pass" if holds else "fail"
        case rules.TemplateYearsRule():
            return _template_years(rule, context)
        case rules.IssuesRule():
            outcome = "fail" if context.issues.intersection(rule.issues) else "pass"
        case rules.DeadlineRule():
            outcome = _deadline(context)
        case rules.PeriodRule():
            return _period(rule, context)
        case _:
            assert_never(rule)
    return None if outcome is None else _check(rule, outcome)


def _repeated(document: Document, sections: tuple[Section, ...]) -> frozenset[int]:
    """Numbers of sections whose heading, with its numeral, is printed more than once, alone on its line.

    A table of contents prints all headings again, one right under the other, and is left out.
    """
    headings = {fold(section.heading): section.number for section in sections if _NUMBERED.match(fold(section.heading))}
    lines = [headings.get(line) for text in document.texts() for line in map(fold, text.text.split("\n")) if line]
    contents = [section.number for section in sections]
    found: Counter[int] = Counter()
    at = 0
    while at < len(lines):
        number = lines[at]
        if len(contents) > 1 and lines[at : at + len(contents)] == contents:
            at += len(contents)
            continue
        if number is not None:
            found[number] += 1
        at += 1
    return frozenset(number for number, count in found.items() if count > 1)


def _check(rule: rules.Rule, outcome: CheckOutcome, left: int | None = None, right: int | None = None) -> Check:
    sides = [None if side is None else Decimal(side) for side in (left, right)]
    outcome = rules.judged(rule, outcome)
    if rule.polarity == "note" and outcome.startswith("fail"):
        outcome = "pass"
    return Check(rule.id, rule.target or rule.id, sides[0], sides[1], rule.severity, outcome)


def _pattern(rule: rules.PatternRule, context: Context) -> CheckOutcome | None:
    if rule.from_year is not None and context.year is None:
        return "not_assessable" if context.sections else None
    if rule.section is None:
        text = context.text or "".join(fold(section.text) for section in context.sections)
    else:
        chosen = [section for section in context.sections if section.number == rule.section]
        if not chosen:
            return "not_assessable" if context.sections else None
        text = fold(chosen[-1].text)
    if not text and rule.section is None:
        return None
    holds = (
        (rule.require is None or re.search(rule.require, text) is not None)
        and (rule.forbid is None or re.search(rule.forbid, text) is None)
        and (rule.longer_than is None or len(text) > rule.longer_than)
    )
    return "pass" if holds else "fail"


def _template_years(rule: rules.TemplateYearsRule, context: Context) -> Check | None:
    years = rule.years.get(context.template or "")
    if years is None:
        return None
    if context.year is None:
        return _check(rule, "not_assessable")
    holds = years.get("from", context.year) <= context.year <= years.get("to", context.year)
    return _check(rule, "pass" if holds else "fail", context.year)


def _deadline(context: Context) -> CheckOutcome:
    if context.year is None or context.published_on is None:
        return "not_assessable"
    due = deadlines.load().due(context.agency_kind, context.year)
    if due is None:
        return "not_assessable"
    if dt.date.fromisoformat(context.published_on) > due:
        return "fail"
    # A report may be published after it was signed, so a signature in time proves little; it is taken as in time, as
    # the date printed is the only one there is.
    return "pass"


def _period(rule: rules.PeriodRule, context: Context) -> Check | None:
    if context.period is None:
        return None
    if context.year is None:
        return _check(rule, "not_assessable")
    holds = context.period == (context.year, context.year)
    return _check(rule, "pass" if holds else "fail", context.period[1], context.year)
