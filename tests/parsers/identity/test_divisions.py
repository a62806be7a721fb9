"""Divisions through time, and namesakes that are never chosen between silently."""

from __future__ import annotations

import csv
import itertools
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import ConfigurationError, Division, configuration_directories
from parsers.identity.division_list import Row
from parsers.identity.divisions import FILES, Divisions, level_of, load

ALL = [row.code for row in load().rows()]


def codes(found: tuple[Division, ...]) -> list[str]:
    return [division.code for division in found]


@pytest.mark.parametrize(
    ("code", "name", "level"),
    [
        ("410825", "温县", "county"),
        ("410822", "博爱县", "county"),
        ("411324", "镇平县", "county"),
        ("411628", "鹿邑县", "county"),
        ("140923", "代县", "county"),
        ("320800", "淮安市", "prefecture"),
        ("410000", "河南省", "province"),
        ("410822106", "孝敬镇", "township"),
        ("000000", "中国", "central"),
    ],
)
def test_confirmed_codes(code: str, name: str, level: str) -> None:
    found = load().get(code, 2020)
    assert found is not None
    assert (found.code, found.name, found.level) == (code, name, level)


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("崇川区", 2019, ["320602"]),
        ("崇川区", 2020, ["320613"]),
        ("蓬莱市", 2019, ["370684"]),
        ("蓬莱区", 2020, ["370614"]),
        ("蓬莱区", 2019, ["370614"]),  # founded in the year in which the report for 2019 was published
        ("蓬莱区", 2017, []),
        ("邢台县", 2020, ["130521"]),  # abolished in 2020; a last report may speak of it
        ("公主岭市", 2018, ["220381"]),
        ("公主岭市", 2021, ["220184"]),
        ("莱芜市", 2017, ["371200"]),
        ("莱芜区", 2018, ["370116"]),
        ("和康县", 2024, ["653228"]),
        ("和安县", 2024, ["653229"]),
        ("和安县", 2020, []),
        ("萝岗区", 2010, ["440116"]),
        ("西沙区", 2021, ["460302"]),
        ("两江新区", 2025, ["500157"]),
        ("渝北区", 2024, ["500112"]),
    ],
)
def test_the_year_decides(name: str, year: int, expected: list[str]) -> None:
    assert codes(load().find(name, year)) == expected


def test_namesakes_are_all_given() -> None:
    assert codes(load().find("鼓楼区", 2020)) == ["320106", "320302", "350102", "410204"]
    assert codes(load().find("鼓楼区", 2020, within="320000")) == ["320106", "320302"]
    assert codes(load().find("鼓楼区", 2020, within="410200")) == ["410204"]
    assert load().find("鼓楼区", 2020, within="500000") == ()
    assert len(load().find("城关镇")) == 88
    assert codes(load().find("孝敬镇", within="410822")) == ["410822106"]


def test_shared_names_are_as_measured() -> None:
    counties = Counter(
        row.name for row in load().rows() if row.last is None and level_of(row.code) == "county" and row.first <= 2023
    )
    assert sum(1 for count in counties.values() if count > 1) >= 25
    assert counties["市中区"] == 4


@pytest.mark.parametrize(
    ("name", "code"),
    [("广西", "450000"), ("黔西南州", "522300"), ("维西县", "533423"), ("兴安", "152200"), ("内蒙古", "150000")],
)
def test_short_forms(name: str, code: str) -> None:
    assert code in codes(load().find(name, 2020))


@pytest.mark.parametrize(
    ("text", "within", "expected", "length"),
    [
        ("温县人民政府办公室", None, ["410825"], 2),
        ("河南省焦作市温县人民政府", None, ["410825"], 8),
        ("焦作温县人民政府", None, ["410825"], 4),
        ("博爱县孝敬镇人民政府", None, ["410822106"], 6),
        ("孝敬镇人民政府", "410822", ["410822106"], 3),
        ("孝敬镇人民政府", "410000", ["410822106"], 3),
        ("东街街道办事处", "620702", ["620702001"], 7),
        ("张掖市甘州区东街街道", None, ["620702001"], 10),
        ("东莞市虎门镇人民政府", None, ["441900121"], 6),
        ("鼓楼区教育局", None, ["320106", "320302", "350102", "410204"], 3),
        ("鼓楼区教育局", "320000", ["320106", "320302"], 3),
        ("南京市鼓楼区教育局", None, ["320106"], 6),
        ("海南州政府", None, ["632500"], 3),
        ("内蒙古自治区阿拉善右旗人民政府", None, ["152922"], 11),
        ("上海科委", None, ["310000"], 2),
        ("吉林省人民政府", None, ["220000"], 3),
        ("吉林市人民政府", None, ["220200"], 3),
        ("温县人民政府", "140000", ["410825"], 2),  # a portal may host another's report
    ],
)
def test_a_place_at_the_start_of_a_text(text: str, within: str | None, expected: list[str], length: int) -> None:
    place = load().read(text, 2022, within)
    assert place is not None
    assert (codes(place.candidates), place.length) == (expected, length)


