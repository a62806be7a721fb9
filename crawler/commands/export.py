"""``gongkai export``: the tables for analysis, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
    DivisionOption,
    HomeOption,
    JsonOption,
    PortalOption,
    YearOption,
    chosen,
    note,
    print_json,
    print_table,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


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
        note(f"{done.made_up} reports were not obtained from the named hosts (column origin of reports.{format_})")
