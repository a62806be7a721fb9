"""The header of a record."""

from __future__ import annotations

from parsers.forms import templates
from parsers.tables.headers.records import read_record_header
from parsers.tables.model import Header
from parsers.tables.vocabulary import vocabulary
from tests.parsers.tables.headers.headings import header_lines

WORDS = vocabulary(templates.load())
NAME, TABLES = next(iter(WORDS.records.items()))
TABLE = TABLES[0]
OUTCOMES = [column.zh for column in TABLE.columns]
BLOCKS = "|".join(f"{block.wordings[0]}*{len(OUTCOMES)}" for block in TABLE.blocks)


def read(*lines: str, whole: bool = True) -> Header | None:
    return read_record_header(NAME, TABLE, header_lines(*lines), WORDS, whole=whole)


def test_every_block_has_its_columns_in_printed_order() -> None:
    header = read(BLOCKS, "|".join(OUTCOMES * len(TABLE.blocks)))
    assert header is not None
    assert header.codes == tuple(TABLE.codes())
    first = [*reversed(OUTCOMES), *OUTCOMES * (len(TABLE.blocks) - 1)]
    header = read(BLOCKS, "|".join(first))
    assert header is not None
    assert header.codes[: len(OUTCOMES)] == tuple(TABLE.codes())[len(OUTCOMES) - 1 :: -1]


def test_one_word_that_is_lost_is_the_only_one_that_is_left() -> None:
    outcomes = OUTCOMES * len(TABLE.blocks)
    outcomes[1] = "无法辨认"
    header = read(BLOCKS, "|".join(outcomes))
    assert header is not None
    assert header.columns[1].quality == "cut"
    outcomes[2] = "无法辨认"
    assert read(BLOCKS, "|".join(outcomes)) is None


def test_a_part_of_a_record_has_only_the_blocks_that_are_named() -> None:
    lines = (TABLE.blocks[0].wordings[0], "|".join(OUTCOMES))
    assert read(*lines) is None
    header = read(*lines, whole=False)
    assert header is not None
    assert header.codes == tuple(TABLE.codes())[: len(OUTCOMES)]


def test_columns_without_a_block_are_no_header() -> None:
    assert read("|".join(OUTCOMES), whole=False) is None
