"""Many at once, and where that fails each by itself; the database's own failures are not taken for a row's."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from archive import DatabaseError, Home
from archive.database import open_database
from archive.database.apart import costs_itself, each_apart, reason_of
from archive.database.models import Pending
from archive.database.rows import insert_new


def test_only_what_the_database_refuses_is_left_out(home: Home, database_url: str) -> None:
    rows = [{"kind": "x", "key": str(number)} for number in range(9)]
    rows[2]["key"] = "half \ud800"
    rows[7]["key"] = "half \udfff"
    with open_database(home) as database:
        with database.writing() as session:
            made, failed = each_apart(session, rows, lambda part: insert_new(session, Pending, part))
        with database.session() as session:
            count = session.scalar(select(func.count()).select_from(Pending))
    assert ([row for row, _ in failed], count) == ([rows[2], rows[7]], 7)
    assert all("UnicodeEncodeError" in reason for _, reason in failed)
    assert made


def test_what_our_code_stumbles_over_is_undone_and_named(home: Home, database_url: str) -> None:
    def act(numbers: Sequence[int]) -> int:
        insert_new(session, Pending, [{"kind": "x", "key": str(number)} for number in numbers])
        return sum(1 // number for number in numbers)

    with open_database(home) as database:
        with database.writing() as session:
            made, failed = each_apart(session, [1, 0, 2], act)
        with database.session() as session:
            keys = sorted(session.scalars(select(Pending.key)))
    assert (sum(made), failed, keys) == (1, [(0, "ZeroDivisionError: integer division or modulo by zero")], ["1", "2"])


@pytest.mark.parametrize(
    "error",
    [
        DatabaseError("is gone"),
        OSError(28, "no room"),
        OperationalError("", {}, Exception("disk is full")),
        MemoryError(),
    ],
)
def test_a_failing_database_leaves_nothing_out(home: Home, error: Exception) -> None:
    def act(_: Sequence[int]) -> None:
        raise error

    assert not costs_itself(error)
    with open_database(home) as database, database.session() as session, pytest.raises(type(error)):
        each_apart(session, [1, 2], act)


def test_a_limit_of_postgresql_is_of_the_row() -> None:
    class TooLarge(Exception):
        sqlstate = "54000"

    assert costs_itself(OperationalError("", {}, TooLarge("index row size 3000 exceeds the maximum")))
    assert reason_of(ValueError("two\nlines \ud800")) == "ValueError: two lines \\ud800"


def test_an_interrupt_is_no_fault_of_what_was_stored(database_url: str) -> None:
    """Rolling back after Ctrl-C may fail too; that error must not leave the thing out."""

    def act(_: object) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise ValueError("the session is closed")

    with open_database(database_url) as database, database.writing() as session, pytest.raises(KeyboardInterrupt):
        each_apart(session, ["a", "b"], act)
