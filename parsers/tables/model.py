"""What passes between the steps of reading tables."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from parsers.document import Locator
from parsers.forms.labels import Quality
from parsers.record import Figure, Issue

# How a row got its label: printed (three qualities), or by its place among labelled rows.
RowQuality = Literal["exact", "misspelt", "cut", "placed"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A printed cell on its way to a code: its text, where it stands, and the grid columns it covers.

    Attributes:
        shared: it is merged over several rows that have values; of which of them it is, is not said.
        printed: the whole cell as it stands in the document, where ``text`` is what it says, or one of its lines.
        across: of a number or a header in a line of text: where it begins and ends on a screen, by each way of counting
            widths.
    """

    text: str
    locator: Locator
    column: int = 0
    span: int = 1
    shared: bool = False
    printed: str | None = None
    across: tuple[tuple[float, float], ...] = ()

    @property
    def raw(self) -> str:
        """The cell as it stands in the document."""
        return self.text if self.printed is None else self.printed

    @property
    def end(self) -> int:
        """The grid column behind the cell."""
        return self.column + self.span

    @property
    def columns(self) -> range:
        """The grid columns that the cell covers."""
        return range(self.column, self.end)


NumberedLine = tuple[int, list[Slot]]
"""A line of a table: its number, and its cells from left to right."""

Lines = Sequence[Sequence[Slot]]
"""The lines of a header, from above; in each its cells from left to right."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the header prints it.

    Attributes:
        codes: what it can be (several only while reading ``blocks``); none: no form has it.
        subtotal: the columns that it sums up.
        lump: it stands for several columns of the form, none of which is printed.
        inferred: its header is nowhere printed; it is the only one of the form's that is lacking.
    """

    codes: tuple[str, ...]
    slot: Slot
    quality: Quality = "exact"
    subtotal: tuple[str, ...] = ()
    lump: bool = False
    inferred: bool = False


@dataclass(frozen=True)
class Header:
    """The columns of a table, left to right.

    Attributes:
        columns: as printed, in printed order.
        assumed: the printed header is broken; all its letters are there, so the form's order is taken. Numbers under
            it count only where the form's own identities prove them.
        lead: cells between the label and the first column in the header's own row.
        pad: empty cells at the end of that row.
        by_grid: of a matrix: other columns than the form's, known by where each word stands in the grid.
    """

    columns: tuple[Column, ...]
    assumed: bool = False
    lead: int | None = None
    pad: int = 0
    by_grid: bool = False

    @functools.cached_property
    def codes(self) -> tuple[str, ...]:
        """The only code of each column; empty where no form has it."""
        return tuple(column.codes[0] if column.codes else "" for column in self.columns)

    @functools.cached_property
    def starts(self) -> tuple[int, ...]:
        """The grid column in which each header begins."""
        return tuple(column.slot.column for column in self.columns)

    @property
    def lumped(self) -> bool:
        """Of a matrix: one column stands for several of the form (all organisations), and none of these is printed."""
        return any(column.lump for column in self.columns)


@dataclass(frozen=True)
class Row:
    """One row of values found in the document.

    Attributes:
        table: name of the table in the forms.
        code: row code (``record``: empty); None when its label is lost.
        label: the label as printed.
        slots: the cells behind the label, padding included.
        place: (block, line) in reading order.
        piece: rows of one piece were set together: their padding is alike.
        depth: column of the label in the line (-1: no label).
        ragged: set as text: rows may be padded on the right, and blanks may have been lost.
        run_together: the values are one run of digits.
        overrun: values of further rows, whose labels are lost, run on behind these.
        regular: the line is as wide as the lines of its table are.
        unit: the unit of amounts that the table, or what stands around it, says.
        counted: the same of counts, where they are printed in ten thousands (万件).
    """

    table: str
    code: str | None
    label: str
    slots: tuple[Slot, ...]
    place: tuple[int, int]
    piece: int = 0
    depth: int = -1
    header: Header | None = None
    quality: RowQuality = "exact"
    ragged: bool = False
    regular: bool = True
    run_together: bool = False
    overrun: bool = False
    unit: str | None = None
    counted: str | None = None

    @functools.cached_property
    def filled(self) -> tuple[bool, ...]:
        """For each cell whether anything stands in it."""
        return tuple(bool(slot.text.strip()) for slot in self.slots)

    @functools.cached_property
    def starts(self) -> tuple[int, ...]:
        """The grid column in which each cell begins."""
        return tuple(slot.column for slot in self.slots)

    def named(self, label: str) -> Row:
        """The row with another label than that right before its values."""
        return dataclasses.replace(self, label=label)


@dataclass(slots=True)
class Findings:
    """Everything the finders gathered, before binding.

    Attributes:
        rows: rows of the forms.
        turned: rows of matrices that are turned round: ``code`` is a column of the form, the header names its rows.
        issues: what was told on the way.
        words: words of the forms that were met in tables.
        unknown: rows that no form has.
        used: text blocks that were read as rows.
        left_out: where the cells of columns stand that are none of a form's, and told as such.
    """

    rows: list[Row] = field(default_factory=list)
    turned: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    unknown: list[tuple[str, str, Slot]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    left_out: set[Locator] = field(default_factory=set)

    def of(self, table: str) -> Iterator[Row]:
        """The rows of one table, in reading order."""
        return iter(sorted((row for row in self.rows if row.table == table), key=lambda row: row.place))


@dataclass(frozen=True, slots=True)
class TableReading:
    """The figures of a document's tables.

    Attributes:
        template: the form the tables are of; None when no table of any form was found.
        figures: one per code, in the forms' order.
        issues: what a person should know.
        places: table name -> index of the document's block where its first row stands.
        used: indices of text blocks whose lines were read as table rows.
        year: the year that the header of a list names over its figures.
        missing: tables of the form of which no cell was read.
    """

    template: str | None
    figures: tuple[Figure, ...]
    issues: tuple[Issue, ...]
    places: Mapping[str, int]
    used: frozenset[int]
    year: int | None = None
    missing: tuple[str, ...] = ()
