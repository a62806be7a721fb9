"""Numbers whose thousands are set apart by a full blank (10 849), where the document's own sums say that they are one.

Two numbers in one cell look the same. So such cells are joined in a row whose values then add up to the last of them;
and elsewhere in a document (tables without sums) only where several rows prove the habit, hardly any contradicts it,
and no number of its tables has four digits that touch. Thin blanks are read by `parsers.forms.values` as they are.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from parsers.document import Document, Table
from parsers.forms.values import ValueReader
from parsers.tables.model import NumberedLine, Slot

_MARKS = "[¹²³⁰⁴-⁹₀-₉①-⑳*]{0,2}"  # of footnotes
_GROUPED = re.compile(rf"\s*[1-9]\d{{0,2}}(?:[ \xa0\u2000-\u2004]\d{{3}})+{_MARKS}\s*")
_BLANK = re.compile(r"(?<=\d)[ \xa0\u2000-\u2004](?=\d{3})")
_UNGROUPED = re.compile(r"\s*(?!20\d\d\s*$)[1-9]\d{3,}\s*")
_LONGEST = 20  # characters of a cell with one number
_LEAST_VALUES = 3  # in a row whose last is the sum of the others
_LEAST_PROOFS = 2  # rows that show the habit of a document
_PROOFS_EACH = 4  # for every row that contradicts it


class GroupedNumbers:
    """What a document's tables say of blanks within their numbers."""

    def __init__(self, document: Document, values: ValueReader) -> None:
        self._values = values
        tables = [block for block in document.blocks if isinstance(block, Table) and not block.ragged]
        texts = [cell.text for table in tables for cell in table.cells if len(cell.text) <= _LONGEST]
        self._occur = any(map(_GROUPED.fullmatch, texts))
        self._habit = self._occur and not any(map(_UNGROUPED.fullmatch, texts)) and self._has_habit(tables)

    def joined(self, lines: Sequence[NumberedLine], *, ragged: bool) -> list[NumberedLine]:
        """The lines, numbers in one piece where they are one; each cell keeps what it prints."""
        if ragged or not self._occur:
            return list(lines)
        return [
            (number, [_joined(slot) for slot in slots] if self._is_one_each(slots) else slots)
            for number, slots in lines
        ]

    def _is_one_each(self, slots: Sequence[Slot]) -> bool:
        texts = [slot.text for slot in slots]
        if not any(map(_GROUPED.fullmatch, texts)):
            return False
        adds_up = self._adds_up(texts)
        return adds_up is True or (adds_up is None and self._habit)

    def _has_habit(self, tables: Sequence[Table]) -> bool:
        proofs = contradictions = 0
        for table in tables:
            found = [self._adds_up([cell.text for cell in row]) for row in table.rows()]
            if any(found):
                proofs += found.count(True)
                contradictions += found.count(False)
        return proofs >= max(_LEAST_PROOFS, _PROOFS_EACH * contradictions)

    def _adds_up(self, texts: Sequence[str]) -> bool | None:
        """Whether the last values of a row with such a number are a sum and what it sums; None where it has no sum."""
        values: list[int] = []
        for text in reversed(texts):
            value = self._values.read(_BLANK.sub("", text)) if len(text) <= _LONGEST else None
            if value is None or value.status not in {"number", "blank"}:
                break
            values.append(int(value.number or 0))
        if len(values) < _LEAST_VALUES or not any(map(_GROUPED.fullmatch, texts)):
            return None
        if sum(values[1:]) == values[0]:
            return True
        # A row of several sums (reviews and suits) says nothing either way.
        return None if len(values) > 2 * _LEAST_VALUES + 1 else False


def _joined(slot: Slot) -> Slot:
    if not _GROUPED.fullmatch(slot.text):
        return slot
    return dataclasses.replace(slot, text=_BLANK.sub("", slot.text), printed=slot.raw)
