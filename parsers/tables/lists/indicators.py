"""The rows of a statistics list: each label with the cells that can be its figure, from tables and from text.

What no form has is kept as a row without a code. Which cell is the figure, is left to `columns`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Document, Text
from parsers.tables.lists.columns import HeaderWords
from parsers.tables.lists.entries import Entry
from parsers.tables.lists.list_header import ListHeaders
from parsers.tables.lists.row_codes import ListLabels, RowCodes
from parsers.tables.lists.run_on import FlatRows
from parsers.tables.lists.table_rows import TableRows
from parsers.tables.lists.text_cells import TextCells
from parsers.tables.lists.text_rows import TextRows
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class ListReading:
    """What a document prints of one list.

    Attributes:
        entries: its rows, in reading order.
        headed: blocks in which a header of such a list was met.
        years: what its headers name over the figures.
        strays: lines of numbers without a label, in tables, with their blocks.
        codes: the labels of the list.
    """

    entries: Sequence[Entry]
    headed: frozenset[int]
    years: frozenset[int]
    strays: Sequence[tuple[int, tuple[Slot, ...]]]
    codes: RowCodes


@dataclass(frozen=True, slots=True)
class _WordsOfList:
    """The words of one list, compiled."""

    labels: ListLabels
    header: HeaderWords
    flat: FlatRows


@functools.lru_cache(maxsize=16)
def _words_of_list(words: Vocabulary, key: tuple[str, str]) -> _WordsOfList:
    table = words.list_tables[key]
    return _WordsOfList(ListLabels(words, key, table), HeaderWords(table.header), FlatRows(table.rows, words.units))


def read_list(document: Document, words: Vocabulary, key: tuple[str, str]) -> ListReading:
    """Return all rows of a document that may be of a list.

    Args:
        document: blocks of any format.
        words: all forms' words.
        key: form and name of the list.
    """
    known = _words_of_list(words, key)
    codes = RowCodes(known.labels)
    headers = ListHeaders(known.header, codes)
    cells = TextCells(words, codes, known.flat)
    texts = TextRows(words, codes, headers)
    tables = TableRows(words, codes, headers)
    entries: list[Entry] = []
    run: list[tuple[int, Slot]] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Text):
            run += [(index, slot) for slot in cells.read_cells(block)]
            continue
        entries += texts.read_texts(run)
        run = []
        entries += tables.read_table(block, index)
    entries += texts.read_texts(run)
    return ListReading(entries, frozenset(headers.headed), frozenset(headers.years), tables.strays, codes)
