"""Names of publishers: place, body, kind, canonical form."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.identity.agencies import key, kind_of, read_agency
from parsers.identity.divisions import load

COUNTIES = [d.code for d in load().children("410000", 2020)] + [
    county.code
    for province in load().children("000000", 2020)
    for prefecture in load().children(province.code, 2020)
    for county in ((prefecture,) if prefecture.level == "county" else load().children(prefecture.code, 2020))
    if county.level == "county"
]
BODIES = {
    "人民政府": "people_government",
    "人民政府办公室": "government_office",
    "教育局": "department",
    "发展和改革委员会": "department",
    "卫健委": "department",
    "外事办公室": "department",
    "气象局": "vertical_agency",
    "消防救援大队": "vertical_agency",
    "经济开发区管理委员会": "zone_committee",
    "残疾人联合会": "authorised_org",
}


@pytest.mark.parametrize(
    ("text", "within", "name", "kind", "code"),
    [
        ("温县人民政府办公室", None, "温县人民政府办公室", "government_office", "410825"),
        ("中共凯里市委员会办公室凯里市人民政府办公室", None, "凯里市人民政府办公室", "government_office", "522601"),
        ("杭州市西湖区人民政府（本级）", None, "西湖区人民政府", "people_government", "330106"),
        ("兵团第八师石河子市", None, "第八师石河子市人民政府", "people_government", "659001"),
        ("第一师阿拉尔市发展和改革委员会", None, "第一师阿拉尔市发展和改革委员会", "department", "659002"),
        ("镇平县政府办公室", None, "镇平县人民政府办公室", "government_office", "411324"),
        ("鹿邑县政府", None, "鹿邑县人民政府", "people_government", "411628"),
        ("代县", None, "代县人民政府", "people_government", "140923"),
        ("博爱县孝敬镇人民政府", None, "博爱县孝敬镇人民政府", "township_government", "410822106"),
        ("孝敬镇", "410822", "博爱县孝敬镇人民政府", "township_government", "410822106"),
        ("孝敬镇政府", "410800", "博爱县孝敬镇人民政府", "township_government", "410822106"),
        ("温县一个新镇", None, "温县一个新镇人民政府", "township_government", "410825"),
        ("河南省焦作市温县人民政府", None, "温县人民政府", "people_government", "410825"),
        ("上海市科委", None, "上海市科委", "department", "310000"),
        ("上海科委", None, "上海市科委", "department", "310000"),
        ("沭阳县发展和改革局", None, "沭阳县发展和改革局", "department", "321322"),
        ("淮安市人民政府", None, "淮安市人民政府", "people_government", "320800"),
        ("县教育局", "410825", "温县教育局", "department", "410825"),
        ("省教育厅", "410825", "河南省教育厅", "department", "410000"),
        ("市教育局", "410825", "焦作市教育局", "department", "410800"),
        ("市教育局", "321282", "靖江市教育局", "department", "321282"),
        ("教育局", "321282", "靖江市教育局", "department", "321282"),
        ("旗政府办", "152922", "阿拉善右旗人民政府办公室", "government_office", "152922"),
        ("办公厅", "450000", "广西壮族自治区人民政府办公厅", "government_office", "450000"),
        ("自治区政府", "540000", "西藏自治区人民政府", "people_government", "540000"),
        ("市政府参事室", "310000", "上海市政府参事室", "department", "310000"),
        ("海南州政府", None, "海南藏族自治州人民政府", "people_government", "632500"),
        ("大兴安岭地区行署办公室", None, "大兴安岭地区行政公署办公室", "government_office", "232700"),
        ("和顺街道", "140214", "云冈区和顺街道办事处", "subdistrict_office", "140214025"),
        ("东街街道办", "620702", "甘州区东街街道办事处", "subdistrict_office", "620702001"),
        ("国家税务总局温县税务局", None, "国家税务总局温县税务局", "vertical_agency", "410825"),
        ("温县国家税务局", None, "温县国家税务局", "vertical_agency", "410825"),
        ("天津海关", None, "天津海关", "vertical_agency", "120000"),
        ("国家统计局商丘调查队", None, "国家统计局商丘调查队", "vertical_agency", "411400"),
        ("人社部", None, "人力资源和社会保障部", "state_council_organ", "000000"),
        ("中华人民共和国财政部", None, "财政部", "state_council_organ", "000000"),
        ("国家税务总局", None, "国家税务总局", "state_council_organ", "000000"),
        ("苏银产业园", "640100", "银川市苏银产业园", "zone_committee", "640100"),
        ("南阳市高新区管委会", None, "南阳市高新区管委会", "zone_committee", "411300"),
        ("西安高新区管委会", None, "西安高新区管委会", "zone_committee", "610100"),
        ("北京经济技术开发区管理委员会", None, "北京经济技术开发区管理委员会", "zone_committee", "110000"),
        ("天津滨海新区人民政府", None, "滨海新区人民政府", "people_government", "120116"),
        ("新疆和田地区策勒县政府办", None, "策勒县人民政府办公室", "government_office", "653225"),
        ("恩施州教育局", None, "恩施土家族苗族自治州教育局", "department", "422800"),
        ("南京市江北新区管委会", None, "南京市江北新区管委会", "zone_committee", "320100"),
        ("西咸新区", None, "西咸新区", "zone_committee", "610000"),
        ("新疆生产建设兵团办公厅", None, "新疆生产建设兵团办公厅", "government_office", "650000"),
        ("陕西历史博物馆", None, "陕西历史博物馆", "authorised_org", "610000"),
        ("广西北部湾经济区规划建设管理办公室", None, "广西北部湾经济区规划建设管理办公室", "department", "450000"),
        ("青海省地质调查院", None, "青海省地质调查院", "authorised_org", "630000"),
        ("温县文化馆", None, "温县文化馆", "authorised_org", "410825"),
        ("道里区残联", None, "道里区残联", "authorised_org", "230102"),
    ],
)
def test_names(text: str, within: str | None, name: str, kind: str, code: str) -> None:
    agency = read_agency(text, 2022, within)
    assert agency is not None
    assert (agency.name, agency.kind, [d.code for d in agency.divisions]) == (name, kind, [code])


def test_namesakes_stay_open() -> None:
    agency = read_agency("鼓楼区教育局", 2020)
    assert agency is not None
    assert (agency.name, agency.division, len(agency.divisions)) == ("鼓楼区教育局", None, 4)
    inside = read_agency("鼓楼区教育局", 2020, "410200")
    assert inside is not None
    assert inside.division is not None
    assert inside.division.code == "410204"


def test_a_body_without_a_place() -> None:
    agency = read_agency("人民政府办公室", 2020)
    assert agency is not None
    assert (agency.name, agency.kind, agency.divisions, agency.placed) == (
        "人民政府办公室",
        "government_office",
        (),
        False,
    )


def test_the_year_names_the_place() -> None:
    agency = read_agency("教育局", 2015, "370614")
    assert agency is not None
    assert agency.name == "蓬莱市教育局"


@pytest.mark.parametrize("text", ["", "首页", "省级", "乡镇", "镇", "年度报告", "我局", "2020", "河南日报社"])
def test_no_agency(text: str) -> None:
    assert read_agency(text, 2020, "410825") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("温县发改委", "温县发展和改革委员会"),
        ("沭阳县发改局", "沭阳县发展和改革局"),
        ("上海市科委", "上海市科学技术委员会"),
        ("北京市教委", "北京市教育委员会"),
        ("河北省人社厅", "河北省人力资源和社会保障厅"),
        ("河北省人力资源社会保障厅", "河北省人力资源和社会保障厅"),
        ("温县教体局", "温县教育体育局"),
        ("南阳市高新区管委会", "南阳市高新区管理委员会"),
    ],
)
def test_two_ways_to_write_one_agency(one: str, other: str) -> None:
    assert key(one) == key(other) == other
    assert key(key(one)) == key(one)


@pytest.mark.parametrize("name", ["温县财政局", "温县人民政府", "温县孝敬镇人民政府", "北京市住房和城乡建设委员会"])
def test_whole_names_are_their_own_key(name: str) -> None:
    assert key(name) == name


def test_a_code_that_is_none_supplies_nothing() -> None:
    agency = read_agency("教育局", 2020, "999999")
    assert agency is not None
    assert (agency.name, agency.divisions) == ("教育局", ())


def test_ministries() -> None:
    assert kind_of("教育部") == kind_of("中华人民共和国教育部") == "state_council_organ"
    assert kind_of("温县教育局") == "department"


def test_an_office_is_not_its_government() -> None:
    assert key("温县人民政府") != key("温县人民政府办公室")
    assert kind_of("温县人民政府办公室") == "government_office"
    assert kind_of("温县人民政府") == "people_government"


@settings(max_examples=300)
@given(code=st.sampled_from(COUNTIES), body=st.sampled_from(sorted(BODIES)), whole=st.booleans())
def test_any_county_with_any_body(code: str, body: str, whole: bool) -> None:
    places = load()
    county = places.get(code, 2020)
    assert county is not None
    above = "".join(division.name for division in places.ancestors(code, 2020))
    agency = read_agency((above if whole else "") + county.name + body, 2020, None if whole else code)
    assert agency is not None
    assert agency.division == county
    assert agency.kind == BODIES[body]
    if agency.kind != "vertical_agency":
        assert agency.name == county.name + body


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    agency = read_agency(text, 2020, "410825")
    assert agency is None or agency.name


def test_publishers_of_the_known_reports(shared: Path) -> None:
    """Every publisher of report_urls.csv that names a body gets a kind that agrees with its level."""
    expected = {
        "township": {"township_government", "subdistrict_office"},
        "ministry": {"state_council_organ"},
        "county-dept": {"department"},
        "city-dept": {"department", "zone_committee", "authorised_org"},
    }
    judged = 0
    with (shared / "report_urls.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            kinds = expected.get(row["level"])
            if kinds is None or len(row["publisher"]) < 2 or row["publisher"] in {"乡镇", "残联"}:
                continue
            agency = read_agency(row["publisher"], 2022, None if row["level"] == "ministry" else "410825")
            assert agency is not None, row["publisher"]
            assert agency.kind in kinds, row["publisher"]
            judged += 1
    assert judged > 25


@pytest.mark.parametrize(
    ("text", "name", "kind", "code"),
    [
        ("湘西自治州教育和体育局", "湘西土家族苗族自治州教育和体育局", "department", "433100"),
        ("达茂旗人民政府", "达尔罕茂明安联合旗人民政府", "people_government", "150223"),
        ("广州市天河区石牌街", "天河区石牌街道办事处", "subdistrict_office", "440106006"),
        ("河北雄安新区雄县人民政府", "雄县人民政府", "people_government", "130638"),
        ("河北雄安新区管理委员会", "雄安新区管理委员会", "zone_committee", "130000"),
        ("温县市场监督管理局（温县知识产权局）", "温县市场监督管理局(温县知识产权局)", "department", "410825"),
    ],
)
def test_names_of_the_field(text: str, name: str, kind: str, code: str) -> None:
    agency = read_agency(text, 2021)
    assert agency is not None
    assert agency.division is not None
    assert (agency.name, agency.kind) == (name, kind)
    assert agency.division.code[: len(code)] == code


@pytest.mark.parametrize("text", ["灵台县人民政府门户网站", "温县政务公开平台", "河南省教育厅网站"])
def test_the_name_of_a_site_is_no_agency(text: str) -> None:
    assert read_agency(text) is None
    assert read_agency(text, any_body=True) is None
