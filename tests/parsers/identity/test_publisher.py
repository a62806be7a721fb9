"""Whose report it is: from titles, sentences, signatures, headers and offices; never a silent choice."""

from __future__ import annotations

import pytest

from parsers import Hints
from parsers.identity.identity import identify
from tests.parsers.identity.documents import HEADING, codes, document, who


def test_the_place_lost_from_the_title_is_found_in_the_text() -> None:
    identity = identify(
        document(
            "人民政府办公室2020年政府信息公开工作年度报告",
            HEADING,
            "2020年度,温县人民政府办公室严格执行有关规定,按照焦作市人民政府办公室的要求推进各项工作。",
        )
    )
    assert identity.agency_name is None or identity.agency_name != "焦作市人民政府办公室"
    assert who(identity) == ("温县人民政府办公室", "government_office", "410825", 2020)
    assert dict(identity.sources)["division"] == "first_sentence"


@pytest.mark.parametrize(
    ("lines", "name", "source"),
    [
        (("2019年,河北省科学技术厅深入贯彻各项工作部署,取得了良好的成效。",), "河北省科学技术厅", "first_sentence"),
        (("本报告由河北省教育厅编制,内容包括概述等部分。欢迎社会各界监督。",), "河北省教育厅", "first_sentence"),
        (("我厅公开了若干信息。", "河北省教育厅", "2020年1月15日"), "河北省教育厅", "sign_off"),
        (("无河北省财政厅2020年1月20日更多信息请关注",), "河北省财政厅", "sign_off"),
        (("现发布《河北省水利厅2019年政府信息公开工作报告》,请予监督。",), "河北省水利厅", "first_sentence"),
        (("现公布河北省水利厅2019年政府信息公开工作报告,请予监督。",), "河北省水利厅", "first_sentence"),
        (("河北省水利厅是主管全省水利工作的部门。2019年我厅做了以下工作。",), "河北省水利厅", "first_sentence"),
        (("由河北省水利厅组织编制,内容包括概述等六个部分。欢迎监督。",), "河北省水利厅", "first_sentence"),
        (("如对本报告有疑问,请与河北省水利厅办公室联系,地址和电话见首页。",), "河北省水利厅", "contact"),
    ],
)
def test_documents_without_a_title(lines: tuple[str, ...], name: str, source: str) -> None:
    identity = identify(document(HEADING, "统计期限自2019年1月1日起至2019年12月31日止。", *lines))
    assert who(identity) == (name, "department", "130000", 2019)
    assert dict(identity.sources)["agency"] == source


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "由上海市长宁区周家桥街道办事处编制,内容包括概述等六个部分,欢迎监督。",
            ("长宁区周家桥街道办事处", "subdistrict_office", "310105"),
        ),
        ("2021年,榆盘镇认真学习各项规定,公开了多种信息。", ("武山县榆盘镇人民政府", "township_government", "620524")),
        (
            "编制并公布《榆盘镇2021年政府信息公开工作年度报告》。",
            ("武山县榆盘镇人民政府", "township_government", "620524"),
        ),
        ("2021年,教育部坚持依法公开,着力提升服务水平和质量。", ("教育部", "state_council_organ", "000000")),
        (
            "如有疑问,请联系:杭州市滨江区人民政府长河街道办事处,电话见首页。",
            ("滨江区人民政府长河街道办事处", "subdistrict_office", "330108"),
        ),
        ("现公布桐梓县2021年政府信息公开工作年度报告,请予监督。", ("桐梓县人民政府", "people_government", "520322")),
    ],
)
def test_publishers_that_only_sentences_name(line: str, expected: tuple[str, str, str]) -> None:
    name, kind, code, year = who(identify(document(HEADING, "统计期限自2021年1月1日至12月31日。", line)))
    assert (name, kind, (code or "")[:6], year) == (*expected, 2021)


def test_a_ministry_in_a_sentence_gives_way_to_whoever_speaks_of_itself() -> None:
    lines = ("2021年,教育部坚持依法公开,着力提升服务水平。", "2021年,河北省教育厅坚持依法公开,着力提升服务水平。")
    assert identify(document(HEADING, *lines)).agency_name == "河北省教育厅"


