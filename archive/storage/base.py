"""Where sealed WARC files lie: a local folder, or any object store that fsspec knows (``s3://``, ``gs://``, ``memory://``).

A sealed file never changes, so storing is copying once and reading is asking for byte ranges. Files are written locally
(an object store cannot append); `Storage.put` moves them out when they are sealed, the seal first: a file without its
seal would be one that the manifest does not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from archive.errors import DamagedWarc, NotStored
from archive.warc.read import ByteRanges
from archive.warc.seal import Seal, seal_path, sha256_of

VARIABLE = "GONGKAI_STORAGE_URL"
_LOGIN = re.compile(r"(://)[^/\s\"']*@|(?<![\w/])[^/\s\"']+:[^/\s\"']+@")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One sealed file in a storage."""

    name: str
    size: int


class Storage(ByteRanges, Protocol):
    """Sealed files by name."""

    url: str

    def files(self) -> list[StoredFile]:
        """All sealed files, by name."""

    def open(self, file: str) -> BinaryIO:
        """A file for reading from beginning to end."""

    def seal(self, file: str) -> Seal | None:
        """A file's seal, None when it has none."""

    def put(self, path: Path) -> StoredFile:
        """Copy a sealed local file here with its seal, and make sure that it arrived."""


def check_arrived(storage: Storage, path: Path) -> None:
    """Read back what was stored: an upload that lost bytes must not be found out when the local copy is gone.

    Raises:
        DamagedWarc: it is not what was sealed.
    """
    with storage.open(path.name) as stored:
        arrived = sha256_of(stored)
    if arrived != Seal.read(seal_path(path)).sha256:
        raise DamagedWarc(
            "did not arrive as it was sealed", subject=f"{storage.url}/{path.name}", advice="Store it again"
        )


def not_stored(url: str, file: str) -> NotStored:
    """The error for a file that is not there."""
    return NotStored("is not in the archive", subject=f"{url}/{file}", advice="`gongkai verify` lists what is missing")


def without_secrets(text: str) -> str:
    """An address without the name and password that somebody may have written into it."""
    return _LOGIN.sub(r"\1***@", text)
