"""Shared by the commands: options that many take, tables for people, JSON for programs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from archive.records import Filter

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The archive's directory (default: $GONGKAI_HOME, else ./data).", show_default=False),
]
PortalOption = Annotated[str | None, typer.Option("--portal", help="Only this portal.")]
YearOption = Annotated[int | None, typer.Option("--year", min=1990, max=2200, help="Only this report year.")]
DivisionOption = Annotated[
    str | None, typer.Option("--division", metavar="CODE", help="Only this division and those within it.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
_PLACES = ("sheet", "cell", "page", "table", "row", "column", "paragraph", "line")
_ENDLESS = 100_000  # columns of a table that no terminal shows
# Control characters of ASCII and Latin-1, and those that turn the direction of writing around (Unicode TR 9).
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
JsonlOption = Annotated[bool, typer.Option("--jsonl", help="Print one JSON object per line.")]


def chosen(
    session: Session,
    portal: str | None = None,
    year: int | None = None,
    division: str | None = None,
    words: str | None = None,
) -> Filter:
    """Which reports are meant.

    Raises:
        UsageError: a portal that nobody knows, or no division code: an empty answer would be taken for a finding.
    """
    from archive.records import Filter, has_portal
    from crawler._errors import UsageError
    from crawler.portals import load_portal

    if portal is not None and not has_portal(session, portal):
        load_portal(portal)
        note(f"no crawl of {portal} is in this archive")
    if division is not None and not (division.isascii() and division.isdigit() and 2 <= len(division) <= 9):
        raise UsageError(
            f"{division!r} is no division", subject="--division", advice="Write a code, such as 41 or 410825"
        )
    return Filter(portal, year, division, words)


def plain(text: str) -> str:
    """A text whose control characters are shown, not sent: text of strangers must not command a terminal."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def print_json(value: Any) -> None:
    """One JSON document on stdout, UTF-8; control characters are escaped as JSON allows."""
    _write(_json(value, indent=1) + "\n")


def print_jsonl(values: Iterable[Any]) -> None:
    """One JSON object per line on stdout, as `print_json`."""
    for value in values:
        _write(_json(value) + "\n")


def _json(value: Any, indent: int | None = None) -> str:
    # line feeds between the lines of the document itself are no control characters here
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """A table for people on stdout; None is shown as nothing, wide characters count double.

    On a terminal long cells go on in the next line; anywhere else every row is one line. Nothing is ever cut off.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(columns))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if value is None else plain(str(value))) for value in row))
    terminal = sys.stdout.isatty()
    console = Console(file=sys.stdout, highlight=False, width=None if terminal else _ENDLESS)
    with console.capture() as drawn:
        console.print(table)
    lines = [line.rstrip() for line in drawn.get().splitlines()]
    print_lines(*([title] if title else []), *lines)


def print_lines(*lines: str) -> None:
    """Lines for people on stdout."""
    print("\n".join(map(plain, lines)), flush=True)  # noqa: T201


def where(locator: Mapping[str, Any]) -> str:
    """A locator in one line, for people: its kind, then its fields."""
    named = [f"{name} {value}" for name, value in locator.items() if name != "kind" and not isinstance(value, Mapping)]
    inner = [f"{name} ({where(value)})" for name, value in locator.items() if isinstance(value, Mapping)]
    return f"{locator.get('kind', '')}: {', '.join([*named, *inner])}"


def cell_of(locator: Mapping[str, Any]) -> str:
    """Where a figure stands, short enough for a column: table and cell, page, line."""
    inner = locator.get("in")
    if isinstance(inner, Mapping):
        return cell_of(inner)
    parts = [f"{name} {locator[name]}" for name in _PLACES if locator.get(name) is not None]
    return ", ".join(parts)


def called_as() -> str:
    """How the person at the terminal can call us again: by name, or by the path that was used."""
    import shutil

    used = Path(sys.argv[0])
    if shutil.which("gongkai") or used.name != "gongkai":
        return "gongkai"
    return str(used.relative_to(Path.cwd()) if used.is_relative_to(Path.cwd()) else used)


def note(message: str) -> None:
    """One line for the person at the terminal, on stderr."""
    print(plain(message), file=sys.stderr, flush=True)  # noqa: T201


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.flush()


def said_of(finding: dict[str, Any]) -> str | None:
    """The verdict on a finding in a few words, or the one that has to be given again."""

    def words(verdict: dict[str, Any]) -> str:
        note = f": {verdict['note']}" if verdict["note"] else ""
        return f"{verdict['decision']} ({verdict['who']}){note}"

    if finding["verdict"]:
        return words(finding["verdict"])
    return f"ask again; was {words(finding['before'])}" if finding["before"] else None
