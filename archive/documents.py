"""Reading archived documents: from a place in a WARC file to content key and `AnnualReport`.

Each task is pure and can be sent to another process; many are read in parallel where there are several processors.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from archive._errors import NotStored, StorageError, WarcError
from archive.content_key import content_key
from archive.processes import pool, undisturbed
from archive.warc.read import ByteRanges, Record, read_at
from parsers import AnnualReport, Hints

Source = Path | ByteRanges
"""Where sealed files lie."""

_PARALLEL_FROM = 16  # tasks; below, starting processes costs more than it saves

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ReadTask:
    """One archived document to be read. ``capture`` names the record that holds its bytes."""

    source: Source
    capture: str
    file: str
    offset: int
    length: int
    hints: Hints


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What was read; ``problem`` is given instead when the record cannot be had.

    ``unreachable`` when the file is not where it should be, or the place does not answer: it may be had another time.
    """

    capture: str
    content_key: str | None
    report: AnnualReport | None
    problem: str | None = None
    unreachable: bool = False


def record_content(record: Record) -> bytes:
    """The document in a record, without transfer and content coding.

    Raises:
        WarcError: the record holds none.
    """
    return record.http().content() if record.is_http else record.block


def read(task: ReadTask) -> ReadResult:
    """Read one document. Never raises for what is in the archive."""
    from parsers import parse

    try:
        record = read_at(task.source, task.file, task.offset, task.length)
        data = record_content(record)
    except WarcError as error:
        away = isinstance(error, (StorageError, NotStored))
        return ReadResult(task.capture, None, None, str(error), unreachable=away)
    hints = replace(task.hints, charset=declared_charset(record))
    return ReadResult(task.capture, content_key(data, hints), parse(data, hints))


def hints_of(url: str, media_type: str | None, hints: dict[str, Any] | None) -> Hints:
    """What the parser is told: the address, what the server said, and what the crawler knew when it asked.

    The charset that the server declared is read from the record itself.
    """
    known = hints or {}
    return Hints(
        url=url,
        media_type=media_type,
        division=known.get("division"),
        publisher=known.get("publisher"),
        list_title=known.get("list_title"),
        list_date=known.get("list_date"),
        year=known.get("year"),
    )


def declared_charset(record: Record) -> str | None:
    """The charset that the server named for a document."""
    declared = record.http().header("Content-Type") if record.is_http else record.content_type
    found = _CHARSET.search(declared or "")
    return found[1] if found else None


class Workers:
    """Runs pure tasks, in processes of their own where that pays.

    Args:
        count: processes; 1 works in this one; default as many as there are processors.
    """

    def __init__(self, count: int | None = None) -> None:
        self._count = count or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else count or 1
        self._pool: ProcessPoolExecutor | None = None

    def map(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], *, parallel_from: int = _PARALLEL_FROM
    ) -> Iterator[Result]:
        """Results in the order of ``tasks``; no more than a few are waiting at any time."""
        if self._count < 2 or len(tasks) < parallel_from:
            yield from map(function, tasks)
            return
        if self._pool is None:
            self._pool = pool(self._count)
        yield from _in_order(self._pool, function, tasks, self._count * 4)

    def close(self) -> None:
        """Stop the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


@contextlib.contextmanager
def workers(count: int | None = None) -> Iterator[Workers]:
    """`Workers` that are stopped at the end of the block, also when it fails or is interrupted."""
    running = Workers(count)
    try:
        yield running
    finally:
        running.close()


def _in_order(
    pool: ProcessPoolExecutor, function: Callable[[Task], Result], tasks: Iterable[Task], ahead: int
) -> Iterator[Result]:
    from collections import deque

    waiting: deque[Any] = deque()
    for task in tasks:
        with undisturbed():
            waiting.append(pool.submit(function, task))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
