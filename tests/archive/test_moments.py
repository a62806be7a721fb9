"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive import ArchiveError
from archive.moments import parse_moment


def test_a_bare_day_is_the_day_in_china() -> None:
    assert parse_moment("2026-11-20") == datetime(2026, 11, 20, 15, 59, 59, 999999, tzinfo=UTC)
    assert parse_moment("2026-11-20", end=False) == datetime(2026, 11, 19, 16, tzinfo=UTC)
    assert parse_moment("2026-11-20T08:00:00+08:00") == datetime(2026, 11, 20, tzinfo=UTC)
    assert parse_moment("2026-11-20T08:00:00Z") == datetime(2026, 11, 20, 8, tzinfo=UTC)
    with pytest.raises(ArchiveError) as caught:
        parse_moment("yesterday")
    assert caught.value.exit_status == 2
