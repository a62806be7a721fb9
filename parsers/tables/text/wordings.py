"""All wordings of all forms as one pattern, searched in running text letter by letter.

Blanks, line breaks, quotes and punctuation inside a label do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.characters import plain
from parsers.forms.labels import fold
from parsers.forms.templates import ValueFacts
from parsers.tables.vocabulary import RowKey, Vocabulary

_BLANK = r"\s\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff"
_QUOTE = "\"'“”‘’「」『』《》〈〉<>"
_MARK = r"、，。；：！？（）()\[\]【】,;:!?.·•・/\\|*#_~…\-—–"
_SKIPPED = re.compile(f"[{_BLANK}{_QUOTE}{_MARK}]")
# What parts and adorns values, and remarks in brackets behind a digit (``22（其中修订16件）``), but no ordinals.
_AROUND_VALUES = r"[\s|\d.,，+＋\-−－—–/／\\]|(?<=\d)[（(](?![一二三四五六七八九十]+[）)])[^（）()\n]{2,40}[）)]"
_SHORTEST_IN_TEXT = 3
_REACH = 2  # letters before a label that can make another one of it


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a wording can be."""

    # row | group | column | parent | block | block_column | marker | corner; other_row, other_block_column: of no form
    kind: str
    key: RowKey
    printed_ordinal: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A label in the stream: its meanings and where it stands in the raw text."""

    meanings: tuple[Meaning, ...]
    start: int
    end: int

    def of(self, kind: str) -> tuple[Meaning, ...]:
        """Its meanings of one kind."""
        return tuple(meaning for meaning in self.meanings if meaning.kind == kind)


class Dictionary:
    """All wordings as one pattern over folded text."""

    def __init__(self, words: Vocabulary) -> None:
        self._meanings: dict[str, list[Meaning]] = {}
        self._wordings: dict[Meaning, list[str]] = {}
        self._contrasts = words.contrasts
        self._add_blocks(words)
        self._add_matrices(words)
        self._add_records(words)
        wordings = sorted(self._meanings, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, wordings)) or r"(?!)")
        self.values = values_pattern(words.templates.reading.values)

    def _add_blocks(self, words: Vocabulary) -> None:
        for name, tables in words.blocks.items():
            for table in tables:
                self._add_all(table.markers, Meaning("marker", (name, "")))
                for row in table.rows:
                    self._add_all(row.wordings, Meaning("row", (name, row.code)))
                    for cell in row.cells:
                        self._add_all(cell.wordings, Meaning("block_column", (name, cell.code)))

    def _add_matrices(self, words: Vocabulary) -> None:
        for name, matrices in words.matrices.items():
            for matrix in matrices:
                self._add_all(matrix.corner, Meaning("corner", (name, "")))
                for column in matrix.columns:
                    self._add_all(column.wordings, Meaning("column", (name, column.code)))
                    if column.parent:
                        self._add_all([column.parent], Meaning("parent", (name, column.parent)))
                for group in matrix.groups:
                    self._add_all(group.wordings, Meaning("group", (name, group.code)))
                for line in matrix.rows:
                    ordinal = re.match(r"\d*", line.zh)
                    # Too common a word is no label within other text, unless columns are named so, too.
                    labels = [
                        wording
                        for wording in line.wordings
                        if len(fold(wording)) >= _SHORTEST_IN_TEXT or words.columns.exact(wording)
                    ]
                    self._add_all(labels, Meaning("row", (name, line.code), ordinal.group() if ordinal else ""))

    def _add_records(self, words: Vocabulary) -> None:
        for name, records in words.records.items():
            for record in records:
                for block in record.blocks:
                    self._add_all(block.wordings, Meaning("block", (name, block.code)))
                    if block.parent:
                        self._add_all([block.parent], Meaning("parent", (name, block.parent)))
                for column in record.columns:
                    self._add_all(column.wordings, Meaning("column", (name, column.code)))

    def _add_all(self, wordings: Iterable[str], meaning: Meaning) -> None:
        for wording in wordings:
            folded = fold(wording)
            known = self._meanings.setdefault(folded, [])
            if folded and meaning not in known:
                known.append(meaning)
            self._wordings.setdefault(meaning, []).append(folded)

    def tokens(self, raw: str) -> Iterator[Token]:
        """The labels in a raw text, leftmost and longest first."""
        letters: list[str] = []
        places: list[int] = []
        for place, char in enumerate(raw):
            for letter in plain(char):
                if not _SKIPPED.match(letter):
                    letters.append(letter)
                    places.append(place)
        text = "".join(letters)
        for match in self._pattern.finditer(text):
            meanings = tuple(self._meanings[match.group()])
            begin = match.start()
            if meanings[0].kind in {"row", "block_column"}:
                wordings = [wording for meaning in meanings for wording in self._wordings[meaning]]
                begin -= self._contrasts.reach_before(text[max(0, begin - _REACH) : begin], match.group(), wordings)
            if begin < match.start() and "\n" not in raw[places[begin] : places[match.start()]]:
                meanings = (Meaning(f"other_{meanings[0].kind}", meanings[0].key),)
                yield Token(meanings, places[begin], places[match.end() - 1] + 1)
            else:
                yield Token(meanings, places[match.start()], places[match.end() - 1] + 1)


def values_pattern(facts: ValueFacts) -> re.Pattern[str]:
    """What can stand between two labels as values: numbers with their signs and units, and words for nothing."""

    def words(found: Iterable[str]) -> str:
        return "|".join(sorted((re.escape(word) for word in found if word), key=len, reverse=True))

    empty = words((*facts.blank, *facts.not_applicable))
    signs = words(facts.signs)
    units = words((*facts.money, *facts.counters))
    # A word for nothing is none where other words go on from it (``无正当理由``).
    nothing = rf"(?:{empty})(?=(?:{empty})*(?![㐀-鿿]))"
    return re.compile(rf"(?:{_AROUND_VALUES}|{nothing}|(?:{signs})(?=\s*\d)|(?<=\d)\s?(?:{units}))*")
