"""The cells of a list that was set as text: whole lines, or parts of one that holds a label and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.document import Text
from parsers.forms.labels import fold
from parsers.tables.lines import part
from parsers.tables.lists.row_codes import RowCodes
from parsers.tables.lists.run_on import FlatRows, Span
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary

_PAGE_NUMBER = re.compile(r"^\s*[-—–－―]\s*\d{1,3}\s*[-—–－―]\s*$")
_CELL = re.compile(r"[^\s|｜]+")
_ROW_NUMBER = re.compile(r"\d{1,3}")


class TextCells:
    """Parts lines of text into cells."""

    def __init__(self, words: Vocabulary, codes: RowCodes, flat: FlatRows) -> None:
        self._words = words
        self._codes = codes
        self._flat = flat

    def read_cells(self, block: Text) -> Iterator[Slot]:
        """Yield the cells of a text, from its first line to its last."""
        start = 0
        for line in block.text.split("\n"):
            if not _PAGE_NUMBER.match(line):
                for first, last in self._flat.spans(line) or self._part_line(line):
                    yield Slot(line[first:last], part(block, start + first, start + last))
            start += len(line) + 1

    def _part_line(self, line: str) -> list[Span]:
        """The cells of a line: what blanks part, or, where that gives no label, label, unit and number run on."""
        parts = self._part_at_blanks(line)
        if not parts or any(self._codes.is_known(line[first:last]) for first, last in parts):
            return parts
        return self._flat.row(line) or parts

    def _part_at_blanks(self, line: str) -> list[Span]:
        """What counts the row, its label (blanks in it part nothing), its unit and its values."""
        cells = [match.span() for match in _CELL.finditer(line)]
        if not cells:
            return []
        texts = [line[first:last] for first, last in cells]
        values = len(cells)  # where the values begin; one cell at least is the label
        while values > 1 and self._is_value(texts[values - 1], is_last=values == len(cells)):
            values -= 1
        label = 0  # where the label begins
        while label < values - 1 and _ROW_NUMBER.fullmatch(texts[label]):
            label += 1
        whole = (cells[label][0], cells[values - 1][1])
        return [*cells[:label], whole, *cells[values:]]

    def _is_value(self, text: str, *, is_last: bool) -> bool:
        """Whether a cell behind a label is a value, or a unit with its value behind it."""
        return self._words.values.could_be(text) or (not is_last and fold(text) in self._words.units)
