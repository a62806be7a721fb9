"""In which ways the cells of one row can belong to its columns."""

from __future__ import annotations

from parsers.document import Locator
from parsers.forms import templates
from parsers.forms.values import ValueReader
from parsers.tables.binding.alignment import Ways
from parsers.tables.binding.row_ways import UNKNOWN, fill_merged, find_blank_end, find_ways, has_lost_cell
from parsers.tables.model import Row, Slot

VALUES = ValueReader(templates.load().reading.values)
SUMS = [((0, 1, 2), 2)]


def row(*texts: str, spans: tuple[int, ...] = (), ragged: bool = True, overrun: bool = False) -> Row:
    slots = []
    for at, text in enumerate(texts):
        where = Locator.of("cell", table=0, row=0, column=at)
        slots.append(Slot(text, where, at, spans[at] if spans else 1))
    return Row("requests", "req_new", "一、本年新收", tuple(slots), (0, 0), ragged=ragged, overrun=overrun)


def ways(row: Row, columns: int) -> Ways:
    return find_ways(row, columns, lead=None, sure=False, padded=True)


def test_blank_cells_that_were_merged_are_as_many_as_they_cover() -> None:
    filled = fill_merged(row("1", "", "3", spans=(1, 2, 1), ragged=False), 4, VALUES)
    assert [slot.text for slot in filled.slots] == ["1", "", "", "3"]


def test_a_number_over_several_columns_is_of_none_of_them() -> None:
    merged = row("1", "2", spans=(1, 2), ragged=False)
    assert fill_merged(merged, 3, VALUES) == merged


def test_values_of_further_rows_leave_no_way() -> None:
    assert ways(row("1", "2", "3", overrun=True), 3) == UNKNOWN


def test_two_numbers_in_one_cell_show_that_a_border_was_lost() -> None:
    assert ways(row("1", "2", "3"), 3).kind == "exact"
    assert ways(row("1 2", "3", ""), 3).kind == "missing"


def test_only_arithmetic_tells_a_lost_cell_from_a_blank_one() -> None:
    for texts, lost in ((("3", "3", ""), True), (("0", "0", ""), False)):
        printed = row(*texts)
        assert has_lost_cell(printed, ways(printed, 3), SUMS, (), VALUES) == lost


def test_a_blank_end_is_told_in_text_and_not_in_a_grid() -> None:
    text, grid = row("1", "2", ""), row("1", "2", "", ragged=False)
    assert find_blank_end(text, ways(text, 3), ()) == list(text.slots)
    assert find_blank_end(grid, ways(grid, 3), ()) is None
