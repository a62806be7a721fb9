"""Columns of another year, of changes, shares or remarks beside those of a form: left out before rows are read.

A column is what the header over it says, in all its lines: 2022年 under 本年制发件数, 上年总计 beside 总计, 占比. They
are left out only where the header names columns of the form, of this year, beside them; then the form's own cells are
as many as its columns, and nothing is open. Of which year the report is, its headlines say. The words are facts
(``other_columns`` in ``reading.yaml``); a small table of the first forms has columns of its own for the year before
and the change, so there only years count.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from parsers.forms.labels import fold, is_words
from parsers.tables.model import NumberedLine, Slot
from parsers.tables.vocabulary import Vocabulary

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|$)")
_ONLY_YEAR = re.compile(r"\s*+(20\d\d)\s*+(?:年度?)?\s*+")
THIS_YEAR = {"本年", "本年度", "当年", "今年", "本期"}
LAST_YEAR = {"上年", "上年度", "上一年", "上一年度", "去年", "上年同期", "去年同期", "上期"}
_QUANTITY = "数量"
_YEAR_BEFORE = re.compile(r"^\s*20\d\d\s*年度?")
_LONGEST = 24  # characters of a header that says a year
_LONGEST_HEADER = 120  # characters of any header; what is longer is text
_WORDS_OF_A_HEADER = 2


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of a table under one header.

    Attributes:
        lines: without what was left out; columns are counted anew.
        left_out: the headers of what was left out, one a column.
        cells: what stands under them.
    """

    lines: list[NumberedLine]
    left_out: tuple[Slot, ...] = ()
    cells: tuple[Slot, ...] = ()


class OtherColumns:
    """Finds the columns of tables that are none of a form's."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self._other = vocabulary.other_columns
        self._above: tuple[dict[int, Slot], int] = ({}, 0)  # what the last header left out, and how wide its lines are

    def regions(self, lines: Sequence[NumberedLine], years: Collection[str], *, ragged: bool) -> list[Region]:
        """The lines of a table, parted where a header leaves out other columns than the one above it.

        Args:
            lines: as `parsers.tables.grid.merged_cells.table_lines` gives them.
            years: the years that the document's headlines name; only one says of which year the report is.
            ragged: the table is set as text, and its grid is none.
        """
        year = next(iter(years)) if len(years) == 1 else None
        parts: list[tuple[list[NumberedLine], dict[int, Slot], int]] = [([], {}, 0)]
        for line in _gathered(lines, self._is_header):
            if isinstance(line, tuple):
                parts[-1][0].append(line)
            elif any(self._says_column(slot.text) for _, slots in line for slot in slots):
                parts.append((line, self._others(line, year), len(line)))
            else:
                parts[-1][0].extend(line)  # labels of blocks alone: a row of blanks
        above, width = self._above
        if above and parts[0][0] and all(slots[-1].end == width for _, slots in parts[0][0]):
            parts[0] = (parts[0][0], above, 0)  # the table goes on behind a page, or what else parted it
        if parts[-1][0] and (len(parts) > 1 or parts[-1][1]):
            self._above = (parts[-1][1], max(slots[-1].end for _, slots in parts[-1][0]))
        found: list[tuple[list[NumberedLine], dict[int, Slot], int]] = []
        for part, named, heads in parts:
            # Lines of text that are not alike have no columns.
            unlike = len({slots[-1].column for _, slots in part}) > 1 or _is_padded(part[:heads], named.values())
            others = {} if ragged and unlike else named
            if found and not found[-1][1] and not others:
                found[-1][0].extend(part)
            elif part:
                found.append((part, others, heads))
        return [
            Region(_narrowed(part, others, heads, self._words), tuple(others.values()), _under(part, others))
            if others
            else Region(part)
            for part, others, heads in found
        ]

    def _is_header(self, slots: Sequence[Slot]) -> bool:
        """Whether a line is one of a header: words and years alone, at least two of them a header's."""
        said = [slot for slot in slots if slot.text.strip()]
        if any(not is_words(slot.text) and not _ONLY_YEAR.fullmatch(slot.text) for slot in said):
            return False
        bare = any(_ONLY_YEAR.fullmatch(slot.text) and not is_words(slot.text) for slot in said)
        if bare and any(self._words.rows.exact(slot.text) for slot in said):
            return False  # 2022 and 2023 behind a row's label are its values
        return sum(self._heads(slot.text) for slot in said) >= _WORDS_OF_A_HEADER

    def _heads(self, text: str) -> bool:
        if len(text) > _LONGEST_HEADER:
            return False
        words = self._words
        blocks = bool(words.record_blocks.exact(text) or words.parents.exact(text))
        return blocks or fold(text) in words.markers or self._is_quantity(text) or self._says_column(text)

    def _is_quantity(self, text: str) -> bool:
        return fold(self._words.uncounted(text)) in self._words.quantities

    def _says_column(self, text: str) -> bool:
        words = self._words
        named = any(lexicon.exact(text) for lexicon in (words.columns, words.block_columns, words.record_cells))
        corner = any(corner in fold(text) for corner in words.corners)
        year = _ONLY_YEAR.fullmatch(self._words.uncounted(text)) is not None or fold(text) in THIS_YEAR | LAST_YEAR
        return named or corner or year or self._is_other(text)

    def _is_other(self, text: str) -> bool:
        return len(text) <= _LONGEST and self._other.search(fold(text)) is not None

    def _others(self, head: Sequence[NumberedLine], year: str | None) -> dict[int, Slot]:
        """The columns under a header to be left out, and what says so; none where no column of a form stays."""
        words = self._words
        texts = [slot.text for _, slots in head for slot in slots]
        larger = (words.columns, words.parents, words.record_blocks, words.record_cells)
        in_matrix = any(lexicon.exact(text) for lexicon in larger for text in texts)
        turned = [t for t in texts if not words.columns.exact(t) and (words.rows.exact(t) or words.groups.exact(t))]
        if in_matrix and len(turned) >= _WORDS_OF_A_HEADER:
            return {}  # the table is turned round: its columns are the form's rows
        forms = (words.columns, words.record_cells) if in_matrix else (words.block_columns,)
        in_blocks = any(fold(text) in words.markers or words.block_columns.exact(text) for text in texts)
        # One number a row: the only columns are a quantity, or a year's, and what stands beside it.
        of_quantities = not in_matrix and not in_blocks
        others: dict[int, Slot] = {}
        kept: set[object] = set()
        beside: set[object] = set()  # what is left out because of its year
        dated = False
        for column, stack in _stacks(head):
            leaf = next((slot for slot in reversed(stack) if slot.text.strip()), None)
            if leaf is None:
                continue
            says = [(slot, found) for slot in stack if (found := _years(slot.text))]
            own = year is not None and any(year in found for _, found in says)
            named = {key for form in forms for slot in stack for key in form.exact(_YEAR_BEFORE.sub("", slot.text))}
            if of_quantities and (self._is_quantity(leaf.text) or _is_year(words.uncounted(leaf.text), year)):
                named = {_QUANTITY}
            if year is not None and says and not own:
                others[column] = says[0][0]
                beside |= named
            elif self._is_other(leaf.text) if not in_blocks else (named and fold(leaf.text) in LAST_YEAR):
                others[column] = leaf
            elif named:
                kept |= named
                dated = dated or own
        by_year = any(_years(slot.text) for slot in others.values())
        # A header that names another year alone may be this year's that was not renewed.
        return others if kept and (dated or not by_year or beside & kept) else {}


