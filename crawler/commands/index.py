"""Commands on the database as a whole: index, status, coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
    HomeOption,
    JsonOption,
    PortalOption,
    chosen,
    note,
    print_json,
    print_lines,
    print_table,
)

if TYPE_CHECKING:
    from archive.index.indexer import IndexResult

_NAMED = 20
"""So many records that are left out are named; a file of another maker may hold nothing else."""


_NAMED_MISSING = 100
"""So many missing reports are named in a terminal."""


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("index")(index)
    app.command("coverage")(coverage)
    app.command("status")(status)


def index(
    *,
    home: HomeOption = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the database anew; the one before is read until then.")
    ] = False,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, help="How many read at once (default: one per processor).")
    ] = None,
    json: JsonOption = False,
) -> int:
    """Read sealed WARC files into the database: captures, readings, reports, checks. May be interrupted."""
    from archive.home import Home
    from archive.index.indexer import index as run
    from crawler.terminal.progress import StageLine

    progress = StageLine()
    try:
        done = run(
            Home.at(home),
            rebuild=rebuild,
            progress=progress,
            processes=processes,
            waiting=lambda: note("another gongkai is writing to the database; waiting for it"),
        )
    finally:
        progress.done()
    if json:
        print_json(
            {
                "files": done.files,
                "captures": done.captures,
                "versions": done.versions,
                "readings": done.readings,
                "checks": done.checks,
                "damaged": done.damaged,
                "problems": done.problems,
                "not_understood": len(done.left_out),
                "left_out": [one.as_json() for one in done.left_out],
            }
        )
    else:
        for name, count in (("files", done.files), ("captures", done.captures), ("versions", done.versions)):
            print_lines(f"new {name}: {count}")
        print_lines(f"new readings: {done.readings}")
    return tell_left_out(done)


def tell_left_out(done: IndexResult) -> int:
    """Name on stderr what is not in the index; the exit status."""
    for name, reason in done.damaged.items():
        note(f"gongkai: left out {name}: {reason}")
    for problem in done.problems:
        note(f"gongkai: not read: {problem}")
    for one in done.left_out[:_NAMED]:
        note(f"gongkai: left out {one}")
    if len(done.left_out) > _NAMED:
        note(f"gongkai: left out {len(done.left_out) - _NAMED} records more; `gongkai status --json` names all")
    return 0 if done.ok else 1


def coverage(
    *,
    home: HomeOption = None,
    portal: PortalOption = None,
    at: Annotated[
        str | None, typer.Option("--date", metavar="DAY", help="As it stood that day (default: today).")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Expected reports against what was captured, blocked, failed or absent, per portal and year, at a date."""
    from datetime import datetime

    from archive.records.coverage import coverage as find
    from archive.times import CHINA, parse_moment

    day = (parse_moment(at).astimezone(CHINA) if at else datetime.now(CHINA)).date()
    with read_index(home) as database, database.session() as session:
        found = find(session, day, chosen(session, portal).portal)
    if json:
        print_json(found.as_json())
        return
    columns = ("portal", "year", "expected", "captured", "withdrawn", "blocked", "failed", "absent")
    print_table(columns, ([line.as_json()[name] for name in columns] for line in found.lines), title=f"on {found.date}")
    missing = found.missing[:_NAMED_MISSING]
    if missing:
        rows = ((one.portal, one.year, one.agency, one.state, one.reason, one.url) for one in missing)
        print_table(("portal", "year", "agency", "state", "why", "address"), rows, title="Missing")
    if len(found.missing) > len(missing):
        note(f"{len(found.missing) - len(missing)} more are missing; --json names all, --portal those of one")
    lists = [column for column in found.columns if column.outcome != "read"]
    if lists:
        came = ((one.portal, one.url, one.outcome, one.blocked_by or one.problem) for one in lists)
        print_table(("portal", "list", "came to", "why"), came, title="Lists that were not read whole")
    for name, reasons in found.skipped.items():
        note(f"{name}: links left aside: " + ", ".join(f"{reason} {count}" for reason, count in reasons.items()))


def status(home: HomeOption = None, json: JsonOption = False) -> int:
    """What the archive holds: files, crawls, captures by judgement, reports, findings; and what is left to do."""
    from archive.home import Home
    from archive.status import overview

    place = Home.at(home)
    found = overview(place)
    ended = int(found["rebuilding"] or bool(found["damaged"]))
    if json:
        print_json(found)
        return ended
    print_table(("what", "how many"), found["counts"].items(), title=str(place.root))
    print_table(
        ("crawl", "portal", "started", "end", "captures", "problems", "made up"),
        (
            (
                row["crawl"],
                row["portal"],
                row["started_at"],
                row["end"],
                row["captures"],
                len(row["problems"]),
                "yes" if row["made_up"] else "",
            )
            for row in found["crawls"]
        ),
    )
    for problem in _last_problems(found["crawls"]):
        note(problem)
    for line in found["to_do"]:
        note(line)
    return ended


def _last_problems(crawls: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What went wrong in the last crawl of each portal that ended; ``--json`` has those of all."""
    from crawler.spiders.bookkeeping.summary import shorten_problems

    told: set[str] = set()
    for row in crawls:
        if row["end"] == "not ended" or row["portal"] in told:
            continue
        told.add(row["portal"])
        for problem in shorten_problems(row["problems"]):
            yield f"{row['portal']}: {problem}"
