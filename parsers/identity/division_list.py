"""The lists of divisions as they stand: rows with the years in which they were valid, and what a code says (GB/T 2260).

The lists and their sources: ``config/divisions/README.md``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from parsers.errors import ConfigurationError
from parsers.record import Division

Level = Literal["central", "province", "prefecture", "county", "township"]

CENTRAL = Division("000000", "中国", "central")
"""The state: what lies in no province."""

_ADVICE = "Build it anew with scripts/make_divisions.py"
_DIGITS: dict[Level, int] = {"central": 0, "province": 2, "prefecture": 4, "county": 6, "township": 9}


class Row(NamedTuple):
    """One division under one name; ``last`` is None while it exists."""

    code: str
    name: str
    first: int
    last: int | None

    def exists(self, year: int) -> bool:
        """Whether it was valid at the end of the year."""
        return self.first <= year and (self.last is None or year <= self.last)

    def is_near(self, year: int | None) -> bool:
        """Whether it was valid at the end of the year, of the one before or of the next; any time where it is None."""
        if year is None:
            return True
        return self.first - 1 <= year and (self.last is None or year <= self.last + 1)

    def as_division(self) -> Division:
        """The division, without its years."""
        return Division(self.code, self.name, level_of(self.code))


def level_of(code: str) -> Level:
    """The level a code stands for: 6 digits to county level, 9 for townships."""
    if len(code) == 9:
        return "township"
    if code == CENTRAL.code:
        return "central"
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def prefix(code: str) -> str:
    """What the codes of a division and of all that lies in it begin with: 4108 for 410800."""
    return code[: _DIGITS[level_of(code)]]


def lies_in(code: str, within: str) -> bool:
    """Whether the division ``code`` is ``within`` or lies in it, by the codes alone."""
    return code.startswith(prefix(within))


def rows_of_year(rows: Sequence[Row], year: int | None) -> list[Row]:
    """Those that existed at the end of the year, else of the next, else of the year before.

    Without a year: those that still exist, else the last name of each.
    """
    if year is not None:
        for when in (year, year + 1, year - 1):
            found = [row for row in rows if row.exists(when)]
            if found:
                return found
        return []
    latest: dict[str, Row] = {}
    for row in rows:
        if row.code not in latest or row.first > latest[row.code].first:
            latest[row.code] = row
    current = [row for row in latest.values() if row.last is None]
    return current or list(latest.values())


def read_rows(path: Path) -> Iterator[Row]:
    """Rows of one list; townships carry no years: they are taken for valid at any time.

    Raises:
        ConfigurationError: the file is missing or a row cannot be read; file and line are named.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            width = len(next(reader, []))
            for fields in reader:
                row = _read_row(fields) if len(fields) == width else None
                if row is None:
                    raise ConfigurationError(
                        f"not a division: {','.join(fields)}", subject=f"{path} line {reader.line_num}", advice=_ADVICE
                    )
                yield row
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read ({error})", subject=str(path), advice=_ADVICE) from error


def _read_row(fields: list[str]) -> Row | None:
    code, name, *years = fields
    if not (code.isdecimal() and name and all(year.isdecimal() for year in years if year)):
        return None
    if not years:
        return Row(code, name, 0, None)
    return Row(code, name, int(years[0] or 0), int(years[1]) if years[1] else None)
