"""What the rules over several reports take and give: a report's figures, and a finding with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from archive import identifiers
from parsers import Check, decimal_text
from parsers.checks.rules import Rule
from parsers.record import CheckOutcome, Severity


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """One report as it stands now.

    Attributes:
        division: code, 6 or 9 digits; None where the place is not known.
        figures: code -> value; None is a blank.
        unreadable: codes of cells that could not be read for certain; they are no blanks, and nothing is said of them.
        missing: codes of tables of its form that were not found: no blanks either.
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
    missing: frozenset[str] = frozenset()

    @property
    def series(self) -> str:
        """Which of the agency's series it belongs to: the last part of its id."""
        return self.report_id.rpartition("-")[2]


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


@dataclass(frozen=True, slots=True)
class Judged:
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
