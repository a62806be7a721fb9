"""archive.storage.object_store: what an object store says, and what is believed of what answers in its place."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from archive import WarcError
from archive.errors import StorageError
from archive.home import Home
from archive.index.indexer import index
from archive.storage import object_store
from archive.storage.base import Storage
from archive.storage.open import open_storage, push
from archive.warc import WarcWriter
from archive.warc.seal import Seal, seal_path
from tests.archive.exchanges import INFO, make_exchange
from tests.archive.stores import LOGIN, STRICT_LOGIN, answering

pytestmark = pytest.mark.s3


@pytest.fixture(autouse=True)
def _nothing_held_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine the store of an earlier test, which has the same name, may have been slow to fail."""
    monkeypatch.setattr(object_store, "_held_off", {})


@pytest.fixture
def written(tmp_path: Path) -> Path:
    writer = WarcWriter(tmp_path / "written", "test", INFO, durable=False)
    writer.append(make_exchange())
    (seal,) = writer.close()
    return tmp_path / "written" / seal.file


def store_at(address: str) -> Storage:
    pytest.importorskip("s3fs")
    options: dict[str, Any] = {"key": "AKIAKEY", "secret": "the-secret", "client_kwargs": {"endpoint_url": address}}
    return open_storage("s3://bucket/prefix", **options)


def acts(store: Storage, written: Path) -> list[Any]:
    return [
        store.files,
        lambda: store.put(written),
        lambda: store.open(written.name).read(),
        lambda: store.read_range(written.name, 0, 9),
        lambda: store.seal(written.name),
    ]


@pytest.mark.parametrize(("status", "close"), [(403, False), (500, False), (0, True)])
def test_a_store_that_refuses_or_fails(written: Path, status: int, close: bool) -> None:
    with answering(status, close=close) as address:
        for act in acts(store_at(address), written):
            with pytest.raises(StorageError, match="does not do it") as raised:
                act()
            assert raised.value.exit_status == 3
            assert "the-secret" not in str(raised.value)
            assert "AKIAKEY" not in str(raised.value)


@pytest.mark.parametrize("body", [LOGIN, STRICT_LOGIN, b"", b'{"login": true}'])
def test_a_page_in_place_of_a_store_is_neither_an_empty_store_nor_a_damaged_file(written: Path, body: bytes) -> None:
    with answering(200, body, media_type="text/html") as address:
        for act in acts(store_at(address), written):
            with pytest.raises(StorageError, match=r"what answers there is no (S3 )?store") as raised:
                act()
            assert "wants a login" in str(raised.value)


def test_a_bucket_that_is_not_there(s3_url: str, written: Path) -> None:
    store = open_storage(s3_url.replace("s3://test", "s3://never-made"))
    for act in (store.files, lambda: store.put(written)):
        with pytest.raises(StorageError, match="no bucket 'never-made"):
            act()
    with pytest.raises(WarcError, match="not in the archive"):
        store.read_range(written.name, 0, 9)


def test_a_new_place_is_empty_and_a_short_read_is_the_end_of_the_file(s3_url: str, written: Path) -> None:
    store = open_storage(s3_url)
    assert (store.files(), store.seal(written.name)) == ([], None)
    store.put(written)
    assert store.read_range(written.name, 0, 1 << 20) == written.read_bytes()
    assert store.seal(written.name) == Seal.read(seal_path(written))
    with store.open(written.name) as opened:
        assert opened.seekable()
        opened.seek(5)
        assert opened.read(4) == written.read_bytes()[5:9]
        assert opened.tell() == 9


def test_a_seal_that_is_damaged_is_said_to_be_so(s3_url: str, written: Path) -> None:
    import s3fs

    store = open_storage(s3_url)
    store.put(written)
    s3fs.S3FileSystem().pipe_file(f"{s3_url}/{seal_path(written).name}", b"{}")
    with pytest.raises(WarcError, match="is no seal"):
        store.seal(written.name)


def test_a_store_that_hangs_is_not_waited_for_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("archive.storage.object_store.time.monotonic", lambda: now)
    asked = 0

    def ask(took: float) -> None:
        nonlocal now, asked
        with object_store._translated("s3://hanging/x"):
            asked += 1
            now += took
            raise OSError("timed out")

    for took, expected in ((1.0, 1), (6.0, 2), (6.0, 2)):  # the third is held off
        with pytest.raises(StorageError, match="timed out"):
            ask(took)
        assert asked == expected
    assert open_storage("s3://hanging/x").url == "s3://hanging/x"  # who names it finds out when it asks
    now += 61.0
    with pytest.raises(StorageError, match="timed out"):
        ask(1.0)
    assert asked == 3


def test_a_file_that_goes_while_it_is_read() -> None:
    class Gone(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise FileNotFoundError

    with pytest.raises(StorageError, match="is gone from the store"):
        object_store._Far(Gone(), "s3://bucket/x", "y.warc.gz").readinto(bytearray(9))


def test_an_index_goes_on_without_the_store_and_takes_up_what_waits(
    s3_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs

    monkeypatch.setenv("GONGKAI_STORAGE_URL", s3_url)
    home = Home.at(tmp_path / "home", create=True)

    def write(number: int) -> Path:
        writer = WarcWriter(home.warc, "test", INFO, durable=False)
        writer.append(make_exchange(number))
        (made,) = writer.close()
        return home.warc / made.file

    first = write(1)
    push(home)
    first.unlink()
    second = write(2)
    with answering(200, LOGIN, media_type="text/html") as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        s3fs.S3FileSystem.clear_instance_cache()
        found = index(home, processes=1)
        assert (found.files, found.captures, found.ok) == (1, 1, False)
        assert "no store" in found.problems[0]
        with pytest.raises(StorageError, match="no store"):
            index(home, rebuild=True, processes=1)
    monkeypatch.undo()
    assert second.exists()
