"""``gongkai captures``: what was captured of an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
    HomeOption,
    JsonlOption,
    JsonOption,
    LimitOption,
    note,
    print_json,
    print_jsonl,
    print_table,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("captures")(captures)


def captures(
    url: Annotated[str, typer.Argument(metavar="URL", help="An address, or a host name with --match host.")],
    *,
    home: HomeOption = None,
    match: Annotated[
        Literal["exact", "prefix", "host", "domain"], typer.Option("--match", help="How much must agree.")
    ] = "exact",
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="Not before.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Not after.")] = None,
    limit: LimitOption = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="CAPTURE", help="Only what comes behind this capture in the list.")
    ] = None,
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
        begin = parse_moment(since, end=False) if since else None
        end = parse_moment(until) if until else None
        found = Captures(database, open_storage(place)).list(
            url, match=match, since=begin, until=end, limit=limit, after=after
        )
    lines = [line.as_json() for line in found]
    if jsonl:
        print_jsonl(lines)
    elif json:
        print_json(lines)
    else:
        _print_captures(lines, with_address=match != "exact")
        if any(line["made_up"] for line in lines):
            note(f"made up: {MADE_UP}")
    if limit is not None and len(lines) == limit:
        note(f"there may be more: --after {lines[-1]['capture']}")
    if lines:
        return 0
    if since or until:
        note(f"gongkai: {url}: was not captured in that time; leave out --since and --until")
    else:
        note(f"gongkai: {url}: was never captured; try --match prefix or --match host")
    return 1


def _print_captures(lines: Sequence[dict[str, Any]], *, with_address: bool) -> None:
    """A table of captures; the address stands in it where they may be of several."""
    names = ["when (UTC)", "kind", "status", "type", "judged", "capture"]
    if with_address:
        names.append("address")
    rows = []
    for line in lines:
        judged = line["judgement"]
        if judged != "ok":
            judged = f"{judged} ({line['signature']})"
        row = [line["captured_at"], line["kind"], line["status"], line["media_type"], judged, line["capture"]]
        if with_address:
            row.append(line["url"])
        rows.append(row)
    if rows:
        print_table(names, rows, whole=("address", "capture"))
