"""Columns that say for each row of which year it is: no values, and no part of a form.

They are left out where they name one year only, and the document's own headline is of that year; a row of another year
under them is none of the report's, and stays as it is printed, for its cells are then more than the form's columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from parsers.document import Document, Text
from parsers.forms.labels import fold
from parsers.identity.titles import is_headline
from parsers.tables.model import Slot

_YEAR = re.compile(r"(20\d\d)(年度?)?")
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


def _names_only(texts: Sequence[str], words: Collection[str], years: frozenset[str]) -> bool:
    """Whether the texts of a column are its header and one year; without a header the year must be written with 年."""
    headed = any(text in words for text in texts)
    found = [_YEAR.fullmatch(text) for text in texts if text not in words]
    return bool(found) and all(match and match[1] in years and (headed or match[2]) for match in found)
