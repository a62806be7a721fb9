"""A record laid out in other ways than the form's: by its labels, wherever they stand.

The form prints one line of values under blocks of columns. Portals also print the blocks one below the other, in tables
of their own, as rows under one line of columns, the outcomes as rows under the blocks, or one value a row. In each of
them a value belongs to one block and one outcome, and both are named: before it in its line, or in the header above.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsers.forms.labels import Quality, is_words
from parsers.forms.templates import RecordTable
from parsers.tables.headers.order import order_codes
from parsers.tables.model import Column, Header, Lines, Slot
from parsers.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class _Word:
    """What a label of a record names: a cell, or its block or outcome alone, or a heading over blocks."""

    kind: str  # cell | block | parent | outcome
    keys: tuple[str, ...]
    slot: Slot
    quality: Quality


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line of a record that its own labels name.

    Attributes:
        header: the cells that it has, left to right.
        block: the block it names, which holds for the lines below that name none.
    """

    header: Header
    block: str | None = None


class RecordWords:
    """Reads labels of one record."""

    def __init__(self, name: str, table: RecordTable, vocabulary: Vocabulary) -> None:
        self._name = name
        self._table = table
        self._vocabulary = vocabulary
        self._wanted = [column.code for column in table.columns]

    def labelled(self, lines: Lines, labels: Sequence[Slot], block: str | None) -> Labelled | None:
        """The cells of a line of values.

        Args:
            lines: the header lines above it.
            labels: the labels before its values.
            block: the block that the lines above were of.
        """
        words = list(self._words(labels))
        if not words or words[-1].slot is not labels[-1]:
            return None  # the label next to the values is none of the record's
        own, before = words[-1], words[:-1]
        if any(word.kind not in {"block", "parent"} for word in before):
            return None
        named = [word.keys[0] for word in before if word.kind == "block"]
        if own.kind == "cell":
            return Labelled(Header((Column(own.keys, own.slot, own.quality),)))
        if own.kind in {"block", "parent"}:
            outcomes = self._outcomes(lines)
            whole = len(outcomes) == len(self._wanted)
            if own.kind == "parent":  # suits that are not parted by how they began: no cells of the form
                header = Header(tuple(_of_none(own.slot, outcome) for outcome in outcomes), by_grid=True)
            else:
                header = dataclasses.replace(self._header(own.keys, outcomes, own), by_grid=not whole)
            return Labelled(header) if outcomes else None
        if own.kind == "outcome":
            blocks = named[-1:] or self._blocks(lines) or ([block] if block else [])
            outcome = Column(own.keys, own.slot, own.quality)
            return Labelled(self._header(blocks, [outcome], own), named[-1] if named else None) if blocks else None
        return None

    def only_block(self, slots: Iterable[Slot]) -> str | None:
        """The block that ``slots`` name, when they name nothing else of the record."""
        words = list(self._words(slots))
        only = bool(words) and all(word.kind in {"block", "parent"} for word in words)
        return words[-1].keys[0] if only and words[-1].kind == "block" else None

    def kind(self, slot: Slot) -> str | None:
        """What a label names: cell, block, parent or outcome; None when it is none of the record's."""
        word = next(self._words([slot]), None)
        return word.kind if word else None

    def knows_all(self, slots: Sequence[Slot]) -> bool:
        """Whether every label among ``slots`` is one of the record's."""
        return len(list(self._words(slots))) == sum(is_words(slot.text) for slot in slots)

    def single(self, line: Sequence[Slot]) -> Header | None:
        """A header of one line whose words name block and outcome together."""
        words = list(self._words(line))
        keys = [word.keys[0] for word in words]
        known = len(words) == sum(is_words(slot.text) for slot in line)
        if not words or not known or len(set(keys)) != len(keys) or any(word.kind != "cell" for word in words):
            return None
        return Header(tuple(Column(word.keys, word.slot, word.quality) for word in words), lead=0)

    def _header(self, blocks: Sequence[str], outcomes: Sequence[Column], own: _Word) -> Header:
        return Header(
            tuple(
                Column(
                    (self._table.code.format(row=block, column=outcome.codes[0]),),
                    own.slot if len(outcomes) == 1 else outcome.slot,
                    outcome.quality if own.quality == "exact" else own.quality,
                )
                for block in blocks
                for outcome in outcomes
            )
        )

    def _outcomes(self, lines: Lines) -> list[Column]:
        """The outcomes that the header names once each, in printed order; empty when it names others among them."""
        for line in reversed(lines):
            words = [word for word in self._words(line) if word.kind == "outcome"]
            if words:
                codes = [word.keys[0] for word in words]
                if sorted(codes) != sorted(self._wanted) and not _only(words, line):
                    return []
                return [Column(word.keys, word.slot, word.quality) for word in words]
        return []

    def _blocks(self, lines: Lines) -> list[str]:
        """The blocks that the header names, in printed order, where it names no outcomes."""
        found: list[str] = []
        before: list[tuple[str, str]] = []
        for line in lines:
            words = list(self._words(line))
            if any(word.kind in {"outcome", "cell"} for word in words):
                return []
            found += [word.keys[0] for word in words if word.kind == "block"]
            for left, right in itertools.pairwise(words):
                before += [(a, b) for a in left.keys for b in right.keys if a != b]
        order = order_codes([block.code for block in self._table.blocks], before)
        if order is None or len(set(found)) != len(found):
            return []
        return [block for block in order if block in found]

    def _words(self, slots: Iterable[Slot]) -> Iterator[_Word]:
        vocabulary = self._vocabulary
        children: dict[str, tuple[str, ...]] = {}
        for block in self._table.blocks:
            if block.parent:
                children[block.parent] = (*children.get(block.parent, ()), block.code)
        for slot in slots:
            if not is_words(slot.text):
                continue
            lexicons = (
                ("cell", vocabulary.record_cells),
                ("block", vocabulary.record_blocks),
                ("parent", vocabulary.parents),
                ("outcome", vocabulary.columns),
            )
            for kind, lexicon in lexicons:
                match = next((m for m in lexicon.find(slot.text) if m.key[0] == self._name), None)
                if match is not None:
                    keys = children[match.key[1]] if kind == "parent" else (match.key[1],)
                    yield _Word(kind, keys, slot, match.quality)
                    break


def _only(words: Sequence[_Word], line: Sequence[Slot]) -> bool:
    """Whether a header line holds different outcomes, at least two, side by side, and nothing else but its corner."""
    places = [at for at, slot in enumerate(line) if any(slot is word.slot for word in words)]
    told = [at for at, slot in enumerate(line) if slot.text.strip()]
    beside = (
        places == list(range(places[0], places[-1] + 1))
        and places[-1] == told[-1]
        and sum(at < places[0] for at in told) <= 1
    )
    exact = all(word.quality == "exact" for word in words)
    return beside and exact and len({word.keys for word in words}) == len(words) > 1


def _of_none(block: Slot, outcome: Column) -> Column:
    """A column of no form, as its block and outcome are printed."""
    said = f"{block.text.strip()} {outcome.slot.text.strip()}"
    return Column((), dataclasses.replace(outcome.slot, text=said))
