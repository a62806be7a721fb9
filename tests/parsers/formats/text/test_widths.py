"""How many columns characters take on a screen."""

from __future__ import annotations

import pytest

from parsers.formats.text import aligned
from parsers.formats.text.lines import Line
from parsers.formats.text.widths import screen_width


@pytest.mark.parametrize(
    ("characters", "width"),
    [
        ("a|-0", 1),
        ("政１，（\u3000", 2),
        ("│─“①\u00ad", None),
        ("\u200b\u200d\ufeff\u0301\u20dd\ufe0f", 0),
    ],
)
def test_columns_of_characters(characters: str, width: int | None) -> None:
    assert {screen_width(character) for character in characters} == {width}


def test_what_takes_no_column_moves_nothing_in_a_table_set_with_spaces() -> None:
    head = "项目      一     二     三     四     五"
    row = "规章      1      2      3      4      5"
    lines = [Line(1, head), Line(2, row), Line(3, row.replace("规章", "规\u200b章"))]
    found = aligned.read(lines, 0)
    assert found is not None
    table, _ = found
    assert [cell.text for cell in list(table.rows())[2]] == ["规\u200b章", "1", "2", "3", "4", "5"]
