"""The codebook's tables as CSV: UTF-8 with BOM (spreadsheets need it), ISO dates, exact decimals, line feeds.

The bytes depend on nothing but the archive, the code and the configuration.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from archive.database import Database
from archive.database.types import json_text
from archive.export.files import ExportResult, write_tables
from archive.export.tables import Row
from archive.records.reports import Filter
from parsers import decimal_text


def export_csv(
    database: Database, directory: Path, wanted: Filter | None = None, progress: Callable[[str], None] | None = None
) -> ExportResult:
    """All tables as CSV: arguments and errors are those of `archive.export.files.Export`."""
    return write_tables(database, directory, "csv", _write, wanted=wanted, progress=progress)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_text(value) for value in row])
            count += 1
    return count


def _text(value: Any) -> str:
    """A value as it stands in a cell; None and nothing look alike, which is why statuses have columns of their own."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value) or ""
    if isinstance(value, (dict, list)):
        return json_text(value)
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


_FORMULA = re.compile(r"[=@＝＠\t\r\n]|[+\-＋－].*[(|!（]", re.DOTALL)
"""What a spreadsheet would run as a formula: text of strangers must not. Signs before numbers and dashes stay."""
