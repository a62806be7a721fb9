"""Headers of which only pieces are left."""

from __future__ import annotations

import pytest

from parsers.document import Locator
from parsers.forms import templates
from parsers.tables.headers.broken import assume_header, is_rearranged, match_cut_column
from parsers.tables.model import Slot


def requests_table() -> templates.MatrixTable:
    table = templates.load().forms["fmt2021"].tables["requests"]
    assert isinstance(table, templates.MatrixTable)
    return table


@pytest.mark.parametrize(
    ("text", "rearranged"),
    [
        ("自然人 法人 商业企业 科研机构", False),
        ("科研机构 商业企业", True),
        ("自然人\n科研机构 社会公益组织 法律服务机构\n商业企业", False),
        ("自然人 法律服务机构 科研机构 社会公益组织 商业企业", True),
        ("商业 科研\n企业 机构", False),
    ],
)
def test_a_broken_header_whose_words_stand_in_another_order_is_not_the_forms(text: str, rearranged: bool) -> None:
    assert is_rearranged(requests_table().columns, text) == rearranged


def slot(text: str) -> Slot:
    return Slot(text, Locator.of("cell", table=0, row=0, column=0))


def test_a_header_in_pieces_is_the_forms_when_its_letters_are_there() -> None:
    table = requests_table()
    codes = [column.code for column in table.columns]
    pieces = "\n".join("".join(column.zh for column in table.columns))
    header = assume_header(codes, table.columns, pieces, slot(pieces))
    assert header is not None
    assert header.assumed
    assert list(header.codes) == codes


def test_a_header_that_lost_words_is_not_the_forms() -> None:
    table = requests_table()
    codes = [column.code for column in table.columns]
    pieces = "".join(column.zh for column in table.columns[2:])
    assert assume_header(codes, table.columns, pieces, slot(pieces)) is None


def test_a_column_is_known_by_its_beginning_where_no_other_begins_so() -> None:
    table = requests_table()
    match = match_cut_column(slot("法律服务"), table.columns, "requests")
    assert match is not None
    assert match.key == ("requests", "legal")
    assert match.quality == "cut"
    assert match_cut_column(slot("法"), table.columns, "requests") is None
