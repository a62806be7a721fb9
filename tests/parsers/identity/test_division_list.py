"""Rows of divisions: what a code says, and which rows are a year's."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import ConfigurationError
from parsers.identity.division_list import Row, level_of, lies_in, prefix, read_rows, rows_of_year

OLD, NEW = Row("370684", "蓬莱市", 1991, 2019), Row("370614", "蓬莱区", 2020, None)


@pytest.mark.parametrize(
    ("code", "level", "beginning"),
    [
        ("000000", "central", ""),
        ("410000", "province", "41"),
        ("410800", "prefecture", "4108"),
        ("410825", "county", "410825"),
        ("410822106", "township", "410822106"),
    ],
)
def test_what_a_code_says(code: str, level: str, beginning: str) -> None:
    assert (level_of(code), prefix(code)) == (level, beginning)


def test_a_division_lies_in_itself_and_in_those_above() -> None:
    assert all(lies_in("410822106", within) for within in ("410822106", "410822", "410800", "410000", "000000"))
    assert not lies_in("410800", "410822")


def test_the_rows_of_a_year_else_of_the_next_else_of_the_one_before() -> None:
    assert rows_of_year([OLD, NEW], 2019) == [OLD]
    assert rows_of_year([NEW], 2019) == [NEW]
    assert rows_of_year([OLD], 2020) == [OLD]
    assert rows_of_year([OLD], 2021) == []
    assert rows_of_year([OLD, NEW], None) == [NEW]


def test_a_row_is_near_for_a_year_before_and_behind_its_time() -> None:
    assert [year for year in range(2017, 2023) if NEW.is_near(year)] == [2019, 2020, 2021, 2022]
    assert [year for year in range(2018, 2023) if OLD.is_near(year)] == [2018, 2019, 2020]
    assert OLD.is_near(None)


def test_a_row_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text("code,name,valid_from,valid_to\n410825,温县,,\n4108x5,温县,,\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        list(read_rows(path))
    assert "line 3" in caught.value.subject
