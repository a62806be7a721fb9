"""What hangs on a reading, line by line: figures, numbers in the text, sections, issues and checks.

`archive.database.reading_store` writes it, `archive.database.reading_load` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from archive import identifiers
from archive.database.packs import from_json
from archive.database.rows import Row
from parsers import decimal_text

Cells = Mapping[str, tuple[str, Decimal | None]]
"""Status and value of figures, by code."""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One coded cell of a reading. ``place`` is its locator as canonical JSON."""

    reading_id: str
    code: str
    value: Decimal | None
    status: str
    raw: str
    unit: str | None
    method: str
    confidence: float | None
    alternatives: list[Any]
    place: str

    @property
    def locator(self) -> dict[str, Any]:
        """Where it stands."""
        found: dict[str, Any] = from_json(self.place)
        return found


@dataclass(frozen=True, slots=True)
class ProseLine:
    """One number read from a sentence; ``position`` counts from 0."""

    reading_id: str
    position: int
    code: str
    value: Decimal | None
    status: str
    raw: str
    unit: str | None
    confidence: float | None
    locator: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One official section of a reading; ``position`` counts from 0."""

    reading_id: str
    position: int
    number: int
    heading: str
    text: str
    locator: dict[str, Any]


@dataclass(frozen=True, slots=True)
class IssueLine:
    """Something a person should know about a reading; ``position`` counts from 0."""

    reading_id: str
    position: int
    code: str
    message: str
    locator: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One rule on one target: within a reading, or over a group of reports (then ``reading_id`` is None).

    ``finding`` names what is judged independently of the reading (report, rule, target); ``evidence`` is a fingerprint
    of what it rests on. A person's verdict is an act on a finding with that evidence. ``others`` are the further
    reports it rests on.
    """

    id: str
    reading_id: str | None
    report_id: str | None
    rule: str
    target: str
    lhs: Decimal | None
    rhs: Decimal | None
    outcome: str
    severity: str
    codes: list[str]
    others: list[str]
    finding: str
    evidence: str


def as_row(line: FigureLine | ProseLine | SectionLine | IssueLine | CheckLine) -> Row:
    """Its fields by name, as they stand in a sealed reading."""
    row = {field.name: getattr(line, field.name) for field in fields(line)}
    if isinstance(line, FigureLine):
        del row["place"]
        row["locator"] = line.locator
    return row


def check_evidence(outcome: str, lhs: str | None, rhs: str | None, codes: Sequence[str], cells: Cells) -> str:
    """Fingerprint of what an outcome within a reading rests on."""
    return identifiers.evidence_digest(outcome, lhs, rhs, *(f"{code}={_cell(cells.get(code))}" for code in codes))


def _cell(cell: tuple[str, Decimal | None] | None) -> str:
    return "-" if cell is None else f"{cell[0]}:{decimal_text(cell[1])}"
