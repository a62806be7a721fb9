"""A number that stands alone below a row is the rest of its last cell."""

from __future__ import annotations

import pytest

from tests.parsers.formats.text.written import assert_resolves, cells, read


@pytest.mark.parametrize("source", ["规章\t0\t20\n3\n行政许可\t7\t8\n", "|规章|0|20\n3 |\n|行政许可|7|8|\n"])
def test_a_number_alone_below_one_that_ends_its_line_may_be_its_rest(source: str) -> None:
    (table,) = read(source).tables()
    assert cells(table) == [["规章", "0", "20\n3"], ["行政许可", "7", "8"]]
    assert_resolves(source)


@pytest.mark.parametrize("below", ["- 3 -", "\n3", "3 件"])
def test_what_is_no_number_right_below_is_no_rest(below: str) -> None:
    table = read(f"规章\t0\t20\n{below}\n行政许可\t7\t8\n").tables()[0]
    assert cells(table)[0] == ["规章", "0", "20"]


def test_a_number_below_a_line_that_ends_in_an_empty_cell_is_no_rest() -> None:
    assert cells(read("规章\t0\t20\t\n3\n行政许可\t7\t8\t\n").tables()[0]) == [["规章", "0", "20", ""]]
