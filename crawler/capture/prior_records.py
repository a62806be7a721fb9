"""Reading back what earlier crawls archived, from the home's folder or from the store behind it.

A revisit is worth what the record it refers to is worth, so that record is read before one is written. What lies in the
folder is read at once; a store far away is asked beside the crawl's loop, which must not stand still for it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from archive import DamagedWarc, Home
from archive.access.captures import Prior
from archive.errors import StorageError
from archive.storage.base import Storage
from archive.storage.local import LocalStorage
from archive.storage.open import open_storage
from archive.warc import Record, read_at
from archive.warc.location import RecordLocation
from archive.warc.read import OPEN_SUFFIX, bare, read_head
from crawler.capture.records import PriorPicture

_PATIENCE = 2.0
_DOUBT = 60.0
_Given = TypeVar("_Given")


class PriorRecords:
    """The records of one home.

    Args:
        home: whose records.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._local = LocalStorage(home.warc)
        self._waiting: Future[Any] | None = None
        self._doubted = 0.0

    async def record(self, place: RecordLocation) -> Record:
        """The record at ``place``.

        Raises:
            ArchiveError: the file is gone, damaged or out of reach, or another record lies there.
        """
        return await self._from(place.file, lambda source: _record(source, place))

    async def picture(self, dom: Prior) -> PriorPicture | None:
        """The picture that was kept beside a rendered page: it is the next record in the file.

        Raises:
            ArchiveError: the file is gone, damaged or out of reach.
        """
        return await self._from(dom.location.file, lambda source: _picture(source, dom))

    def within_reach(self, file: str) -> bool:
        """Whether it is worth a request to a portal that the answer may rest on what ``file`` holds."""
        return time.monotonic() >= self._doubted or self._is_here(file)

    def at_once(self, file: str, act: Callable[[Storage], _Given]) -> _Given:
        """What ``act`` reads in ``file``, for who cannot wait for it longer than a moment.

        Raises:
            ArchiveError: as `record`; also when it takes too long.
        """
        if self._is_here(file):
            return act(self._local)
        if self._waiting is not None and not self._waiting.done():
            raise StorageError("the store has not answered yet", subject=file)
        pool = ThreadPoolExecutor(1)
        asked = pool.submit(lambda: act(open_storage(self._home)))
        pool.shutdown(wait=False)
        self._waiting = asked
        try:
            return asked.result(_PATIENCE)
        except TimeoutError as error:
            raise StorageError("the store takes too long", subject=file) from error

    async def _from(self, file: str, act: Callable[[Storage], _Given]) -> _Given:
        if self._is_here(file):
            return act(self._local)
        try:
            found = await asyncio.to_thread(lambda: act(open_storage(self._home)))
        except StorageError:
            self._doubted = time.monotonic() + _DOUBT
            raise
        self._doubted = 0.0
        return found

    def _is_here(self, file: str) -> bool:
        return any((self._home.warc / name).exists() for name in (file, file + OPEN_SUFFIX))


def _record(source: Storage, place: RecordLocation) -> Record:
    record = read_at(source, place.file, place.offset, place.length)
    if record.id != place.record_id:
        raise DamagedWarc(f"another record lies at offset {place.offset}", subject=place.file)
    return record


def _picture(source: Storage, dom: Prior) -> PriorPicture | None:
    head = read_head(source, dom.location.file, dom.location.end)
    if head is None or head.type != "resource" or not (head.uri or "").startswith("urn:view:"):
        return None
    digest = head.header("WARC-Payload-Digest")
    if not digest or bare(head.header("WARC-Concurrent-To") or "") != dom.location.record_id:
        return None
    return PriorPicture(head.id, head.date, digest)
