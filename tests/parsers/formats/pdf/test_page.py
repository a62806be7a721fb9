"""What stands where on a page: cells and lines found again by their boxes."""

from __future__ import annotations

from parsers.formats.pdf.page import PAGE_NUMBER, around
from tests.parsers.formats.pdf.pages import line, page, ruled


def test_a_cell_is_found_by_its_box_as_it_was_rounded() -> None:
    made = page(1, tables=(ruled(1, 700, "规章|1|2"),))
    cell = made.cell_at((250.01, 699.99, 400.0, 720.0))
    assert cell is not None
    assert cell.text == "1"
    assert made.cell_at((250.0, 700.0, 400.5, 720.0)) is None


def test_parts_of_a_line_are_found_by_their_middle() -> None:
    made = page(1, line(1, 100, "本年新收\t1\t0"), line(1, 120, "下一行"))
    whole = made.lines[0].box
    assert [found.text for found in made.lines_in(whole)] == ["本年新收\t1\t0"]
    second = made.lines[0].segments[1][1]
    assert [found.text for found in made.lines_in(second)] == ["1"]


def test_the_box_around_boxes() -> None:
    assert around([(10, 20, 30, 40), (5, 25, 28, 60)]) == (5, 20, 30, 60)


def test_page_numbers_in_the_forms_that_are_printed() -> None:
    assert all(PAGE_NUMBER.fullmatch(text) for text in ("- 4 -", "第4页", "第 4 页 共 6 页", "4/6", "－４－"))
    assert not any(PAGE_NUMBER.fullmatch(text) for text in ("第四季度", "12345", "4件"))
