"""Who, which year, where, when: from titles, sentences, signatures, headers and hints; never a silent choice."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import Document, Hints, Locator
from parsers.document import Block, Cell, Table, Text
from parsers.formats import read_document
from parsers.identity.divisions import load
from parsers.identity.identity import Identity, identify
from parsers.identity.titles import fold

WHERE = Locator.of("text", line=1)
HEADING = "一、总体情况"


def document(*lines: str | list[list[str]], meta: dict[str, str] | None = None) -> Document:
    """A document of paragraphs; a list of rows is a table."""
    blocks: list[Block] = []
    for line in lines:
        if isinstance(line, str):
            blocks.append(Text(line, WHERE))
        else:
            cells = tuple(
                Cell(text, row, column, WHERE) for row, texts in enumerate(line) for column, text in enumerate(texts)
            )
            blocks.append(Table(cells, WHERE))
    return Document("text/plain", tuple(blocks), meta or {})


def who(identity: Identity) -> tuple[str | None, str | None, str | None, int | None]:
    code = identity.division.code if identity.division else None
    return identity.agency_name, identity.agency_kind, code, identity.year


def codes(identity: Identity) -> set[str]:
    return {issue.code for issue in identity.issues}


def test_a_plain_title() -> None:
    identity = identify(document("温县人民政府2020年政府信息公开工作年度报告", HEADING, "2021年将继续努力。"))
    assert who(identity) == ("温县人民政府", "people_government", "410825", 2020)
    assert dict(identity.sources) == {"title": "title", "year": "title", "agency": "title", "division": "title"}
    assert not identity.issues
    assert identity.published_on is None


@pytest.mark.parametrize(
    "lines",
    [
        ("代县2020年", "政府信息公开工作年度报告"),
        ("代县", "2020年政府信息公开工作年度报告"),
        ("正文", "2020 年代县政府信息公开工作", "年度报告"),
        ("索引号：12345", "代县人民政府", "2020年度政府信息公开", "工作年度报告"),
        ("代县政府信息公开工作年度报告", "（2020年度）"),
    ],
)
def test_titles_on_several_lines(lines: tuple[str, ...]) -> None:
    identity = identify(document(*lines, HEADING))
    assert who(identity) == ("代县人民政府", "people_government", "140923", 2020)
    assert identity.title is not None
    assert identity.title.startswith(("代县", "2020"))


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


def test_the_bar_above_a_draft_is_no_part_of_its_title() -> None:
    bar = "发布时间:2024-01-17 来源:温县司法局 浏览:12次 字体:[大 中 小]"
    assert (
        identify(document(bar, "××局2023年政府信息公开工作年度报告", HEADING)).title
        == "××局2023年政府信息公开工作年度报告"
    )


def test_what_explains_a_report_is_none() -> None:
    identity = identify(document("图解:温县2023年政府信息公开工作年度报告", "全年主动公开信息若干条,办理申请若干件。"))
    assert identity.title_kind == "lookalike"
    assert "title_of_other_document" in codes(identity)


def test_a_label_without_its_value_says_nothing() -> None:
    identity = identify(
        document([["所属机构", "白银区", "发布机构", " "]], "温县2023年政府信息公开工作年度报告", HEADING)
    )
    assert identity.agency_name == "温县人民政府"


def test_a_title_in_a_cell_line_or_behind_its_label() -> None:
    title = "云县人民政府2022年政府信息公开工作年度报告"
    assert identify(document(f"{title} |", "|||||||", HEADING)).title == title
    lines = ("索引号 bgs01/2023 发文字号", f"标   题 {title}", "发布机构 县政府办公室 公文时效 有效")
    identity = identify(document(*lines, title, HEADING))
    assert (identity.title, identity.agency_name) == (title, "云县人民政府")


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


def test_a_statistics_annex_on_its_own() -> None:
    identity = identify(
        document(
            "政府信息公开情况统计表",
            "（2018年度）",
            "填报单位（盖章）：河北省教育厅　2019年1月",
            [["统计指标", "单位", "统计数"]],
        )
    )
    assert who(identity) == ("河北省教育厅", "department", "130000", 2018)
    titled = identify(document("河北省教育厅2018年度政府信息公开情况统计表", [["统计指标", "单位", "统计数"]]))
    assert who(titled) == ("河北省教育厅", "department", "130000", 2018)
    assert titled.title_reason == "statistics_page"


def test_a_street_with_many_namesakes_and_no_help() -> None:
    identity = identify(document("人民路街道办事处2023年政府信息公开工作年度报告", HEADING))
    assert identity.division is None
    assert identity.agency_name == "人民路街道办事处"
    assert "division_ambiguous" in codes(identity)


def test_the_name_of_a_column_is_no_report() -> None:
    assert identify(document("政府信息公开年报", "2021年", "2020年")).title_kind == "bare"


def test_the_years_order() -> None:
    period = "统计期限自2018年1月1日起至2018年12月31日止。"
    titled = identify(document("温县2019年政府信息公开工作年度报告", HEADING, period), (), Hints(year=2017))
    assert (titled.year, titled.period) == (2019, (2018, 2018))
    assert "year_conflict" in codes(titled)
    untitled = identify(document("温县政府信息公开工作年度报告", HEADING, period), (), Hints(year=2017))
    assert (untitled.year, dict(untitled.sources)["year"]) == (2018, "period")
    column = identify(document("温县政府信息公开工作年度报告", HEADING, "2016年,我县"), (), Hints(year=2017))
    assert (column.year, dict(column.sources)["year"]) == (2017, "column")
    text = identify(document("温县政府信息公开工作年度报告", HEADING, "2016年,我县开展工作,2017年将继续。"))
    assert (text.year, dict(text.sources)["year"]) == (2016, "text")
    assert "year_missing" in codes(identify(document("温县政府信息公开工作年度报告", HEADING)))


def test_list_titles_help_where_the_page_is_silent() -> None:
    hints = Hints(list_title="温县教育局2019年政府信息公开工作年...", division="410825")
    identity = identify(document(HEADING, "我局开展了工作。"), (), hints)
    assert who(identity) == ("温县教育局", "department", "410825", 2019)
    assert dict(identity.sources)["agency"] == "list_title"


@pytest.mark.parametrize(
    ("build", "day", "kind"),
    [
        (document("t", meta={"pubdate": "2021-01-20 09:00"}), "2021-01-20", "page_meta"),
        (document("发布时间：2021-01-20 来源：温县人民政府 浏览：12"), "2021-01-20", "page_text"),
        (document("时间：2021/01/20 03:15 PM　来源：温县人民政府"), "2021-01-20", "page_text"),
        (
            document([["索引号", "1-2", "公开 日期", "2021年1月20日"], ["成文日期", "2021-01-05", "文号", ""]]),
            "2021-01-20",
            "page_text",
        ),
        (document([["发布日期：2021-01-20", "成文日期：2021-01-05"]]), "2021-01-20", "page_text"),
        (document("无。", "温县人民政府", "二〇二一年一月二十日"), "2021-01-20", "sign_off"),
        (document("无。", "温县人民政府　　2021年1月20日"), "2021-01-20", "sign_off"),
        (document("2021-01-20 09:15 来源：温县人民政府 字号：大 中 小"), "2021-01-20", "page_text"),
        (document("日期：2021年1月20日"), "2021-01-20", "page_text"),
        (document("成文日期 2021-01-05 发布日期 2021-01-20"), "2021-01-20", "page_text"),
        (document("•索引号", "123/2021", "•文号", "•发布日期", "2021-01-20", "•时效性"), "2021-01-20", "page_text"),
        (document("温县人民政府", "(2021年1月20日)", "一、总体情况", "无。"), "2021-01-20", "sign_off"),
        (document("更新时间：2021-01-20 来源：温县人民政府"), None, None),
        (document("采集时间：2021-01-20T21:37:37+08:00", meta={"others": "页面生成时间 2021-01-20"}), None, None),
        (document("生成日期：2021-01-20", meta={"createdate": "2021-01-20", "maketime": "2021-01-20"}), None, None),
        (document("截至2021年1月20日,共有12条。"), None, None),
        (document("来自：温县人民政府 时间：2021-01-20"), "2021-01-20", "page_text"),
        (document("供稿：办公室 责编：某 时间：2021-01-20 10:11"), "2021-01-20", "page_text"),
        (document("索 引 号 | 1/2 | 发布机构 | 温县人民政府 | 发文日期 | 2021-01-20 |"), "2021-01-20", "page_text"),
        (document([["公示时间", "2021-01-20", "文号", ""]]), "2021-01-20", "page_text"),
        (document("成文日期：2021-01-20"), "2021-01-20", "sign_off"),
        (document([["索引号", "1-2", "印发日期", "2021年1月20日"]]), "2021-01-20", "sign_off"),
        (document("无。", "温县人民政府办公室2021年1月20日印发"), "2021-01-20", "sign_off"),
        (document("统计时间：2021-01-20，以后不变。"), None, None),
    ],
)
def test_days_of_publication(build: Document, day: str | None, kind: str | None) -> None:
    titled = Document(build.media_type, (Text("温县2020年政府信息公开工作年度报告", WHERE), *build.blocks), build.meta)
    identity = identify(titled)
    assert (identity.published_on, identity.published_on_kind) == (day, kind)


def test_days_in_their_order_and_what_cannot_be() -> None:
    title = "温县2020年政府信息公开工作年度报告"
    hints = Hints(url="http://a.gov.cn/202101/t20210131_1.html", list_date="2021-01-30")
    assert identify(document(title), (), hints).published_on_kind == "list"
    assert identify(document(title), (), Hints(url=hints.url)).published_on == "2021-01-31"
    signed = document(title, "无。", "温县人民政府", "2021年1月20日")
    assert identify(signed, (), Hints(url=hints.url)).published_on_kind == "sign_off"
    early = identify(document(title, "无。", "温县人民政府", "2019年1月20日"))
    assert early.published_on is None
    assert "date_implausible" in codes(early)


@pytest.mark.parametrize(
    ("title", "text", "scope"),
    [
        ("温县人民政府", "2020年,全县共受理申请12件。", "jurisdiction"),
        ("温县人民政府", "2020年,共受理申请12件。", "unclear"),
        ("温县教育局", "2020年,我局共受理申请12件。", "own_agency"),
        ("温县人民政府办公室", "2020年,全县共受理申请12件。", "unclear"),
        ("博爱县孝敬镇人民政府", "我镇共受理申请12件。", "own_agency"),
    ],
)
def test_scope(title: str, text: str, scope: str) -> None:
    assert identify(document(f"{title}2020年政府信息公开工作年度报告", HEADING, text)).scope == scope


def test_another_kind_of_document_is_named() -> None:
    identity = identify(document("2022年政府网站工作年度报表", "填报单位：温县人民政府办公室"))
    assert (identity.title_kind, identity.title_reason) == ("lookalike", "website_report")
    assert "title_of_other_document" in codes(identity)


def test_contact_data_stay_out() -> None:
    identity = identify(
        document(
            "温县2020年政府信息公开工作年度报告",
            "如有疑问,请与温县人民政府办公室张三联系,电话:0391-6192000,邮箱:a@163.com,地址:温县黄河路1号。",
        )
    )
    assert not any(word in repr(identity) for word in ("张三", "6192000", "163.com", "黄河路"))


def test_the_division_of_the_reports_year() -> None:
    early = identify(document("蓬莱市人民政府2015年政府信息公开工作年度报告", HEADING), (), Hints(division="370614"))
    assert who(early)[2] == "370684"
    assert not early.issues


COUNTIES = sorted(row.code for row in load()._rows() if row.last is None and not row.code.endswith("00"))
BODIES = [
    "人民政府",
    "人民政府办公室",
    "教育局",
    "卫生健康委员会",
    "气象局",
    "经济开发区管理委员会",
    "城关镇人民政府",
    "街道办事处",
]
SHAPES = [
    "{agency}{year}年政府信息公开工作年度报告",
    "{year}年度{agency}政府信息公开年度报告",
    "{agency}政府信息公开工作年度报告（{year}年）",
    "{agency}关于{year}年度政务公开工作情况的报告",
]


@settings(max_examples=100, deadline=None)
@given(
    code=st.sampled_from(COUNTIES),
    body=st.sampled_from(BODIES),
    shape=st.sampled_from(SHAPES),
    year=st.integers(2020, 2024),
    cut=st.integers(0, 2),
)
def test_any_agency_any_title_comes_back(code: str, body: str, shape: str, year: int, cut: int) -> None:
    county = load().get(code, year)
    if county is None:
        return
    title = shape.format(agency=county.name + body, year=year)
    lines = [title] if not cut else [title[: cut * 4], title[cut * 4 :]]
    identity = identify(document(*lines, HEADING), (), Hints(division=load().ancestors(code, year)[-1].code))
    assert identity.title == fold(title)
    assert identity.year == year
    assert identity.division is not None
    assert identity.division.code[:6] == code
    assert identity.agency_name is not None
    assert identity.agency_name.startswith(county.name)
    assert identity.agency_name.endswith(body)


@pytest.mark.parametrize("piece", ["公开", "2021年1月20日", "温县教育局", "温县", "报告2021年", "\n\n", "((", "——"])
def test_endless_lines_take_no_endless_time(piece: str) -> None:
    begun = time.process_time()
    identify(document("温县2021年政府信息公开工作年度报告", piece * 100_000, meta={"articletitle": piece * 10_000}))
    assert time.process_time() - begun < 8


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(max_size=60), max_size=8),
    st.dictionaries(st.sampled_from(["pubdate", "title"]), st.text(max_size=30)),
)
def test_no_document_is_too_odd(lines: list[str], meta: dict[str, str]) -> None:
    identity = identify(document(*lines, meta=meta), (), Hints(division="410825", list_date="x", url="x"))
    assert identity.published_on is None or len(identity.published_on) == 10


def test_the_real_documents(shared: Path) -> None:
    for path in sorted((shared / "reports" / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if "document" not in truth:
            continue
        data = (shared / "reports" / "documents" / truth["document"]).read_bytes()
        identity = identify(read_document(data, Hints(url=truth["document"])))
        got = {
            "@title": fold(identity.title or ""),
            "@agency.name": identity.agency_name,
            "@agency.kind": identity.agency_kind,
            "@division_code": identity.division.code if identity.division else None,
            "@year": identity.year,
        }
        wanted = {
            "@title": fold(truth["title"]),
            "@agency.name": truth["agency"]["name"],
            "@agency.kind": truth["agency"]["kind"],
            "@division_code": truth["division_code"],
            "@year": truth["year"],
        }
        for name, value in wanted.items():
            if name not in truth["unscored"]:
                assert got[name] in [value, *truth["alternatives"].get(name, [])], (truth["document"], name)
        assert identity.published_on == truth["published_on"], truth["document"]


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


@pytest.mark.parametrize(
    "label",
    ["信息分类：信息公开年报", "索引号：620822/2014-00031 信息分类：信息公开年报", "主题词：政府信息公开工作年度报告"],
)
def test_a_labelled_fact_is_no_title(label: str) -> None:
    read = identify(document(label, "灵台县关于2013年度政府信息公开工作情况的报告", HEADING, "无。"))
    assert (read.title, read.year) == ("灵台县关于2013年度政府信息公开工作情况的报告", 2013)
    assert identify(document(label, HEADING, "无。")).title is None


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
