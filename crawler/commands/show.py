"""``gongkai show``: one report as its form has it: labels beside codes, the form's order, what failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands._index import read_index
from crawler.commands._output import (
    HomeOption,
    JsonOption,
    called_as,
    cell_of,
    in_chinese,
    minute,
    note,
    print_facts,
    print_json,
    print_table,
    said_of,
    state_of,
)

if TYPE_CHECKING:
    from parsers.forms.templates import AnyTable, Label


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show")(show)


def show(
    report: Annotated[
        list[str], typer.Argument(metavar="REPORT...", help="Its id, an address, or words such as 温县 2020.")
    ],
    home: HomeOption = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Every figure, with what was printed and where; every place it stands at.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """One report: where it stands, its figures by the labels of its form, failed checks and issues.

    Of tables by kind of applicant the totals are shown, and whatever is unclear or failed a check; --all shows all.
    """
    from archive.decisions import findings
    from archive.records.details import details
    from archive.records.reports import find_report

    with read_index(home) as database, database.session() as session:
        line = find_report(session, " ".join(report))
        found = details(session, line, texts=json)
        failed = [] if json else list(findings(session, report=line.report.id, failed=True))
    if json:
        print_json(found)
        return
    print_facts(_facts(found, state_of(line), all_=all_))
    in_doubt: set[str] = set()
    for check in failed:
        in_doubt.update(check["codes"])
    left = _print_figures(found, in_doubt, all_=all_)
    _print_facts_in_text(found["prose"])
    _print_failed(failed)
    _print_issues(found["issues"])
    if left:
        note(f"{left} figures by kind of applicant are left out: {called_as()} show {found['id']} --all")


def _facts(found: dict[str, Any], state: str, *, all_: bool) -> Iterator[tuple[str, Any]]:
    from archive.metadata import MADE_UP

    division = found["division"]
    yield "report", found["id"]
    yield "title", found["title"]
    yield "agency", f"{found['agency']['name']} ({found['agency']['kind']})"
    yield "division", f"{division['code']} {division['name']}" if division else None
    yield "form", found["template"]
    yield "scope", found["scope"]
    yield "published", found["published_on"]
    yield "state", state
    yield "address", found["url"]
    twins = found["twins"]
    shown = twins if all_ else twins[:_TWINS]
    for url in shown:
        yield "also at", url
    if len(shown) < len(twins):
        yield "", f"and {len(twins) - len(shown)} more (--all)"
    seen = f"{minute(found['first_seen'])} to {minute(found['last_seen'])} UTC"
    yield "seen", f"{seen}, {found['versions']} version(s)"
    yield "capture", found["capture"]
    yield "origin", MADE_UP if found["made_up"] else None


_TWINS = 3  # places of one report that are named; a report on many sites would fill the page


def _print_facts_in_text(facts: Sequence[dict[str, Any]]) -> None:
    lines = []
    for fact in facts:
        sentence = fact["locator"].get("sentence")
        lines.append((fact["code"], fact["value"], fact["status"], fact["raw"].strip(), sentence))
    if lines:
        print_table(("fact", "value", "status", "as printed", "sentence"), lines, title="In the text")


def _print_failed(checks: Sequence[dict[str, Any]]) -> None:
    lines = []
    for check in checks:
        sides = (check["lhs"], check["rhs"])
        lines.append((check["rule"], check["target"], *sides, check["severity"], said_of(check), check["finding"]))
    if lines:
        columns = ("rule", "on", "one side", "other side", "severity", "verdict", "finding")
        print_table(columns, lines, title="Failed checks", whole=("finding",))


def _print_issues(issues: Sequence[dict[str, Any]]) -> None:
    lines = [(issue["code"], issue["message"]) for issue in issues]
    if lines:
        print_table(("issue", "what"), lines, title="Issues")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a code stands in its form, and what it is called there.

    ``total``: the code of its row's total, where it is one of several parts of it.
    """

    order: int
    table: str
    label: str
    total: str | None = None


