"""Titles in all the ways they are written, and what only looks like one."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import ConfigurationError
from parsers.identity.divisions import load
from parsers.identity.titles import fold, is_corrected, is_headline, names_site, only_announces, read_title, years_in


@pytest.mark.parametrize(
    ("text", "agency", "year"),
    [
        ("人民政府办公室2020年政府信息公开工作年度报告", "人民政府办公室", 2020),
        ("镇平县政府办公室 2023 年政府信息公开工作年度报告", "镇平县政府办公室", 2023),
        ("代县2020年\n\n政府信息公开工作年度报告", "代县", 2020),
        ("2024 年上海市科委政府信息公开工作\n年度报告", "上海市科委", 2024),
        ("温县人民政府信息公开年度报告（2021年度）", "温县人民政府", 2021),
        ("温县人民政府政府信息公开年度报告【2021】", "温县人民政府", 2021),
        ("温县政府信息公开年度报告2011", "温县", 2011),
        ("河北省教育厅二〇一九年度政府信息公开工作报告", "河北省教育厅", 2019),
        ("二○一二年度洛阳市政务公开工作年度报告", "洛阳市", 2012),
        ("二O一三年度洛阳市政务公开工作年度报告", "洛阳市", 2013),
        ("海南省商务厅政府信息公开2023年度报告", "海南省商务厅", 2023),
        ("２０２２年度西平县焦庄乡人民政府政府信息公开年报", "西平县焦庄乡人民政府", 2022),
        ("2021 年 政 府 信 息 公 开 工 作 年 度 报 告", None, 2021),
        ("关于2018年度政府信息公开工作情况的报告", None, 2018),
        ("温县人民政府2010年实施《政府信息公开条例》情况年度报告", "温县人民政府", 2010),
        ("江宁区人民政府关于公布2023年政府信息公开工作年度报告的公告", "江宁区人民政府", 2023),
        ("2023年政府信息公开工作年度报告（温县人民政府办公室）", "温县人民政府办公室", 2023),
        ("《温县教育局2016年度政务信息公开工作年度报告》", "温县教育局", 2016),
        ("1.中村乡2020年度信息公开年报", "中村乡", 2020),
        ("附件2：温县司法局2022年政府信息公开工作年度报告.docx", "温县司法局", 2022),
        ("【年报】温县司法局2022年政府信息公开工作年度报告（PDF版）", "温县司法局", 2022),
        ("温政办〔2024〕3号温县人民政府2023年政府信息公开工作年度报告", "温县人民政府", 2023),
        ("温县统计局2023年政府信息公开工作年度报告及统计表", "温县统计局", 2023),
        ("温县民政局政府信息公开工作年度报告", "温县民政局", None),
        ("【2021】温县教育局政府信息公开年报", "温县教育局", 2021),
        ("温县2021年政府信息主动公开工作年度报告", "温县", 2021),
        ("温县人民政府2016年信息公开工作年度报告（图文）", "温县人民政府", 2016),
        ("温县档案局2012年度政府信息公开工作年报（附统计表）", "温县档案局", 2012),
        ("温县评估中心2021年政府信息公开工作年度报告", "温县评估中心", 2021),
        ("温县考核办2021年政府信息公开工作年度报告", "温县考核办", 2021),
        ("郑州大学2020-2021学年信息公开工作年度报告", "郑州大学", None),
        ("2022年1—12月温县政府信息公开工作年度报告", "温县", 2022),
        ("温县2008年5月1日至12月31日政府信息公开工作年度报告", "温县", 2008),
        ("温县2010年度《政府信息公开条例》执行情况报告", "温县", 2010),
        ("国家税务总局海南省税务局2022年政府信息公开工作年度报告", "国家税务总局海南省税务局", 2022),
        ("标题：温县2010年度政府信息公开年报", "温县", 2010),
        ("温县2023年政府信息公开工作年度报告[2024-01-20]", "温县", 2023),
        ("2024年1月20日温县2023年政府信息公开工作年度报告", "温县", 2023),
    ],
)
def test_reports(text: str, agency: str | None, year: int | None) -> None:
    reading = read_title(text)
    assert (reading.kind, reading.agency, reading.year) == ("annual_report", agency, year)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2022年政府网站工作年度报表", "website_report"),
        ("温县人民政府网站2021年度工作报表", "website_report"),
        ("温县政务新媒体2021年度报表", "website_report"),
        ("图解：温县2023年政府信息公开工作年度报告", "explainer"),
        ("一图读懂温县2023年政府信息公开工作年度报告", "explainer"),
        ("《温县2023年政府信息公开工作年度报告》解读", "explainer"),
        ("关于做好2020年政府信息公开工作年度报告编制工作的通知", "notice"),
        ("温县2020年法治政府建设年度报告", "law_government_report"),
        ("2023年政府工作报告", "work_report"),
        ("政府信息公开情况统计表（2018年度）", "statistics_page"),
        ("温县2018年政府信息公开工作年度报告统计表", "statistics_page"),
        ("温县政府信息公开指南", "guide"),
        ("温县政府信息公开目录", "catalogue"),
        ("政府信息公开工作年度报告格式", "form"),
        ("2023年政务公开工作要点", "plan"),
        ("中华人民共和国政府信息公开条例", "rules"),
        ("2013年第三季度政府信息公开工作报告", "part_year_report"),
        ("温县2013年上半年政府信息公开工作报告", "part_year_report"),
        ("2019年温县政府信息公开第三方评估报告", "evaluation"),
        ("温县2019年党务公开工作报告", "other_subject"),
        ("国网温县供电公司2021年信息公开年度报告", "company_report"),
        ("2022年温县自来水有限公司信息公开工作年度报告", "company_report"),
        ("温县城投集团2023年度信息公开报告", "company_report"),
        ("温县依申请公开政府信息2021年度报告", "part_of_subject"),
        ("《温县2022年政府信息公开工作年度报告》正式发布", "news"),
        ("温县2012年政府信息公开工作总结", "summary"),
        ("温县政府2019年度政府信息公開工作年度報告", "traditional_script"),
        ("Annual Report on Government Information Disclosure 2019", "foreign_language"),
    ],
)
def test_lookalikes(text: str, reason: str) -> None:
    reading = read_title(text)
    assert (reading.kind, reading.reason) == ("lookalike", reason)
    assert reading.agency is None or reason == "statistics_page"


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("温县人民政府2022年政府信息公开工作年度报告（更正）", True),
        ("温县人民政府2022年政府信息公开工作年度报告(修订版)", True),
        ("【更正】温县人民政府 2022 年政府信息公开年报", True),
        ("温县人民政府2022年政府信息公开工作年度报告", False),
        ("温县修订办2022年政府信息公开工作年度报告", False),
    ],
)
def test_a_title_says_that_it_is_a_correction(text: str, corrected: bool) -> None:
    assert is_corrected(text) is corrected


def test_statistics_pages_are_parts_of_reports() -> None:
    reading = read_title("河北省教育厅2018年度政府信息公开情况统计表")
    assert (reading.kind, reading.agency, reading.year) == ("lookalike", "河北省教育厅", 2018)
    assert read_title("2018年度政府信息公开工作情况统计表").agency is None


@pytest.mark.parametrize(
    "text", ["2023年度报告", "温县人民政府办公室", "2021年", "首页", "", "PDF", "  \n", "温县2023年国民经济公告"]
)
def test_others(text: str) -> None:
    reading = read_title(text)
    assert (reading.kind, reading.reason) == ("other", "no_report_words")


def test_the_year_of_another_page_is_told() -> None:
    assert read_title("2021年").year == 2021
    assert read_title("发布于2021年3月").year is None


@pytest.mark.parametrize(
    ("text", "agency", "site"),
    [
        ("保定市人民政府网——保定市2023年政府信息公开工作年度报告", "保定市", "保定市人民政府网"),
        ("温县2023年政府信息公开年度报告-温县发改局", "温县", "温县发改局"),
        ("2021年政府信息公开工作年度报告_灵寿县财政局", None, "灵寿县财政局"),
        ("温县2020年政府信息公开工作年度报告-政府信息公开年报-温县人民政府", "温县", "政府信息公开年报-温县人民政府"),
    ],
)
def test_the_site_is_cut_off(text: str, agency: str | None, site: str) -> None:
    reading = read_title(text)
    assert (reading.kind, reading.agency, reading.site) == ("annual_report", agency, site)
    assert "-" not in reading.title
    assert "—" not in reading.title


@pytest.mark.parametrize("text", ["河北省教育厅2019年政府信息公开工作年...", "河北省教育厅2019年政府信息公开…"])
def test_a_title_cut_off_by_its_list(text: str) -> None:
    reading = read_title(text)
    assert (reading.kind, reading.reason) == ("annual_report", "cut_off")
    assert (reading.agency, reading.year) == ("河北省教育厅", 2019)


def test_without_an_ellipsis_half_a_title_is_none() -> None:
    assert read_title("河北省教育厅2019年政府信息公开").kind == "other"


def test_the_title_is_given_folded_and_whole() -> None:
    assert (
        read_title(" 温 县\u3000２０２３ 年政府信息公开工作年度报告（全文）").title
        == "温县2023年政府信息公开工作年度报告"
    )


PLACES = ["温县", "河南省焦作市温县", "内蒙古自治区锡林郭勒盟", "临夏回族自治州永靖县", "北京市大兴区"]
BODIES = [
    "人民政府",
    "政府办公室",
    "人民政府办公室",
    "教育局",
    "发展和改革委员会",
    "中村乡人民政府",
    "官洲街道办事处",
    "",
]
SUBJECTS = ["政府信息公开", "政务公开", "政务信息公开", "信息公开"]
ENDINGS = ["工作年度报告", "年度报告", "年度工作报告", "工作报告", "年报", "工作情况报告"]
SHAPES = [
    "{agency}{year}年{words}",
    "{agency}{year}年度{words}",
    "{agency}关于{year}年度{words}",
    "{year}年{agency}{words}",
    "{year}年度{agency}{words}",
    "{agency}{words}（{year}年度）",
    "{agency}{words}({year})",
    "{agency}{words}{year}",
]
CHINESE = "〇一二三四五六七八九"


@given(
    place=st.sampled_from(PLACES),
    body=st.sampled_from(BODIES),
    year=st.integers(2008, 2030),
    subject=st.sampled_from(SUBJECTS),
    ending=st.sampled_from(ENDINGS),
    shape=st.sampled_from(SHAPES),
    chinese=st.booleans(),
    gaps=st.lists(st.integers(0, 60), max_size=6),
)
def test_any_agency_any_pattern(
    place: str, body: str, year: int, subject: str, ending: str, shape: str, chinese: bool, gaps: list[int]
) -> None:
    agency = place + body
    printed = "".join(CHINESE[int(digit)] for digit in str(year)) if chinese else str(year)
    title = shape.format(agency=agency, year=printed, words=subject + ending)
    for gap in gaps:
        title = f"{title[:gap]} {title[gap:]}"
    reading = read_title(title)
    assert reading.kind == "annual_report"
    assert reading.year == year
    # 〈place〉政府 + 信息公开 and 〈place〉 + 政府信息公开 are the same string; both mean the government.
    assert reading.agency in {agency, agency.removesuffix("政府") if not agency.endswith("人民政府") else agency}


@pytest.mark.parametrize("province", [division.name for division in load().children("000000", 2020)])
def test_every_province_every_body_every_shape(province: str) -> None:
    for body, subject, shape in itertools.product([*BODIES[:-1], "气象局", "高新区管委会"], SUBJECTS, SHAPES):
        agency = province + body
        reading = read_title(shape.format(agency=agency, year=2021, words=subject + "工作年度报告"))
        assert (reading.kind, reading.agency, reading.year) == ("annual_report", agency, 2021)


@given(st.text(max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    reading = read_title(text)
    assert reading.kind in {"annual_report", "lookalike", "other"}
    assert reading.reason


def test_the_titles_of_the_documents(shared: Path) -> None:
    for path in sorted((shared / "reports" / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if "year" not in truth or truth["template"] == "stat2014":
            continue
        reading = read_title(truth["title"])
        assert (reading.kind, reading.year) == ("annual_report", truth["year"])
        assert fold(reading.title) == fold(truth["title"])


def test_every_publisher_of_the_known_reports(shared: Path) -> None:
    with (shared / "report_urls.csv").open(encoding="utf-8") as file:
        publishers = {
            (row["publisher"], row["report_year"]) for row in csv.DictReader(file) if len(row["publisher"]) > 1
        }
    for (publisher, year), words in itertools.product(publishers, ("政府信息公开工作年度报告", "政府信息公开年报")):
        reading = read_title(f"{publisher}{year or 2020}年{words}")
        assert (reading.kind, reading.agency, reading.year) == ("annual_report", publisher, int(year or 2020))


def test_a_broken_file_of_words_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "titles.yaml").write_text("report:\n  subject: x\n", encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"titles\.yaml line 2: report\.between"):
        read_title("x")


def test_a_second_name_in_brackets_stays_whole() -> None:
    reading = read_title("温县市场监督管理局（温县知识产权局）2022年政府信息公开工作年度报告")
    assert (reading.agency, reading.year) == ("温县市场监督管理局(温县知识产权局)", 2022)


@pytest.mark.parametrize(("text", "years"), [("网站标识码:3207000012", []), ("二〇二四年", [2024]), ("2O24年", [2024])])
def test_a_long_number_holds_no_year(text: str, years: list[int]):
    assert list(years_in(text)) == years


@pytest.mark.parametrize(
    ("title", "text", "announces"),
    [
        ("甲县关于发布2023年政府信息公开工作年度报告的公告", "现予公布，请监督。", True),
        ("甲县关于发布2023年政府信息公开工作年度报告的公告", "现予公布。附件：甲县年报", False),
        ("甲县关于发布2023年政府信息公开工作年度报告的通知", "见 http://www.a.gov.cn/1.html", False),
        ("甲县2023年政府信息公开工作年度报告", "现予公布，请监督。", False),
    ],
)
def test_an_announcement_brings_its_report_or_only_speaks_of_it(title: str, text: str, announces: bool):
    assert only_announces(title, text) is announces


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023年政府信息公开年报比对", "comparison"),
        ("温县2022年与2021年政府信息公开工作年度报告对比分析", "comparison"),
        ("2021-2022年政府信息公开年度报告数据比较", "comparison"),
        ("温县2022年度政府信息公开年报数据分析", "comparison"),
        ("温县各部门2022年政府信息公开年报汇总", "collection"),
        ("温县政府信息公开年度报告汇编(2008-2020)", "collection"),
        ("2019年政府信息公开工作年度报告合集", "collection"),
        ("温县2023年政府信息公开工作年度报告(征求意见稿)", "draft"),
        ("温县教育局2023年政府信息公开工作年度报告(送审稿)", "draft"),
        ("孝敬镇2020年政府信息公开年报初稿", "draft"),
    ],
)
def test_what_is_made_of_reports_is_no_report(text: str, reason: str) -> None:
    reading = read_title(text)
    assert (reading.kind, reading.reason, reading.agency) == ("lookalike", reason, None)


@pytest.mark.parametrize(
    "text",
    [
        "温县教育局2023年政府信息公开工作年度报告(定稿)",
        "温县2023年政府信息公开工作情况报告",
        "对口支援办公室2012年政务公开年报",
    ],
)
def test_words_near_those_of_drafts_and_comparisons_are_reports(text: str) -> None:
    assert read_title(text).kind == "annual_report"


@pytest.mark.parametrize(
    ("text", "title", "site"),
    [
        (
            "灵台县人民政府门户网站——政府信息公开情况统计表(2018年度)",
            "政府信息公开情况统计表(2018年度)",
            "灵台县人民政府门户网站",
        ),
        ("2017年政府信息公开情况统计表_温县政务网", "2017年政府信息公开情况统计表", "温县政务网"),
        ("政府信息公开平台-温县2016年政府信息公开统计年报表", "温县2016年政府信息公开统计年报表", "政府信息公开平台"),
    ],
)
def test_the_site_is_cut_off_a_statistics_page(text: str, title: str, site: str) -> None:
    reading = read_title(text)
    assert (reading.reason, reading.title, reading.site) == ("statistics_page", title, site)


def test_a_statistics_page_keeps_what_names_no_site() -> None:
    assert read_title("温县教育局—政府信息公开情况统计表").site is None
    assert read_title("政府信息公开情况统计表—2018年度").year == 2018


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("灵台县关于2013年度政府信息公开工作情况的报告", True),
        ("温县2023年政府信息公开年报", True),
        ("政府信息公开情况统计表(2018年度)", True),
        ("温县2020年法治政府建设年度报告", True),
        ("政府信息公开指南", False),
        ("政府信息公开制度", False),
        ("政府信息公开", False),
        ("通知公告", False),
    ],
)
def test_headlines_and_the_names_of_columns(text: str, is_one: bool) -> None:
    assert is_headline(text) is is_one


def test_an_index_number_holds_no_year() -> None:
    assert years_in("索引号:620822/2014-00031") == []
    assert years_in("QZ000/2019-00057") == []
    assert years_in("2014年3月,2013年度") == [2013]


def test_names_of_sites() -> None:
    assert names_site("灵台县人民政府门户网站")
    assert names_site("温县政务公开平台")
    assert not names_site("温县人民政府")
    assert not names_site("互联网信息办公室")
