"""How wide a terminal sets a character: what tables that are drawn or set with characters were counted by (UAX #11)."""

from __future__ import annotations

import functools
import unicodedata

_SOFT_HYPHEN = "\u00ad"  # a format character that terminals print
_WITHOUT_WIDTH = frozenset({"Mn", "Me", "Cf"})  # marks over or around a letter, joiners, marks of direction


WAYS_OF_COUNTING = ((2, 2), (2, 1), (1, 1))
"""How wide Chinese characters, and those of ambiguous width, are set: by fonts, or by programs counting characters."""


@functools.lru_cache(maxsize=16_384)
def screen_width(character: str) -> int | None:
    """How many columns a character takes: 0, 1 or 2; None for those of ambiguous width, which are one or two by font.

    What is set over the letter before it takes none, also where its width is called ambiguous (U+0301, variation
    selectors): no font gives it a column.
    """
    if unicodedata.category(character) in _WITHOUT_WIDTH and character != _SOFT_HYPHEN:
        return 0
    width = unicodedata.east_asian_width(character)
    if width == "A":
        return None
    return 2 if width in "WF" else 1


def width_of(character: str, widths: tuple[int, int]) -> int:
    """How many columns a character takes by one of `WAYS_OF_COUNTING`."""
    chinese, ambiguous = widths
    width = screen_width(character)
    if width is None:
        return ambiguous
    # Set by a program that counted characters, also those that take no column.
    return 1 if chinese == 1 else width


def screen_widths(text: str, widths: tuple[int, int]) -> int:
    """How many columns a text takes by one of `WAYS_OF_COUNTING`."""
    return sum(width_of(character, widths) for character in text)
