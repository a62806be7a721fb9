"""Pools of processes that end with the one that started them, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor


def pool(count: int, method: str | None = None) -> ProcessPoolExecutor:
    """A pool of ``count`` processes.

    They leave Ctrl-C to the process that started them, which stops them in order. When that one is killed they end by
    themselves: the pool's own processes would wait for work for ever.

    Args:
        count: of processes.
        method: how they are started; default a way that is safe when this process has threads (a crawl's loop, a
            browser), whose locks a fork would freeze.
    """
    if method is None:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context(method), initializer=_begin)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
