"""Damaged papers printed as text and as pages, each in twelve layouts. Used by `test_mutations`, with `mutations`."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from random import Random
from unicodedata import east_asian_width

from tests.parsers import layouts
from tests.parsers.layouts import Box, Sheet, grid
from tests.parsers.mutations import BREAK, MARK, NOTE

Printer = Callable[[Sequence[Sheet], Random], bytes]


def _boxes(sheets: Sequence[Sheet]) -> list[tuple[Sheet, list[list[Box | None]]]]:
    return [(sheet, grid(sheet)) for sheet in sheets]


# ---- text


def as_drawn(sheets: Sequence[Sheet], _random: Random) -> bytes:
    """Boxes drawn with lines, one row each."""
    lines: list[str] = []
    for sheet, rows in _boxes(sheets):
        lines += [sheet.heading, ""]
        texts = [[box.text if box else "" for box in row] for row in rows]
        widths = [max(_width(row[at]) for row in texts) for at in range(len(texts[0]))] if texts else []
        rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
        for row in texts:
            lines.append(rule)
            lines.append(
                "|" + "|".join(f" {_wide(text, width)} " for text, width in zip(row, widths, strict=True)) + "|"
            )
        lines += [rule, ""] if texts else [""]
    return "\n".join(lines).encode()


def as_columns(sheets: Sequence[Sheet], _random: Random) -> bytes:
    """Columns of a fixed width, filled up with spaces."""
    lines: list[str] = []
    for sheet, rows in _boxes(sheets):
        lines += [sheet.heading, ""]
        texts = [[box.text if box else "" for box in row] for row in rows]
        widths = [max(_width(row[at]) for row in texts) for at in range(len(texts[0]))] if texts else []
        lines += ["  ".join(_wide(text, w) for text, w in zip(row, widths, strict=True)).rstrip() for row in texts]
        lines.append("")
    return "\n".join(lines).encode()


def as_commas(sheets: Sequence[Sheet], _random: Random) -> bytes:
    """Comma-separated values of the full grid."""
    lines: list[str] = []
    for sheet, rows in _boxes(sheets):
        lines.append(sheet.heading)
        lines += [",".join(box.text if box else "" for box in row) for row in rows]
        lines.append("")
    return "\n".join(lines).encode()


def as_bare_lines(sheets: Sequence[Sheet], _random: Random) -> bytes:
    """One cell a line and nothing between; blank cells are gone."""
    lines: list[str] = []
    for sheet in sheets:
        lines.append(sheet.heading)
        lines += [box.text for line in sheet.lines for box in line if box.text.strip()]
    return "\n".join(lines).encode()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text if sign not in {MARK, BREAK, NOTE})


def _wide(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


# ---- pages


def as_word_html(sheets: Sequence[Sheet], random: Random) -> bytes:
    """Pasted from a text processor: every text in spans of a paragraph."""

    def cell(text: str) -> str:
        return f'<p class="MsoNormal"><span lang="EN-US">{html.escape(text)}<o:p></o:p></span></p>'

    return _page(sheets, lambda sheet: _table(sheet, cell))


def as_heads(sheets: Sequence[Sheet], random: Random) -> bytes:
    """With thead, th and a caption."""

    def table(sheet: Sheet) -> str:
        rows = _rows(sheet, html.escape, head="th")
        top, rest = "".join(rows[: sheet.headers]), "".join(rows[sheet.headers :])
        return f"<table><caption>{sheet.heading[2:]}</caption><thead>{top}</thead><tbody>{rest}</tbody></table>"

    return _page(sheets, table)


def as_nested(sheets: Sequence[Sheet], random: Random) -> bytes:
    """Within a table that sets the page."""
    inner = layouts.as_html(sheets, random).decode()
    return re.sub(r"<div>(.*)</div>", r"<table><tr><td>\1</td></tr></table>", inner, flags=re.DOTALL).encode()


def as_one_table(sheets: Sequence[Sheet], random: Random) -> bytes:
    """All tables in one, headings as rows of it."""
    rows = []
    for sheet in sheets:
        rows.append(f"<tr><td colspan=15>{sheet.heading}</td></tr>")
        rows += _rows(sheet, html.escape)
    return layouts.html_page(f"<table>{''.join(rows)}</table>")


def as_row_tables(sheets: Sequence[Sheet], random: Random) -> bytes:
    """A table for every few rows, spans down lost."""

    def tables(sheet: Sheet) -> str:
        rows = _rows(sheet, html.escape, spans=False)
        pieces = []
        while rows:
            size = random.randrange(1, 4) + (sheet.headers if not pieces else 0)
            pieces.append(f"<table>{''.join(rows[:size])}</table>")
            rows = rows[size:]
        return "".join(pieces)

    return _page(sheets, tables)


def as_sloppy(sheets: Sequence[Sheet], random: Random) -> bytes:
    """Cells and rows never closed, blanks as spaces, white space everywhere."""

    def table(sheet: Sheet) -> str:
        rows = _rows(sheet, lambda text: f"\n\t {html.escape(text)}&nbsp;\n", spans=True)
        return f"<TABLE BORDER=1>{''.join(rows)}</TABLE>".replace("</td>", "").replace("</tr>", "")

    return _page(sheets, table)


def as_flat_labels(sheets: Sequence[Sheet], random: Random) -> bytes:
    """No spans at all: the cells that a span covers stand there, empty."""

    def table(sheet: Sheet) -> str:
        rows = ["".join(f"<td>{html.escape(box.text) if box else ''}</td>" for box in row) for row in grid(sheet)]
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    return _page(sheets, table)


def as_breaks(sheets: Sequence[Sheet], random: Random) -> bytes:
    """Lines parted by breaks, cells by spaces; blank cells are gone."""
    lines = []
    for sheet in sheets:
        lines.append(sheet.heading)
        lines += ["&nbsp;&nbsp;".join(html.escape(b.text) for b in line if b.text.strip()) for line in sheet.lines]
    return layouts.html_page(f"<p>{'<br>'.join(lines)}</p>")


def as_boxes(sheets: Sequence[Sheet], random: Random) -> bytes:
    """Set with styles: rows and cells are div."""

    def table(sheet: Sheet) -> str:
        rows = []
        for row in grid(sheet):
            cells = "".join(
                f'<div style="display:table-cell">{html.escape(box.text) if box else ""}</div>' for box in row
            )
            rows.append(f'<div style="display:table-row">{cells}</div>')
        return f'<div style="display:table">{"".join(rows)}</div>'

    return _page(sheets, table)


def as_preformatted(sheets: Sequence[Sheet], random: Random) -> bytes:
    """Tabs within pre."""
    return layouts.html_page(f"<pre>{html.escape(layouts.as_tabs(sheets, random).decode())}</pre>")


def _page(sheets: Sequence[Sheet], table: Callable[[Sheet], str]) -> bytes:
    return layouts.html_page("".join(f"<p>{s.heading}</p>{table(s) if s.lines else ''}" for s in sheets))


def _table(sheet: Sheet, cell: Callable[[str], str]) -> str:
    return f"<table>{''.join(_rows(sheet, cell))}</table>"


def _rows(sheet: Sheet, cell: Callable[[str], str], *, head: str = "td", spans: bool = True) -> list[str]:
    rows = []
    for line in sheet.lines:
        cells = []
        for box in line:
            tag = head if box.header else "td"
            down = f" rowspan={box.rows}" if spans and box.rows > 1 else ""
            cells.append(f"<{tag}{down}{f' colspan={box.columns}' if box.columns > 1 else ''}>{cell(box.text)}</{tag}>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return rows


TEXTS: dict[str, Printer] = {
    "tabs": layouts.as_tabs,
    "ragged_tabs": layouts.as_ragged_tabs,
    "tab_cells": layouts.as_tab_cells,
    "lines": layouts.as_lines,
    "pipes": layouts.as_pipes,
    "pipe_groups": layouts.as_pipe_groups,
    "spaces": layouts.as_spaces,
    "pipe_after": layouts.as_pipe_after,
    "spaced": layouts.as_spaced,
    "drawn": as_drawn,
    "columns": as_columns,
    "commas": as_commas,
    "bare_lines": as_bare_lines,
}
PAGES: dict[str, Printer] = {
    "html": layouts.as_html,
    "html_lying": layouts.as_html_lying,
    "html_cut": layouts.as_html_cut,
    "paragraphs": layouts.as_paragraphs,
    "word": as_word_html,
    "heads": as_heads,
    "nested": as_nested,
    "one_table": as_one_table,
    "row_tables": as_row_tables,
    "sloppy": as_sloppy,
    "flat_labels": as_flat_labels,
    "breaks": as_breaks,
    "boxes": as_boxes,
    "preformatted": as_preformatted,
}
# Layouts without blank cells.
LOSE_BLANKS = frozenset({"spaces", "bare_lines", "paragraphs", "breaks"})
# Layouts in which a break within a cell leaves it one cell.
WRAP = frozenset(PAGES) - {"paragraphs", "breaks", "preformatted"}
# Layouts that print the whole grid: a line that lacks a cell ends in a blank.
FILL = frozenset({"tabs", "ragged_tabs", "pipes", "drawn", "columns", "commas", "flat_labels", "boxes", "preformatted"})
# Layouts whose blank cells are shown only by what other rows show, for the forms with wide tables.
WIDE_ONLY = frozenset({"pipe_after", "spaced"})


def printed(layout: str, sheets: Sequence[Sheet], random: Random, title: str) -> bytes:
    """The document, with page marks, breaks and notes as the layout has them."""
    if layout in PAGES:
        page = PAGES[layout](sheets, random).decode()
        own_line = f"<tr>(?:(?!</tr>)[^{MARK}])*{MARK}([^{MARK}]*){MARK}(?:(?!<tr>).)*?</tr>"
        if random.random() < 0.5:
            page = re.sub(own_line, r"</table><p>\1</p><table>", page, flags=re.DOTALL)
        page = page.replace(MARK, "").replace(NOTE, "<sup>1</sup>")
        page = page.replace(BREAK, "\n" if layout == "preformatted" else "<br>")
        return page.replace("某县2020年政府信息公开工作年度报告", title).encode()
    text = TEXTS[layout](sheets, random).decode()
    text = re.sub(rf"^[^\n{MARK}]*{MARK}([^{MARK}\n]*){MARK}.*(?:\n\|+$)?", r"\1", text, flags=re.MULTILINE)
    text = text.replace(BREAK, "\n").replace(NOTE, "¹")
    return f"{title}\n\n{text}".encode()
