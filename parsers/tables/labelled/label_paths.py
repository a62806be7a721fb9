"""Which cell of which form a row's label and a column's word name together; exact words alone, never places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.forms.labels import fold, ordinal
from parsers.tables.vocabulary import Vocabulary

_MARKS = re.compile(r"^[\s\-*+•·●○◆■▪>#|_]+|[\s*_|:：]+$")
_SHORTEST = 2  # letters of a piece of a header that names its column


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row of a form (of a record: one of its blocks) that a label names."""

    table: str
    code: str
    label: str


class LabelPaths:
    """Rows by their label, and their cells by the word of the column."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        articles = "|".join(words.templates.reading.articles) or r"(?!)"
        self._article = re.compile(rf"^(?:{articles})[\s:：、，]*")
        self._parts: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}

    def row(self, text: str, above: str | None) -> NamedRow | None:
        """The row that a label names, marks of lists and the article of the law before it left out.

        Args:
            text: as printed.
            above: the table of the row before; 其他 and 总计 are rows only where their table has begun.
        """
        label = self._article.sub("", _MARKS.sub("", text))
        blocks = self._words.record_blocks.exact(label)
        rows = self._words.rows.exact(label)
        if len(blocks) == 1 and not rows:
            return NamedRow(*blocks[0], label)
        keys = [key for key in rows if key[0] == above] or list(rows)
        if len(keys) != 1 or blocks:
            return None
        name, code = keys[0]
        if self._words.columns.exact(label) and not (name == above and ordinal(label)):
            return None
        return NamedRow(name, code, label)

    def names_column(self, word: str) -> bool:
        """Whether a word heads a column of any form."""
        return bool(self._words.columns.exact(word) or self._words.block_columns.exact(word))

    def cell(self, row: NamedRow, word: str) -> str | None:
        """The code of the cell under the column that a word names; None where there is none, or more than one."""
        name = row.table
        if name in self._words.blocks:
            printed = self._words.block_columns.exact(word) or self._words.block_columns.exact(
                self._words.money.without(word)
            )
            cells = [code for code in self._words.row_cells[name, row.code] if code in printed]
            return cells[0] if len(cells) == 1 else None
        columns = [code for table, code in self._words.columns.exact(word) if table == name]
        form = self._words.matrices.get(name) or self._words.records.get(name)
        if len(columns) != 1 or not form:
            return None
        return form[0].code.format(row=row.code, column=columns[0])

    def cell_by_piece(self, row: NamedRow, word: str) -> str | None:
        """The code of the only cell of a small table's row whose header a piece of it names (制发: 本年制发件数)."""
        if row.table not in self._words.blocks:
            return None
        piece = fold(word)
        codes = [
            code
            for code in self._words.row_cells[row.table, row.code]
            if len(piece) >= _SHORTEST and any(piece in fold(each) for each in self._words.cells[code].wordings)
        ]
        return codes[0] if len(codes) == 1 else None
