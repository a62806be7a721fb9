"""``gongkai crawl``: visit portals, archive what they say, index it, say what was found."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands._output import HomeOption, JsonOption, note, print_json, print_table

if TYPE_CHECKING:
    from archive import Home
    from archive.access.captures import Captures
    from crawler.plan import Options
    from crawler.run import Outcome


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("crawl")(crawl)


def crawl(  # noqa: PLR0917 - one parameter per option
    portals: Annotated[
        list[str], typer.Argument(metavar="PORTAL...", help="Names as `gongkai portals list` shows them.")
    ],
    site: Annotated[
        list[str] | None,
        typer.Option("--site", help="Only this host's site; may be repeated, and each goes to the portal that has it."),
    ] = None,
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
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print problems and nothing else: for cron and other schedulers.")
    ] = False,
    json: JsonOption = False,
) -> int:
    """Crawl portals: find their annual reports and archive every exchange."""
    from archive import Home
    from archive.times import parse_moment
    from crawler.plan import Options

    moment = parse_moment(as_of) if as_of else None
    where = Home.at(home, create=moment is None)
    options = Options(
        home=where,
        year=year,
        sample=sample,
        full=full,
        dedupe=dedupe,
        new=new,
        as_of=moment,
        connect_to=tuple(connect_to or ()),
        pace=pace,
    )
    keys = tuple(dict.fromkeys(portals))
    outcomes = run({key: replace(options, sites=of) for key, of in sites_of(keys, site or ()).items()}, quiet=quiet)
    kept = moment is not None or all([index_home(where, quiet=quiet), push_home(where, quiet=quiet)])
    if json:
        print_json([as_json(outcome, where) for outcome in outcomes])
    print_outcomes(outcomes, where, as_of=as_of, quiet=quiet, table=not json and not quiet)
    return exit_status(outcomes) or (0 if kept else 1)


def sites_of(keys: Sequence[str], hosts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which of the sites that were named belong to which portal; none named means all of each.

    Raises:
        UsageError: a host that is a site of none of the portals, or a portal of which no site was named.
    """
    from crawler.errors import UsageError
    from crawler.portals.load import load_portal

    if len(keys) == 1:
        return {keys[0]: tuple(hosts)}
    portals = [load_portal(key) for key in keys]
    found: dict[str, tuple[str, ...]] = dict.fromkeys(keys, ())
    for host in hosts:
        owners = [portal.key for portal in portals if portal.site_of(host.lower())]
        for key in owners:
            found[key] = (*found[key], host)
        if not owners:
            raise UsageError(
                f"none of the portals {', '.join(keys)} has a site {host}", advice="`gongkai portals show` lists them"
            )
    if bare := [key for key, of in found.items() if hosts and not of]:
        raise UsageError(
            f"no --site is one of {bare[0]}'s", advice=f"Name one of its sites, or leave {bare[0]} out of this crawl"
        )
    return found


def run(plans_of: Mapping[str, Options], *, quiet: bool = False) -> list[Outcome]:
    """Run the crawls with a progress line.

    Args:
        plans_of: what is asked of each portal.
        quiet: no line.

    Raises:
        UsageError, ProfileError, HomeError, Busy: before anything is fetched.
    """
    from crawler.plan import make_plan
    from crawler.run import run_crawls
    from crawler.terminal.progress import ProgressLine

    line = ProgressLine(quiet=quiet)
    with earlier_captures(next(iter(plans_of.values()))) as prior:
        plans = [make_plan(key, options, prior=prior) for key, options in plans_of.items()]
        try:
            outcomes = run_crawls(plans, progress=line)
        finally:
            line.done()
    refused = next((outcome.error for outcome in outcomes if outcome.crawl is None and outcome.error), None)
    if refused is not None and len(outcomes) == 1:
        raise refused
    return outcomes


@contextlib.contextmanager
def earlier_captures(options: Options) -> Iterator[Captures | None]:
    """The look-up of earlier captures for conditional requests; nothing is looked up in a run on the past."""
    from archive.access.captures import Captures
    from archive.database import open_database
    from archive.storage.open import open_storage

    home = options.home
    if home is None or options.as_of is not None:
        yield None
        return
    with open_database(home) as database:
        yield Captures(database, open_storage(home))


