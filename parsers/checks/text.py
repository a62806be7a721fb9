"""Rules about the text, the form and the dates of one report, and what is known about the report for all rules."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from parsers import deadlines
from parsers.checks import rules
from parsers.checks.unread import Unread
from parsers.document import Document
from parsers.identity.titles import fold
from parsers.prose.part_sums import PartsSum, find_part_sums
from parsers.record import Check, CheckOutcome, Division, Figure, Issue, Section

if TYPE_CHECKING:
    from parsers.identity.identity import Identity

_NUMBERED = re.compile(r"[(第]?[一二三四五六1-6]")
_HEADING = re.compile(r"第?([一二三四五六七八九十]|[1-9]|10)[、.,:](.+)")
_FIRST = ("一", "1")  # numerals that begin a list of headings
_SENTENCE = re.compile(r"[。！？；!?;]")


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
        unread: cells that could not be read, though the report prints them, or may.
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
    unread: Unread = field(default_factory=dict)

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
        unread: Unread | None = None,
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
            unread=unread or {},
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
            unsure = context.issues.intersection(rule.unsure)
            outcome = "fail" if context.issues.intersection(rule.issues) else "not_assessable" if unsure else "pass"
        case rules.DeadlineRule():
            outcome = _deadline(context)
        case rules.PeriodRule():
            return _period(rule, context)
        case _:
            assert_never(rule)
    return None if outcome is None else _check(rule, outcome)


def _repeated(document: Document, sections: tuple[Section, ...]) -> frozenset[int]:
    """Numbers of sections whose heading is printed more than once, alone on its line, under whatever numeral.

    A table of contents prints all headings again, one right under the other, and is left out. So are headings within a
    section ((一)、) and those of an older report that is pasted into one: they begin anew with the first numeral.
    """
    headings = {fold(section.heading): section.number for section in sections}
    own = {line: number for line, number in headings.items() if _NUMBERED.match(line)}
    by_words = {top[2]: number for line, number in own.items() if (top := _top(line))}
    lines = [
        _Line(line, own, by_words) for text in document.texts() for line in map(fold, text.text.split("\n")) if line
    ]
    contents = [section.number for section in sections]
    found: Counter[int] = Counter()
    at, pasted = 0, False
    while at < len(lines):
        line = lines[at]
        if len(contents) > 1 and [other.number for other in lines[at : at + len(contents)]] == contents:
            at += len(contents)
            continue
        at += 1
        if line.is_own:
            pasted = False
        elif line.begins and found:
            pasted = True
        if line.number is not None and not pasted:
            found[line.number] += 1
    return frozenset(number for number, count in found.items() if count > 1)


class _Line:
    """A line of the text: which section's heading it prints, if any.

    Attributes:
        number: of the section whose heading it prints, be it under another numeral.
        is_own: it is a section's heading to the letter.
        begins: it is a heading with the first numeral.
    """

    __slots__ = ("begins", "is_own", "number")

    def __init__(self, text: str, own: Mapping[str, int], by_words: Mapping[str, int]) -> None:
        found = _top(text)
        self.is_own = text in own
        self.number = own.get(text, by_words.get(found[2]) if found else None)
        self.begins = found is not None and found[1] in _FIRST


def _top(text: str) -> re.Match[str] | None:
    """A folded line as a heading of the first order: its numeral and its words."""
    return _HEADING.fullmatch(text)


def has_prose(text: str) -> bool:
    """Whether a text holds a sentence: titles, captions and headings have no stops."""
    return _SENTENCE.search(text) is not None


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
    if (
        rule.section is None
        and rule.forbid is not None
        and re.search(rule.forbid, text) is None
        and not has_prose(text)
    ):
        return None  # a table alone cites nothing
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
