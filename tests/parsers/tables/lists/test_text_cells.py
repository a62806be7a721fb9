"""The cells of a list that was set as text."""

from __future__ import annotations

import pytest

from parsers.document import Locator, Text
from parsers.forms import templates
from parsers.tables.lists.row_codes import ListLabels, RowCodes
from parsers.tables.lists.run_on import FlatRows
from parsers.tables.lists.text_cells import TextCells
from parsers.tables.vocabulary import vocabulary

WORDS = vocabulary(templates.load())
KEY = ("stat2014", "annex")
TABLE = WORDS.list_tables[KEY]
CELLS = TextCells(WORDS, RowCodes(ListLabels(WORDS, KEY, TABLE)), FlatRows(TABLE.rows, WORDS.units))


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("主动 公开数 件 12", ["主动 公开数", "件", "12"]),
        ("1 本单位自有指标 次 3 4", ["1", "本单位自有指标", "次", "3", "4"]),
        ("本单位自有指标", ["本单位自有指标"]),
        ("12", ["12"]),
        ("- 3 -", []),
    ],
)
def test_blanks_part_a_line_but_not_its_label(line: str, cells: list[str]) -> None:
    block = Text(line, Locator.of("text", line=1, start=0, end=len(line)))
    assert [slot.text for slot in CELLS.read_cells(block)] == cells
