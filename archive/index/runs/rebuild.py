"""A rebuild that nobody notices: everything is made anew beside what is read, and takes its place when it is whole.

One that is ended on the way leaves what is read as it is, and the next one goes on with what was made; another version
of gongkai begins anew. Nothing takes the place of an index that holds files which lie nowhere now.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Protocol, TypeVar

from sqlalchemy import select, update

from archive.database import Database
from archive.database.aside import drop_aside, has_aside, open_aside, take_over
from archive.database.models import Reading, WarcFile
from archive.errors import Refused
from archive.home import Home
from archive.index.runs.superseded import SupersededReadings
from archive.index.runs.unfinished import begin_rebuild, end_rebuild, rebuilding, waiting
from archive.index.versions import basis_of_today
from archive.storage.base import VARIABLE
from archive.storage.open import listed, open_storage
from archive.warc.read import OPEN_SUFFIX
from archive.warc.seal import read_seals


class Filled(Protocol):
    """What filling a database came to: ``damaged`` is told of files that are missed, ``problems`` of what waits."""

    damaged: dict[str, str]
    problems: list[str]


Result = TypeVar("Result", bound=Filled)


def rebuild(home: Home, standing: Database, fill: Callable[[Database], Result]) -> Result:
    """Make the index anew beside ``standing`` and put it in its place.

    Args:
        home: whose files.
        standing: the database that is read, held by `Database.exclusive`.
        fill: brings a database to what the sealed files say.

    Returns:
        What ``fill`` came to. Files that the index held and that went away meanwhile are in ``damaged``. Then, and
        while documents wait (a store is out of reach), the index stays as it is, and the next rebuild goes on.

    Raises:
        StorageError: a place of sealed files cannot be listed. Nothing is changed.
        Refused: files that the index holds lie nowhere. Nothing is changed.
        DatabaseError: there is no room for a second database, or it went away.
    """
    known = _require_all_files(home, standing)
    if not known:
        with standing.writing() as session:
            begin_rebuild(session)  # there is no complete state to be read meanwhile: readers are told
    with _begun(standing) as made:
        result = fill(made)
        if _keep_readings(home, standing):
            result.damaged |= fill(made).damaged  # takes in the file with what was kept
        there = _listed(home)
        with made.session() as session:
            missing = sorted(known.difference(there, session.scalars(select(WarcFile.name))))
            waits = waiting(session)
        for name in missing:
            result.damaged.setdefault(name, "it was in the index before, which stays, and lies nowhere now")
        if waits:
            result.problems.append(
                f"{waits} documents or reports wait: the index before stays until they are in the new one"
            )
        if not missing and not waits:
            with made.writing() as session:
                end_rebuild(session)
            take_over(standing, made)
    for name in sorted(read_seals(home.warc).keys() - there):
        if not (home.warc / (name + OPEN_SUFFIX)).exists():
            result.damaged.setdefault(name, "its seal is here, the file is nowhere")
    return result


def _listed(home: Home) -> set[str]:
    """Names of the sealed files that can be listed now."""
    return {stored.name for stored in listed(open_storage(home))[0]}


def _require_all_files(home: Home, standing: Database) -> set[str]:
    """Names of the files that the index holds; all of them are there to say it again.

    A place that is out of reach may look like an empty one: a disk that is not mounted, a variable not set.

    Raises:
        StorageError: a place cannot be listed.
        Refused: files that the index holds lie nowhere.
    """
    storage = open_storage(home)
    there = {stored.name for stored in storage.files()}
    with standing.session() as session:
        known = set(session.scalars(select(WarcFile.name)))
    lost = sorted(known - there)
    if lost:
        files = "1 file" if len(lost) == 1 else f"{len(lost)} files"
        raise Refused(
            f"{files} of the index lie nowhere, such as {lost[0]}: a rebuild would forget what they say",
            subject=storage.url,
            advice=f"Mount or name their place ({VARIABLE}); if they are lost, delete the database and rebuild",
        )
    return known


def _keep_readings(home: Home, standing: Database) -> bool:
    """Seal what earlier parsers said before it goes; whether there was any. Whoever goes on does not seal it again."""
    keeper = SupersededReadings(home, standing, basis_of_today())
    try:
        sealed = keeper.keep_all()
    finally:
        keeper.close()
    if sealed:
        with standing.writing() as session:
            for reading, record in sealed.items():
                session.execute(update(Reading).where(Reading.id == reading).values(sealed=record))
    return bool(sealed)


def _begun(standing: Database) -> Database:
    """The database beside: one that this version began and did not end, else an empty one."""
    if has_aside(standing):
        made = open_aside(standing)
        with made.session() as session:
            goes_on = rebuilding(session) == version("gongkai")
        if goes_on:
            return made
        made.close()
        drop_aside(standing)
    made = open_aside(standing)
    with made.writing() as session:
        begin_rebuild(session)
    return made