def _print_figures(found: dict[str, Any], failed: set[str], *, all_: bool) -> int:
    """Print the figures, table by table; how many were left out."""
    places = _places(found["template"])
    of_form = [cell for cell in found["cells"] if cell["code"] in places]
    of_form.sort(key=lambda cell: places[cell["code"]].order)
    others = [cell for cell in found["cells"] if cell["code"] not in places]
    cells = [*of_form, *others]
    shown = cells if all_ else list(_telling(cells, places, failed))
    tables: dict[str, list[dict[str, Any]]] = {}
    for cell in shown:
        place = places.get(cell["code"])
        title = place.table if place else _OTHERS
        tables.setdefault(title, []).append(cell)
    for title, rows in tables.items():
        _print_table(title, rows, places, all_=all_)
    return len(cells) - len(shown)


_OTHERS = "Figures that the form does not have"


def _telling(cells: Sequence[dict[str, Any]], places: Mapping[str, _Place], failed: set[str]) -> Iterator[Any]:
    """All but the parts of a total that is a number, unless something is odd about them."""
    numbers = {cell["code"] for cell in cells if cell["status"] == "number"}
    for cell in cells:
        place = places.get(cell["code"])
        part_of = place.total if place else None
        odd = cell["code"] in failed or cell["status"] not in {"number", "blank", "not_applicable"}
        # A part that is there says something where its total does not; a blank part of a blank total does not.
        if part_of is None or odd or (part_of not in numbers and cell["status"] == "number"):
            yield cell


def _print_table(title: str, rows: Sequence[dict[str, Any]], places: Mapping[str, _Place], *, all_: bool) -> None:
    lines: list[tuple[Any, ...]] = []
    for cell in rows:
        place = places.get(cell["code"])
        label = place.label if place else None
        if all_:
            printed = (cell["value"], cell["status"], cell["raw"].strip(), cell["unit"])
            lines.append((label, *printed, cell["code"], cell_of(cell["locator"])))
        else:
            lines.append((label, _value(cell), cell["unit"], cell["code"]))
    if all_:
        columns = ("figure", "value", "status", "as printed", "unit", "code", "where")
        print_table(columns, lines, title=title, whole=("where", "code"))
    else:
        print_table(("figure", "value", "unit", "code"), lines, title=title)


def _value(cell: dict[str, Any]) -> str:
    """What was read: the number, or why there is none."""
    if cell["status"] == "number":
        return str(cell["value"])
    status: str = cell["status"]
    raw = cell["raw"].strip()
    if not raw or status in {"blank", "not_applicable"}:
        return status
    return f"{status}: {raw}"


def _places(template: str | None) -> dict[str, _Place]:
    """Every code of the form, in its order, under the label of the reader's language."""
    from parsers.forms import codebook, templates

    known = templates.load()
    form = known.forms.get(template or "")
    if form is None:
        return {}
    totals: dict[tuple[str, str], str] = {}  # table and code of a cell -> code of its row's total
    rows: dict[str, Label] = {}  # code of a total -> its row
    for name, table in form.tables.items():
        for code, (total, row) in _totals(table):
            totals[name, code] = total
            rows[total] = row
    found: dict[str, _Place] = {}
    for entry in codebook.entries(known):
        if entry.template != template:
            continue
        table, code = form.tables[entry.table], entry.code
        named = rows.get(code, entry)  # a total is called as its row is
        title, label = (table.zh, named.zh) if in_chinese() else (table.en, named.en)
        part_of = None if code in rows else totals.get((entry.table, code))
        found[code] = _Place(len(found), title, label, part_of)
    return found


def _totals(table: AnyTable) -> Iterator[tuple[str, tuple[str, Label]]]:
    """Of each cell in a table by kind of applicant: the total of its row, and the row."""
    if table.kind == "matrix":
        for row in table.rows:
            total = table.code.format(row=row.code, column=table.total)
            for column in table.columns:
                code = table.code.format(row=row.code, column=column.code)
                yield code, (total, row)
