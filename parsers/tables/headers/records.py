"""The header of a record: blocks in printed order, each with its own order of columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.forms.labels import Lexicon, Match, is_words
from parsers.forms.templates import RecordTable
from parsers.tables.headers.order import Pair, group_by_parent, order_codes, pair_neighbours
from parsers.tables.model import Column, Header, Lines, Slot
from parsers.tables.vocabulary import RowKey, Vocabulary


@dataclass(frozen=True, slots=True)
class _HeaderLine:
    """What one line of a record's header names.

    Attributes:
        blocks: the blocks, from left to right.
        over: for each word over columns the blocks that it is, or stands over.
        columns: the columns; None for words that are no column.
    """

    blocks: tuple[str, ...]
    over: tuple[tuple[str, ...], ...]
    columns: tuple[Column | None, ...]


def read_record_header(
    name: str, table: RecordTable, lines: Lines, vocabulary: Vocabulary, *, whole: bool = True
) -> Header | None:
    """Return the columns of a record from its header lines; None when they cannot be told.

    Args:
        name: of the table in the forms.
        table: the form's own.
        lines: the header's, from above.
        vocabulary: all forms' words.
        whole: every block must be there; where the record was set in parts, only those that are named.
    """
    wanted = [column.code for column in table.columns]
    columns_of: dict[str, list[Column]] = {}
    waiting: list[str] = []  # blocks that are named, and whose columns stand in a line below
    before: list[Pair] = []
    for slots in lines:
        line = _read_line(slots, name, table, vocabulary)
        before += pair_neighbours(line.over)
        for block in line.blocks:
            if block not in waiting and block not in columns_of:  # a heading names them too
                waiting.append(block)
        # A line may hold the columns of a block named above it and, beside them, the names of the next blocks.
        groups, rest = divmod(len(line.columns), len(wanted))
        if rest or groups > len(waiting):
            return None
        for number in range(groups):
            first = number * len(wanted)
            columns = _complete_columns(line.columns[first : first + len(wanted)], wanted)
            if columns is None:
                return None
            columns_of[waiting.pop(0)] = columns
    order = order_codes([block.code for block in table.blocks], before)
    if order is None or waiting or not columns_of:
        return None
    if whole and any(block not in columns_of for block in order):
        return None
    found: list[Column] = []
    for block in order:
        for column in columns_of.get(block, ()):
            code = table.code.format(row=block, column=column.codes[0])
            found.append(Column((code,), column.slot, column.quality))
    return Header(tuple(found), lead=_count_wordless(lines[0]), pad=_count_wordless(lines[0][::-1]))


def _read_line(slots: Sequence[Slot], name: str, table: RecordTable, vocabulary: Vocabulary) -> _HeaderLine:
    children = group_by_parent(table.blocks)
    blocks: list[str] = []
    over: list[tuple[str, ...]] = []
    columns: list[Column | None] = []
    for slot in slots:
        if block := _match(vocabulary.record_blocks, slot, name):
            blocks.append(block.key[1])
            over.append((block.key[1],))
        elif parent := _match(vocabulary.parents, slot, name):
            over.append(children[parent.key[1]])
        elif column := _match(vocabulary.columns, slot, name):
            columns.append(Column((column.key[1],), slot, column.quality))
        elif is_words(slot.text):
            columns.append(None)
    return _HeaderLine(tuple(blocks), tuple(over), tuple(columns))


def _match(lexicon: Lexicon[RowKey], slot: Slot, name: str) -> Match[RowKey] | None:
    return next((match for match in lexicon.find(slot.text) if match.key[0] == name), None)


def _complete_columns(columns: Sequence[Column | None], wanted: Sequence[str]) -> list[Column] | None:
    """The columns of one block; a single unreadable one is the one that is left."""
    known = [column for column in columns if column is not None]
    codes = [column.codes[0] for column in known]
    left = [code for code in wanted if code not in codes]
    if len(set(codes)) != len(codes) or len(left) != len(columns) - len(known) or len(left) > 1:
        return None
    return [column or Column((left[0],), known[0].slot, "cut") for column in columns]


def _count_wordless(slots: Sequence[Slot]) -> int:
    """How many cells stand before the first words of a line; none where it has no words."""
    return next((at for at, slot in enumerate(slots) if is_words(slot.text)), 0)
