"""One bad record costs itself: it is named, stays known, and everything else is indexed; verify says the same of it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import Home
from archive.database import open_database
from archive.database.models import Capture, Report
from archive.index.indexer import IndexResult, index
from archive.index.runs.left_out import LeftOut, Unread, keep_documents, keep_records, left_out
from archive.ingest.importer import import_file
from archive.metadata import CONTENT_TYPE
from archive.status import overview
from archive.storage.audit import verify_home
from tests.archive.factory import document, everything
from tests.archive.judging import verdict_on

pytestmark = pytest.mark.usefixtures("fake_parser")

GOOD = "http://www.a.gov.cn/good.html"


def record(
    number: int, uri: bytes = b"http://www.a.gov.cn/bad.html", *, date: bytes = b"2024-05-01T00:00:00Z", **more: bytes
) -> bytes:
    """A response of another maker's file, with whatever bytes are asked for."""
    page = document("温县人民政府", 2000 + number, {"a": "1"}, more=" 信息公开 报告").encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + more.get("http", b"") + b"\r\n" + page
    fields = {
        b"WARC-Type": more.get("type", b"response"),
        b"WARC-Record-ID": more.get("id", b"<urn:uuid:00000000-0000-4000-8000-%012d>" % number),
        b"WARC-Date": date,
        b"WARC-Target-URI": uri,
        b"Content-Type": more.get("media", b"application/http; msgtype=response"),
    }
    block = more.get("block", block)
    head = b"".join(b"%s: %s\r\n" % (name, value) for name, value in fields.items() if value) + more.get("extra", b"")
    return gzip.compress(b"WARC/1.1\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n" % (head, len(block), block), mtime=0)


def take_in(home: Home, tmp_path: Path, *records: bytes) -> IndexResult:
    """Import a file of these records behind a good one, and index it."""
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(b"".join((record(20, GOOD.encode()), *records)))
    import_file(home, path)
    return index(home, processes=1)


def urls(home: Home) -> list[str]:
    """Addresses in the index."""
    with open_database(home) as database, database.session() as session:
        return sorted(session.scalars(select(Capture.url)))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record(1, date=b"20240501000000"), "is no date"),
        (record(1, date=b"0001-01-01T00:00:00Z"), "is no date of a capture"),
        (record(1, date=b"9999-12-31T23:59:59Z"), "is no date of a capture"),
        (record(1, date=b"2024-13-01T00:00:00Z"), "is no date"),
        (record(1, date=b""), "is no date"),
        (record(1, date="二〇二四年".encode()), "is no date"),
        (record(1, id=b""), "no WARC-Record-ID"),
        (
            record(1, type=b"metadata", media=CONTENT_TYPE.encode(), block=b'{"schema":"gongkai.fetch/1","crawl":7}'),
            "FetchMetadata",
        ),
        (
            record(
                1, type=b"metadata", media=CONTENT_TYPE.encode(),
                block=b'{"schema":"gongkai.act/1","kind":"merge","who":"x","when":"","target":"a","decision":"merge"}',
            ),
            "KeyError",
        ),
        (
            record(1, type=b"conversion", media=CONTENT_TYPE.encode(), block=b'{"schema":"gongkai.reading/1"}'),
            "KeyError",
        ),
    ],
)  # fmt: skip
def test_a_bad_record_costs_itself_and_stays_known(
    home: Home, tmp_path: Path, database_url: str, bad: bytes, reason: str
) -> None:
    done = take_in(home, tmp_path, bad)
    assert urls(home) == [GOOD]
    assert [(one.file[-14:], one.offset > 0, reason in one.reason) for one in done.left_out] == [
        ("theirs.warc.gz", True, True)
    ]
    assert not done.ok
    found = overview(home)
    assert [one["reason"] for one in found["left_out"]] == [one.reason for one in done.left_out]
    assert found["to_do"][-2] == "1 record is not in the index:"
    assert index(home, processes=1).ok  # nothing new, and nothing stops
    before = everything(home)
    assert index(home, rebuild=True, processes=1).left_out == done.left_out
    assert everything(home) == before


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("http://www.a.gov.cn/年报.html".encode("gbk"), "http://www.a.gov.cn/%C4%EA%B1%A8.html"),
        (b"http://www.a.gov.cn/\xc4\xea\xb1\xa8.html", "http://www.a.gov.cn/%C4%EA%B1%A8.html"),  # in part UTF-8
        ("http://www.a.gov.cn/年報.html".encode("big5"), "http://www.a.gov.cn/%A6~%B3%F8.html"),
        ("http://www.a.gov.cn/年报.html".encode(), "http://www.a.gov.cn/年报.html"),
        (b"http://www.a.gov.cn/a\x00b.html", "http://www.a.gov.cn/a%00b.html"),
    ],
)
def test_an_address_of_odd_bytes_is_the_one_that_was_asked_for(
    home: Home, tmp_path: Path, database_url: str, raw: bytes, url: str
) -> None:
    assert take_in(home, tmp_path, record(1, raw)).ok
    assert urls(home) == sorted([GOOD, url])
    with open_database(home) as database, database.session() as session:
        assert sorted(session.scalars(select(Report.year))) == [2001, 2020]


