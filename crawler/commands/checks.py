"""``gongkai checks``: findings of the checks, and verdicts of people on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
    HomeOption,
    JsonOption,
    LimitOption,
    PortalOption,
    YearOption,
    chosen,
    note,
    print_json,
    print_json_list,
    print_table,
    said_of,
)

if TYPE_CHECKING:
    from archive.home import Home

Word = Literal["confirm", "dismiss", "withdraw"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("checks")(checks)


def checks(
    report: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REPORT]...", help="Only this report: its id, an address, or words such as 温县 2020."),
    ] = None,
    *,
    home: HomeOption = None,
    portal: PortalOption = None,
    year: YearOption = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All outcomes, not only failures.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Only failures that wait for a verdict.")] = False,
    limit: LimitOption = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="FINDING", help="Only what comes behind this finding in the list.")
    ] = None,
    known: Annotated[bool, typer.Option("--rules", help="List the rules themselves; needs no archive.")] = False,
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
    from itertools import islice

    from archive.decisions import count_failed, findings
    from archive.home import Home
    from archive.records.reports import find_report
    from crawler.errors import UsageError

    if rule is not None:
        _require_rule(rule)
    if known:
        _list_rules(rule, json=json)
        return
    place = Home.at(home)
    verbs: tuple[tuple[Word, str | None], ...] = (("confirm", confirm), ("dismiss", dismiss), ("withdraw", withdraw))
    asked = [(word, name) for word, name in verbs if name is not None]
    if len(asked) > 1:
        raise UsageError("choose one of --confirm, --dismiss and --withdraw")
    for word, name in asked:
        _decide(place, name, word, who, reason, json=json)
        return
    with read_index(home) as database, database.session() as session:
        one = find_report(session, " ".join(report)).report.id if report else None
        wanted = chosen(session, portal, year)
        lines = findings(session, wanted, report=one, failed=not all_, rule=rule, after=after)
        found = (line for line in lines if not (open_ and line["verdict"]))
        if json and limit is None:
            print_json_list(found)
            return
        listed = list(islice(found, limit))
        goes_on = limit is not None and next(found, None) is not None
        counts = count_failed(session, wanted, report=one, rule=rule) if goes_on else {}
        if goes_on and (all_ or open_):
            # what passed, and what is decided, is in no sum
            every = findings(session, wanted, report=one, failed=not all_, rule=rule)
            total = sum(not (open_ and line["verdict"]) for line in every)
        else:
            total = sum(counts.values())
    if json:
        print_json(listed)
    else:
        if goes_on:
            print_table(("severity", "rule", "failed"), ((*of, count) for of, count in counts.items()))
        _print_findings(listed, all_=all_)
    if goes_on:
        note(f"{len(listed)} of {total} findings; without --limit all are listed")
        note(f"the next ones: --after {listed[-1]['finding']}")
    if not json and any(line["verdict"] is None and line["outcome"] == "fail" for line in listed):
        note("decide with `gongkai checks --confirm FINDING` or `--dismiss FINDING --note WHY`")


def _require_rule(rule: str) -> None:
    """Refuse a rule that nobody knows.

    Raises:
        UsageError: with the likely one.
    """
    from difflib import get_close_matches

    from crawler.errors import UsageError
    from parsers.checks.load import load_rules

    known = [each.id for each in load_rules().rules]
    if rule not in known:
        likely = get_close_matches(rule.upper(), known, 1)
        meant = f"Did you mean {likely[0]}? " if likely else ""
        advice = f"{meant}`gongkai checks --rules` lists them"
        raise UsageError("there is no such rule", subject=f"--rule {rule}", advice=advice)


def _list_rules(only: str | None, *, json: bool) -> None:
    from parsers.checks.load import load_rules

    rules = [each for each in load_rules().rules if only is None or each.id == only]
    if json:
        lines = [
            {"rule": each.id, "severity": each.severity, "says": each.en, "exceptions": each.exceptions}
            for each in rules
        ]
        print_json(lines)
    else:
        rows = [(each.id, each.severity, each.en, each.exceptions) for each in rules]
        print_table(("rule", "severity", "says", "good reasons to dismiss"), rows)


def _decide(place: Home, finding: str, word: Word, who: str | None, reason: str | None, *, json: bool) -> None:
    from archive.decisions import decide
    from crawler.errors import UsageError

    if not finding.strip():
        raise UsageError("the finding has no name", advice="`gongkai checks` lists them")
    act = decide(place, finding, word, who=who, note=reason)
    done = {"act": act.id, "finding": act.target, "verdict": act.decision, "who": act.who, "when": act.when}
    if json:
        print_json(done)
    else:
        of = " ".join(str(act.facts.get(name, "")) for name in ("rule", "target", "report"))
        note(f"{act.who}: {act.decision} {act.target}, {of} (archived in {act.warc_file})")


def _print_findings(found: Sequence[dict[str, Any]], *, all_: bool) -> None:
    """Findings, and what their rules say; columns that would be the same in every line are left out."""
    from parsers.checks.load import load_rules

    said = [said_of(line) for line in found]
    names = ["agency", "year", "rule", "on", "one side", "other side", "severity"]
    if all_:
        names.append("outcome")
    if any(said):
        names.append("verdict")
    names += ["finding", "report"]
    rows = []
    for line, words in zip(found, said, strict=True):
        shown = {**line, "on": line["target"], "one side": line["lhs"], "other side": line["rhs"], "verdict": words}
        rows.append([shown[name] for name in names])
    print_table(names, rows, whole=("report", "finding"))
    if found:
        listed = {line["rule"] for line in found}
        meant = ((each.id, each.en, each.exceptions) for each in load_rules().rules if each.id in listed)
        print_table(("rule", "says", "good reasons to dismiss"), meant, title="The rules")
