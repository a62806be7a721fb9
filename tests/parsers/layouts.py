"""The official forms as sheets of cells, printed in every way in which portals print them.

`sheets` builds a form's tables from its YAML with given values; the functions in `LAYOUTS` print sheets as bytes. Used
by the property tests; knows nothing of the reader. What converters and typists do to sheets: `damages`.
"""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from parsers import Hints
from parsers.forms import templates
from parsers.forms.templates import BlocksTable, Form, ListTable, MatrixTable, RecordTable

Values = Mapping[str, str]


@dataclass(frozen=True)
class Box:
    """One printed cell. ``code`` is given for values."""

    text: str
    rows: int = 1
    columns: int = 1
    code: str | None = None
    header: bool = False


Line = tuple[Box, ...]


@dataclass(frozen=True)
class Sheet:
    """One table: its heading, and lines of boxes (a box that spans lines stands in the first of them)."""

    heading: str
    lines: tuple[Line, ...]
    headers: int = 0


def sheets(form: Form, values: Values) -> list[Sheet]:
    """All tables of a form with their values printed in them, and what follows them in a report."""
    return [*(_SHEETS[table.kind](table, values) for table in form.tables.values()), Sheet(_AFTER, ())]


def _blocks(table: BlocksTable, values: Values) -> Sheet:
    lines: list[tuple[Box, ...]] = []
    width = max(len(row.cells) for row in table.rows)
    item = columns = None
    for row in table.rows:
        if row.item != item:
            lines.append((Box(row.item or "", columns=width + 1, header=True),))
        now = (row.item, tuple(cell.column for cell in row.cells))
        if now != columns:
            head = [Box(table.markers[0], header=True), *(Box(cell.column, header=True) for cell in row.cells)]
            lines.append(_stretch(head, width + 1))
        item, columns = row.item, now
        boxes = [Box(row.zh), *(Box(values[cell.code], code=cell.code) for cell in row.cells)]
        lines.append(_stretch(boxes, width + 1))
    return Sheet("二、主动公开政府信息情况", tuple(lines))


def _stretch(boxes: list[Box], width: int) -> tuple[Box, ...]:
    """The last box takes what is left of the width, as the official form has it."""
    spare = width - len(boxes)
    return (*boxes[:-1], dataclasses.replace(boxes[-1], columns=1 + spare))


