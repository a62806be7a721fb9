"""Rows of small tables to figures: each row of such a table has columns of its own."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.forms.labels import fold
from parsers.tables.binding.figures import Figures
from parsers.tables.binding.row_ways import fill_merged, find_blank_end, find_ways
from parsers.tables.model import Column, Header, Row
from parsers.tables.vocabulary import Vocabulary


class BlockBinder:
    """Binds the rows of the small tables of one document."""

    def __init__(self, vocabulary: Vocabulary, out: Figures) -> None:
        self._words = vocabulary
        self._out = out

    def bind_row(self, row: Row, rows: Sequence[Row]) -> None:
        """Give the cells of a row their codes, or tell why not.

        Args:
            row: the row.
            rows: all rows of its table.
        """
        header = row.header
        if header is None:
            if any(self._words.values.is_number(slot.text) for slot in row.slots):
                self._out.tell("header_missing", f"{row.label}: values without column headers", row)
            return
        codes = self._find_codes(row, header)
        self._out.tell_label(row)
        if row.piece < 0 and self._lacks_columns(row, codes):
            self._out.tell("header_cut", f"{row.label}: column headers are lost, and no cell says under which", row)
            self._out.unreadable(row, [code for code in codes if code])
            return
        count = _count_columns(header, codes)
        pad = header.pad + len(codes) - count
        codes, columns = codes[:count], header.columns[:count]
        row = fill_merged(row, count, self._words.values)
        if row.run_together:
            named = [code for code in codes if code]
            if len(named) == count:
                self._out.cut(row, named, None)
            return
        ways = find_ways(row, count, lead=header.lead, sure=True, padded=len(row.slots) <= count + pad)
        self._out.tell_blank_end(row, find_blank_end(row, ways, rows))
        self._out.emit(row, codes, columns, ways, None)

    def _find_codes(self, row: Row, header: Header) -> list[str | None]:
        """The code of each printed column for this row; None where the row has no such cell."""
        cells = self._words.row_cells[row.table, row.code or ""]
        options: list[list[str]] = []
        found: list[str | None] = []
        open_columns: list[int] = []
        for index, column in enumerate(header.columns):
            choice = [code for code in cells if code in column.codes]
            options.append(choice)
            found.append(choice[0] if len(choice) == 1 else None)
            if len(choice) > 1 or not column.codes:
                open_columns.append(index)
        if open_columns:
            resolved = self._resolve_columns(row, options, found, open_columns, header.columns)
            for index, code in resolved.items():
                found[index] = code
            if resolved:
                message = f"{row.label}: column headers are cut or lost; they can be only these"
                self._out.tell("header_cut", message, row)
        for column, named in zip(header.columns, found, strict=True):
            if named and column.quality != "exact" and column.codes:
                message = f"the column header {column.slot.text.strip()} is misspelt"
                self._out.tell("header_misspelt", message, row)
        return found

    def _resolve_columns(
        self,
        row: Row,
        options: Sequence[Sequence[str]],
        found: Sequence[str | None],
        open_columns: Sequence[int],
        columns: Sequence[Column],
    ) -> dict[int, str]:
        """Codes of cut or lost column headers, when the form leaves one choice in its printed order."""
        if sum(not options[index] for index in open_columns) > 1:
            return {}
        known = {code for code in found if code}
        answers: set[tuple[str, ...]] = set()
        for codes in self._rows_of_forms(row):
            left = [code for code in codes if code not in known]
            if len(codes) != len(columns) or not known <= set(codes) or len(left) != len(open_columns):
                continue
            pairs = zip(open_columns, left, strict=True)
            if all(self._may_be(code, options[index], columns[index]) for index, code in pairs):
                answers.add(tuple(left))
        if len(answers) != 1:
            return {}
        return dict(zip(open_columns, answers.pop(), strict=True))

    def _rows_of_forms(self, row: Row) -> list[list[str]]:
        """The cells of a row in each form that has it."""
        tables = self._words.blocks[row.table]
        lines = [line for table in tables for line in table.rows if line.code == row.code]
        return [[cell.code for cell in line.cells] for line in lines]

    def _may_be(self, code: str, options: Sequence[str], column: Column) -> bool:
        """Whether an open column can be that of a code: it is one of its options, or nothing in its words says other.

        What is printed over a column can be what is left of a header, as long as it does not contradict it.
        """
        if options:
            return code in options
        folded = fold(column.slot.text)
        return not any(self._words.contrasts.differ(folded, fold(word)) for word in self._words.cells[code].wordings)

    def _lacks_columns(self, row: Row, columns: Sequence[str | None]) -> bool:
        """Whether a header in running text, where lost words and blank cells leave no trace, is that of no form."""
        known = {code for code in columns if code}
        return not any(known <= set(codes) and len(codes) <= len(columns) for codes in self._rows_of_forms(row))


def _count_columns(header: Header, codes: Sequence[str | None]) -> int:
    """How many columns there are: empty headers at the end that could not be told are none.

    What stands under them is a cell too many.
    """
    count = len(header.columns)
    while count > 1 and codes[count - 1] is None and not header.columns[count - 1].slot.text.strip():
        count -= 1
    return count
