"""archive.storage.base: sealed files in folders and object stores, by byte range. S3 is moto's server, over HTTP."""

from __future__ import annotations

import pickle
import uuid
from pathlib import Path

import pytest

from archive import HomeError, WarcError
from archive.access.record import find_record
from archive.errors import StorageError
from archive.home import Home
from archive.index.indexer import index
from archive.storage.audit import verify_home
from archive.storage.base import Storage
from archive.storage.open import open_storage, push, scan_stored
from archive.warc import WarcWriter, read_at, scan
from tests.archive.exchanges import INFO, make_exchange


def test_a_file_put_is_read_by_byte_range(storage: Storage, written: Path) -> None:
    assert storage.files() == []
    stored = storage.put(written)
    assert (stored.name, stored.size) == (written.name, written.stat().st_size)
    assert storage.files() == [stored]
    for record in scan(written):
        assert read_at(storage, written.name, record.offset, record.length) == record
    assert storage.read_range(written.name, 3, 4) == written.read_bytes()[3:7]


def test_a_stored_file_is_scanned_in_order(storage: Storage, written: Path) -> None:
    storage.put(written)
    assert list(scan_stored(storage, written.name)) == list(scan(written))


def test_a_file_that_is_not_there(storage: Storage) -> None:
    with pytest.raises(WarcError, match="not in the archive"):
        storage.read_range("gone.warc.gz", 0, 10)
    with pytest.raises(WarcError, match="not in the archive"):
        storage.open("gone.warc.gz")
    with pytest.raises(WarcError, match="plain file name"):
        storage.read_range("../gone.warc.gz", 0, 10)


def test_it_can_be_sent_to_another_process(storage: Storage, written: Path) -> None:
    storage.put(written)
    record = next(scan(written))
    if storage.url.startswith("memory"):
        pytest.skip("memory is not shared between processes")
    again: Storage = pickle.loads(pickle.dumps(storage))
    assert read_at(again, written.name, record.offset, record.length) == record


def test_a_home_with_a_store_behind_it(tmp_path: Path, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path / "home", create=True)
    url = f"memory://{uuid.uuid4()}"
    open_storage(url).put(written)
    monkeypatch.setenv("GONGKAI_STORAGE_URL", url)
    both = open_storage(home)
    record = next(scan(written))
    assert read_at(both, written.name, record.offset, record.length) == record
    assert list(scan_stored(both, written.name)) == list(scan(written))
    writer = WarcWriter(home.warc, "local", INFO, durable=False)
    writer.append(make_exchange())
    (seal,) = writer.close()
    assert [stored.name for stored in both.files()] == sorted([written.name, seal.file])
    assert len(list(scan_stored(both, seal.file))) == 4
    both.put(home.warc / seal.file)
    assert seal.file in [stored.name for stored in open_storage(url).files()]
    assert both.seal(written.name) is not None
    with pytest.raises(WarcError, match="not in the archive"):
        both.read_range("gone.warc.gz", 0, 1)


@pytest.mark.s3
def test_a_rebuild_forgets_nothing_when_the_store_is_gone(
    s3_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs

    home = Home.at(tmp_path / "home", create=True)
    writer = WarcWriter(home.warc, "test", INFO, durable=False)
    writer.append(make_exchange())
    (made,) = writer.close()
    monkeypatch.setenv("GONGKAI_STORAGE_URL", s3_url)
    assert [stored.name for stored in push(home)] == [made.file]
    request = next(record for record in scan(home.warc / made.file) if record.type == "request")
    (home.warc / made.file).unlink()
    assert index(home, rebuild=True).captures == 1
    assert [found.verdict for found in verify_home(home)] == ["ok"]
    assert find_record(request.id, home).block == request.block  # in no index: looked for in the store
    s3fs.S3FileSystem().rm(s3_url.rpartition("/")[0], recursive=True)
    with pytest.raises(StorageError, match="no bucket"):
        index(home, rebuild=True)
    monkeypatch.delenv("GONGKAI_STORAGE_URL")
    gone = index(home, rebuild=True)
    assert (gone.ok, list(gone.damaged)) == (False, [made.file])


def test_an_address_that_nothing_answers_to() -> None:
    with pytest.raises(HomeError, match="cannot be used as a storage"):
        open_storage("nosuch://bucket/x")
