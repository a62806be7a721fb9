"""A database made beside the one that is read, which takes its place in one moment when it is whole.

    SQLite        gongkai.db.rebuild beside gongkai.db; its pages are written over the standing ones in one transaction
    PostgreSQL    the schema <schema>_rebuild beside <schema>; its rows take the place of the others in one transaction

Whoever reads meanwhile sees the standing one as it was, to the end of his session. Nothing is swapped by name: a file
that takes another's place would be read with the other's write-ahead log, a table with a snapshot that knows no row of
it, and both look like an answer.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, column, delete, func, inspect, select, table, text
from sqlalchemy.schema import CreateSchema, DropSchema

from archive.database.base import Base
from archive.database.session import BUSY_SECONDS, Database, explained, open_database
from archive.errors import DatabaseError

SUFFIX = ".rebuild"
"""What the file is called behind the name of the standing one."""

SCHEMA_SUFFIX = "_rebuild"
"""What the schema is called behind the name of the standing one."""

_OF_SQLITE = ("", "-wal", "-shm", ".lock")
_PAGES = 25_000  # pages of 4 KB written between two looks at the clock
_PAUSE = 0.05  # seconds between two attempts while another program holds the file


def has_aside(standing: Database) -> bool:
    """Whether there is one: a rebuild runs, or was ended before its end."""
    if _is_sqlite(standing):
        return _file(standing).exists()
    with explained(standing.subject), standing.engine.connect() as connection:
        return _schema(connection) in inspect(connection).get_schema_names()


def open_aside(standing: Database) -> Database:
    """Open the one beside, empty when there was none; to be closed by the caller.

    Raises:
        DatabaseError: there is no room or no right to make one.
    """
    if _is_sqlite(standing):
        return open_database(standing.engine.url.set(database=str(_file(standing))))
    with explained(standing.subject), standing.engine.begin() as connection:
        schema = _schema(connection)
        connection.execute(CreateSchema(schema, if_not_exists=True))
    found = standing.engine.url.query.get("options", ())
    options = [found] if isinstance(found, str) else list(found)
    # The last of several settings of one name counts.
    options.append(f"-csearch_path={schema}")
    return open_database(standing.engine.url.update_query_dict({"options": " ".join(options)}))


def drop_aside(standing: Database) -> None:
    """Take the one beside away; it must be closed."""
    if _is_sqlite(standing):
        for end in _OF_SQLITE:
            Path(f"{_file(standing)}{end}").unlink(missing_ok=True)
        return
    with explained(standing.subject), standing.engine.begin() as connection:
        connection.execute(DropSchema(_schema(connection), cascade=True, if_exists=True))


def take_over(standing: Database, aside: Database) -> None:
    """Put what is in ``aside`` in place of all that is in ``standing``, in one transaction, and take it away.

    Args:
        standing: held by `Database.exclusive`.
        aside: of `open_aside`; it is closed.

    Raises:
        DatabaseError: the disk is full, another program holds the file, or the server went; both are as they were.
    """
    if _is_sqlite(standing):
        _write_pages(standing, aside)
        aside.close()
    else:
        aside.close()
        with standing.writing() as session:
            _write_rows(session.connection())
    drop_aside(standing)


def _is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"


def _file(standing: Database) -> Path:
    return Path(f"{standing.engine.url.database}{SUFFIX}")


def _schema(connection: Connection) -> str:
    return f"{connection.scalar(text('SELECT current_schema()'))}{SCHEMA_SUFFIX}"


def _write_pages(standing: Database, aside: Database) -> None:
    with explained(standing.subject), aside.engine.connect() as source, standing.engine.connect() as target:
        moved = time.monotonic()
        left = -1

        def watch(_status: int, remaining: int, _total: int) -> None:
            nonlocal moved, left
            if remaining != left:
                left = remaining
                moved = time.monotonic()
            elif time.monotonic() - moved > BUSY_SECONDS:
                raise DatabaseError(
                    "is locked by another program",
                    subject=standing.subject,
                    advice="Run `gongkai index --rebuild` again when that program has finished: it goes on from here",
                )

        raw, onto = _driver(source), _driver(target)
        raw.backup(onto, pages=_PAGES, progress=watch, sleep=_PAUSE)
        _give_back_log(onto)


def _give_back_log(connection: Any) -> None:
    """Empty the write-ahead log, which now holds the whole database; while somebody reads what was before, it stays."""
    (waits,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout=0")
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute(f"PRAGMA busy_timeout={waits}")


def _driver(connection: Connection) -> Any:
    """The driver's own connection, outside any transaction."""
    raw = connection.connection.driver_connection
    assert raw is not None
    connection.rollback()
    return raw


def _write_rows(connection: Connection) -> None:
    """All rows of the schema beside in place of those that stand, and the counters behind them."""
    schema = _schema(connection)
    standing = Base.metadata.sorted_tables
    for each in reversed(standing):
        connection.execute(delete(each))  # not TRUNCATE: readers of before would see empty tables
    for each in standing:
        names = [one.name for one in each.columns]
        made = table(each.name, *(column(name) for name in names), schema=schema)
        connection.execute(each.insert().from_select(names, select(made)))
        counted = each.autoincrement_column
        if counted is None:
            continue
        sequence = connection.scalar(select(func.pg_get_serial_sequence(each.name, counted.name)))
        if sequence is not None:
            highest = connection.scalar(select(func.max(counted)))
            connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))
