"""Values come back from the database as they were, on both back-ends, and compare as text does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from archive.database import open_database
from archive.database.derived_tables import OUTCOMES, SEVERITIES, STATUSES
from archive.database.models import Act, Capture, CheckRow, WarcFile
from archive.database.rows import insert_new
from archive.database.types import json_text, time_text
from archive.warc.values import read_date
from parsers.record import CheckOutcome, Severity, Status
from tests.archive.database.rows_of import act, insert_places


def test_decimals_times_and_json_come_back_as_they_were(database_url: str) -> None:
    check = {
        "reading_key": None, "across": "r", "rule": "R", "target": "t", "lhs": Decimal("180000.1700"),
        "rhs": Decimal("1E+3"), "outcome": "fail_if_blank_as_zero", "severity": "warn", "finding": "f", "evidence": "e",
    }  # fmt: skip
    with open_database(database_url) as database:
        with database.writing() as session:
            insert_new(session, CheckRow, [check])
        with database.session() as session:
            found = session.scalars(select(CheckRow)).one()
            raw = session.execute(text("SELECT lhs, rhs, outcome, severity FROM checks")).one()
    assert (found.lhs, found.rhs) == (Decimal("180000.17"), Decimal(1000))
    assert (found.outcome, found.severity) == ("fail_if_blank_as_zero", "warn")
    assert tuple(raw) == ("180000.17", "1000", "fail_if_blank_as_zero", "warn")


@pytest.mark.parametrize(
    "number",
    [
        "0",
        "-1",
        "0.5",
        "-0.25",
        "123456789012345678",
        "-999999999999999999",
        "1234567890123456789012",
        "7.000000000001",
    ],
)
def test_a_number_is_exact_whatever_its_size(database_url: str, number: str) -> None:
    row = {"across": "r", "rule": "R", "target": "t", "outcome": "fail", "severity": "info", "finding": "f"}
    with open_database(database_url) as database:
        with database.writing() as session:
            insert_new(session, CheckRow, [{**row, "evidence": "e", "lhs": Decimal(number), "rhs": None}])
        with database.session() as session:
            assert session.scalars(select(CheckRow.lhs)).one() == Decimal(number)
            assert session.execute(text("SELECT lhs, rhs FROM checks")).one() == (number, None)


def test_words_are_those_of_the_parsers() -> None:
    assert set(STATUSES) == set(get_args(Status))
    assert set(OUTCOMES) == set(get_args(CheckOutcome))
    assert set(SEVERITIES) == set(get_args(Severity))


def test_places_beyond_two_gigabytes_are_kept(database_url: str) -> None:
    places = [(2**31 - 1, 5), (2**31, 2**32 + 7), (2**40, 2**63 - 1)]
    with open_database(database_url) as database:
        insert_places(database, places)
        with database.session() as session:
            found = session.execute(select(Capture.offset, Capture.length).order_by(Capture.offset)).all()
            size = session.scalar(select(WarcFile.size))
    assert [tuple(row) for row in found] == places
    assert size == 3 << 30


def test_text_is_compared_bytewise(database_url: str) -> None:
    keys = ["b", "A", "a", "B", "中", "a,b)/x", "a)/x", "é", "~"]
    with open_database(database_url) as database:
        with database.writing() as session:
            insert_new(session, Act, [act(key) for key in keys])
        with database.session() as session:
            found = session.scalars(select(Act.id).order_by(Act.id)).all()
    assert found == sorted(keys, key=lambda key: key.encode())


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1990 < moment.year < 2999), st.integers(-12, 12))
def test_times_keep_their_microseconds_and_their_order(moment: datetime, hours: int) -> None:
    aware = moment.astimezone(timezone(timedelta(hours=hours)))
    written = time_text(aware)
    assert read_date(written) == aware
    assert (written < time_text(aware + timedelta(microseconds=1))) is True


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        time_text(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake itself


def test_equal_facts_are_equal_text() -> None:
    assert json_text({"b": 1, "a": "中"}) == '{"a":"中","b":1}'
