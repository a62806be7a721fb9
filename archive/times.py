"""Times as people write them. A bare date is the whole day in Asia/Shanghai; "as of" a day means its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

from archive.errors import ArchiveError

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Civil time of all of China; without summer time since 1991, before any capture."""


def day_end(day: date) -> datetime:
    """The last microsecond of a day in China, in UTC."""
    return datetime.combine(day, time.max, CHINA).astimezone(UTC)


def day_start(day: date) -> datetime:
    """The first moment of a day in China, in UTC."""
    return datetime.combine(day, time.min, CHINA).astimezone(UTC)


def parse_moment(text: str, *, end: bool = True) -> datetime:
    """A time as people write it: ``2026-11-20`` (that day in China), or ISO 8601 with time and zone (UTC without one).

    Raises:
        ArchiveError: neither.
    """
    try:
        if len(text) <= 10:
            day = date.fromisoformat(text)
            return day_end(day) if end else day_start(day)
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:  # the first day of the calendar began before it in China
        wrong = ArchiveError("is not a date", subject=text, advice="Write 2026-11-20 or 2026-11-20T08:00:00Z")
        wrong.exit_status = 2
        raise wrong from error
    return moment
