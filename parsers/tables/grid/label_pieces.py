"""Labels that were wrapped around the line of their values, in tables of lines without rules.

Where a label needs more lines than one, its values stand beside the first, the middle or the last of them, or between
two. The pieces above and below a line of values are put together where they are, letter by letter, the label of a row.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

from parsers.forms.labels import fold, is_words
from parsers.tables.model import NumberedLine, Slot
from parsers.tables.vocabulary import Vocabulary

_MOST = 4  # lines of a label above or below its values
_SURE = 4  # letters of a label that are the end of no other
_NUMBERS = 2  # values of a row


def with_whole_labels(lines: Sequence[NumberedLine], words: Vocabulary) -> list[NumberedLine]:
    """The lines of a table, pieces of labels put together before the values that they belong to.

    Args:
        lines: the numbers of a table's lines, and their cells.
        words: the labels of all forms.
    """
    whole: dict[int, list[Slot]] = {}
    taken: set[int] = set()
    for at, (_, slots) in enumerate(lines):
        own = _own(slots, words)
        if own is None:
            continue
        above = list(itertools.takewhile(lambda i: i not in taken and _is_piece(lines[i][1], words), _up(at)))
        below = list(itertools.takewhile(lambda i: _is_piece(lines[i][1], words), _down(at, len(lines))))
        ways = itertools.product(range(len(above) + 1), range(len(below) + 1))
        found = [way for way in ways if _is_label(lines, above[: way[0]], own, below[: way[1]], words)]
        if not found:
            continue
        up, down = max(found, key=sum)  # 公开 is a row's label, too, and the end of another
        pieces = [*reversed(above[:up]), at, *below[:down]]
        texts = _texts(lines, above[:up], own, below[:down])
        label = Slot("\n".join(texts), lines[pieces[0]][1][0].locator)
        values = slots[1:] if own else slots
        whole[at] = [label, *(dataclasses.replace(slot, column=n) for n, slot in enumerate(values, start=1))]
        taken.update(set(pieces) - {at})
    return [(number, whole.get(at, slots)) for at, (number, slots) in enumerate(lines) if at not in taken]


def _texts(lines: Sequence[NumberedLine], above: Sequence[int], own: str, below: Sequence[int]) -> list[str]:
    """The pieces of a label from the first to the last; ``above`` counts upwards from the values."""
    return [
        *(lines[i][1][0].text for i in reversed(above)),
        *filter(None, [own]),
        *(lines[i][1][0].text for i in below),
    ]


def _is_label(
    lines: Sequence[NumberedLine], above: Sequence[int], own: str, below: Sequence[int], words: Vocabulary
) -> bool:
    texts = _texts(lines, above, own, below)
    return len(texts) > 1 and bool(words.rows.exact("".join(texts)))


def _up(at: int) -> range:
    return range(at - 1, max(-1, at - 1 - _MOST), -1)


def _down(at: int, count: int) -> range:
    return range(at + 1, min(count, at + 1 + _MOST))


def _own(slots: Sequence[Slot], words: Vocabulary) -> str | None:
    """The piece of a label that stands before the values of a line, "" where none does; None: it needs no other."""
    values = slots[1:] if is_words(slots[0].text) else slots
    numbers = sum(words.values.is_number(slot.text) for slot in values)
    if numbers < _NUMBERS or not all(words.values.could_be(slot.text) for slot in values):
        return None
    own = "" if values is slots else slots[0].text
    return None if len(fold(own)) >= _SURE and words.rows.exact(own) else own


def _is_piece(slots: Sequence[Slot], words: Vocabulary) -> bool:
    """Whether a line is nothing but words, and no row or heading by itself."""
    filled = [slot for slot in slots if slot.text.strip()]
    alone = len(filled) == 1 and filled[0] is slots[0] and is_words(slots[0].text)
    return alone and not words.values.could_be(slots[0].text) and not words.groups.exact(slots[0].text)
