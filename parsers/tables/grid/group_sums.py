"""Headings over rows that are printed as rows of their own, with the sums of the rows below them.

``（三）不予公开 | 10 | 13 | ...`` above ``1.属于国家秘密`` is the group's printed subtotal where nothing else is
possible: every row of the group is printed below it, with a label as deep as its own, and adds up to it column by
column. A heading whose first row lost its label looks the same, and lacks a row below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from parsers.forms.templates import Group
from parsers.tables.grid.table_lines import TableLine
from parsers.tables.model import Row, Slot
from parsers.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A heading over rows with values in its line.

    Attributes:
        table: name of the table in the forms.
        groups: what the heading is in each form that has it.
        line: its own.
        label_at: the cell of the heading.
        before: how many rows were found above it.
    """

    table: str
    groups: tuple[Group, ...]
    line: TableLine
    label_at: int
    before: int

    @property
    def label(self) -> Slot:
        """The heading."""
        return self.line.slots[self.label_at]

    @property
    def raw(self) -> str:
        """The line as it is printed."""
        return " | ".join(slot.text for slot in self.line.slots)


def named_groups(table: str, text: str, words: Vocabulary) -> tuple[Group, ...]:
    """The groups of rows whose heading a label is, in all forms, where they have sums."""
    codes = {code for name, code in words.groups.exact(text) if name == table}
    groups = (group for form in words.matrices[table] for group in form.groups if group.code in codes)
    return tuple(group for group in groups if group.sum_of)


def read_sum(heading: HeadingRow, rows: Sequence[Row], words: Vocabulary) -> Row | None:
    """The subtotal that a heading's line is; None where it may be something else.

    Args:
        heading: with values in its line.
        rows: all rows of the document's tables, in reading order.
        words: all forms' words.
    """
    below = rows[heading.before :]
    for group in heading.groups:
        own: list[Row] = []
        for row in below:
            if row.table != heading.table or row.code not in group.sum_of:
                break
            own.append(row)
        if {row.code for row in own} != set(group.sum_of) or len(own) != len(group.sum_of):
            continue
        sums = heading.line.make_row(heading.table, group.code, own[0].header, label_at=heading.label_at)
        if all(row.depth == sums.depth for row in own) and _are_sums(sums, own, words):
            return sums
    return None


def _are_sums(sums: Row, rows: Sequence[Row], words: Vocabulary) -> bool:
    """Whether a row holds, column by column, what the others add up to."""
    columns = len(sums.header.columns) if sums.header is not None else 0
    numbers = [_numbers(row, words) for row in (sums, *rows)]
    if not columns or any(len(line) != columns for line in numbers):
        return False
    return all(column[0] == sum(column[1:], Decimal()) for column in zip(*numbers, strict=True))


def _numbers(row: Row, words: Vocabulary) -> list[Decimal]:
    read = [words.values.read(slot.text).number for slot in row.slots]
    return [number for number in read if number is not None]
