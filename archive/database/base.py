"""What all tables share: naming, types, and the columns that many of them have."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Float, ForeignKey, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from archive.database.types import DecimalText, JsonText, Key, UtcTime, Whole


class Base(DeclarativeBase):
    """Base of all tables; constraints have stable names so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy
        str: Key,
        datetime: UtcTime,
        Decimal: DecimalText,
        dict[str, Any]: JsonText,
        list[Any]: JsonText,
        bool: Boolean,
        int: Whole,
        float: Float,
    }


def primary() -> Mapped[str]:
    """A primary key of text."""
    return mapped_column(primary_key=True)


def number() -> Mapped[int]:
    """A primary key that the database counts: for other tables to refer to in little room, never shown."""
    return mapped_column(Whole, primary_key=True, autoincrement=True)


def packed() -> Mapped[Any]:
    """What `archive.database.packs` makes."""
    return mapped_column(LargeBinary)


def long_text() -> Mapped[Any]:
    """Text of any length, not compared."""
    return mapped_column(Text)


def child(target: str, **options: Any) -> Mapped[Any]:
    """A reference to a row without which this one is nothing."""
    return mapped_column(ForeignKey(target, ondelete="CASCADE"), **options)
