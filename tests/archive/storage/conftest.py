"""A sealed file, and storages of every kind to put it into."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from archive.storage.base import Storage
from archive.storage.open import open_storage
from archive.warc import WarcWriter
from tests.archive.exchanges import INFO, make_exchange


@pytest.fixture
def written(tmp_path: Path) -> Path:
    writer = WarcWriter(tmp_path / "written", "test", INFO, durable=False)
    for number in range(30):
        writer.append(make_exchange(number, bytes([number]) * 900))
    (seal,) = writer.close()
    return tmp_path / "written" / seal.file


@pytest.fixture(params=["folder", "memory", pytest.param("s3", marks=pytest.mark.s3)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        (tmp_path / "stored").mkdir()
        return open_storage(tmp_path / "stored")
    if request.param == "memory":
        return open_storage(f"memory://{uuid.uuid4()}")
    return open_storage(request.getfixturevalue("s3_url"))
