"""The rows of a list, and what their neighbours say of them."""

from __future__ import annotations

from parsers.document import Locator
from parsers.tables.lists.columns import Cells
from parsers.tables.lists.entries import Entry, drop_padding, settle_entries
from parsers.tables.model import Slot


def entry(number: int, *texts: str, headed: bool = False) -> Entry:
    where = Locator.of("cell", table=0, row=number, column=0)
    slots = tuple(Slot(text, where, column) for column, text in enumerate(texts, start=1))
    label = Slot(f"指标{number}", where)
    return Entry(None, label, slots, 0, Cells(None, slots, len(slots) <= 1, headed=headed), headed=headed)


def values(entries: list[Entry]) -> list[list[str]]:
    return [[slot.text for slot in entry.cells.values] for entry in entries]


def test_columns_that_are_blank_in_every_row_are_padding() -> None:
    entries = drop_padding([entry(1, "5", "", ""), entry(2, "6", "", "7")])
    assert values(entries) == [["5", ""], ["6", "7"]]


def test_cells_that_count_the_rows_are_no_figures() -> None:
    entries = settle_entries([entry(number, str(number), "9") for number in range(1, 6)])
    assert values(entries) == [["9"]] * 5
    assert all(entry.cells.certain for entry in entries)


def test_three_rows_that_count_may_be_so_by_chance() -> None:
    entries = settle_entries([entry(number, str(number), "9") for number in range(1, 4)])
    assert values(entries) == [["1", "9"], ["2", "9"], ["3", "9"]]


def test_a_lone_cell_is_in_doubt_where_other_rows_have_several() -> None:
    entries = settle_entries([entry(1, "5", "8"), entry(2, "6", "6"), entry(3, "7")])
    assert [entry.cells.certain for entry in entries] == [False, False, False]


def test_a_header_leaves_no_doubt_about_a_lone_cell() -> None:
    entries = settle_entries([entry(1, "5", "8"), entry(2, "6", "6"), entry(3, "7", headed=True)])
    assert entries[-1].cells.certain
