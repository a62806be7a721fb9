"""Where sealed WARC files lie: a local folder, or any object store that fsspec knows (``s3://``, ``gs://``, ``memory://``).

A sealed file never changes, so storing is copying once and reading is asking for byte ranges. Files are written locally
(an object store cannot append); `Storage.put` moves them out when they are sealed, the seal first: a file without its
seal would be one that the manifest does not know.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from archive._errors import DamagedWarc, HomeError, StorageError, WarcError
from archive.home import Home
from archive.warc.read import OPEN_SUFFIX, ByteRanges, Record, read_at, scan
from archive.warc.seal import Seal, seal_path

VARIABLE = "GONGKAI_STORAGE_URL"
SEALED = (".warc.gz", ".warc", ".warc.zst")
_PIECE = 8 << 20
_BUFFER = 1 << 18
_LOGIN = re.compile(r"(://)[^/\s\"']*@|(?<![\w/])[^/\s\"']+:[^/\s\"']+@")
# one try waits at most this long (botocore would wait five times a minute), and s3fs tries so often
_S3_PATIENCE = {"connect_timeout": 10, "read_timeout": 30, "retries": {"total_max_attempts": 1}}
_S3_TRIES = 3
_ALMOST = re.compile(r"[A-Za-z][A-Za-z0-9+]+:/?[^/]")


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
            raise WarcError(message, subject=_without_secrets(text), advice=advice)
        return LocalStorage(Path(text))
    return ObjectStorage(text, options)


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
            if path.name.endswith(SEALED) and path.name[0] != "." and seal_path(path).exists()
            if there.get(path.name) != path.stat().st_size or storage.seal(path.name) is None
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


def read_record(storage: Storage, file: str, offset: int, length: int) -> Record:
    """The record at a place in a storage (see `archive.warc.read.read_at`)."""
    return read_at(storage, file, offset, length)


def scan_stored(storage: Storage, file: str) -> Iterator[Record]:
    """All records of a stored file in order."""
    with storage.open(file) as opened:
        yield from scan(opened, name=file)


class LocalStorage:
    """A folder."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.url = str(directory)

    def files(self) -> list[StoredFile]:
        """All sealed files, by name."""
        paths = sorted(path for path in self._directory.iterdir() if path.name.endswith(SEALED) and path.name[0] != ".")
        return [StoredFile(path.name, path.stat().st_size) for path in paths]

    def open(self, file: str) -> BinaryIO:
        """A file for reading from beginning to end."""
        try:
            return self._path(file).open("rb")
        except FileNotFoundError as error:
            raise _missing(self.url, file) from error

    def read_range(self, file: str, offset: int, length: int) -> bytes:
        """``length`` bytes of ``file`` from ``offset``; also of one that is still being written."""
        path = self._path(file)
        for candidate in (path, path.with_name(file + OPEN_SUFFIX), path):
            try:
                with candidate.open("rb") as opened:
                    opened.seek(offset)
                    return opened.read(length)
            except FileNotFoundError:
                continue
        raise _missing(self.url, file)

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
        _check(self, path)
        return StoredFile(path.name, target.stat().st_size)

    def _path(self, file: str) -> Path:
        if Path(file).name != file:
            raise WarcError("is no plain file name", subject=file)
        return self._directory / file


class ObjectStorage:
    """A prefix in an object store, through fsspec."""

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        import fsspec

        self.url = _without_secrets(url.rstrip("/"))
        protocol = url.partition("://")[0]
        if protocol in {"s3", "s3a"} and "s3" not in fsspec.config.conf:
            options = {"config_kwargs": _S3_PATIENCE, **options}
        with _translated(self.url):
            try:
                found = fsspec.core.url_to_fs(url.rstrip("/"), **options)
            except (ImportError, ValueError) as error:
                why = str(error).replace(url.rstrip("/"), self.url)
                advice = f"See {VARIABLE}; for S3 install gongkai[s3]"
                raise HomeError(f"cannot be used as a storage ({why})", subject=self.url, advice=advice) from error
        self._system: Any = found[0]
        self._root = str(found[1]).rstrip("/")
        if protocol in {"s3", "s3a"}:
            self._system.retries = _S3_TRIES

    def files(self) -> list[StoredFile]:
        """All sealed files, by name."""
        with _translated(self.url):
            self._system.invalidate_cache()  # what was there a minute ago may be gone
            try:
                entries = self._system.ls(self._root, detail=True)
            except FileNotFoundError:
                entries = []
                self._require_bucket()
        named = ((str(entry["name"]).rpartition("/")[2], entry) for entry in entries if entry["type"] == "file")
        return sorted(
            (StoredFile(name, int(entry["size"])) for name, entry in named if name.endswith(SEALED)),
            key=lambda stored: stored.name,
        )

    def open(self, file: str) -> BinaryIO:
        """A file for reading from beginning to end, read ahead in large ranges."""
        with _translated(self.url):
            try:
                opened = self._system.open(self._path(file), "rb", block_size=_PIECE)
            except FileNotFoundError as error:
                raise _missing(self.url, file) from error
        return cast("BinaryIO", io.BufferedReader(_Far(opened, f"{self.url}/{file}"), _BUFFER))

    def read_range(self, file: str, offset: int, length: int) -> bytes:
        """``length`` bytes of ``file`` from ``offset``: one ranged request."""
        with _translated(self.url):
            try:
                return bytes(self._system.cat_file(self._path(file), start=offset, end=offset + length))
            except FileNotFoundError as error:
                raise _missing(self.url, file) from error

    def seal(self, file: str) -> Seal | None:
        """A file's seal, None when it has none."""
        name = seal_path(Path(file)).name
        with _translated(self.url):
            try:
                return Seal.parse(self._system.cat_file(self._path(name)), f"{self.url}/{name}")
            except FileNotFoundError:
                return None

    def put(self, path: Path) -> StoredFile:
        """Copy a sealed local file here with its seal, and make sure that it arrived."""
        with _translated(self.url):
            try:
                for source in (seal_path(path), path):
                    self._system.put_file(str(source), self._path(source.name))
                self._system.invalidate_cache(self._root)
            except FileNotFoundError:
                self._require_bucket()
                raise  # the local file is gone
        _check(self, path)
        return StoredFile(path.name, path.stat().st_size)

    def _require_bucket(self) -> None:
        """An empty prefix is a new store; a bucket that is not there is a mistake, or a loss."""
        bucket = self._root.partition("/")[0]
        if not bucket:
            return
        try:
            self._system.ls(bucket)
        except FileNotFoundError as error:
            advice = f"See {VARIABLE}, and whether it was removed"
            raise StorageError(f"there is no bucket {bucket!r}", subject=self.url, advice=advice) from error

    def _path(self, file: str) -> str:
        if Path(file).name != file:
            raise WarcError("is no plain file name", subject=file)
        return f"{self._root}/{file}"


