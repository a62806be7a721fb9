"""Judging files in several processes: whole files, and large compressed ones in parts.

A gzip file can be entered anywhere: the next place where a member begins with a record is found by looking. Each part
says where its first record begins and where the first one behind it does; where these do not meet (damage, or bytes
that only look like a record) the file is judged again as one. So the verdict is the same as from one process.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from archive.processes import pool, undisturbed
from archive.verify.file import detect, verify_open_file, verify_part
from archive.verify.links import resolve_links
from archive.verify.verdict import FileVerdict
from archive.warc.problem import Problem
from archive.warc.read import open_regular
from archive.warc.seal import sha256_of
from archive.warc.streams.base import GZIP_MAGIC

_PARALLEL_FROM = 32 << 20  # bytes in all; below, starting processes costs more than it saves
_PART = 16 << 20


@dataclass(slots=True)
class Judged:
    """A file's verdict (links not resolved yet), size and digest; ``error`` when it could not be read."""

    verdict: FileVerdict
    size: int = 0
    sha256: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    path: Path
    start: int = 0
    stop: int | None = None
    digest: bool = False


@dataclass(slots=True)
class _Done:
    judged: Judged
    first: int = 0
    stopped: int = 0


def verify_files(
    paths: Iterable[str | Path], *, progress: Callable[[str], None] | None = None, processes: int | None = None
) -> list[FileVerdict]:
    """Judge several files together: what one refers to may lie in another. One that cannot be read is said to be so.

    Args:
        paths: the files.
        progress: told the name of each file that was judged.
        processes: how many read at a time; default as many as there are processors.
    """
    verdicts = []
    for judged in judge_files([Path(path) for path in paths], processes):
        if judged.error is not None:
            judged.verdict.add(Problem("unreadable", "damaged", f"the file cannot be read ({judged.error})"))
        verdicts.append(judged.verdict)
        if progress is not None:
            progress(judged.verdict.file)
    resolve_links(verdicts)
    for verdict in verdicts:
        verdict.finish()
    return verdicts


def judge_files(paths: Sequence[Path], processes: int | None = None, *, digest: bool = False) -> Iterator[Judged]:
    """Judge files, in order.

    Args:
        paths: the files.
        processes: how many read at a time; default as many as there are processors.
        digest: compute the SHA-256 of each file too.
    """
    sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    workers = processes or os.cpu_count() or 1
    if workers < 2 or sum(sizes) < _PARALLEL_FROM:
        for path in paths:
            yield _judge(_Task(path, digest=digest)).judged
        return
    plans = [_plan(path, size, workers, digest=digest) for path, size in zip(paths, sizes, strict=True)]
    # forking is quick, but safe only while there is one thread (a web server or a crawl has more)
    method = "fork" if sys.platform == "linux" and threading.active_count() == 1 else None
    with pool(workers, method) as running:
        with undisturbed():
            results = running.map(_judge, [task for plan in plans for task in plan])
        for plan in plans:
            yield _join(plan, [next(results) for _ in plan])


def _plan(path: Path, size: int, workers: int, *, digest: bool) -> list[_Task]:
    """One task per part: enough to keep all processes at work, none too small."""
    parts = min(workers * 2, size // _PART)
    if parts < 2 or not _can_be_parted(path):
        return [_Task(path, digest=digest)]
    bounds = [size * part // parts for part in range(parts)]
    return [
        _Task(path, start, stop, digest=digest and not start)
        for start, stop in zip(bounds, [*bounds[1:], None], strict=True)
    ]


def _can_be_parted(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(3) == GZIP_MAGIC and detect(file, path.name) == "warc"
    except OSError:
        return False


def _judge(task: _Task) -> _Done:
    path, verdict = task.path, FileVerdict(str(task.path))
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            sha256 = sha256_of(file) if task.digest else ""
            if not task.start and task.stop is None:
                return _Done(Judged(verify_open_file(file, name=path.name, shown=str(path)), size, sha256))
            first, stopped = verify_part(file, path.name, verdict, start=task.start, stop=task.stop)
            return _Done(Judged(verdict, size, sha256), first, stopped)
    except OSError as error:
        return _Done(Judged(verdict, error=error.strerror or str(error)))


def _join(plan: list[_Task], parts: list[_Done]) -> Judged:
    whole = parts[0].judged
    failed = next((part.judged for part in parts if part.judged.error is not None), None)
    if len(parts) == 1 or failed is not None:
        return failed or whole
    meet = all(part.stopped == later.first for part, later in pairwise(parts))
    if not meet or any(part.judged.size != whole.size for part in parts):
        return _judge(_Task(plan[0].path, digest=plan[0].digest)).judged
    for part in parts[1:]:
        whole.verdict.merge(part.judged.verdict)
    return whole