@pytest.mark.parametrize("text", ["人民政府办公室", "长安镇人民政府", "", "县", "西咸新区管委会", "教育局"])
def test_no_place(text: str) -> None:
    assert load().read(text, 2022) is None


def test_above_and_below() -> None:
    divisions = load()
    assert codes(divisions.ancestors("410822106", 2020)) == ["410000", "410800", "410822"]
    assert divisions.parent("659011", 2022) == divisions.get("650000")
    assert divisions.parent("110000") == divisions.get("000000")
    assert divisions.parent("000000") is None
    assert "410825" in codes(divisions.children("410800", 2020))
    assert codes(divisions.children("410800", 2020)) == sorted(codes(divisions.children("410800", 2020)))
    assert "419001" in codes(divisions.children("410000", 2020))
    assert "410822106" in codes(divisions.children("410822"))
    assert len(divisions.children("000000", 2020)) == 34


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("370614", 2015, "370684"),
        ("220184", 2015, "220381"),
        ("410825", 1990, "410825"),
        ("320613", 2015, "320602"),
        ("659012", 2010, None),
        ("410822106", 2012, "410822106"),
        ("999999", 2012, None),
    ],
)
def test_a_portals_code_in_an_earlier_year(code: str, year: int, expected: str | None) -> None:
    found = load().at(code, year)
    assert (found.code if found else None) == expected


def test_the_intervals_of_a_code_never_overlap() -> None:
    by_code: dict[str, list[Row]] = {}
    for row in load().rows():
        by_code.setdefault(row.code, []).append(row)
    for rows in by_code.values():
        ordered = sorted(rows, key=lambda row: row.first)
        for earlier, later in itertools.pairwise(ordered):
            assert earlier.last is not None
            assert earlier.last < later.first


@settings(max_examples=200)
@given(code=st.sampled_from(ALL), year=st.integers(2008, 2025))
def test_every_division_is_found_by_its_name_and_its_place(code: str, year: int) -> None:
    divisions = load()
    division = divisions.get(code, year)
    if division is None:
        return
    assert division in divisions.find(division.name, year)
    above = divisions.ancestors(code, year)
    if above:
        assert divisions.find(division.name, year, within=above[-1].code) == (division,)
    whole = "".join(entry.name for entry in above) + division.name
    place = divisions.read(whole + "人民政府", year)
    assert place is not None
    assert (place.candidates, place.length) == ((division,), len(whole))


def test_townships_carry_no_county() -> None:
    with (configuration_directories()[-1] / "divisions" / "townships.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 41352
    assert next(row["name"] for row in rows if row["code"] == "410822106") == "孝敬镇"
    assert not [row for row in rows if row["name"].endswith("街道办事处")]


def test_townships_are_read_only_when_one_is_asked_for() -> None:
    code = (
        "from parsers.identity.divisions import load; d = load(); d.read('温县人民政府', 2020); d.find('鼓楼区', 2020);"
        "raise SystemExit('_townships_by_code' in vars(d))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    source = configuration_directories()[-1] / "divisions"
    shutil.copy(source / "names.yaml", tmp_path)
    (tmp_path / "divisions.csv").write_text("code,name,valid_from,valid_to\n41x,温县,1980,\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"divisions\.csv line 2: .*make_divisions"):
        Divisions(*(tmp_path / name for name in FILES))
    with pytest.raises(ConfigurationError, match=r"names\.yaml"):
        Divisions(*(tmp_path / "nowhere" / name for name in FILES))


def test_every_change_is_in_the_list() -> None:
    """changes.csv and divisions.csv were built together."""
    with (configuration_directories()[-1] / "divisions" / "changes.csv").open(encoding="utf-8") as file:
        changes = list(csv.DictReader(file))
    assert len(changes) >= 190
    for change in changes:
        year, code = int(change["year"]), change["code"]
        now, before = load().get(code, year), load().get(code, year - 1)
        if change["change"] == "established":
            assert now is not None
            assert now.name == change["name"]
        else:
            assert before is not None
            assert before.name == change["name"]
            assert now is None or now.name != change["name"]
