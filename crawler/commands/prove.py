"""``gongkai prove``: from a figure back to the bytes that it was read from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
    HomeOption,
    JsonOption,
    print_facts,
    print_json,
    print_lines,
    print_table,
    where,
)

if TYPE_CHECKING:
    from archive.evidence.proof import FigureProof, Proof


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("prove")(prove)


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
        links = [(step.name, _yes(step.holds), step.found) for step in proof.steps]
        print_table(("link", "holds", "found"), links)
        # A figure that was asked for is shown in any case, of all others those that do not hold.
        shown = [figure for figure in proof.figures if code is not None or not figure.holds]
        if shown:
            _print_figures(shown)
        print_lines(_verdict_on(proof))
        if proof.made_up:
            print_lines(MADE_UP)
    return 0 if proof.holds else 1


def _print_figures(figures: Sequence[FigureProof]) -> None:
    rows = []
    for figure in figures:
        there = figure.resolved if figure.problem is None else figure.problem
        place = where(figure.locator)
        rows.append((_yes(figure.holds), figure.value, figure.raw, there, figure.code, place))
    names = ("holds", "value", "as printed", "found there", "figure", "where")
    print_table(names, rows, whole=("where", "figure"))


def _verdict_on(proof: Proof) -> str:
    """The last line: whether all holds, what broke, and how many figures are right."""
    verdict = "holds"
    if not proof.holds:
        broken = ", ".join(step.name for step in proof.steps if not step.holds)
        verdict = f"DOES NOT HOLD ({broken or 'figures'})"
    good = sum(figure.holds for figure in proof.figures)
    return f"{verdict}: {good} of {len(proof.figures)} figures"


def _yes(holds: bool) -> str:
    return "yes" if holds else "NO"


def _parted(words: Sequence[str]) -> tuple[str, str | None]:
    """The report's words, and the code of a figure when the last word is one: ids, addresses and years never are."""
    if len(words) > 1 and words[-1].isascii() and words[-1].isidentifier():
        return " ".join(words[:-1]), words[-1]
    return " ".join(words), None
