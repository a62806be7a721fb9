"""Commands on what can be trusted: checks (with verdicts of people), prove."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crawler.commands._output import (
    HomeOption,
    JsonOption,
    PortalOption,
    YearOption,
    chosen,
    note,
    print_json,
    print_lines,
    print_table,
    said_of,
    where,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("checks")(checks)
    app.command("prove")(prove)


def checks(
    report: Annotated[str | None, typer.Argument(metavar="[REPORT]", help="Only this report.")] = None,
    *,
    home: HomeOption = None,
    portal: PortalOption = None,
    year: YearOption = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All outcomes, not only failures.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Only failures that wait for a verdict.")] = False,
    confirm: Annotated[str | None, typer.Option("--confirm", metavar="FINDING", help="The report is wrong.")] = None,
    dismiss: Annotated[
        str | None, typer.Option("--dismiss", metavar="FINDING", help="There is a good reason for it.")
    ] = None,
    withdraw: Annotated[str | None, typer.Option("--withdraw", metavar="FINDING", help="Take a verdict back.")] = None,
    who: Annotated[
        str | None, typer.Option("--who", help="Who decides (default: $GONGKAI_OPERATOR, else you).")
    ] = None,
    reason: Annotated[str | None, typer.Option("--note", help="Why.")] = None,
    json: JsonOption = False,
) -> None:
    """List findings of the checks, or decide on one; a decision is archived and holds as long as its evidence does."""
    from difflib import get_close_matches

    from archive.database import open_database
    from archive.home import Home
    from archive.records import find_report
    from archive.reviews import decide, findings
    from crawler._errors import UsageError
    from parsers.checks import rules

    place = Home.at(home)
    verbs = (("confirm", confirm), ("dismiss", dismiss), ("withdraw", withdraw))
    asked = [(word, name) for word, name in verbs if name is not None]
    if len(asked) > 1:
        raise UsageError("choose one of --confirm, --dismiss and --withdraw")
    if any(not name.strip() for _, name in asked):
        raise UsageError("the finding has no name", advice="`gongkai checks` lists them")
    if rule is not None and rule not in (known := [each.id for each in rules().rules]):
        likely = get_close_matches(rule.upper(), known, 1)
        advice = f"Did you mean {likely[0]}" if likely else "docs/checks.md lists them"
        raise UsageError("there is no such rule", subject=f"--rule {rule}", advice=advice)
    for word, name in asked:
        act = decide(place, name, word, who=who, note=reason)  # type: ignore[arg-type]
        done = {"act": act.id, "finding": act.target, "verdict": act.decision, "who": act.who, "when": act.when}
        if json:
            print_json(done)
        else:
            of = " ".join(str(act.facts.get(name, "")) for name in ("rule", "target", "report"))
            note(f"{act.who}: {act.decision} {act.target}, {of} (archived in {act.warc_file})")
        return
    with open_database(place, create=False) as database, database.session() as session:
        one = find_report(session, report).report.id if report else None
        wanted = chosen(session, portal, year)
        found = [
            line
            for line in findings(session, wanted, report=one)
            if (all_ or line["outcome"] == "fail")
            and (rule is None or line["rule"] == rule)
            and not (open_ and line["verdict"])
        ]
    if json:
        print_json(found)
        return
    print_table(
        (
            "finding",
            "report",
            "agency",
            "year",
            "rule",
            "on",
            "one side",
            "other side",
            "severity",
            "outcome",
            "verdict",
        ),
        (_row(line) for line in found),
    )
    if found:
        listed = {line["rule"] for line in found}
        meant = ((known.id, known.en, known.exceptions) for known in rules().rules if known.id in listed)
        print_table(("rule", "says", "good reasons to dismiss"), meant, title="The rules")
    if any(line["verdict"] is None and line["outcome"] == "fail" for line in found):
        note("decide with `gongkai checks --confirm FINDING` or `--dismiss FINDING --note WHY`")


def prove(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="Its id, an address, or words.")],
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="One figure; all when left out.")] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Walk from a figure back to the bytes of its WARC record, offline, and say whether every link holds."""
    from archive.database import open_database
    from archive.home import Home
    from archive.prove import prove as walk
    from archive.records import MADE_UP
    from archive.storage import open_storage
    from crawler.commands.index import StageLine

    place = Home.at(home)
    line = StageLine()
    try:
        with open_database(place, create=False) as database:
            proof = walk(database, open_storage(place), report, code, progress=line)
    finally:
        line.done()
    if json:
        print_json(proof.as_json())
    else:
        print_table(
            ("link", "holds", "found"),
            ((step.name, "yes" if step.holds else "NO", step.found) for step in proof.steps),
            title=f"{proof.report} at {proof.url}",
        )
        shown = [figure for figure in proof.figures if code is not None or not figure.holds]
        if shown:
            print_table(
                ("figure", "value", "as printed", "found there", "holds", "where"),
                (
                    (
                        f.code,
                        f.value,
                        f.raw,
                        f.resolved if f.problem is None else f.problem,
                        "yes" if f.holds else "NO",
                        where(f.locator),
                    )
                    for f in shown
                ),
            )
        good = sum(figure.holds for figure in proof.figures)
        broken = ", ".join(step.name for step in proof.steps if not step.holds)
        verdict = "holds" if proof.holds else f"DOES NOT HOLD ({broken or 'figures'})"
        print_lines(f"{verdict}: {good} of {len(proof.figures)} figures", *([MADE_UP] if proof.made_up else []))
    return 0 if proof.holds else 1


def _row(line: dict[str, Any]) -> list[Any]:
    return [*(line[name] for name in (
        "finding", "report", "agency", "year", "rule", "target", "lhs", "rhs", "severity", "outcome",
    )), said_of(line)]  # fmt: skip