def index_home(home: Home, *, quiet: bool = False) -> bool:
    """Index what was crawled, with progress; what cannot be indexed is named. True when all could be."""
    from archive.index.indexer import index
    from crawler.commands.index import tell_left_out
    from crawler.terminal.progress import StageLine

    line = StageLine()
    try:
        result = index(home, progress=None if quiet else line)
    finally:
        line.done()
    return tell_left_out(result) == 0


def push_home(home: Home, *, quiet: bool = False) -> bool:
    """Copy sealed files to where GONGKAI_STORAGE_URL says, if it says so; a failure is named and loses nothing."""
    import os

    from archive import ArchiveError
    from archive.storage.base import VARIABLE, without_secrets
    from archive.storage.open import push

    if not os.environ.get(VARIABLE):
        return True
    try:
        copied = len(push(home))
    except ArchiveError as error:
        note(f"gongkai: {error}")
        return False
    if not quiet:
        note(f"{copied} files copied to {without_secrets(os.environ[VARIABLE])}")
    return True


def as_json(outcome: Outcome, home: Home) -> dict[str, Any]:
    """What one crawl came to, for programs."""
    columns = []
    for column in outcome.columns:
        beside = {"family": column.family, "problems": column.problems, "counts": column.counts}
        columns.append({**column.recorded(), **beside})
    problems = list(outcome.failures)
    if outcome.error is not None:
        problems.append(str(outcome.error))
    return {
        "portal": outcome.portal,
        "crawl": outcome.crawl,
        "end": outcome.reason,
        "columns": columns,
        "problems": problems,
        "notes": outcome.summary.notes,
        "learned": outcome.learned,
        "log": str(home.crawls / outcome.crawl / "crawl.log") if outcome.crawl else None,
    }


def print_outcomes(
    outcomes: list[Outcome], home: Home, *, as_of: str | None = None, quiet: bool = False, table: bool = True
) -> None:
    """Say what was found, what failed, where the data lie and what to type next; ``quiet``: what failed alone."""
    if table:
        _print_columns(outcomes)
    for outcome in outcomes:
        if not quiet:
            _say_course(outcome, as_of)
        _say_problems(outcome)
        if outcome.crawl and as_of is None and (not quiet or outcome.failures or outcome.error):
            note(f"{outcome.portal}: log in {home.crawls / outcome.crawl / 'crawl.log'}")
    if quiet:
        return
    if as_of is not None:
        missed = sum(int(outcome.stats.get("capture/as_of_missed", 0)) for outcome in outcomes)
        note(f"As of {as_of}: {missed} addresses were not held. Nothing was written.")
    else:
        note(f"Archived in {Path(home.warc)}. Next: gongkai reports --home {home.root}")


def _print_columns(outcomes: list[Outcome]) -> None:
    rows = []
    for outcome in outcomes:
        for column in outcome.columns:
            skipped = sum(count for name, count in column.counts.items() if name.startswith("links/skip/"))
            facts = (column.url, column.family, column.found, column.stated_total)
            rows.append((outcome.portal, *facts, skipped, len(column.problems)))
    names = ("portal", "column", "family", "reports", "stated", "skipped", "problems")
    print_table(names, rows, whole=("column",))


def _say_course(outcome: Outcome, as_of: str | None) -> None:
    """What was left aside and learned, and from where the crawl went on."""
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


def _say_problems(outcome: Outcome) -> None:
    from crawler.spiders.bookkeeping.summary import shorten_problems

    for failure in shorten_problems(outcome.failures):
        note(f"{outcome.portal}: {failure}")
    if outcome.error is not None:
        note(f"{outcome.portal}: {outcome.error}")
    elif outcome.reason != "finished" and not outcome.failures:
        note(f"{outcome.portal}: did not come to its end ({outcome.reason}); the same command goes on where it stopped")


def exit_status(outcomes: list[Outcome]) -> int:
    """Exit status: 0, or 1 when something failed that the output names; an error's own when a crawl could not run."""
    for outcome in outcomes:
        if outcome.error is not None:
            return int(getattr(outcome.error, "exit_status", 1))
    return 1 if any(outcome.failures or outcome.reason != "finished" for outcome in outcomes) else 0
