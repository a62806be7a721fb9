"""The rows of a list that are printed in tables; a line may print several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.document import Table
from parsers.forms.labels import fold
from parsers.tables.lists.columns import choose_figure_cells
from parsers.tables.lists.entries import Entry, drop_padding, settle_entries
from parsers.tables.lists.list_header import ListHeaders
from parsers.tables.lists.row_codes import RowCodes, RowMatch
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary


class TableRows:
    """Reads the rows of one list in tables.

    Attributes:
        strays: lines of numbers without a label, with the blocks in which they stand.
    """

    def __init__(self, words: Vocabulary, codes: RowCodes, headers: ListHeaders) -> None:
        self._words = words
        self._codes = codes
        self._headers = headers
        self.strays: list[tuple[int, tuple[Slot, ...]]] = []

    def read_table(self, table: Table, place: int) -> list[Entry]:
        """Return the rows of the table that is the document's block ``place``.

        None are returned of a table that has neither a header nor a row of such a list: it is another table.
        """
        texts = {cell.text for cell in table.cells}
        if not self._headers.may_name(texts) and not any(map(self._codes.labels.near, texts)):
            return []
        entries: list[Entry] = []
        for cells in table.rows():
            slots = [Slot(cell.text, cell.locator, cell.column, cell.column_span) for cell in cells]
            if slots and not self._headers.take_line(slots, place):
                entries += self._read_line(slots, place, ragged=table.ragged)
        return settle_entries(drop_padding(entries))

    def _read_line(self, slots: Sequence[Slot], place: int, *, ragged: bool) -> Iterator[Entry]:
        labels = self._find_labels(slots)
        filled = tuple(slot for slot in slots if slot.text.strip())
        # Right below a header numbers count its columns.
        if not self._headers.is_fresh and filled and self._are_numbers(filled):
            self.strays.append((place, filled))
        self._headers.is_fresh = False
        for number, (index, match) in enumerate(labels):
            is_last = number + 1 == len(labels)
            end = len(slots) if is_last else labels[number + 1][0]
            label, behind = slots[index], slots[index + 1 : end]
            columns = self._headers.columns_of(label)
            if columns is not None and not is_last:
                until = max((head.end for head, _ in columns.behind), default=0)
                behind = [slot for slot in behind if slot.column < until]
            cells = choose_figure_cells(behind, columns, label, self._words.units, grid=True, ragged=ragged)
            headed = bool(self._headers.columns)
            if match is not None:
                code, quality = match
                self._codes.note_row(code)
                yield Entry(code, label, tuple(behind), place, cells, quality, headed=headed)
            elif any(self._words.values.is_number(slot.text) for slot in behind):
                yield Entry(None, label, tuple(behind), place, cells, headed=headed)

    def _are_numbers(self, slots: Sequence[Slot]) -> bool:
        return all(self._words.values.is_number(slot.text) for slot in slots)

    def _find_labels(self, slots: Sequence[Slot]) -> list[tuple[int, RowMatch | None]]:
        """Where the labels of a line stand, and what they are."""
        labels = [index for index, slot in enumerate(slots) if self._codes.is_label(slot.text)]
        found: dict[int, RowMatch | None] = {}
        for index in labels:
            exact = self._codes.match_label(slots[index].text, exact=True)
            if exact is not None:
                found[index] = exact
        # Of several label columns each may hold a row; of one only where none of the line's labels is known.
        if len(self._headers.columns) > 1 or not found:
            label_columns = {columns.label for columns in self._headers.columns}
            for index in labels:
                if index not in found and slots[index].column in label_columns:
                    found[index] = self._codes.match_label(slots[index].text, exact=False)
        if not found and any(
            len(fold(slots[index].text)) > 1 for index in labels
        ):  # not 甲 | 乙 | 1 | 2 below a header
            found[labels[0]] = self._codes.match_label(slots[labels[0]].text, exact=False)
        return sorted(found.items())
