"""Lists of parts and their whole: those that must add up, and those that need not."""

from __future__ import annotations

import pytest

from parsers.prose.part_sums import find_part_sums
from tests.parsers.prose.documents import document


@pytest.mark.parametrize(
    ("text", "family", "whole", "total", "approximate"),
    [
        ("办理依申请公开36件，其中当面申请2件，信函申请23件，网上申请6件。", "requests by channel", 36, 31, False),
        (
            "主动公开政府信息300条。通过政府公报公开政府信息48条，通过政府网站公开政府信息200条，通过政务微博公开政府信息52条。",
            "disclosure channels",
            300,
            300,
            False,
        ),
        ("政府信息公开行政诉讼6件，其中结果维持4件，结果纠正1件，其他结果1件。", "suit outcomes", 6, 6, False),
        ("运维49个政务新媒体（其中微博9个，微信公众号45个，抖音号3个）。", "media accounts", 49, 57, False),
        (
            "发布信息3600余条，其中动态类1668条，文件类58条，会议等其他信息1891条，开展访谈3期。",
            "list",
            3600,
            3617,
            True,
        ),
    ],
)
def test_parts_and_wholes(text: str, family: str, whole: int, total: int, approximate: bool) -> None:
    (found,) = find_part_sums(document(text), [])
    assert (found.family, found.whole, found.total, found.approximate) == (family, whole, total, approximate)
    assert found.locator.kind == "prose"


@pytest.mark.parametrize(
    "text",
    [
        "公开信息293条，其中规范性文件28条，公告公示27条。",  # a selection, not all
        "受理案件8件，其中5件维持，另3件撤销，同时受理其他案件4件。",
        "公开信息20条，其中文件类3条（其中通知1条），其他17条。",  # a list in a list
        "公开信息20条，其中文件类3条，图片5张，其他12条。",  # different things
    ],
)
def test_lists_that_need_not_add_up(text: str) -> None:
    assert find_part_sums(document(text), []) == ()


def test_parts_of_a_whole_that_an_earlier_sentence_told_must_be_three() -> None:
    whole = "主动公开政府信息300条。"
    two = "通过政府公报公开政府信息48条，通过政府网站公开政府信息200条"
    assert find_part_sums(document(whole, f"{two}。"), []) == ()
    (found,) = find_part_sums(document(whole, f"{two}，通过政务微博公开政府信息52条。"), [])
    assert [(part.label, part.value) for part in found.parts] == [
        ("prose_disclosed_by_channel__gazette", 48),
        ("prose_disclosed_by_channel__website", 200),
        ("prose_disclosed_by_channel__weibo", 52),
    ]
