"""``gongkai reports``: reports as they stand now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
    DivisionOption,
    HomeOption,
    JsonlOption,
    JsonOption,
    LimitOption,
    PortalOption,
    YearOption,
    chosen,
    none_left,
    note,
    print_json_list,
    print_jsonl,
    print_table,
    state_of,
)

if TYPE_CHECKING:
    from archive.records.reports import ReportLine


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reports")(reports)


def reports(
    *,
    home: HomeOption = None,
    portal: PortalOption = None,
    year: YearOption = None,
    division: DivisionOption = None,
    words: Annotated[str | None, typer.Option("--find", metavar="WORDS", help="Words of agency or title.")] = None,
    cells: Annotated[bool, typer.Option("--cells", help="With the figures (for --json and --jsonl).")] = False,
    include: Annotated[
        Literal["blocked"] | None, typer.Option("--include", help="Also addresses that were refused.")
    ] = None,
    limit: LimitOption = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="REPORT", help="Only what comes behind this report in the list.")
    ] = None,
    json: JsonOption = False,
    jsonl: JsonlOption = False,
) -> None:
    """List reports as they stand now."""
    from itertools import chain, islice

    from archive.metadata import MADE_UP
    from archive.records.reports import blocked_lines, count_reports, report_lines

    with read_index(home) as database, database.session() as session:
        wanted = chosen(session, portal, year, division, words)
        lines: Iterable[ReportLine] = report_lines(session, wanted, cells=cells, after=after)
        further: list[str] = []
        if limit is not None:
            some = list(islice(lines, limit + 1))
            lines = some[:limit]
            if len(some) > limit:
                total = count_reports(session, wanted)
                further = [f"{limit} of {total} reports", f"the next ones: --after {some[limit - 1].report.id}"]
        blocked: Iterable[dict[str, Any]] = ()
        if include == "blocked" and not further:
            blocked = blocked_lines(session, portal)
        if jsonl:
            # One line after the other, so that an archive of any size can be read from the first on.
            print_jsonl(line.as_json(cells=cells) for line in lines)
            print_jsonl(blocked)
        elif json:
            print_json_list(chain((line.as_json(cells=cells) for line in lines), blocked))
        else:
            found = list(lines)
            _print_reports(found)
            _print_blocked(list(blocked))
            if any(line.made_up for line in found):
                note(f"(made up): {MADE_UP}")
            if not found:
                given = {"portal": portal, "year": year, "division": division, "find": words, "after": after}
                note(none_left(count_reports(session), "reports", given))
        for sentence in further:
            note(sentence)


def _print_reports(lines: Iterable[ReportLine]) -> None:
    rows = [
        (
            line.report.id,
            line.agency.name,
            line.report.year,
            line.report.template,
            line.report.published_on,
            line.report.portal,
            state_of(line),
        )
        for line in lines
    ]
    names = ("report", "agency", "year", "form", "published", "portal", "state")
    print_table(names, rows, whole=("report",))


def _print_blocked(blocked: Sequence[dict[str, Any]]) -> None:
    if blocked:
        rows = [(line["portal"], line["blocked_by"], line["url"]) for line in blocked]
        print_table(("portal", "blocked by", "address"), rows, whole=("address",))
