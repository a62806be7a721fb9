"""How reports changed: ``gongkai history``, ``diff`` and ``changes``."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
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
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from archive.records.changes import Change
    from archive.records.history import VersionLine
    from archive.records.reports import Filter

_TIMES = ("first_seen", "last_seen", "between", "and")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("history")(history)
    app.command("diff")(diff)
    app.command("changes")(changes)


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
    print_table(names, _rows(lines, fields), whole=("address", "version"))
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
        facts = [(name, before, after) for name, (before, after) in found.facts.items()]
        print_table(("fact", "before", "after"), facts)
    if found.cells:
        figures = [(change.code, _side(change.before), _side(change.after)) for change in found.cells]
        print_table(("figure", "before", "after"), figures)
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

    # Two ways to part the words that mean the same two versions are one way.
    found: dict[tuple[str, str], tuple[VersionLine, VersionLine]] = {}
    for at in range(1, len(words)):
        with contextlib.suppress(NotFound):
            one, other = parted(at)
            found[one.version.id, other.version.id] = one, other
    if len(found) > 1:
        raise UsageError(
            "can be parted into two reports in several ways", subject=" ".join(words), advice="Put each into quotes"
        )
    if not found:
        # Parted in the middle, as most people mean it: what is raised names the side that nobody knows.
        return parted(len(words) // 2)
    (two,) = found.values()
    return two


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
        lines = [change.as_json() for change in every if _is_wanted(change, wanted)]
    if jsonl:
        print_jsonl(lines)
    elif json:
        print_json(lines)
    else:
        names = ("kind", "agency", "year", "role", "between (UTC)", "and (UTC)", "report", "address")
        if lines:
            fields = ("kind", "agency", "year", "role", "between", "and", "report", "url")
            print_table(names, _rows(lines, fields), whole=("address", "report"))
        elif every:
            note(none_left(len(every), "changes of that time", {"portal": portal, "year": year}))
        else:
            note("nothing appeared, changed, was replaced or withdrawn")


def _is_wanted(change: Change, wanted: Filter) -> bool:
    report = change.report
    return wanted.portal in {None, report.portal} and wanted.year in {None, report.year}


def _rows(lines: Sequence[dict[str, Any]], fields: Sequence[str]) -> list[list[Any]]:
    """The fields of each line as people read them: times to the minute."""

    def shown(line: dict[str, Any], name: str) -> Any:
        return minute(line[name]) if name in _TIMES else line[name]

    return [[shown(line, name) for name in fields] for line in lines]


def _side(side: tuple[str | None, str, str] | None) -> str:
    """A figure before or after: its number, or why there is none, with what was printed."""
    if side is None:
        return "(not there)"
    value, status, raw = side
    if status == "number" and value is not None:
        return value
    return f"{status} {raw.strip()!r}"
