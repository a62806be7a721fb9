"""``gongkai portals``: what is known of the portals, whether it still fits, and drafts for new ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from crawler.commands._output import HomeOption, JsonOption, note, print_json, print_lines, print_prose, print_table

if TYPE_CHECKING:
    from crawler.run import Outcome
    from crawler.spiders.bookkeeping.summary import ColumnResult

ConnectOption = Annotated[
    list[str] | None,
    typer.Option("--connect-to", metavar="HOST:PORT:ADDR:PORT", help="Connect elsewhere; '*' fits any host or port."),
]
PaceOption = Annotated[float | None, typer.Option("--pace", help="Seconds between two requests to a site.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Portal profiles: list, show, check, new, docs, fields.")
    group.command("list")(list_portals)
    group.command("show")(show)
    group.command("check")(check)
    group.command("new")(new)
    group.command("docs")(docs)
    group.command("fields")(fields)
    app.add_typer(group, name="portals")


def list_portals(json: JsonOption = False) -> None:
    """Show all portals with their sites and columns."""
    from crawler.portals.load import load_portals

    portals = load_portals()
    lines = []
    rows = []
    for portal in portals:
        profile = portal.profile
        hosts = [site.host for site in profile.sites]
        columns = sum(len(site.columns) for site in profile.sites)
        lines.append(
            {"portal": portal.key, "name": profile.name, "code": profile.code, "sites": hosts, "columns": columns}
        )
        rows.append((portal.key, profile.name, profile.code, len(hosts), columns, profile.sites[0].cms))
    if json:
        print_json(lines)
    else:
        print_table(("portal", "name", "code", "sites", "columns", "family"), rows)


def show(
    portal: Annotated[str, typer.Argument(help="Name of a portal.")],
    json: JsonOption = False,
) -> None:
    """Show one portal: its sites, columns, and how sure we are of each."""
    from crawler.portals.load import load_portal

    found = load_portal(portal)
    if json:
        print_json({"portal": found.key, "digest": found.digest, **found.profile.model_dump(mode="json")})
        return
    rows: list[tuple[str | None, ...]] = []
    for site in found.profile.sites:
        place = site.place or found.profile.name
        for column in site.columns or (None,):
            url = column.url if column else None
            facts = (column.lists, column.render, column.confidence) if column else (None, None, None)
            rows.append((place, site.host, url, site.cms, *facts))
    print_table(
        ("place", "site", "column", "family", "lists", "render", "confidence"),
        rows,
        title=f"{found.key}: {found.profile.name}",
        whole=("column", "site"),
    )
    for line in found.profile.notes:
        print_prose(f"- {line}")


def check(  # noqa: PLR0917 - one parameter per option
    portal: Annotated[str, typer.Argument(help="Name of a portal.")],
    site: Annotated[list[str] | None, typer.Option("--site", help="Only this host's site; may be repeated.")] = None,
    connect_to: ConnectOption = None,
    pace: PaceOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Visit a portal with a handful of requests: what fits its profile, what moved, what is blocked."""
    from archive import Home
    from crawler.plan import Options, plan_for
    from crawler.portals.load import load_portal

    options = Options(
        home=Home.at(home, create=True),
        sites=tuple(site or ()),
        sample=1,
        new=True,
        connect_to=tuple(connect_to or ()),
        pace=pace,
        check=True,
    )
    outcome = _visit(plan_for(load_portal(portal), options))
    findings = [_finding(column, outcome) for column in outcome.columns]
    if json:
        print_json(findings)
    else:
        fields = ("column", "verdict", "family", "why", "reports")
        rows = [[item[name] for name in fields] for item in findings]
        print_table((*fields[:-1], "reports seen"), rows, whole=("column",))
        for item in findings:
            for name, value in (item["patch"] or {}).items():
                print_lines(f"{portal}.yaml, {item['column']}: {name}: {value}")
    return 0 if all(item["verdict"] in {"fits", "fits with the browser"} for item in findings) else 1


def new(
    url: Annotated[str, typer.Argument(metavar="URL", help="Home page or annual-report column of an unknown site.")],
    connect_to: ConnectOption = None,
    pace: PaceOption = None,
    home: HomeOption = None,
) -> int:
    """Draft a profile for a site: visit it, find its columns and family, print the lines for config/portals."""
    from archive import Home
    from crawler.plan import Options, plan_for
    from crawler.portals.load import Portal, parse_profile

    text = starting_profile(url)
    portal = Portal("new", parse_profile(text, url), text)
    options = Options(
        home=Home.at(home, create=True), sample=1, new=True, connect_to=tuple(connect_to or ()), pace=pace, check=True
    )
    outcome = _visit(plan_for(portal, options))
    for line in draft_profile(url, outcome):
        print_lines(line)
    found = any(column.found or column.counts.get("reports/asked") for column in outcome.columns)
    if not found:
        problems = [problem for column in outcome.columns for problem in column.problems]
        for problem in dict.fromkeys(problems):  # several columns may say the same
            note(problem)
        note("No annual report was found from there. Name the column itself if you know it: gongkai portals new URL")
    return 0 if found else 1


def docs(
    directory: Annotated[Path, typer.Argument(help="Where the pages go.")] = Path("docs/portals"),
) -> None:
    """Write the page of documentation of every portal from its profile."""
    from crawler.portals.docs import write_pages

    for path in write_pages(directory):
        note(str(path))


