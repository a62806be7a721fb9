"""What the index does not hold yet: files not taken in, documents and reports not looked at, a rebuild not ended.

Whoever reads the index is told so: an answer from half of it looks like an answer from all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from archive.database.models import Pending, WarcFile
from archive.database.rows import insert_new
from archive.home import Home
from archive.index.left_out import damaged_files
from archive.warc.seal import is_sealed_name

REBUILD = "rebuild"
"""Kind of the `Pending` row that stands from the moment everything is forgotten until all of it is there again."""

FORGOTTEN = "forgotten"
"""Kind of the rows that stand as long, one for each file that was in the index."""

_WORK = ("locator", "report", "checks")


def begin_rebuild(session: Session, files: Iterable[str] = ()) -> None:
    """Note that everything was forgotten, in the transaction that forgets it; what ``files`` said, too."""
    insert_new(session, Pending, [{"kind": REBUILD, "key": "index"}])
    insert_new(session, Pending, [{"kind": FORGOTTEN, "key": name} for name in sorted(files)])


def end_rebuild(session: Session, there: Collection[str] = ()) -> list[str]:
    """Note that everything is there again.

    Args:
        session: of the index.
        there: names of the sealed files that can be listed.

    Returns:
        Files whose rows were forgotten and that lie nowhere now: the rebuild waits for them and is not ended.
    """
    missing = sorted(forgotten(session).difference(there, session.scalars(select(WarcFile.name))))
    if not missing:
        session.execute(delete(Pending).where(Pending.kind.in_((REBUILD, FORGOTTEN))))
    return missing


def rebuilding(session: Session) -> bool:
    """Whether the index is being made anew, or that was interrupted."""
    return session.get(Pending, (REBUILD, "index")) is not None


def forgotten(session: Session) -> set[str]:
    """Files that were in the index when the rebuild began that is not ended."""
    return set(session.scalars(select(Pending.key).where(Pending.kind == FORGOTTEN)))


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
    waiting = session.scalar(select(func.count()).where(Pending.kind.in_(_WORK))) or 0
    found = []
    if names:
        files = "1 sealed file is" if len(names) == 1 else f"{len(names)} sealed files are"
        found.append(f"{files} not in the index: run `gongkai index`")
    elif rebuilding(session):
        found.append("the index is being made anew, or that was interrupted: run `gongkai index`")
    if damaged:
        files = "1 file is" if len(damaged) == 1 else f"{len(damaged)} files are"
        found.append(f"{files} damaged and not all of it in the index: `gongkai status` and `gongkai verify` name it")
    if waiting:
        things = "1 document or report is" if waiting == 1 else f"{waiting} documents or reports are"
        found.append(f"{things} waiting: run `gongkai index`")
    return found


def _sealed_here(home: Home) -> list[str]:
    if not home.warc.is_dir():
        return []
    return [path.name for path in home.warc.iterdir() if is_sealed_name(path.name)]
