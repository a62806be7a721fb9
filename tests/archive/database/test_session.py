"""The database: the same tables, types and sentences on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from archive import DatabaseError, Home, HomeError
from archive.database import Database, open_database, shown_url
from archive.database.models import State
from archive.database.rows import insert_new, upsert
from archive.database.session import explained
from tests.conftest import ROOT


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
    (home.root / "gongkai.db").unlink()
    with pytest.raises(DatabaseError, match=r"is not there yet.*gongkai index"):
        open_database(home, create=False)
    assert not (home.root / "gongkai.db").exists()


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


def test_ctrl_c_stays_ctrl_c_where_the_driver_makes_an_error_of_it() -> None:
    # psycopg: a batch that is interrupted cannot leave its pipeline, and the error of that is what is raised
    busy = sqlite3.OperationalError("cannot exit pipeline mode while busy")
    busy.__context__ = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt), explained("a.db"):
        raise OperationalError("INSERT", {}, busy)
    with pytest.raises(DatabaseError, match="locked"), explained("a.db"):
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))


def test_nothing_that_the_pool_reports_is_printed_to_a_terminal() -> None:
    code = (
        "import logging, archive.database;"
        "logging.getLogger('sqlalchemy.pool.impl.QueuePool').error('reset', exc_info=ValueError('x'))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
