"""Tables saved as comma-separated values, as spreadsheets write them: read like a sheet that has no merged cells.

Quotes, doubled quotes and line breaks within quotes are those of RFC 4180; the separator is the one of comma, tab and
semicolon that stands in most lines (spreadsheets write what their locale asks for). ``="012"`` is how text is
kept from being taken for a number, and shows ``012``. Where quotes do not match, each line is read on its own: a quote
that nobody closes would swallow every row below it.

Locators are those of sheets; a file has one sheet, which has no name.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
import re
from collections import Counter
from collections.abc import Sequence

from parsers.document import Cell, Document, Locator, Notice, Table
from parsers.errors import LocatorError, UnreadableDocument
from parsers.formats import limits
from parsers.formats.charset import Decoded, decode
from parsers.formats.sheet.cell_styles import MAX_ROWS
from parsers.formats.sheet.reader import MAX_COLUMNS, Sheet, blocks
from parsers.record import Hints

_SEPARATORS = ",\t;"
_SHOWN = re.compile(r'="(?P<text>[^"]*)"')
_A1 = re.compile(r"(?P<column>[A-Z]+)(?P<row>\d+)")
_SETTING = re.compile(r"sep=.[ \t]*(?:\r\n|\n|\r)", re.IGNORECASE)  # Excel's own line that names the separator


def read(data: bytes, hints: Hints) -> Document:
    """Read a file of separated values.

    Args:
        data: the file; its charset is found by `parsers.formats.charset`.
        hints: ``charset`` and ``media_type`` as the server said.

    Raises:
        OversizedDocument: more than any report holds.
        UnreadableDocument: a single value is longer than any cell.
    """
    decoded, sheet, matched, lengths = _sheet(data, hints.charset, hints.url or "")
    notices = []
    if decoded.lossy:
        message = "some bytes are no text in any charset that fits; they are shown as U+FFFD"
        notices.append(Notice("undecodable_bytes", message))
    if not matched:
        message = "the quotes do not match; each line was read on its own"
        notices.append(Notice("quotes_unmatched", message, Locator.of("sheet", sheet="", cell="A1")))
    if sheet.cut:
        notices.append(Notice("long_document", f"only the first {MAX_ROWS} rows were read"))
    found = tuple(_as_long_as_printed(block, lengths) if isinstance(block, Table) else block for block in blocks(sheet))
    return Document(hints.media_type or "text/csv", found, notices=tuple(notices), charset=decoded.charset)


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The text at a ``sheet`` locator.

    Raises:
        LocatorError: there is no such cell.
        UnreadableDocument: as `read`.
    """
    _, sheet, _, _ = _sheet(data, hints.charset, hints.url or "")
    text = sheet.text_at(str(locator.get("cell")))
    if text is None:
        raise LocatorError("there is no such cell", subject=str(locator.get("cell")))
    return text


@functools.lru_cache(maxsize=2)
def _sheet(data: bytes, charset: str | None, subject: str) -> tuple[Decoded, Sheet, bool, tuple[int, ...]]:
    """The text, its rows as a sheet, whether its quotes match, and how many values each line holds."""
    decoded = decode(data, (charset,))
    limits.check_text(decoded.text)
    text = _SETTING.sub("", decoded.text, count=1) if _SETTING.match(decoded.text) else decoded.text
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    separator = max(_SEPARATORS, key=lambda sign: sum(sign in line for line in lines))
    matched = True
    try:
        rows = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        matched = False
        rows = [_alone(line, separator, subject) for line in lines if line]
    shown = [[_text(cell) for cell in row[:MAX_COLUMNS]] for row in rows[:MAX_ROWS]]
    width = max(map(len, shown), default=0)
    numbers = (tuple(range(len(shown))), tuple(range(width)))
    sheet = Sheet("", tuple((*row, *[""] * (width - len(row))) for row in shown), {}, numbers, len(rows) > MAX_ROWS, 0)
    return decoded, sheet, matched, tuple(map(len, shown))


def _as_long_as_printed(table: Table, lengths: Sequence[int]) -> Table:
    """The table without what fills up lines that are shorter than its others: those cells are lost, and not blank."""
    places = [_place(cell) for cell in table.cells]
    rows = {row for row, _ in places}
    usual = Counter(lengths[row] for row in rows).most_common(1)[0][0]
    cells = [
        cell
        for cell, (row, column) in zip(table.cells, places, strict=True)
        if column < lengths[row] or lengths[row] >= usual
    ]
    return dataclasses.replace(table, cells=tuple(cells))


def _place(cell: Cell) -> tuple[int, int]:
    """Row and column of a cell in the file, from 0."""
    match = _A1.fullmatch(str(cell.locator.get("cell")))
    assert match is not None, cell.locator
    column = functools.reduce(lambda number, letter: 26 * number + ord(letter) - ord("A") + 1, match["column"], 0)
    return int(match["row"]) - 1, column - 1


def _alone(line: str, separator: str, subject: str) -> list[str]:
    """The cells of a line that is read on its own; what quotes are left in it are text."""
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        pass
    try:
        return next(csv.reader([line], delimiter=separator, quoting=csv.QUOTE_NONE), [])
    except csv.Error as error:
        message = "a value of the table is longer than any cell"
        raise UnreadableDocument(message, subject=subject, advice="Fetch it again") from error


def _text(cell: str) -> str:
    """What a spreadsheet shows of a cell."""
    match = _SHOWN.fullmatch(cell.strip())
    return match["text"] if match else cell
