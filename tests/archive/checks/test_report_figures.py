"""Verdicts hang on evidence: it changes with what a finding rests on, and with nothing else."""

from __future__ import annotations

from archive.checks.all import across
from tests.archive.checks.reports import carry


def test_evidence_changes_with_what_a_finding_rests_on_and_with_nothing_else() -> None:
    (first,) = across([carry(2020, 0, 2), carry(2021, 4, 3)])
    (again,) = across([carry(2021, 4, 3, review__total=1), carry(2020, 7, 2)])
    (other,) = across([carry(2020, 0, 1), carry(2021, 4, 3)])
    assert first.finding == again.finding == other.finding
    assert first.evidence == again.evidence
    assert first.evidence != other.evidence


def test_a_blank_and_a_zero_are_other_evidence() -> None:
    (blank,) = across([carry(2020, 0, None), carry(2021, 0, 3)])
    (zero,) = across([carry(2020, 0, 0), carry(2021, 0, 3)])
    assert (blank.outcome, zero.outcome) == ("pass_blank_as_zero", "pass")
    assert blank.evidence != zero.evidence
