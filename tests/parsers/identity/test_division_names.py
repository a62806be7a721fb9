"""Names of divisions: whole, shortened, and those of townships with their office."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.configuration import facts_file, load_facts
from parsers.identity.division_list import Row
from parsers.identity.division_names import DivisionNames, NameWords

PREFECTURE = Row("522300", "黔西南布依族苗族自治州", 1982, None)
COUNTY = Row("410822", "博爱县", 1980, None)


@pytest.fixture
def names(tmp_path: Path) -> DivisionNames:
    townships = tmp_path / "townships.csv"
    lines = ["code,name", "410822106,孝敬镇", "410822001,鸿昌街道", "410825106,孝敬镇"]
    townships.write_text("\n".join(lines), encoding="utf-8")
    words = load_facts(facts_file("divisions/names.yaml"), NameWords)
    return DivisionNames(words, [PREFECTURE, COUNTY], townships)


def test_a_prefecture_of_peoples_is_shortened_with_and_without_its_ending(names: DivisionNames) -> None:
    assert names.stem(PREFECTURE.name) == "黔西南"
    for form in ("黔西南", "黔西南州"):
        assert list(names.by_short_form(form)) == [PREFECTURE]
        assert list(names.by_name(form)) == []
    assert list(names.by_name(PREFECTURE.name)) == [PREFECTURE]


def test_beginnings_are_those_of_whole_names_and_short_forms(names: DivisionNames) -> None:
    assert names.is_beginning("黔西")
    assert names.is_beginning("博爱")
    assert not names.is_beginning("孝敬")  # townships are looked for below a county alone


def test_townships_in_a_division_and_with_their_office(names: DivisionNames) -> None:
    assert [row.code for row in names.townships_named("孝敬镇", None)] == ["410822106", "410825106"]
    assert [row.code for row in names.townships_named("孝敬镇", "410822")] == ["410822106"]
    for written in ("鸿昌街道", "鸿昌街道办事处"):
        assert [row.code for row in names.townships_written(written, "410822")] == ["410822001"]
    assert list(names.townships_written("鸿昌", "410822")) == []
