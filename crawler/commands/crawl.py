"""``gongkai crawl``: visit portals, archive what they say, index it, say what was found."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands._output import HomeOption, note, print_table

if TYPE_CHECKING:
    from archive import Home
    from archive.captures import Captures
    from crawler.run import Options, Outcome


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("crawl")(crawl)


def crawl(  # noqa: PLR0917 - one parameter per option
    portals: Annotated[
        list[str], typer.Argument(metavar="PORTAL...", help="Names as `gongkai portals list` shows them.")
    ],
    site: Annotated[list[str] | None, typer.Option("--site", help="Only this host's site; may be repeated.")] = None,
    year: Annotated[int | None, typer.Option("--year", help="Only reports for this year.")] = None,
    sample: Annotated[int | None, typer.Option("--sample", help="At most N reports per column.")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Ask for everything anew, also for what has not changed.")
    ] = False,
    dedupe: Annotated[
        bool, typer.Option("--dedupe/--no-dedupe", help="Keep what did not change as a revisit, or everything whole.")
    ] = True,
    new: Annotated[
        bool, typer.Option("--new", help="Begin another crawl although an unfinished one could go on.")
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DAY", help="Run on what earlier crawls held on that day; no network."),
    ] = None,
    connect_to: Annotated[
        list[str] | None,
        typer.Option(
            "--connect-to", metavar="HOST:PORT:ADDR:PORT", help="Connect elsewhere; '*' fits any host or port."
        ),
    ] = None,
    pace: Annotated[float | None, typer.Option("--pace", help="Seconds between two requests to a site.")] = None,
    home: HomeOption = None,
) -> int:
    """Crawl portals: find their annual reports and archive every exchange."""
    from archive import Home
    from archive.moments import parse_moment
    from crawler.run import Options

    moment = parse_moment(as_of) if as_of else None
    where = Home.at(home, create=moment is None)
    options = Options(
        home=where,
        sites=tuple(site or ()),
        year=year,
        sample=sample,
        full=full,
        dedupe=dedupe,
        new=new,
        as_of=moment,
        connect_to=tuple(connect_to or ()),
        pace=pace,
    )
    outcomes = run(tuple(dict.fromkeys(portals)), options)
    if moment is None:
        index_home(where)
        push_home(where)
    report(outcomes, where, as_of=as_of)
    return status(outcomes)


def run(keys: tuple[str, ...], options: Options) -> list[Outcome]:
    """Run the crawls with a progress line.

    Raises:
        UsageError, ProfileError, HomeError, Busy: before anything is fetched.
    """
    from crawler.commands._progress import ProgressLine
    from crawler.run import make_plan, run_crawls

    line = ProgressLine()
    with earlier(options) as prior:
        plans = [make_plan(key, options, prior=prior) for key in keys]
        try:
            outcomes = run_crawls(plans, progress=line)
        finally:
            line.done()
    refused = next((outcome.error for outcome in outcomes if outcome.crawl is None and outcome.error), None)
    if refused is not None and len(outcomes) == 1:
        raise refused
    return outcomes


@contextlib.contextmanager
def earlier(options: Options) -> Iterator[Captures | None]:
    """The look-up of earlier captures for conditional requests; nothing is looked up in a run on the past."""
    from archive.captures import Captures
    from archive.database import open_database
    from archive.storage import open_storage

    home = options.home
    if home is None or options.as_of is not None:
        yield None
        return
    with open_database(home) as database:
        yield Captures(database, open_storage(home))


def index_home(home: Home) -> None:
    """Index what was crawled, with progress; what cannot be indexed is named."""
    from archive.ingest import index
    from crawler.commands._progress import StageLine

    line = StageLine()
    try:
        result = index(home, progress=line)
    finally:
        line.done()
    for name, why in result.damaged.items():
        note(f"{name} cannot be indexed: {why}")
    for problem in result.problems:
        note(problem)


def push_home(home: Home) -> None:
    """Copy sealed files to where GONGKAI_STORAGE_URL says, if it says so; a failure is named and loses nothing."""
    import os

    from archive import ArchiveError
    from archive.storage import VARIABLE, push, without_secrets

    if not os.environ.get(VARIABLE):
        return
    try:
        note(f"{len(push(home))} files copied to {without_secrets(os.environ[VARIABLE])}")
    except ArchiveError as error:
        note(f"gongkai: {error}")


def report(outcomes: list[Outcome], home: Home, *, as_of: str | None = None) -> None:
    """Say what was found, what failed, where the data lie and what to type next."""
    rows = [
        (
            outcome.portal,
            column.url,
            column.family,
            column.found,
            column.stated_total,
            sum(count for name, count in column.counts.items() if name.startswith("links/skip/")),
            len(column.problems),
        )
        for outcome in outcomes
        for column in outcome.columns
    ]
    print_table(("portal", "column", "family", "reports", "stated", "skipped", "problems"), rows)
    for outcome in outcomes:
        _say(outcome, home, as_of)
    if as_of is not None:
        missed = sum(int(outcome.stats.get("capture/as_of_missed", 0)) for outcome in outcomes)
        note(f"As of {as_of}: {missed} addresses were not held. Nothing was written.")
        return
    note(f"Archived in {Path(home.warc)}. Next: gongkai reports --home {home.root}")


def _say(outcome: Outcome, home: Home, as_of: str | None) -> None:
    from crawler.summary import shortened

    prefix = "gongkai/links/skip/"
    reasons = sorted((name.removeprefix(prefix), n) for name, n in outcome.stats.items() if name.startswith(prefix))
    if reasons:
        note(f"{outcome.portal}: skipped " + ", ".join(f"{count} {name}" for name, count in reasons))
    for lesson in outcome.learned:
        if lesson.get("patch"):
            patch = ", ".join(f"{name}: {value}" for name, value in lesson["patch"].items())
            note(f"{outcome.portal}: {lesson['kind']} at {lesson['column']}; for its profile: {patch}")
    if outcome.resumed is not None and as_of is None:
        replayed = int(outcome.stats.get("capture/replayed", 0))
        note(
            f"{outcome.portal}: went on with the crawl begun at {outcome.resumed:%Y-%m-%d %H:%M} UTC; {replayed} "
            "answers are those that it had (--new asks for everything of today)"
        )
    for line in outcome.summary.notes:
        note(f"{outcome.portal}: {line}")
    for failure in shortened(outcome.failures):
        note(f"{outcome.portal}: {failure}")
    if outcome.error is not None:
        note(f"{outcome.portal}: {outcome.error}")
    if outcome.crawl and as_of is None:
        note(f"{outcome.portal}: log in {home.crawls / outcome.crawl / 'crawl.log'}")


def status(outcomes: list[Outcome]) -> int:
    """Exit status: 0, or 1 when something failed that the output names; an error's own when a crawl could not run."""
    for outcome in outcomes:
        if outcome.error is not None:
            return int(getattr(outcome.error, "exit_status", 1))
    return 1 if any(outcome.failures or outcome.reason != "finished" for outcome in outcomes) else 0
