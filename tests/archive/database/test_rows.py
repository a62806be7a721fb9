"""Many rows at once: new ones are added, and what is there already stays or changes, as was asked for."""

from __future__ import annotations

from sqlalchemy import select

from archive.database import open_database
from archive.database.models import State
from archive.database.rows import CHUNK, chunks, insert_new, upsert


def test_rows_that_are_there_stay_or_change(database_url: str) -> None:
    with open_database(database_url) as database:
        with database.writing() as session:
            insert_new(session, State, [{"name": "a", "value": "1"}])
            insert_new(session, State, [{"name": "a", "value": "2"}, {"name": "b", "value": "3"}])
            upsert(session, State, [{"name": "b", "value": "4"}, {"name": "c", "value": "5"}])
            insert_new(session, State, [])
            upsert(session, State, [])
        with database.session() as session:
            rows = session.execute(
                select(State.name, State.value).where(State.name.in_(("a", "b", "c"))).order_by(State.name)
            ).all()
    assert [tuple(row) for row in rows] == [("a", "1"), ("b", "4"), ("c", "5")]


def test_chunks_hold_everything_once() -> None:
    values = list(range(2 * CHUNK + 1))
    parts = list(chunks(values))
    assert [len(part) for part in parts] == [CHUNK, CHUNK, 1]
    assert [value for part in parts for value in part] == values
