"""A place without its ending in a body's name: spelled out where that is certain, else left alone."""

from __future__ import annotations

import pytest

from parsers.identity.agencies import read_agency
from parsers.identity.shortened import spell_out


@pytest.mark.parametrize(
    ("name", "text", "spelled", "code"),
    [
        ("烟台市牟平人民政府", "", "牟平区人民政府", "370612"),
        ("博爱县孝敬人民政府", "", "博爱县孝敬镇人民政府", "410822106"),
        ("烟台市牟平教育局", "牟平区教育局推进公开", "牟平区教育局", "370612"),
        ("重庆永川工业园区管理委员会", "依托永川区政府网站", "重庆永川工业园区管理委员会", "500118"),
    ],
)
def test_spelled_out(name: str, text: str, spelled: str, code: str) -> None:
    agency = read_agency(name, 2022)
    assert agency is not None
    whole = spell_out(agency, text, 2022)
    assert whole is not None
    assert (whole.name, whole.division and whole.division.code) == (spelled, code)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("烟台市牟平教育局", "烟台市教育局推进公开"),
        ("南京市鼓楼医院", "南京市鼓楼区中山路"),
        ("烟台市人民政府", "牟平区"),
        ("防城港市港口管理局", "推进公开"),
        ("温县人民政府", ""),
    ],
)
def test_left_alone(name: str, text: str) -> None:
    agency = read_agency(name, 2022)
    assert agency is not None
    assert spell_out(agency, text, 2022) is None
