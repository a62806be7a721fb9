"""Cells to columns: every way in which they can belong."""

from __future__ import annotations

from parsers.tables.binding.alignment import surplus, ways


def test_as_many_cells_as_columns_are_one_way() -> None:
    assert ways([True, False, True], 3) == ways([False, False, False], 3)
    assert ways([True, False, True], 3).ways == ((0, 1, 2),)


def test_blank_cells_outside_the_values_are_padding() -> None:
    assert ways([False, True, True, True, False], 3).ways == ((1, 2, 3),)
    assert ways([False, False, True, False], 3).ways == ((0, 1, 2), (1, 2, 3))


def test_padding_that_other_rows_show_decides() -> None:
    assert ways([False, False, True, False], 3, lead=1).ways == ((1, 2, 3),)


def test_a_row_that_does_not_fit_sure_padding_has_a_cell_too_many() -> None:
    found = ways([False, True, True, True], 3, lead=0, sure=True)
    assert (found.kind, len(found.ways)) == ("surplus", 4)


def test_missing_and_surplus_cells_leave_all_ways_open() -> None:
    assert ways([True, True], 3).ways == ((0, 1, None), (0, None, 1), (None, 0, 1))
    assert surplus(4, 3).ways == ((0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3))


def test_too_many_ways_are_none() -> None:
    assert ways([True] * 20, 60).ways == ()
    assert surplus(60, 20).ways == ()