def _gathered(
    lines: Sequence[NumberedLine], is_header: Callable[[Sequence[Slot]], bool]
) -> Iterator[NumberedLine | list[NumberedLine]]:
    """The lines of a table, those of one header together."""
    for head, run in itertools.groupby(lines, key=lambda line: is_header(line[1])):
        if head:
            yield list(run)
        else:
            yield from run


def _is_padded(head: Sequence[NumberedLine], named: Collection[Slot]) -> bool:
    """Whether a line of a header that names such a column is filled up: its cells stand over other ones."""
    return any(not slots[-1].text.strip() and any(slot in named for slot in slots) for _, slots in head)


def _stacks(head: Sequence[NumberedLine]) -> Iterator[tuple[int, list[Slot]]]:
    """What stands over each column, from above."""
    slots = [slot for _, line in head for slot in line]
    for column in sorted({column for slot in slots for column in slot.columns}):
        yield column, [slot for slot in slots if column in slot.columns]


def _years(text: str) -> list[str]:
    return _YEAR.findall(fold(text)) if len(text) <= _LONGEST else []


def _under(lines: Sequence[NumberedLine], others: Collection[int]) -> tuple[Slot, ...]:
    """The cells that stand in no other columns."""
    slots = [slot for _, line in lines for slot in line]
    return tuple(slot for slot in slots if all(at in others for at in slot.columns))


def _narrowed(
    lines: Sequence[NumberedLine], others: Collection[int], heads: int, words: Vocabulary
) -> list[NumberedLine]:
    """Lines without the columns to be left out, and headers without what only says the report's year.

    Where a header says nothing else, in a table with one number a row, its column is that of the year's quantities.
    """
    found: list[NumberedLine] = []
    header = [slot for _, line in lines[:heads] for slot in line]
    quantity = sum(slot.column not in others for slot in header) == _WORDS_OF_A_HEADER and heads == 1
    for at, (number, slots) in enumerate(lines):
        kept: list[Slot] = []
        for slot in slots:
            own = [column for column in slot.columns if column not in others]
            text = _said_beside(slot.text, words) if at < heads else slot.text
            if slot.text.strip() and not text and quantity:
                text = _QUANTITY
            if not own or (slot.text.strip() and not text):
                continue
            both = len(own) < slot.span and not is_words(slot.text)
            column = own[0] - sum(other < own[0] for other in others)
            shared = slot.shared or (both and at >= heads)
            kept.append(dataclasses.replace(slot, text=text, column=column, span=len(own), shared=shared))
        if kept:
            found.append((number, kept))
    return found


def _said_beside(text: str, words: Vocabulary) -> str:
    """A header without what only says that it is of the report's year; nothing where it says nothing else."""
    bare = words.uncounted(text)
    return "" if _ONLY_YEAR.fullmatch(bare) or fold(bare) in THIS_YEAR else _YEAR_BEFORE.sub("", text)


def _is_year(text: str, year: str | None) -> bool:
    """Whether a header says nothing but the report's year."""
    match = _ONLY_YEAR.fullmatch(text)
    return match is not None and match[1] == year
