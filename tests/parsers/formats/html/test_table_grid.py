from hypothesis import given
from hypothesis import strategies as st

from parsers.formats.html.table_grid import MAX_COLUMN_SPAN, WIDEST, Placed, place, span

SPANS = st.one_of(st.none(), st.sampled_from(["0", "1", "2", "3", "7", "-1", "x", " 2px", "1.5", ""]))
TABLES = st.lists(st.lists(st.lists(st.tuples(st.integers(0, 999), SPANS, SPANS), max_size=5), max_size=6), max_size=3)


def slots(groups: list[list[list[tuple[int, str | None, str | None]]]]) -> list[Placed[int]]:
    """The algorithm of the HTML Standard read plainly, with a set of occupied slots."""
    placed = []
    top = 0
    for group in groups:
        taken: set[tuple[int, int]] = set()
        for offset, row in enumerate(group):
            column = 0
            for content, rowspan, colspan in row:
                while (offset, column) in taken:
                    column += 1
                height, width = whole(rowspan), whole(colspan) or 1
                height = len(group) - offset if height == 0 else min(height, len(group) - offset)
                placed.append(Placed(content, top + offset, column, height, width))
                for y in range(height):
                    for x in range(width):
                        taken.add((offset + y, column + x))
                column += width
        top += len(group)
    return placed


def whole(value: str | None) -> int:
    digits = ""
    for character in (value or "").strip():
        if not character.isdigit():
            break
        digits += character
    return int(digits) if digits else 1


@given(TABLES)
def test_cells_stand_where_the_standard_puts_them(groups: list[list[list[tuple[int, str | None, str | None]]]]) -> None:
    assert place(groups) == slots(groups)


def test_a_row_span_of_zero_reaches_to_the_end_of_its_group_and_no_further() -> None:
    cells = place([[[("a", "0", None), ("b", None, None)], [("c", None, None)]], [[("d", None, None)]]])
    assert [(c.content, c.row, c.column, c.row_span) for c in cells] == [
        ("a", 0, 0, 2),
        ("b", 0, 1, 1),
        ("c", 1, 1, 1),
        ("d", 2, 0, 1),
    ]


def test_overlapping_spans_are_allowed_as_in_browsers() -> None:
    cells = place([[[("a", None, None), ("b", "2", None)], [("c", None, "3"), ("d", None, None)]]])
    assert [(c.content, c.row, c.column) for c in cells] == [("a", 0, 0), ("b", 0, 1), ("c", 1, 0), ("d", 1, 3)]


def test_enormous_spans_cost_nothing() -> None:
    cells = place([[[("a", "999999999999", "99999999")] for _ in range(50)]])
    assert cells[0].column_span == MAX_COLUMN_SPAN
    assert cells[0].row_span == 50
    assert [c.column for c in cells[:10]] == [MAX_COLUMN_SPAN * i for i in range(10)]
    assert [(c.column, c.column_span) for c in cells[10:]] == [(WIDEST + i, 1) for i in range(40)]


def test_spans_are_read_as_browsers_read_them() -> None:
    assert span("  3 cells", limit=9, zero=7) == 3
    assert span("+2", limit=9, zero=7) == 2
    assert span("12", limit=9, zero=7) == 9
    assert span("0", limit=9, zero=7) == 7
    assert span("٣", limit=9, zero=7) == 1  # only ASCII digits count
