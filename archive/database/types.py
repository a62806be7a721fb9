"""Column types that mean the same on SQLite and PostgreSQL.

Decimals are canonical decimal text (SQLite would make floats of ``Numeric``); times are UTC text to the microsecond,
the form of WARC-Date, so that text order is time order; JSON is canonical text, so that equal facts are equal rows.
Keys are compared byte by byte (collation ``C``) on both: PostgreSQL would otherwise follow the server's language.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, Numeric, Text, TypeDecorator
from sqlalchemy.types import TypeEngine, UserDefinedType

from parsers import decimal_text

Key = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is looked up, sorted or joined on: bytewise order."""

Whole = BigInteger().with_variant(Integer(), "sqlite")
"""Whole numbers of 64 bits: files, and places in them, go beyond two GiB. SQLite's ``INTEGER`` has so many anyway."""


class DecimalText(TypeDecorator[Decimal]):
    """`Decimal` as canonical decimal text: no exponent, no trailing zeros, exact."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Text for the database."""
        return decimal_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Decimal for the program."""
        return None if value is None else Decimal(value)


class _Untyped(UserDefinedType[Any]):
    """A column of SQLite that keeps whole numbers as numbers and texts as texts."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """For ``CREATE TABLE``."""
        return "BLOB"


_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")


class ExactNumber(TypeDecorator[Decimal]):
    """`Decimal` in little room: exact ``NUMERIC`` on PostgreSQL, on SQLite whole numbers or canonical text.

    ``CAST(... AS TEXT)`` gives canonical decimal text on both.
    """

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What the column is on this back-end."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_Untyped())
        return dialect.type_descriptor(Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """For the database."""
        text = decimal_text(value)
        if text is None:
            return None
        if dialect.name == "sqlite":
            return int(text) if _WHOLE.fullmatch(text) else text
        return Decimal(text)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Decimal for the program."""
        return None if value is None else Decimal(value)


class Word(TypeDecorator[str]):
    """One of a few words as a small number: its place among them, so that words are only ever added at the end."""

    impl = Integer
    cache_ok = True

    def __init__(self, words: tuple[str, ...]) -> None:  # by its name it is part of SQLAlchemy's key of statements
        super().__init__()
        self.words = words
        self._numbers = {word: number for number, word in enumerate(words)}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Number for the database."""
        return None if value is None else self._numbers[value]

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Word for the program."""
        return None if value is None else self.words[value]


class UtcTime(TypeDecorator[datetime]):
    """An aware `datetime` as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``."""

    impl = Key
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Text for the database."""
        return None if value is None else time_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware datetime in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class JsonText(TypeDecorator[Any]):
    """Any JSON value as canonical text: keys sorted, no spaces, UTF-8."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Text for the database."""
        return None if value is None else json_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """The JSON value."""
        return None if value is None else json.loads(value)


def json_text(value: Any) -> str:
    """Canonical JSON text of ``value``."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def time_text(value: datetime) -> str:
    """``value`` (aware) as UTC text to the microsecond.

    Raises:
        ValueError: ``value`` says no time zone.
    """
    if value.tzinfo is None:
        raise ValueError(f"a time without a time zone: {value}")
    return value.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
