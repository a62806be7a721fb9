"""Which numbers a sentence states for an indicator, and which belong to something else."""

from __future__ import annotations

import pytest

from parsers.prose.statements import SearchedText, find_clause_start, find_statements
from parsers.prose.words import load_words
from tests.parsers.prose.documents import document, facts_of


def test_a_number_about_something_else_beside_a_statement_of_none() -> None:
    text = "共受理行政复议4起，行政诉讼3起，没有因政府信息公开而被提起的行政复议或行政诉讼。"
    assert facts_of(text) == {"prose_review_total": "0", "prose_suit_total": "0"}


@pytest.mark.parametrize(
    ("text", "code", "whole"),
    [
        (
            "主动公开信息1802条,其中通过网站主动公开信息856条,其他应主动公开的信息946条。",
            "prose_disclosed_total",
            "1802",
        ),
        (
            "主动公开政府信息1802条。其中，主动公开政务动态856条，其他应主动公开的信息946条。",
            "prose_disclosed_total",
            "1802",
        ),
        ("主动公开信息1802条，包括主动公开规章信息20条、主动公开其他信息1782条。", "prose_disclosed_total", "1802"),
        ("收到信息公开申请12件，其中收到自然人信息公开申请8件，收到法人信息公开申请4件。", "prose_req_received", "12"),
        ("办结信息公开申请9件，分别为办结自然人信息公开申请8件，办结法人信息公开申请1件。", "prose_req_closed", "9"),
    ],
)
def test_the_parts_of_a_whole_are_no_wholes(text: str, code: str, whole: str) -> None:
    assert facts_of(text)[code] == whole


def test_another_whole_behind_parts_is_one() -> None:
    found = facts_of("收到信息公开申请12件，其中网上申请8件，全年主动公开政府信息1802条。")
    assert (found["prose_req_received"], found["prose_disclosed_total"]) == ("12", "1802")


@pytest.mark.parametrize(
    ("thing", "code"),
    [("参加政府网站在线访谈", "prose_online_interviews"), ("参加新闻发布会", "prose_press_conferences")],
)
@pytest.mark.parametrize("who", ["其中：主要负责同志", "其中主要负责人", "局领导"])
def test_what_principals_took_part_in_is_not_the_whole(thing: str, code: str, who: str) -> None:
    assert facts_of(f"全年{thing}11次；{who}{thing}次数9次。")[code] == "11"
    assert code not in facts_of(f"{who}{thing}9次。")


def test_the_section_decides_on_fees_and_plans() -> None:
    assert facts_of("本年度未收取费用。", number=6) == {"fee_collected_yuan": "0", "fee_statement": None}
    assert facts_of("本年度未收取费用。", number=2) == {}
    assert facts_of("收到政府信息公开申请7件。", number=5) == {}


def test_a_sentence_on_the_disclosure_before_it_counts_as_context() -> None:
    lines = "收到政府信息公开申请7件。2023年，共收到行政复议1件，行政诉讼2件。"
    assert facts_of(lines) == {"prose_req_received": "7", "prose_review_total": "1", "prose_suit_total": "2"}
    assert facts_of("共收到行政复议1件，行政诉讼2件。") == {}
    assert facts_of("共收到行政复议1件。", number=4) == {"prose_review_total": "1"}


def test_a_clause_begins_behind_the_mark_before_it() -> None:
    assert find_clause_start("一，二；三", 4) == 4
    assert find_clause_start("一，二；三", 3) == 2
    assert find_clause_start("一二三", 2) == 0


def test_a_text_is_searched_once_for_facts_and_for_sums() -> None:
    words, made = load_words(), document("收到政府信息公开申请7件。")
    first = find_statements(SearchedText(made, (), words), 2023)
    assert find_statements(SearchedText(made, (), words), 2023) is first
    assert find_statements(SearchedText(document("收到政府信息公开申请7件。"), (), words), 2023) is not first


def test_each_body_of_several_has_its_own_number() -> None:
    assert facts_of("市本级主动公开政府信息100条，各县区主动公开政府信息300条。") == {}
    assert facts_of("主动公开政府信息100条。")["prose_disclosed_total"] == "100"
