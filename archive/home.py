"""The home: the directory in which an archive lives.

    <home>/warc/          sealed WARC files (``*.warc.gz``), open ones (``*.warc.gz.open``), seals, torn tails
    <home>/gongkai.db     the database, when GONGKAI_DATABASE_URL names no other
    <home>/crawls/<id>/   lock and log of each crawl

The archive is the truth; everything else here can be made anew from ``warc/``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archive.errors import HomeError

DEFAULT_HOME = "./data"
_BEGIN = "Run a crawl or an import first, or name another --home"


@dataclass(frozen=True, slots=True)
class Home:
    """Paths of one home."""

    root: Path

    @classmethod
    def at(cls, path: str | os.PathLike[str] | None = None, *, create: bool = False) -> Home:
        """The home at ``path``, else at ``GONGKAI_HOME``, else ``./data``.

        Args:
            path: what the user named, if anything.
            create: make the directories when they are missing.

        Raises:
            HomeError: missing (and not to be made), not a directory, or not writable.
        """
        root = Path(path or os.environ.get("GONGKAI_HOME") or DEFAULT_HOME)
        if root.exists() and not root.is_dir():
            raise HomeError("is not a directory", subject=str(root), advice="Name another --home")
        home = cls(root)
        if not create:
            if not root.is_dir():
                raise HomeError(
                    "there is no archive here yet",
                    subject=str(root),
                    advice=_BEGIN,
                )
            if not home.begun():
                raise HomeError("holds no archive", subject=str(root), advice=_BEGIN)
            return home
        try:
            for directory in (home.warc, home.crawls):
                directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(
                f"cannot be used ({error.strerror})", subject=str(root), advice="Name another --home"
            ) from error
        return home

    def begun(self) -> bool:
        """Whether there is an archive: here, or where the environment says that files or database lie."""
        elsewhere = any(os.environ.get(name) for name in ("GONGKAI_DATABASE_URL", "GONGKAI_STORAGE_URL"))
        return elsewhere or self.warc.is_dir() or (self.root / "gongkai.db").exists()

    @property
    def warc(self) -> Path:
        """Directory of WARC files."""
        return self.root / "warc"

    @property
    def crawls(self) -> Path:
        """Directory of locks and logs."""
        return self.root / "crawls"

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL: ``GONGKAI_DATABASE_URL``, else SQLite in the home."""
        return os.environ.get("GONGKAI_DATABASE_URL") or f"sqlite:///{self.root / 'gongkai.db'}"


def has_index(home: Home) -> bool:
    """Whether there is a database to ask; asking must not make one."""
    url = home.database_url
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()
