"""Pools of processes that end with the one that started them, however it ends."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

_READERS = ["__main__", "archive.index.documents", "archive.index.extract"]
"""What the processes of a pool need to read files and documents: imported once, and not by each of them anew."""

_PARALLEL_FROM = 16  # tasks; below, starting processes costs more than it saves
Task = TypeVar("Task")
Result = TypeVar("Result")


def pool(count: int, method: str | None = None) -> ProcessPoolExecutor:
    """A pool of ``count`` processes.

    They leave Ctrl-C to the process that started them, which stops them in order (give them work within `undisturbed`,
    since that may start them). When that one is killed they end by themselves: the processes of a pool would wait for
    work for ever.

    Args:
        count: of processes.
        method: how they are started; default a way that is safe when this process has threads (a crawl's loop, a
            browser), whose locks a fork would freeze.
    """
    if method is None:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(_READERS)
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C comes after the block: in the middle of starting a process it would leave half of one behind.

    Processes started in the block never hear it, not even before they have begun.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    # The mask is what new processes inherit. Of this process it covers one thread only; the others hear the signal.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if handler is None else handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if heard and callable(handler):
            handler(signal.SIGINT, None)


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


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
