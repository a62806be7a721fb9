"""Several rows in one: labels one below the other in one cell, and as many values in each cell beside it.

Editors merge the rows of a group and part them by line breaks. Such a row is read as the rows that it prints where its
label is whole labels of the forms, and every cell behind it has just as many lines; else it stays as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from parsers.tables.model import NumberedLine, Slot
from parsers.tables.vocabulary import Vocabulary


def broken_rows(lines: Sequence[NumberedLine], words: Vocabulary) -> tuple[list[NumberedLine], list[Slot]]:
    """The rows of a table, those in one row parted; and the labels of the rows that were parted."""
    found: list[NumberedLine] = []
    parted: list[Slot] = []
    for number, slots in lines:
        at = next((i for i in range(len(slots) - 1) if "\n" in slots[i].text and _labels(slots[i].text, words)), None)
        rows = _rows(slots, at, words) if at is not None else None
        if rows is None or at is None:
            found.append((number, slots))
        else:
            found += [(number, row) for row in rows]
            parted.append(slots[at])
    return found, parted


def _labels(text: str, words: Vocabulary) -> list[str]:
    """The labels of rows that a cell holds, one below the other, each in one line or several; none if not all are."""
    found: list[str] = []
    begun = ""
    for line in text.strip().split("\n"):
        begun += line
        if words.rows.exact(begun):
            found.append(begun)
            begun = ""
    return found if not begun.strip() and len(found) > 1 else []


def _rows(slots: Sequence[Slot], at: int, words: Vocabulary) -> list[list[Slot]] | None:
    labels = _labels(slots[at].text, words)
    behind = [_values(slot.text, len(labels)) for slot in slots[at + 1 :]]
    if any(cells is None or not all(map(words.values.could_be, cells)) for cells in behind):
        return None
    rows = []
    for number, label in enumerate(labels):
        values = [cells[number] for cells in behind if cells is not None]
        texts = [label, *values]
        own = [
            dataclasses.replace(slot, text=text, printed=slot.text)
            for slot, text in zip(slots[at:], texts, strict=True)
        ]
        rows.append([*slots[:at], *own])
    return rows


def _values(text: str, count: int) -> list[str] | None:
    """As many values as there are labels: one a line, or nothing for any; None where there are others."""
    if not text.strip():
        return [""] * count
    lines = text.strip("\n").split("\n")
    return lines if len(lines) == count else None
