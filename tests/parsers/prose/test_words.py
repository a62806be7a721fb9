"""The words of ``prose.yaml``: every name in a pattern has a meaning, and a fact that is referred to exists."""

from __future__ import annotations

import re

from parsers.prose.words import load_words


def test_every_name_in_a_pattern_is_filled_in() -> None:
    words = load_words()
    for fact in words.facts:
        where = fact.patterns_where
        patterns = [*fact.patterns, *fact.none, *fact.none_in_section, *(where.patterns if where else ())]
        for pattern in patterns:
            assert not re.search(r"\{[A-Za-z:]+", words.compiled(pattern).pattern), (fact.code, pattern)


def test_facts_refer_to_facts_and_families_that_exist() -> None:
    facts = load_words().facts
    codes, families = {fact.code for fact in facts}, {fact.family for fact in facts}
    for fact in facts:
        assert fact.needs is None or fact.needs in codes, fact.code
        assert fact.all_of is None or fact.all_of.whole in codes, fact.code
        assert fact.sum_of is None or fact.sum_of in families, fact.code


def test_units_of_lists_are_found_behind_any_numeral() -> None:
    numeral = load_words().parts.numeral
    assert [match["u"] for match in numeral.finditer("文件1,204件，通知三十二条，图片5张")] == ["件", "条"]
