"""Names of bodies in running text, and which of them the text uses for its own publisher."""

from __future__ import annotations

import pytest

from parsers.identity.evidence import mentions


def test_mentions_from_left_to_right_with_where_they_stand() -> None:
    text = "按照焦作市人民政府办公室的要求,温县教育局推进公开"
    found = list(mentions.find_mentions(text, 2020, None))
    assert [mention.text for mention in found] == ["焦作市人民政府办公室", "温县教育局"]
    assert [text[mention.start : mention.end] for mention in found] == [mention.text for mention in found]


@pytest.mark.parametrize(
    ("paragraph", "names"),
    [
        ("2020年,温县教育局认真贯彻各项要求", ["温县教育局"]),
        ("本报告由温县教育局编制", ["温县教育局"]),
        ("按照温县教育局认真贯彻的要求", []),
        ("2020年,温县教育局与武陟县教育局开展活动", []),
    ],
)
def test_only_the_subject_of_a_sentence_is_its_own_publisher(paragraph: str, names: list[str]) -> None:
    assert [agency.name for agency in mentions.find_self_mentions([paragraph], 2020, None)] == names


def test_ministries_and_townships_that_speak_of_themselves() -> None:
    organs = mentions.find_organs(["2024年,教育部坚持依法公开", "根据教育部坚持的要求"])
    assert [agency.name for agency in organs] == ["教育部"]
    assert list(mentions.find_townships(["2021年,榆盘镇认真学习", "2021年,榆盘镇来函"])) == ["榆盘镇"]


def test_a_level_stands_for_the_one_place_that_the_text_names() -> None:
    paragraph = "2022年,省教育厅坚持各项要求"
    one = mentions.find_bodies_by_level([paragraph], [paragraph, "河北省"], 2022)
    assert [agency.name for agency in one] == ["河北省教育厅"]
    assert list(mentions.find_bodies_by_level([paragraph], [paragraph, "河北省与山西省"], 2022)) == []


def test_questions_go_to_the_body_and_not_to_its_room() -> None:
    found = mentions.find_contacts(["如有疑问,请联系:温县教育局办公室,电话见首页"], 2022, None)
    assert [agency.name for agency in found] == ["温县教育局"]
