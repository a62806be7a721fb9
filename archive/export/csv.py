"""The codebook's tables as CSV: UTF-8 with BOM (spreadsheets need it), ISO dates, exact decimals, line feeds.

The bytes depend on nothing but the archive, the code and the configuration.
"""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from archive.database import Database
from archive.export.files import ExportResult, WriteRows, write_tables
from archive.export.tables import Head, Row
from archive.records.reports import Filter


def export_csv(
    database: Database, directory: Path, wanted: Filter | None = None, progress: Callable[[str], None] | None = None
) -> ExportResult:
    """All tables as CSV: arguments and errors are those of `archive.export.files.Export`."""
    return write_tables(database, directory, "csv", _table, wanted=wanted, progress=progress)


@contextlib.contextmanager
def _table(path: Path, head: Head) -> Iterator[WriteRows]:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\N{ZERO WIDTH NO-BREAK SPACE}")
        file.write(",".join(head.columns) + "\n")
        yield lambda rows: file.writelines(_lines(rows, head.strange))


def _lines(rows: Iterable[Row], strange: Sequence[int]) -> Iterator[str]:
    """Rows as lines, by the `csv` module.

    It puts the characters of its own line end in quotes: with CR LF a carriage return that stands alone, too, which
    would end the line for many readers (with LF Python does so from 3.13 on). The lines then end in LF.

    Args:
        rows: of one table.
        strange: places of cells that may hold what strangers wrote; no other is run as a formula.
    """
    made: list[str] = []
    writer = csv.writer(SimpleNamespace(write=made.append), lineterminator="\r\n")
    for row in rows:
        cells = [value if value.__class__ is str else _word(value) for value in row]
        for at in strange:
            if cells[at]:
                cells[at] = _unrun(cells[at])
        writer.writerow(cells)
        yield made.pop().removesuffix("\r\n") + "\n"


def _word(value: Any) -> str:
    """A value that is no text; None and nothing look alike, which is why statuses have columns of their own."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _unrun(text: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{text}" if text[0] in _SIGNS and _FORMULA.match(text) else text


_SIGNS = frozenset("=@＝＠\t\r\n+-＋－")
_FORMULA = re.compile(r"[=@＝＠\t\r\n]|[+\-＋－].*[(|!（]", re.DOTALL)
"""What a spreadsheet would run as a formula: text of strangers must not. Signs before numbers and dashes stay."""
