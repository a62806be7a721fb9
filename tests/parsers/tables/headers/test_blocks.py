"""The header of a small table."""

from __future__ import annotations

from parsers.forms import templates
from parsers.tables.headers.blocks import read_block_header
from parsers.tables.model import Header
from parsers.tables.vocabulary import vocabulary
from tests.parsers import matrices
from tests.parsers.matrices import rows_of
from tests.parsers.tables.headers.headings import header_lines

WORDS = vocabulary(templates.load())


def read(line: str, *, ragged: bool = False) -> Header | None:
    (slots,) = header_lines(line)
    return read_block_header(slots, WORDS, ragged=ragged)


def test_columns_stand_behind_the_word_over_the_labels() -> None:
    header = read("信息内容|本年制发件数|本年废止件数|现行有效件数")
    assert header is not None
    assert len(header.columns) == 3
    assert all(column.codes for column in header.columns)


def test_empty_cells_at_the_end_are_padding_in_text_and_columns_in_a_grid() -> None:
    text = read("信息内容|本年制发件数|", ragged=True)
    grid = read("信息内容|本年制发件数|")
    assert text is not None
    assert grid is not None
    assert (len(text.columns), text.pad) == (1, 1)
    assert (len(grid.columns), grid.pad) == (2, 0)


def test_words_of_other_columns_are_a_header_too() -> None:
    header = read("信息内容|上年制发件数")
    assert header is not None
    assert header.columns[0].codes == ()


def test_a_row_of_numbers_is_no_header() -> None:
    assert read("规章|1|2|3") is None


def test_a_header_of_bodies_and_their_sum_ends_the_one_above_it() -> None:
    table = rows_of(
        "信息内容|本年制发件数|本年废止件数|现行有效件数",
        "规章|0|1|2",
        "信息内容|局机关|下属单位|合计",
        "行政规范性文件|149|508|657",
        "行政许可|225|9|234",
    )
    page = f"<!DOCTYPE html><meta charset=utf-8><h1>{matrices.TITLE}</h1><table>{table}</table>"
    record = matrices.read(page.encode())
    numbers = {cell["code"]: cell["value"] for cell in record["cells"] if cell["value"] is not None}
    assert numbers == {"rules_issued": "0", "rules_repealed": "1", "rules_in_force": "2"}
    told = [issue["message"] for issue in record["issues"] if issue["code"] == "cell_of_no_form"]
    assert "行政规范性文件: 657 under 合计 has no place in any form" in told
