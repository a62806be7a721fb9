"""Sealed files in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from archive.errors import StorageError, WarcError
from archive.storage.base import StoredFile, check_arrived, not_stored
from archive.warc.read import read_range
from archive.warc.seal import Seal, is_sealed_name, seal_path


def size_of(path: Path) -> int:
    """Size of a file in bytes; 0 of a link to what is not there."""
    try:
        return path.stat().st_size
    except OSError:  # a link to what is not there: whoever opens it is told
        return 0


class LocalStorage:
    """A folder."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.url = str(directory)

    def files(self) -> list[StoredFile]:
        """All sealed files, by name.

        Raises:
            StorageError: the folder is not there (a disk that is not mounted), or cannot be read.
        """
        try:
            paths = sorted(path for path in self._directory.iterdir() if is_sealed_name(path.name))
        except OSError as error:
            advice = "See whether its disk is mounted and who may read there"
            raise StorageError(f"cannot be listed ({error.strerror})", subject=self.url, advice=advice) from error
        return [StoredFile(path.name, size_of(path)) for path in paths]

    def open(self, file: str) -> BinaryIO:
        """A file for reading from beginning to end."""
        try:
            return self._path(file).open("rb")
        except FileNotFoundError as error:
            raise not_stored(self.url, file) from error
        except OSError as error:
            raise _unreadable(self.url, file, error) from error

    def read_range(self, file: str, offset: int, length: int) -> bytes:
        """``length`` bytes of ``file`` from ``offset``; also of one that is still being written."""
        try:
            return read_range(self._path(file), offset, length)
        except FileNotFoundError as error:
            raise not_stored(self.url, file) from error
        except OSError as error:
            raise _unreadable(self.url, file, error) from error

    def seal(self, file: str) -> Seal | None:
        """A file's seal, None when it has none."""
        path = seal_path(self._path(file))
        return Seal.read(path) if path.exists() else None

    def put(self, path: Path) -> StoredFile:
        """Copy a sealed file here with its seal."""
        import shutil

        target = self._path(path.name)
        for source in (seal_path(path), path):
            temporary = target.with_name(f".{source.name}.tmp")
            shutil.copyfile(source, temporary)
            temporary.replace(target.with_name(source.name))
        check_arrived(self, path)
        return StoredFile(path.name, target.stat().st_size)

    def _path(self, file: str) -> Path:
        if Path(file).name != file:
            raise WarcError("is no plain file name", subject=file)
        return self._directory / file


def _unreadable(url: str, file: str, error: OSError) -> StorageError:
    advice = "See the disk and who may read there"
    return StorageError(f"cannot be read ({error.strerror or error})", subject=f"{url}/{file}", advice=advice)
