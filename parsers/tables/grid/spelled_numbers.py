"""Tables whose numbers are written in Chinese numerals (十五, 零): read as what they say where no other number stands.

A numeral alone counts sections, and stands in labels; so it is a number only in a table that has no other numbers, and
not before a label. Each cell keeps what it prints.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from parsers.characters import strip_blanks
from parsers.forms.labels import is_words
from parsers.forms.values import ValueReader
from parsers.numerals import CHINESE_NUMERALS, chinese_number
from parsers.tables.model import NumberedLine, Slot

_LEAST = 3  # cells; fewer may be ordinals
_NUMERAL = re.compile(
    rf"(?P<whole>[{CHINESE_NUMERALS}万]+)(?:点(?P<part>[〇零一二三四五六七八九]+))?(?P<unit>件|条|个|项|次)?"
)
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def spelled_out(lines: Sequence[NumberedLine], values: ValueReader) -> list[NumberedLine]:
    """The rows of a table with its Chinese numerals as digits; unchanged where it has other numbers, or few of them."""
    slots = [slot for _, line in lines for slot in line]
    if any(values.is_number(slot.text) and _number(slot.text) is None for slot in slots):
        return list(lines)
    found = {
        slot: number
        for _, line in lines
        for slot in _behind(line, values)
        if (number := _number(slot.text)) is not None
    }
    if len(found) < _LEAST:
        return list(lines)
    return [(number, [_digits(slot, found.get(slot)) for slot in line]) for number, line in lines]


def _behind(line: Sequence[Slot], values: ValueReader) -> Sequence[Slot]:
    """The cells of a line behind its last label."""
    words = [slot.text if is_words(slot.text) and not values.could_be(slot.text) else "" for slot in line]
    labels = [at for at, word in enumerate(words) if word and _number(word) is None]
    return line[max(labels, default=-1) + 1 :]


def _digits(slot: Slot, number: str | None) -> Slot:
    return slot if number is None else dataclasses.replace(slot, text=number, printed=slot.text)


def _number(text: str) -> str | None:
    match = _NUMERAL.fullmatch(strip_blanks(text))
    if match is None:
        return None
    high, ten_thousands, low = match["whole"].rpartition("万")
    parts = [chinese_number(part.removeprefix("零") or "零") for part in ((high, low) if ten_thousands else (low,))]
    if None in parts or (ten_thousands and not high):
        return None
    whole = sum(10_000 ** (len(parts) - 1 - at) * (part or 0) for at, part in enumerate(parts))
    return f"{whole}.{match['part'].translate(_DIGITS)}" if match["part"] else str(whole)
