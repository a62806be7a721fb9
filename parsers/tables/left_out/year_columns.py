"""Columns that say for each row of which year it is: no values, and no part of a form.

They are left out where they name one year only, and the document's own headline is of that year. Where they name
several, this one among them, in every row with numbers, the rows of the others are none of the report's and left out
before; a label that is merged over both stays. Any other row of another year stays as it is printed, for its cells are
then more than the form's columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from parsers.document import Document, Text
from parsers.forms.labels import fold
from parsers.identity.titles import is_headline
from parsers.tables.left_out.other_columns import LAST_YEAR, THIS_YEAR
from parsers.tables.model import NumberedLine, Slot

_YEAR = re.compile(r"(20\d\d)(年度?)?")
_ONLY_DIGITS = re.compile(r"\d+")
_IN_HEADLINE = re.compile(r"20\d\d")


def years_of(document: Document) -> frozenset[str]:
    """The years that the headlines of a document name, and its title (``meta``)."""
    lines = [block.text for block in document.blocks if isinstance(block, Text)]
    named = [line for line in (*lines, document.meta.get("articletitle", "")) if _IN_HEADLINE.search(line)]
    return frozenset(year for line in named if is_headline(line) for year in _IN_HEADLINE.findall(line))


def year_columns(lines: Sequence[Sequence[Slot]], words: Collection[str], years: frozenset[str]) -> set[int]:
    """The grid columns of a table that name one year, the report's.

    Args:
        lines: the cells of its rows.
        words: folded headers of such columns (年度).
        years: what `years_of` the document gave.
    """
    if len(years) != 1:
        return set()
    cells: dict[int, list[str]] = {}
    for line in lines:
        for slot in line:
            if slot.span == 1 and slot.text.strip():
                cells.setdefault(slot.column, []).append(fold(slot.text))
    return {column for column, texts in cells.items() if _names_only(texts, words, years)}


def drop_rows_of_other_years(
    lines: Sequence[NumberedLine], words: Collection[str], years: frozenset[str]
) -> tuple[list[NumberedLine], list[Slot]]:
    """The lines of a grid without the rows of other years, where this year's stand beside them; and what they held.

    Args:
        lines: of a table, from above.
        words: folded headers of the columns that say the years.
        years: what `years_of` the document gave.
    """
    year = next(iter(years)) if len(years) == 1 else None
    column = _find_column_of_years(lines, words, year) if year is not None else None
    if column is None:
        return list(lines), []
    kept: list[NumberedLine] = []
    dropped: list[Slot] = []
    labels: list[Slot] = []  # before the year of the last row that had any: merged over the rows of all years
    for number, slots in lines:
        said = next((slot for slot in slots if slot.column == column and slot.span == 1), None)
        if said is None or _year_of(said.text, year) is None:
            kept.append((number, slots))
            continue
        before = [slot for slot in slots if slot.column < column]
        labels = before or labels
        if _year_of(said.text, year) == year:
            kept.append((number, [*labels, *slots[len(before) + 1 :]]))
        else:
            dropped += [slot for slot in slots if slot.column >= column]
    return kept, dropped


def _find_column_of_years(lines: Sequence[NumberedLine], words: Collection[str], year: str | None) -> int | None:
    """The column that says a year in every row with numbers, more than one in all and the report's among them."""
    columns = {slot.column for _, slots in lines for slot in slots if slot.span == 1 and _year_of(slot.text, year)}
    for column in sorted(columns):
        cells = {number: slot for number, slots in lines for slot in slots if slot.column == column and slot.span == 1}
        said = {number: _year_of(slot.text, year) for number, slot in cells.items()}
        others = [fold(slot.text) for number, slot in cells.items() if said[number] is None and slot.text.strip()]
        headed = any(text in words for text in others)
        named = {found for found in said.values() if found is not None}
        bare = any(_ONLY_DIGITS.fullmatch(fold(cells[number].text)) for number, found in said.items() if found)
        if len(named) < 2 or year not in named or (bare and not headed):
            continue
        first = min(number for number, found in said.items() if found)
        below = [(number, slots) for number, slots in lines if number >= first]
        if all(said.get(number) or not _has_numbers(slots) for number, slots in below):
            return column
    return None


def _year_of(text: str, year: str | None) -> str | None:
    """The year that a cell says; ``before`` where it only says that it is the one before."""
    folded = fold(text)
    if folded in THIS_YEAR:
        return year
    if folded in LAST_YEAR:
        return "before"
    match = _YEAR.fullmatch(folded)
    return match[1] if match else None


def _has_numbers(slots: Sequence[Slot]) -> bool:
    return any(any(map(str.isdigit, slot.text)) for slot in slots)


def _names_only(texts: Sequence[str], words: Collection[str], years: frozenset[str]) -> bool:
    """Whether the texts of a column are its header and one year; without a header the year must be written with 年."""
    headed = any(text in words for text in texts)
    found = [_YEAR.fullmatch(text) for text in texts if text not in words]
    return bool(found) and all(match and match[1] in years and (headed or match[2]) for match in found)
