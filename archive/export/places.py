"""Names of divisions above a division, and their time of validity, for the tables."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.database.models import Division
from parsers.configuration import facts_file
from parsers.identity import divisions


def above(code: str) -> tuple[str | None, str | None, str | None]:
    """Codes of province, prefecture and county that a code lies in (itself included); None where it is above them."""
    stem = code[:6].ljust(6, "0")
    province = f"{stem[:2]}0000" if stem[:2] != "00" else None
    prefecture = f"{stem[:4]}00" if stem[2:4] != "00" else None
    county = stem if stem[4:6] != "00" else None
    return province, prefecture, county


def place_columns(division: Division | None, year: int, known: divisions.Divisions) -> tuple[str | None, ...]:
    """division_code (6), township_code (9), names of province, prefecture and county, and the level.

    Args:
        division: of the body.
        year: whose names are wanted.
        known: `parsers.identity.divisions.load`.
    """
    if division is None:
        return (None,) * 6
    township = division.code if len(division.code) == 9 else None
    names = tuple(_name(code, year, known) if code else None for code in above(division.code))
    return (division.code[:6], township, *names, division.level)


def division_rows(code: str, known: Division | None) -> Iterator[tuple[Any, ...]]:
    """All names that a code has had, with their years; a division outside the lists as the record has it."""
    listed = _listed(facts_file("divisions/divisions.csv")).get(code, ())
    level = divisions.level_of(code) if known is None else known.level
    for name, first, last in listed:
        yield (code, name, level, first or None, last or None)
    if not listed and known is not None:
        yield (code, known.name, known.level, None, None)


def _name(code: str, year: int, known: divisions.Divisions) -> str | None:
    found = known.get(code, year) or known.get(code)
    return found.name if found else None


@functools.lru_cache(maxsize=2)
def _listed(path: Path) -> dict[str, list[tuple[str, str, str]]]:
    rows: dict[str, list[tuple[str, str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["code"], []).append((row["name"], row["valid_from"], row["valid_to"]))
    return rows
