"""Which row of a list a printed label is.

A label is known by its own words; where the same words stand under two headings, the last heading seen says which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from parsers.characters import strip_blanks
from parsers.forms.labels import Quality, is_words
from parsers.forms.templates import ListTable
from parsers.remembered import remembered
from parsers.tables.lists.entries import Entry
from parsers.tables.vocabulary import Vocabulary

_MOST_AROUND = 40  # letters of ordinals, units and 其中 around a label
_LETTER = re.compile(r"[㐀-鿿]")
_AMONG = re.compile(r"^\s*其中\s*[:：]?\s*")  # 其中：1.当面申请数

RowMatch = tuple[str, Quality]
"""The code of a row, and how well its label can be read."""


class ListLabels:
    """The labels of one list, whatever a document prints before them.

    Attributes:
        rows: the rows of the list, by code.
        longest: letters of the longest label with what may stand around it.
        is_label: whether a cell holds words, and neither a unit nor a word for nothing.
        is_known: whether a text is, word by word, the label of a row.
        is_like_known: whether a text is the label of a row, or what is left of one.
        exact: the rows that a label can be, maybe with its unit behind it and 其中 before it, word by word.
        near: the same, where no row is so, of the label as it may be misspelt or cut.
        unit_behind: finds the unit that is printed behind a label.
    """

    def __init__(self, words: Vocabulary, key: tuple[str, str], table: ListTable) -> None:
        self._words = words
        self._lexicon = words.lists[key]
        self.rows = {row.code: row for row in table.rows}
        self.longest = self._lexicon.longest + _MOST_AROUND
        units = "|".join(re.escape(unit) for unit in sorted(words.units, key=len, reverse=True))
        # Blanks are never given back: a long run of them would take the square of its length, or worse.
        self.unit_behind = re.compile(
            rf"(?<!\s)\s*+[（(\[【]\s*+(?:(?:计量)?单位[:：]?\s*+)?(?P<unit>{units})\s*+[)）\]】]\s*+$"
        )
        self.is_label: Callable[[str], bool] = remembered(self._is_label)
        self.is_known: Callable[[str], bool] = remembered(self._is_known)
        self.is_like_known: Callable[[str], bool] = remembered(self._is_like_known)
        self.exact: Callable[[str], tuple[RowMatch, ...]] = remembered(self._find_exact)
        self.near: Callable[[str], tuple[RowMatch, ...]] = remembered(self._find_near)

    def _is_label(self, text: str) -> bool:
        folded = strip_blanks(text)
        return is_words(text) and folded not in self._words.units and not self._words.values.could_be(text)

    def _is_known(self, text: str) -> bool:
        return bool(self._lexicon.exact(text))

    def _is_like_known(self, text: str) -> bool:
        return bool(self._lexicon.find(text))

    def _find_exact(self, text: str) -> tuple[RowMatch, ...]:
        codes = self._lexicon.exact(text) or self._lexicon.exact(self._bare(text))
        return tuple((code, "exact") for code in codes)

    def _find_near(self, text: str) -> tuple[RowMatch, ...]:
        exact = self.exact(text)
        return exact or tuple((match.key, match.quality) for match in self._lexicon.find(self._bare(text)))

    def _bare(self, text: str) -> str:
        """A label without its unit and 其中."""
        return _AMONG.sub("", self.unit_behind.sub("", text))


class RowCodes:
    """Knows the labels of one list, in the order in which a document prints them.

    Attributes:
        labels: of the list.
    """

    def __init__(self, labels: ListLabels) -> None:
        self.labels = labels
        self.is_label = labels.is_label
        self.is_known = labels.is_known
        self.is_like_known = labels.is_like_known
        self._rows = labels.rows
        self._seen: list[str] = []

    def note_row(self, code: str) -> None:
        """Remember a row, and the heading it must stand under even where that was not readable."""
        self._seen.append(code)
        if parent := self._rows[code].parent:
            self._seen.append(parent)

    def match_label(self, text: str, *, exact: bool) -> RowMatch | None:
        """Return which row a label is; None when it is none, or may be several.

        Args:
            text: the label, maybe with its unit behind it and 其中 before it.
            exact: only labels that are printed word by word.
        """
        matches = self.labels.exact(text) if exact else self.labels.near(text)
        if len(matches) > 1:
            return self._match_under_heading(matches)
        return matches[0] if matches else None

    def _match_under_heading(self, matches: Sequence[RowMatch]) -> RowMatch | None:
        """The one of several rows with the same words that stands under the heading seen last."""
        parents = [self._rows[code].parent for code, _ in matches]
        last = next((code for code in reversed(self._seen) if code in parents), None)
        if last is None:
            return None
        under = [match for match, parent in zip(matches, parents, strict=True) if parent == last]
        # A second time under one heading: another heading is lost between them.
        if len(under) != 1 or under[0][0] in self._seen:
            return None
        return under[0]

    def match_joined(self, pieces: Sequence[str]) -> tuple[int, RowMatch | None]:
        """Return how many lines are one label, from the first of ``pieces`` on, and which row it is."""
        labels = letters = 0
        for piece in pieces:
            letters += len(_LETTER.findall(piece))
            if letters > self.labels.longest or not self.is_label(piece):
                break
            labels += 1
        for length in range(labels, 0, -1):
            if match := self.match_label("".join(pieces[:length]), exact=True):
                return length, match
        return 1, None

    def find_unit(self, entry: Entry) -> str:
        """Return the unit that is printed with a row: in a cell of its own, or behind the label; else nothing."""
        if entry.cells.unit is not None:
            return strip_blanks(entry.cells.unit.text)
        match = self.labels.unit_behind.search(entry.label.text)
        return match["unit"] if match else ""
