"""Rules on the text and the dates of a report whose tables stand in an annex: its page has what the annex has not.

The body's own checks know nothing of the page. What the rules say of the page's text is the report's, and the numbers
of its text are held against the figures of the body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from archive.checks.report_figures import CrossCheck, Judged, ReportFigures
from parsers.checks.cells import run
from parsers.checks.load import load_rules
from parsers.checks.rules import (
    DeadlineRule,
    PatternRule,
    PeriodRule,
    ProseEqualRule,
    ProseSumRule,
    Rules,
    SectionsRule,
)
from parsers.checks.text import Context
from parsers.document import Locator
from parsers.record import Check, Figure

_OF_THE_PAGE = (PatternRule, SectionsRule, DeadlineRule, PeriodRule, ProseSumRule)
_WHERE = Locator("text")


@dataclass(frozen=True, slots=True)
class LentText:
    """A page whose annex the body of a report is.

    Attributes:
        publication: its id.
        said: the checks of its own reading.
        facts: code and value of the numbers in its text, in their order.
    """

    publication: str
    said: Sequence[Check]
    facts: Sequence[tuple[str, Decimal]]


def lent_checks(
    report: ReportFigures, page: LentText, own: Sequence[Check] = (), using: Rules | None = None
) -> Iterator[CrossCheck]:
    """What the rules say of the page's text, as of the report.

    Args:
        report: with the figures of its body.
        page: lends its text and its dates.
        own: the checks of the body's reading; what these say already is not said again.
        using: other rules than those in use.
    """
    known = using or load_rules()
    rules = {rule.id: rule for rule in known.rules}
    told = {(check.rule, check.target) for check in own if check.outcome != "not_assessable"}
    text = [check for check in page.said if isinstance(rules.get(check.rule), _OF_THE_PAGE)]
    other = replace(report, report_id=page.publication)
    for check in (*text, *_against_the_text(report, page, known)):
        if (check.rule, check.target) not in told:
            sides = (check.lhs, check.rhs)
            evidence = [(code, report.figures.get(code), None) for code in check.codes]
            yield Judged(rules[check.rule], report, (other,), check.target).outcome(
                check.outcome, sides, check.codes, evidence
            )


def _against_the_text(report: ReportFigures, page: LentText, known: Rules) -> Iterator[Check]:
    """The numbers in the page's text against the figures of the body."""
    cells = [
        Figure(code, value, "blank" if value is None else "number", "", _WHERE)
        for code, value in report.figures.items()
    ]
    unread: dict[str, Literal["unknown", "missing"]] = {}
    unread.update(dict.fromkeys(report.missing, "missing"))
    unread.update(dict.fromkeys(report.unreadable, "unknown"))
    facts = tuple(Figure(code, value, "number", "", _WHERE, method="prose") for code, value in page.facts)
    context = Context(template=report.template, year=report.year, prose=facts, unread=unread)
    rules = Rules(tuple(rule for rule in known.rules if isinstance(rule, ProseEqualRule)), known.sets)
    yield from run(cells, context, rules)
