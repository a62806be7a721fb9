"""Columns that number the rows, and rows that number the columns: no values, and no part of a form.

Statistics forms print 行次 behind the labels, and 甲 乙 1 2 3 below the header. A column is one of numbers where its
header says so, or where it counts from one without a gap through a long table; what it holds must count in any case. A
row is one where all of it counts: letters of columns and then numbers one after the other, or many numbers alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from parsers.characters import plain, strip_blanks
from parsers.forms.labels import fold, is_words
from parsers.remembered import remembered
from parsers.tables.model import NumberedLine, Slot
from parsers.tables.vocabulary import Vocabulary

_LEAST_ROWS = 3  # with a number each, under a header that says what it is
_LEAST_UNNAMED = 8  # rows that count from one, where no header says that they do
_LEAST_COLUMNS = 5  # that count from one, where no letters stand before them
_MOST_DIGITS = 3


def drop_numbering(
    lines: Sequence[NumberedLine], words: Vocabulary, *, ragged: bool
) -> tuple[list[NumberedLine], list[Slot]]:
    """The lines of a table without what only numbers its rows and columns; and what was taken away.

    Args:
        lines: of a table, from above.
        words: all forms' words.
        ragged: the table is set as text: its cells stand in no columns.
    """
    kept: list[NumberedLine] = []
    dropped: list[Slot] = []
    last = max((at for at, (_, slots) in enumerate(lines) if any(map(_holds_digit, slots))), default=-1)
    for at, line in enumerate(lines):
        if _numbers_columns(line[1], words, is_last=at == last):
            dropped += line[1]
        else:
            kept.append(line)
    counting = _find_in_rows(kept, words) if ragged else _find_in_grid(kept, words)
    if counting:
        dropped += counting
        places = {slot.locator for slot in counting}
        kept = [(number, [slot for slot in slots if slot.locator not in places]) for number, slots in kept]
    return [line for line in kept if line[1]], dropped


def _numbers_columns(slots: Sequence[Slot], words: Vocabulary, *, is_last: bool) -> bool:
    """Whether a row numbers the columns: 甲 乙 1 2 3, or 1 2 3 4 5 6 7 alone, with values below them."""
    said = [slot.text for slot in slots if slot.text.strip()]
    letters = list(itertools.takewhile(lambda text: fold(text) in words.column_letters, said))
    numbers = [_count(text) for text in said[len(letters) :]]
    if not numbers or None in numbers or not (letters or (len(numbers) >= _LEAST_COLUMNS and not is_last)):
        return False
    counted = [number for number in numbers if number is not None]
    return _goes_on(counted) and (bool(letters) or counted[0] == 1)


def _find_in_grid(lines: Sequence[NumberedLine], words: Vocabulary) -> list[Slot]:
    """The cells of a grid's column that numbers the rows, behind the first column."""
    columns: dict[int, list[Slot]] = {}
    for _, slots in lines:
        for slot in slots:
            if slot.span == 1 and slot.column > 0 and slot.text.strip():
                columns.setdefault(slot.column, []).append(slot)
    for column, cells in columns.items():
        heads = [slot for slot in cells if fold(slot.text) in words.ordinal_columns]
        numbers = [_count(slot.text) for slot in cells if slot not in heads]
        counted = [number for number in numbers if number is not None]
        if heads and None not in numbers and len(counted) >= _LEAST_ROWS and _rises(counted):
            return cells
        behind_labels = not heads and counted[:1] == [1] and len(counted) >= _LEAST_UNNAMED and _goes_on(counted)
        if behind_labels and _stand_first(column, lines) and all(_count(c.text) or is_words(c.text) for c in cells):
            return [slot for slot in cells if _count(slot.text) is not None]
    return []


def _find_in_rows(lines: Sequence[NumberedLine], words: Vocabulary) -> list[Slot]:
    """The cells of a table set as text that number its rows: the first behind each label, where a header says so."""
    heads = [slot for _, slots in lines for slot in slots if fold(slot.text) in words.ordinal_columns]
    if not heads or any(slots[0] in heads for _, slots in lines):
        return []
    first: list[Slot] = []
    for _, slots in lines:
        last = max((at for at, slot in enumerate(slots) if is_words(slot.text)), default=-1)
        behind = [slot for slot in slots[last + 1 :] if slot.text.strip()]
        if last >= 0 and any(map(_holds_digit, behind)):
            first.append(behind[0])
    numbers = [_count(slot.text) for slot in first]
    counted = [number for number in numbers if number is not None]
    if None in numbers or len(counted) < _LEAST_ROWS or not _goes_on(counted):
        return []
    return [*heads, *first]


def _stand_first(column: int, lines: Sequence[NumberedLine]) -> bool:
    """Whether only words and blanks stand left of a column, and every row with numbers has one in it."""
    for _, slots in lines:
        numbers = [slot for slot in slots if _holds_digit(slot) and not is_words(slot.text)]
        if numbers and numbers[0].column != column:
            return False
    return True


def _holds_digit(slot: Slot) -> bool:
    return _has_digit(slot.text)


@remembered
def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


@remembered
def _count(text: str) -> int | None:
    """A number as rows and columns are counted: 1, or (1)."""
    bare = strip_blanks(plain(text)).strip("()")
    return int(bare) if bare.isdecimal() and len(bare) <= _MOST_DIGITS and not bare.startswith("0") else None


def _goes_on(numbers: Sequence[int]) -> bool:
    return all(after == before + 1 for before, after in itertools.pairwise(numbers))


def _rises(numbers: Sequence[int]) -> bool:
    """Whether numbers rise; below each header of a table of several they may begin anew."""
    return all(after > before or after == 1 for before, after in itertools.pairwise(numbers)) and max(numbers) > 1