@pytest.mark.parametrize(
    "field",
    [b"WARC-Truncated: \xff\x00", b"WARC-Payload-Digest: sha1:\xc4\xea", b"WARC-Refers-To: <urn:\xff>"],
)
def test_a_bad_field_does_not_cost_its_record(home: Home, tmp_path: Path, database_url: str, field: bytes) -> None:
    assert take_in(home, tmp_path, record(1, extra=field + b"\r\n", http=b'ETag: "\x00"\r\n')).ok
    assert urls(home) == ["http://www.a.gov.cn/bad.html", GOOD]


def test_what_the_database_refuses_costs_itself(
    home: Home, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id of bytes that are no text: no database can hold it, and no other can stand for it."""
    done = take_in(home, tmp_path, record(1, id=b"<urn:uuid:\xff\xfe>"), record(2, b"http://www.a.gov.cn/2.html"))
    assert urls(home) == ["http://www.a.gov.cn/2.html", GOOD]
    assert [one.record_id for one in done.left_out] == [r"urn:uuid:\xff\xfe"]
    assert len(overview(home)["left_out"]) == 1


@pytest.mark.parametrize(
    ("date", "verdict", "there"),
    [
        (b"2016-12-31T23:59:60Z", "ok", True),
        (b"2024-05-01t00:00:00z", "ok", True),
        (b"2024-05", "ok", True),
        (b"2024-05-01T00:00:00", "nonconformant", True),  # clear all the same
        (b"2024-05-01T00:00:61Z", "nonconformant", False),
        (b"2024-05-01T00:00:00+08:00", "nonconformant", False),
        (b"0001-01-01T00:00:00Z", "nonconformant", False),
        (b"1601-01-01T00:00:00Z", "nonconformant", False),
    ],
)
def test_verify_import_and_index_say_the_same(
    home: Home, tmp_path: Path, date: bytes, verdict: str, there: bool
) -> None:
    path = tmp_path / "one.warc.gz"
    path.write_bytes(record(1, date=date))
    judged = verdict_on(path)
    worst = {problem.level for problem in judged.problems} - {"note"} or {"ok"}
    assert worst == {verdict}
    said = " ".join(problem.message for problem in judged.problems)
    assert ("the index leaves the record out" in said) is not there
    assert {problem.level for problem in import_file(home, path).verdict.problems} - {"note"} == worst - {"ok"}
    done = index(home, processes=1)
    assert (done.captures, len(done.left_out)) == ((1, 0) if there else (0, 1))


@pytest.mark.parametrize(
    "block",
    [
        b'{"schema":"gongkai.crawl-end/1","crawl":null,"portal":null,"reason":null,"counts":null,"files":null}',
        b'{"schema":"gongkai.crawl-end/1","files":%s1%s}' % (b"[" * 100_000, b"]" * 100_000),
        b'{"schema":"gongkai.fetch/1","crawl":[["x"]],"url":5}',
        b'{"schema":"gongkai.crawl/1","crawl":"x","portal":"\\udfff"',
        b'{"schema":"gongkai.discovery/1","candidates":[{"url":5,"text":null}]}',
    ],
)
def test_verify_import_and_index_say_the_same_of_a_payload(home: Home, tmp_path: Path, block: bytes) -> None:
    done = take_in(home, tmp_path, record(1, type=b"metadata", media=CONTENT_TYPE.encode(), block=block))
    (one,) = done.left_out
    assert urls(home) == [GOOD]
    (taken_in,) = [verdict for verdict in verify_home(home) if verdict.file.endswith("theirs.warc.gz")]
    for verdict in (verdict_on(tmp_path / "theirs.warc.gz"), taken_in):
        (found,) = [problem for problem in verdict.problems if problem.code == "not-understood"]
        assert (found.level, found.offset) == ("note", one.offset)
        assert found.message == f"the index leaves it out: {one.reason}"


def test_two_records_of_one_id_in_a_file_put_there_by_hand_are_named(home: Home) -> None:
    (home.warc / "hand.warc.gz").write_bytes(record(1) + record(1, b"http://www.a.gov.cn/other.html"))
    (one,) = index(home, processes=1).left_out
    assert one.reason == "its id is that of the record at offset 0"


def test_what_was_read_again_is_not_left_out_any_more(home: Home, database_url: str) -> None:
    locators = [("GET", "http://a/1", None), ("GET", "http://a/2", None)]
    with open_database(home) as database:
        with database.writing() as session:
            keep_records(session, [LeftOut("a.warc.gz", -1, "", "why"), LeftOut("a.warc.gz", 7, "urn:1", "why")])
            keep_documents(session, locators, [(locator, "hangs") for locator in locators])
        with database.writing() as session:
            keep_documents(session, locators[:1], [])
        with database.session() as session:
            records, documents = left_out(session)
    assert documents == [Unread("http://a/2", "hangs")]
    assert [str(one) for one in records] == ["a.warc.gz: (no id): why", "a.warc.gz: offset 7 urn:1: why"]
    assert json.dumps([one.as_json() for one in records]).count("null") == 2
