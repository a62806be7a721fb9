"""Spreadsheets as documents: every block of filled rows is a table, merged cells keep their spans.

python-calamine reads .xlsx, .xls, .et (which is .xls) and .ods; it reports no merged ranges for .ods. Lines of a single
cell above a table (title, unit), and below it from the first long one on, come out as paragraphs. Whole numbers stored
as floating point are printed without the ``.0`` that no reader sees. Where a sheet shows something else than it holds,
`sheetlooks` says what; hidden rows and columns are left out, and told where they hold something.

calamine keeps a sheet as one full rectangle: a file of one kilobyte with a value in the last cell that a sheet can have
would end the process for want of memory. How far the values reach is therefore looked at first.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from parsers.document import Block, Cell, Document, Locator, Notice, Table, Text
from parsers.errors import LocatorError, UnreadableDocument
from parsers.formats import media
from parsers.formats.sheet import xlsx_looks
from parsers.formats.sheet.cell_styles import MAX_ROWS, Looks
from parsers.identity.dates import read_date
from parsers.identity.titles import is_headline
from parsers.record import Hints

MAX_COLUMNS = 256
MAX_CELLS = 10_000_000  # of the rectangle; at 32 bytes each
# Cells with a value, and where they stand (ECMA-376 part 1, 18.3.1.4).
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*\s)?r\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]*(?<!/)>", re.IGNORECASE)
# Rows and cells, which may stand for many (ODF 1.2 part 1, 19.675 and 19.679).
_ODF_TAG = re.compile(rb"<(?:\w+:)?(?:table-|covered-table-)(row|cell)\b[^<>]*>")
_REPEAT = re.compile(rb"repeated\s*=\s*[\"']([0-9]{1,9})")
_LONGEST_DATE = 24  # characters
_EXACT = 1e15  # whole numbers below are exact in double arithmetic, and are shown as such
_LONG = 40  # characters: a single cell this long is a remark, not a value


def read(data: bytes, hints: Hints) -> Document:
    """Read a spreadsheet; hidden sheets are left out.

    Raises:
        UnreadableDocument: damaged or protected by a password.
    """
    return _read(data, hints.media_type or media.XLSX, hints.url or "")


def resolve(data: bytes, locator: Locator, hints: Hints) -> str:
    """The text at a ``sheet`` locator.

    Raises:
        LocatorError: no such sheet or cell.
        UnreadableDocument: as `read`.
    """
    name, cell = str(locator.get("sheet")), str(locator.get("cell"))
    for sheet in _sheets(data, hints.url or ""):
        text = sheet.text_at(cell) if sheet.name == name else None
        if text is not None:
            return text
    raise LocatorError("there is no such cell", subject=f"{name}!{cell}")


@functools.lru_cache(maxsize=2)
def _read(data: bytes, kind: str, subject: str) -> Document:
    found: list[Block] = []
    notices: list[Notice] = []
    for sheet in _sheets(data, subject):
        found.extend(blocks(sheet))
        if sheet.cut:
            notices.append(Notice("long_document", f"only the first {MAX_ROWS} rows of sheet {sheet.name} were read"))
        if not sheet.told:
            message = f"what sheet {sheet.name} strikes through or hides is not known: its styles cannot be read"
            notices.append(Notice("looks_unknown", message))
        if sheet.hidden:
            message = f"sheet {sheet.name} hides {sheet.hidden} cells that are not empty; they were left out"
            notices.append(Notice("hidden_cells", message))
    return Document(media_type=kind, blocks=tuple(found), notices=tuple(notices))


_Merges = dict[tuple[int, int], tuple[int, int]]  # upper left cell -> rows and columns it covers


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet shows.

    Attributes:
        rows: the texts of its cells, hidden rows and columns left out.
        merges: cells that cover others, by their place in ``rows``.
        numbers: which row and which column of the sheet each of them is.
        cut: there are more rows.
        hidden: how many cells that hold something are in hidden rows and columns.
        told: it is known what the sheet strikes through and hides.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    merges: _Merges
    numbers: tuple[tuple[int, ...], tuple[int, ...]]
    cut: bool
    hidden: int
    told: bool = True

    def a1(self, row: int, column: int) -> str:
        """The name of a cell (``B7``) by its place in ``rows``."""
        rows, columns = self.numbers
        beyond = max(0, column + 1 - len(columns))  # a merge may reach beyond the last value
        return _a1(rows[row], (columns[column - beyond] if columns else -1) + beyond)

    def text_at(self, cell: str) -> str | None:
        """The text of a cell by its name; None where there is none."""
        for row, values in enumerate(self.rows):
            for column, text in enumerate(values):
                if self.a1(row, column) == cell:
                    return text
        return None


@functools.lru_cache(maxsize=2)
def _sheets(data: bytes, subject: str) -> tuple[Sheet, ...]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    if _reach(data) > MAX_CELLS:
        raise UnreadableDocument(
            "the sheet's values are spread over more cells than can be read",
            subject=subject,
            advice="Delete what stands far from the table, and save it again",
        )
    found = []
    try:
        looks = _looks(data)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in workbook.sheets_metadata:
            if meta.visible != SheetVisibleEnum.Visible:
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            values = sheet.to_python(skip_empty_area=False)[:MAX_ROWS]
            rows = [[_text(value) for value in row[:MAX_COLUMNS]] for row in values]
            found.append(_shown(meta.name, rows, sheet.merged_cell_ranges or (), looks))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust library is no Exception
        if "password" in str(error).lower():
            raise UnreadableDocument("the file is encrypted", subject=subject, advice="Ask for an open copy") from error
        raise UnreadableDocument("the spreadsheet is damaged", subject=subject, advice="Fetch it again") from error
    return tuple(found)


def _looks(data: bytes) -> dict[str, Looks] | None:
    """How the sheets show their cells; None where the workbook does not say it in a way that can be read."""
    try:
        return xlsx_looks.read(data)
    except Exception:  # noqa: BLE001  # whatever a part that calamine does not need provokes: the values may be whole
        return None


def _shown(
    name: str,
    rows: list[list[str]],
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    known: dict[str, Looks] | None,
) -> Sheet:
    """A sheet as it shows itself."""
    looks = (known or {}).get(name) or Looks()
    _lay_over(rows, looks)
    width = max(map(len, rows), default=0)
    kept_rows = tuple(row for row in range(len(rows)) if row not in looks.rows)
    kept_columns = tuple(column for column in range(width) if column not in looks.columns)
    shown = []
    for row in kept_rows:
        whole = rows[row] + [""] * (width - len(rows[row]))
        shown.append([whole[column] for column in kept_columns])
    merges: _Merges = {}
    for (top, left), (bottom, right) in ranges:
        down = [at for at, row in enumerate(kept_rows) if top <= row <= bottom]
        across = [at for at, column in enumerate(kept_columns) if left <= column <= right]
        if not down or not across:
            continue
        # A merge may reach beyond the last value: as many columns as it covers and nobody hides.
        columns = right - left + 1 - _hidden(looks, left, right)
        merges[down[0], across[0]] = (len(down), max(len(across), columns))
        if top < len(rows) and left < len(rows[top]):
            shown[down[0]][across[0]] = rows[top][left]
    hidden = max(0, _filled(rows) - _filled(shown))
    texts = tuple(map(tuple, shown))
    cut = len(rows) >= MAX_ROWS
    return Sheet(name, texts, merges, (kept_rows, kept_columns), cut, hidden, told=known is not None)


def _lay_over(rows: list[list[str]], looks: Looks) -> None:
    """Put into the rows what the sheet shows in place of its values, and what is drawn over empty ones."""
    for (row, column), text in looks.texts.items():
        if text and row < MAX_ROWS and column < MAX_COLUMNS:
            # What stands behind the last value is not in the rectangle, and is seen all the same.
            rows += [[] for _ in range(row + 1 - len(rows))]
            rows[row] += [""] * (column + 1 - len(rows[row]))
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    for (row, column), text in looks.over.items():
        if row < len(rows) and column < len(rows[row]) and not rows[row][column].strip():
            rows[row][column] = text


def _filled(rows: Sequence[Sequence[str]]) -> int:
    """How many cells hold something."""
    return sum(bool(text.strip()) for row in rows for text in row)


def _hidden(looks: Looks, left: int, right: int) -> int:
    return sum(left <= column <= right for column in looks.columns)


def _reach(data: bytes) -> int:
    """Cells of the largest rectangle that the values of a sheet span; 0 where the format keeps it small (.xls)."""
    if not data.startswith(b"PK"):
        return 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:  # `detect` has seen that it is whole and how large it is
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/") or name == "content.xml"]
    return max(map(_reach_of, parts), default=0)


def _reach_of(xml: bytes) -> int:
    places = {(match[1].upper(), match[2]) for match in _CELL.finditer(xml)}
    if not places:
        return _reach_of_odf(xml)
    rows = [int(row) for _, row in places]
    columns = [_column(letters) for letters, _ in places]
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


def _reach_of_odf(xml: bytes) -> int:
    """As OpenDocument writes cells: without names, those that are alike once with a number of times."""
    total = rows_alike = cells = valued = 0
    for tag in _ODF_TAG.finditer(xml):
        if tag[1] == b"row":
            total += rows_alike * valued
            rows_alike = _times(tag[0])
            cells = valued = 0
            continue
        cells += _times(tag[0])
        if b"value" in tag[0]:
            valued = cells  # what is empty at the end of a row is not kept
    return total + rows_alike * valued


def _times(tag: bytes) -> int:
    match = _REPEAT.search(tag)
    return int(match[1]) if match else 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        return repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value)


def blocks(sheet: Sheet) -> Iterator[Block]:
    """The tables of a sheet, parted by empty rows, and the lines of one cell above and below them."""
    rows = sheet.rows
    start = 0
    while start < len(rows):
        if not any(text.strip() for text in rows[start]):
            start += 1
            continue
        end = start
        while end < len(rows) and any(text.strip() for text in rows[end]):
            end += 1
        yield from _block(sheet, start, end)
        start = end


def _block(sheet: Sheet, start: int, end: int) -> Iterator[Block]:
    rows = sheet.rows
    while start < end and (_is_line(rows[start]) or _is_dated_headline(rows[start])):
        yield from _lines(sheet, start)
        start += 1
    alone = end
    while alone > start and _is_line(rows[alone - 1]):
        alone -= 1
    # Short lines before the first long one may be labels whose values are blank; what follows a long one is text.
    last = next((row for row in range(alone, end) if max(map(len, rows[row])) >= _LONG), end)
    if last > start:
        yield _table(sheet, start, last)
    for row in range(last, end):
        yield _line(sheet, row)


def _is_line(row: Sequence[str]) -> bool:
    return sum(bool(text.strip()) for text in row) == 1


def _is_dated_headline(row: Sequence[str]) -> bool:
    """Whether a row is the headline of a report with its date in a cell far beside it."""
    first, *others = [text for text in row if text.strip()] or [""]
    dated = all(len(text) <= _LONGEST_DATE and read_date(text) is not None for text in others)
    return bool(others) and dated and is_headline(first)


def _lines(sheet: Sheet, row: int) -> Iterator[Text]:
    for column, text in enumerate(sheet.rows[row]):
        if text.strip():
            yield Text(text, Locator.of("sheet", sheet=sheet.name, cell=sheet.a1(row, column)))


def _line(sheet: Sheet, row: int) -> Text:
    column = next(index for index, text in enumerate(sheet.rows[row]) if text.strip())
    return Text(sheet.rows[row][column], Locator.of("sheet", sheet=sheet.name, cell=sheet.a1(row, column)))


def _table(sheet: Sheet, start: int, end: int) -> Table:
    rows, merges = sheet.rows, sheet.merges
    filled = [index for row in rows[start:end] for index, text in enumerate(row) if text.strip()]
    first, beyond = min(filled), max(filled) + 1
    for (top, left), (_, width) in merges.items():
        if start <= top < end:
            first, beyond = min(first, left), max(beyond, min(left + width, MAX_COLUMNS))
    covered: set[tuple[int, int]] = set()
    for (top, left), (height, width) in merges.items():
        if start <= top < end:
            rows_below = range(top, min(top + height, end))
            columns_beside = range(left, min(left + width, beyond))
            covered |= set(itertools.product(rows_below, columns_beside)) - {(top, left)}
    cells: list[Cell] = []
    for row in range(start, end):
        for column in range(first, beyond):
            text = rows[row][column] if column < len(rows[row]) else ""
            if (row, column) in covered and not text.strip():
                continue
            height, width = merges.get((row, column), (1, 1))
            locator = Locator.of("sheet", sheet=sheet.name, cell=sheet.a1(row, column))
            cells.append(Cell(text, row - start, column - first, locator, min(height, end - row), width))
    corner = f"{sheet.a1(start, first)}:{sheet.a1(end - 1, beyond - 1)}"
    return Table(tuple(cells), Locator.of("sheet", sheet=sheet.name, cell=corner), caption=sheet.name)


def _a1(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
