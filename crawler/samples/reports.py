"""The reports of the sample portals: figures as agencies fill them in, set into the two official forms as HTML.

A report is a file in ``data/reports`` (the figures and oddities of a real report, with prose of our own) or is invented
(`crawler.samples.invent`). Figures are named by row, as printed, and stay text: a blank stays blank, a surplus cell
stays surplus. The forms' labels are in ``data/forms.yaml``.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent / "data"

_APPLICANTS = ("natural", "company", "research", "welfare", "legal", "other_org", "total")
_REMEDIES = ("upheld", "corrected", "other", "pending", "total")
_BLOCKS = ("review", "suit_direct", "suit_after_review")


@dataclass(frozen=True)
class Report:
    """One annual report as its agency wrote it.

    Args:
        figures: row -> its cells as printed; rows that are missing hold ``fill`` in every cell. Rows of table 3 have
            seven cells (more where the agency printed more), the three blocks of table 4 five each.
        sections: paragraphs of the six sections; tables 2 to 4 follow the paragraphs of theirs.
        labels: official label -> what this report prints instead; empty: the row that begins with it is missing.
        split_after: row of table 3 after which the table breaks off and goes on as another (a page break in the
            agency's word processor).
    """

    key: str
    title: str
    agency: str
    year: int
    form: str
    figures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fill: str = "0"
    preface: tuple[str, ...] = ()
    sections: tuple[tuple[str, ...], ...] = ((),) * 6
    headings: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    split_after: str | None = None
    sign_off: tuple[str, ...] = ()
    style: str = "plain"

    def row(self, name: str, cells: int) -> tuple[str, ...]:
        """The cells of a row as printed."""
        return self.figures.get(name, (self.fill,) * cells)

    def cells(self) -> dict[str, str]:
        """Every cell of the form by its code, as printed; surplus cells, which no code names, are left out."""
        known: dict[str, str] = {}
        for group in _forms()["forms"][self.form]["proactive"]:
            for name in group["rows"]:
                codes = [f"{name}_{code}" for code in group["codes"]]
                known.update(zip(codes, self.row(name, len(codes)), strict=False))
        for name in request_rows(self.form):
            codes = [f"req_{name}__{applicant}" for applicant in _APPLICANTS]
            known.update(zip(codes, self.row(name, 7), strict=False))
        for block in _BLOCKS:
            codes = [f"{block}__{outcome}" for outcome in _REMEDIES]
            known.update(zip(codes, self.row(block, 5), strict=False))
        return known


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table as it is marked up."""

    text: str
    columns: int = 1
    rows: int = 1


def load(key: str) -> Report:
    """The report in ``data/reports/<key>.yaml``."""
    return from_facts(key, yaml.safe_load((DATA / "reports" / f"{key}.yaml").read_text(encoding="utf-8")))


def from_facts(key: str, facts: Mapping[str, Any]) -> Report:
    """A report from its YAML mapping."""
    return Report(
        key=key,
        title=facts["title"],
        agency=facts["agency"],
        year=facts["year"],
        form=facts["form"],
        figures={name: tuple(str(cell) for cell in cells) for name, cells in facts["figures"].items()},
        fill=facts.get("fill", "0"),
        preface=tuple(facts.get("preface", ())),
        sections=tuple(tuple(section or ()) for section in facts["sections"]),
        headings=tuple(facts.get("headings", ())),
        labels=facts.get("labels", {}),
        split_after=facts.get("split_after"),
        sign_off=tuple(facts.get("sign_off", ())),
        style=facts.get("style", "plain"),
    )


def request_rows(form: str) -> list[str]:
    """Names of the rows of table 3, in order."""
    facts = _forms()["forms"][form]
    outcomes = [name for group in (*facts["outcomes"], *facts["other"]) for name in group["rows"]]
    return ["new", "carried_in", *outcomes, "outcome_total", "carried_out"]


def body(report: Report) -> str:
    """The report as HTML, without its title: preface, six sections with their tables, sign-off."""
    headings = report.headings or tuple(_forms()["headings"])
    tables = {1: [proactive(report)], 2: requests(report), 3: [remedies(report)]}
    pieces = [paragraph(text, report.style) for text in report.preface]
    for index, (heading, section) in enumerate(zip(headings, report.sections, strict=True)):
        pieces.append(paragraph(heading, report.style, strong=True))
        pieces += [paragraph(text, report.style) for text in section]
        pieces += [table(rows, report) for rows in tables.get(index, [])]
    pieces += [paragraph(text, report.style, align="right") for text in report.sign_off]
    return "\n".join(pieces)


def proactive(report: Report) -> list[list[Cell]]:
    """Table 2: four columns; rows with fewer cells widen their last one, as the official form does."""
    rows = []
    for group in _forms()["forms"][report.form]["proactive"]:
        rows.append([Cell(group["caption"], columns=4)])
        rows.append(_widened(group["header"]))
        rows += [_widened([label, *report.row(name, len(group["codes"]))]) for name, label in group["rows"].items()]
    return [row for row in rows if row[0].text not in report.labels or report.labels[row[0].text]]


def requests(report: Report) -> list[list[list[Cell]]]:
    """Table 3: three columns of labels and seven of figures; two tables when the report breaks it."""
    forms = _forms()
    facts = forms["forms"][report.form]
    head = [
        [Cell(forms["balance"], columns=3, rows=3), Cell(forms["applicant_header"], columns=7)],
        [Cell(forms["applicants"][0], rows=2), Cell(forms["organisations"], columns=5), Cell("总计", rows=2)],
        [Cell(label) for label in forms["applicants"][1:6]],
    ]
    rows = [
        [Cell(forms["new"], columns=3), *_values(report, "new")],
        [Cell(forms["carried_in"], columns=3), *_values(report, "carried_in")],
    ]
    outcomes: list[tuple[str, list[Cell]]] = []
    for group in (*facts["outcomes"], *facts["other"]):
        for index, (name, label) in enumerate(group["rows"].items()):
            labels = [Cell(label)] if "group" in group else [Cell(label, columns=2)]
            if "group" in group and index == 0:
                labels.insert(0, Cell(group["group"], rows=len(group["rows"])))
            outcomes.append((name, [*labels, *_values(report, name)]))
    outcomes.append(("outcome_total", [Cell(forms["outcome_total"], columns=2), *_values(report, "outcome_total")]))
    last = [Cell(forms["carried_out"], columns=3), *_values(report, "carried_out")]
    names = [name for name, _ in outcomes]
    cut = names.index(report.split_after) + 1 if report.split_after else len(outcomes)
    first, second = [cells for _, cells in outcomes[:cut]], [cells for _, cells in outcomes[cut:]]
    first[0] = [Cell(forms["outcome"], rows=len(first)), *first[0]]
    if not second:
        return [[*head, *rows, *first, last]]
    second[0] = [Cell("", rows=len(second)), *second[0]]
    return [[*head, *rows, *first], [*second, last]]


def remedies(report: Report) -> list[list[Cell]]:
    """Table 4: fifteen columns in three blocks."""
    forms = _forms()
    labels = [Cell(label) for label in forms["remedies"]]
    return [
        [Cell(forms["review"], columns=5), Cell(forms["litigation"], columns=10)],
        [
            *(Cell(label, rows=2) for label in forms["remedies"]),
            Cell(forms["direct"], columns=5),
            Cell(forms["after_review"], columns=5),
        ],
        [*labels, *labels],
        [Cell(text) for block in _BLOCKS for text in report.row(block, 5)],
    ]


def table(rows: Sequence[Sequence[Cell]], report: Report) -> str:
    """A table in the markup that the report's editor leaves behind."""
    opening, cell = _TABLES[report.style]
    lines = [opening, "<tbody>"]
    lines += ["<tr>" + "".join(_marked_up(piece, cell, report.labels) for piece in row) + "</tr>" for row in rows]
    return "\n".join([*lines, "</tbody>", "</table>"])


def paragraph(text: str, style: str, *, strong: bool = False, align: str = "") -> str:
    """A paragraph in the markup that the report's editor leaves behind."""
    inner = html.escape(text, quote=False)
    if strong:
        inner = f"<strong>{inner}</strong>"
    if style == "word":
        inner = f'<span style="font-family:仿宋_GB2312;font-size:16pt">{inner}</span>'
        return f'<p class="MsoNormal" style="text-align:{align or "justify"};text-indent:32pt">{inner}</p>'
    alignment = f' style="text-align:{align}"' if align else ""
    return f"<p{alignment}>　　{inner}</p>" if not strong else f"<p{alignment}>{inner}</p>"


_TABLES = {
    "plain": ('<table border="1" cellspacing="0" cellpadding="0" width="100%">', "<p>{}</p>"),
    "word": (
        '<table class="MsoNormalTable" border="1" cellspacing="0" cellpadding="0" style="border-collapse:collapse">',
        '<p class="MsoNormal" align="center" style="line-height:18pt"><span lang="EN-US">{}</span></p>',
    ),
    "bare": ("<table>", "{}"),
}


def _marked_up(cell: Cell, pattern: str, labels: Mapping[str, str]) -> str:
    text = labels.get(cell.text, cell.text)
    spans = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    spans += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    inner = html.escape(text, quote=False).replace("\n", "<br>") if text.strip() else "&nbsp;"
    return f"<td{spans}>{pattern.format(inner)}</td>"


def _widened(texts: Sequence[str]) -> list[Cell]:
    return [*(Cell(text) for text in texts[:-1]), Cell(texts[-1], columns=5 - len(texts))]


def _values(report: Report, name: str) -> Iterator[Cell]:
    return (Cell(text) for text in report.row(name, 7))


@functools.cache
def _forms() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load((DATA / "forms.yaml").read_text(encoding="utf-8"))
    return facts
