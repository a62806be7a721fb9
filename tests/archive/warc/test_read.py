"""archive.warc.read: whole records only, by order and by place."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from archive import DamagedWarc, WarcError
from archive.storage.open import open_storage
from archive.warc import read_at, scan
from archive.warc.read import parse, read_head


def test_scan_and_read_at_agree_on_every_record(sealed: Path) -> None:
    records = list(scan(sealed))
    assert len(records) == 61
    assert records[0].type == "warcinfo"
    end = 0
    for record in records:
        assert record.offset == end
        end += record.length
        assert read_at(sealed.parent, sealed.name, record.offset, record.length) == record
    assert end == sealed.stat().st_size


def test_only_some_types(sealed: Path) -> None:
    records = list(scan(sealed, types={"response"}))
    assert len(records) == 20
    assert all(read_at(sealed.parent, sealed.name, one.offset, one.length).block == one.block for one in records)


def test_plain_files_are_read_too(tmp_path: Path, sealed: Path) -> None:
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(sealed.read_bytes()))
    records = list(scan(plain))
    assert [one.block for one in records] == [one.block for one in scan(sealed)]
    assert [read_at(tmp_path, plain.name, one.offset, one.length) for one in records] == records


@pytest.mark.parametrize("form", ["gz", "plain", "zst"])
def test_reading_begins_where_it_is_told_to(tmp_path: Path, sealed: Path, form: str) -> None:
    path = sealed
    if form != "gz":
        path = tmp_path / f"x.warc{'.zst' if form == 'zst' else ''}"
        raw = [gzip.decompress(sealed.read_bytes()[one.offset : one.offset + one.length]) for one in scan(sealed)]
        path.write_bytes(b"".join(map(zstandard.compress, raw) if form == "zst" else raw))
    records = list(scan(path))
    for number in (0, 1, 30, 60):
        assert list(scan(path, offset=records[number].offset)) == records[number:]
        head = read_head(open_storage(path.parent), path.name, records[number].offset)
        assert head is not None
        assert (head.id, head.headers, head.block) == (records[number].id, records[number].headers, b"")
    with pytest.raises(DamagedWarc):
        list(
            scan(path, offset=records[1].offset + 3, types={"nothing"})
            if form == "plain"
            else scan(path, offset=1 << 40)
        )


@pytest.mark.parametrize("data", [b"", b"\x1f\x8bxx", b"\x28\xb5\x2f\xfdx", b"WARC/1.1\r\nno end", b"<html>\n\n"])
def test_no_head(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    assert read_head(open_storage(tmp_path), "x", 0) is None


def test_a_zstd_frame_is_read_by_its_place(sealed: Path) -> None:
    raw = gzip.decompress(sealed.read_bytes()[: next(scan(sealed)).length])
    assert parse(zstandard.compress(raw)).type == "warcinfo"


@pytest.mark.parametrize("missing", [1, 8, 9, 200])
def test_a_cut_file_is_not_read_as_if_whole(tmp_path: Path, sealed: Path, missing: int) -> None:
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(sealed.read_bytes()[:-missing])
    try:
        records = list(scan(cut))
    except DamagedWarc:
        return
    # FastWARC may not look at the last trailer; then every record must at least be all there
    assert [one.block for one in records] == [one.block for one in scan(sealed)]
    with pytest.raises(DamagedWarc):
        read_at(tmp_path, cut.name, records[-1].offset, records[-1].length)


@pytest.mark.parametrize(("shift", "grow"), [(1, 0), (0, -1), (0, 1), (0, 400)])
def test_a_wrong_place_is_refused(sealed: Path, shift: int, grow: int) -> None:
    record = list(scan(sealed))[1]
    with pytest.raises(DamagedWarc, match="no whole record"):
        read_at(sealed.parent, sealed.name, record.offset + shift, record.length + grow)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarcError, match="not in the archive"):
        read_at(tmp_path, "gone.warc.gz", 0, 10)
    with pytest.raises(WarcError, match="plain file name"):
        read_at(tmp_path, "../gone.warc.gz", 0, 10)


def test_files_without_records_are_damaged(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(b"this is no archive at all\r\n" * 10)
    with pytest.raises(DamagedWarc):
        list(scan(path))


def test_http_is_refused_for_other_blocks(sealed: Path) -> None:
    with pytest.raises(WarcError, match="not an HTTP message"):
        next(scan(sealed)).http()
