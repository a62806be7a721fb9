"""Rows in the tables of a document: which line is a header, which a row of what, which cells are its values.

One pass in reading order. Headers hold until another comes, so that a table cut by a page, a blank line or a converter
goes on where it was. A row is what its own label says; a line of values without a label is kept for `places`.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from typing import Any

from parsers.document import Document, Table, Text
from parsers.forms.labels import Match, fold, is_bare_ordinal
from parsers.record import Issue
from parsers.tables.grid.broken_rows import broken_rows
from parsers.tables.grid.label_pieces import with_whole_labels
from parsers.tables.grid.merged_cells import table_lines
from parsers.tables.grid.other_columns import OtherColumns
from parsers.tables.grid.record_layouts import RecordWords
from parsers.tables.grid.row_labels import RowLabels
from parsers.tables.grid.spelled_numbers import spelled_out
from parsers.tables.grid.transposed import Turned
from parsers.tables.grid.year_columns import year_columns, years_of
from parsers.tables.headers.blocks import read_block_header
from parsers.tables.headers.broken import assume_header, has_cut_columns
from parsers.tables.headers.by_grid import read_matrix_by_grid, read_quantity_header, read_record_by_grid, stands_below
from parsers.tables.headers.matrices import drop_repeated_cells, read_matrix_header
from parsers.tables.headers.records import read_record_header
from parsers.tables.model import Findings, Header, NumberedLine, Row, RowQuality, Slot
from parsers.tables.units import UnitsAbove
from parsers.tables.vocabulary import RowKey, Vocabulary

_RECENT = 40  # text blocks before a table that may hold pieces of its header


class Finder:
    """Gathers rows from the table blocks of one document."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self._labels = RowLabels(vocabulary)
        self._context: str | None = None
        self._header: dict[str, Header | None] = {}
        self._lines: dict[str, list[list[Slot]]] = {}
        self._begun: set[str] = set()
        self._recent: list[str] = []
        self._ragged = False
        self._width = 0
        self._raw_line: Sequence[Slot] = ()
        self._plain: Sequence[Slot] = ()  # the last line of the table whose words are no form's
        self._captions: list[Slot] = []
        self._record_words = {
            name: RecordWords(name, tables[0], vocabulary) for name, tables in vocabulary.records.items()
        }
        self._named: dict[str, list[Slot]] = {}  # what stands above a record's header, nearest first
        self._turned = {name: Turned(name, vocabulary) for name in vocabulary.matrices}
        self._others = OtherColumns(vocabulary)
        self._units = UnitsAbove(vocabulary.money)
        self._counts = UnitsAbove(vocabulary.counts)
        self._counted: str | None = None  # how the counts of the table that is read are printed
        self._unit: str | None = None  # of the amounts of the table that is read
        self._years: frozenset[str] = frozenset()  # of the document's headlines
        self._labelled = False
        self._block: str | None = None
        self._lone: tuple[str, int, Header] | None = None  # a record of which one cell alone was printed
        self._passed: list[str] = []  # outcomes of rows since a block was named
        self.findings = Findings()

    def run(self, document: Document) -> Findings:
        """Read all table blocks of ``document``."""
        self._years = years_of(document)
        for index, block in enumerate(document.blocks):
            if isinstance(block, Text):
                self._recent = [*self._recent[-_RECENT:], block.text]
                self._captions.append(Slot(block.text, block.locator))
                self._units.pass_text(block.text)
                self._counts.pass_text(block.text)
            else:
                behind = itertools.takewhile(lambda other: isinstance(other, Text), document.blocks[index + 1 :])
                texts = [other.text for other in itertools.islice(behind, 2) if isinstance(other, Text)]
                self._unit = self._units.of_table(block.caption, texts)
                self._counted = self._counts.of_table(block.caption, texts)
                self._table(block, index)
                self._captions = []
        return self.findings

    def _table(self, table: Table, index: int) -> None:
        lines = table_lines(table, self._words.values)
        lines = spelled_out(lines, self._words.values)
        lines, parted = ([*lines], []) if table.ragged else broken_rows(lines, self._words)
        for slot in parted:
            message = f"rows that stand in one are read line by line: {' | '.join(slot.raw.split())}"
            self.findings.issues.append(Issue("rows_in_one", message, slot.locator))
        lines = with_whole_labels(lines, self._words) if table.ragged else lines
        self._raw_line = ()
        self._plain = ()
        self._ragged = table.ragged
        for region in self._others.regions(lines, self._years, ragged=table.ragged):
            if region.left_out:
                said = ", ".join(dict.fromkeys(slot.text.strip() for slot in region.left_out))
                message = f"columns of another year, of changes, shares or remarks are left out: {said}"
                self.findings.issues.append(Issue("columns_left_out", message, region.left_out[0].locator))
                self.findings.left_out.update(slot.locator for slot in region.cells)
            self._region(region.lines, index)

    def _region(self, lines: Sequence[NumberedLine], index: int) -> None:
        """Read lines that have the same columns."""
        ends = Counter(slots[-1].end for _, slots in lines)
        self._width = ends.most_common(1)[0][0] if ends else 0
        if self._ragged and (len(ends) > 1 or len(lines) == 1):
            self._width = -1  # lines of different lengths, or one alone: nothing shows that it is padded
        counted = self._ordinal_columns(lines)
        dated = year_columns([slots for _, slots in lines], self._words.year_columns, self._years)
        for number, slots in lines:
            kept = [slot for slot in slots if slot.column not in counted] if counted else slots
            kept = [slot for slot in kept if slot.column not in dated or slot.span > 1] if dated else kept
            if kept:
                self._line(kept, (index, number))

    def _ordinal_columns(self, lines: Sequence[NumberedLine]) -> set[int]:
        """Columns that count the rows: their header says so, and they stand in front of all others."""
        counts = self._words.ordinal_columns
        first = {slots[0].column for _, slots in lines if slots[0].span == 1 and fold(slots[0].text) in counts}
        return first if first == {0} else set()

    def _line(self, slots: Sequence[Slot], place: tuple[int, int]) -> None:
        if not any(self._words.values.is_number(slot.text) for slot in slots):
            self._unit = next(filter(None, (self._words.money.said(slot.text) for slot in slots)), self._unit)
        words = [slot for slot in slots if self._labels.is_label(slot.text)]
        for slot in words:
            folded = fold(slot.text)
            if folded in self._words.decisive:
                self.findings.words.add(folded)
        if not words:
            self._data(slots, place)
            return
        if self._turned_line(slots, place) or self._record_row(slots, place) or self._is_header(slots):
            return
        if self._is_record_in_words(slots):
            self._data(slots, place)
            return
        header = self._header.get(self._context) if self._context is not None else None
        label = self._labels.find(slots, self._context, self._begun, header)
        if label is not None:
            at, match = label
            if match is None:
                self._data(slots[at + 1 :], place, label=slots[at].text)
            else:
                self._row(slots, at, match, place)
            return
        self._other(slots, place)

    def _is_regular(self, slots: Sequence[Slot]) -> bool:
        return slots[-1].end == self._width

    def _turned_line(self, slots: Sequence[Slot], place: tuple[int, int]) -> bool:
        """Take the line in if it is of a matrix that is turned round: a header line, or a row."""
        at = max(i for i, slot in enumerate(slots) if self._labels.is_label(slot.text))
        has_number = any(self._words.values.is_number(slot.text) for slot in slots)
        for name, turned in self._turned.items():
            if not has_number and turned.take(slots):
                self._context = None
                return True
            found = turned.row(slots[: at + 1]) if at + 1 < len(slots) else None
            if found is not None and (has_number or len(slots) - at > len(found[1].columns)):
                match, header = found
                row = self._new_row(name, match.key[1], slots, at, header, place=place, quality=match.quality)
                self.findings.turned.append(row)
                return True
        return False

    def _record_row(self, slots: Sequence[Slot], place: tuple[int, int]) -> bool:
        """Take the line in if it holds values of a record that its own labels name."""
        at = max(i for i, slot in enumerate(slots) if self._labels.is_label(slot.text))
        labels, values = slots[: at + 1], slots[at + 1 :]
        if not values:
            return self._block_begins(labels)
        if any(slot.text.strip() and not self._labels.is_label(slot.text) for slot in labels[1:]):
            return False
        has_number = any(self._words.values.is_number(slot.text) for slot in values)
        for name, words in self._record_words.items():
            if self._context != name and not any(self._words.record_blocks.exact(slot.text) for slot in labels[:-1]):
                continue
            own = words.kind(labels[-1])
            block = words.only_block(labels[:-1]) if own == "outcome" or (own is None and has_number) else None
            if self._context != name and block is None:
                continue
            if block is not None:
                self._begin_block(name, block)
            elif not words.knows_all(labels):
                self._block = None  # the block that these values are of is named by words that are not readable
            outcome = fold(labels[-1].text) if own == "outcome" else ""
            if outcome in self._passed[:-1] and outcome != self._passed[-1]:
                self._block = None  # the same outcomes again: they are another block's, whose label is lost
            self._passed.append(outcome)
            labelled = words.labelled(self._lines.get(name, ()), labels, self._block if has_number else None)
            if labelled is None or (self._context != name and not (has_number or block)):
                continue
            self._context = name
            self._labelled = True
            self._add(name, "", slots, at, labelled.header, place=place)
            return True
        return False

    def _block_begins(self, labels: Sequence[Slot]) -> bool:
        """Take the first row of a block in whose value is lost: the rows below are of this block all the same."""
        name = self._context
        if name not in self._record_words or name is None or not self._labelled:
            return False
        words = self._record_words[name]
        block = words.only_block(labels[:-1]) if words.kind(labels[-1]) == "outcome" else None
        if block is None:
            return False
        self._begin_block(name, block)
        self._passed.append(fold(labels[-1].text))
        return True

    def _begin_block(self, name: str, block: str) -> None:
        self._block, self._passed, self._lines[name] = block, [], []

    def _is_header(self, slots: Sequence[Slot]) -> bool:
        """Take the line in if it is a header line of any table."""
        records, matrices = self._header_hits(slots)
        for name, hits in records.items():
            if hits >= 2:
                self._block = None  # whatever this line names, the rows below are not of the block above
                if self._context != name or self._labelled or not self._lines.get(name):
                    self._lines[name] = []
                    self._named[name] = self._captions[:-3:-1]
                self._labelled = False
                self._context = name
                self._header[name] = None
                self._lines[name].append(drop_repeated_cells(slots, self._raw_line))
                self._raw_line = slots
                return True
        for name, tables in self._words.matrices.items():
            open_header = self._context == name and name not in self._begun
            if matrices.get(name, 0) >= 2 or (open_header and has_cut_columns(name, tables[0], slots, self._words)):
                if self._context != name or name in self._begun:
                    self._lines[name] = []
                    self._begun.discard(name)
                self._context = name
                self._lines[name].append(list(slots))
                return True
        header = read_block_header(slots, self._words, ragged=self._ragged)
        if header is not None and not any(self._words.rows.exact(slot.text) for slot in slots):
            name = next(iter(self._words.blocks))
            self._context = name
            self._header[name] = header
            return True
        return False

    def _is_record_in_words(self, slots: Sequence[Slot]) -> bool:
        """Whether a line fills a record whose header stands above it, some of its cells with words (待核实)."""
        name = self._context
        if name is None or name not in self._words.records or not self._lines.get(name):
            return False
        numbers = sum(self._words.values.is_number(slot.text) for slot in slots)
        return len(slots) == len(list(self._words.records[name][0].codes())) and 2 * numbers > len(slots)

    def _header_hits(self, slots: Sequence[Slot]) -> tuple[dict[str, int], dict[str, int]]:
        records: dict[str, set[str]] = {}
        matrices: dict[str, set[str]] = {}
        for slot in slots:
            if not self._labels.is_label(slot.text):
                continue
            for key in (*self._words.columns.exact(slot.text), *self._words.parents.exact(slot.text)):
                target = records if key[0] in self._words.records else matrices
                target.setdefault(key[0], set()).add(key[1])
            for cell in self._words.record_cells.exact(slot.text):
                records.setdefault(cell[0], set()).add(cell[1])
            for block in self._words.record_blocks.exact(slot.text):
                records.setdefault(block[0], set()).update((block[1], f"{block[1]}!"))
            for corner, name in self._words.corners.items():
                if corner in fold(slot.text):
                    matrices.setdefault(name, set()).update((corner, f"{corner}!"))
        return {k: len(v) for k, v in records.items()}, {k: len(v) for k, v in matrices.items()}

    def _row(self, slots: Sequence[Slot], at: int, match: Match[RowKey], place: tuple[int, int]) -> None:
        name, code = match.key
        self._context = name
        if name in self._words.matrices:
            header = self._matrix_header(name, slots, at)
            self._begun.add(name)
            self._recent = []
        else:
            header = self._header.get(name)
        self._add(name, code, slots, at, header, place=place, quality=match.quality)

    def _add(
        self, name: str, code: str | None, slots: Sequence[Slot], at: int, header: Header | None, **more: Any
    ) -> None:
        self.findings.rows.append(self._new_row(name, code, slots, at, header, **more))

    def _new_row(
        self,
        name: str,
        code: str | None,
        slots: Sequence[Slot],
        at: int,
        header: Header | None,
        *,
        place: tuple[int, int],
        quality: RowQuality = "exact",
        label: str | None = None,
    ) -> Row:
        """A row: its label stands in cell ``at`` (-1: it has none), its values behind it."""
        return Row(
            name,
            code,
            label if label is not None else slots[at].text if at >= 0 else "",
            tuple(slots[at + 1 :]),
            place,
            piece=place[0],
            depth=at,
            header=header,
            quality=quality,
            ragged=self._ragged,
            regular=self._is_regular(slots),
            unit=self._unit,
            counted=self._counted,
        )

    def _matrix_header(self, name: str, slots: Sequence[Slot], at: int) -> Header | None:
        lines = self._lines.get(name)
        if lines:
            header = self._read_matrix(name, lines, slots, at)
            known = self._header.get(name)
            if known is None or (header is not None and not header.assumed):
                self._header[name] = header
            self._lines[name] = []
        elif self._header.get(name) is None and name not in self._begun:
            self._header[name] = self._read_matrix(name, [], slots, at)
        return self._header.get(name)

    def _read_matrix(self, name: str, lines: list[list[Slot]], slots: Sequence[Slot], at: int) -> Header | None:
        table = self._words.matrices[name][0]
        header = read_matrix_header(name, table, lines, self._words) if lines else None
        if header is not None and header.lumped and self._ragged and len(slots) - at - 1 == len(table.columns):
            header = None  # no lump: the headers of the single columns are in pieces
        plain = header is not None and all(column.quality == "exact" for column in header.columns)
        if header is None or not plain or len(slots) - at - 1 != len(header.columns):
            found = read_matrix_by_grid(name, table, lines, self._words, ragged=self._ragged)
            found = found if lines else read_quantity_header(table, self._plain, self._words)
            same = found is not None and header is not None and found.codes == header.codes
            if found is not None and not same and stands_below(slots[at + 1 :], found):
                return found
        if header is None:
            text = "\n".join([*self._recent, *("".join(cell.text for cell in line) for line in lines)])
            header = assume_header([column.code for column in table.columns], table.columns, text, slots[at])
        return header

    def _data(self, slots: Sequence[Slot], place: tuple[int, int], label: str = "") -> None:
        """A line of values only: the record's row, or a row whose label is lost (but for a piece of it)."""
        first = next((at for at, slot in enumerate(slots) if slot.text.strip()), 0)
        if is_bare_ordinal(slots[first].text) and first + 1 < len(slots):
            slots = slots[first + 1 :]
        name = self._context
        filled = [slot for slot in slots if slot.text.strip()]
        if name in self._words.records and name is not None:
            self._record(name, slots, place, blank=not filled)
        elif name is not None and name in self._begun and filled:
            self._add(name, None, slots, -1, self._header.get(name), place=place, label=label)
        elif filled:
            known = len(self.findings.rows)
            for record in self._words.records if len(slots) >= 2 else ():
                self._record(record, slots, place, blank=False, loose=True)
            if len(self.findings.rows) == known:
                self._stray(slots, place)

    def _record(
        self, name: str, slots: Sequence[Slot], place: tuple[int, int], *, blank: bool, loose: bool = False
    ) -> None:
        table = self._words.records[name][0]
        codes = tuple(table.codes())
        lines = self._lines.get(name, [])
        header = None
        if lines:
            header = read_record_header(name, table, lines, self._words) or self._record_words[name].single(lines[-1])
        if header is None and lines and not blank:
            header = self._part_of_record(name, lines)
        if header is None and lines and not blank and not self._ragged:
            by_grid = read_record_by_grid(name, table, lines, self._words)
            header = by_grid if by_grid is not None and stands_below(slots, by_grid) else None
        if header is None:
            text = "".join([*self._recent, *(cell.text for line in lines for cell in line)])
            # Each block repeats the words of the columns.
            labels = [*table.blocks, *(column for _ in table.blocks for column in table.columns)]
            header = assume_header(codes, labels, text, slots[0])
            if header is not None and len(slots) < len(codes):
                header = None
        if header is None or ((blank or loose) and len(slots) != len(codes)):
            if not blank and not loose:
                self._stray(slots, place)
            return
        self._add(name, "", slots, -1, header, place=place)
        filled = sum(bool(slot.text.strip()) for slot in slots)
        # One number alone may be a page's, or nobody's: the row may be the next one.
        self._lone = (name, place[0], header) if filled == 1 and len(codes) > 1 else None
        if not blank:
            self._lines[name] = []
            self._context = None
            self._recent = []

    def _part_of_record(self, name: str, lines: Sequence[Sequence[Slot]]) -> Header | None:
        """The columns of a record that was set in several tables: the caption of each says which block it holds."""
        table = self._words.records[name][0]
        for caption in (None, *self._named.get(name, ())):
            named = [*([[caption]] if caption else []), *lines]
            header = read_record_header(name, table, named, self._words, whole=False)
            if header is not None:
                return header
        return None

    def _stray(self, slots: Sequence[Slot], place: tuple[int, int]) -> None:
        """Values without a label behind the rows of a table: of which row they are is not said."""
        if self._lone is not None and self._lone[1] == place[0] and len(slots) == len(self._lone[2].columns):
            self._add(self._lone[0], "", slots, -1, self._lone[2], place=place)
            self._lone = None
            return
        numbers = [slot for slot in slots if self._words.values.is_number(slot.text)]
        if numbers and any(row.piece == place[0] for row in (*self.findings.rows, *self.findings.turned)):
            raw = " | ".join(slot.text.strip() for slot in slots)
            message = f"values without a label that could be only one row: {raw}"
            self.findings.issues.append(Issue("row_without_label", message, numbers[0].locator))

    def _other(self, slots: Sequence[Slot], place: tuple[int, int]) -> None:
        """Words of no form: pieces of a header, a caption, a piece of a row's label, or a row that no form has."""
        self._recent = [*self._recent[-_RECENT:], *(slot.text for slot in slots if self._labels.is_label(slot.text))]
        name = self._context
        self._plain = slots
        at = max(i for i, slot in enumerate(slots) if self._labels.is_label(slot.text))
        numbers = [slot for slot in slots[at + 1 :] if self._words.values.is_number(slot.text)]
        if name is None or not numbers:
            return
        above = self.findings.rows[-1] if self.findings.rows else None
        if above is not None and above.table == name and above.code is not None:
            subtotal = self._labels.subtotal(slots[at].text, (name, above.code))
            if subtotal is not None:
                self._row(slots, at, subtotal, place)
                return
        if name in self._begun and self._labels.is_piece(name, slots[at].text):
            self._data(slots[at + 1 :], place, label=slots[at].text)
            return
        if name in self._begun or name in self._words.blocks:
            raw = " | ".join(slot.text for slot in slots)
            self.findings.issues.append(Issue("unknown_row", f"a row that no form has: {raw}", slots[at].locator))
            if name in self._begun:
                self.findings.unknown.append((name, raw, slots[at]))
