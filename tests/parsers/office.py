"""Sheets printed as Word and Excel files, and as tables within tables of a page. Used with `layouts`."""

from __future__ import annotations

import html
from collections.abc import Sequence
from random import Random
from string import ascii_uppercase

from tests.parsers.formats.sheet.test_reader import xlsx
from tests.parsers.formats.word.test_reader import docx, p, tc, tr
from tests.parsers.layouts import Sheet, grid, html_page, html_table, owners


def as_word(sheets: Sequence[Sheet], _random: Random) -> bytes:
    """A Word file with honest merges."""
    return docx("".join(_word(sheet, honest=True) for sheet in sheets))


def as_word_unmerged(sheets: Sequence[Sheet], _random: Random) -> bytes:
    """A Word file whose merges across are lost: a line has as many cells as it prints, and those below a merge."""
    return docx("".join(_word(sheet, honest=False) for sheet in sheets))


def _word(sheet: Sheet, *, honest: bool) -> str:
    lines = []
    for number, full in enumerate(owners(sheet)):
        # A line that lost a cell has fewer: Word does not fill it up.
        line = full[: 1 + max((column for column, owner in enumerate(full) if owner), default=-1)]
        cells = []
        column = 0
        while column < len(line):
            owner = line[column]
            if owner is None:
                cells.append(tc(""))
                column += 1
                continue
            box, row, _ = owner
            down = (
                f"<w:vMerge{' w:val=' + chr(39) + 'restart' + chr(39) if row == number else ''}/>"
                if box.rows > 1
                else ""
            )
            across = f"<w:gridSpan w:val='{box.columns}'/>" if honest and box.columns > 1 else ""
            cells.append(tc(html.escape(box.text) if row == number else "", across + down))
            column += box.columns
        lines.append(tr(*cells))
    return p(sheet.heading) + (f"<w:tbl>{''.join(lines)}</w:tbl>" if lines else "")


def as_sheet(sheets: Sequence[Sheet], _random: Random) -> bytes:
    """A workbook: all tables below each other on one sheet, with merges, numbers as numbers."""
    cells: dict[str, str | float] = {}
    merges: list[str] = []
    top = 1
    for sheet in sheets:
        cells[f"A{top}"] = sheet.heading
        top += 2
        full = grid(sheet)
        for row, line in enumerate(full):
            for column, box in enumerate(line):
                if box is None:
                    continue
                name = f"{_letters(column)}{top + row}"
                if box.text.strip():
                    cells[name] = int(box.text) if box.code and box.text.isdecimal() else html.escape(box.text)
                if box.rows > 1 or box.columns > 1:
                    merges.append(f"{name}:{_letters(column + box.columns - 1)}{top + row + box.rows - 1}")
        top += len(full) + 1
    return xlsx(cells, tuple(merges))


def as_nested(sheets: Sequence[Sheet], random: Random) -> bytes:
    """A page laid out by tables: every table in a cell of another, some cells holding a table of one cell."""
    parts = []
    for sheet in sheets:
        inner = html_table(sheet)
        for _ in range(random.randrange(3)):
            inner = f"<table><tr><td>{inner}</td></tr></table>"
        parts.append(f"<table><tr><td><p>{sheet.heading}</p></td></tr><tr><td>{inner}</td></tr></table>")
    return html_page("".join(parts))


def as_wrapped_cells(sheets: Sequence[Sheet], random: Random) -> bytes:
    """A page in which some values stand in a table of one cell each."""
    parts = []
    for sheet in sheets:
        page = html_table(sheet)
        for text in {box.text for line in sheet.lines for box in line if box.code and box.text}:
            if random.random() < 0.5:
                page = page.replace(f"<td>{text}</td>", f"<td><table><tr><td>{text}</td></tr></table></td>")
        parts.append(f"<p>{sheet.heading}</p>{page}")
    return html_page("".join(parts))


def _letters(column: int) -> str:
    return (ascii_uppercase[column // 26 - 1] if column >= 26 else "") + ascii_uppercase[column % 26]


OFFICE = {
    "word": as_word,
    "word_unmerged": as_word_unmerged,
    "sheet": as_sheet,
    "nested": as_nested,
    "wrapped_cells": as_wrapped_cells,
}
