"""The header of a matrix: its columns by their words, over one to three lines.

The order of the columns is taken from the lines, so exchanged columns are read as they stand. One lost word is filled
in when it can be only one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.forms.labels import Quality, fold, is_words
from parsers.forms.templates import MatrixTable
from parsers.tables.headers.broken import match_cut_column
from parsers.tables.headers.order import Pair, group_by_parent, order_codes, pair_neighbours
from parsers.tables.headers.other_columns import (
    LUMP,
    Children,
    Lump,
    MatrixWords,
    OtherColumn,
    add_to_parent,
    find_lump,
    find_strays,
    find_subtotals,
    says_none_of,
)
from parsers.tables.model import Column, Header, Lines, Slot
from parsers.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class _Others:
    """The columns of a header that no form has, and the parents with them."""

    subtotals: Mapping[Slot, OtherColumn]
    lump: Lump | None
    strays: Mapping[Slot, OtherColumn]
    children: Children

    def at(self, slot: Slot) -> OtherColumn | None:
        return self.subtotals.get(slot) or self.strays.get(slot)


@dataclass(frozen=True, slots=True)
class _Printed:
    """What the lines of a header print.

    Attributes:
        places: where the word for each column stands, and how well it can be read.
        before: which columns stand left of which.
    """

    places: Mapping[str, tuple[Slot, Quality]]
    before: Sequence[Pair]


def read_matrix_header(name: str, table: MatrixTable, lines: Lines, vocabulary: Vocabulary) -> Header | None:
    """Return the columns of a matrix from its header lines; None when they cannot be told.

    Args:
        name: of the table in the forms.
        table: the form's own.
        lines: the header's, from above.
        vocabulary: all forms' words.
    """
    words = MatrixWords(name, table, vocabulary)
    kept = [drop_repeated_cells(line, ()) for line in lines]
    named = {match.key[1] for line in kept for slot in line for match in words.match_columns(slot)}
    others = _find_others(kept, named, words)
    first = next((slot for line in lines for slot in line), None)
    if others is None or first is None:
        return None
    printed = _read_lines(kept, named, others, words)
    missing = [column.code for column in table.columns if column.code not in printed.places]
    if others.lump is not None:
        missing = [code for code in missing if code not in others.lump.parts]
    wanted = _place_others(table, others, printed.before)
    order = order_codes(wanted, printed.before)
    # The place of a column whose word is lost is known where all others stand in the form's order.
    if order is None or len(missing) > 1 or (missing and order != wanted):
        return None
    return Header(tuple(_make_columns(order, printed, others, table, first)))


def _find_others(lines: Lines, named: set[str], words: MatrixWords) -> _Others | None:
    """The columns that no form has; None where one of them may stand in the place of a column that is lost."""
    columns = words.table.columns
    # Subtotals first: a parent with a subtotal under it is no lump, and a stray beside a subtotal is under its parent.
    children: Children = group_by_parent(columns)
    subtotals = find_subtotals(lines, children, words)
    for subtotal in subtotals.values():
        children = add_to_parent(children, subtotal)
    unnamed = [column.code for column in columns if column.code not in named]
    lump = find_lump(lines, unnamed, children, words)
    strays = find_strays(lines, subtotals, children, words)
    if not set(unnamed) <= set(lump.parts if lump is not None else ()):
        if any(says_none_of(slot, columns, named) for slot in strays):
            # One column is another than the form's, and one of the form's is lacking: which of them is where is not
            # said.
            return None
        strays = {}
    for stray in strays.values():
        children = add_to_parent(children, stray)
    return _Others(subtotals, lump, strays, children)


def _read_lines(lines: Lines, named: set[str], others: _Others, words: MatrixWords) -> _Printed:
    lost = [column for column in words.table.columns if column.code not in named]
    places: dict[str, tuple[Slot, Quality]] = {}
    for slot, column in (*others.subtotals.items(), *others.strays.items()):
        places[column.code] = (slot, "exact")
    if others.lump is not None:
        places[LUMP] = (others.lump.slot, "exact")
    before: list[Pair] = []
    for line in lines:
        cells: list[tuple[str, ...]] = []
        for slot in line:
            if (other := others.at(slot)) is not None:
                cells.append((other.code,))
                continue
            matches = words.match_columns(slot)
            if not matches and (cut := match_cut_column(slot, lost, words.name)):
                matches = [cut]
            for match in matches:
                places.setdefault(match.key[1], (slot, match.quality))
                cells.append((match.key[1],))
            cells += [others.children[parent.key[1]] for parent in words.match_parents(slot)]
        before += [pair for pair in pair_neighbours(cells) if pair[0] != pair[1]]
    if others.lump is not None:
        replace = others.lump.replace
        before = [(replace(left), replace(right)) for left, right in before]
    return _Printed(places, before)


def _place_others(table: MatrixTable, others: _Others, before: Sequence[Pair]) -> list[str]:
    """The form's columns in its order, with those that no form has where they are printed."""
    wanted = [column.code for column in table.columns]
    for subtotal in others.subtotals.values():
        wanted.insert(wanted.index(subtotal.parts[-1]) + 1, subtotal.code)
    if others.lump is not None:
        first, last = others.lump.parts[0], others.lump.parts[-1]
        wanted[wanted.index(first) : wanted.index(last) + 1] = [LUMP]
    for stray in others.strays.values():
        left_of_it = [left for left, right in before if right == stray.code and left in wanted]
        place = max(map(wanted.index, left_of_it), default=len(wanted) - 1)
        wanted.insert(place + 1, stray.code)
    return wanted


