"""Rows in the tables of a document: which line is a header, which a row of what, which cells are its values.

One pass in reading order. A row is what its own label says; a line of values without a label is kept for
`parsers.tables.binding.lost_labels`.
"""

from __future__ import annotations

from parsers.document import Document, Text
from parsers.forms.labels import Match, fold, is_bare_ordinal
from parsers.record import Issue
from parsers.tables.grid.above import Above
from parsers.tables.grid.group_sums import HeadingRow, named_groups, read_sum
from parsers.tables.grid.header_lines import HeaderLines
from parsers.tables.grid.matrix_headers import MatrixHeaders
from parsers.tables.grid.record_rows import RecordRows
from parsers.tables.grid.row_labels import RowLabels
from parsers.tables.grid.table_lines import TableLine, TablePreparer
from parsers.tables.grid.transposed import Turned
from parsers.tables.grid.upright_blocks import UprightBlocks
from parsers.tables.left_out.captions import leave_out_other_years
from parsers.tables.model import Findings, Row
from parsers.tables.vocabulary import RowKey, Vocabulary


def find_rows(document: Document, vocabulary: Vocabulary) -> Findings:
    """Return what the table blocks of a document hold.

    Args:
        document: blocks of any format.
        vocabulary: all forms' words.
    """
    preparer = TablePreparer(document, vocabulary)
    reader = _LineReader(vocabulary)
    findings = reader.findings
    for index, block in enumerate(document.blocks):
        if isinstance(block, Text):
            reader.above.pass_text(block)
            preparer.pass_text(block.text)
            continue
        table = preparer.prepare_table(block, index)
        findings.issues += table.issues
        findings.left_out.update(table.no_values)
        reader.above.begin_table()
        for region in table.regions:
            findings.issues += region.issues
            findings.left_out.update(region.left_out)
            for line in region.lines:
                reader.read_line(line)
        reader.above.end_table()
    reader.end_document()
    leave_out_other_years(document, findings, vocabulary, preparer.years)
    return findings


