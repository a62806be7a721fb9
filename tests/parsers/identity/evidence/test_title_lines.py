"""Titles that lines make, alone or together, and reports that a paragraph names."""

from __future__ import annotations

import pytest

from parsers.identity.evidence.title_lines import find_named_reports, rank_title_lines
from parsers.identity.identity import identify
from tests.parsers.identity.documents import HEADING, document, who


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


def test_the_bar_above_a_draft_is_no_part_of_its_title() -> None:
    bar = "发布时间:2024-01-17 来源:温县司法局 浏览:12次 字体:[大 中 小]"
    assert (
        identify(document(bar, "××局2023年政府信息公开工作年度报告", HEADING)).title
        == "××局2023年政府信息公开工作年度报告"
    )


def test_a_title_in_a_cell_line_or_behind_its_label() -> None:
    title = "云县人民政府2022年政府信息公开工作年度报告"
    assert identify(document(f"{title} |", "|||||||", HEADING)).title == title
    lines = ("索引号 bgs01/2023 发文字号", f"标   题 {title}", "发布机构 县政府办公室 公文时效 有效")
    identity = identify(document(*lines, title, HEADING))
    assert (identity.title, identity.agency_name) == (title, "云县人民政府")


@pytest.mark.parametrize(
    "label",
    ["信息分类：信息公开年报", "索引号：620822/2014-00031 信息分类：信息公开年报", "主题词：政府信息公开工作年度报告"],
)
def test_a_labelled_fact_is_no_title(label: str) -> None:
    read = identify(document(label, "灵台县关于2013年度政府信息公开工作情况的报告", HEADING, "无。"))
    assert (read.title, read.year) == ("灵台县关于2013年度政府信息公开工作情况的报告", 2013)
    assert identify(document(label, HEADING, "无。")).title is None


def test_the_reading_that_knows_more_comes_first() -> None:
    lines = ["代县人民政府", "2020年政府信息公开工作年度报告"]
    titles = rank_title_lines(lines)
    assert [(title.agency, title.year) for title in titles] == [("代县人民政府", 2020), (None, 2020)]


def test_a_sentence_is_no_title() -> None:
    assert rank_title_lines(["我县编制了2020年政府信息公开工作年度报告,现予公布。"]) == []


def test_reports_that_a_paragraph_names_with_their_publisher() -> None:
    quoted = "现发布《榆盘镇2021年政府信息公开工作年度报告》。"
    plain = "现公布温县2021年政府信息公开工作年度报告,请予监督。"
    spoken_of = "我厅编写了2019年政府信息公开工作年度报告,并予公布。"
    found = [(title.agency, title.year) for title in find_named_reports([quoted, plain, spoken_of])]
    assert found == [("榆盘镇", 2021), ("温县", 2021)]
