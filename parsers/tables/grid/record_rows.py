"""Rows of records (复议, 诉讼): named by their own labels, or values alone below a header.

A record is one line of values under blocks of columns. Portals also lay it out with a row for each block or outcome
(`record_layouts`); then a block that is named once holds for the rows below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.forms.labels import fold
from parsers.tables.grid.above import Above
from parsers.tables.grid.record_layouts import RecordWords
from parsers.tables.grid.row_labels import RowLabels
from parsers.tables.grid.table_lines import TableLine
from parsers.tables.headers.broken import assume_header
from parsers.tables.headers.by_grid import read_record_by_grid, stands_below
from parsers.tables.headers.matrices import drop_repeated_cells
from parsers.tables.headers.records import read_record_header
from parsers.tables.model import Header, Lines, Row, Slot
from parsers.tables.vocabulary import Vocabulary

_CAPTIONS = 2  # texts right above a table that may name the block which it holds


@dataclass(frozen=True, slots=True)
class _LoneValue:
    """A row of a record of which one cell alone was printed: the number may be a page's, or nobody's."""

    table: str
    block: int
    header: Header


class RecordRows:
    """Reads the rows of all records of a document."""

    def __init__(self, vocabulary: Vocabulary, labels: RowLabels, above: Above) -> None:
        self._words = vocabulary
        self._labels = labels
        self._above = above
        self._words_of = {name: RecordWords(name, tables[0], vocabulary) for name, tables in vocabulary.records.items()}
        self._named: dict[str, list[Slot]] = {}  # the captions above each header, nearest first
        self._labelled = False  # the rows below the header have labels of their own
        self._block: str | None = None  # which block the rows are of
        self._passed: list[str] = []  # outcomes of rows since the block was named
        self._lone: _LoneValue | None = None

    # ---- headers

    def take_header_line(self, name: str, slots: Sequence[Slot]) -> None:
        """Take in a line of a record's header."""
        above = self._above
        self._block = None  # whatever this line names, the rows below are not of the block above
        if above.table != name or self._labelled or not above.lines.get(name):
            above.lines[name] = []
            self._named[name] = above.captions[: -_CAPTIONS - 1 : -1]
        self._labelled = False
        above.table = name
        above.lines[name].append(drop_repeated_cells(slots, above.header_line))
        above.header_line = slots

    def _begin_block(self, name: str, block: str) -> None:
        self._block = block
        self._passed = []
        self._above.lines[name] = []

    # ---- rows with labels

    def read_labelled(self, line: TableLine, label_at: int) -> Row | None:
        """Return the row of a record that a line's own labels name; None when it is none.

        Args:
            line: with at least one label.
            label_at: the cell of its last label.
        """
        labels, values = line.slots[: label_at + 1], line.slots[label_at + 1 :]
        if not values:
            return None
        if any(slot.text.strip() and not self._labels.is_label(slot.text) for slot in labels[1:]):
            return None
        has_number = any(self._words.values.is_number(slot.text) for slot in values)
        names_block = any(self._words.record_blocks.exact(slot.text) for slot in labels[:-1])
        for name in self._words_of:
            if self._above.table != name and not names_block:
                continue
            header = self._find_cells(name, labels, has_number=has_number)
            if header is not None:
                self._above.table = name
                self._labelled = True
                return line.make_row(name, "", header, label_at=label_at)
        return None

    def _find_cells(self, name: str, labels: Sequence[Slot], *, has_number: bool) -> Header | None:
        """The cells of a record that labels name, with the block that holds where they name none."""
        words = self._words_of[name]
        kind = words.kind(labels[-1])
        block: str | None = None
        if kind == "outcome" or (kind is None and has_number):
            block = words.only_block(labels[:-1])
        if self._above.table != name and block is None:
            return None
        if block is not None:
            self._begin_block(name, block)
        elif not words.knows_all(labels):
            self._block = None  # the block that these values are of is named by words that are not readable
        outcome = fold(labels[-1].text) if kind == "outcome" else ""
        if outcome in self._passed[:-1] and outcome != self._passed[-1]:
            self._block = None  # the same outcomes again: they are another block's, whose label is lost
        self._passed.append(outcome)
        lines = self._above.lines.get(name, ())
        found = words.labelled(lines, labels, self._block if has_number else None)
        return found.header if found is not None else None

    def begins_block(self, labels: Sequence[Slot]) -> bool:
        """Take in a block's first row whose value is lost: the rows below are of this block all the same."""
        name = self._above.table
        if name is None or name not in self._words_of or not self._labelled:
            return False
        words = self._words_of[name]
        if words.kind(labels[-1]) != "outcome":
            return False
        block = words.only_block(labels[:-1])
        if block is None:
            return False
        self._begin_block(name, block)
        self._passed.append(fold(labels[-1].text))
        return True

    # ---- rows without labels

    def has_words_for_values(self, slots: Sequence[Slot]) -> bool:
        """Whether a line fills a record whose header stands above it, some of its cells with words (待核实)."""
        name = self._above.table
        if name is None or name not in self._words_of or not self._above.lines.get(name):
            return False
        columns = len(list(self._words.records[name][0].codes()))
        numbers = sum(self._words.values.is_number(slot.text) for slot in slots)
        return len(slots) == columns and 2 * numbers > columns

    def read_values(self, name: str, line: TableLine, *, blank: bool = False, loose: bool = False) -> Row | None:
        """Return the row of a record that a line of values is; None when it is none.

        Args:
            name: of the record.
            line: cells without a label.
            blank: nothing is printed in it.
            loose: no header of the record stands above it.
        """
        codes = tuple(self._words.records[name][0].codes())
        header = self._find_header(name, line, blank=blank)
        if header is None or ((blank or loose) and len(line.slots) != len(codes)):
            return None
        filled = sum(bool(slot.text.strip()) for slot in line.slots)
        # One number alone may be a page's, or nobody's: the row may be the next one.
        self._lone = _LoneValue(name, line.place[0], header) if filled == 1 and len(codes) > 1 else None
        if not blank:
            self._above.lines[name] = []
            self._above.end_header(None)
        return line.make_row(name, "", header)

    def read_behind_lone(self, line: TableLine) -> Row | None:
        """Return the record's row that follows a line with one value alone, in the same table of the document."""
        lone = self._lone
        if lone is None or lone.block != line.place[0] or len(line.slots) != len(lone.header.columns):
            return None
        self._lone = None
        return line.make_row(lone.table, "", lone.header)

    def _find_header(self, name: str, line: TableLine, *, blank: bool) -> Header | None:
        """The columns of a record above a line of values: the more they are as the form has them, the sooner taken."""
        table = self._words.records[name][0]
        lines = self._above.lines.get(name, [])
        if lines:
            header = read_record_header(name, table, lines, self._words) or self._words_of[name].single(lines[-1])
            if header is None and not blank:
                header = self._find_part(name, lines)
            if header is None and not blank and not line.ragged:
                by_grid = read_record_by_grid(name, table, lines, self._words)
                header = by_grid if by_grid is not None and stands_below(line.slots, by_grid) else None
            if header is not None:
                return header
        codes = tuple(table.codes())
        if len(line.slots) < len(codes):
            return None
        printed = [slot.text for slots in lines for slot in slots]
        text = "".join([*self._above.recent, *printed])
        # Each block repeats the words of the columns.
        labels = [*table.blocks, *(column for _ in table.blocks for column in table.columns)]
        return assume_header(codes, labels, text, line.slots[0])

    def _find_part(self, name: str, lines: Lines) -> Header | None:
        """The columns of a record that was set in several tables: the caption of each says which block it holds."""
        table = self._words.records[name][0]
        header = read_record_header(name, table, lines, self._words, whole=False)
        if header is not None:
            return header
        for caption in self._named.get(name, ()):
            header = read_record_header(name, table, [[caption], *lines], self._words, whole=False)
            if header is not None:
                return header
        return None
