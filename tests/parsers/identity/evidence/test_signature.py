"""Who signed: the name beside the date, whatever stands at the foot of the page."""

from __future__ import annotations

import datetime as dt

import pytest

from parsers.identity.evidence.signature import find_byline_dates, find_sign_off, find_signature
from parsers.identity.identity import identify
from tests.parsers.identity.documents import HEADING, document

FOOT = [
    "扫一扫在手机打开当前页",
    "打印本页",
    "关闭窗口",
    "主办：安吉县人民政府",
    "网站地图",
    "联系我们",
    "版权所有",
    "返回顶部",
    "网站标识码",
]


TEXT = [
    HEADING,
    "2022年，根据《中华人民共和国政府信息公开条例》，认真做好各项工作。",
    "五、存在的主要问题",
    "公开的深度不够。",
]


@pytest.mark.parametrize("site", ["", "安吉县人民政府门户网站", "安吉县人民政府"])
@pytest.mark.parametrize("foot", [[], FOOT])
@pytest.mark.parametrize(
    ("signed", "name"),
    [
        (["安吉县林业局", "2023年1月20日"], "安吉县林业局"),
        (["（安吉县林业局）", "2023年1月20日"], "安吉县林业局"),
        (["安吉县林业局（盖章）", "二〇二三年一月二十日"], "安吉县林业局"),
        (["县林业局", "2023年1月20日"], "县林业局"),
        (["天荒坪镇人民政府", "2023-01-20"], "安吉县天荒坪镇人民政府"),
        (["安吉经济开发区管理委员会", "2023年1月20日"], "安吉经济开发区管理委员会"),
    ],
)
def test_the_name_beside_the_date_signs_and_no_site_does(
    signed: list[str], name: str, foot: list[str], site: str
) -> None:
    title = "2022年政府信息公开工作年度报告"
    meta = {"title": f"{title}-{site}", "sitename": site} if site else {}
    identity = identify(document(title, *TEXT, *signed, *foot, meta=meta))
    assert identity.agency_name == name
    assert dict(identity.sources)["agency"] == "sign_off"
    assert identity.published_on == "2023-01-20"


def test_a_list_of_bodies_and_dates_signs_nothing() -> None:
    beside = ["安吉县公安局", "2023年1月11日", "安吉县教育局", "2023年1月12日", *FOOT]
    identity = identify(document("2022年政府信息公开工作年度报告", *TEXT, *beside))
    assert (identity.agency_name, identity.published_on) == (None, None)


def test_a_room_signs_nothing() -> None:
    identity = identify(document("2022年政府信息公开工作年度报告", *TEXT, "办公室", "2023年1月20日"))
    assert identity.agency_name is None


def test_a_name_in_the_line_of_its_date_signs_before_a_name_alone() -> None:
    signed = find_signature(["无。", "温县教育局", "温县司法局2023年1月20日"], 2022, None)
    assert signed is not None
    assert signed.name == "温县司法局"


def test_a_sign_off_has_the_day_under_its_name() -> None:
    found = find_sign_off(["无。", "温县司法局(盖章)", "2023年1月20日", "版权所有"], 2022, None)
    assert found is not None
    assert (found.agency.name, found.day) == ("温县司法局", dt.date(2023, 1, 20))


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("(2026年1月23日)", [dt.date(2026, 1, 23)]),
        ("安吉县人民政府办公室编制2026年1月23日", [dt.date(2026, 1, 23)]),
        ("安吉县林业局印发(2026年1月23日)", [dt.date(2026, 1, 23)]),
        ("截至2026年1月23日", []),
        ("2026年1月23日,2026年1月24日", []),
        ("安吉县林业局编制,2026年1月23日起施行", []),
        ("安吉县林业局编制2026年1月23日以前", []),
    ],
)
def test_dates_that_stand_alone(line: str, days: list[dt.date]) -> None:
    assert list(find_byline_dates([line])) == days
