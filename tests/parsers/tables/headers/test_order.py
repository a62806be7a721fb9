"""The printed order of columns."""

from __future__ import annotations

from parsers.tables.headers.order import order_codes, pair_neighbours


def test_a_word_over_several_columns_stands_beside_all_of_them() -> None:
    assert pair_neighbours([["natural"], ["company", "research"], ["total"]]) == [
        ("natural", "company"),
        ("natural", "research"),
        ("company", "total"),
        ("research", "total"),
    ]


def test_what_no_line_says_is_as_the_form_has_it() -> None:
    assert order_codes(["a", "b", "c"], [("c", "a")]) == ["b", "c", "a"]
    assert order_codes(["a", "b", "c"], [("x", "a"), ("c", "y")]) == ["a", "b", "c"]


def test_lines_that_contradict_each_other_say_no_order() -> None:
    assert order_codes(["a", "b"], [("a", "b"), ("b", "a")]) is None
    assert order_codes(["a", "b"], [("a", "a")]) is None
