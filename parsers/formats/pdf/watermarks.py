"""Letters that were laid across a PDF page: watermarks, stamps and remarks that slant, or lie over cells of a table.

Tables and lines of a report stand level or on their side, so what slants is not of them, and is left out. A pale run
of large letters that reaches over several cells is left out as well. What slants within one cell, is not pale and does
not come again may be its content: the cell is told (`parsers.formats.pdf.ruled_cells`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from parsers.formats import contrast

Letter = dict[str, Any]
Box = tuple[float, float, float, float]  # x0, top, x1, bottom

_SLANT = 5.0  # degrees: a page put askew into a scanner stands straighter
_PALE = 2.0  # of 21: contrast on white; print that is to be read has three or more (WCAG 2.2, 1.4.3)
_LARGE = 1.3  # times the usual size of the letters
_FEW = 10  # level letters: where there are no more of them, the page itself is askew
_NEAR = 2.5  # of the size: letters of one run are no farther apart


class Run(NamedTuple):
    """Letters that follow each other in one direction, of one size and one colour, by index."""

    letters: tuple[int, ...]
    text: str
    box: Box
    pale: bool


class Aslant(NamedTuple):
    """What slants on a page: its letters by index, its texts, and where it may be the content of a cell."""

    letters: frozenset[int]
    texts: tuple[str, ...]
    doubtful: tuple[Box, ...]


def aslant(letters: Sequence[Letter]) -> Aslant:
    """What slants on a page that is not askew itself."""
    slanting = [index for index, letter in enumerate(letters) if _slants(letter)]
    if not slanting or len(letters) - len(slanting) <= _FEW:
        return Aslant(frozenset(), (), ())
    runs = _runs(letters, slanting)
    often = Counter(run.text for run in runs)
    doubtful = [run.box for run in runs if run.text and not run.pale and often[run.text] == 1]
    return Aslant(frozenset(slanting), tuple(dict.fromkeys(run.text for run in runs if run.text)), tuple(doubtful))


def faint(letters: Sequence[Letter]) -> list[Letter]:
    """The letters, with an entry ``faint`` in those that are pale and larger than others: they may be a watermark."""
    usual = Counter(round(letter["size"], 1) for letter in letters if not _is_pale(letter))
    if not usual:
        return list(letters)
    least = _LARGE * usual.most_common(1)[0][0]
    return [{**one, "faint": True} if one["size"] >= least and _is_pale(one) else one for one in letters]


def across(letters: Sequence[Letter], owner: dict[int, int]) -> set[int]:
    """Runs of faint letters that reach over several cells, by index.

    Args:
        letters: all letters of the page.
        owner: the cell of each letter that stands in one, by index.
    """
    pale = [index for index, letter in enumerate(letters) if letter.get("faint")]
    found: set[int] = set()
    for run in _runs(letters, pale):
        if len({owner.get(index) for index in run.letters if letters[index]["text"].strip()}) > 1:
            found.update(run.letters)
    return found


def _runs(letters: Sequence[Letter], chosen: Sequence[int]) -> list[Run]:
    groups: list[list[int]] = []
    for index in chosen:
        if groups and index == groups[-1][-1] + 1 and _follows(letters[groups[-1][-1]], letters[index]):
            groups[-1].append(index)
        else:
            groups.append([index])
    return [_run(letters, group) for group in groups]


def _run(letters: Sequence[Letter], group: Sequence[int]) -> Run:
    printed = [letters[index] for index in group if letters[index]["text"].strip()] or [letters[group[0]]]
    box = (
        float(min(letter["x0"] for letter in printed)),
        float(min(letter["top"] for letter in printed)),
        float(max(letter["x1"] for letter in printed)),
        float(max(letter["bottom"] for letter in printed)),
    )
    text = "".join(letters[index]["text"] for index in group).strip()
    return Run(tuple(group), text, box, all(map(_is_pale, printed)))


def _follows(before: Letter, letter: Letter) -> bool:
    """Whether a letter goes on with the run of the one before it."""
    if _colour(before) != _colour(letter) or abs(_angle(before) - _angle(letter)) > 1:
        return False
    reach = _NEAR * max(before["size"], letter["size"])
    gaps = (
        max(letter[near] - before[far], before[near] - letter[far]) for near, far in (("x0", "x1"), ("top", "bottom"))
    )
    return all(gap <= reach for gap in gaps)


def _slants(letter: Letter) -> bool:
    return abs((_angle(letter) + 45) % 90 - 45) > _SLANT


def _angle(letter: Letter) -> float:
    along, up = letter["matrix"][:2]
    return math.degrees(math.atan2(up, along))


def _colour(letter: Letter) -> contrast.Colour | None:
    colour = letter.get("non_stroking_color")
    parts = colour if isinstance(colour, tuple | list) else (colour,)
    if not all(isinstance(part, int | float) for part in parts):
        return None
    return contrast.of_ink([min(1.0, max(0.0, float(part))) for part in parts])


def _is_pale(letter: Letter) -> bool:
    colour = _colour(letter)
    return colour is not None and contrast.ratio(colour, contrast.WHITE) < _PALE
