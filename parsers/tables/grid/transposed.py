"""A matrix turned round: its rows as columns, its columns as rows (requests by outcome instead of by applicant).

A line that names several rows and holds no number is a header of such a table. Their order is taken from all header
lines, headings over rows standing for the rows under them; then each line of values says by its label which column of
the form it is.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

from parsers.forms.labels import Match, fold, is_words, ordinal
from parsers.tables.headers.order import order_codes
from parsers.tables.model import Column, Header, Row, Slot
from parsers.tables.vocabulary import RowKey, Vocabulary

_LEAST = 3  # rows, and headings over rows, that the first header line names
_MOST_LABELS = 2  # before the values of a row: its own, and the heading over it
_SHORT = 2  # letters of a label that other labels begin with too


class Turned:
    """The header of one turned matrix, line by line."""

    def __init__(self, name: str, vocabulary: Vocabulary) -> None:
        self._name = name
        self._words = vocabulary
        tables = vocabulary.matrices[name]
        self._rows = {row.code: row for table in tables for row in table.rows}
        self._long = {(name, row.code) for row in self._rows.values() if len(fold(row.zh)) > _SHORT}
        self._below: dict[str, set[str]] = {}  # the rows between the first and the last of a heading
        self._forms = [[row.code for row in table.rows] for table in tables]
        for table, order in zip(tables, self._forms, strict=True):
            for group in table.groups:
                own = [order.index(row.code) for row in table.rows if row.group == group.code]
                if own:
                    self._below.setdefault(group.code, set()).update(order[min(own) : max(own) + 1])
        self._lines: list[Sequence[Slot]] = []
        self._header: Header | None = None
        self._read = False

    def take(self, slots: Sequence[Slot]) -> bool:
        """Take a line without numbers in, if it is a header line."""
        goes_on = bool(self._lines) and not self._read and any(map(self._codes, slots))
        if not goes_on and not self._begins(slots):
            return False
        if self._read:
            self.forget()
        self._lines.append(slots)
        return True

    def _begins(self, slots: Sequence[Slot]) -> bool:
        rows = {key for slot in slots for key in self._words.rows.exact(slot.text)} & self._long
        groups = {key for slot in slots for key in self._words.groups.exact(slot.text) if key[0] == self._name}
        # （六）其他处理 before a row under it is its heading: this is a row of blanks, with its headings.
        only = [slot for slot in slots if not self._words.groups.exact(slot.text)]
        own = {key for slot in only for key in self._words.rows.exact(slot.text)}
        return len(rows & own) > 1 and len(rows | groups) >= _LEAST

    def forget(self) -> None:
        """Another table begins."""
        self._lines, self._header, self._read = [], None, False

    def row(self, labels: Sequence[Slot]) -> tuple[Match[RowKey], Header] | None:
        """Which column of the form a line of values is, and the rows of the form that its values are of."""
        if not self._lines or sum(is_words(slot.text) for slot in labels) > _MOST_LABELS:
            return None
        own = [match for match in self._words.columns.find(labels[-1].text) if match.key[0] == self._name]
        if len(own) != 1:
            return None
        if not self._read:
            self._header, self._read = self._columns(), True
        return (own[0], self._header) if self._header else None

    def _columns(self) -> Header | None:
        found: dict[str, Column] = {}
        for line in self._lines:
            for slot in line[1:] if self._is_corner(line) else line:
                for match in self._matches(slot):
                    if match.key[1] in found:
                        return None
                    found[match.key[1]] = Column((match.key[1],), slot, match.quality)
                if is_words(slot.text) and not self._codes(slot):
                    return None  # a column that no form has, or a label that is not readable
        named = {code for code in found if not self._below.get(code, set()) & found.keys()}
        wanted = next(([code for code in form if code in named] for form in self._forms if named <= set(form)), [])
        before: list[tuple[str, str]] = []
        for line in self._lines:
            tokens = [
                [code for name in self._codes(slot) for code in (self._below.get(name, set()) & set(wanted) or {name})]
                for slot in line
            ]
            for left, right in itertools.pairwise(token for token in tokens if token):
                before += [(a, b) for a in left for b in right if a != b]
        order = order_codes(wanted, before)
        return Header(tuple(found[code] for code in order)) if order and len(order) >= _LEAST else None

    def _is_corner(self, line: Sequence[Slot]) -> bool:
        return not self._codes(line[0])

    def _codes(self, slot: Slot) -> list[str]:
        """What a header cell names: a row, or a heading over rows."""
        groups = [match.key[1] for match in self._words.groups.find(slot.text) if match.key[0] == self._name]
        return list(dict.fromkeys([*(match.key[1] for match in self._matches(slot)), *groups]))

    def _matches(self, slot: Slot) -> list[Match[RowKey]]:
        matches = [match for match in self._words.rows.find(slot.text) if match.key[0] == self._name]
        if len(fold(slot.text)) > _SHORT:
            return matches
        printed = ordinal(slot.text)
        return [match for match in matches if printed in {"", ordinal(self._rows[match.key[1]].zh)}]


def trimmed(rows: Sequence[Row]) -> list[Row]:
    """Rows of one header without the empty cells that all of them have before and behind their values."""
    filled = [[bool(slot.text.strip()) for slot in row.slots] for row in rows]
    length = max(map(len, filled))
    used = [at for at in range(length) if any(at < len(line) and line[at] for line in filled)]
    if not used or any(len(line) != length for line in filled):
        return list(rows)
    spare = length - len(rows[0].header.columns) if rows[0].header else 0
    # Only as many cells as there are too many, and at the end first: that is where lines are padded.
    behind = min(max(0, spare), length - 1 - used[-1])
    before = min(max(0, spare - behind), used[0])
    return [dataclasses.replace(row, slots=row.slots[before : length - behind]) for row in rows]
