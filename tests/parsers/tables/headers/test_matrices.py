"""The header of a matrix."""

from __future__ import annotations

import pytest

from parsers.forms import templates
from parsers.tables.headers.matrices import drop_repeated_cells, prints_total_first, read_matrix_header
from parsers.tables.model import Header
from parsers.tables.vocabulary import vocabulary
from tests.parsers.tables.headers.headings import header_lines

WORDS = vocabulary(templates.load())
TABLE = WORDS.matrices["requests"][0]
GROUPS = "自然人|法人或其他组织*5|总计"
LEGAL_PERSONS = "商业企业|科研机构|社会公益组织|法律服务机构|其他"


def read(*lines: str) -> Header | None:
    return read_matrix_header("requests", TABLE, header_lines(*lines), WORDS)


def test_columns_stand_as_the_lines_print_them() -> None:
    header = read(GROUPS, LEGAL_PERSONS)
    assert header is not None
    assert header.codes == ("natural", "company", "research", "welfare", "legal", "other_org", "total")
    header = read("总计|法人或其他组织*5|自然人", "科研机构|商业企业|社会公益组织|法律服务机构|其他")
    assert header is not None
    assert header.codes == ("total", "research", "company", "welfare", "legal", "other_org", "natural")


def test_one_lost_word_is_filled_in_where_all_others_stand_in_order() -> None:
    header = read(GROUPS, "商业企业||社会公益组织|法律服务机构|其他")
    assert header is not None
    assert [column.codes[0] for column in header.columns if column.inferred] == ["research"]
    assert read(GROUPS, "||社会公益组织|法律服务机构|其他") is None


def test_one_word_may_stand_for_all_columns_under_it() -> None:
    header = read("自然人|法人或其他组织|总计")
    assert header is not None
    assert header.lumped
    assert header.codes == ("natural", "", "total")


def test_a_subtotal_sums_up_the_columns_beside_it() -> None:
    header = read("自然人|法人或其他组织*6|总计", f"{LEGAL_PERSONS}|小计")
    assert header is not None
    column = header.columns[header.codes.index("")]
    assert column.subtotal == ("company", "research", "welfare", "legal", "other_org")
    assert [other.slot.text for other in header.columns][-2:] == ["小计", "总计"]


def test_a_column_of_no_form_keeps_its_place() -> None:
    header = read("自然人|法人或其他组织*5|总计|上年", LEGAL_PERSONS)
    assert header is not None
    assert header.codes[-2:] == ("total", "")


@pytest.mark.parametrize(("first", "said"), [("总计", True), ("自然人|总计", False)])
def test_the_total_may_stand_first(first: str, said: bool) -> None:
    assert prints_total_first("requests", TABLE, header_lines(first, LEGAL_PERSONS), WORDS) == said


def test_merged_cells_that_were_written_out_are_one() -> None:
    above, below = header_lines("自然人|法人或其他组织|法人或其他组织", "自然人|商业企业|科研机构")
    assert [(slot.text, slot.span) for slot in drop_repeated_cells(above, ())] == [("自然人", 1), ("法人或其他组织", 2)]
    assert [slot.text for slot in drop_repeated_cells(below, above)] == ["商业企业", "科研机构"]