def test_the_office_of_a_body_names_its_place() -> None:
    lines = (HEADING, "如有疑问,请与绵阳市卫生健康委办公室联系,地址和电话见首页。")
    identity = identify(document("2020年卫生健康委员会政府信息公开工作年度报告", *lines))
    assert who(identity) == ("绵阳市卫生健康委员会", "department", "510700", 2020)


def test_a_city_named_once_may_be_the_one_above() -> None:
    lines = ("2020年,市卫生健康局坚持各项要求,不断提升水平。", "其中荆门市市长信箱转来五十五件,均已办结。")
    assert identify(document(HEADING, *lines)).agency_name is None
    more = "荆门市各医院均已公开其服务项目和收费标准。"
    assert identify(document(HEADING, *lines, more)).agency_name == "荆门市卫生健康局"


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("兰州新区卫生健康委员会", "无。", ("兰州新区卫生健康委员会", "department", "620100")),
        (
            "五华科技产业园管理委员会",
            "地址在昆明市五华区科普路。",
            ("五华科技产业园管理委员会", "zone_committee", "530102"),
        ),
        (
            "重庆高新技术产业开发区管理委员会办公室",
            "无。",
            ("重庆高新技术产业开发区管理委员会办公室", "department", "500000"),
        ),
    ],
)
def test_zones_keep_their_own_name(title: str, text: str, expected: tuple[str, str, str]) -> None:
    identity = identify(document(f"{title}2022年政府信息公开工作年度报告", HEADING, text))
    assert who(identity) == (*expected, 2022)


def test_a_body_known_by_its_level_where_one_place_is_named() -> None:
    lines = (
        "根据《河北省实施办法》等规定,发布本年度报告,统计期限为2022年1月1日至12月31日。",
        HEADING,
        "2022年,省工业和信息化厅坚持各项要求,不断提升水平。",
    )
    identity = identify(document(*lines))
    assert who(identity) == ("河北省工业和信息化厅", "department", "130000", 2022)
    unclear = identify(document(*lines, "山西省有关部门来访并交流了经验,双方进行了座谈。"))
    assert unclear.agency_name is None


def test_a_signature_writes_out_what_a_sentence_abbreviates() -> None:
    lines = (
        HEADING,
        "2022年,河北省人社厅坚持各项要求,不断提升服务水平。",
        "河北省人力资源和社会保障厅",
        "2023年1月28日",
    )
    assert identify(document(*lines)).agency_name == "河北省人力资源和社会保障厅"
    titled = identify(document("河北省人社厅2022年政府信息公开工作年度报告", *lines))
    assert titled.agency_name == "河北省人社厅"


def test_bodies_that_only_are_spoken_of() -> None:
    identity = identify(
        document(
            "2020年政府信息公开工作年度报告",
            HEADING,
            "根据《忻州市人民政府办公室关于做好年报工作的通知》要求,在代县县委的领导下,按照代县人民政府的部署开展工作。",
        )
    )
    assert identity.agency_name is None
    assert "agency_missing" in codes(identity)


