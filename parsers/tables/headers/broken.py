"""Headers of which only pieces are left: words cut off, or torn into letters.

A header is accepted as the form's own when every letter of it is there and nothing legible contradicts the form's
order; numbers under it count only where arithmetic proves them.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from parsers.characters import strip_blanks
from parsers.forms.labels import Match, fold, is_words
from parsers.forms.templates import Label, MatrixTable
from parsers.tables.model import Column, Header, Slot
from parsers.tables.vocabulary import RowKey, Vocabulary

_SHORTEST_BEGUN = 2  # letters with which a column begins, where its cell was cut off
_SHORTEST_LEGIBLE = 3  # letters; shorter words (其他, 总计) are parts of others
_LACKING = 10  # one letter of so many may be lacking


def assume_header(codes: Sequence[str], words: Sequence[Label], text: str, slot: Slot) -> Header | None:
    """Return the form's own columns where a broken header holds the letters of their words; else None.

    Args:
        codes: of the columns, in the form's order.
        words: the labels of the header, each as often as the form prints it.
        text: the broken header.
        slot: where it stands.
    """
    have = Counter(strip_blanks(text))
    need = Counter(strip_blanks("".join(label.zh for label in words)))
    lacking = (need - have).total()
    if lacking > need.total() // _LACKING or is_rearranged(words, text):
        return None
    return Header(tuple(Column((code,), slot, "cut") for code in codes), assumed=True)


def is_rearranged(words: Sequence[Label], text: str) -> bool:
    """Whether what is legible of a broken header stands in another order than the form's, within any of its lines.

    In a record's ``words`` the columns come once for every block, and their order alone is looked at: a line may print
    it several times.
    """
    count = Counter(words)
    often = max(count.values())
    columns = [label for label in count if count[label] == often]
    order: dict[str, int] = {}
    for at, label in enumerate(columns):
        for wording in map(strip_blanks, label.wordings):
            if len(wording) >= _SHORTEST_LEGIBLE:
                order[wording] = at
    longest_first = sorted(order, key=len, reverse=True)
    legible = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    for line in text.split("\n"):
        found = [order[match.group()] for match in legible.finditer(strip_blanks(line))]
        passed = 0
        for before, at in itertools.pairwise([-1, *found]):
            # Back at the first after several others: the columns of the next block.
            if at < before and (at != min(found) or passed == 1):
                return True
            passed = 1 if at < before else passed + (at != before)
    return False


def has_cut_columns(name: str, table: MatrixTable, line: Sequence[Slot], vocabulary: Vocabulary) -> bool:
    """Whether every word of a header line is a column, or the beginning of just one: its cells were cut off."""
    words = [slot for slot in line if is_words(slot.text)]
    any_cut = False
    for slot in words:
        cut = match_cut_column(slot, table.columns, name) is not None
        if not cut and all(key[0] != name for key in vocabulary.columns.exact(slot.text)):
            return False
        any_cut = any_cut or cut
    return any_cut and len(words) > 1


def match_cut_column(slot: Slot, lost: Sequence[Label], name: str) -> Match[RowKey] | None:
    """Return which of the lost columns a header begins to say: a page or a narrow cell cut it off.

    Args:
        slot: the header.
        lost: columns that no other header names.
        name: of the table in the forms.
    """
    folded = fold(slot.text)
    if len(folded) < _SHORTEST_BEGUN:
        return None
    codes = [column.code for column in lost if any(fold(word).startswith(folded) for word in column.wordings)]
    return Match((name, codes[0]), "cut") if len(codes) == 1 else None
