"""The lines of a table, made ready to be read."""

from __future__ import annotations

from parsers.document import Cell, Document, Locator, Table, Text
from parsers.forms import templates
from parsers.tables.grid.table_lines import ReadyTable, TablePreparer
from parsers.tables.vocabulary import vocabulary

WORDS = vocabulary(templates.load())


def prepare(*lines: str, above: str = "", behind: str = "", ragged: bool = False) -> ReadyTable:
    """A table between two texts, made ready."""
    cells = []
    for row, line in enumerate(lines):
        for column, text in enumerate(line.split("|")):
            cells.append(Cell(text, row, column, Locator.of("cell", table=0, row=row, column=column)))
    table = Table(tuple(cells), Locator.of("table", table=0), ragged=ragged)
    texts = [Text(text, Locator.of("block", block=at)) for at, text in enumerate((above, behind))]
    document = Document("text/html", (texts[0], table, texts[1]))
    preparer = TablePreparer(document, WORDS)
    preparer.pass_text(above)
    return preparer.prepare_table(table, 1)


def test_columns_that_count_the_rows_are_dropped() -> None:
    (region,) = prepare("序号|项目|数量", "1|规章|3").regions
    assert [[slot.text for slot in line.slots] for line in region.lines] == [["项目", "数量"], ["规章", "3"]]


def test_a_line_is_regular_where_most_are_as_wide() -> None:
    (region,) = prepare("项目|甲|乙", "规章|3|4", "规范性文件|5").regions
    assert [line.regular for line in region.lines] == [True, True, False]
    (region,) = prepare("项目|甲|乙", "规范性文件|5", ragged=True).regions
    assert not any(line.regular for line in region.lines)


def test_a_unit_holds_for_the_lines_below_the_words_that_say_it() -> None:
    (region,) = prepare("规章|3", "单位：万元|", "规章|4", above="单位：元").regions
    assert [line.unit for line in region.lines] == ["元", "万元", "万元"]


def test_a_remark_behind_the_table_says_its_unit() -> None:
    (region,) = prepare("规章|3", behind="注：单位：千元").regions
    assert [line.unit for line in region.lines] == ["千元"]
