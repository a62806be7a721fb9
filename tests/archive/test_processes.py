"""Processes that were started to help never outlive the one that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.processes import pool, undisturbed, workers
from tests.conftest import ROOT, unmeasured

SCRIPT = """
import sys, time
from archive.processes import pool, undisturbed
from tests.archive.test_processes import number

if __name__ == "__main__":
    with pool(2, sys.argv[1] or None) as running:
        print(*set(running.map(number, range(8))), flush=True)
        time.sleep(60)
"""


def number(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def test_work_is_done_elsewhere() -> None:
    with pool(1) as running:
        assert running.submit(number, 0).result() != os.getpid()


def loaded(name: str) -> bool:
    return name in sys.modules


def test_what_all_need_is_imported_before_they_start() -> None:
    script = """
from archive.processes import pool
from tests.archive.test_processes import loaded

if __name__ == "__main__":
    with pool(1) as running:
        print(running.submit(loaded, "archive.index.extract").result(), running.submit(loaded, "crawler").result())
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**unmeasured(), "PYTHONPATH": "."},
    )
    assert ran.stdout.split() == ["True", "False"], ran.stderr


@pytest.mark.parametrize("method", ["", "fork", "spawn"])
def test_helpers_end_when_their_starter_is_killed(method: str) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, method],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**unmeasured(), "PYTHONPATH": "."},
    )
    assert run.stdout is not None
    with run.stdout:
        helpers = [int(word) for word in run.stdout.readline().split()]
        assert helpers
        run.send_signal(signal.SIGKILL)
        run.wait()
        deadline = time.monotonic() + 30
        while any(map(alive, helpers)):
            assert time.monotonic() < deadline, "they live on"
            time.sleep(0.02)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")  # where nobody waits for it, what has ended is still listed
    return ") Z" not in stat.read_text() if stat.exists() else True


INTERRUPTED = """
import os, signal, sys, threading, time
from archive.processes import undisturbed

signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background is born deaf to it
leave = threading.Event()
other = threading.Thread(target=leave.wait)
if sys.argv[1] == "other":
    other.start()
try:
    with undisturbed():
        if sys.argv[1] == "other":
            signal.pthread_kill(other.ident, signal.SIGINT)
        else:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        print("whole")
    time.sleep(30)  # a busy machine may let the other thread hear it only now
except KeyboardInterrupt:
    print("interrupted")
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
leave.set()
"""


@pytest.mark.parametrize("hearing", ["main", "other"])
def test_an_interrupt_waits_for_the_end_of_a_block(hearing: str) -> None:
    """In a process of its own: an interrupt that came late would end the tests."""
    command = [sys.executable, "-c", INTERRUPTED, hearing]
    run = subprocess.run(command, cwd=ROOT, env=unmeasured(), capture_output=True, text=True, check=False)
    assert (run.stdout.split(), run.stderr) == (["whole", "interrupted", "True"], "")


def test_other_threads_are_left_alone() -> None:
    masks: list[set[int]] = []

    def note() -> None:
        with undisturbed():
            masks.append(set(signal.pthread_sigmask(signal.SIG_BLOCK, [])))

    thread = threading.Thread(target=note)
    thread.start()
    thread.join()
    assert masks == [set(signal.pthread_sigmask(signal.SIG_BLOCK, []))]


def square(number: int) -> int:
    """A task for other processes."""
    return number * number


def lost(_task: int, _why: str) -> int:
    """The result of a task of which its process died."""
    return -1


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_the_order_of_the_tasks(count: int) -> None:
    with workers(count) as running:
        assert list(running.map(abs, list(range(-40, 0)), lost, parallel_from=4)) == list(range(40, 0, -1))
        assert list(running.map(square, [1, 2], lost, parallel_from=99)) == [1, 4]


def test_nothing_is_left_running(tmp_path: Path) -> None:
    import multiprocessing

    with workers(2) as running:
        next(iter(running.map(abs, list(range(50)), lost, parallel_from=2)))
    assert multiprocessing.active_children() == []
    assert list(tmp_path.iterdir()) == []


def _dies(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_process_that_dies_or_hangs_costs_its_task() -> None:
    with workers(2) as running:
        done = list(running.map(_dies, list(range(12)), lambda number, why: f"{number}: {why}", parallel_from=2))
        assert done == [*range(5), "5: the process that did it died", *range(6, 12)]
        nap: Callable[[float], Any] = time.sleep
        slow = list(running.map(nap, [0.0, 60.0, 0.1], lambda _, why: why, parallel_from=2, patience=2.5))
    assert slow == [None, "the process that did it did not come back in 2.5 seconds", None]


def test_an_index_that_died_of_a_task_does_all_in_other_processes() -> None:
    with workers(1) as running:
        running.wary = True
        assert list(running.map(_dies, [4, 5, 6], lambda _number, _why: -1)) == [4, -1, 6]
