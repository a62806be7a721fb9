"""Pools of processes that end with the one that started them, however it ends."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

_READERS = ["__main__", "archive.documents", "archive.scanning"]
"""What the processes of a pool need to read files and documents: imported once, and not by each of them anew."""


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


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
