"""Sealed WARC files in an object store, through fsspec (``s3://``, ``gs://``, ``memory://``).

What stands between us and a store may answer in its place: a portal that wants a login says 200 to everything. So an
empty listing and bytes that are not as many as were asked for are believed only of something that shows the marks of a
store. A store that hangs is not waited for again at once: who goes on without it is not held up at every step.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from archive.errors import HomeError, StorageError, WarcError
from archive.storage.base import VARIABLE, StoredFile, check_arrived, not_stored, without_secrets
from archive.warc.seal import Seal, is_sealed_name, seal_path

_PIECE = 8 << 20
_BUFFER = 1 << 18
# one try waits at most this long (botocore would wait five times a minute), and s3fs tries so often
_S3_PATIENCE = {"connect_timeout": 10, "read_timeout": 30, "retries": {"total_max_attempts": 1}}
_S3_TRIES = 3
_LONG = 5.0
"""Seconds; a failure that took longer is not provoked again for ten times as long."""
_NO_STORE = f"See {VARIABLE}, the endpoint, and whether the network wants a login"
_held_off: dict[str, tuple[float, StorageError]] = {}


class ObjectStorage:
    """A prefix in an object store, through fsspec."""

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        import fsspec

        self.url = without_secrets(url.rstrip("/"))
        protocol = url.partition("://")[0]
        if protocol in {"s3", "s3a"} and "s3" not in fsspec.config.conf:
            options = {"config_kwargs": _S3_PATIENCE, **options}
        with _translated(self.url, reaching=False):
            try:
                found = fsspec.core.url_to_fs(url.rstrip("/"), **options)
            except (ImportError, ValueError) as error:
                why = str(error).replace(url.rstrip("/"), self.url)
                advice = f"See {VARIABLE}; for S3 install gongkai[s3]"
                raise HomeError(f"cannot be used as a storage ({why})", subject=self.url, advice=advice) from error
        self._system: Any = found[0]
        self._root = str(found[1]).rstrip("/")
        self._is_folder = protocol in {"file", "local"}
        self._is_s3 = protocol in {"s3", "s3a"}
        if self._is_s3:
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
            if not entries:
                self._require_store()
        named = ((str(entry["name"]).rpartition("/")[2], entry) for entry in entries if entry["type"] == "file")
        return sorted(
            (StoredFile(name, int(entry["size"])) for name, entry in named if is_sealed_name(name)),
            key=lambda stored: stored.name,
        )

    def open(self, file: str) -> BinaryIO:
        """A file for reading from beginning to end, read ahead in large ranges."""
        with _translated(self.url):
            try:
                opened = self._system.open(self._path(file), "rb", block_size=_PIECE)
            except FileNotFoundError as error:
                raise not_stored(self.url, file) from error
            if self._is_s3 and not opened.details.get("ETag"):
                self._require_store()
        return cast("BinaryIO", io.BufferedReader(_Far(opened, self.url, file), _BUFFER))

    def read_range(self, file: str, offset: int, length: int) -> bytes:
        """``length`` bytes of ``file`` from ``offset``: one ranged request."""
        with _translated(self.url):
            try:
                data = bytes(self._system.cat_file(self._path(file), start=offset, end=offset + length))
            except FileNotFoundError as error:
                raise not_stored(self.url, file) from error
            if len(data) != length:
                self._require_store()
        return data[:length]

    def seal(self, file: str) -> Seal | None:
        """A file's seal, None when it has none."""
        name = seal_path(Path(file)).name
        with _translated(self.url):
            try:
                return Seal.parse(self._system.cat_file(self._path(name)), f"{self.url}/{name}")
            except FileNotFoundError:
                return None
            except WarcError:
                self._require_store()
                raise

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
        check_arrived(self, path)
        return StoredFile(path.name, path.stat().st_size)

    def _require_bucket(self) -> None:
        """An empty prefix is a new store; a bucket or folder that is not there is a mistake, or a loss."""
        if self._is_folder:
            advice = f"See {VARIABLE}, and whether its disk is mounted; a new folder is made by hand"
            raise StorageError("there is no such folder", subject=self.url, advice=advice)
        bucket = self._root.partition("/")[0]
        if not bucket:
            return
        try:
            self._system.ls(bucket)
        except FileNotFoundError as error:
            advice = f"See {VARIABLE}, and whether it was removed"
            raise StorageError(f"there is no bucket {bucket!r}", subject=self.url, advice=advice) from error

    def _require_store(self) -> None:
        """Raise unless what answers shows the mark of an S3 store: a listing that names its bucket."""
        bucket = self._root.partition("/")[0]
        if not self._is_s3 or not bucket:
            return
        if not self._system.call_s3("list_objects_v2", Bucket=bucket, MaxKeys=1).get("Name"):
            raise StorageError("what answers there is no S3 store", subject=self.url, advice=_NO_STORE)

    def _path(self, file: str) -> str:
        if Path(file).name != file:
            raise WarcError("is no plain file name", subject=file)
        return f"{self._root}/{file}"


class _Far(io.RawIOBase):
    """A stored file whose errors are ours."""

    def __init__(self, opened: Any, url: str, file: str) -> None:
        self._opened = opened
        self._url = url
        self._file = file

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
                raise StorageError("is gone from the store", subject=f"{self._url}/{self._file}") from error
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._opened.close()
        super().close()


@contextmanager
def _translated(url: str, *, reaching: bool = True) -> Iterator[None]:
    """Every store's client library has errors of its own; what they say is kept, without keys.

    A store that hung is not asked again for a while, which its user learns where it would be ``reaching`` for it: to
    name it is no use of it.
    """
    began = time.monotonic()
    until, last = _held_off.get(url, (0.0, None))
    if reaching and last is not None and began < until:
        raise StorageError(str(last.args[0]), subject=url, advice=last.advice)
    try:
        yield
    except (WarcError, HomeError, FileNotFoundError):
        raise
    except Exception as error:
        why = without_secrets(str(error).strip() or type(error).__name__)
        if isinstance(error, PermissionError):
            advice = "The store knows this place and refuses: see the key that is used and what it may do"
        elif (media_type := _foreign(error)) is not None:
            why, advice = f"what answers there is no store, it says {media_type}", _NO_STORE
        else:
            advice = "See the address, the key and the network, then run it again"
        found = StorageError(f"the store does not do it ({why.rstrip('.')})", subject=url, advice=advice)
        took = time.monotonic() - began
        if took > _LONG:
            _held_off[url] = (time.monotonic() + 10 * took, found)
        raise found from error


def _foreign(error: BaseException | None) -> str | None:
    """The media type of an answer that no S3 store gives: it has no request's id, and is not XML."""
    while error is not None:
        said = getattr(error, "response", None)
        if isinstance(said, dict) and (meta := said.get("ResponseMetadata")) and not meta.get("RequestId"):
            media_type = str(meta.get("HTTPHeaders", {}).get("content-type", "")).partition(";")[0]
            return media_type if media_type and "xml" not in media_type else None
        error = error.__cause__ or error.__context__
    return None
