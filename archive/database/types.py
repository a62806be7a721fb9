"""Column types that mean the same on SQLite and PostgreSQL.

Decimals are canonical decimal text (SQLite would make floats of ``Numeric``); times are UTC text to the microsecond,
the form of WARC-Date, so that text order is time order; JSON is canonical text, so that equal facts are equal rows.
Keys are compared byte by byte (collation ``C``) on both: PostgreSQL would otherwise follow the server's language.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

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
