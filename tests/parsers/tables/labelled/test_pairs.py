"""Words with values behind them: every piece of a line is one, or said to be none."""

from __future__ import annotations

import pytest

from parsers.forms import templates
from parsers.forms.values import ValueReader
from parsers.tables.labelled.pairs import read_pair, read_pairs

VALUES = ValueReader(templates.load().reading.values)


def _pairs(text: str) -> list[tuple[str, str] | None]:
    found = read_pairs(text, 0, len(text), VALUES)
    return [(text[slice(*pair.word)], text[slice(*pair.value)]) if pair else None for pair in found]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("自然人31件，商业企业7件，总计38件。", [("自然人", "31件"), ("商业企业", "7件"), ("总计", "38件")]),
        ("总计77（自然人14；其他 63）", [("总计", "77"), ("自然人", "14"), ("其他", "63")]),
        ("总计8，其中结果维持0、结果纠正0", [("总计", "8"), ("结果维持", "0"), ("结果纠正", "0")]),
        ("总计：8；其中：结果维持：无", [("总计", "8"), ("结果维持", "无")]),
        ("总计1,234件，自然人1,200件", [("总计", "1,234件"), ("自然人", "1,200件")]),
        ("本年收费金额（单位：万元）：772.89万元", [("本年收费金额（单位：万元）", "772.89万元")]),
    ],
)
def test_lines_of_pairs(text: str, pairs: list[tuple[str, str]]) -> None:
    assert _pairs(text) == pairs


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("自然人3件，均已办结", [1]),  # a word without a value
        ("自然人3，5", [1]),  # a value without a word
        ("自然人3件多", [0]),
        ("总计1,23件，自然人1", [1]),  # no thousands: a value without a word
        ("自然人约3件", []),  # the word is none of a form: the caller says so
    ],
)
def test_pieces_that_are_no_pairs(text: str, unread: list[int]) -> None:
    assert [at for at, pair in enumerate(_pairs(text)) if pair is None] == unread


def test_a_pair_alone_needs_its_colon_and_may_lack_its_value() -> None:
    for text, said in (("自然人: 3", "3"), ("总计：12件；", "12件"), ("其他：", ""), ("其他：/", "/")):
        pair = read_pair(text, VALUES)
        assert pair is not None
        assert text[slice(*pair.value)] == said
    for text in ("自然人3", "3：4", "联系电话：0000-7612345 综合股", "自然人：3，其他：4"):
        assert read_pair(text, VALUES) is None