class _Far(io.RawIOBase):
    """A stored file whose errors are ours."""

    def __init__(self, opened: Any, url: str) -> None:
        self._opened = opened
        self._url = url

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return int(self._opened.seek(offset, whence))

    def tell(self) -> int:
        return int(self._opened.tell())

    def readinto(self, buffer: Any) -> int:
        with _translated(self._url):
            try:
                piece = self._opened.read(len(buffer))
            except FileNotFoundError as error:
                raise StorageError("is gone from the store", subject=self._url) from error
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._opened.close()
        super().close()


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Every store's client library has errors of its own; what they say is kept, without keys."""
    try:
        yield
    except (WarcError, HomeError, FileNotFoundError):
        raise
    except Exception as error:
        why = _without_secrets(str(error).strip() or type(error).__name__)
        if isinstance(error, PermissionError):
            advice = "The store knows this place and refuses: see the key that is used and what it may do"
        else:
            advice = "See the address, the key and the network, then run it again"
        raise StorageError(f"the store does not do it ({why.rstrip('.')})", subject=url, advice=advice) from error


def _without_secrets(text: str) -> str:
    """An address without the name and password that somebody may have written into it."""
    return _LOGIN.sub(r"\1***@", text)


class LayeredStorage:
    """Several storages, asked in order; new files go to the last."""

    def __init__(self, layers: list[Storage]) -> None:
        self._layers = layers
        self.url = layers[-1].url

    def files(self) -> list[StoredFile]:
        """All sealed files of all layers, by name."""
        found = {stored.name: stored for layer in reversed(self._layers) for stored in layer.files()}
        return [found[name] for name in sorted(found)]

    def open(self, file: str) -> BinaryIO:
        """A file for reading from beginning to end."""
        return self._holder(file).open(file)

    def read_range(self, file: str, offset: int, length: int) -> bytes:
        """``length`` bytes of ``file`` from ``offset``, from the first layer that has it."""
        for layer in self._layers[:-1]:
            try:
                return layer.read_range(file, offset, length)
            except WarcError:
                continue
        return self._layers[-1].read_range(file, offset, length)

    def seal(self, file: str) -> Seal | None:
        """A file's seal, None when no layer has one."""
        return next((found for layer in self._layers if (found := layer.seal(file)) is not None), None)

    def put(self, path: Path) -> StoredFile:
        """Copy a sealed local file to the last layer."""
        return self._layers[-1].put(path)

    def _holder(self, file: str) -> Storage:
        for layer in self._layers[:-1]:
            if any(stored.name == file for stored in layer.files()):
                return layer
        return self._layers[-1]


def _check(storage: Storage, path: Path) -> None:
    """Read back what was stored: an upload that lost bytes must not be found out when the local copy is gone."""
    made = hashlib.sha256()
    with storage.open(path.name) as stored:
        while piece := stored.read(_PIECE):
            made.update(piece)
    wanted = Seal.read(seal_path(path)).sha256
    if made.hexdigest() != wanted:
        raise DamagedWarc(
            "did not arrive as it was sealed", subject=f"{storage.url}/{path.name}", advice="Store it again"
        )


def _missing(url: str, file: str) -> WarcError:
    return WarcError("is not in the archive", subject=f"{url}/{file}", advice="`gongkai verify` lists what is missing")
