"""Printed labels: folded to what they say, and recognised even when misspelt, cut or split.

`fold` removes what printers vary (width, blanks, quotes, ordinals, punctuation). `Lexicon` knows every wording of a
set of labels and says which label a printed text is, and how sure that is. The rules of folding: docs/reading.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from parsers.characters import plain, strip_blanks
from parsers.forms.contrasts import NO_CONTRASTS, Contrasts
from parsers.remembered import remembered

Quality = Literal["exact", "misspelt", "cut"]
Key = TypeVar("Key", bound=Hashable)

_QUOTES = re.compile("[\"'“”‘’「」『』《》〈〉<>]")
_ORDINAL = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.,:]|\([一二三四五六七八九十]{1,3}\)[、.,]?|\d{1,2}[、.,:](?!\d)|\(\d{1,2}\)[、.,]?"
    r"|[①-⑳])"
)
_BARE_ORDINAL = re.compile(r"\d{1,2}[、.:]|\(\d{1,2}\)[、.,]?")
_CIRCLED = {ord(char): f"({index})" for index, char in enumerate("①②③④⑤⑥⑦⑧⑨⑩", start=1)}
_PUNCTUATION = re.compile(r"[、，。；：！？（）()\[\]【】,;:!?.·•・/\\|*#_~…\-—–]")
_LETTER = re.compile(r"[㐀-鿿A-Za-z]")
_SHORTEST_MISSPELT = 4
_SHORTEST_CUT = 4


@remembered
def fold(text: str) -> str:
    """What a label says: width, blanks, quotes, leading ordinals and punctuation removed."""
    if text.isascii() and text.isalnum():
        return text  # most cells hold a number
    folded = _QUOTES.sub("", strip_blanks(plain(text.translate(_CIRCLED))))
    while (match := _ORDINAL.match(folded)) and match.end() < len(folded):
        folded = folded[match.end() :]
    return _PUNCTUATION.sub("", folded)


@remembered
def ordinal(text: str) -> str:
    """The ordinals printed before a label, folded (``（七）总计`` gives ``七``); empty when there are none."""
    folded = strip_blanks(plain(text.translate(_CIRCLED)))
    found = ""
    while (match := _ORDINAL.match(folded)) and match.end() < len(folded):
        found += re.sub(r"[^一二三四五六七八九十\d]", "", match.group())
        folded = folded[match.end() :]
    return found


@remembered
def is_bare_ordinal(text: str) -> bool:
    """Whether a text is an ordinal and nothing else (``8.``, ``（3）``): what is left of a label."""
    return bool(_BARE_ORDINAL.fullmatch(strip_blanks(plain(text))))


@remembered
def is_words(text: str) -> bool:
    """Whether a cell holds words (a label or a remark) rather than a value or nothing."""
    return bool(_LETTER.search(fold(text)))


@dataclass(frozen=True, slots=True)
class Match(Generic[Key]):
    """Which label a text is. ``quality`` exact, or how the printed wording departs from every known one."""

    key: Key
    quality: Quality


class Lexicon(Generic[Key]):
    """Labels by every wording.

    Args:
        entries: (key, wordings); one wording may belong to several keys (homonyms: the caller decides by place).
        contrasts: words that make another label of one that is otherwise the same.

    Attributes:
        longest: letters of the longest wording.
        exact: all labels that a text is word by word.
        find: the labels a text can be: exact ones, else the only one that is one character or a cut away. None when two
            different labels are equally near: a label is never guessed.
        opposes: whether a text is a known label but for a word that makes another one of it (上年制发件数).
    """

    def __init__(self, entries: Iterable[tuple[Key, Iterable[str]]], contrasts: Contrasts = NO_CONTRASTS) -> None:
        self._contrasts = contrasts
        self._exact: dict[str, list[Key]] = {}
        for key, wordings in entries:
            for wording in wordings:
                keys = self._exact.setdefault(fold(wording), [])
                if key not in keys:
                    keys.append(key)
        self.longest = max(map(len, self._exact), default=0)
        # Reports print the same few labels, and a table asks of each many times.
        self.exact: Callable[[str], tuple[Key, ...]] = remembered(self._find_exact)
        self.find: Callable[[str], tuple[Match[Key], ...]] = remembered(self._find)
        self.opposes: Callable[[str], bool] = remembered(self._opposes)

    def _find_exact(self, text: str) -> tuple[Key, ...]:
        return tuple(self._exact.get(fold(text), ()))

    def _find(self, text: str) -> tuple[Match[Key], ...]:
        folded = fold(text)
        if not folded:
            return ()
        if folded in self._exact:
            return tuple(Match(key, "exact") for key in self._exact[folded])
        if len(folded) < min(_SHORTEST_MISSPELT, _SHORTEST_CUT) or not _LETTER.search(folded):
            return ()
        near = self._near(folded)
        if near:
            same = [wording for wording in near if not self._contrasts.differ(folded, wording)]
            return self._only(same, "misspelt") if len(same) == len(near) else ()
        cut = [
            wording
            for wording in self._exact
            if len(folded) >= _SHORTEST_CUT and (wording.startswith(folded) or wording.endswith(folded))
        ]
        return self._only(cut, "cut")

    def _opposes(self, text: str) -> bool:
        folded = fold(text)
        if folded in self._exact or len(folded) < _SHORTEST_MISSPELT:
            return False
        return any(self._contrasts.differ(folded, wording) for wording in self._near(folded))

    def _near(self, folded: str) -> list[str]:
        return [wording for wording in self._exact if len(wording) >= _SHORTEST_MISSPELT and one_apart(folded, wording)]

    def _only(self, wordings: list[str], quality: Quality) -> tuple[Match[Key], ...]:
        keys = {key: None for wording in wordings for key in self._exact[wording]}
        common = [key for key in keys if all(key in self._exact[wording] for wording in wordings)]
        if len(keys) == 1 or (common and len(common) == len(keys)):
            return tuple(Match(key, quality) for key in keys)
        return ()


def is_rest_of(text: str, wording: str) -> bool:
    """Whether a folded text is what is left of a wording that lost letters, wherever it lost them."""
    letters = iter(wording)
    return len(text) < len(wording) and all(letter in letters for letter in text)


def one_apart(first: str, second: str) -> bool:
    """Whether two words differ by exactly one character put in, left out or exchanged."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return False
    if len(first) > len(second):
        first, second = second, first
    start = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
    if len(first) == len(second):
        return first[start + 1 :] == second[start + 1 :]
    return first[start:] == second[start + 1 :]
