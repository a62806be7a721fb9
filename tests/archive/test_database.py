"""The database: the same tables, types and sentences on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from archive import DatabaseError, Home, HomeError
from archive.database import Database, open_database, shown_url
from archive.database.bulk import insert_new, upsert
from archive.database.models import Act, Base, Capture, Check, State, WarcFile
from archive.database.session import HEAD
from archive.database.types import json_text, time_text
from archive.warc.values import read_date


def _act(key: str, **more: object) -> dict[str, object]:
    row = {"id": key, "warc_file": None, "kind": "verdict", "who": "w", "when": "2026", "target": "t", "evidence": None}
    return {**row, "decision": "confirm", "note": None, "facts": {}, **more}


def test_migrations_make_exactly_the_tables_of_the_models(empty_database_url: str) -> None:
    with open_database(empty_database_url) as database, database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, Base.metadata) == []


def test_decimals_times_and_json_come_back_as_they_were(database_url: str) -> None:
    check = {
        "id": "c", "reading_id": None, "report_id": None, "rule": "R", "target": "t",
        "lhs": Decimal("180000.1700"), "rhs": Decimal("1E+3"), "outcome": "fail", "severity": "warn",
        "codes": ["b", "a"], "others": [], "finding": "f", "evidence": "e",
    }  # fmt: skip
    with open_database(database_url) as database:
        with database.writing() as session:
            insert_new(session, Check, [check])
        with database.session() as session:
            found = session.scalars(select(Check)).one()
            raw = session.execute(text("SELECT lhs, rhs, codes FROM checks")).one()
    assert (found.lhs, found.rhs, found.codes) == (Decimal("180000.17"), Decimal(1000), ["b", "a"])
    assert tuple(raw) == ("180000.17", "1000", '["b","a"]')


def test_places_beyond_two_gigabytes_are_kept(database_url: str) -> None:
    places = [(2**31 - 1, 5), (2**31, 2**32 + 7), (2**40, 2**63 - 1)]
    with open_database(database_url) as database:
        _insert_places(database, places)
        with database.session() as session:
            found = session.execute(select(Capture.offset, Capture.length).order_by(Capture.offset)).all()
            size = session.scalar(select(WarcFile.size))
    assert [tuple(row) for row in found] == places
    assert size == 3 << 30


def test_tables_of_an_earlier_version_become_as_wide(empty_database_url: str) -> None:
    with open_database(empty_database_url) as database:
        _insert_places(database, [(7, 8)])
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
            if connection.dialect.name == "postgresql":  # as it was before
                connection.execute(text("UPDATE warc_files SET size = 9"))
                for table, column in (("warc_files", "size"), ("captures", '"offset"'), ("discoveries", "pages")):
                    connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE integer"))
    with open_database(empty_database_url) as database, database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
        assert connection.execute(text('SELECT "offset", length FROM captures')).one() == (7, 8)
        connection.execute(text('UPDATE captures SET "offset" = 5000000000'))
        connection.execute(text("UPDATE warc_files SET size = 5000000000"))


def _insert_places(database: Database, places: list[tuple[int, int]]) -> None:
    file = {"name": "a.warc.gz", "sha256": "s", "size": 3 << 30, "records": 2**31, "signatures": "s"}
    row = dict.fromkeys(column.key for column in Capture.__table__.columns)
    said = {"kind": "response", "url": "u", "url_key": "u", "method": "GET", "captured_at": datetime.now(UTC)}
    rows = [
        {**row, **said, "id": str(offset), "warc_file": file["name"], "offset": offset, "length": length}
        for offset, length in places
    ]
    with database.writing() as session:
        insert_new(session, WarcFile, [file])
        insert_new(session, Capture, rows)


def test_text_is_compared_bytewise(database_url: str) -> None:
    keys = ["b", "A", "a", "B", "中", "a,b)/x", "a)/x", "é", "~"]
    with open_database(database_url) as database:
        with database.writing() as session:
            insert_new(session, Act, [_act(key) for key in keys])
        with database.session() as session:
            found = session.scalars(select(Act.id).order_by(Act.id)).all()
    assert found == sorted(keys, key=lambda key: key.encode())


def test_a_transaction_that_fails_leaves_nothing(database_url: str) -> None:
    with open_database(database_url) as database:
        with pytest.raises(ZeroDivisionError):
            _fail_halfway(database)
        with database.writing() as session:
            insert_new(session, State, [{"name": "b", "value": "1"}])
            insert_new(session, State, [{"name": "b", "value": "2"}])
            upsert(session, State, [{"name": "c", "value": "1"}])
            upsert(session, State, [{"name": "c", "value": "2"}])
        with database.session() as session:
            assert {row.name: row.value for row in session.scalars(select(State))} == {"b": "1", "c": "2"}


def _fail_halfway(database: Database) -> None:
    with database.writing() as session:
        insert_new(session, State, [{"name": "a", "value": "1"}])
        session.flush()
        raise ZeroDivisionError


def test_one_writer_at_a_time_and_the_second_says_so(database_url: str) -> None:
    told: list[str] = []
    with open_database(database_url) as first, open_database(database_url) as second, first.exclusive():
        lock = second.exclusive(wait=0.2, waiting=lambda: told.append("waiting"))
        with pytest.raises(DatabaseError, match="being written by another gongkai"), lock:
            pytest.fail("two writers")
    assert told == ["waiting"]
    with open_database(database_url) as again, again.exclusive(wait=0):
        pass


def test_two_that_open_an_empty_database_at_once_both_succeed(empty_database_url: str) -> None:
    problems = []

    def opened() -> None:
        try:
            open_database(empty_database_url).close()
        except BaseException as error:  # noqa: BLE001 - told below
            problems.append(error)

    threads = [threading.Thread(target=opened) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    with open_database(database_url) as database, database.engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(DatabaseError, match=r"newer version of gongkai.*index --rebuild"):
        open_database(database_url)


def test_a_locked_database_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    open_database(url).close()
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    refused = pytest.raises(DatabaseError, match="is locked by another program")
    with open_database(url, busy_seconds=0.1) as database, refused, database.writing():
        pytest.fail("it was locked")
    other.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"this is no database, whatever its name says" * 30, "is damaged"), (None, "cannot be made|does not exist")],
)
def test_what_is_no_database_is_named(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    path = tmp_path / "x.db"
    if content is None:
        path = tmp_path / "nowhere" / "x.db"
    else:
        path.write_bytes(content)
    with pytest.raises(DatabaseError, match=sentence):
        open_database(f"sqlite:///{path}")


def test_a_missing_database_is_not_made_by_a_reader(home: Home) -> None:
    with pytest.raises(DatabaseError, match=r"is not there yet.*gongkai index"):
        open_database(home, create=False)


def test_a_database_that_can_only_be_read_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    with open_database(url) as database, database.writing() as session:
        insert_new(session, State, [{"name": "a", "value": "1"}])
    monkeypatch.setattr("archive.database.session.os.access", lambda *_: False)
    with open_database(url) as database:
        with database.session() as session:
            assert session.scalars(select(State.value)).all() == ["1"]
        with pytest.raises(DatabaseError, match="can only be read"), database.writing():
            pytest.fail("it cannot be written")
        with pytest.raises(DatabaseError, match="can only be read"), database.exclusive():
            pytest.fail("it cannot be written")


@pytest.mark.parametrize("login", ["me:secret@/x?host={}", "/x?user=me&password=secret&host={}"])
def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path, login: str) -> None:
    url = f"postgresql://{login.format(tmp_path)}"
    with pytest.raises(DatabaseError, match="does not answer") as caught:
        open_database(url)
    assert "secret" not in str(caught.value)
    assert "secret" not in shown_url(url)
    assert shown_url("sqlite:////a/gongkai.db") == "sqlite:////a/gongkai.db"


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "sqlite://"])
def test_urls_that_cannot_be_used(url: str) -> None:
    with pytest.raises(HomeError) as caught:
        open_database(url)
    assert caught.value.exit_status == 2  # a mistake in the configuration; nothing was refused


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1990 < moment.year < 2999), st.integers(-12, 12))
def test_times_keep_their_microseconds_and_their_order(moment: datetime, hours: int) -> None:
    aware = moment.astimezone(timezone(timedelta(hours=hours)))
    written = time_text(aware)
    assert read_date(written) == aware
    assert (written < time_text(aware + timedelta(microseconds=1))) is True


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        time_text(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake itself


def test_equal_facts_are_equal_text() -> None:
    assert json_text({"b": 1, "a": "中"}) == '{"a":"中","b":1}'
