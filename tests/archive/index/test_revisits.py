"""Revisits of other makers, which name their originals by address and time or by the payload alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.database.models import Capture, Judgement, Version
from archive.index.indexer import index
from archive.index.load import forget_file
from archive.index.revisits import refers_to
from archive.warc import build, scan
from archive.warc.seal import seal_path
from archive.warc.write import WarcWriter
from tests.archive.factory import document

pytestmark = pytest.mark.usefixtures("fake_parser")

URL = "http://www.a.gov.cn/2020.html"
PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
BODY = document("温县人民政府", 2020, {"req_new__total": "7"}, more="信息公开年度报告")


def response(day: int, url: str = URL, body: str = BODY) -> build.Draft:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    return build.response(url, head + body.encode(), date=f"2021-02-{day:02}T00:00:00Z")


def revisit(day: int, digest: str | None, *fields: str, url: str = URL) -> bytes:
    lines = [
        "WARC/1.1",
        "WARC-Type: revisit",
        f"WARC-Profile: {PROFILE}",
        f"WARC-Record-ID: <urn:x:{day}>",
        f"WARC-Date: 2021-02-{day:02}T00:00:00Z",
        f"WARC-Target-URI: {url}",
        "Content-Type: application/http;msgtype=response",
        "Content-Length: 19",
        *fields,
    ]
    if digest:
        lines.append(f"WARC-Payload-Digest: {digest}")
    return ("\r\n".join(lines) + "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n").encode()


def sealed(home: Home, name: str, drafts: list[build.Draft]) -> None:
    writer = WarcWriter(home.warc, name, {"software": "other/1"}, durable=False)
    writer.append(drafts)
    writer.close()


def taken_in(home: Home, path: Path, data: bytes) -> None:
    from archive.ingest.importer import import_file

    path.write_bytes(data)
    import_file(home, path)


def originals(home: Home) -> dict[str, str | None]:
    with open_database(home) as database, database.session() as session:
        rows = session.execute(select(Capture.id, Capture.original).where(Capture.kind == "revisit"))
        return {row.id: row.original for row in rows}


def test_what_a_revisit_says_instead_of_an_id(tmp_path: Path) -> None:
    named = f"WARC-Refers-To-Target-URI: <{URL}>", "WARC-Refers-To-Date: 2021-02-01T00:00:00Z"
    path = tmp_path / "a.warc"
    path.write_bytes(
        revisit(2, "sha1:A", *named)
        + revisit(3, "sha1:A")
        + revisit(4, "sha1:A", named[0], "WARC-Refers-To-Date: yesterday")
        + revisit(5, "sha1:A", "WARC-Refers-To: <urn:x:1>")
        + revisit(6, "sha1:A", named[0])
        + revisit(7, "sha1:A", named[1])
    )
    assert [refers_to(record) for record in scan(path)] == [f"2021-02-01T00:00:00.000000Z {URL}", "", "", None, "", ""]


@pytest.mark.parametrize("first", ["originals", "revisits"])
def test_originals_are_found_whichever_file_comes_first(
    home: Home, tmp_path: Path, database_url: str, first: str
) -> None:
    one, same, other = response(1), response(3), response(2, URL + "?x", BODY.replace("=7<", "=8<"))
    data = revisit(4, "sha1:UNKNOWN", f"WARC-Refers-To-Target-URI: {URL}", "WARC-Refers-To-Date: 2021-02-01T00:00:00Z")
    data += revisit(5, one.payload_digest)  # by payload alone: the latest before it
    data += revisit(6, other.payload_digest, url=URL + "?x")
    data += revisit(7, "sha1:NOBODYS")
    steps = [
        lambda: sealed(home, "c1", [one, same, other]),
        lambda: taken_in(home, tmp_path / "r.warc", data),
    ]
    for step in steps if first == "originals" else reversed(steps):
        step()
        index(home, processes=1)
    expected = {"urn:x:4": one.record_id, "urn:x:5": same.record_id, "urn:x:6": other.record_id, "urn:x:7": None}
    assert originals(home) == expected
    with open_database(home) as database:
        captures = Captures(database, home.warc)
        assert captures.content(captures.get("urn:x:5")) == BODY.encode()
        with database.session() as session:
            versions = session.execute(select(Version.captures, Version.last_capture).order_by(Version.captures)).all()
            assert [tuple(row) for row in versions] == [(2, "urn:x:6"), (4, "urn:x:5")]
            assert session.get_one(Judgement, "urn:x:5").verdict == "ok"
    index(home, rebuild=True, processes=1)
    assert originals(home) == expected


def test_an_original_that_goes_leaves_its_place_to_the_next(home: Home, tmp_path: Path, database_url: str) -> None:
    one, same = response(1), response(3)
    sealed(home, "c1", [one])
    sealed(home, "c2", [same])
    taken_in(home, tmp_path / "r.warc", revisit(5, one.payload_digest))
    index(home, processes=1)
    assert originals(home) == {"urn:x:5": same.record_id}
    with open_database(home) as database, database.writing() as session:
        [gone] = home.warc.glob("c2-*.warc.gz")
        forget_file(session, gone.name)
    assert originals(home) == {"urn:x:5": one.record_id}
    for path in home.warc.glob("c[12]-*.warc.gz"):
        shutil.move(seal_path(path), tmp_path)
        with open_database(home) as database, database.writing() as session:
            forget_file(session, path.name)
    assert originals(home) == {"urn:x:5": None}
    with open_database(home) as database:
        assert Captures(database, home.warc).get("urn:x:5").purpose is None
