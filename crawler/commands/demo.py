"""``gongkai demo``: the whole chain on the bundled sample portals, with no network and in a home of its own.

It starts the sample server, crawls both provinces as ``gongkai crawl`` would, indexes, shows what was found with the
checks that fail, and says what to type next. A second run finds nothing new.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands._output import called_as, note, print_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from archive import Home
    from archive.index.indexer import IndexResult
    from archive.records.reports import ReportLine
    from crawler.run import Outcome

DEFAULT_HOME = Path("demo-data")
PACE = 0.02
_FINDINGS = 12
_FAILED = ("fail", "fail_if_blank_as_zero")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    home: Annotated[
        Path, typer.Option("--home", help="The demo's own home, apart from the real archive.")
    ] = DEFAULT_HOME,
    later: Annotated[
        bool,
        typer.Option("--later", help="Play the portals as they are some months on: figures changed, a report gone."),
    ] = False,
) -> int:
    """Crawl two bundled sample provinces, index them and show what was found. Needs no network."""
    from archive import Home
    from crawler.samples import PROVINCES, SampleServer, sample_portals

    begun = time.monotonic()
    place = Home.at(home, create=True)
    _keep_apart(place)
    browser = _browser()
    with SampleServer(sample_portals("later" if later else "first")) as server:
        note(f"Sample portals of {' and '.join(PROVINCES)} are up; crawling them into {place.root} ...")
        outcomes = _crawl(place, server.connect_to, {province: _hosts(province) for province in PROVINCES})
        note(f"The portals answered {len(server.journal)} requests. Reading what was archived ...")
    result = _index(place)
    failed = _show(place, outcomes)
    _close(place, outcomes, result, browser, time.monotonic() - begun, later=later)
    return 1 if failed or not result.ok else 0


def _keep_apart(home: Home) -> None:
    """Nothing made up may get into a real archive: neither into its files nor into its database.

    Raises:
        UsageError: the home holds captures of real portals.
    """
    from archive.ingest.importer import is_made_up
    from crawler.errors import UsageError

    if any(home.warc.glob("*.warc.gz")) and not is_made_up(home):
        raise UsageError(
            "holds captures of real portals, and the demo's are made up",
            subject=str(home.root),
            advice="Name another --home",
        )
    if os.environ.pop("GONGKAI_DATABASE_URL", None):
        note(f"GONGKAI_DATABASE_URL is left alone: the demo keeps a database of its own in {home.root}.")


def _browser() -> str | None:
    """What is missing for columns that a script draws; None when nothing is."""
    from crawler.capture.browser.chromium import find_chromium
    from crawler.errors import BrowserError

    try:
        find_chromium()
    except BrowserError as error:
        note(f"No Chromium: the one column that a script draws (鹿邑县) stays unread, the rest works. {error}")
        return str(error)
    return None


def _hosts(province: str) -> tuple[str, ...]:
    from crawler.samples import sample_portals

    return tuple(sample_portals(provinces=(province,)))


def _crawl(home: Home, connect_to: list[str], sites: dict[str, tuple[str, ...]]) -> list[Outcome]:
    """Crawl the sites that the samples play, side by side, with a line of progress."""
    from archive.access.captures import Captures
    from archive.database import open_database
    from crawler.plan import Options, make_plan
    from crawler.run import run_crawls
    from crawler.terminal.progress import ProgressLine

    line = ProgressLine(every=5.0)
    with open_database(home) as database:
        plans = [
            make_plan(
                province,
                Options(home=home, sites=hosts, connect_to=tuple(connect_to), pace=PACE),
                prior=Captures(database, home.warc),
            )
            for province, hosts in sites.items()
        ]
        try:
            outcomes = run_crawls(plans, progress=line)
        finally:
            line.done()
    for outcome in outcomes:
        if outcome.crawl is None and outcome.error is not None:
            raise outcome.error
    return outcomes


def _index(home: Home) -> IndexResult:
    from archive.index.indexer import index
    from crawler.commands.index import tell_left_out

    shown: Counter[str] = Counter()

    def progress(stage: str, done: int, of: int) -> None:
        if done == of and shown[stage] != of:
            shown[stage] = of
            note(f"  {of} {stage}")

    result = index(home, progress=progress)
    tell_left_out(result)
    return result


def _show(home: Home, outcomes: list[Outcome]) -> bool:
    """Print the reports, the checks that fail and what was not taken; true when a crawl did not finish."""
    from archive.database import open_database
    from archive.records.reports import blocked_lines, report_lines

    with open_database(home) as database, database.session() as session:
        lines = list(report_lines(session, cells=True))
        findings = _findings(session, lines)
        blocked = list(blocked_lines(session))
    _print_reports(lines, findings)
    _print_findings(lines, findings)
    _print_left_out(outcomes, blocked)
    return any(outcome.reason != "finished" or outcome.error is not None for outcome in outcomes)


def _findings(session: Session, lines: list[ReportLine]) -> dict[str, list[Any]]:
    from archive.records.details import report_checks

    found = {}
    for line in lines:
        checks = [check for check in report_checks(session, line.report) if check.outcome in _FAILED]
        found[line.report.id] = sorted(checks, key=lambda check: _SEVERITIES.index(check.severity))
    return found


_LESSONS = {"needs_browser": "needs a browser: its list is drawn by a script"}
_SEVERITIES = ("error", "warn", "info")


def _print_reports(lines: list[ReportLine], findings: dict[str, list[Any]]) -> None:
    rows = []
    for line in lines:
        report = line.report
        cells = line.cells
        numbers = sum(value is not None for value in cells.values())
        counted = Counter(check.severity for check in findings[report.id])
        failed = ", ".join(f"{count} {severity}" for severity, count in sorted(counted.items()))
        words = [report.status] if report.status != "ok" else []
        if report.changed:
            words.append("changed")
        rows.append(
            (
                line.agency.name,
                report.year,
                report.template,
                f"{numbers}/{len(cells)}",
                _number(cells.get("req_new__total")),
                _number(cells.get("req_granted__total")),
                # The form of 2019 asks for the documents that were made public, that of 2021 for those in force.
                _number(cells.get("normdocs_in_force", cells.get("normdocs_public_total"))),
                failed,
                " ".join(words),
            )
        )
    columns = ("agency", "year", "form", "numbers", "requests", "granted", "documents", "failed checks", "note")
    title = f"{len(lines)} reports (figures are read from the archived pages; blank is not zero)"
    print_table(columns, rows, title=title)


def _print_findings(lines: list[ReportLine], findings: dict[str, list[Any]]) -> None:
    names = {line.report.id: f"{line.agency.name} {line.report.year}" for line in lines}
    found = [(names[report], check) for report, checks in findings.items() for check in checks]
    found.sort(key=lambda pair: _SEVERITIES.index(pair[1].severity))
    rows = []
    for name, check in found[:_FINDINGS]:
        meaning = "fails if a blank counts as zero" if check.outcome == "fail_if_blank_as_zero" else ""
        rows.append((name, check.rule, check.target, _number(check.lhs), _number(check.rhs), check.severity, meaning))
    if rows:
        title = f"Checks that fail: {len(found)}"
        if len(found) > len(rows):
            title += f", the first {len(rows)}"
        print_table(("report", "rule", "target", "left", "right", "severity", "meaning"), rows, title=title)


def _print_left_out(outcomes: list[Outcome], blocked: list[dict[str, Any]]) -> None:
    skipped: Counter[str] = Counter()
    for outcome in outcomes:
        for column in outcome.columns:
            for name, count in column.counts.items():
                if name.startswith("links/skip/"):
                    skipped[name.removeprefix("links/skip/")] += count
    rows = [("look-alike or other page, not taken", reason, str(count)) for reason, count in skipped.most_common()]
    rows += [("answered by a protection product", line["blocked_by"], line["url"]) for line in blocked]
    rows += [("said by the crawl", outcome.portal, failure) for outcome in outcomes for failure in outcome.failures]
    if rows:
        print_table(("left out", "reason", "how many or where"), rows, title="What was not taken, and why")


def _close(
    home: Home, outcomes: list[Outcome], result: IndexResult, browser: str | None, seconds: float, *, later: bool
) -> None:
    """Where everything lies and what to try next."""
    from rich.cells import cell_len

    from archive.database import shown_url

    gongkai = called_as()
    root = home.root
    note(
        f"{result.captures} captures, {result.versions} new versions, {result.readings} readings "
        f"in {seconds:.0f} s. Every capture is marked as not obtained from the named host."
    )
    if not result.versions:
        note("Nothing had changed since the last run: no version and no figure was added.")
    for outcome in outcomes:
        for lesson in outcome.learned:
            meaning = _LESSONS.get(str(lesson.get("kind")), str(lesson.get("kind")))
            note(f"{outcome.portal}: learned that {lesson.get('column')} {meaning}")
    if browser is not None:
        note(f"The column of 鹿邑县 was not read: {browser}")
    note(f"\nWARC files: {home.warc}    database: {shown_url(home.database_url)}    logs: {home.crawls}")
    page = "https://www.zhenping.gov.cn/2024/01-29/1152218.html"
    following = {
        f"show --home {root} 鹿邑县人民政府 2019": "one report: every figure, where it was read from, its checks",
        f"checks --home {root}": "every finding; a reviewer can confirm or dismiss it",
        f"captures --home {root} {page}": "captures of an address",
        f"export --home {root} demo-export --format csv": "the tables for analysis",
    }
    if not later:
        following[f"demo --home {root} --later"] = "the portals some months on: what changed is kept"
    note("Try next:")
    width = max(map(cell_len, following))
    for command, meaning in following.items():
        gap = " " * (width - cell_len(command))
        note(f"  {gongkai} {command}{gap}   {meaning}")


def _number(value: Any) -> str:
    from parsers import decimal_text

    return decimal_text(value) or ""
