"""Commands on what can be trusted: checks (with verdicts of people), prove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
    HomeOption,
    JsonOption,
    PortalOption,
    YearOption,
    chosen,
    note,
    print_facts,
    print_json,
    print_lines,
    print_table,
    said_of,
    where,
)

if TYPE_CHECKING:
    from archive.home import Home

Word = Literal["confirm", "dismiss", "withdraw"]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("checks")(checks)
    app.command("prove")(prove)


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
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")] = None,
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
    from archive.decisions import findings
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
        found = [
            line
            for line in findings(session, wanted, report=one)
            if (all_ or line["outcome"] == "fail")
            and (rule is None or line["rule"] == rule)
            and not (open_ and line["verdict"])
        ]
    listed = found[:limit]
    if json:
        print_json(listed)
    else:
        _print_findings(listed, all_=all_)
    if len(listed) < len(found):
        note(f"{len(listed)} of {len(found)} findings; without --limit all are listed")
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

    names = ("rule", "severity", "says", "good reasons to dismiss")
    rows = [
        (each.id, each.severity, each.en, each.exceptions)
        for each in load_rules().rules
        if only is None or each.id == only
    ]
    if json:
        print_json([dict(zip(("rule", "severity", "says", "exceptions"), row, strict=True)) for row in rows])
    else:
        print_table(names, rows)


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
    fields = ["agency", "year", "rule", "target", "lhs", "rhs", "severity"]
    rows = [[line[name] for name in fields] for line in found]
    if all_:
        names.append("outcome")
        rows = [[*row, line["outcome"]] for row, line in zip(rows, found, strict=True)]
    if any(said):
        names.append("verdict")
        rows = [[*row, words] for row, words in zip(rows, said, strict=True)]
    names += ["finding", "report"]
    rows = [[*row, line["finding"], line["report"]] for row, line in zip(rows, found, strict=True)]
    print_table(names, rows, whole=("report", "finding"))
    if found:
        listed = {line["rule"] for line in found}
        meant = ((each.id, each.en, each.exceptions) for each in load_rules().rules if each.id in listed)
        print_table(("rule", "says", "good reasons to dismiss"), meant, title="The rules")


def prove(
    report: Annotated[
        list[str],
        typer.Argument(
            metavar="REPORT... [CODE]",
            help="Its id, an address, or words such as 温县 2020; then the code of one figure (all when left out).",
        ),
    ],
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Walk from a figure back to the bytes of its WARC record, offline, and say whether every link holds."""
    from archive.evidence.proof import prove as walk
    from archive.home import Home
    from archive.metadata import MADE_UP
    from archive.storage.open import open_storage
    from crawler.terminal.progress import StageLine

    words, code = _parted(report)
    place = Home.at(home)
    line = StageLine()
    try:
        with read_index(home) as database:
            proof = walk(database, open_storage(place), words, code, progress=line)
    finally:
        line.done()
    if json:
        print_json(proof.as_json())
    else:
        print_facts([("report", proof.report), ("address", proof.url)])
        print_table(
            ("link", "holds", "found"),
            ((step.name, "yes" if step.holds else "NO", step.found) for step in proof.steps),
        )
        shown = [figure for figure in proof.figures if code is not None or not figure.holds]
        if shown:
            print_table(
                ("holds", "value", "as printed", "found there", "figure", "where"),
                (
                    (
                        "yes" if f.holds else "NO",
                        f.value,
                        f.raw,
                        f.resolved if f.problem is None else f.problem,
                        f.code,
                        where(f.locator),
                    )
                    for f in shown
                ),
                whole=("where", "figure"),
            )
        good = sum(figure.holds for figure in proof.figures)
        broken = ", ".join(step.name for step in proof.steps if not step.holds)
        verdict = "holds" if proof.holds else f"DOES NOT HOLD ({broken or 'figures'})"
        print_lines(f"{verdict}: {good} of {len(proof.figures)} figures", *([MADE_UP] if proof.made_up else []))
    return 0 if proof.holds else 1


def _parted(words: Sequence[str]) -> tuple[str, str | None]:
    """The report's words, and the code of a figure when the last word is one: ids, addresses and years never are."""
    if len(words) > 1 and words[-1].isascii() and words[-1].isidentifier():
        return " ".join(words[:-1]), words[-1]
    return " ".join(words), None
