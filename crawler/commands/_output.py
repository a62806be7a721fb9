"""Shared by the commands: options that many take, tables for people, JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.terminal.streams import CONTROL, columns, fitted, note, plain, say, send

__all__ = [
    "DivisionOption",
    "HomeOption",
    "JsonOption",
    "JsonlOption",
    "LimitOption",
    "PortalOption",
    "YearOption",
    "called_as",
    "cell_of",
    "chosen",
    "in_chinese",
    "minute",
    "none_left",
    "note",
    "plain",
    "print_facts",
    "print_json",
    "print_json_list",
    "print_jsonl",
    "print_lines",
    "print_prose",
    "print_table",
    "said_of",
    "send",
    "state_of",
    "where",
]

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from archive.records.reports import Filter, ReportLine

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
JsonlOption = Annotated[bool, typer.Option("--jsonl", help="Print one JSON object per line.")]


LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")]


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
    from archive.records.reports import Filter, has_portal
    from crawler.errors import UsageError
    from crawler.portals.load import load_portal

    if portal is not None and not has_portal(session, portal):
        load_portal(portal)
        note(f"no crawl of {portal} is in this archive")
    if division is not None and not (division.isascii() and division.isdigit() and 2 <= len(division) <= 9):
        raise UsageError(
            f"{division!r} is no division", subject="--division", advice="Write a code, such as 41 or 410825"
        )
    return Filter(portal, year, division, words)


def none_left(total: int, what: str, given: Mapping[str, object]) -> str:
    """What to say where nothing is listed: the options that left none of ``total``, or how to see what there is.

    Args:
        total: how many there are without the options.
        what: they are, in the plural.
        given: values of the options, by name without dashes; None for one that was not given.
    """
    options = " ".join(f"--{name} {value}" for name, value in given.items() if value is not None)
    if not total or not options:
        return f"no {what}; `gongkai status` says what the archive holds"
    return f"none of the {total} {what} in this archive is left by {options}"


def print_json(value: Any) -> None:
    """One JSON document on stdout, UTF-8; control characters are escaped as JSON allows."""
    send(_json(value, indent=1) + "\n")


def print_json_list(values: Iterable[Any]) -> None:
    """As `print_json` of a list, value by value as they come: whatever their number, one is in memory."""
    begun = False
    for value in values:
        written = _json(value, indent=1).replace("\n", "\n ")
        if not send(f",\n {written}" if begun else f"[\n {written}"):
            return
        begun = True
    send("\n]\n" if begun else "[]\n")


def print_jsonl(values: Iterable[Any]) -> None:
    """One JSON object per line on stdout, as `print_json`; no further ones when nobody reads them."""
    for value in values:
        if not send(_json(value) + "\n"):
            return


def _json(value: Any, indent: int | None = None) -> str:
    # line feeds between the lines of the document itself are no control characters here
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def print_table(
    names: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None, whole: Sequence[str] = ()
) -> None:
    """A table for people on stdout; None is shown as nothing, wide characters count double, nothing is ever cut off.

    Off a terminal every row is one line. On one that is too narrow a row goes on below itself (`_tables.table_lines`).

    Args:
        names: of the columns.
        rows: their values.
        title: a line above.
        whole: columns of what people copy: never folded.
    """
    from crawler.terminal.tables import table_lines

    lines = table_lines(names, list(rows), width=columns(sys.stdout), whole=whole)
    say("\n".join([*([plain(title), ""] if title else []), *lines, "", ""]))


def print_facts(facts: Iterable[tuple[str, Any]]) -> None:
    """Names with their values, one below the other, on stdout; what has no value is left out."""
    from crawler.terminal.tables import fact_lines

    lines = fact_lines([fact for fact in facts if fact[1] is not None], width=columns(sys.stdout))
    say("\n".join([*lines, "", ""]))


def print_prose(*lines: str) -> None:
    """Sentences for people on stdout; a terminal gets them folded between words."""
    say("".join(f"{fitted(line, sys.stdout)}\n" for line in lines))


def print_lines(*lines: str) -> None:
    """Lines for people on stdout."""
    say("\n".join([*map(plain, lines), ""]))


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


def minute(moment: str | None) -> str | None:
    """A time as it stands in tables for people: to the minute; JSON has it to the microsecond."""
    return f"{moment[:10]} {moment[11:16]}" if moment else None


def in_chinese() -> bool:
    """Whether the person at the terminal reads Chinese, by the locale."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next(filter(None, named), "").startswith("zh")


def state_of(line: ReportLine) -> str:
    """How a report stands, in a few words."""
    changed = ["changed"] if line.report.changed else []
    return " ".join([line.report.status, *changed, *(["(made up)"] if line.made_up else [])])


def called_as() -> str:
    """How the person at the terminal can call us again: by name, or by the path that was used."""
    import shutil

    used = Path(sys.argv[0])
    if shutil.which("gongkai") or used.name != "gongkai":
        return "gongkai"
    return str(used.relative_to(Path.cwd()) if used.is_relative_to(Path.cwd()) else used)


def said_of(finding: dict[str, Any]) -> str | None:
    """The verdict on a finding in a few words, or the one that has to be given again."""

    def words(verdict: dict[str, Any]) -> str:
        note = f": {verdict['note']}" if verdict["note"] else ""
        return f"{verdict['decision']} ({verdict['who']}){note}"

    if finding["verdict"]:
        return words(finding["verdict"])
    return f"ask again; was {words(finding['before'])}" if finding["before"] else None
