"""archive.storage.base: sealed files in folders and object stores, by byte range. S3 is moto's server, over HTTP."""

from __future__ import annotations

import pickle
import shutil
import uuid
from pathlib import Path

import pytest

from archive import HomeError, WarcError
from archive.access.record import find_record
from archive.errors import Refused, StorageError
from archive.home import Home
from archive.index.indexer import index
from archive.storage.audit import verify_home
from archive.storage.base import Storage
from archive.storage.open import open_storage, push, scan_stored
from archive.warc import WarcWriter, read_at, scan
from tests.archive.exchanges import INFO, make_exchange
from tests.archive.factory import everything


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
    with pytest.raises(Refused, match=made.file):
        index(home, rebuild=True)
    (home.root / "gongkai.db").unlink()  # as the advice says of files that are lost
    gone = index(home, rebuild=True)
    assert (gone.ok, list(gone.damaged)) == (False, [made.file])


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ("the store's folder", "no such folder"),
        ("the store's files", "lie nowhere"),
        ("the variable", "lie nowhere"),
        ("the home's folder", "cannot be listed"),
        ("all the home's files", "lie nowhere"),
    ],
)
def test_a_rebuild_forgets_nothing_whose_file_lies_nowhere(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str, loss: str, said: str
) -> None:
    """A disk that is not mounted leaves no folder, or an empty one."""
    store = tmp_path / "store"
    store.mkdir()
    monkeypatch.setenv("GONGKAI_STORAGE_URL", f"file://{store}")
    for number in (1, 2):
        writer = WarcWriter(home.warc, f"test{number}", INFO, durable=False)
        writer.append(make_exchange(number))
        writer.close()
    push(home)
    index(home, processes=1)
    before = everything(home)
    min(home.warc.glob("*.warc.gz")).unlink()
    away = tmp_path / "away"
    gone = home.warc if "home" in loss else store
    with monkeypatch.context() as while_gone:
        if "home" in loss:
            shutil.rmtree(store)
            while_gone.delenv("GONGKAI_STORAGE_URL")
        if loss == "the variable":
            while_gone.delenv("GONGKAI_STORAGE_URL")
        else:
            gone.rename(away)
            if "files" in loss:
                gone.mkdir()
        with pytest.raises((Refused, StorageError), match=said) as raised:
            index(home, rebuild=True, processes=1)
        assert raised.value.exit_status == 3
        assert everything(home) == before
    if "home" not in loss:
        if away.exists():
            shutil.rmtree(store, ignore_errors=True)
            away.rename(store)
        assert index(home, rebuild=True, processes=1).ok
        assert everything(home) == before


def test_an_address_that_nothing_answers_to() -> None:
    with pytest.raises(HomeError, match="cannot be used as a storage"):
        open_storage("nosuch://bucket/x")
