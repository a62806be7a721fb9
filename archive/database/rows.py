"""Many rows at once, in the same words for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from archive.database.models import Base
from parsers import Check

T = TypeVar("T")
Row = dict[str, Any]
"""Values by the name of their column."""

AnySelect = Select[*tuple[Any, ...]]
"""A query over any columns."""

CHUNK = 400
"""How many values go into one ``IN (...)``: below every limit of both back-ends."""


def insert_new(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those whose key is there already stay as they are."""
    if rows:
        session.execute(_insert(session, model).on_conflict_do_nothing(), list(rows))


def upsert(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those whose key is there already take the new values."""
    if not rows:
        return
    statement = _insert(session, model)
    table = _table(model)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if changed:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        statement = statement.on_conflict_do_nothing()
    session.execute(statement, list(rows))


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """``values`` in pieces of at most ``size``."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def outcome_row(check: Check) -> Row:
    """What a rule came to, as columns of the table `checks`."""
    return {
        "rule": check.rule,
        "target": check.target,
        "lhs": check.lhs,
        "rhs": check.rhs,
        "outcome": check.outcome,
        "severity": check.severity,
        "codes": list(check.codes),
    }


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _insert(session: Session, model: type[Base]) -> Any:
    dialect = session.get_bind().dialect.name
    return (sqlite if dialect == "sqlite" else postgresql).insert(_table(model))
