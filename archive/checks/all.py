"""All rules over all reports, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable

from archive.checks.copies import copies
from archive.checks.levels import across_levels
from archive.checks.report_figures import CrossCheck, ReportFigures
from archive.checks.years import across_years
from parsers.checks.load import load_rules
from parsers.checks.rules import Rules


def across(reports: Iterable[ReportFigures], using: Rules | None = None) -> tuple[CrossCheck, ...]:
    """All rules over all reports, in a fixed order."""
    known = using or load_rules()
    everything = list(reports)
    found = [*across_years(everything, known), *copies(everything, known), *across_levels(everything, known)]
    return tuple(sorted(found, key=lambda check: (check.report_id, check.rule, check.target, check.others)))
