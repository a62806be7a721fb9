"""All forms' labels in one place: what a printed label can be, whichever form it comes from.

Rows are read as what they say they are, not as what the form of the year would have there: documents mix forms. So the
lexicons join the tables of the same name over all forms; the newest form comes first where order matters.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping

from parsers.forms.contrasts import Contrasts
from parsers.forms.labels import Lexicon, fold, is_words
from parsers.forms.templates import BlockCell, BlocksTable, ListTable, MatrixTable, RecordTable, Templates
from parsers.forms.values import ValueReader
from parsers.remembered import remembered
from parsers.tables.units import CountWords, UnitWords

RowKey = tuple[str, str]  # (table, row code)
_SHORT = 3


class Vocabulary:
    """Lexicons over all forms.

    Attributes:
        rows: row labels of blocks and matrices.
        groups: headings over rows of matrices.
        lists: row labels of lists, by (form, table).
        columns: column headers of matrices and records.
        block_columns: column headers of blocks; keys are cell codes.
        record_blocks: headers over the columns of records.
        record_cells: block and column in one label; keys are cell codes.
        is_label: whether a cell holds words, and no word for nothing.
        knows: whether a folded text is a label of any form, word by word.
    """

    def __init__(self, templates: Templates) -> None:
        self.templates = templates
        self.values = ValueReader(templates.reading.values)
        self.units = frozenset(fold(unit) or unit for unit in templates.reading.units)
        self.column_letters = frozenset(fold(word) or word for word in templates.reading.column_letters)
        self.ordinal_columns = frozenset(fold(word) or word for word in templates.reading.ordinal_columns)
        self.other_numbers = templates.reading.other_numbers
        self.year_columns = frozenset(map(fold, templates.reading.year_columns))
        self.other_columns = re.compile("|".join(templates.reading.other_columns) or r"(?!)")
        self.caption_last_year = re.compile(templates.reading.captions.last_year)
        self.caption_tables = {name: re.compile(said) for name, said in templates.reading.captions.tables.items()}
        self.quantities = frozenset(map(fold, templates.reading.quantities))
        counters = "|".join(map(re.escape, templates.reading.values.counters))
        self._counted = re.compile(
            rf"(?<!\s)\s*+[（(\[【](?:单位(?:为|是|[:：])?)?万?(?:{counters})(?:[、/，,](?:{counters}))*[)）\]】]\s*+$"
        )
        self.blocks: dict[str, list[BlocksTable]] = {}
        self.matrices: dict[str, list[MatrixTable]] = {}
        self.records: dict[str, list[RecordTable]] = {}
        self.list_tables: dict[tuple[str, str], ListTable] = {}
        for name, _, table in templates.tables("blocks"):
            self.blocks.setdefault(name, []).append(table)
        for name, _, table in templates.tables("matrix"):
            self.matrices.setdefault(name, []).append(table)
        for name, _, table in templates.tables("record"):
            self.records.setdefault(name, []).append(table)
        for name, form, table in templates.tables("list"):
            self.list_tables[form.template, name] = table
        self.money = UnitWords(templates.reading.values.money)
        self.counts = CountWords(templates.reading.values.counters)
        self.contrasts = Contrasts([list(map(fold, group)) for group in templates.reading.contrasts])
        self.rows: Lexicon[RowKey] = Lexicon(self._rows(), self.contrasts)
        self.groups: Lexicon[RowKey] = Lexicon(
            ((name, group.code), group.wordings)
            for name, tables in self.matrices.items()
            for table in tables
            for group in table.groups
        )
        self.subtotals = tuple(fold(word) for word in templates.reading.subtotals)
        self.columns: Lexicon[RowKey] = Lexicon(self._columns(), self.contrasts)
        self.parents: Lexicon[RowKey] = Lexicon(self._parents(), self.contrasts)
        self.block_columns: Lexicon[str] = Lexicon(
            ((cell.code, cell.wordings) for cell in self._block_cells()), self.contrasts
        )
        self.cut_columns: Lexicon[str] = Lexicon((cell.code, cell.cut) for cell in self._block_cells())
        self.record_blocks: Lexicon[RowKey] = Lexicon(
            ((name, block.code), (*block.wordings, *(f"{block.parent}{w}" for w in block.wordings if block.parent)))
            for name, tables in self.records.items()
            for table in tables
            for block in table.blocks
        )
        self.record_cells: Lexicon[RowKey] = Lexicon(self._record_cells(), self.contrasts)
        self.lists: dict[tuple[str, str], Lexicon[str]] = {
            key: Lexicon(((row.code, row.wordings) for row in table.rows), self.contrasts)
            for key, table in self.list_tables.items()
        }
        self.markers = {fold(marker) for tables in self.blocks.values() for table in tables for marker in table.markers}
        self.corners = {
            fold(corner): name for name, tables in self.matrices.items() for table in tables for corner in table.corner
        }
        self.cells: dict[str, BlockCell] = {cell.code: cell for cell in self._block_cells()}
        self.row_cells: dict[RowKey, tuple[str, ...]] = {}
        for name, tables in self.blocks.items():
            for table in tables:
                for row in table.rows:
                    known = self.row_cells.get((name, row.code), ())
                    new = tuple(cell.code for cell in row.cells if cell.code not in known)
                    self.row_cells[name, row.code] = (*known, *new)
        self.is_label: Callable[[str], bool] = remembered(self._is_label)
        self.knows: Callable[[str], bool] = remembered(self._knows)
        self.units_of: dict[str, str | None] = dict(self._units())
        self.decisive = {fold(word): form.template for form in templates.forms.values() for word in form.decisive}

    def _is_label(self, text: str) -> bool:
        return is_words(text) and not self.values.could_be(text)

    def _knows(self, folded: str) -> bool:
        keyed = (self.rows, self.columns, self.record_blocks, self.record_cells, self.groups)
        coded = (self.block_columns, *self.lists.values())
        return any(each.exact(folded) for each in keyed) or any(each.exact(folded) for each in coded)

    def uncounted(self, text: str) -> str:
        """A header without what is counted in brackets behind it: ``数量（件）`` is 数量."""
        return self._counted.sub("", text)

    def width(self, name: str) -> int:
        """How many columns a matrix has."""
        return len(self.matrices[name][0].columns)

    @functools.cached_property
    def order(self) -> Mapping[str, int]:
        """Code -> its place in printed order (newest form first)."""
        forms = sorted(self.templates.forms.values(), key=lambda form: -form.years.get("from", 0))
        codes = [code for form in forms for code in form.codes()]
        return {code: index for index, code in reversed(list(enumerate(codes)))}

    def _rows(self) -> Iterable[tuple[RowKey, tuple[str, ...]]]:
        for name, blocks in self.blocks.items():
            for block in blocks:
                for row in block.rows:
                    yield (name, row.code), row.wordings
        for name, matrices in self.matrices.items():
            for matrix in matrices:
                for line in matrix.rows:
                    yield (name, line.code), line.wordings

    def _columns(self) -> Iterable[tuple[RowKey, tuple[str, ...]]]:
        for name, matrices in self.matrices.items():
            for matrix in matrices:
                for column in matrix.columns:
                    yield (name, column.code), column.wordings
        for name, records in self.records.items():
            for record in records:
                for column in record.columns:
                    yield (name, column.code), column.wordings

    def _parents(self) -> Iterable[tuple[RowKey, tuple[str, ...]]]:
        for name, matrices in self.matrices.items():
            for matrix in matrices:
                for column in matrix.columns:
                    if column.parent:
                        yield (name, column.parent), (column.parent,)
        for name, records in self.records.items():
            for record in records:
                for block in record.blocks:
                    if block.parent:
                        yield (name, block.parent), (block.parent,)

    def _record_cells(self) -> Iterable[tuple[RowKey, tuple[str, ...]]]:
        for name, records in self.records.items():
            for record in records:
                for block in record.blocks:
                    over = (*block.wordings, *(f"{block.parent}{word}" for word in block.wordings if block.parent))
                    for column in record.columns:
                        code = record.code.format(row=block.code, column=column.code)
                        yield (name, code), tuple(f"{a}{b}" for a in over for b in column.wordings)

    def _units(self) -> Iterable[tuple[str, str | None]]:
        yield from ((cell.code, cell.unit) for cell in self._block_cells())
        for matrices in self.matrices.values():
            for matrix in matrices:
                for line in matrix.rows:
                    yield from ((matrix.code.format(row=line.code, column=c.code), line.unit) for c in matrix.columns)
                unit = matrix.rows[0].unit
                for group in matrix.groups:
                    yield from ((matrix.code.format(row=group.code, column=c.code), unit) for c in matrix.columns)
        for records in self.records.values():
            for record in records:
                yield from ((code, record.unit) for code in record.codes())
        for table in self.list_tables.values():
            yield from ((row.code, row.unit) for row in table.rows)

    def _block_cells(self) -> Iterable[BlockCell]:
        for tables in self.blocks.values():
            for table in tables:
                for row in table.rows:
                    yield from row.cells


@functools.lru_cache(maxsize=4)
def _vocabulary(identity: int, holder: _Holder) -> Vocabulary:  # noqa: ARG001 - the identity is the cache's key
    return Vocabulary(holder.templates)


class _Holder:
    """Lets templates, which hold dictionaries, be a cached argument."""

    def __init__(self, templates: Templates) -> None:
        self.templates = templates

    def __hash__(self) -> int:
        return id(self.templates)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.templates is self.templates


def vocabulary(templates: Templates) -> Vocabulary:
    """The vocabulary of ``templates``; built once for each."""
    return _vocabulary(id(templates), _Holder(templates))
