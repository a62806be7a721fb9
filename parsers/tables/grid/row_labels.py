"""The label of a line: which row of which form it names, and in which cell it stands."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Collection, Sequence

from parsers.forms.labels import Match, fold, is_rest_of, ordinal
from parsers.remembered import remembered
from parsers.tables.model import Header, Slot
from parsers.tables.vocabulary import RowKey, Vocabulary

_BEGUN = 2  # letters with which a row's label begins, where the columns say which rows it can be
_PIECE = 4  # letters of a row's label that say at least something

_REMARK = re.compile(r"(?<=.)[（(][^（）()\d]*[㐀-鿿][^（）()\d]*[）)]\s*$")


def _unremarked(text: str) -> str:
    """A label without the remark in brackets behind it."""
    return _REMARK.sub("", text.strip())


class RowLabels:
    """Finds row labels in lines of cells."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self.is_label = vocabulary.is_label
        self._exact_keys = _keys_by_text(vocabulary)
        self._context: str | None = None
        self._begun: Collection[str] = ()
        self._header: Header | None = None

    def find(
        self, slots: Sequence[Slot], context: str | None, begun: Collection[str], header: Header | None = None
    ) -> tuple[int, Match[RowKey] | None] | None:
        """The deepest row label of a line, and where it stands; no match: a label is there, but whose it is is lost.

        Labels stand before the values; the last of them is the row's own, those before it are headings.

        Args:
            slots: the line.
            context: the table that the lines above are of.
            begun: tables whose rows have begun.
            header: the columns that hold there.
        """
        self._context, self._begun, self._header = context, begun, header
        zone = [i for i, slot in enumerate(slots[: self._first_value(slots)]) if self.is_label(slot.text)]
        found: tuple[int, Match[RowKey]] | None = None
        for exact in (True, False):
            for index in zone:
                match = self._row_match(slots[index].text, index, slots, exact=exact)
                if match is not None:
                    found = (index, match)
            if found is not None:
                break
            found = self._joined_label(slots, zone)
            if found is not None:
                return found
        if found is None:
            return None
        behind = [index for index in zone if index > found[0]]
        if behind:
            name = found[1].key[0]
            near = self._row_match(slots[behind[-1]].text, behind[-1], slots, exact=False)
            if near is not None and near.key[0] == name:
                return behind[-1], near
            # Words nobody knows behind a label: the row's own label where enough cells follow, else a remark.
            if name in self._words.matrices and len(slots) - 1 - behind[-1] >= self._words.width(name):
                return behind[-1], None
        return found

    def _joined_label(self, slots: Sequence[Slot], zone: Sequence[int]) -> tuple[int, Match[RowKey]] | None:
        """A label that stands in two cells."""
        for left, right in itertools.pairwise(zone):
            keys = self._words.rows.exact(slots[left].text + slots[right].text) if right == left + 1 else ()
            if keys and right < len(slots) - 1:
                return right, Match(next((key for key in keys if key[0] == self._context), keys[0]), "exact")
        return None

    def _first_value(self, slots: Sequence[Slot]) -> int:
        values = self._words.values
        return next((i for i, slot in enumerate(slots) if slot.text.strip() and values.could_be(slot.text)), len(slots))

    def _row_match(self, text: str, index: int, slots: Sequence[Slot], *, exact: bool) -> Match[RowKey] | None:
        if exact:
            matches = self._exact_keys(text)
        else:
            if self._words.groups.exact(text):
                return None
            matches = self._words.rows.find(text) or self._begun_row(text)
        here = [match for match in matches if match.key[0] == self._context]
        match = next(iter(here or matches), None)
        if match is None or index == len(slots) - 1:
            return None
        if match.key[0] in self._words.matrices and all(self.is_label(slot.text) for slot in slots[index + 1 :]):
            return None  # nothing but words: a header that no form has
        if len(fold(text)) <= 2 and self._is_homonym(text) and not self._stands_as_row(match.key, text, slots[index:]):
            return None
        return match

    def _begun_row(self, text: str) -> tuple[Match[RowKey], ...]:
        """A row of a small table whose label a page cut off early: the columns above leave one row that begins so."""
        name, folded = self._context or "", fold(text)
        if self._header is None or name not in self._words.blocks or len(folded) < _BEGUN:
            return ()
        above = {code for column in self._header.columns for code in column.codes}
        found = {
            row.code
            for table in self._words.blocks[name]
            for row in table.rows
            if above.intersection(self._words.row_cells[name, row.code])
            and any(fold(word).startswith(folded) for word in row.wordings)
        }
        return (Match((name, found.pop()), "cut"),) if len(found) == 1 else ()

    def subtotal(self, text: str, above: RowKey) -> Match[RowKey] | None:
        """``小计`` alone: the sum of the group that the row above it belongs to."""
        if fold(text) not in self._words.subtotals[:1]:
            return None
        name, code = above
        for table in self._words.matrices.get(name, ()):
            group = next((row.group for row in table.rows if row.code == code), None)
            if any(known.code == group and known.sum_of for known in table.groups):
                return Match((name, group or ""), "exact")
        return None

    def _is_homonym(self, text: str) -> bool:
        return bool(self._words.columns.exact(text))

    def _stands_as_row(self, key: RowKey, text: str, rest: Sequence[Slot]) -> bool:
        """``总计`` and ``其他`` are rows as well as columns: a row has its table begun, or values or an ordinal."""
        begun = key[0] in self._begun and self._context == key[0]
        return begun and (bool(ordinal(text)) or any(not self.is_label(slot.text) for slot in rest[1:]))

    def is_end_of_heading(self, name: str, text: str) -> bool:
        """Whether words are the end of a heading over rows, which a page or a narrow column broke off (不予 | 公开)."""
        folded = fold(text)
        headings = [fold(word) for table in self._words.matrices[name] for g in table.groups for word in g.wordings]
        return len(folded) >= _BEGUN and any(word.endswith(folded) and word != folded for word in headings)

    def is_piece(self, name: str, text: str) -> bool:
        """Whether words are what is left of some row's label: its inner part, or most of it without some letters."""
        folded = fold(text)
        wordings = [fold(word) for table in self._words.matrices[name] for row in table.rows for word in row.wordings]
        return len(folded) >= _PIECE and any(
            folded in word or (2 * len(folded) >= len(word) and is_rest_of(folded, word)) for word in wordings
        )


@functools.lru_cache(maxsize=4)
def _keys_by_text(words: Vocabulary) -> Callable[[str], tuple[Match[RowKey], ...]]:
    """The rows that a label is word by word, with or without a unit, the heading above it, or a remark behind it."""

    def find(text: str) -> tuple[Match[RowKey], ...]:
        keys = words.rows.exact(text) or words.rows.exact(words.money.without(text))
        keys = keys or _with_group(text, words) or words.rows.exact(_unremarked(text))
        return tuple(Match(key, "exact") for key in keys)

    return remembered(find)


def _with_group(text: str, words: Vocabulary) -> tuple[RowKey, ...]:
    """A row label with the heading above it in the same cell."""
    folded = fold(text)
    for name, tables in words.matrices.items():
        for table in tables:
            for group in table.groups:
                for wording in group.wordings:
                    start = fold(wording)
                    if folded.startswith(start) and len(folded) > len(start) + 1:
                        rest = folded[len(start) :]
                        if group.sum_of and rest in words.subtotals:
                            return ((name, group.code),)
                        keys = words.rows.exact(rest) or words.rows.exact(rest[1:])
                        if keys:
                            return tuple(key for key in keys if key[0] == name)
    return ()
