"""Words of the forms that mean different things and look alike: 本年 and 上年, 有效 and 失效, 行政 and 非行政.

A label that differs from a known one by such a word is not that label misspelt, it is another label. The groups are
facts (``contrasts`` in ``reading.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


class Contrasts:
    """Groups of words of which each excludes the others.

    Args:
        groups: folded words, as labels are compared.
    """

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        longest_first = (sorted(group, key=len, reverse=True) for group in groups)
        self._groups = [re.compile("|".join(map(re.escape, words))) for words in longest_first]

    def differ(self, printed: str, known: str) -> bool:
        """Whether ``printed`` says a word that excludes what ``known`` says.

        A word that ``printed`` only lacks may be lost.
        """
        return any(set(group.findall(printed)) - set(group.findall(known)) for group in self._groups)

    def reach_before(self, before: str, label: str, wordings: Iterable[str]) -> int:
        """How many letters before a label make another one of it; 0 when they do not.

        Args:
            before: the letters that stand directly before it.
            label: its own letters.
            wordings: all ways in which it may be printed: what contrasts with none of them is no part of it.
        """
        text = before + label
        for group in self._groups:
            known = {word for wording in wordings for word in group.findall(wording)}
            for match in group.finditer(text):
                if known and match.group() not in known and match.start() < len(before) <= match.end():
                    return len(before) - match.start()
        return 0


NO_CONTRASTS = Contrasts()
