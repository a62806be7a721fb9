"""Columns of a matrix that no form has."""

from __future__ import annotations

from parsers.forms import templates
from parsers.tables.headers.order import group_by_parent
from parsers.tables.headers.other_columns import MatrixWords, find_lump, find_strays, find_subtotals, says_none_of
from parsers.tables.vocabulary import vocabulary
from tests.parsers.tables.headers.headings import header_lines

VOCABULARY = vocabulary(templates.load())
WORDS = MatrixWords("requests", VOCABULARY.matrices["requests"][0], VOCABULARY)
CHILDREN = group_by_parent(WORDS.table.columns)
LEGAL_PERSONS = ("company", "research", "welfare", "legal", "other_org")


def test_a_subtotal_is_under_the_parent_whose_columns_stand_beside_it() -> None:
    lines = header_lines("商业企业|科研机构|社会公益组织|法律服务机构|其他|小计")
    (found,) = find_subtotals(lines, CHILDREN, WORDS).values()
    assert found.parts == LEGAL_PERSONS


def test_a_lump_stands_for_columns_none_of_which_is_printed() -> None:
    lines = header_lines("自然人|法人或其他组织|总计")
    lump = find_lump(lines, LEGAL_PERSONS, CHILDREN, WORDS)
    assert lump is not None
    assert lump.slot.text == "法人或其他组织"
    assert find_lump(lines, LEGAL_PERSONS[1:], CHILDREN, WORDS) is None


def test_words_before_the_first_column_are_the_corner_and_no_column() -> None:
    lines = header_lines("申请情况|自然人|上年")
    assert [slot.text for slot in find_strays(lines, (), CHILDREN, WORDS)] == ["上年"]


def test_a_word_may_be_what_is_left_of_a_lost_column() -> None:
    named = {"natural", *LEGAL_PERSONS}  # all but the total
    (line,) = header_lines("合|上年")
    assert not says_none_of(line[0], WORDS.table.columns, named)
    assert says_none_of(line[1], WORDS.table.columns, named)
