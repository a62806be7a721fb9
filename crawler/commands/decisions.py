"""Commands by which people correct what was read: correct, merge. Each decision is archived before it takes effect."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.commands._output import HomeOption, JsonOption, note, print_json

WhoOption = Annotated[str | None, typer.Option("--who", help="Who decides (default: $GONGKAI_OPERATOR, else you).")]
NoteOption = Annotated[str | None, typer.Option("--note", help="Why.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("correct")(correct)
    app.command("merge")(merge)


def correct(
    capture: Annotated[
        str, typer.Argument(metavar="CAPTURE", help="First capture of a version (`gongkai history --json`).")
    ],
    *,
    home: HomeOption = None,
    year: Annotated[int | None, typer.Option("--year", min=1990, max=2200, help="Its report year.")] = None,
    agency: Annotated[str | None, typer.Option("--agency", metavar="ID", help="Whose report it is.")] = None,
    series: Annotated[str | None, typer.Option("--series", help="Its series, where a body publishes several.")] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="It is no annual report.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take an earlier correction back.")] = False,
    who: WhoOption = None,
    reason: NoteOption = None,
    json: JsonOption = False,
) -> None:
    """Say of a capture whose report it is, of which year, or that it is none; rebuilds and new parsers keep to it."""
    from archive.decisions import classify
    from archive.home import Home

    if not undo and year is None and agency is None and series is None and not no_report:
        raise typer.BadParameter("say what is right: --year, --agency, --series, --no-report or --undo")
    if (undo or no_report) and (year is not None or agency is not None or series is not None or (undo and no_report)):
        raise typer.BadParameter("--undo and --no-report each stand alone")
    place = Home.at(home)
    outcome = "not_a_report" if no_report else "report"
    facts = {} if undo else {"outcome": outcome, "year": year, "series": series}
    act = classify(place, capture, facts, agency=agency, who=who, note=reason)
    _say(act.id, f"{act.who}: {act.decision} {capture} (archived in {act.warc_file})", json=json)


def merge(
    agency: Annotated[str, typer.Argument(metavar="AGENCY", help="Id of the agency that is another.")],
    into: Annotated[
        str | None, typer.Argument(metavar="[INTO]", help="Id of that other; left out with --undo.")
    ] = None,
    *,
    home: HomeOption = None,
    undo: Annotated[bool, typer.Option("--undo", help="They are two after all.")] = False,
    who: WhoOption = None,
    reason: NoteOption = None,
    json: JsonOption = False,
) -> None:
    """Say that two agencies are one: the reports of the first become reports of the second."""
    from archive.decisions import merge as keep
    from archive.home import Home

    if undo == (into is not None):
        raise typer.BadParameter("name the other agency, or --undo")
    act = keep(Home.at(home), agency, into, who=who, note=reason)
    _say(act.id, f"{act.who}: {act.decision} {agency} (archived in {act.warc_file})", json=json)


def _say(act: str, text: str, *, json: bool) -> None:
    if json:
        print_json({"act": act})
    else:
        note(text)
