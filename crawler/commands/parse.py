"""``gongkai parse``: read documents without an archive."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands._output import JsonOption, note, print_json, print_table
from crawler.errors import UsageError

if TYPE_CHECKING:
    from parsers import AnnualReport

_STDIN = Path("-")


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("parse")(parse)


def parse(  # noqa: PLR0917 - one parameter per option
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...|-", help="Documents: HTML, PDF, Word, sheets, text; - is standard input."),
    ],
    url: Annotated[str | None, typer.Option(help="Where the document was found.")] = None,
    division: Annotated[str | None, typer.Option(help="GB/T 2260 code of the portal or column.")] = None,
    publisher: Annotated[str | None, typer.Option(help="The agency whose column it was listed in.")] = None,
    year: Annotated[
        int | None, typer.Option(min=1990, max=2200, help="The report year that the column stands for.")
    ] = None,
    list_title: Annotated[str | None, typer.Option(help="The title in the list of reports.")] = None,
    list_date: Annotated[str | None, typer.Option(help="The day in the list of reports, YYYY-MM-DD.")] = None,
    json: JsonOption = False,
) -> None:
    """Read annual reports from files: figures, checks, sections, whose and for which year. No archive is needed.

    What is known from elsewhere (--url and so on) helps where the document is silent and never overrules it; the JSON
    names the evidence that won (sources). With --json one object (schema gongkai.report/1) is printed for one file, a
    list of them for several.
    """
    import parsers

    _check(division, list_date)
    for path in files:
        if path != _STDIN and (not path.exists() or path.is_dir()):
            raise UsageError("is a directory" if path.is_dir() else "there is no such file", subject=str(path))
    objects = []
    reports: list[tuple[Path, AnnualReport]] = []
    failed = False
    for path in files:
        try:
            data = sys.stdin.buffer.read() if path == _STDIN else path.read_bytes()
        except OSError as error:
            note(f"gongkai: {path}: {error.strerror or error}.")
            failed = True
            continue
        hints = parsers.Hints(
            url=url or path.name,
            division=division,
            publisher=publisher,
            year=year,
            list_title=list_title,
            list_date=list_date,
        )
        report = parsers.parse(data, hints)
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


def _check(division: str | None, list_date: str | None) -> None:
    """Refuse values that could never help, before anything is read."""
    if division is not None and not (division.isascii() and division.isdigit() and len(division) in {6, 9}):
        raise UsageError("a division is named by 6 or 9 digits, for example 410825", subject="--division")
    try:
        date.fromisoformat(list_date or "2000-01-01")
    except ValueError as error:
        raise UsageError(f"{list_date!r} is no day", subject="--list-date", advice="Write YYYY-MM-DD") from error


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
    names = ("file", "outcome", "agency", "year", "form", "numbers", "ambiguous", "failed checks", "issues")
    print_table(names, rows, whole=("file",))
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
            whole=("code",),
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