def fields(json: JsonOption = False) -> None:
    """Say what each field of a profile means, for those who write one."""
    from crawler.portals.docs import profile_fields

    rows = profile_fields()
    if json:
        print_json([dict(zip(("of", "field", "meaning"), row, strict=True)) for row in rows])
    else:
        print_table(("of", "field", "meaning"), rows)


def starting_profile(url: str) -> str:
    """A profile that knows a site's address and nothing else.

    Raises:
        UsageError: no address of a web page.
    """
    import json

    from crawler.errors import OutOfScope, UsageError
    from crawler.scope import origin_of

    try:
        origin = origin_of(url)
    except OutOfScope as error:
        advice = "Write it with http:// or https:// in front"
        raise UsageError("is no full address", subject=url, advice=advice) from error
    parts = urlsplit(url)
    # What JSON writes is a quoted string in YAML too.
    host = json.dumps(origin.host)
    home = json.dumps(f"{origin}/")
    below = " []"
    if parts.path not in {"", "/"} or parts.query:
        below = f"\n      - url: {json.dumps(url)}\n        confidence: inferred"
    return f"name: {host}\ncode: null\nsites:\n  - host: {host}\n    home: {home}\n    columns:{below}\n"


def draft_profile(url: str, outcome: Outcome) -> list[str]:
    """The lines of a profile for what a first visit found."""
    lines = [
        "# Under `sites:` of its province in config/portals; check it with `gongkai portals check`.",
        f"  - host: {urlsplit(url).hostname or ''}",
        *_draft_identity(outcome),
    ]
    family = next((column.family for column in outcome.columns if column.family), None)
    why = next((column.family_reason for column in outcome.columns if column.family_reason), None)
    lines.append(f"    cms: {family or 'auto'}" + (f"  # {why}" if why else ""))
    columns = _columns_seen(outcome)
    lines.append("    columns:" if columns else "    columns: []")
    browser = {fact["column"] for fact in outcome.learned if fact["kind"] == "needs_browser"}
    for column in columns:
        lines += [f'      - url: "{column}"', "        lists: mixed"]
        if column in browser:
            lines.append("        render: always")
        lines.append("        confidence: confirmed")
    return lines


def _draft_identity(outcome: Outcome) -> list[str]:
    """Whose site it is, as far as its own tags and print say."""
    facts = next((fact for fact in outcome.learned if fact["kind"] == "site"), {})
    code = str(facts.get("code", ""))[:6]  # ten digits, of which the first six are the division's
    place = _place(code)
    if place:
        lines = [f"    place: {place}  # the site calls itself {facts.get('name')}"]
    else:
        name = facts.get("name") or "''"
        lines = [f"    place: {name}  # write whose site it is, as the division is called"]
    if len(code) == 6 and code.isdecimal():
        lines.append(f'    division: "{code}"  # from its site identification code')
    return lines


def _columns_seen(outcome: Outcome) -> list[str]:
    """Columns under which reports were asked for: the one that was named, then those that were found."""
    found = [fact["patch"]["url"] for fact in outcome.learned if fact["kind"] == "column_found"]
    named = []
    for column in outcome.columns:
        is_home = urlsplit(column.url).path in {"", "/"}
        if column.counts.get("reports/asked") and not is_home:
            named.append(column.url)
    own = [url for url in named if url not in found]
    return list(dict.fromkeys([*own, *found]))


def _place(code: str) -> str:
    """Whose site it is, by its code: the prefecture and the county, as profiles write it; empty where unknown."""
    from parsers.identity.divisions import load

    division = load().get(code) if len(code) == 6 and code.isdecimal() else None
    if division is None:
        return ""
    above = [step.name for step in load().ancestors(code) if step.level == "prefecture"]
    return "".join([*above, division.name])


def _visit(plan: Any) -> Outcome:
    from crawler.run import run_crawls
    from crawler.terminal.progress import ProgressLine

    line = ProgressLine()
    try:
        (outcome,) = run_crawls([plan], progress=line)
    finally:
        line.done()
    if outcome.error is not None:
        raise outcome.error
    return outcome


# What the column's own page came to decides: guesses at its pages that are missing say nothing of an empty list.
_NOTHING = {"unanswered": "no answer", "refused": "no answer", "missing": "missing"}
_LOST = ("failed", "refused")


def _finding(column: ColumnResult, outcome: Outcome) -> dict[str, Any]:
    lessons = [fact for fact in outcome.learned if fact.get("column") == column.url and fact.get("patch")]
    kinds = {fact["kind"] for fact in lessons}
    blocked = next((name.partition("/")[2] for name in column.counts if name.startswith("blocked/")), None)
    seen = ("links/follow/", "pages/report/", "pages/shell/", "reports/files", "columns/is_report")
    reports = any(count and name.startswith(seen) for name, count in column.counts.items())
    if blocked and not reports:
        verdict = f"blocked by {blocked}"
    elif "column_found" in kinds:
        verdict = "moved"
    elif "column_is_report" in kinds:
        verdict = "is a report itself"
    elif "needs_browser" in kinds:
        verdict = "fits with the browser"
    elif reports:
        verdict = "fits"
    else:
        verdict = _NOTHING.get(column.outcome, "empty")
        lost = any(column.counts.get(f"{kind}/{what}") for kind in ("lists", "reports") for what in _LOST)
        if verdict == "empty" and lost:
            verdict = "no answer"
    return {
        "site": column.site,
        "column": column.url,
        "verdict": verdict,
        "family": column.family,
        "why": column.family_reason or (column.problems[0] if column.problems else None),
        "reports": column.found,
        "patch": lessons[0]["patch"] if lessons else None,
        "problems": column.problems,
    }
