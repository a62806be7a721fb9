"""Rows behind the values of another one: their labels are wrapped around the values, misspelt, cut or lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.forms.labels import is_bare_ordinal
from parsers.forms.values import ValueReader

_PIECE = re.compile(r"[^\s|]+")


@dataclass(frozen=True, slots=True)
class LooseValues:
    """As many values as a row has, side by side.

    Attributes:
        label: the words right before them, put together.
        values: where each begins and ends.
    """

    label: str
    values: tuple[tuple[int, int], ...]


def find_loose_values(raw: str, start: int, end: int, columns: int, reader: ValueReader) -> Iterator[LooseValues]:
    """Yield the values of rows between two places of a text.

    Args:
        raw: the text.
        start: the first place.
        end: the place behind the last.
        columns: how many values a row has; fewer and more are left alone.
        reader: knows what can be a value.
    """
    words: list[str] = []
    values: list[tuple[int, int]] = []
    for match in _PIECE.finditer(raw[start:end]):
        text = match.group()
        if reader.could_be(text) and not is_bare_ordinal(text):
            values.append((start + match.start(), start + match.end()))
            continue
        if values:
            if len(values) == columns:
                yield LooseValues("".join(words), tuple(values))
            words, values = [], []
        words.append(text)
    if len(values) == columns:
        yield LooseValues("".join(words), tuple(values))
