"""Writing WARC files: append only, one gzip member per record, sealed by rename.

What a crash may leave, and why it is no more than that:

* A file is called ``<name>.open`` until it is sealed, and locked while its writer lives. It gets that name only when
  its first records are in it.
* All records of one exchange go out in one `writev`, so a crash can only tear the end of the last exchange. When the
  disk is full the file is cut back to its last whole record: nothing that is half there is ever counted.
* Nobody is told that a record is kept before it is on disk: `WarcWriter.settle` waits for an ``fdatasync`` which all
  who wait at that time share (group commit). The price is one disk flush per group, not per record; ``durable=False``
  leaves it out, and then a power cut (not a kill) may cost the last seconds.
* A seal (see `archive.warc.seal`) is written before the rename. `archive.storage.recover` finishes what a crash
  leaves between the two.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import hashlib
import os
import secrets
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from isal import igzip_lib

from archive.errors import WarcError
from archive.warc import build, seal
from archive.warc.build import Draft
from archive.warc.location import RecordLocation
from archive.warc.read import OPEN_SUFFIX
from archive.warc.seal import Link, Seal

MAX_BYTES = 1 << 30
MAX_AGE = 24 * 3600.0
_LEVEL = 2  # of ISA-L: as small as zlib 1 at four times its speed (docs/warc.md)
_SMALL = 16 * 1024
_SMALL_LEVEL = 9  # of zlib: requests, revisits and facts are small; what is gained is worth some tens of microseconds


class WarcWriter:
    """Writes the records of one process into a series of files. Used from one thread (or event loop).

    Args:
        directory: where the files go.
        prefix: how their names begin.
        info: fields of every file's warcinfo record (software, operator, ...).
        preamble: records that every file repeats after its warcinfo, so that each can be understood alone.
        max_bytes: a file is sealed when it has reached this size.
        max_age: or this age in seconds.
        durable: whether `settle` waits for the disk.
        made_up: whether captures are not obtained from the named hosts; the seals say so.
        on_seal: called with every seal.

    Raises:
        WarcError: nothing can be written there.
    """

    def __init__(
        self,
        directory: Path,
        prefix: str,
        info: Mapping[str, str],
        *,
        preamble: Sequence[Draft] = (),
        max_bytes: int = MAX_BYTES,
        max_age: float = MAX_AGE,
        durable: bool = True,
        made_up: bool = False,
        on_seal: Callable[[Seal], None] | None = None,
    ) -> None:
        if not prefix or Path(prefix).name != prefix or prefix.startswith("."):
            raise WarcError("cannot begin a file name", subject=repr(prefix))
        self._directory = directory
        self._prefix = prefix
        self._info = dict(info)
        self._preamble = tuple(preamble)
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._durable = durable
        self._made_up = made_up
        self._on_seal = on_seal
        self._key = seal.signing_key()
        self._seals: list[Seal] = []
        self._previous: tuple[Link, ...] | None = None
        self._file: _OpenFile | None = None
        self._serial = 0
        self._lock = threading.Lock()  # between the thread that syncs and the one that seals
        self._appended = 0  # bytes ever appended
        self._durable_to = 0  # how many of them are on disk
        self._flush: asyncio.Future[None] | None = None
        self._thread: ThreadPoolExecutor | None = None
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot_write(directory, error) from error

    @property
    def seals(self) -> tuple[Seal, ...]:
        """Of the files that this writer has sealed so far."""
        return tuple(self._seals)

    def append(self, drafts: Sequence[Draft]) -> list[RecordLocation]:
        """Write the records of one exchange together.

        They can be read back at once; they are safely kept after `settle` (or `sync`).

        Raises:
            WarcError: the disk is full or fails. Nothing of ``drafts`` is in the file then, and the writer may
                be used again when there is room.
        """
        file = self._current()
        members = [_member(draft.head(file.warcinfo_id), draft.block) for draft in drafts]
        places = []
        offset = file.size
        for draft, member in zip(drafts, members, strict=True):
            places.append(RecordLocation(record_id=draft.record_id, file=file.name, offset=offset, length=len(member)))
            offset += len(member)
        try:
            file.write(members)
        except OSError as error:
            raise _cannot_write(file.path, error) from error
        self._appended += offset - places[0].offset if places else 0
        return places

    async def settle(self) -> None:
        """Wait until everything appended so far is on disk. All who wait share one flush.

        Raises:
            WarcError: the disk did not take it.
        """
        if not self._durable:
            return
        mark = self._appended
        while self._durable_to < mark:
            if self._flush is None:
                self._flush = asyncio.ensure_future(self._flush_once())
            await asyncio.shield(self._flush)

    def sync(self) -> None:
        """As `settle`, blocking (and whatever ``durable`` says)."""
        mark = self._appended
        with self._lock:
            self._sync_file()
            self._durable_to = max(self._durable_to, mark)

    def close(self) -> list[Seal]:
        """Seal the file being written. Returns the seals of all files of this writer."""
        self._seal_current()
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None
        return list(self._seals)

    async def _flush_once(self) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="warc-sync")
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self.sync)
        finally:
            self._flush = None

    def _sync_file(self) -> None:
        if self._file is None:
            return
        try:
            self._file.sync()
        except OSError as error:
            raise _cannot_write(self._file.path, error) from error

    def _current(self) -> _OpenFile:
        file = self._file
        if file is not None and (file.size >= self._max_bytes or time.monotonic() - file.opened >= self._max_age):
            self._seal_current()
            file = None
        if file is None:
            file = self._file = self._open()
        return file

    def _open(self) -> _OpenFile:
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
        name = f"{self._prefix}-{stamp}-{self._serial:05d}-{secrets.token_hex(4)}.warc.gz"
        info = build.warcinfo(self._info, filename=name)
        # a record id may stand in one record only: from the second file on the preamble is the same under new ids
        preamble = self._preamble if not self._serial else [_renewed(draft) for draft in self._preamble]
        members = [_member(draft.head(info.record_id), draft.block) for draft in (info, *preamble)]
        try:
            if self._previous is None:
                self._previous = seal.heads(seal.read_seals(self._directory))
            file = _OpenFile(self._directory / name, info.record_id, members)
        except OSError as error:
            raise _cannot_write(self._directory / name, error) from error
        self._serial += 1
        self._appended += file.size
        return file

    def _seal_current(self) -> None:
        file = self._file
        if file is None:
            return
        mark = self._appended
        made = Seal(
            file=file.name,
            sha256=file.digest.hexdigest(),
            size=file.size,
            records=file.records,
            sealed_at=build.warc_date(),
            previous=self._previous or (),
            made_up=self._made_up,
        )
        if self._key is not None:
            made = made.signed(self._key)
        with self._lock:
            try:
                file.sync()
                seal.write_seal(self._directory, made)
                file.path.rename(self._directory / file.name)
                seal.sync_directory(self._directory)
            except OSError as error:
                raise _cannot_write(file.path, error) from error
            finally:
                # given up in any case: what could not be sealed here is left to `recover`
                file.close()
                self._file = None
            self._durable_to = max(self._durable_to, mark)
        self._seals.append(made)
        self._previous = (made.link,)
        if self._on_seal is not None:
            self._on_seal(made)


class _OpenFile:
    """A file being written: everything about it is true of its last whole record."""

    def __init__(self, target: Path, warcinfo_id: str, members: Sequence[bytes]) -> None:
        self.name = target.name
        self.path = target.with_name(target.name + OPEN_SUFFIX)
        self.warcinfo_id = warcinfo_id
        self.opened = time.monotonic()
        self.size = 0
        self.records = 0
        self.digest = hashlib.sha256()
        self._broken: OSError | None = None
        hidden = target.with_name(f".{target.name}.new")
        self._descriptor = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        try:
            # held until the writer ends, however it ends: `recover` leaves a locked file alone
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.write(members)
            os.fsync(self._descriptor)
            hidden.rename(self.path)
            seal.sync_directory(target.parent)
        except OSError:
            os.close(self._descriptor)
            hidden.unlink(missing_ok=True)
            raise

    def write(self, members: Sequence[bytes]) -> None:
        """Append members, all or nothing."""
        if self._broken is not None:
            raise self._broken
        total = sum(map(len, members))
        try:
            written = os.writev(self._descriptor, members) if members else 0
            if written < total:
                self._write_rest(b"".join(members)[written:])
        except OSError as error:
            self._cut_back(error)
            raise
        for member in members:
            self.digest.update(member)
        self.size += total
        self.records += len(members)

    def sync(self) -> None:
        """Put what is written on disk."""
        if self._broken is not None:
            raise self._broken
        try:
            _datasync(self._descriptor)
        except OSError as error:
            # after a failed flush the kernel may have dropped pages: nothing more is known about this file
            self._broken = error
            raise

    def close(self) -> None:
        """Give the lock up."""
        os.close(self._descriptor)

    def _write_rest(self, rest: bytes) -> None:
        view = memoryview(rest)
        while view:
            written = os.write(self._descriptor, view)
            if not written:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            view = view[written:]

    def _cut_back(self, error: OSError) -> None:
        try:
            os.ftruncate(self._descriptor, self.size)
        except OSError:
            self._broken = error


def _member(head: bytes, block: bytes) -> bytes:
    data = b"".join((head, block, b"\r\n\r\n"))
    if len(data) <= _SMALL:
        return zlib.compress(data, _SMALL_LEVEL, wbits=31)
    return igzip_lib.compress(data, _LEVEL, igzip_lib.COMP_GZIP)


def _renewed(draft: Draft) -> Draft:
    return replace(draft, record_id=build.new_record_id())


def _datasync(descriptor: int) -> None:
    # macOS has no fdatasync, and its fsync stops at the drive's cache
    if hasattr(fcntl, "F_FULLFSYNC"):
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fdatasync(descriptor)


def _cannot_write(path: Path, error: OSError) -> WarcError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return WarcError(
            f"the disk is full ({error.strerror}); everything written before is kept",
            subject=str(path),
            advice="Make room, then run the same command again",
        )
    return WarcError(
        f"cannot be written ({error.strerror or error})", subject=str(path), advice="Check the disk and its permissions"
    )
