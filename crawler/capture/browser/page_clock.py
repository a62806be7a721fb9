"""Time as a page has it: less what the machine lets the browser wait for a processor.

The limits of a page in seconds are meant for the page: how long its script may keep it busy, how long what it waits for
may take. On a machine that others keep busy a page of ten seconds' work stands for minutes, and was given up though
nothing is wrong with it. So these limits are counted on a clock that goes slower while those who work at the page are
ready to run and do not: Linux counts that for every thread (``/proc/PID/schedstat``, "run delay"). A page that waits
for anything else (a timer, a dialog, an answer) is not ready to run, and its clock goes as the one on the wall does; so
does that of every page where the system does not count. It never goes slower than a tenth of the one on the wall: that
is the upper bound of all such limits.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

SLOWEST = 0.1
"""The least that this clock goes on, of a second on the wall."""
_PROC = Path("/proc")
_NANOSECONDS = 1e9


class PageClock:
    """A clock that goes slower while what it is asked about is kept waiting for a processor.

    Args:
        delays: the seconds that each process has waited so, or kept others waiting, by its id.
        wall: the clock on the wall, in seconds.
    """

    def __init__(self, delays: Callable[[], Mapping[int, float]], wall: Callable[[], float] = time.monotonic) -> None:
        self._delays = delays
        self._wall = wall
        self._seen_at = wall()
        self._seen = dict(delays())
        self._time = self._seen_at

    def time(self) -> float:
        """The moment, in seconds; it is only good for being compared with another moment of this clock."""
        now = self._wall()
        passed = now - self._seen_at

        # What one process waits for the others do not: they work for each other in turn. A process that is new has
        # waited since then at the earliest.
        delays = dict(self._delays())
        waited = sum(max(0.0, delay - self._seen.get(process, 0.0)) for process, delay in delays.items())

        self._seen_at, self._seen = now, delays
        self._time += max(passed - waited, passed * SLOWEST)
        return self._time


def run_delays(head: int | None) -> dict[int, float]:
    """How long all who work at a page have been ready to run without running, their first threads alone.

    These are the browser's processes, the one that started it and speaks to it (Playwright's), and this one: a large
    page is as long under way through the last two as it is drawn. Of this one the time that it ran counts too: what it
    does meanwhile (other sites, the archive) is nothing that the page does.

    Args:
        head: the browser's first process, the head of a process group; None where it does not run, or not yet: then
            whatever this process started counts.

    Returns:
        Seconds since each process began, by its id; nothing where the system does not count them.
    """
    if not _PROC.is_dir():
        return {}
    this = os.getpid()
    others = _started_by(this) if head is None else [*_parent(head), *_group(head)]
    delays = {}
    for process in dict.fromkeys([this, *others]):
        with contextlib.suppress(ValueError, IndexError, OSError):  # it has ended meanwhile, or nothing is counted
            ran, delay = (_PROC / str(process) / "schedstat").read_text().split()[:2]
            delays[process] = (int(delay) + (int(ran) if process == this else 0)) / _NANOSECONDS
    return delays


def _group(head: int) -> list[int]:
    """The processes of a process group."""
    found = []
    for entry in _PROC.iterdir():
        with contextlib.suppress(ValueError, OSError):  # it is no process, or has ended meanwhile
            if os.getpgid(int(entry.name)) == head:
                found.append(int(entry.name))
    return found


def _parent(process: int) -> list[int]:
    """The process that started another, where that can be told."""
    try:
        told = (_PROC / str(process) / "stat").read_text()
        return [int(told.rpartition(")")[2].split()[1])]  # the name before it, in brackets, may have blanks
    except (OSError, IndexError, ValueError):
        return []


def _started_by(process: int) -> list[int]:
    """The processes that another started, and those that these started."""
    found: list[int] = []
    for children in (_PROC / str(process) / "task").glob("*/children"):
        with contextlib.suppress(ValueError, OSError):  # it has ended meanwhile
            found += [int(child) for child in children.read_text().split()]
    return [*found, *(below for child in found for below in _started_by(child))]
