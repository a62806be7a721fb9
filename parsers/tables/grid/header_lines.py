"""Which lines of a table are headers: of which form's table, by the words in them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence

from parsers.forms.labels import fold
from parsers.remembered import remembered
from parsers.tables.grid.above import Above
from parsers.tables.grid.record_rows import RecordRows
from parsers.tables.grid.table_lines import TableLine
from parsers.tables.headers.blocks import read_block_header
from parsers.tables.headers.broken import has_cut_columns
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary

_WORDS_OF_A_HEADER = 2  # of one table: 总计 and 其他 alone are labels of rows as well


class HeaderLines:
    """Takes header lines in."""

    def __init__(self, vocabulary: Vocabulary, above: Above, records: RecordRows) -> None:
        self._words = vocabulary
        self._above = above
        self._records = records

    def take_line(self, line: TableLine) -> bool:
        """Take the line in if it is a header line of any table: of a record, a matrix, or a small table."""
        hits = self._find_words(line.slots)
        for name in self._words.records:
            if len(hits.get(name, ())) >= _WORDS_OF_A_HEADER:
                self._records.take_header_line(name, line.slots)
                return True
        return self._take_matrix_line(line, hits) or self._take_block_line(line)

    def _take_matrix_line(self, line: TableLine, hits: Mapping[str, Collection[str]]) -> bool:
        above = self._above
        for name, tables in self._words.matrices.items():
            named = len(hits.get(name, ())) >= _WORDS_OF_A_HEADER
            open_header = above.table == name and name not in above.begun
            if not named and not (open_header and has_cut_columns(name, tables[0], line.slots, self._words)):
                continue
            if not open_header:
                above.lines[name] = []
                above.begun.discard(name)
            above.table = name
            above.lines[name].append(list(line.slots))
            return True
        return False

    def _take_block_line(self, line: TableLine) -> bool:
        header = read_block_header(line.slots, self._words, ragged=line.ragged)
        if header is None:
            return False
        rows = [slot for slot in line.slots if self._words.rows.exact(slot.text)]
        # 合计 is a row of another table, and here a column's word.
        if any(fold(slot.text) not in self._words.subtotals for slot in rows):
            return False
        name = next(iter(self._words.blocks))
        self._above.table = name
        self._above.headers[name] = header
        return True

    def _find_words(self, slots: Sequence[Slot]) -> dict[str, set[str]]:
        """The different words of each table's header that a line holds.

        The corner of a matrix and a block of a record are of no other table, and count twice.
        """
        named = _names_by_text(self._words)
        hits: dict[str, set[str]] = {}
        for slot in slots:
            for name, word in named(slot.text):
                hits.setdefault(name, set()).add(word)
        return hits


@functools.lru_cache(maxsize=4)
def _names_by_text(words: Vocabulary) -> Callable[[str], tuple[tuple[str, str], ...]]:
    """Of which tables' headers the words in a cell are: table and word."""

    def find(text: str) -> tuple[tuple[str, str], ...]:
        if not words.is_label(text):
            return ()
        found = [*words.columns.exact(text), *words.parents.exact(text), *words.record_cells.exact(text)]
        for name, code in words.record_blocks.exact(text):
            found += [(name, code), (name, f"{code}!")]
        for corner, name in words.corners.items():
            if corner in fold(text):
                found += [(name, corner), (name, f"{corner}!")]
        return tuple(found)

    return remembered(find)
