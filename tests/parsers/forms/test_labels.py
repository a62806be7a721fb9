from __future__ import annotations

import pytest

from parsers.forms.labels import Lexicon, fold, is_bare_ordinal, is_words, one_apart, ordinal


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("(一) 予以公开", "予以公开"),
        ("（一）予以公开", "予以公开"),
        ("1. 属于国家秘密", "属于国家秘密"),
        ("1、属于国家秘密", "属于国家秘密"),
        ("（1）属于国家秘密", "属于国家秘密"),
        ("①属于国家秘密", "属于国家秘密"),
        ("3.危及“三安全一稳定”", "危及三安全一稳定"),
        ('3.危及"三安全一稳定"', "危及三安全一稳定"),
        ("结果\u3000维持", "结果维持"),
        ("商业企\n业", "商业企业"),
        ("本年增/减", "本年增减"),
        ("本年增\\减", "本年增减"),
        ("采购总金额（单位：万元，保留４位小数）", "采购总金额单位万元保留4位小数"),
        ("三、本年度办理结果", "本年度办理结果"),
        ("（二）部分公开 (区分处理的, 只计这一情形, 不计其他情形)", "部分公开区分处理的只计这一情形不计其他情形"),
        ("一、", "一"),
        ("", ""),
        ("1.5", "15"),
    ],
)
def test_folding_keeps_what_a_label_says(printed: str, folded: str) -> None:
    assert fold(printed) == folded


def test_ordinals_are_read_before_they_are_removed() -> None:
    assert ordinal("（七）总计") == "七"
    assert ordinal("3.其他") == "3"
    assert ordinal("总计") == ""


@pytest.mark.parametrize(("text", "words"), [("规章", True), ("0", False), ("", False), ("/", False), ("3.5", False)])
def test_words_are_told_from_values(text: str, words: bool) -> None:
    assert is_words(text) is words


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("属于国家秘密", "属于国家秘蜜", True),
        ("属于国家秘密", "属于国家秘", True),
        ("属于国家秘密", "属于于国家秘密", True),
        ("属于国家秘密", "属于国家秘密", False),
        ("予以公开", "不予公开", False),
        ("", "国", True),
    ],
)
def test_one_character_apart(first: str, second: str, near: bool) -> None:
    assert one_apart(first, second) is near
    assert one_apart(second, first) is near


LEXICON = Lexicon(
    [
        ("secret", ["属于国家秘密"]),
        ("law", ["其他法律行政法规禁止公开", "其他法律法规禁止公开"]),
        ("held", ["本机关不掌握相关政府信息"]),
        ("corrected_review", ["被依法纠错数"]),
        ("corrected_suit", ["被依法纠错数"]),
        ("issued", ["本年制发件数"]),
        ("repealed", ["本年废止件数"]),
        ("change", ["本年增减"]),
    ]
)


def test_a_label_is_found_by_every_wording() -> None:
    assert LEXICON.exact("2.其他法律法规禁止公开") == ("law",)
    assert LEXICON.exact("2.其他法律、行政法规禁止公开") == ("law",)


def test_homonyms_are_all_told() -> None:
    assert LEXICON.exact("（二）被依法纠错数") == ("corrected_review", "corrected_suit")


@pytest.mark.parametrize(
    ("text", "key", "quality"),
    [
        ("属于国家秘蜜", "secret", "misspelt"),
        ("属于国家密", "secret", "misspelt"),
        ("本机关不掌握", "held", "cut"),
        ("相关政府信息", "held", "cut"),
    ],
)
def test_a_damaged_label_is_accepted_when_it_can_be_only_one(text: str, key: str, quality: str) -> None:
    (match,) = LEXICON.find(text)
    assert (match.key, match.quality) == (key, quality)


@pytest.mark.parametrize("text", ["本年", "属于", "件数", "全然不同的内容", "", "12"])
def test_a_label_is_never_guessed(text: str) -> None:
    assert LEXICON.find(text) == ()


def test_a_cut_that_two_labels_share_is_none_of_them() -> None:
    both = Lexicon([("first", ["本年新制作数量"]), ("second", ["本年新公开数量"])])
    assert both.find("本年新") == ()
    assert both.find("本年新X数量") == ()


@pytest.mark.parametrize(
    ("text", "bare"), [("8.", True), ("（3）", True), ("12、", True), ("8", False), ("0.5", False)]
)
def test_an_ordinal_alone_is_what_is_left_of_a_label(text: str, bare: bool) -> None:
    assert is_bare_ordinal(text) is bare
