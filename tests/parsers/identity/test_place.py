"""Where a publisher is: by its name, by what the caller or the site says; namesakes are told apart or left open."""

from __future__ import annotations

import pytest

from parsers import Hints
from parsers.identity.divisions import load
from parsers.identity.identity import identify
from tests.parsers.identity.documents import HEADING, codes, document, who


def test_two_places_for_one_body_are_not_chosen_between() -> None:
    identity = identify(
        document(
            "教育局2020年政府信息公开工作年度报告", HEADING, "温县教育局与武陟县教育局联合开展了若干次公开活动。" * 2
        )
    )
    assert identity.division is None
    assert identity.agency_name == "教育局"
    assert "division_missing" in codes(identity)


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        (Hints(division="321282"), ("靖江市教育局", "department", "321282", 2021)),
        (Hints(division="320000"), ("江苏省教育局", "department", "320000", 2021)),
        (Hints(division="370614"), ("蓬莱区教育局", "department", "370614", 2021)),
    ],
)
def test_the_caller_supplies_the_place(hints: Hints, expected: tuple[str, str, str, int]) -> None:
    identity = identify(document("教育局2021年政府信息公开工作年度报告", HEADING), (), hints)
    assert who(identity) == expected
    assert dict(identity.sources)["division"] == "hint"


def test_a_province_has_no_office_of_that_name() -> None:
    identity = identify(document("人民政府办公室2021年政府信息公开工作年度报告", HEADING), (), Hints(division="410000"))
    assert identity.division is None
    assert "division_missing" in codes(identity)


def test_the_place_in_the_title_beats_the_column() -> None:
    identity = identify(document("温县人民政府2021年政府信息公开工作年度报告", HEADING), (), Hints(division="140923"))
    assert who(identity)[2] == "410825"
    assert "division_differs" in codes(identity)
    renamed = identify(document("蓬莱市人民政府2015年政府信息公开工作年度报告", HEADING), (), Hints(division="370614"))
    assert not renamed.issues
    above = identify(document("焦作市人民政府2021年政府信息公开工作年度报告", HEADING), (), Hints(division="410825"))
    assert not above.issues
    inside = identify(document("温县人民政府2021年政府信息公开工作年度报告", HEADING), (), Hints(division="410000"))
    assert not inside.issues


def test_namesakes() -> None:
    lines = ("鼓楼区人民政府2020年政府信息公开工作年度报告", HEADING)
    alone = identify(document(*lines))
    assert (alone.agency_name, alone.agency_kind, alone.division) == ("鼓楼区人民政府", "people_government", None)
    assert "division_ambiguous" in codes(alone)
    hinted = identify(document(*lines), (), Hints(division="350100"))
    assert hinted.division == load().get("350102")
    told = identify(document(*lines, "根据开封市有关要求,现将我区政府信息公开工作情况报告如下。"))
    assert told.division == load().get("410204")
    assert dict(told.sources)["division"] == "text"
    site = identify(document(*lines, meta={"siteidcode": "3203020001"}))
    assert site.division == load().get("320302")
    assert dict(site.sources)["division"] == "site"


def test_townships_with_and_without_their_county() -> None:
    whole = identify(document("博爱县孝敬镇人民政府2020年政府信息公开工作年度报告", HEADING))
    assert who(whole) == ("博爱县孝敬镇人民政府", "township_government", "410822106", 2020)
    bare = identify(document("孝敬镇2020年政府信息公开工作年度报告", HEADING), (), Hints(division="410822"))
    assert who(bare) == who(whole)


def test_a_street_with_many_namesakes_and_no_help() -> None:
    identity = identify(document("人民路街道办事处2023年政府信息公开工作年度报告", HEADING))
    assert identity.division is None
    assert identity.agency_name == "人民路街道办事处"
    assert "division_ambiguous" in codes(identity)


def test_the_division_of_the_reports_year() -> None:
    early = identify(document("蓬莱市人民政府2015年政府信息公开工作年度报告", HEADING), (), Hints(division="370614"))
    assert who(early)[2] == "370684"
    assert not early.issues
