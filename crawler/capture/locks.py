"""One process per site: a second one would double the pace agreed with it.

A lock is a file ``<home>/crawls/.locks/<site>.lock`` held by ``flock``: the kernel gives it up when the process ends,
however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from archive.home import Home
from crawler._errors import Busy


class SiteLocks:
    """Locks on the sites of one run, held until `release`."""

    def __init__(self, home: Home, hosts: Iterable[str]) -> None:
        """Take all of them, or none.

        Raises:
            Busy: another process crawls one of the sites.
        """
        self._held: list[int] = []
        directory = home.crawls / ".locks"
        directory.mkdir(parents=True, exist_ok=True)
        for host in sorted(set(hosts)):
            try:
                self._held.append(_lock(directory / f"{host.replace('/', '_')}.lock"))
            except BlockingIOError:
                self.release()
                raise Busy(
                    "is being crawled by another process",
                    subject=host,
                    advice="Wait for it to end; two at once would ask the site too fast",
                ) from None
            except BaseException:
                self.release()
                raise

    def release(self) -> None:
        """Give them up."""
        while self._held:
            os.close(self._held.pop())


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
