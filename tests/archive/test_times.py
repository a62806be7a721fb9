"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive import ArchiveError
from archive.times import parse_moment


def test_a_bare_day_is_the_day_in_china() -> None:
    assert parse_moment("2026-11-20") == datetime(2026, 11, 20, 15, 59, 59, 999999, tzinfo=UTC)
    assert parse_moment("2026-11-20", end=False) == datetime(2026, 11, 19, 16, tzinfo=UTC)
    assert parse_moment("2026-11-20T08:00:00+08:00") == datetime(2026, 11, 20, tzinfo=UTC)
    assert parse_moment("2026-11-20T08:00:00Z") == datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "0001-01-01", "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        parse_moment(text, end=False)
    assert caught.value.exit_status == 2
