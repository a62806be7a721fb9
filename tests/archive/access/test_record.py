"""archive.access.record: single records, read by warcio."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import brotli
import pytest

from archive import DamagedWarc, NotFound
from archive.access.record import content_of, find_record, read_exactly
from archive.home import Home
from archive.index.indexer import index
from archive.ingest.importer import import_file
from archive.warc import WarcWriter, build, scan
from tests.archive.exchanges import DATE, INFO, make_exchange


@pytest.fixture
def home(tmp_path: Path, sealed: Path) -> Home:
    home = Home.at(tmp_path / "archive", create=True)
    shutil.copy(sealed, home.warc)
    return home


def test_warcio_reads_what_we_read(sealed: Path) -> None:
    for record in scan(sealed):
        same = read_exactly(sealed.parent, sealed.name, record.offset, record.length)
        assert (same.block, same.id, same.type, same.uri, same.date) == (
            record.block,
            record.id,
            record.type,
            record.uri,
            record.date,
        )


def test_a_record_by_file_and_offset(home: Home, sealed: Path) -> None:
    record = list(scan(sealed))[3]
    assert find_record(f"{sealed}:{record.offset}", None).id == record.id
    assert find_record(f"{sealed.name}:{record.offset}", home).id == record.id


def test_a_record_by_its_id_or_the_beginning_of_it(home: Home, sealed: Path) -> None:
    record = list(scan(sealed))[5]
    for name in (record.id, f"<{record.id}>", record.id.removeprefix("urn:uuid:"), record.id[9:25]):
        assert find_record(name, home).block == record.block


def test_a_record_in_a_file_that_is_being_written(home: Home) -> None:
    writer = WarcWriter(home.warc, "live", INFO, durable=False)
    place = writer.append(make_exchange())[0]
    assert find_record(f"{place.file}:{place.offset}", home).id == place.record_id
    writer.close()


def test_nothing_there(home: Home, sealed: Path) -> None:
    with pytest.raises(NotFound, match="in no file"):
        find_record("urn:uuid:ffffffff-0000-4000-8000-000000000000", home)
    with pytest.raises(NotFound, match="needs an archive"):
        find_record("urn:uuid:ffffffff-0000-4000-8000-000000000000", None)
    with pytest.raises(NotFound, match="cannot be read"):
        find_record("gone.warc.gz:0", home)
    for offset in range(1, 200):
        with pytest.raises(DamagedWarc, match="no record begins"):
            find_record(f"{sealed}:{offset}", None)
    with pytest.raises(NotFound, match="in no file"):
        find_record("ab", home)  # too short to be meant


def test_codings_that_warcio_stumbles_over(tmp_path: Path) -> None:
    """brotli kills its decoder, chunks it takes for content."""
    home = Home.at(tmp_path / "h", create=True)
    page = "政府信息公开".encode() * 30
    packed = brotli.compress(page)
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer = WarcWriter(home.warc, "t", INFO, durable=False)
    (place,) = writer.append([build.response("http://a.cn/", head + chunked, date=DATE)])
    writer.close()
    record = find_record(place.record_id, home)
    assert record.block == head + chunked
    assert record.http().entity() == packed
    assert content_of(record, home) == page


def test_the_content_of_a_revisit_is_its_originals(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "h", create=True)
    body = gzip.compress(b"original")
    original = build.response("http://a.cn/", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + body, date=DATE)
    revisit = build.revisit(
        "http://a.cn/",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        date=DATE,
        profile="server-not-modified",
        refers_to=original.record_id,
        refers_to_uri="http://a.cn/",
        refers_to_date=DATE,
        payload_digest=original.payload_digest,
    )
    writer = WarcWriter(home.warc, "t", INFO, durable=False)
    writer.append([original, revisit])
    writer.close()
    record = find_record(revisit.record_id, home)
    assert record.block == b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert content_of(record, home) == b"original"
    with pytest.raises(NotFound, match="cannot be looked up"):
        content_of(record, None)


def test_a_revisit_that_does_not_say_the_id_of_its_original(tmp_path: Path) -> None:
    """Other makers name it by address and time (warcprox, pywb), or by its payload digest alone."""
    home = Home.at(tmp_path / "h", create=True)
    original = build.response("http://a.cn/", b"HTTP/1.1 200 OK\r\n\r\noriginal", date=DATE)
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    head = f"WARC/1.1\r\nWARC-Type: revisit\r\nWARC-Profile: {profile}\r\nWARC-Date: {DATE}\r\nContent-Length: 0\r\n"
    head += f"WARC-Target-URI: http://b.cn/\r\nWARC-Payload-Digest: {original.payload_digest}\r\n"
    by_address = f"WARC-Refers-To-Target-URI: http://a.cn/\r\nWARC-Refers-To-Date: {DATE}\r\n"
    other = tmp_path / "other.warc"
    other.write_text(
        f"{head}WARC-Record-ID: <urn:x:by-address>\r\n{by_address}\r\n\r\n\r\n"
        f"{head}WARC-Record-ID: <urn:x:by-digest>\r\n\r\n\r\n\r\n",
        newline="",
    )
    writer = WarcWriter(home.warc, "t", INFO, durable=False)
    writer.append([original])
    writer.close()
    import_file(home, other)
    with pytest.raises(NotFound, match="cannot be looked up"):
        content_of(find_record("urn:x:by-address", home), home)  # there is no index yet
    index(home, processes=1)
    for capture in ("urn:x:by-address", "urn:x:by-digest"):
        assert content_of(find_record(capture, home), home) == b"original"
