"""What every format of tables shares: files that are there whole or not at all, what a killed export left, the result.

A file is written beside its place, under a name that says which process writes it, and then put there whole. An export
that is killed leaves such a file; the next one of that format into the directory takes it away.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from archive.database import Database
from archive.export.tables import Row, Tables
from archive.records.reports import Filter

WriteTable = Callable[[Path, Sequence[str], Iterable[Row]], int]
"""Writes one table into a file: its path, the names of the columns, the rows. Returns how many rows there were."""


@dataclass(slots=True)
class ExportResult:
    """Rows written by table; ``made_up`` counts reports that were not obtained from the hosts they name."""

    rows: dict[str, int] = field(default_factory=dict)
    made_up: int = 0


class Export(Protocol):
    """What writes all tables in one format."""

    def __call__(
        self,
        database: Database,
        directory: Path,
        wanted: Filter | None = None,
        progress: Callable[[str], None] | None = None,
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
        ...


def write_tables(
    database: Database,
    directory: Path,
    ending: str,
    write: WriteTable,
    *,
    wanted: Filter | None = None,
    progress: Callable[[str], None] | None = None,
) -> ExportResult:
    """All tables, each as a file of its own; what else holds is said by `Export`.

    Args:
        database: the index.
        directory: where the files go.
        ending: of their names, without the dot: the name of the format.
        write: how a table is written in this format.
        wanted: which reports.
        progress: told the name of each table.
    """
    directory.mkdir(parents=True, exist_ok=True)
    sweep(directory, ending)
    result = ExportResult()
    with database.session() as session:
        tables = Tables(session, wanted or Filter())
        result.made_up = sum(1 for line in tables.lines if line.made_up)
        for name, columns, rows in tables.all():
            with written_aside(directory / f"{name}.{ending}") as path:
                result.rows[name] = write(path, columns, rows)
            if progress is not None:
                progress(name)
    return result


@contextlib.contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Where a file is to be written that is put at ``path`` when the block ends, or taken away when it fails."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")  # as `sweep` looks for it
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def sweep(directory: Path, ending: str) -> None:
    """Take away what exports that were killed had begun; what another one is writing stays.

    Args:
        directory: where they wrote.
        ending: of the files that they wrote, without the dot.
    """
    begun = re.compile(rf"\.\w+\.{re.escape(ending)}\.(\d+)\.tmp")
    for path in directory.iterdir():
        found = begun.fullmatch(path.name)
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
