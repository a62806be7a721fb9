"""Labels of the table or bar above a text, with what stands behind them."""

from __future__ import annotations

import pytest

from parsers.identity.evidence.page_header import PageHeader, is_labelled, read_bar, read_page_header
from parsers.identity.identity import identify
from tests.parsers.identity.documents import HEADING, document


def test_a_label_without_its_value_says_nothing() -> None:
    identity = identify(
        document([["所属机构", "白银区", "发布机构", " "]], "温县2023年政府信息公开工作年度报告", HEADING)
    )
    assert identity.agency_name == "温县人民政府"


def test_values_are_kept_as_they_stand_field_by_field() -> None:
    table = [["索引号", "1-2", "发布机构", "温县　司法局"], ["公开 日期", "2021年1月20日", "成文日期", ""]]
    header = read_page_header(document(table))
    assert header == PageHeader(title=(), publisher=("温县　司法局",), published=("2021年1月20日",), written=())


def test_a_label_on_a_line_of_its_own_waits_for_the_next_line() -> None:
    assert read_page_header(document("发布机构：", "温县司法局")).publisher == ("温县司法局",)
    assert read_page_header(document("发布机构：", "文号：", "温县司法局")).publisher == ()


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("发布时间：2024-01-17 来源：温县司法局", [("published", "2024-01-17")]),
        ("发 布 时 间：2024-01-17", [("published", "2024-01-17")]),
        ("成文日期 2023-01-05 发布日期 2023-01-18", [("written", "2023-01-05"), ("published", "2023-01-18")]),
        ("2024-01-17 03:12 来源：温县司法局 浏览：12", [("published", "2024-01-17")]),
        ("2024-01-17至2024-01-18 浏览：12", []),
        ("更新时间：2024-01-17 浏览：12", []),
        ("2024年1月17日,时间:当天。", []),
    ],
)
def test_bars(line: str, values: list[tuple[str, str]]) -> None:
    assert [(entry.field, entry.value) for entry in read_bar(line)] == values


def test_a_paragraph_is_no_bar() -> None:
    assert list(read_bar("发布时间：2024-01-17" + "。" * 300)) == []


def test_labels_whose_values_are_no_titles() -> None:
    assert is_labelled("·信息分类:信息公开年报")
    assert not is_labelled("标题:温县2020年政府信息公开工作年度报告")
    assert not is_labelled("信息分类")
