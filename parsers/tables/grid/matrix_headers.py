"""The columns that hold for a row of a matrix: as its header lines print them, by the grid, or as the form has them."""

from __future__ import annotations

from parsers.tables.grid.above import Above
from parsers.tables.grid.table_lines import TableLine
from parsers.tables.headers.broken import assume_header
from parsers.tables.headers.by_grid import fill_blank_heads, read_matrix_by_grid, read_quantity_header, stands_below
from parsers.tables.headers.matrices import read_matrix_header
from parsers.tables.model import Header, Lines
from parsers.tables.vocabulary import Vocabulary


class MatrixHeaders:
    """Gives the rows of matrices their columns."""

    def __init__(self, vocabulary: Vocabulary, above: Above) -> None:
        self._words = vocabulary
        self._above = above

    def use_header(self, name: str, line: TableLine, label_at: int) -> Header | None:
        """Return the columns of a row, and note that its header has been used.

        Args:
            name: of the table in the forms.
            line: the row's.
            label_at: the cell of its label.
        """
        above = self._above
        lines = above.lines.get(name)
        known = above.headers.get(name)
        if lines:
            header = self._read_header(name, lines, line, label_at)
            # Below columns that are known, lines that are in pieces or none of a header say nothing better.
            if known is None or (header is not None and not header.assumed):
                above.headers[name] = header
            above.lines[name] = []
        elif known is None and name not in above.begun:
            above.headers[name] = self._read_header(name, [], line, label_at)
        above.begun.add(name)
        above.end_header(name)
        return above.headers.get(name)

    def _read_header(self, name: str, lines: Lines, line: TableLine, label_at: int) -> Header | None:
        words, above = self._words, self._above
        table = words.matrices[name][0]
        values = line.slots[label_at + 1 :]
        header = read_matrix_header(name, table, lines, words) if lines else None
        if header is not None and header.lumped and line.ragged and len(values) == len(table.columns):
            header = None  # no lump: the headers of the single columns are in pieces
        exact = header is not None and all(column.quality == "exact" for column in header.columns)
        if header is None or not exact or len(values) != len(header.columns):
            if lines:
                found = read_matrix_by_grid(name, table, lines, words, ragged=line.ragged)
            else:
                found = read_quantity_header(table, above.foreign_line, words)
            same = found is not None and header is not None and found.codes == header.codes
            if found is not None and not same and stands_below(values, found):
                return found
        if header is None and not line.ragged:
            header = fill_blank_heads(name, table, lines, words)
        if header is None:
            printed = ["".join(slot.text for slot in slots) for slots in lines]
            text = "\n".join([*above.recent, *printed])
            codes = [column.code for column in table.columns]
            header = assume_header(codes, table.columns, text, line.slots[label_at])
        return header
