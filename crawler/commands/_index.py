"""The index as the commands read it: whoever is shown an answer from half of it is told so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.commands._output import note

if TYPE_CHECKING:
    from archive.database import Database


@contextlib.contextmanager
def read_index(home: Path | None) -> Iterator[Database]:
    """The database of a home, for reading; what is not in it yet is named on stderr.

    Args:
        home: the archive's directory, as the option says.

    Raises:
        DatabaseError: there is none yet, or it cannot be used.
    """
    from archive.database import open_database
    from archive.home import Home
    from archive.index.unfinished import unfinished

    place = Home.at(home)
    with open_database(place, create=False) as database:
        with database.session() as session:
            left = unfinished(session, place)
        for sentence in left:
            note(f"gongkai: not all is shown: {sentence}")
        yield database
