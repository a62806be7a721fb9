"""Reading archived documents: from a place in a WARC file to content key and `AnnualReport`.

Each task is pure and can be sent to another process; many are read in parallel where there are several processors.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from archive._errors import NotStored, StorageError, WarcError
from archive.apart import reason_of
from archive.content_key import content_key
from archive.processes import pool, undisturbed
from archive.warc.read import ByteRanges, Record, read_at
from parsers import AnnualReport, ConfigurationError, Hints

Source = Path | ByteRanges
"""Where sealed files lie."""

_PARALLEL_FROM = 16  # tasks; below, starting processes costs more than it saves

READ_SECONDS = 300.0
"""So long may one document take."""

READ_PATIENCE = READ_SECONDS * 2
"""So long is waited for a process that reads: what hangs outside Python is not interrupted there."""

OVERSIZED = "oversized"
"""Code of the parser's issue for a document that is not read: it holds more than any report does."""

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


class _TookTooLong(BaseException):
    """Not an `Exception`: a parser that tries something else after any failure must not go on."""


def read(task: ReadTask) -> ReadResult:
    """Read one document. Never raises for what is in the archive, and takes no longer than `READ_SECONDS`."""
    try:
        with _limited(READ_SECONDS):
            return _read(task)
    except ConfigurationError:
        raise
    except _TookTooLong:
        return unread(task, f"reading it takes longer than {READ_SECONDS:g} seconds")
    except OSError as error:  # no room for a temporary file, and the like: of this machine, not of the document
        return ReadResult(task.capture, None, None, f"{task.file} offset {task.offset}: {error}", unreachable=True)
    except Exception as error:  # noqa: BLE001 - whatever it is, it costs this document alone, and is named
        return unread(task, f"our code failed ({reason_of(error)})")


def unread(task: ReadTask, why: str) -> ReadResult:
    """The result of a document that could not be read."""
    return ReadResult(task.capture, None, None, f"{task.file} offset {task.offset}: {why}")


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Interrupt the block after so many seconds, where signals can: in the first thread of a process."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(_number: int, _frame: Any) -> None:
        raise _TookTooLong

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _read(task: ReadTask) -> ReadResult:
    from parsers import parse

    try:
        record = read_at(task.source, task.file, task.offset, task.length)
        data = record_content(record)
    except WarcError as error:
        away = isinstance(error, (StorageError, NotStored))
        return ReadResult(task.capture, None, None, str(error), unreachable=away)
    hints = replace(task.hints, charset=declared_charset(record))
    report = parse(data, hints)
    for issue in report.issues:
        if issue.code == OVERSIZED:
            return unread(task, issue.message)
    return ReadResult(task.capture, content_key(data, hints), report)


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

    A process may die of its task (a library's fault, no memory), or not come back from it. The task is then lost, the
    others are done all the same.

    Args:
        count: processes; 1 works in this one; default as many as there are processors.
    """

    wary = False
    """Whether every task is done in another process: an earlier run died of one."""

    def __init__(self, count: int | None = None) -> None:
        self._count = count or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else count or 1
        self._pool: ProcessPoolExecutor | None = None

    def map(
        self,
        function: Callable[[Task], Result],
        tasks: Sequence[Task],
        lost: Callable[[Task, str], Result],
        *,
        parallel_from: int = _PARALLEL_FROM,
        patience: float | None = None,
    ) -> Iterator[Result]:
        """Results in the order of ``tasks``; no more than a few are waiting at any time.

        Args:
            function: does one task.
            tasks: what it is given.
            lost: makes the result of a task of which its process died, and why.
            parallel_from: fewer tasks are done in this process.
            patience: seconds that a task may take in another; without end when not given.
        """
        if not self.wary and (self._count < 2 or len(tasks) < parallel_from):
            yield from map(function, tasks)
            return
        waiting: deque[tuple[Task, Future[Result]]] = deque()
        left = deque(tasks)
        while left or waiting:
            while left and len(waiting) < self._count * 4:
                waiting.append((left[0], self._submit(function, left.popleft())))
            try:
                yield waiting[0][1].result(patience)
                waiting.popleft()
            except (BrokenProcessPool, TimeoutError):
                self._kill()
                suspects = [task for task, _ in waiting]  # one of them did it: each is done by itself
                waiting.clear()
                for task in suspects:
                    yield self._alone(function, task, lost, patience)

    def _submit(self, function: Callable[..., Result], *task: Any) -> Future[Result]:
        if self._pool is None:
            self._pool = pool(self._count)
        try:
            with undisturbed():
                return self._pool.submit(function, *task)
        except BrokenProcessPool as error:
            broken: Future[Result] = Future()
            broken.set_exception(error)
            return broken

    def _alone(
        self,
        function: Callable[[Task], Result],
        task: Task,
        lost: Callable[[Task, str], Result],
        patience: float | None,
    ) -> Result:
        try:
            if self._pool is None:
                self._submit(os.getpid).result()  # to start a process takes a while of its own
            return self._submit(function, task).result(patience)
        except BrokenProcessPool:
            self._kill()
            return lost(task, "the process that did it died")
        except TimeoutError:
            self._kill()
            return lost(task, f"the process that did it did not come back in {patience:g} seconds")

    def _kill(self) -> None:
        """End processes that died or hang; new ones are started when there is more to do."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001 - public from Python 3.14
                process.kill()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

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
