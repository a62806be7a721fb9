"""Spreadsheets as documents: every block of filled rows is a table, merged cells keep their spans.

python-calamine reads .xlsx, .xls, .et (which is .xls) and .ods; it reports no merged ranges for .ods. Lines of a single
cell above a table (title, unit) come out as paragraphs. Whole numbers stored as floating point are printed without the
``.0`` that no reader sees.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
from collections.abc import Iterator, Sequence
from typing import Any

from parsers._errors import LocatorError, UnreadableDocument
from parsers.document import Block, Cell, Document, Locator, Notice, Table, Text
from parsers.formats import detect
from parsers.record import Hints

MAX_ROWS = 5000
MAX_COLUMNS = 256
_LONG = 40  # characters: a single cell this long is a remark, not a value


def read(data: bytes, hints: Hints) -> Document:
    """Read a spreadsheet; hidden sheets are left out.

    Raises:
        UnreadableDocument: damaged or protected by a password.
    """
    return _read(data, hints.media_type or detect.XLSX, hints.url or "")


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The text at a ``sheet`` locator.

    Raises:
        LocatorError: no such sheet or cell.
        UnreadableDocument: as `read`.
    """
    sheets = _sheets(data, hints.url or "")
    name, cell = str(locator.get("sheet")), str(locator.get("cell"))
    for title, rows, _ in sheets:
        if title != name:
            continue
        for row, values in enumerate(rows):
            for column, text in enumerate(values):
                if _a1(row, column) == cell:
                    return text
    raise LocatorError("there is no such cell", subject=f"{name}!{cell}")


@functools.lru_cache(maxsize=2)
def _read(data: bytes, kind: str, subject: str) -> Document:
    blocks: list[Block] = []
    notices: list[Notice] = []
    for name, rows, merges in _sheets(data, subject):
        blocks.extend(_blocks(name, rows, merges))
        if len(rows) >= MAX_ROWS:
            notices.append(Notice("long_document", f"only the first {MAX_ROWS} rows of sheet {name} were read"))
    return Document(media_type=kind, blocks=tuple(blocks), notices=tuple(notices))


_Merges = dict[tuple[int, int], tuple[int, int]]  # upper left cell -> rows and columns it covers


@functools.lru_cache(maxsize=2)
def _sheets(data: bytes, subject: str) -> tuple[tuple[str, tuple[tuple[str, ...], ...], _Merges], ...]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    found = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in workbook.sheets_metadata:
            if meta.visible != SheetVisibleEnum.Visible:
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            values = sheet.to_python(skip_empty_area=False)[:MAX_ROWS]
            rows = tuple(tuple(_text(value) for value in row[:MAX_COLUMNS]) for row in values)
            merges: _Merges = {
                (top, left): (bottom - top + 1, right - left + 1)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            }
            found.append((meta.name, rows, merges))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust library is no Exception
        if "password" in str(error).lower():
            raise UnreadableDocument("the file is encrypted", subject=subject, advice="Ask for an open copy") from error
        raise UnreadableDocument("the spreadsheet is damaged", subject=subject, advice="Fetch it again") from error
    return tuple(found)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (dt.datetime, dt.date)):
        text = value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
        return text.removesuffix(" 00:00:00")
    return "" if value is None else str(value)


def _blocks(name: str, rows: Sequence[Sequence[str]], merges: _Merges) -> Iterator[Block]:
    start = 0
    while start < len(rows):
        if not any(text.strip() for text in rows[start]):
            start += 1
            continue
        end = start
        while end < len(rows) and any(text.strip() for text in rows[end]):
            end += 1
        yield from _block(name, rows, start, end, merges)
        start = end


def _block(name: str, rows: Sequence[Sequence[str]], start: int, end: int, merges: _Merges) -> Iterator[Block]:
    while start < end and _is_line(rows[start]):
        yield _line(name, rows, start)
        start += 1
    last = end
    while last > start and _is_line(rows[last - 1]) and max(map(len, rows[last - 1])) >= _LONG:
        last -= 1
    if last > start:
        yield _table(name, rows, start, last, merges)
    for row in range(last, end):
        yield _line(name, rows, row)


def _is_line(row: Sequence[str]) -> bool:
    return sum(bool(text.strip()) for text in row) == 1


def _line(name: str, rows: Sequence[Sequence[str]], row: int) -> Text:
    column = next(index for index, text in enumerate(rows[row]) if text.strip())
    return Text(rows[row][column], Locator.of("sheet", sheet=name, cell=_a1(row, column)))


def _table(name: str, rows: Sequence[Sequence[str]], start: int, end: int, merges: _Merges) -> Table:
    filled = [index for row in rows[start:end] for index, text in enumerate(row) if text.strip()]
    first, beyond = min(filled), max(filled) + 1
    for (top, left), (_, width) in merges.items():
        if start <= top < end:
            first, beyond = min(first, left), max(beyond, min(left + width, MAX_COLUMNS))
    covered = {
        (row, column)
        for (top, left), (height, width) in merges.items()
        if start <= top < end
        for row in range(top, min(top + height, end))
        for column in range(left, min(left + width, beyond))
        if (row, column) != (top, left)
    }
    cells: list[Cell] = []
    for row in range(start, end):
        for column in range(first, beyond):
            text = rows[row][column] if column < len(rows[row]) else ""
            if (row, column) in covered and not text.strip():
                continue
            height, width = merges.get((row, column), (1, 1))
            locator = Locator.of("sheet", sheet=name, cell=_a1(row, column))
            cells.append(Cell(text, row - start, column - first, locator, min(height, end - row), width))
    corner = f"{_a1(start, first)}:{_a1(end - 1, beyond - 1)}"
    return Table(tuple(cells), Locator.of("sheet", sheet=name, cell=corner), caption=name)


def _a1(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
