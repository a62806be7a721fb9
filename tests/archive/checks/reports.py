"""Reports and what is said of them, as the tests of rules over several reports write them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from archive.checks.report_figures import CrossCheck, ReportFigures

Cells = Mapping[str, int | str | None]


def report(
    year: int,
    cells: Cells,
    *,
    agency: str = "410825-gov",
    kind: str = "people_government",
    division: str | None = "410825",
    template: str = "fmt2021",
    scope: str = "jurisdiction",
    text: str = "",
) -> ReportFigures:
    """A report; None is a blank, ``?`` a cell that could not be read for certain."""
    figures = {code: None if value is None else Decimal(value) for code, value in cells.items() if value != "?"}
    unreadable = frozenset(code for code, value in cells.items() if value == "?")
    name = f"{agency}-{year}-main"
    return ReportFigures(name, agency, kind, division, year, template, scope, figures, text, unreadable)


def told(checks: list[CrossCheck] | tuple[CrossCheck, ...], rule: str) -> dict[tuple[str, str], str]:
    return {(check.report_id, check.target): check.outcome for check in checks if check.rule == rule}


def carry(year: int, carried_in: int | None, carried_out: int | None, **more: int | str | None) -> ReportFigures:
    return report(year, {"req_carried_in__total": carried_in, "req_carried_out__total": carried_out, **more})


def county(cells: Cells, scope: str = "jurisdiction") -> ReportFigures:
    return report(2021, cells, scope=scope)


def bureau(cells: Cells, name: str = "bureau", kind: str = "department", division: str = "410825") -> ReportFigures:
    return report(2021, cells, agency=f"{division}-{name}", kind=kind, division=division, scope="own_agency")
