"""One crawl per site of a profile, and one request at a time to a host that several crawls ask.

A lock is a file ``<home>/crawls/.locks/<site>.lock`` held by ``flock``: the kernel gives it up when the process ends,
however it ends. Bodies that the hubs of two portals lead to belong to neither: `SharedTurns` (``<host>.turn``) are held
for one request and the pause after it, so that two crawls together are no faster than one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from archive.home import Home
from crawler.errors import Busy


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


class SharedTurns:
    """Turns at hosts: whoever holds one may ask, everybody else in this home waits."""

    def __init__(self, home: Home) -> None:
        self._directory = home.crawls / ".locks"
        self._directory.mkdir(parents=True, exist_ok=True)
        self._held: dict[str, tuple[int, int]] = {}

    def take(self, hosts: Iterable[str]) -> bool:
        """Take the turns at all of these hosts, once more where they are held already; False when one is another's."""
        taken: list[str] = []
        for host in sorted(set(hosts)):
            try:
                descriptor, count = self._held.get(host) or (self._open(host), 0)
            except BlockingIOError:
                self.give(taken)
                return False
            self._held[host] = (descriptor, count + 1)
            taken.append(host)
        return True

    def give(self, hosts: Iterable[str]) -> None:
        """Give turns back that were taken."""
        for host in sorted(set(hosts)):
            descriptor, count = self._held.get(host, (-1, 0))
            if count > 1:
                self._held[host] = (descriptor, count - 1)
            elif count:
                del self._held[host]
                os.close(descriptor)

    def release(self) -> None:
        """Give all of them up."""
        for descriptor, _ in self._held.values():
            os.close(descriptor)
        self._held.clear()

    def _open(self, host: str) -> int:
        return _lock(self._directory / f"{host.replace('/', '_')}.turn")


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
