"""The header of a list, in tables and in text: it holds until another comes, or prose ends its reign."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from parsers.forms.labels import fold
from parsers.tables.lists.columns import Columns, Head, HeaderWords, year_of
from parsers.tables.lists.row_codes import RowCodes
from parsers.tables.model import Slot

_LONGEST_HEADER = 12  # lines
_LONGEST_WORD = 12  # letters
_MOST_OTHERS = 8  # words of no form in a header
_PROSE = re.compile(r"[。；]")


class ListHeaders:
    """Takes the headers of one list in, and gives its rows their columns.

    Attributes:
        columns: of the last header; none without one.
        is_fresh: the last line of a table was a header.
        headed: blocks of the document in which a header was met.
        years: over the figures.
    """

    def __init__(self, words: HeaderWords, codes: RowCodes) -> None:
        self._words = words
        self._codes = codes
        self._heads: list[Head] = []
        self.columns: tuple[Columns, ...] = ()
        self.is_fresh = False
        self.headed: set[int] = set()
        self.years: set[int] = set()

    def end_reign(self, text: str) -> None:
        """Forget the header where a text is prose."""
        if _PROSE.search(text):
            self.columns = ()

    def columns_of(self, label: Slot) -> Columns | None:
        """Return the columns that belong to a label: of the last label column that does not stand behind it."""
        left = [columns for columns in self.columns if columns.label < label.end]
        if left:
            return left[-1]
        return self.columns[0] if self.columns else None

    def _use(self, heads: Sequence[Head]) -> None:
        self._heads = list(heads)
        self.columns = self._words.columns(heads)
        for columns in self.columns:
            if columns.chosen is not None:
                head, _ = columns.behind[columns.chosen]
                year = year_of(head.text)
                if year is not None:
                    self.years.add(year)

    # ---- tables

    def may_name(self, texts: Iterable[str]) -> bool:
        """Whether any line of a table with these cells can be a header, or the second line of one."""
        return self.is_fresh or any(map(self._words.may_name_labels, texts))

    def take_line(self, slots: Sequence[Slot], place: int) -> bool:
        """Take a line of a table in, if it is a header or the second line of one."""
        heads = self._divide_fused([Head(slot.column, slot.end, slot.text) for slot in slots])
        if self._words.is_header([head.text for head in heads]):
            self._use(heads)
        elif self.is_fresh and any(fold(head.text) for head in heads) and all(map(self._may_be_second, slots)):
            self._use(self._with_second_line(heads))
        else:
            return False
        self.is_fresh = True
        self.headed.add(place)
        return True

    def _divide_fused(self, heads: list[Head]) -> list[Head]:
        """A header whose last cells were fused into one, as the words it consists of."""
        last = heads[-1]
        words = self._words.words_of(last.text) or []
        if len(words) < 2 or self._words.role(last.text) != "other":
            return heads
        return [*heads[:-1], *(Head(at, at + 1, word) for at, word in enumerate(words, last.start))]

    def _may_be_second(self, slot: Slot) -> bool:
        """Whether a cell can be of a header's second line: words that no row has."""
        if not slot.text.strip():
            return True
        below = any(head.start <= slot.column < head.end for head in self._heads)
        return below and self._codes.is_label(slot.text) and not self._codes.is_like_known(slot.text)

    def _with_second_line(self, heads: Sequence[Head]) -> list[Head]:
        """A header whose cells are divided by those of the line below."""
        below = [head for head in heads if head.text.strip()]
        whole = [
            head for head in self._heads if not any(part.start < head.end and part.end > head.start for part in below)
        ]
        return sorted([*whole, *below], key=lambda head: head.start)

    # ---- text

    def take_texts(self, tokens: Sequence[tuple[int, Slot]], position: int) -> int:
        """Take a header in that begins with a line of text, if there is one.

        Args:
            tokens: the lines of texts, each with its block.
            position: the first line.

        Returns:
            How many lines it has; 0 without one.
        """
        most = _LONGEST_HEADER if self._words.may_begin(tokens[position][1].text) else 1
        for length in range(min(most, len(tokens) - position), 0, -1):
            words = self._read_words([slot.text for _, slot in tokens[position : position + length]])
            if words is None or not self._words.is_header(words):
                continue
            others = self._find_others(tokens[position + length :])
            self._use([Head(at, at + 1, word) for at, word in enumerate([*words, *others])])
            whole = length + len(others)
            self.headed.update(place for place, _ in tokens[position : position + whole])
            return whole
        return 0

    def _read_words(self, lines: Sequence[str]) -> list[str] | None:
        """The words that lines consist of, where they can be a header."""
        if any(_PROSE.search(line) for line in lines):
            return None
        words = self._words.words_of("\n".join(lines))
        if not words and len(lines) == 1:
            # A header set in one line, with words that no form has between blanks.
            words = lines[0].split()
            return words if all(map(self._is_header_word, words)) else None
        return words

    def _is_header_word(self, text: str) -> bool:
        return self._codes.is_label(text) and 1 < len(fold(text)) <= _LONGEST_WORD

    def _find_others(self, tokens: Sequence[tuple[int, Slot]]) -> list[str]:
        """Further header words, of no form: short words that no row has, before the first row."""
        found: list[str] = []
        for (_, slot), (_, after) in itertools.pairwise(tokens):
            if not self._is_header_word(slot.text) or self._codes.is_like_known(slot.text):
                break
            if not self._codes.is_label(after.text):
                break  # a value: the word before it is the label of a row
            found.append(slot.text)
        return found if len(found) < _MOST_OTHERS else []
