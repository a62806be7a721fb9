"""Counts what is asked of SQLite databases: statements and rows, which no machine is slower or faster at."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


@dataclass(slots=True)
class Asked:
    """Queries, and rows that came to the program."""

    statements: int = 0
    rows: int = 0

    def as_json(self) -> dict[str, int]:
        """As it stands in ``benchmarks/floors.json``."""
        return {"statements": self.statements, "rows": self.rows}


@contextlib.contextmanager
def asked() -> Iterator[Asked]:
    """Counts what databases that are opened within the block are asked."""
    found = Asked()

    class Cursor(sqlite3.Cursor):
        def fetchone(self) -> Any:
            row = super().fetchone()
            found.rows += row is not None
            return row

        def fetchmany(self, *size: int) -> list[Any]:
            rows = super().fetchmany(*size)
            found.rows += len(rows)
            return rows

        def fetchall(self) -> list[Any]:
            rows = super().fetchall()
            found.rows += len(rows)
            return rows

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

    def connect(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        parameters["factory"] = Connection

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.statements += statement.startswith("SELECT")

    event.listen(Engine, "do_connect", connect)
    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield found
    finally:
        event.remove(Engine, "do_connect", connect)
        event.remove(Engine, "before_cursor_execute", count)
