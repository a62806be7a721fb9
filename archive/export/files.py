"""What every format of tables shares: files that are there whole or not at all, what a killed export left, the result.

A file is written beside its place, under a name that says which process writes it, and then put there whole. An export
that is killed leaves such a file; the next one of that format into the directory takes it away.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from archive.database import Database
from archive.export.tables import Head, Row, Tables
from archive.records.reports import Filter

WriteRows = Callable[[Iterable[Row]], object]
"""Writes some further rows of a table."""

OpenTable = Callable[[Path, Head], AbstractContextManager[WriteRows]]
"""Begins a table: the path of its file, and its columns. Nothing may be missing when the block has ended."""


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
    table: OpenTable,
    *,
    wanted: Filter | None = None,
    progress: Callable[[str], None] | None = None,
) -> ExportResult:
    """All tables, each as a file of its own; what else holds is said by `Export`.

    Args:
        database: the index.
        directory: where the files go.
        ending: of their names, without the dot: the name of the format.
        table: how a table is written in this format.
        wanted: which reports.
        progress: told the name of each table.
    """
    directory.mkdir(parents=True, exist_ok=True)
    sweep(directory, ending)
    result = ExportResult()

    def counted(name: str, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            result.rows[name] += 1
            yield row

    with database.session() as session, contextlib.ExitStack() as places:
        tables = Tables(session, wanted or Filter())
        with contextlib.ExitStack() as files:  # all are written when it ends, and put in their places after that
            write: dict[str, WriteRows] = {}
            for name, head in tables.heads():
                path = places.enter_context(written_aside(directory / f"{name}.{ending}"))
                write[name] = files.enter_context(table(path, head))
                result.rows[name] = 0
            for name, rows in tables.parts():
                write[name](counted(name, rows))
        result.made_up = tables.made_up
    if progress is not None:
        for name in result.rows:
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
