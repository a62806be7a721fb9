"""The header of a small table: ``信息内容 | 本年制发件数 | ...``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from parsers.forms.labels import Match, Quality, fold, is_words
from parsers.remembered import remembered
from parsers.tables.model import Column, Header, Slot
from parsers.tables.vocabulary import Vocabulary


def read_block_header(slots: Sequence[Slot], vocabulary: Vocabulary, *, ragged: bool) -> Header | None:
    """Return the columns that a line is the header of; None when it is none.

    Args:
        slots: the line.
        vocabulary: all forms' words.
        ragged: the line is one of text, which may be padded at its end.
    """
    marker = next((at for at, slot in enumerate(slots) if fold(slot.text) in vocabulary.markers), None)
    behind = slots if marker is None else slots[marker + 1 :]
    columns: list[Column] = []
    begun = marker is not None
    for slot in behind:
        column = read_block_column(slot, vocabulary)
        begun = begun or bool(column.codes) or vocabulary.block_columns.opposes(slot.text)
        if begun:
            columns.append(column)
    # Empty cells at the end of a line of text are padding; in a grid they are headers that were lost.
    pad = 0
    while ragged and columns and not columns[-1].codes and not columns[-1].slot.text.strip():
        columns.pop()
        pad += 1
    if not any(column.codes for column in columns):
        # A header whose words are all of other columns ends the reign of the one above it.
        opposed = marker is not None or any(vocabulary.block_columns.opposes(slot.text) for slot in slots)
        if not opposed or not any(is_words(column.slot.text) for column in columns):
            return None
    return Header(tuple(columns), lead=0, pad=pad)


def read_block_column(slot: Slot, vocabulary: Vocabulary) -> Column:
    """Return what one header of a small table says; it can be several columns, or none."""
    codes, quality = _columns_by_text(vocabulary)(slot.text)
    return Column(codes, slot, quality)


@functools.lru_cache(maxsize=4)
def _columns_by_text(vocabulary: Vocabulary) -> Callable[[str], tuple[tuple[str, ...], Quality]]:
    """What a header's words say, and how well they can be read."""

    def read(text: str) -> tuple[tuple[str, ...], Quality]:
        matches = _match_columns(text, vocabulary) if is_words(text) else ()
        if matches:
            return tuple(match.key for match in matches), matches[0].quality
        return vocabulary.cut_columns.exact(text), "cut"

    return remembered(read)


def _match_columns(text: str, vocabulary: Vocabulary) -> tuple[Match[str], ...]:
    """The columns that a header can be, whatever unit stands behind its words."""
    matches = vocabulary.block_columns.find(text)
    if matches and matches[0].quality == "exact":
        return matches
    bare = vocabulary.uncounted(vocabulary.money.without(text))
    return tuple(Match(key, "exact") for key in vocabulary.block_columns.exact(bare)) or matches
