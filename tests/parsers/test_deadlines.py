"""By when reports are due: the law of 2019 by kind of publisher, the one before for everybody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from parsers import ConfigurationError, deadlines
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("kind", "year", "day"),
    [
        ("people_government", 2025, date(2026, 3, 31)),
        ("zone_committee", 2025, date(2026, 3, 31)),
        ("department", 2025, date(2026, 1, 31)),
        ("township_government", 2019, date(2020, 1, 31)),
        ("department", 2018, date(2019, 3, 31)),
        (None, 2008, date(2009, 3, 31)),
        (None, 2025, None),
        ("court", 2025, None),
    ],
)
def test_the_day(kind: str | None, year: int, day: date | None) -> None:
    calendar = deadlines.load()
    assert calendar.due(kind, year) == day
    assert calendar.expected(kind, year) == (day or date(2026, 1, 31))


@pytest.mark.parametrize(
    ("old", "new"),
    [('department: "01-31"', 'department: "02-30"'), ('otherwise: "01-31"', "otherwise: soon"), ('03-31"}', '13-01"}')],
)
def test_a_day_that_there_is_not_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    text = (ROOT / "config" / "calendar.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "calendar.yaml").write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"calendar\.yaml"):
        deadlines.load()