class _LineReader:
    """Reads the lines of a document's tables one after the other."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self._labels = RowLabels(vocabulary)
        self.above = Above()
        self.findings = Findings()
        self._upright = UprightBlocks(vocabulary)
        self._headings: list[HeadingRow] = []
        self._records = RecordRows(vocabulary, self._labels, self.above)
        self._headers = HeaderLines(vocabulary, self.above, self._records)
        self._matrix_headers = MatrixHeaders(vocabulary, self.above)
        self._turned = {name: Turned(name, vocabulary) for name in vocabulary.matrices}

    def read_line(self, line: TableLine) -> None:
        """Take in one line. What it can be is asked in an order: a line is the first of these that it is."""
        labels = [at for at, slot in enumerate(line.slots) if self._labels.is_label(slot.text)]
        self._note_decisive_words(line, labels)
        if not labels:
            self._read_values(line)
            return
        upright = self._upright.read(line)
        if upright is not None:
            self.above.table = upright.table
            self.findings.rows.append(upright)
            return
        # Tables in other layouts first: their headers and rows hold labels of the form's rows and columns as well.
        if self._takes_turned_line(line, labels[-1]) or self._takes_record_row(line, labels[-1]):
            return
        if self._headers.take_line(line):
            return
        if self._records.has_words_for_values(line.slots):
            self._read_values(line)
            return
        found = self._labels.find(line.slots, self.above.table, self.above.begun, self.above.header)
        if found is None:
            self._read_foreign_line(line, labels[-1])
            return
        at, match = found
        if match is None:
            self._read_values(line.without(at + 1), label=line.slots[at].text)
        else:
            self._read_row(line, at, match)

    def _note_decisive_words(self, line: TableLine, labels: list[int]) -> None:
        """Note words that only one form has: they say which form the document is of."""
        for at in labels:
            folded = fold(line.slots[at].text)
            if folded in self._words.decisive:
                self.findings.words.add(folded)

    def _takes_turned_line(self, line: TableLine, label_at: int) -> bool:
        """Take the line in if it is of a matrix that is turned round: a header line, or a row."""
        slots = line.slots
        values = slots[label_at + 1 :]
        has_number = any(self._words.values.is_number(slot.text) for slot in slots)
        for name, turned in self._turned.items():
            if not has_number and turned.take(slots):
                self.above.table = None
                return True
            found = turned.row(slots[: label_at + 1]) if values else None
            if found is None:
                continue
            match, header = found
            # A row of blanks is one where it has a cell for every column.
            if has_number or len(values) >= len(header.columns):
                row = line.make_row(name, match.key[1], header, label_at=label_at, quality=match.quality)
                self.findings.turned.append(row)
                return True
        return False

    def _takes_record_row(self, line: TableLine, label_at: int) -> bool:
        """Take the line in if it is a row of a record that its own labels name."""
        if label_at == len(line.slots) - 1:
            return self._records.begins_block(line.slots)
        row = self._records.read_labelled(line, label_at)
        if row is not None:
            self.findings.rows.append(row)
        return row is not None

    def _read_row(self, line: TableLine, at: int, match: Match[RowKey]) -> None:
        """A row that its label names."""
        name, code = match.key
        if name in self._words.matrices:
            header = self._matrix_headers.use_header(name, line, at)
        else:
            self.above.table = name
            header = self.above.header
        self.findings.rows.append(line.make_row(name, code, header, label_at=at, quality=match.quality))

    def _read_values(self, line: TableLine, label: str = "") -> None:
        """A line of values only: the record's row, or a row whose label is lost (but for a piece of it)."""
        first = next((at for at, slot in enumerate(line.slots) if slot.text.strip()), 0)
        if is_bare_ordinal(line.slots[first].text) and first + 1 < len(line.slots):
            line = line.without(first + 1)
        name = self.above.table
        blank = not any(slot.text.strip() for slot in line.slots)
        if name is not None and name in self._words.records:
            row = self._records.read_values(name, line, blank=blank)
            if row is not None:
                self.findings.rows.append(row)
            elif not blank:
                self._read_stray(line)
        elif blank:
            return
        elif name is not None and name in self.above.begun:
            self.findings.rows.append(line.make_row(name, None, self.above.header, label=label))
        else:
            self._read_loose_values(line)

    def _read_loose_values(self, line: TableLine) -> None:
        """Values below no table of a form: a record's row may be so, whose header is in pieces."""
        taken = False
        for record in self._words.records if len(line.slots) >= 2 else ():
            row = self._records.read_values(record, line, loose=True)
            if row is not None:
                self.findings.rows.append(row)
                taken = True
        if not taken:
            self._read_stray(line)

    def _read_stray(self, line: TableLine) -> None:
        """Values without a label behind the rows of a table: of which row they are is not said."""
        row = self._records.read_behind_lone(line)
        if row is not None:
            self.findings.rows.append(row)
            return
        numbers = [slot for slot in line.slots if self._words.values.is_number(slot.text)]
        rows = (*self.findings.rows, *self.findings.turned)
        if numbers and any(row.piece == line.place[0] for row in rows):
            raw = " | ".join(slot.text.strip() for slot in line.slots)
            message = f"values without a label that could be only one row: {raw}"
            self.findings.issues.append(Issue("row_without_label", message, numbers[0].locator))

    def _read_foreign_line(self, line: TableLine, label_at: int) -> None:
        """Words of no form: pieces of a header, a caption, a piece of a row's label, or a row that no form has."""
        slots = line.slots
        self.above.pass_words(slot.text for slot in slots if self._labels.is_label(slot.text))
        self.above.foreign_line = slots
        label = slots[label_at]
        name = self.above.table
        if name is None or not any(self._words.values.is_number(slot.text) for slot in slots[label_at + 1 :]):
            return
        last = self.findings.rows[-1] if self.findings.rows else None
        if last is not None and last.table == name and last.code is not None:
            subtotal = self._labels.subtotal(label.text, (name, last.code))
            if subtotal is not None:
                self._read_row(line, label_at, subtotal)
                return
        begun = name in self.above.begun
        if begun and self._labels.is_piece(name, label.text):
            self._read_values(line.without(label_at + 1), label=label.text)
        elif begun and self._labels.is_end_of_heading(name, label.text):
            self._read_values(line.without(label_at + 1))
        elif begun and (groups := named_groups(name, label.text, self._words)):
            self._headings.append(HeadingRow(name, groups, line, label_at, len(self.findings.rows)))
        elif begun or name in self._words.blocks:
            raw = " | ".join(slot.text for slot in slots)
            self.findings.issues.append(Issue("unknown_row", f"a row that no form has: {raw}", label.locator))
            if begun:
                self.findings.unknown.append((name, raw, label))

    def end_document(self) -> None:
        """Say what headings with values in their lines are: rows of sums, or rows that no form has."""
        sums: list[Row] = []
        for heading in self._headings:
            row = read_sum(heading, self.findings.rows, self._words)
            if row is not None:
                sums.append(row)
                continue
            message = f"a row that no form has: {heading.raw}"
            self.findings.issues.append(Issue("unknown_row", message, heading.label.locator))
            self.findings.unknown.append((heading.table, heading.raw, heading.label))
        self.findings.rows += sums
