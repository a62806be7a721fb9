"""Rows behind the values of another one."""

from __future__ import annotations

from parsers.forms import templates
from parsers.forms.values import ValueReader
from parsers.tables.text.loose_rows import find_loose_values

VALUES = ValueReader(templates.load().reading.values)


def found(text: str, columns: int) -> list[tuple[str, list[str]]]:
    loose = find_loose_values(text, 0, len(text), columns, VALUES)
    return [(each.label, [text[start:end] for start, end in each.values]) for each in loose]


def test_words_before_as_many_values_as_columns_are_their_label() -> None:
    assert found("（二）部分\n公开 1 2 3\n其他 4 5 6", 3) == [
        ("（二）部分公开", ["1", "2", "3"]),
        ("其他", ["4", "5", "6"]),
    ]


def test_fewer_and_more_values_are_left_alone() -> None:
    assert found("部分公开 1 2\n其他 4 5 6 7", 3) == []


def test_an_ordinal_is_no_value() -> None:
    assert found("8. 1 2 3", 3) == [("8.", ["1", "2", "3"])]


def test_values_without_words_have_no_label() -> None:
    assert found("1 | 2 | 3", 3) == [("", ["1", "2", "3"])]
