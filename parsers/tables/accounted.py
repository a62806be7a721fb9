"""The last look at the tables of a form: every number that is printed in them is read, or told.

Readers of rows leave alone what they do not understand. Here the document is gone through once more, whatever its
format and form: a row with numbers under which no figure lies, and of which no issue speaks, is named. What is plainly
no cell of a form is left out: ordinals, numbers of columns and pages, years, telephones.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from parsers.characters import strip_blanks
from parsers.document import Cell, Document, Locator, Table, Text
from parsers.forms.labels import fold, is_words
from parsers.record import Figure, Issue
from parsers.tables.vocabulary import Vocabulary

_WORDS_OF_A_FORM = 3  # labels of forms, in a table without any figure
_SHORTEST_WORD = 4  # letters; shorter labels (其他, 总计) stand in any table
_MOST_TOLD = 40
_YEAR = re.compile(r"20\d\d年?度?")
_LONGEST_NUMBER = 9  # digits; longer ones are telephones and codes
_ROW = re.compile(r"(?P<label>.*[㐀-鿿）)])[\s|｜:：]*(?P<behind>[^㐀-鿿]*\d[^㐀-鿿]*[件条个项万元]{0,2}[\s|｜]*)")
_PIECE = re.compile(r"[^\s|｜]+")
_LONGEST_LINE = 160
_PAGE = re.compile(r"\d{1,3}")


def unaccounted(
    document: Document,
    figures: Sequence[Figure],
    issues: Iterable[Issue],
    words: Vocabulary,
    compared: Iterable[Locator] = (),
) -> list[Issue]:
    """An issue for each row of a form's table with a number that is neither read nor told.

    Args:
        document: as it was read.
        figures: all that was read, each cell where it stands (before figures printed twice are made one).
        issues: all that was told.
        words: the labels of all forms.
        compared: where numbers stand that were looked at and are no figures (subtotals).
    """
    look = _Look(words, figures, issues, compared)
    lost = [row for block in document.blocks if isinstance(block, Table) for row in look.lost(block)]
    lost += look.lost_in_text([block for block in document.blocks if isinstance(block, Text)])
    told = [
        Issue("cell_not_read", f"{label or 'a row without a label'}: not read: {', '.join(numbers)}", where)
        for label, numbers, where in lost[:_MOST_TOLD]
    ]
    if len(lost) > _MOST_TOLD:
        told.append(Issue("cell_not_read", f"{len(lost) - _MOST_TOLD} more rows with numbers that were not read"))
    return told


_Row = tuple[str, list[str], Locator]  # label, numbers, where the first of them stands


class _Look:
    def __init__(
        self, words: Vocabulary, figures: Sequence[Figure], issues: Iterable[Issue], compared: Iterable[Locator]
    ) -> None:
        issues = list(issues)
        self._words = words
        self._read = {figure.locator for figure in figures} | set(compared)
        self._told = {issue.locator for issue in issues if issue.locator is not None}
        self._told |= {figure.locator for figure in figures if figure.status in {"ambiguous", "text"}}
        self._named = [fold(issue.message) for issue in issues]
        self._codes = {figure.code for figure in figures}
        self._rows = {code.partition("__")[0] for code in self._codes}
        self._lists = {figure.locator for figure in figures if "__" not in figure.code}

    def lost(self, table: Table) -> list[_Row]:
        """The rows of a table with numbers that are neither read nor told; none where it is no form's."""
        rows = [(cells, [cell.locator for cell in cells]) for cells in table.rows() if cells]
        read = any(where in self._read for _, places in rows for where in places)
        if not read and not self._is_of_a_form(table):
            return []
        found: list[_Row] = []
        for cells, places in rows:
            if any(where in self._told for where in places):
                continue
            numbers = self._numbers(cells, any(where in self._read for where in places))
            if numbers:
                label = next((cell.text for cell in cells if is_words(cell.text)), "")
                texts = [strip_blanks(cell.text) for cell in numbers]
                found.append((strip_blanks(label), texts, numbers[0].locator))
        return found

    def lost_in_text(self, texts: Sequence[Text]) -> list[_Row]:
        """Rows of forms set as text, label and numbers in one line or in lines below each other, of which none is read.

        The statistics annexes print the same words as the text does, and are not looked for here.
        """
        lines = [(line, block.locator) for block in texts for line in block.text.split("\n") if line.strip()]
        found: list[_Row] = []
        for (line, where), (following, _) in itertools.pairwise([*lines, ("", Locator("text"))]):
            row = _ROW.fullmatch(line) if len(line) <= _LONGEST_LINE else None
            label = row["label"] if row else line
            if len(label) > _LONGEST_LINE or not self._is_unread(fold(label)):
                continue
            behind = _PIECE.findall(row["behind"] if row else following)
            numbers = [piece for piece in behind if self._words.values.is_number(piece)]
            if numbers and all(map(self._words.values.could_be, behind)):
                found.append((strip_blanks(label), numbers, where))
        return found

    def _is_unread(self, folded: str) -> bool:
        """Whether a folded text is the label of a row of which nothing is read and nothing told."""
        rows = self._words.rows.exact(folded) if len(folded) >= _SHORTEST_WORD else ()
        for name, code in rows:
            cells = self._words.row_cells.get((name, code), ())
            if code in self._rows or any(cell in self._codes for cell in cells):
                return False
        return bool(rows) and not any(folded in message for message in self._named)

    def _numbers(self, cells: Sequence[Cell], is_read: bool) -> list[Cell]:
        """The cells of a row that hold numbers of the form which are not read."""
        filled = [cell for cell in cells if cell.text.strip()]
        numbers = [cell for cell in filled if self._words.values.is_number(cell.text)]
        first_words = next((i for i, cell in enumerate(cells) if is_words(cell.text)), None)
        if not numbers or _counts(filled, numbers):
            return []
        label = "".join(cell.text for cell in cells if is_words(cell.text))
        if any(word in label for word in self._words.other_numbers):
            return []
        kept = []
        for at, cell in enumerate(cells):
            text = fold(cell.text)
            before = first_words is not None and at < first_words
            other = before or _YEAR.fullmatch(text) or len(text) > _LONGEST_NUMBER
            if cell in numbers and not other and cell.locator not in self._read:
                kept.append(cell)
        if is_read and any(cell.locator in self._lists for cell in cells):
            return []  # a row of a list has its year's figure; what its other columns hold is said by its header
        return kept

    def _is_of_a_form(self, table: Table) -> bool:
        known = {
            folded
            for cell in table.cells
            if len(folded := fold(cell.text)) >= _SHORTEST_WORD and self._words.knows(folded)
        }
        return len(known) >= _WORDS_OF_A_FORM


def _counts(filled: Sequence[Cell], numbers: Sequence[Cell]) -> bool:
    """Whether a row numbers its columns, or is a page's number alone."""
    if len(filled) != len(numbers):
        return False
    texts = [strip_blanks(cell.text) for cell in numbers]
    if len(texts) == 1:
        return _PAGE.fullmatch(texts[0]) is not None
    steps = {int(b) - int(a) for a, b in itertools.pairwise(texts)} if all(map(str.isdecimal, texts)) else set()
    return steps == {1}
