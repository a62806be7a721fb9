"""Reading archived documents: from a place in a WARC file to content key and `AnnualReport`.

Each task is pure and can be sent to another process; many are read in parallel where there are several processors.
"""

from __future__ import annotations

import contextlib
import re
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive.database.apart import reason_of
from archive.errors import NotStored, StorageError, WarcError
from archive.index.annexes import linked_files
from archive.index.content_key import content_key
from archive.warc.location import RecordLocation
from archive.warc.read import ByteRanges, Record, read_at
from parsers import AnnualReport, ConfigurationError, Hints

Source = Path | ByteRanges
"""Where sealed files lie."""


READ_SECONDS = 300.0
"""So long may one document take."""

READ_PATIENCE = READ_SECONDS * 2
"""So long is waited for a process that reads: what hangs outside Python is not interrupted there."""

OVERSIZED = "oversized"
"""Code of the parser's issue for a document that is not read: it holds more than any report does."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadTask:
    """One archived document to be read. ``location`` is that of the record that holds its bytes."""

    source: Source
    location: RecordLocation
    hints: Hints

    @property
    def capture(self) -> str:
        """The record that holds its bytes."""
        return self.location.record_id


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What was read; ``problem`` is given instead when the record cannot be had.

    ``unreachable`` when the file is not where it should be, or the place does not answer: it may be had another time.
    ``links`` are the files that a page of a report links to.
    """

    capture: str
    content_key: str | None
    report: AnnualReport | None
    problem: str | None = None
    unreachable: bool = False
    links: tuple[str, ...] = ()


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
        return ReadResult(task.capture, None, None, f"{task.location}: {error}", unreachable=True)
    except Exception as error:  # noqa: BLE001 - whatever it is, it costs this document alone, and is named
        return unread(task, f"our code failed ({reason_of(error)})")


def unread(task: ReadTask, why: str) -> ReadResult:
    """The result of a document that could not be read."""
    return ReadResult(task.capture, None, None, f"{task.location}: {why}")


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
        place = task.location
        record = read_at(task.source, place.file, place.offset, place.length)
        data = record_content(record)
    except WarcError as error:
        away = isinstance(error, (StorageError, NotStored))
        return ReadResult(task.capture, None, None, str(error), unreachable=away)
    hints = replace(task.hints, charset=declared_charset(record))
    report = parse(data, hints)
    for issue in report.issues:
        if issue.code == OVERSIZED:
            return unread(task, issue.message)
    is_page = report.media_type == "text/html" and report.outcome in {"report", "partial"}
    links = linked_files(data, task.hints.url or "") if is_page else ()
    return ReadResult(task.capture, content_key(data, hints), report, links=links)


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
