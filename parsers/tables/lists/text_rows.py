"""The rows of a list that was set as text: one cell a line, or cells parted by blanks."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.forms.labels import fold
from parsers.tables.lists.columns import choose_figure_cells
from parsers.tables.lists.entries import Entry, settle_entries
from parsers.tables.lists.list_header import ListHeaders
from parsers.tables.lists.row_codes import RowCodes, RowMatch
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary

_LONGEST_LABEL = 4  # lines over which one label may be printed
_MOST_CELLS = 8  # of a row, where no header says how many


class TextRows:
    """Reads the rows of one list in texts."""

    def __init__(self, words: Vocabulary, codes: RowCodes, headers: ListHeaders) -> None:
        self._words = words
        self._codes = codes
        self._headers = headers

    def read_texts(self, tokens: Sequence[tuple[int, Slot]]) -> list[Entry]:
        """Return the rows of the texts between two tables.

        Args:
            tokens: their cells in reading order, each with its block.
        """
        entries: list[Entry] = []
        position = 0
        while position < len(tokens):
            length = self._headers.take_texts(tokens, position)
            if length == 0 and self._codes.is_label(tokens[position][1].text):
                length, entry = self._read_row(tokens, position)
                if entry is not None:
                    entries.append(entry)
            position += max(1, length)
        return settle_entries(entries)

    def _read_row(self, tokens: Sequence[tuple[int, Slot]], position: int) -> tuple[int, Entry | None]:
        """How many cells a row has, its label the first of them; and the row, if it is one."""
        place, label = tokens[position]
        self._headers.end_reign(label.text)
        pieces = [slot.text for _, slot in tokens[position : position + _LONGEST_LABEL]]
        length, match = self._codes.match_joined(pieces)
        first = behind = position + length
        while behind < len(tokens) and not self._codes.is_label(tokens[behind][1].text):
            behind += 1
        slots = [slot for _, slot in tokens[first:behind]]
        if match is None and slots and behind < len(tokens):
            # A label that was wrapped around its own cells.
            rest = tokens[behind][1].text
            if self._codes.match_label(rest, exact=True) is None:
                match = self._codes.match_label(label.text + rest, exact=True)
                behind += match is not None
        entry = self._make_entry(label, slots, place, match, follows=behind < len(tokens))
        return behind - position, entry

    def _make_entry(
        self, label: Slot, slots: list[Slot], place: int, match: RowMatch | None, *, follows: bool
    ) -> Entry | None:
        columns = self._headers.columns[0] if self._headers.columns else None
        if columns is not None and not columns.has_unit and any(fold(slot.text) in self._words.units for slot in slots):
            columns = None  # a header that has no column for what the rows print is torn
        if not follows or len(slots) > _MOST_CELLS:
            # What stands behind the last row, and behind too many cells, may be anything.
            slots = slots[: len(columns.behind) + columns.before if columns is not None else _MOST_CELLS]
        cells = choose_figure_cells(slots, columns, label, self._words.units, grid=False, follows=follows)
        headed = columns is not None
        if match is None and any(self._words.values.is_number(slot.text) for slot in slots):
            full = columns is not None and len(slots) - len(columns.behind) in {0, columns.before}
            if not full and fold(slots[0].text) not in self._words.units:
                return None  # words before a number are a row only where header or unit say so
            match = self._codes.match_label(label.text, exact=False)
            if match is None:
                return Entry(None, label, tuple(slots), place, cells, headed=headed)
        if match is None:
            return None
        code, quality = match
        self._codes.note_row(code)
        return Entry(code, label, tuple(slots), place, cells, quality, headed=headed)
