"""Lines of a text file, and locators of what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.document import Cell, Locator

RULE = re.compile(r"^\s*+(?:\|\s*+)?:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+$")
"""The line of dashes below the head of a table in Markdown."""

EDGE = re.compile(r"[ \u3000\xa0|]*")
"""A line without words: blank, or pipes around nothing."""

_NUMBER_ALONE = re.compile(r"\s*(?P<number>\d{1,9})[\s|]*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number (from 1) and text without the line end."""

    number: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether it holds nothing but white space."""
        return not self.text.strip()


def locate(line: int, start: int, end: int, line_end: int | None = None) -> Locator:
    """The place of a stretch of one line, or of several (``end`` counts in the last)."""
    return Locator.of("text", line=line, start=start, end=end, line_end=line_end if line_end != line else None)


def span(lines: Sequence[Line], start: int, end: int) -> Locator:
    """The place of the lines from index ``start`` up to ``end``, which is not among them."""
    last = lines[max(start, end - 1)]
    return locate(lines[start].number, 0, len(last.text), last.number)


def take_number_below(cells: list[Cell], lines: Sequence[Line], position: int) -> int:
    """Give the last cell the number that stands alone in the line below it, and return the line that comes next.

    A break may have cut the number that ends the line above in two. It may as well be a page's: whose it is, is not
    said.
    """
    above = lines[position - 1].text.rstrip(" \u3000")  # behind a tab stands another cell
    match = _NUMBER_ALONE.fullmatch(lines[position].text) if position < len(lines) else None
    if match is None or not above[-1:].isdigit():
        return position
    cell, below = cells[-1], lines[position]
    first, start = cell.locator.get("line"), cell.locator.get("start")
    text = f"{cell.text}\n{below.text[: match.end('number')]}"
    where = locate(first, start, match.end("number"), below.number)
    cells[-1] = replace(cell, text=text, locator=where)
    return position + 1
