"""By when reports must be published: ``config/calendar.yaml``, asked by a rule on the text and by coverage."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

from pydantic import field_validator

from parsers.configuration import ConfigModel, facts_file, load_facts


class Earlier(ConfigModel):
    """The deadline (MM-DD) of all publishers, for report years up to one."""

    through: int
    deadline: str


class Calendar(ConfigModel):
    """Days (MM-DD of the year after) by which reports are due.

    Attributes:
        deadlines: by kind of publisher.
        otherwise: of a publisher of unknown kind, for those who must assume something.
        earlier: what the law said before.
    """

    deadlines: dict[str, str]
    otherwise: str
    earlier: Earlier

    @field_validator("deadlines", "otherwise", "earlier")
    @classmethod
    def _are_days(cls, value: dict[str, str] | str | Earlier) -> dict[str, str] | str | Earlier:
        if isinstance(value, Earlier):
            days = [value.deadline]
        else:
            days = [value] if isinstance(value, str) else list(value.values())
        for day in days:
            _day(2001, day)
        return value

    def due(self, kind: str | None, year: int) -> dt.date | None:
        """The day by which a publisher's report of a year is due; None where its kind has no deadline."""
        if year <= self.earlier.through:
            return _day(year + 1, self.earlier.deadline)
        named = self.deadlines.get(kind or "")
        return None if named is None else _day(year + 1, named)

    def expected(self, kind: str | None, year: int) -> dt.date:
        """As `due`; a publisher without a deadline of its kind is taken for one of ``otherwise``."""
        return self.due(kind, year) or _day(year + 1, self.otherwise)


def load() -> Calendar:
    """The calendar in use.

    Raises:
        ConfigurationError: the file is wrong; file, line and field are named.
    """
    return _load(facts_file("calendar.yaml"))


@functools.lru_cache(maxsize=4)
def _load(path: Path) -> Calendar:
    return load_facts(path, Calendar)


def _day(year: int, text: str) -> dt.date:
    """A day MM-DD of a year.

    Raises:
        ValueError: there is no such day.
    """
    month, _, day = text.partition("-")
    return dt.date(year, int(month), int(day))