def _matrix(table: MatrixTable, values: Values) -> Sheet:
    parts = [column for column in table.columns if column.parent]
    plain = [column for column in table.columns if not column.parent]
    head = (
        (
            Box("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3, header=True),
            Box("申请人情况", 1, len(table.columns), header=True),
        ),
        (
            Box(plain[0].zh, 2, 1, header=True),
            Box(parts[0].parent or "", 1, len(parts), header=True),
            *(Box(column.zh, 2, 1, header=True) for column in plain[1:]),
        ),
        tuple(Box(column.zh, header=True) for column in parts),
    )
    groups = {group.code: group for group in table.groups}
    sizes: dict[str, int] = {}
    for row in table.rows:
        sizes[row.group or ""] = sizes.get(row.group or "", 0) + 1
    outcome = sum(1 for row in table.rows if row.group)
    lines: list[tuple[Box, ...]] = list(head)
    seen: set[str] = set()
    for row in table.rows:
        cells = tuple(
            Box(values[code], code=code)
            for code in (table.code.format(row=row.code, column=column.code) for column in table.columns)
        )
        labels: list[Box] = []
        if row.group and "result" not in seen:
            labels.append(Box(groups["result"].zh, outcome, 1))
            seen.add("result")
        if row.group is None:
            labels.append(Box(row.zh, 1, 3))
        elif row.group == "result":
            labels.append(Box(row.zh, 1, 2))
        else:
            if row.group not in seen:
                labels.append(Box(groups[row.group].zh, sizes[row.group], 1))
                seen.add(row.group)
            labels.append(Box(row.zh))
        lines.append((*labels, *cells))
    return Sheet("三、收到和处理政府信息公开申请情况", tuple(lines), headers=3)


def _record(table: RecordTable, values: Values) -> Sheet:
    width = len(table.columns)
    first, *rest = table.blocks
    outcomes = tuple(Box(column.zh, header=True) for column in table.columns)
    lines = (
        (Box(first.zh, 1, width, header=True), Box("行政诉讼", 1, width * len(rest), header=True)),
        (
            *(dataclasses.replace(box, rows=2) for box in outcomes),
            *(Box(block.zh, 1, width, header=True) for block in rest),
        ),
        outcomes * len(rest),
        tuple(Box(values[code], code=code) for code in table.codes()),
    )
    return Sheet("四、政府信息公开行政复议、行政诉讼情况", lines, headers=3)


def _list(table: ListTable, values: Values) -> Sheet:
    lines: list[tuple[Box, ...]] = [tuple(Box(text, header=True) for text in ("统计指标", "单位", "统计数"))]
    for row in table.rows:
        if row.type == "heading":
            lines.append((Box(row.zh), Box(""), Box("")))
        else:
            lines.append((Box(row.zh), Box(row.unit or ""), Box(values[row.code], code=row.code)))
    return Sheet(table.zh, tuple(lines), headers=1)


_SHEETS: dict[str, Callable[..., Sheet]] = {"blocks": _blocks, "matrix": _matrix, "record": _record, "list": _list}


_AFTER = "五、存在的主要问题及改进情况"


# ---- printing


def owners(sheet: Sheet) -> list[list[tuple[Box, int, int] | None]]:
    """For every place of the grid the box that covers it, and the row and column in which that box begins."""
    taken: dict[tuple[int, int], tuple[Box, int, int]] = {}
    for row, line in enumerate(sheet.lines):
        column = 0
        for box in line:
            while (row, column) in taken:
                column += 1
            for down in range(box.rows):
                for right in range(box.columns):
                    taken[row + down, column + right] = (box, row, column)
            column += box.columns
    width = 1 + max((column for _, column in taken), default=-1)
    return [[taken.get((row, column)) for column in range(width)] for row in range(len(sheet.lines))]


def grid(sheet: Sheet) -> list[list[Box | None]]:
    """The sheet as a full grid; None where a span covers."""
    return [
        [owner[0] if owner is not None and owner[1:] == (row, column) else None for column, owner in enumerate(line)]
        for row, line in enumerate(owners(sheet))
    ]


def as_html(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """A page with honest spans."""
    return html_page("".join(_heading(sheet) + html_table(sheet) for sheet in sheets_))


def as_html_lying(sheets_: Sequence[Sheet], random: Random) -> bytes:
    """A page whose spans lie: left out here, doubled there."""
    lied = [
        dataclasses.replace(
            sheet,
            lines=tuple(
                tuple(
                    box
                    if box.code
                    else dataclasses.replace(box, columns=random.choice([1, box.columns, box.columns + 1]))
                    for box in line
                )
                for line in sheet.lines
            ),
        )
        for sheet in sheets_
    ]
    return html_page("".join(_heading(sheet) + html_table(sheet) for sheet in lied))


def as_html_cut(sheets_: Sequence[Sheet], random: Random) -> bytes:
    """Tables cut in two by a page break, labels cut into spans and paragraphs."""
    parts = []
    for sheet in sheets_:
        parts.append(_heading(sheet))
        plain = [
            tuple(dataclasses.replace(box, rows=1) for box in line) if at >= sheet.headers else line
            for at, line in enumerate(sheet.lines)
        ]
        cut = random.randrange(sheet.headers + 1, len(plain)) if len(plain) > sheet.headers + 1 else len(plain)
        parts += [html_table(Sheet("", tuple(lines)), pieces=random) for lines in (plain[:cut], plain[cut:]) if lines]
    return html_page("".join(parts))


def as_paragraphs(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """One cell a paragraph, blank cells gone."""
    parts = []
    for sheet in sheets_:
        parts.append(_heading(sheet))
        parts += [f"<p>{html.escape(box.text)}</p>" for line in sheet.lines for box in line if box.text.strip()]
    return html_page("\n".join(parts))


def as_tabs(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """Tab-separated lines of the full grid."""
    lines = []
    for sheet in sheets_:
        lines += [sheet.heading, ""]
        lines += ["\t".join(_flat(box.text) if box else "" for box in row) for row in grid(sheet)]
        lines.append("")
    return "\n".join(lines).encode()


def as_ragged_tabs(sheets_: Sequence[Sheet], random: Random) -> bytes:
    """Tab-separated lines in which a span leaves one empty cell or none, padded to a rectangle.

    A row keeps its filler cells as every row of its table with a label at the same depth does: that is how the
    converters work whose texts are known.
    """
    lines = []
    for sheet in sheets_:
        lines += [sheet.heading, ""]
        extra = random.choice([0, 1])
        rows = []
        for number, line in enumerate(sheet.lines):
            row: list[str] = []
            lead = 0
            if number >= sheet.headers and sheet.headers:
                lead = next((i for i, box in enumerate(grid(sheet)[number]) if box is not None), 0)
            row += [""] * lead
            for box in line:
                row.append(_flat(box.text))
                if box.columns > 1 and box.code is None and number >= sheet.headers:
                    row += [""] * extra
            rows.append(row)
        width = max(map(len, rows), default=0) + random.choice([0, 1])
        lines += ["\t".join([*row, *[""] * (width - len(row))]) for row in rows]
        lines.append("")
    return "\n".join(lines).encode()


def as_tab_cells(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """One cell a line, each begun by a tab, rows parted by an empty line."""
    lines = []
    for sheet in sheets_:
        lines += [sheet.heading, "", ""]
        for line in sheet.lines:
            lines += [f"\t{_flat(box.text)}" for box in line]
            lines.append("")
        lines.append("")
    return "\n".join(lines).encode()


def as_lines(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """One cell a line with two empty lines behind it, four behind a row: what is left of ``<td><p>``."""
    parts = ["政府信息公开工作年度报告\n"]
    for sheet in sheets_:
        parts.append(f"{sheet.heading}\n\n\n\n\n\n")
        parts += ["\n\n\n".join(_flat(box.text) for box in line) + "\n\n\n\n\n" for line in sheet.lines]
        parts.append("\n\n")
    return "".join(parts).encode()


def as_pipes(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """Markdown, one table a form table."""
    lines = []
    for sheet in sheets_:
        lines += [f"## {sheet.heading}", ""]
        for number, row in enumerate(grid(sheet)):
            lines.append("| " + " | ".join(_flat(box.text) if box else "" for box in row) + " |")
            if number == 0:
                lines.append("|" + "---|" * len(row))
        lines.append("")
    return "\n".join(lines).encode()


def as_pipe_groups(sheets_: Sequence[Sheet], random: Random) -> bytes:
    """Markdown by a converter: a table for every few rows, whose first row is made its header."""
    lines = []
    for sheet in sheets_:
        lines += [f"## {sheet.heading}", ""]
        left = 0
        for row in sheet.lines:
            cells = [_flat(box.text) for box in row]
            if left == 0:
                lines += ["", "| " + " | ".join(cells) + " |", "|" + "---|" * len(cells)]
                left = random.randrange(0, 4)
                continue
            lines.append("| " + " | ".join(cells) + " |")
            left -= 1
        lines.append("")
    return "\n".join(lines).encode()


def as_spaces(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """Cells parted by spaces; blank cells are gone."""
    lines = []
    for sheet in sheets_:
        lines += [sheet.heading, ""]
        lines += ["  ".join(_flat(box.text) for box in line if box.text.strip()) for line in sheet.lines]
        lines.append("")
    return "\n".join(lines).encode()


def as_pipe_after(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """One cell a line and a pipe on the next line, rows not parted: what an extractor makes of ``<td><p>``."""
    lines = []
    for sheet in sheets_:
        lines.append(sheet.heading)
        for line in sheet.lines:
            lines += [f"{_flat(box.text)}\n|" if box.text.strip() else "|" for box in line]
    return "\n".join(lines).encode()


def as_pipe_filled(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """One cell a line with a pipe behind it, and a line of bare pipes where a row has cells over several columns."""
    lines = []
    for sheet in sheets_:
        lines.append(sheet.heading)
        width = max((sum(box.columns for box in line) for line in sheet.lines), default=0)
        for line in sheet.lines:
            lines += [f"{_flat(box.text)} |" if box.text.strip() else "|" for box in line]
            if width > len(line):
                lines.append("|" * (width - len(line)))
    return "\n".join(lines).encode()


def as_spaced(sheets_: Sequence[Sheet], _random: Random) -> bytes:
    """One cell a line, an empty line behind each, rows not parted; a blank cell is a space."""
    parts = []
    for sheet in sheets_:
        parts.append(f"{sheet.heading}\n\n")
        parts += ["\n\n".join(box.text.split("\n") or [" "]) + "\n\n" for line in sheet.lines for box in line]
    return "".join(parts).encode()


# Layouts in which nothing parts two rows: how many line breaks a blank cell adds is shown by all rows together.
ENDLESS: dict[str, Callable[[Sequence[Sheet], Random], bytes]] = {
    "pipe_after": as_pipe_after,
    "pipe_filled": as_pipe_filled,
    "spaced": as_spaced,
}
LAYOUTS: dict[str, Callable[[Sequence[Sheet], Random], bytes]] = {
    "html": as_html,
    "html_lying": as_html_lying,
    "html_cut": as_html_cut,
    "paragraphs": as_paragraphs,
    "tabs": as_tabs,
    "ragged_tabs": as_ragged_tabs,
    "tab_cells": as_tab_cells,
    "lines": as_lines,
    "pipes": as_pipes,
    "pipe_groups": as_pipe_groups,
    "spaces": as_spaces,
}
# Layouts without tables: labels are searched in running text.
TEXT = frozenset({"paragraphs", "lines", "spaces"})
# Layouts that do not print blank cells: a row with blanks is a damaged row there.
LOSE_BLANKS = frozenset({"paragraphs", "spaces"})
# Layouts in which complete rows show what is blank and what is padding.
LEARNT = frozenset({"lines", "ragged_tabs"})
# Layouts in which a blank beside a value is the layout's own.
COUNT_SPACES = frozenset({"pipes", "pipe_groups", "lines"})


def run_together(sheets_: Sequence[Sheet]) -> bytes:
    """Everything in one line, nothing between the cells."""
    return "".join(
        sheet.heading + "".join(box.text for line in sheet.lines for box in line) for sheet in sheets_
    ).encode()


def _flat(text: str) -> str:
    return text.replace("\n", "")


def _heading(sheet: Sheet) -> str:
    return f"<p>{sheet.heading}</p>" if sheet.heading else ""


def html_page(body: str) -> bytes:
    """A page around tables."""
    title = "某县2020年政府信息公开工作年度报告"
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><div><h1>{title}</h1>{body}</div></body></html>"
    ).encode()


def html_table(sheet: Sheet, *, pieces: Random | None = None) -> str:
    """A table with the spans of its sheet."""
    if not sheet.lines:
        return ""
    rows = []
    for line in sheet.lines:
        cells = []
        for box in line:
            size = (f' rowspan="{box.rows}"' if box.rows > 1 else "") + (
                f' colspan="{box.columns}"' if box.columns > 1 else ""
            )
            cells.append(f"<td{size}>{_inner(box.text, pieces)}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _inner(text: str, pieces: Random | None) -> str:
    if pieces is None or len(text) < 4 or text.isdigit():
        return html.escape(text)
    at = pieces.randrange(1, len(text))
    left, right = html.escape(text[:at]), html.escape(text[at:])
    if any(char.isdigit() for char in (text[at - 1], text[at])) and text[at - 1 : at + 1].isalnum():
        return html.escape(text)
    return pieces.choice(
        [f"<span>{left}</span><span>{right}</span>", f"<p>{left}</p><p>{right}</p>", f"{left}<br>{right}"]
    )


def form_under(lines: Sequence[str], *, text: bool) -> tuple[bytes, Hints]:
    """A whole form of 2021, every figure 7, under ``lines``; a page, or text with tabs."""
    form = templates.load().forms["fmt2021"]
    printed = sheets(form, dict.fromkeys(form.codes(), "7"))
    if text:
        body = as_tabs(printed, Random(1)).decode()
        return "\n\n".join([*lines, body]).encode(), Hints(url="a.txt")
    body = as_html(printed, Random(1)).decode()
    paragraphs = "</p><p>".join(lines)
    return body.replace("某县2020年政府信息公开工作年度报告", paragraphs).encode(), Hints(url="a.html")
