"""archive.ingest.record_ids: one id, two records. None of them may be lost from the index."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.database import open_database
from archive.database.models import Capture
from archive.home import Home
from archive.index.indexer import index
from archive.ingest.importer import import_file
from archive.ingest.record_ids import FIELD, renamed
from archive.warc import read, scan
from tests.archive.judging import verdict_on


def page(uri: str, body: bytes, date: str = "2026-01-15T08:00:00Z", ident: str = "urn:uuid:1") -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    kind = "application/http; msgtype=response"
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <{ident}>\r\nWARC-Date: {date}\r\n"
        f"WARC-Target-URI: {uri}\r\nContent-Type: {kind}\r\nContent-Length: {len(block)}\r\n"
    )
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home", create=True)


def taken_in(home: Home, path: Path, *records: bytes) -> Path:
    path.write_bytes(b"".join(gzip.compress(one, mtime=0) for one in records))
    (name,) = import_file(home, path).files
    index(home, processes=1)
    return home.warc / name


def captured(home: Home) -> dict[str, str]:
    with open_database(home) as database, database.session() as session:
        return {found.url: found.id for found in session.scalars(select(Capture))}


def test_between_files(home: Home, tmp_path: Path) -> None:
    taken_in(home, tmp_path / "a.warc.gz", page("http://a/", b"one"))
    second = taken_in(home, tmp_path / "b.warc.gz", page("http://b/", b"two"))
    found = captured(home)
    assert set(found) == {"http://a/", "http://b/"}
    (record,) = scan(second)
    assert (record.id, record.header(FIELD)) == (found["http://b/"], "urn:uuid:1")
    assert record.http().content() == b"two"
    assert verdict_on(second).verdict == "ok"
    assert import_file(home, tmp_path / "b.warc.gz").known


def test_within_a_file(home: Home, tmp_path: Path) -> None:
    path = taken_in(home, tmp_path / "a.warc.gz", page("http://a/", b"one"), page("http://b/", b"two"))
    assert set(captured(home)) == {"http://a/", "http://b/"}
    assert verdict_on(path).verdict == "ok"


def test_a_copy_keeps_its_id_and_its_bytes(home: Home, tmp_path: Path) -> None:
    first = taken_in(home, tmp_path / "a.warc.gz", page("http://a/", b"one"))
    second = taken_in(home, tmp_path / "b.warc.gz", page("http://a/", b"one"), page("http://b/", b"", ident="urn:x:2"))
    assert second.read_bytes().startswith(first.read_bytes())
    assert [record.id for record in scan(second)] == ["urn:uuid:1", "urn:x:2"]
    assert captured(home)["http://a/"] == "urn:uuid:1"


def test_a_header_under_another_id() -> None:
    head, _, block = page("http://a/", b"x").partition(b"\r\n\r\n")
    new = renamed(head + b"\r\n\r\n", "urn:uuid:9")
    record = read.parse(new + block)
    assert (record.id, record.header(FIELD), record.uri) == ("urn:uuid:9", "urn:uuid:1", "http://a/")
    lines = renamed(b"WARC/1.0\nwarc-record-id:urn:a\nX: y\n\n", "urn:b")
    assert lines == b"WARC/1.0\nwarc-record-id: <urn:b>\nX: y\nGongkai-Original-ID: urn:a\n\n"
    assert renamed(b"WARC/1.0\r\nX: y\r\n\r\n", "urn:b") == b"WARC/1.0\r\nX: y\r\n\r\n"
