"""What is packed of a reading and of a report: each thing a class with its columns, and how it is had back.

Values and statuses of figures stand in rows of their own, where SQL sees them (`archive.database.derived_tables`);
here is what is read with a whole reading only. Which columns a pack has is its kind's affair: a kind with other columns
gets another `KIND`, and the earlier one stays readable.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from archive.database.packing import Text, pack, unpack
from archive.database.types import json_text
from archive.errors import DamagedPack
from parsers import decimal_text


@dataclass(frozen=True, slots=True)
class Pack:
    """Columns of equal length, each a text or nothing."""

    KIND: ClassVar[str]
    NAMES: ClassVar[tuple[str, ...]]
    columns: tuple[tuple[Text, ...], ...]

    def packed(self) -> bytes:
        """As stored."""
        return pack([[self.KIND], *self.columns])

    @classmethod
    def of(cls, rows: Iterable[Sequence[Text]]) -> Self:
        """From rows, each with a text for every name in `NAMES`."""
        columns = tuple(zip(*rows, strict=True))
        return cls(columns or ((),) * len(cls.NAMES))

    @classmethod
    def read(cls, data: bytes) -> Self:
        """As `packed` made it.

        Raises:
            DamagedPack: it is damaged, or of another kind.
        """
        head, *columns = unpack(data)
        if head != [cls.KIND] or len(columns) != len(cls.NAMES) or len({len(column) for column in columns}) > 1:
            raise DamagedPack(f"is no pack {cls.KIND}")
        return cls(tuple(map(tuple, columns)))

    def rows(self) -> list[tuple[Text, ...]]:
        """Row by row."""
        return list(zip(*self.columns, strict=True))


class FigurePack(Pack):
    """Of each figure of a reading, in order of its codes: everything but code, unit, value and status.

    ``raw`` is nothing where it is the value as we write it, or empty where there is none; ``confidence`` and
    ``alternatives`` are JSON, nothing where they say nothing.
    """

    KIND = "figures/1"
    NAMES = ("raw", "method", "confidence", "alternatives", "locator")


class ProsePack(Pack):
    """Of each number in the text of a reading: everything but code, unit, value and status."""

    KIND = "prose/1"
    NAMES = ("raw", "confidence", "locator")


class SectionPack(Pack):
    """The sections of a reading, with their texts."""

    KIND = "sections/1"
    NAMES = ("number", "heading", "text", "locator")


class IssuePack(Pack):
    """What a person should know about a reading."""

    KIND = "issues/1"
    NAMES = ("code", "message", "locator")


class CheckPack(Pack):
    """All outcomes of the rules within a reading: ``kind`` is that of `archive.database.derived_tables.CheckKind`.

    ``rhs`` is nothing where it is ``lhs``, and JSON's ``null`` where there is none. ``evidence`` is given only where it
    is not what follows from the figures.
    """

    KIND = "checks/1"
    NAMES = ("kind", "outcome", "lhs", "rhs", "evidence")


class AcrossPack(Pack):
    """All outcomes across reports that are shown with one report; ``codes`` and ``others`` are JSON."""

    KIND = "across/1"
    NAMES = ("rule", "target", "outcome", "severity", "lhs", "rhs", "codes", "others", "evidence")


def short(raw: str, value: Decimal | None) -> Text:
    """The raw text of a figure as it is packed."""
    return None if raw == (decimal_text(value) or "") else raw


def long(raw: Text, value: Decimal | None) -> str:
    """The raw text of a figure as it was."""
    return (decimal_text(value) or "") if raw is None else raw


def as_json(value: Any, default: Any = None) -> Text:
    """JSON text of a value; nothing where it is ``default``."""
    return None if value == default else json_text(value)


def from_json(text: Text, default: Any = None) -> Any:
    """As `as_json` had it."""
    return default if text is None else json.loads(text)


def other_side(lhs: Text, rhs: Text) -> Text:
    """The second side of a check as it is packed."""
    return None if lhs == rhs else "null" if rhs is None else rhs


def second_side(lhs: Text, rhs: Text) -> Text:
    """The second side of a check as it was."""
    return lhs if rhs is None else None if rhs == "null" else rhs
