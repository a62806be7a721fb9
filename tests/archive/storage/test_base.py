"""What every storage does: a seal goes with its file, what does not arrive is found, logins are not said."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import DamagedWarc, HomeError, WarcError
from archive.storage.base import Storage
from archive.storage.open import open_storage
from archive.warc.seal import Seal, seal_path


def test_its_seal_goes_with_it(storage: Storage, written: Path) -> None:
    assert storage.seal(written.name) is None
    storage.put(written)
    assert storage.seal(written.name) == Seal.read(seal_path(written))


def test_what_does_not_arrive_as_it_was_sealed_is_found_at_once(storage: Storage, written: Path) -> None:
    written.write_bytes(written.read_bytes()[:-1])
    with pytest.raises(DamagedWarc, match="did not arrive"):
        storage.put(written)


def test_addresses_are_said_without_the_login_in_them() -> None:
    with pytest.raises(HomeError) as raised:
        open_storage("nosuch://user:the-secret@host/x")
    assert "the-secret" not in str(raised.value)
    assert "***@host" in str(raised.value)
    with pytest.raises(WarcError, match="neither a folder nor an address"):
        open_storage("s3:/bucket/prefix")
