"""``gongkai parse``: read documents without an archive."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler._errors import UsageError
from crawler.commands._output import JsonOption, note, print_json, print_table

if TYPE_CHECKING:
    from parsers import AnnualReport


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("parse")(parse)


def parse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Documents: HTML, PDF, Word, sheets, text.")],
    json: JsonOption = False,
) -> None:
    """Read annual reports from files: figures, checks, sections, whose and for which year. No archive is needed.

    With --json one object (schema gongkai.report/1) is printed for one file, a list of them for several.
    """
    import parsers

    for path in files:
        if not path.exists():
            raise UsageError("there is no such file", subject=str(path))
    objects = []
    reports: list[tuple[Path, AnnualReport]] = []
    failed = False
    for path in files:
        try:
            data = path.read_bytes()
        except OSError as error:
            note(f"gongkai: {path}: {error.strerror or error}.")
            failed = True
            continue
        report = parsers.parse(data, parsers.Hints(url=path.name))
        problem = _problem(report)
        if problem is not None:
            failed = True
            note(
                f"gongkai: {path.parent / problem}" if problem.startswith(path.name) else f"gongkai: {path}: {problem}."
            )
        objects.append(report.as_json(path=str(path), sha256=hashlib.sha256(data).hexdigest()))
        reports.append((path, report))
    if json:
        if len(files) > 1:
            print_json(objects)
        elif objects:
            print_json(objects[0])
    else:
        _show(reports)
    if failed:
        raise typer.Exit(1)


def _problem(report: AnnualReport) -> str | None:
    """Why the file could not be read as what it is, in a sentence; None for whatever could be read, report or not."""
    if report.outcome == "unreadable":
        return report.issues[0].message
    if report.outcome == "not_a_report":
        return next((issue.message for issue in report.issues if issue.code == "not_what_it_claims"), None)
    return None


def _show(reports: Sequence[tuple[Path, AnnualReport]]) -> None:
    rows = []
    for path, report in reports:
        numbers = sum(1 for cell in report.cells if cell.status == "number")
        ambiguous = sum(1 for cell in report.cells if cell.status == "ambiguous")
        broken = sum(1 for check in report.checks if check.outcome == "fail")
        rows.append(
            (
                path.name,
                report.outcome,
                report.agency_name,
                report.year,
                report.template,
                numbers,
                ambiguous,
                broken,
                len(report.issues),
            )
        )
    print_table(("file", "outcome", "agency", "year", "form", "numbers", "ambiguous", "failed checks", "issues"), rows)
    if len(reports) == 1:
        _show_one(reports[0][1])


def _show_one(report: AnnualReport) -> None:
    """The figures and findings of one report."""
    from parsers import decimal_text

    figures = [cell for cell in report.cells if cell.status != "blank"]
    if figures:
        print_table(
            ("code", "value", "status", "unit", "read by", "as printed"),
            [
                (
                    cell.code,
                    decimal_text(cell.value),
                    cell.status,
                    cell.unit,
                    cell.method,
                    cell.raw.strip(),
                )
                for cell in figures
            ],
        )
    failed = [check for check in report.checks if check.outcome == "fail"]
    if failed:
        print_table(
            ("check", "target", "left", "right", "severity"),
            [(c.rule, c.target, c.lhs, c.rhs, c.severity) for c in failed],
            title="Failed checks",
        )
    if report.issues:
        print_table(("issue", "what"), [(issue.code, issue.message) for issue in report.issues], title="Issues")
