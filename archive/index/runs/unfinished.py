"""What the index does not hold yet: files not taken in, documents and reports not looked at, a first rebuild not ended.

Whoever reads the index is told so: an answer from half of it looks like an answer from all of it.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import version

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from archive.database.models import Pending, WarcFile
from archive.database.rows import insert_new
from archive.home import Home
from archive.index.runs.left_out import damaged_files
from archive.warc.seal import is_sealed_name

REBUILD = "rebuild"
"""Kind of the `Pending` row that stands in a database from the moment a rebuild begins to fill it until it is whole.

Its key is the version of gongkai that began: another one begins anew.
"""

_WORK = ("locator", "report", "checks")


def begin_rebuild(session: Session) -> None:
    """Note that a rebuild begins to fill this database."""
    insert_new(session, Pending, [{"kind": REBUILD, "key": version("gongkai")}])


def end_rebuild(session: Session) -> None:
    """Note that everything is there."""
    session.execute(delete(Pending).where(Pending.kind == REBUILD))


def rebuilding(session: Session) -> str | None:
    """Version of gongkai that began to fill this database anew and has not come to the end; None when it is whole."""
    return session.scalar(select(Pending.key).where(Pending.kind == REBUILD))


def waiting(session: Session) -> int:
    """How many documents and reports are still to be looked at."""
    return session.scalar(select(func.count()).where(Pending.kind.in_(_WORK))) or 0


def unfinished(session: Session, home: Home, stored: Collection[str] | None = None) -> list[str]:
    """What is left to be indexed, one sentence each; nothing when the index is whole.

    Args:
        session: of the index.
        home: whose files.
        stored: names of the sealed files; those in the home's folder when not given, since readers ask no far storage.
    """
    names = set(_sealed_here(home) if stored is None else stored)
    damaged = damaged_files(session)
    names.difference_update(session.scalars(select(WarcFile.name)), damaged)
    left = waiting(session)
    found = []
    if names:
        files = "1 sealed file is" if len(names) == 1 else f"{len(names)} sealed files are"
        found.append(f"{files} not in the index: run `gongkai index`")
    elif rebuilding(session) is not None:
        found.append("the index is being made, or that was interrupted: run `gongkai index`")
    if damaged:
        files = "1 file is" if len(damaged) == 1 else f"{len(damaged)} files are"
        found.append(f"{files} damaged and not all of it in the index: `gongkai status` and `gongkai verify` name it")
    if left:
        things = "1 document or report is" if left == 1 else f"{left} documents or reports are"
        found.append(f"{things} waiting: run `gongkai index`")
    return found


def _sealed_here(home: Home) -> list[str]:
    if not home.warc.is_dir():
        return []
    return [path.name for path in home.warc.iterdir() if is_sealed_name(path.name)]
