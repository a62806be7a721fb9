"""archive.warc.build: records with their mandatory fields, untouched blocks and right digests."""

from __future__ import annotations

import base64
import hashlib
import itertools
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from archive import WarcError
from archive.warc import build, new_record_id, warc_date
from archive.warc.build import new_record_ids
from archive.warc.read import parse
from tests.conftest import ROOT

DATE = "2026-11-20T08:00:00.000001Z"
ID = "urn:uuid:00000000-0000-4000-8000-000000000001"


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def written(draft: build.Draft) -> bytes:
    return draft.head("urn:uuid:w") + draft.block + b"\r\n\r\n"


def test_a_response_keeps_its_block_and_digests_the_entity() -> None:
    block = b"HTTP/1.1 200 OK\r\nserver:nginx\r\nTransfer-Encoding: chunked\r\nX: \xc4\xe3\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    record = parse(written(build.response("http://a.cn/", block, date=DATE, ip="192.0.2.1", concurrent_to=[ID])))
    assert record.block == block
    assert record.header("WARC-Block-Digest") == sha256(block)
    assert record.header("WARC-Payload-Digest") == sha256(b"abc")
    assert record.header("WARC-IP-Address") == "192.0.2.1"
    assert record.header("WARC-Concurrent-To") == f"<{ID}>"
    assert record.header("WARC-Warcinfo-ID") == "<urn:uuid:w>"
    assert record.header("WARC-Date") == DATE
    assert record.content_type == "application/http;msgtype=response"


@pytest.mark.parametrize("sizes", [(3,), (1, 2), (1, 1, 1)])
def test_the_payload_digest_does_not_depend_on_the_chunks(sizes: tuple[int, ...]) -> None:
    body, at = b"", 0
    for size in sizes:
        body += b"%x\r\n%s\r\n" % (size, b"abc"[at : at + size])
        at += size
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"
    assert build.response("http://a.cn/", block, date=DATE).payload_digest == sha256(b"abc")


def test_a_revisit_by_digest_says_that_it_is_cut() -> None:
    record = parse(
        written(
            build.revisit(
                "http://a.cn/",
                b"HTTP/1.1 200 OK\r\n\r\n",
                date=DATE,
                profile="identical-payload-digest",
                refers_to=ID,
                refers_to_uri="http://a.cn/",
                refers_to_date=DATE,
                payload_digest=sha256(b"abc"),
            )
        )
    )
    assert record.header("WARC-Truncated") == "length"
    assert record.header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert (record.header("WARC-Refers-To"), record.header("WARC-Refers-To-Date")) == (f"<{ID}>", DATE)


def test_a_revisit_by_digest_needs_the_digest() -> None:
    with pytest.raises(WarcError, match="needs the digest"):
        build.revisit(
            "http://a.cn/",
            b"",
            date=DATE,
            profile="identical-payload-digest",
            refers_to=ID,
            refers_to_uri="http://a.cn/",
            refers_to_date=DATE,
            payload_digest=None,
        )


@pytest.mark.parametrize("value", ["a\r\nWARC-Type: response", "a\nb", "a\rb", "a\0b", "a\x7fb"])
def test_no_value_can_forge_a_field(value: str) -> None:
    with pytest.raises(WarcError, match="no line end or control character"):
        build.metadata(b"", "text/plain", date=DATE, extra=[("X-Note", value)])
    with pytest.raises(WarcError, match="no line end or control character"):
        build.warcinfo({"software": value}, filename="x.warc.gz")


def test_no_name_can_forge_a_field() -> None:
    with pytest.raises(WarcError, match="no name"):
        build.metadata(b"", "text/plain", date=DATE, extra=[("X: y\r\nZ", "1")])


@pytest.mark.parametrize("record_id", ["<urn:uuid:x>", "x", "urn:uuid:x y", "urn:uuid:x\r\n"])
def test_record_ids_are_bare_uris(record_id: str) -> None:
    with pytest.raises(WarcError, match="no record id"):
        build.metadata(b"", "text/plain", date=DATE, record_id=record_id)


@pytest.mark.parametrize(
    ("uri", "kept"),
    [
        ("http://a.cn/#/route?x=1", "http://a.cn/#/route?x=1"),
        ("http://a.cn/政 府", "http://a.cn/%E6%94%BF%20%E5%BA%9C"),
        ("http://a.cn/\r\nX: y", "http://a.cn/%0D%0AX:%20y"),
        ("http://a.cn/%zz|", "http://a.cn/%zz|"),
    ],
)
def test_no_capture_is_lost_for_its_address(uri: str, kept: str) -> None:
    assert parse(written(build.resource(uri, b"x", "text/plain", date=DATE))).uri == kept


def test_dates_are_utc_to_the_microsecond() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert warc_date(datetime(2026, 1, 1, 7, 0, 0, 5, tzinfo=shanghai)) == "2025-12-31T23:00:00.000005Z"
    assert warc_date(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000000Z"
    with pytest.raises(WarcError, match="zone"):
        warc_date(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake that is refused


def test_a_request_has_a_payload_digest_only_with_a_body() -> None:
    without = build.request("http://a.cn/", b"GET / HTTP/1.1\r\nHost: a.cn\r\n\r\n", date=DATE)
    with_body = build.request("http://a.cn/", b"POST / HTTP/1.1\r\nHost: a.cn\r\n\r\nq=1", date=DATE)
    assert without.payload_digest is None
    assert with_body.payload_digest == sha256(b"q=1")


def test_ids_are_never_the_same() -> None:
    ids = [new_record_id() for _ in range(1000)]
    assert len({found[:17] for found in ids}) == 1000  # their beginnings differ too: people type those
    groups = [list(itertools.islice(new_record_ids(), 4)) for _ in range(1000)]
    assert all(len({found[:-1] for found in group}) == 1 for group in groups)
    assert len({found[:17] for group in groups for found in group} | {found[:17] for found in ids}) == 2000
    assert len({found for group in groups for found in group} | set(ids)) == 5000
    ids += [found for group in groups for found in group]
    assert len(list(new_record_ids())) == 16
    assert {uuid.UUID(found).version for found in ids} == {8}
    assert {uuid.UUID(found).variant for found in ids} == {uuid.RFC_4122}


def test_a_forked_process_has_ids_of_its_own() -> None:
    script = (
        "import os\nfrom archive.warc import new_record_id\nnew_record_id()\n"
        "child = os.fork()\nos.write(1, (new_record_id() + '\\n').encode())\nif child: os.wait()"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    one, other = run.stdout.split()
    assert one[-22:] != other[-22:]  # what all ids of a process end in


def test_digests_of_both_forms_are_one() -> None:
    hexadecimal, base_32 = build.digest_forms(build.digest(b"abc"))
    assert hexadecimal == sha256(b"abc")
    assert base64.b32decode(base_32.partition(":")[2]) == hashlib.sha256(b"abc").digest()


def test_a_record_of_no_file_names_no_warcinfo() -> None:
    draft = build.resource("http://a.cn/", b"x", "text/plain", date=DATE)
    assert b"WARC-Warcinfo-ID" not in draft.head()
    assert b"WARC-Warcinfo-ID: <urn:uuid:w>" in draft.head("urn:uuid:w")