@pytest.mark.parametrize(
    ("lines", "meta", "expected"),
    [
        (
            ("人民路街道办事处2023年政府信息公开工作年度报告", HEADING, "白银市白银区各项工作有序开展。"),
            {},
            ("白银区人民路街道办事处", "subdistrict_office", "620402001", 2023),
        ),
        (
            ("人民路街道2023年政府信息公开工作年度报告", HEADING, "无。", "白银区人民路街道办事处", "2024年1月8日"),
            {},
            ("白银区人民路街道办事处", "subdistrict_office", "620402001", 2023),
        ),
        (
            ("县教育局2021年政府信息公开工作年度报告", HEADING, "2021年,临西县教育局认真贯彻落实各项决策部署。"),
            {},
            ("临西县教育局", "department", "130535", 2021),
        ),
        (
            ("区政府办公室2025年政府信息公开工作年度报告", HEADING),
            {"siteidcode": "5001030001"},
            ("渝中区人民政府办公室", "government_office", "500103", 2025),
        ),
        (
            ("焦作市本级2021年政府信息公开工作年度报告", HEADING),
            {},
            ("焦作市人民政府", "people_government", "410800", 2021),
        ),
        (
            (
                "当前位置：首页 > 政府信息公开年报 > 正文",
                "2021年政府信息公开工作年度报告",
                "发布机构：临洮县新添镇人民政府",
            ),
            {},
            ("临洮县新添镇人民政府", "township_government", "621124102", 2021),
        ),
        (
            ("附件", "温县司法局", "2022年政府信息公开工作年度报告", HEADING),
            {},
            ("温县司法局", "department", "410825", 2022),
        ),
        (("温县红旗示范农场2022年政府信息公开年报", HEADING), {}, ("温县红旗示范农场", "other", "410825", 2022)),
    ],
)
def test_titles_that_need_help(
    lines: tuple[str, ...], meta: dict[str, str], expected: tuple[str, str, str, int]
) -> None:
    assert who(identify(document(*lines, meta=meta))) == expected


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (
            (
                "烟台市牟平人民政府办公室2022年政府信息公开工作年度报告",
                HEADING,
                "我办推进公开。",
                "烟台市牟平区人民政府办公室",
            ),
            ("牟平区人民政府办公室", "government_office", "370612", 2022),
        ),
        (
            (
                "重庆永川工业园区管理委员会2020年政府信息公开工作年度报告",
                HEADING,
                "我委依托永川区政府门户网站公开信息。",
            ),
            ("重庆永川工业园区管理委员会", "zone_committee", "500118", 2020),
        ),
        (
            ("杭州市西湖教育局2020年政府信息公开工作年度报告", HEADING, "西湖区教育局推进公开。"),
            ("西湖区教育局", "department", "330106", 2020),
        ),
        (
            ("南京鼓楼医院2020年政府信息公开工作年度报告", HEADING, "地址：南京市鼓楼区中山路。"),
            ("南京鼓楼医院", "authorised_org", "320100", 2020),
        ),
        (
            ("黄埔海关关区2021年政府信息公开工作年度报告", HEADING, "2021年,黄埔海关推进公开。"),
            ("黄埔海关", "vertical_agency", None, 2021),
        ),
        (
            ("温县税务局系统2021年政府信息公开工作年度报告", HEADING, "无。"),
            ("温县税务局", "vertical_agency", "410825", 2021),
        ),
        (
            (
                "一、工作基本情况",
                "2020年，本报告由孝敬镇人民政府党政办公室编制，欢迎查阅。",
                "地址：博爱县孝敬镇人民政府",
            ),
            ("博爱县孝敬镇人民政府", "township_government", "410822106", 2020),
        ),
        (
            (HEADING, "2022年，温县司法局认真履行法定义务，主动公开政府工作信息。"),
            ("温县司法局", "department", "410825", 2022),
        ),
        (
            (HEADING, "2022年，温县会计核算中心(以下简称“县核算中心”)积极推进政府信息公开工作。"),
            ("温县会计核算中心", "authorised_org", "410825", 2022),
        ),
        (
            (HEADING, "2021年，温县林业局（下称市林业局）深入贯彻条例，推进政府信息公开。"),
            ("温县林业局", "department", "410825", 2021),
        ),
        (
            ("杭州市滨江区人民政府长河街道办事处2022年政府信息公开工作年度报告", HEADING, "无。"),
            ("滨江区人民政府长河街道办事处", "subdistrict_office", "330108002", 2022),
        ),
    ],
)
def test_the_body_and_the_most_specific_place(lines: tuple[str, ...], named: tuple[str, str, str | None, int]) -> None:
    assert who(identify(document(*lines))) == named


def test_the_same_body_of_two_places_is_said() -> None:
    title = "烟台市人民政府办公室2022年政府信息公开工作年度报告"
    two = identify(document(title, HEADING, "无。", "烟台市牟平区人民政府办公室", "2023年1月19日"))
    assert "agency_conflict" in codes(two)
    assert "agency_conflict" not in codes(
        identify(document(title, HEADING, "无。", "烟台市人民政府办公室", "2023年1月19日"))
    )


def test_list_titles_help_where_the_page_is_silent() -> None:
    hints = Hints(list_title="温县教育局2019年政府信息公开工作年...", division="410825")
    identity = identify(document(HEADING, "我局开展了工作。"), (), hints)
    assert who(identity) == ("温县教育局", "department", "410825", 2019)
    assert dict(identity.sources)["agency"] == "list_title"
