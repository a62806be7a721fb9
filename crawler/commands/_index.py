"""The index as the commands read it: whoever is shown an answer from half of it is told so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.commands._output import note

if TYPE_CHECKING:
    from archive.database import Database

half_shown: ContextVar[bool] = ContextVar("half_shown", default=False)
"""Whether the command that runs has read an index that is being made for the first time: its status is then not 0."""


@contextlib.contextmanager
def read_index(home: Path | None) -> Iterator[Database]:
    """The database of a home, for reading; what is not in it yet is named on stderr.

    Of an index that a rebuild makes for the first time the command ends with status 1: nearly everything may be
    missing, which must not look like an answer. Where there was one before, it is read until the new one is whole.

    Args:
        home: the archive's directory, as the option says.

    Raises:
        DatabaseError: there is none yet, or it cannot be used.
    """
    from archive.database import open_database
    from archive.home import Home
    from archive.index.runs.unfinished import rebuilding, unfinished

    place = Home.at(home)
    with open_database(place, create=False) as database:
        with database.session() as session:
            left = unfinished(session, place)
            half_shown.set(rebuilding(session) is not None)
        for sentence in left:
            note(f"gongkai: not all is shown: {sentence}")
        yield database
