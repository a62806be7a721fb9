"""Numbers that count the lines of a page, left of all text: they are no part of the lines that they count.

They stand left of every letter, one below the other at an even distance, and each is one more than the one above it.
A column that counts rows has a header, which is a letter above it, and stays.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

Letter = dict[str, Any]

_LEAST = 8  # lines of a page that are counted
_UNEVEN = 0.35  # of the distance between two lines
_MOST_DIGITS = 4


def line_numbers(letters: Sequence[Letter]) -> set[int]:
    """Which of a page's letters are digits of numbers that count its lines; none where any number breaks the row."""
    words = [index for index, letter in enumerate(letters) if letter["text"].strip()]
    edge = min((letters[i]["x0"] for i in words if not _is_digit(letters[i])), default=0.0)
    aside = [index for index in words if _is_digit(letters[index]) and letters[index]["x1"] < edge]
    numbers = _numbers(letters, aside)
    if len(numbers) < _LEAST:
        return set()
    values = [int("".join(letters[i]["text"] for i in number)) for number in numbers]
    tops = [letters[number[0]]["top"] for number in numbers]
    steps = [below - above for above, below in itertools.pairwise(tops)]
    usual = sorted(steps)[len(steps) // 2]
    counted = all(after == before + 1 for before, after in itertools.pairwise(values))
    even = all(abs(step - usual) <= _UNEVEN * usual for step in steps)
    return set(aside) if counted and even else set()


def _is_digit(letter: Letter) -> bool:
    return str(letter["text"]).isascii() and str(letter["text"]).isdigit()


def _numbers(letters: Sequence[Letter], digits: Sequence[int]) -> list[list[int]]:
    """The numbers that digits make, from above: those of one line are one number; none where one is too long."""
    lines: list[list[int]] = []
    for index in sorted(digits, key=lambda index: (letters[index]["top"], letters[index]["x0"])):
        letter = letters[index]
        if lines and abs(letters[lines[-1][0]]["top"] - letter["top"]) < letter["size"] / 2:
            lines[-1].append(index)
        else:
            lines.append([index])
    found = [sorted(line, key=lambda index: letters[index]["x0"]) for line in lines]
    return found if all(len(line) <= _MOST_DIGITS for line in found) else []
