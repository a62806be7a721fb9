"""Commands on reports and captures: reports, captures, history, diff, changes, export."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
    DivisionOption,
    HomeOption,
    JsonlOption,
    JsonOption,
    PortalOption,
    YearOption,
    chosen,
    minute,
    none_left,
    note,
    print_json,
    print_jsonl,
    print_lines,
    print_table,
    state_of,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from archive.records.history import VersionLine

_TIMES = ("first_seen", "last_seen", "between", "and")


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("reports")(reports)
    app.command("captures")(captures)
    app.command("history")(history)
    app.command("diff")(diff)
    app.command("changes")(changes)
    app.command("export")(export)


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
    json: JsonOption = False,
    jsonl: JsonlOption = False,
) -> None:
    """List reports as they stand now."""
    from archive.metadata import MADE_UP
    from archive.records.reports import blocked_lines, count_reports, report_lines

    with read_index(home) as database, database.session() as session:
        wanted = chosen(session, portal, year, division, words)
        lines: Iterable[Any] = report_lines(session, wanted, cells=cells)
        blocked = blocked_lines(session, portal) if include == "blocked" else ()
        if jsonl:
            print_jsonl(line.as_json(cells=cells) for line in lines)
            print_jsonl(blocked)
        elif json:
            print_json([*(line.as_json(cells=cells) for line in lines), *blocked])
        else:
            found = list(lines)
            print_table(
                ("report", "agency", "year", "form", "published", "portal", "state"),
                (
                    (
                        line.report.id,
                        line.agency.name,
                        line.report.year,
                        line.report.template,
                        line.report.published_on,
                        line.report.portal,
                        state_of(line),
                    )
                    for line in found
                ),
                whole=("report",),
            )
            refused = list(blocked)
            if refused:
                print_table(
                    ("portal", "blocked by", "address"),
                    ((r["portal"], r["blocked_by"], r["url"]) for r in refused),
                    whole=("address",),
                )
            if any(line.made_up for line in found):
                note(f"(made up): {MADE_UP}")
            if not found:
                given = {"portal": portal, "year": year, "division": division, "find": words}
                note(none_left(count_reports(session), "reports", given))


def captures(
    url: Annotated[str, typer.Argument(metavar="URL", help="An address, or a host name with --match host.")],
    *,
    home: HomeOption = None,
    match: Annotated[
        Literal["exact", "prefix", "host", "domain"], typer.Option("--match", help="How much must agree.")
    ] = "exact",
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="Not before.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Not after.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")] = None,
    json: JsonOption = False,
    jsonl: JsonlOption = False,
) -> int:
    """List the captures of an address, oldest first."""
    from archive.access.captures import Captures
    from archive.home import Home
    from archive.metadata import MADE_UP
    from archive.storage.open import open_storage
    from archive.times import parse_moment

    place = Home.at(home)
    with read_index(home) as database:
        found = Captures(database, open_storage(place)).list(
            url,
            match=match,
            since=parse_moment(since, end=False) if since else None,
            until=parse_moment(until) if until else None,
            limit=limit,
        )
    lines = [line.as_json() for line in found]
    if jsonl:
        print_jsonl(lines)
    elif json:
        print_json(lines)
    else:
        rows = [
            (
                line["captured_at"],
                line["kind"],
                line["status"],
                line["media_type"],
                line["judgement"] if line["judgement"] == "ok" else f"{line['judgement']} ({line['signature']})",
                line["capture"],
                *([line["url"]] if match != "exact" else []),
            )
            for line in lines
        ]
        names = ("when (UTC)", "kind", "status", "type", "judged", "capture", "address")
        if rows:
            print_table(names[: len(rows[0])], rows, whole=("address", "capture"))
        if any(line["made_up"] for line in lines):
            note(f"made up: {MADE_UP}")
    if not lines and (since or until):
        note(f"gongkai: {url}: was not captured in that time; leave out --since and --until")
    elif not lines:
        note(f"gongkai: {url}: was never captured; try --match prefix or --match host")
    return 0 if lines else 1


def history(
    report: Annotated[
        list[str],
        typer.Argument(metavar="REPORT|URL...", help="A report (its id, or words such as 温县 2020), an address."),
    ],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """The versions of a report at each place where it appeared."""
    from archive.records.history import history as find

    with read_index(home) as database, database.session() as session:
        lines = [line.as_json() for line in find(session, " ".join(report))]
    if json:
        print_json(lines)
        return
    names = ("no", "role", "status", "first seen (UTC)", "last seen (UTC)", "captures", "version", "address")
    fields = ("number", "role", "status", "first_seen", "last_seen", "captures", "version", "url")
    rows = ([minute(line[name]) if name in _TIMES else line[name] for name in fields] for line in lines)
    print_table(names, rows, whole=("address", "version"))
    if len(lines) > 1:
        note("`gongkai diff VERSION VERSION` shows what differs")


def diff(
    versions: Annotated[
        list[str],
        typer.Argument(metavar="A B", help="Two versions (v-...) or reports; words such as 温县 2020 温县 2021."),
    ],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """What differs between two versions or reports: facts, figures, words."""
    from archive.records.history import difference

    if len(versions) < 2:
        raise typer.BadParameter("name two versions or reports")
    with read_index(home) as database, database.session() as session:
        found = difference(session, *_two(session, versions))
    if json:
        print_json(found.as_json())
        return
    if found.facts:
        print_table(("fact", "before", "after"), ((name, *sides) for name, sides in found.facts.items()))
    if found.cells:
        print_table(
            ("figure", "before", "after"),
            ((change.code, _side(change.before), _side(change.after)) for change in found.cells),
        )
    if found.text:
        print_lines(*found.text)
    if not (found.facts or found.cells or found.text):
        note("nothing differs in what was read")


def _two(session: Session, words: Sequence[str]) -> tuple[VersionLine, VersionLine]:
    """The two versions that several words mean: the words are parted where each side means one.

    Raises:
        NotFound: a side means none or several.
        UsageError: they can be parted in several ways.
    """
    from archive import NotFound
    from archive.records.history import find_version
    from crawler.errors import UsageError

    def parted(at: int) -> tuple[VersionLine, VersionLine]:
        return find_version(session, " ".join(words[:at])), find_version(session, " ".join(words[at:]))

    found: dict[tuple[str, str], tuple[VersionLine, VersionLine]] = {}
    for at in range(1, len(words)):
        with contextlib.suppress(NotFound):
            two = parted(at)
            found[two[0].version.id, two[1].version.id] = two
    if len(found) > 1:
        raise UsageError(
            "can be parted into two reports in several ways", subject=" ".join(words), advice="Put each into quotes"
        )
    return next(iter(found.values()), None) or parted(len(words) // 2)


def changes(
    *,
    home: HomeOption = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="From that day on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Up to that day.")] = None,
    portal: PortalOption = None,
    year: YearOption = None,
    json: JsonOption = False,
    jsonl: JsonlOption = False,
) -> None:
    """Reports that appeared, changed, were replaced or withdrawn, returned; and between which captures."""
    from datetime import UTC, datetime

    from archive.records.changes import changes as find
    from archive.times import parse_moment

    begin = parse_moment(since, end=False) if since else datetime(1990, 1, 1, tzinfo=UTC)
    with read_index(home) as database, database.session() as session:
        wanted = chosen(session, portal, year)
        every = list(find(session, begin, parse_moment(until) if until else None))
        lines = [
            change.as_json()
            for change in every
            if wanted.portal in {None, change.report.portal} and wanted.year in {None, change.report.year}
        ]
    if jsonl:
        print_jsonl(lines)
    elif json:
        print_json(lines)
    else:
        names = ("kind", "agency", "year", "role", "between (UTC)", "and (UTC)", "report", "address")
        if lines:
            fields = ("kind", "agency", "year", "role", "between", "and", "report", "url")
            rows = ([minute(each[name]) if name in _TIMES else each[name] for name in fields] for each in lines)
            print_table(names, rows, whole=("address", "report"))
        elif every:
            note(none_left(len(every), "changes of that time", {"portal": portal, "year": year}))
        else:
            note("nothing appeared, changed, was replaced or withdrawn")


def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where the tables go.")],
    *,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="Which files: csv.")] = "csv",
    home: HomeOption = None,
    portal: PortalOption = None,
    year: YearOption = None,
    division: DivisionOption = None,
    json: JsonOption = False,
) -> None:
    """Write the tables for analysis: reports, cells, wide tables per form, checks, prose facts, agencies, divisions."""
    from archive.export import FORMATS
    from crawler.errors import UsageError

    if format_ not in FORMATS:
        raise UsageError("is no format of tables", subject=format_, advice=f"There is {', '.join(FORMATS)}")
    if directory.exists() and not directory.is_dir():
        raise UsageError("is not a directory", subject=str(directory), advice="Name another one")
    with read_index(home) as database:
        with database.session() as session:
            wanted = chosen(session, portal, year, division)
        done = FORMATS[format_](database, directory, wanted)
    if json:
        print_json({"directory": str(directory), "format": format_, "rows": done.rows, "made_up": done.made_up})
    else:
        print_table(
            ("table", "rows"), ((f"{name}.{format_}", count) for name, count in done.rows.items()), title=str(directory)
        )
    if done.made_up:
        note(f"{done.made_up} reports were not obtained from the named hosts (column origin of reports.csv)")


def _side(side: tuple[str | None, str, str] | None) -> str:
    if side is None:
        return "(not there)"
    value, status, raw = side
    return value if status == "number" and value is not None else f"{status} {raw.strip()!r}"
