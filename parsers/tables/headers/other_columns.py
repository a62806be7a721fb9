"""Columns of a matrix that no form has: subtotals, one column for several, columns of another year.

Each gets a made-up code, so that the order of the columns can be told with it; its cells are no figures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from parsers.characters import strip_blanks
from parsers.forms.labels import Match, fold, is_words
from parsers.forms.templates import Label, MatrixTable
from parsers.tables.model import Lines, Slot
from parsers.tables.vocabulary import RowKey, Vocabulary

Children = Mapping[str, tuple[str, ...]]
"""The words over several columns, and the codes of the columns under each."""

LUMP = "lump"  # no column of a form has this code


@dataclass(frozen=True, slots=True)
class MatrixWords:
    """What header cells name of one matrix."""

    name: str
    table: MatrixTable
    vocabulary: Vocabulary

    def match_columns(self, slot: Slot) -> list[Match[RowKey]]:
        """The columns that a cell can be."""
        return [match for match in self.vocabulary.columns.find(slot.text) if match.key[0] == self.name]

    def match_parents(self, slot: Slot) -> list[Match[RowKey]]:
        """The words over several columns that a cell can be."""
        return [match for match in self.vocabulary.parents.find(slot.text) if match.key[0] == self.name]


@dataclass(frozen=True, slots=True)
class OtherColumn:
    """A column that no form has.

    Attributes:
        code: made up.
        parts: the columns of the form that it sums up, or beside which it stands under one parent.
    """

    code: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lump:
    """The one column that stands for all columns under a parent, none of which is printed."""

    slot: Slot
    parts: tuple[str, ...]

    def replace(self, code: str) -> str:
        """The column in which a code is printed."""
        return LUMP if code in self.parts else code


def add_to_parent(children: Children, other: OtherColumn) -> Children:
    """Return the parents with a column more under the one that has just the parts of ``other``."""
    return {parent: (*codes, other.code) if codes == other.parts else codes for parent, codes in children.items()}


def find_subtotals(lines: Lines, children: Children, words: MatrixWords) -> dict[Slot, OtherColumn]:
    """Return the header of the column that sums up those under one parent; nothing where several seem to be there.

    小计 among the columns of a parent; so is a word for the total there, where another one stands for the total itself.
    """
    sums = words.vocabulary.subtotals
    totals = [slot for line in lines for slot in line if fold(slot.text) in sums]
    found: dict[Slot, OtherColumn] = {}
    for line in lines:
        codes = {match.key[1] for slot in line for match in words.vocabulary.columns.find(slot.text)}
        has_first = words.table.columns[0].code in codes
        for parts in children.values():
            if len(codes.intersection(parts)) < 2:
                continue
            for slot in line:
                word = fold(slot.text)
                # The total's own word may be written out in every line that it covers; another word for it is another
                # sum, but for the last one of the line in which the form's first column stands: that is the total.
                is_another = word in sums and any(fold(total.text) != word for total in totals if total is not slot)
                is_total = has_first and (not totals or slot is totals[-1])
                if word == sums[0] or (is_another and not is_total):
                    found.setdefault(slot, OtherColumn(f"subtotal {len(found)}", parts))
    return found if len(found) <= 1 else {}


def find_lump(lines: Lines, unnamed: Collection[str], children: Children, words: MatrixWords) -> Lump | None:
    """Return the one column that stands for all columns under a parent, none of which is printed.

    Args:
        lines: the header's.
        unnamed: codes of columns that no cell names.
        children: the parents, and what is under each.
        words: of the matrix.
    """
    parents = [(slot, match.key[1]) for line in lines for slot in line for match in words.match_parents(slot)]
    if len(parents) != 1:
        return None
    slot, parent = parents[0]
    parts = children[parent]
    return Lump(slot, parts) if set(parts) <= set(unnamed) else None


def find_strays(
    lines: Lines, subtotals: Collection[Slot], children: Children, words: MatrixWords
) -> dict[Slot, OtherColumn]:
    """Return headers of columns that no form has (上年, beside columns that all are there).

    The parts of each are the columns of the parent under which it stands (none: under no parent).
    """
    found: dict[Slot, OtherColumn] = {}
    for line in lines:
        codes: set[str] = set()
        known: list[bool] = []
        for slot in line:
            columns = words.match_columns(slot)
            codes.update(match.key[1] for match in columns)
            known.append(bool(columns) or slot in subtotals or bool(words.match_parents(slot)))
        # What stands before the first known word is the corner of the table.
        first = known.index(True) if True in known else len(line)
        parts = next((parts for parts in children.values() if codes and codes <= set(parts)), ())
        for at in range(first, len(line)):
            slot = line[at]
            if not known[at] and is_words(slot.text):
                found[slot] = OtherColumn(f"stray {len(found)}", parts)
    return found


def says_none_of(slot: Slot, columns: Sequence[Label], named: AbstractSet[str]) -> bool:
    """Whether a header has no letter of any of the columns that no other header names."""
    lost: set[str] = set()
    for column in columns:
        if column.code not in named:
            lost.update(*map(strip_blanks, column.wordings))
    return lost.isdisjoint(strip_blanks(slot.text))
