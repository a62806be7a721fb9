"""Sealed files in a folder: found by their names, and read while they are still being written."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import WarcError
from archive.home import Home
from archive.storage.local import LocalStorage
from archive.storage.open import open_storage


def test_a_home_alone(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home", create=True)
    assert open_storage(home).url == str(home.warc)


def test_only_sealed_files_are_listed(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.warc", "c.warc.zst", ".a.warc.gz.tmp", ".d.warc.gz", "e.warc.gz.open", "a.plain.seal"):
        (tmp_path / name).write_bytes(b"12")
    (tmp_path / "f.warc").symlink_to(tmp_path / "gone")
    found = [(stored.name, stored.size) for stored in LocalStorage(tmp_path).files()]
    assert found == [("a.warc", 2), ("b.warc.gz", 2), ("c.warc.zst", 2), ("f.warc", 0)]


def test_a_file_that_is_still_being_written_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz.open").write_bytes(b"0123456789")
    storage = LocalStorage(tmp_path)
    assert storage.read_range("a.warc.gz", 3, 4) == b"3456"
    (tmp_path / "a.warc.gz.open").rename(tmp_path / "a.warc.gz")
    assert storage.read_range("a.warc.gz", 8, 40) == b"89"
    with pytest.raises(WarcError, match="is not in the archive"):
        storage.read_range("b.warc.gz", 0, 1)
    with pytest.raises(WarcError, match="no plain file name"):
        storage.read_range("../a.warc.gz", 0, 1)
