"""A storage by its address, a home's storage, and what takes sealed files from a home to the storage behind it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from archive.errors import HomeError, NotStored, StorageError, WarcError
from archive.home import Home
from archive.storage.base import VARIABLE, Storage, StoredFile, not_stored, without_secrets
from archive.storage.local import LocalStorage, size_of
from archive.storage.object_store import ObjectStorage
from archive.warc.read import Record, scan
from archive.warc.seal import Seal, is_sealed_name, seal_path

_Given = TypeVar("_Given")
_ALMOST = re.compile(r"[A-Za-z][A-Za-z0-9+]+:/?[^/]")


def open_storage(where: str | PathLike[str] | Home, **options: Any) -> Storage:
    """A storage by its address.

    Args:
        where: a directory, an fsspec URL, or a home: its own folder and, behind it, what GONGKAI_STORAGE_URL names.
        options: for the fsspec file system (``key``, ``secret``, ``endpoint_url``, ...); usually its own environment
            variables say these.

    Raises:
        WarcError: no file system answers to the URL.
    """
    if isinstance(where, Home):
        local = LocalStorage(where.warc)
        behind = os.environ.get(VARIABLE)
        return LayeredStorage([local, open_storage(behind, **options)]) if behind else local
    text = str(where)
    if "://" not in text and not text.startswith("~"):
        if isinstance(where, str) and _ALMOST.match(text):
            message, advice = "is neither a folder nor an address", "An address looks like s3://bucket/prefix"
            raise WarcError(message, subject=without_secrets(text), advice=advice)
        return LocalStorage(Path(text))
    return ObjectStorage(text, options)


def listed(storage: Storage) -> tuple[list[StoredFile], StorageError | None]:
    """The files that can be listed now, by name, and why those of a place behind the home's folder cannot."""
    if not isinstance(storage, LayeredStorage):
        return storage.files(), None
    return storage.listed()


def push(home: Home, *, progress: Callable[[str, int, int], None] | None = None, **options: Any) -> list[StoredFile]:
    """Copy every sealed file of a home that is not there yet to what GONGKAI_STORAGE_URL names.

    A file counts as there only when it has its size and its seal. Local copies stay; whoever needs the room may delete
    the files afterwards (not the seals: later ones are linked to them).

    Args:
        home: whose files.
        progress: told the name of each file that was copied, how many are done and how many there are.
        options: as for `open_storage`.

    Raises:
        HomeError: no storage is named.
        WarcError: the storage does not take a file. What is done so far stands.
    """
    url = os.environ.get(VARIABLE)
    if not url:
        raise HomeError(f"{VARIABLE} names no storage", advice=f"Set it, such as {VARIABLE}=s3://bucket/prefix")
    storage = open_storage(url, **options)
    try:
        there = {stored.name: stored.size for stored in storage.files()}
        waiting = [
            path
            for path in sorted(home.warc.iterdir())
            if is_sealed_name(path.name) and seal_path(path).exists()
            if there.get(path.name) != size_of(path) or storage.seal(path.name) is None
        ]
        done = []
        for path in waiting:
            done.append(storage.put(path))
            if progress is not None:
                progress(path.name, len(done), len(waiting))
    except OSError as error:  # a folder that is full or not there
        why = error.strerror or str(error)
        raise StorageError(f"does not take files ({why})", subject=storage.url, advice="Run it again") from error
    return done


def scan_stored(storage: Storage, file: str, *, types: Collection[str] | None = None) -> Iterator[Record]:
    """All records of a stored file in order, or those of some types (see `archive.warc.read.scan`)."""
    with storage.open(file) as opened:
        yield from scan(opened, types=types, name=file)


class LayeredStorage:
    """Several storages, asked in order; new files go to the last."""

    def __init__(self, layers: list[Storage]) -> None:
        self._layers = layers
        self.url = layers[-1].url

    def files(self) -> list[StoredFile]:
        """All sealed files of all layers, by name."""
        found, why = self.listed()
        if why is not None:
            raise why
        return found

    def listed(self) -> tuple[list[StoredFile], StorageError | None]:
        """The files of the layers that can be listed, by name, and why another cannot."""
        found: dict[str, StoredFile] = {}
        why = None
        for layer in reversed(self._layers):
            try:
                found |= {stored.name: stored for stored in layer.files()}
            except StorageError as error:
                why = error
        return [found[name] for name in sorted(found)], why

    def open(self, file: str) -> BinaryIO:
        """A file for reading from beginning to end, from the first layer that gives it."""
        return self._first(file, lambda layer: layer.open(file))

    def read_range(self, file: str, offset: int, length: int) -> bytes:
        """``length`` bytes of ``file`` from ``offset``, from the first layer that gives them."""
        return self._first(file, lambda layer: layer.read_range(file, offset, length))

    def seal(self, file: str) -> Seal | None:
        """A file's seal, None when no layer has one."""
        return next((found for layer in self._layers if (found := layer.seal(file)) is not None), None)

    def put(self, path: Path) -> StoredFile:
        """Copy a sealed local file to the last layer."""
        return self._layers[-1].put(path)

    def _first(self, file: str, act: Callable[[Storage], _Given]) -> _Given:
        """What the first layer gives that has the file; else why one that may have it does not."""
        why: WarcError | None = None
        for layer in self._layers:
            try:
                return act(layer)
            except NotStored as error:
                why = why or error
            except StorageError as error:
                why = error
        raise why or not_stored(self.url, file)
