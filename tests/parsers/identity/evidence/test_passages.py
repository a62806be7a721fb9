"""The parts of a text in which it speaks of its publisher."""

from __future__ import annotations

import pytest

from parsers.identity.evidence import passages
from tests.parsers.identity.documents import HEADING, document


def test_the_opening_ends_at_the_first_heading() -> None:
    text = document("温县人民政府", "标题：温县2020年政府信息公开工作年度报告", " ", HEADING, "无。")
    assert passages.read_opening(text, ()) == ["温县人民政府"]


def test_an_ordinal_before_a_whole_paragraph_is_no_heading() -> None:
    paragraph = "一、总体情况" + "推进公开" * 20
    assert passages.read_opening(document(paragraph, HEADING), ()) == [paragraph]


@pytest.mark.parametrize("line", ["一、总体情况", "第二部分主动公开", "(三)依申请公开"])
def test_headings(line: str) -> None:
    assert passages.is_heading(line)


def test_paragraphs_are_long_and_without_short_names_of_bodies() -> None:
    paragraph = "2022年,温县会计核算中心(以下简称县核算中心)积极推进公开"
    assert passages.first_paragraphs(["短行。", paragraph]) == ["2022年,温县会计核算中心积极推进公开"]


def test_of_a_text_in_one_line_the_end_is_its_last_line() -> None:
    line = "温县" * 3000
    assert passages.closing_lines([line]) == [line[-4000:]]