def _make_columns(
    order: Sequence[str], printed: _Printed, others: _Others, table: MatrixTable, first: Slot
) -> list[Column]:
    """The columns in printed order; one whose word is lost stands, as far as is known, where the header begins."""
    parts_of = {subtotal.code: subtotal.parts for subtotal in others.subtotals.values()}
    known = {column.code for column in table.columns}
    columns: list[Column] = []
    for code in order:
        if code not in known:
            slot, _ = printed.places[code]
            columns.append(Column((), slot, subtotal=parts_of.get(code, ()), lump=code == LUMP))
        elif code in printed.places:
            columns.append(Column((code,), *printed.places[code]))
        else:
            columns.append(Column((code,), first, "cut", inferred=True))
    return columns


def prints_total_first(name: str, table: MatrixTable, lines: Lines, vocabulary: Vocabulary) -> bool:
    """Whether a header prints the total, alone in its line, before all other columns."""
    words = MatrixWords(name, table, vocabulary)
    for line in lines:
        named = [match.key[1] for slot in line for match in words.match_columns(slot)]
        if named:
            return named == [table.total]
    return False


def drop_repeated_cells(slots: Sequence[Slot], above: Sequence[Slot]) -> list[Slot]:
    """Return a header line without what a converter repeated in it: a merged cell's text in every cell it covered.

    A neighbour to the right with the same text is the same cell, and so is the one below, where the line has others.
    """
    # Two lines of as many words: every merged cell was written out. Lines that are honest have different numbers.
    written_out = sum(is_words(slot.text) for slot in slots) == sum(is_words(slot.text) for slot in above)
    over = {slot.column: fold(slot.text) for slot in above} if written_out else {}
    new = [slot for slot in slots if not slot.text.strip() or over.get(slot.column) != fold(slot.text)]
    if not any(slot.text.strip() for slot in new):
        new = list(slots)
    kept: list[Slot] = []
    for slot in new:
        last = kept[-1] if kept else None
        if last is not None and last.end == slot.column and slot.text.strip() and fold(last.text) == fold(slot.text):
            kept[-1] = Slot(last.text, last.locator, last.column, last.span + slot.span)
        else:
            kept.append(slot)
    return kept
