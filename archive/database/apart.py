"""One bad thing costs itself: many are stored at once, and where the database refuses them, each by itself.

What a stranger's file holds may be more than a database takes (text with NUL on PostgreSQL, half a character, an
address too long for an index, a number of thirty digits), and our own code may stumble over it. Then only the thing
itself is left out, and the reason is known. Where it is the database that fails, nothing is left out: it is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from archive.database.session import is_interrupt
from parsers import GongkaiError

T = TypeVar("T")
R = TypeVar("R")

_LIMITS = "54"  # class of SQLSTATE: a program limit is exceeded (a row too large for its index)
_LONGEST = 300


def costs_itself(error: Exception) -> bool:
    """Whether ``error`` is of the thing that was handled, not of the disk, the database or the configuration.

    Raises:
        KeyboardInterrupt: it came of Ctrl-C, which is nothing of the thing's either and ends the run.
    """
    if is_interrupt(error):
        raise KeyboardInterrupt from error
    if isinstance(error, (GongkaiError, OSError, MemoryError)):
        return False
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return False
        state = getattr(error.orig, "sqlstate", None) or ""
        return isinstance(error, (DataError, IntegrityError)) or state.startswith(_LIMITS)
    return True


def reason_of(error: Exception) -> str:
    """Why, in one line."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = " ".join(str(cause).split()).encode("utf-8", "backslashreplace").decode()
    return f"{type(cause).__name__}: {said}"[:_LONGEST].replace("\0", "\\x00").removesuffix(": ")


def each_apart(
    session: Session, items: Sequence[T], act: Callable[[Sequence[T]], R]
) -> tuple[list[R], list[tuple[T, str]]]:
    """``act`` on all of ``items`` at once or, where it cannot be done with them all, on each alone.

    Args:
        session: in a transaction; what failed has changed nothing in it.
        items: what is to be stored.
        act: stores some of them.

    Returns:
        What ``act`` returned, and the items that could not be stored, each with the reason.

    Raises:
        KeyboardInterrupt: as `costs_itself`.
    """
    if not items:
        return [], []
    try:
        with session.begin_nested():
            return [act(items)], []
    except Exception as error:
        if not costs_itself(error):
            raise
        if len(items) == 1:
            return [], [(items[0], reason_of(error))]
    done: list[R] = []
    failed: list[tuple[T, str]] = []
    middle = len(items) // 2
    for part in (items[:middle], items[middle:]):  # halves, not one by one: a file has a hundred thousand records
        made, left = each_apart(session, part, act)
        done += made
        failed += left
    return done, failed
