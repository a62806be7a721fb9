"""The codebook's tables as CSV: UTF-8 with BOM (spreadsheets need it), ISO dates, exact decimals, line feeds.

The bytes depend on nothing but the archive, the code and the configuration. Each file is written beside its place and
then put there whole.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from archive.database import Database
from archive.database.types import json_text
from archive.export.tables import Row, Tables
from archive.records.reports import Filter
from parsers import decimal_text

_BEGUN = re.compile(r"\.\w+\.csv\.(\d+)\.tmp")


@dataclass(slots=True)
class ExportResult:
    """Rows written by table; ``made_up`` counts reports that were not obtained from the hosts they name."""

    rows: dict[str, int] = field(default_factory=dict)
    made_up: int = 0


def export_csv(
    database: Database, directory: Path, wanted: Filter | None = None, progress: Callable[[str], None] | None = None
) -> ExportResult:
    """Write all tables into ``directory``; files of that name are replaced whole.

    Args:
        database: the index.
        directory: made when it is not there.
        wanted: which reports; all when not given.
        progress: told the name of each table when it is written.

    Raises:
        OSError: the directory cannot be written.
        ConfigurationError: the templates cannot be used.
    """
    directory.mkdir(parents=True, exist_ok=True)
    _sweep(directory)
    result = ExportResult()
    with database.session() as session:
        tables = Tables(session, wanted or Filter())
        result.made_up = sum(1 for line in tables.lines if line.made_up)
        for name, columns, rows in tables.all():
            result.rows[name] = _write(directory / f"{name}.csv", columns, rows)
            if progress is not None:
                progress(name)
    return result


def _sweep(directory: Path) -> None:
    """Take away what exports that were killed had begun; what another one is writing stays."""
    for path in directory.iterdir():
        found = _BEGUN.fullmatch(path.name)
        if found is not None and not _lives(int(found[1])):
            path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    if process == os.getpid():
        return False  # this one has begun nothing yet: the number was another's
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    count = 0
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")  # as `_BEGUN` has it
    try:
        with temporary.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for row in rows:
                writer.writerow([_text(value) for value in row])
                count += 1
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
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
