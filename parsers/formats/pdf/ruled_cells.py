"""The letters of a PDF page in the cells of a ruled table; a number that is wider than its cell stays whole.

Letters belong to the cell that their middle lies in. Digits that touch are one number: where the rules part it, or its
end sticks out of the table, it belongs to the cell that it is set in - from its left side, to its right side, or in the
middle of it. Where more than one cell could be meant, all that it touches hold `UNREAD`, and so does a cell in which a
picture or drawn letters stand, alone or beside a number, or where a remark says something else than a printed number,
also than one that is struck through. What lies below the whole number is its ground.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import pdfplumber.utils

from parsers.characters import UNREAD, fold_radicals
from parsers.formats.pdf import letters, watermarks
from parsers.formats.pdf.letters import Letter
from parsers.formats.pdf.page import Box, Piece, corners

_TOUCH = 0.15  # of the size: digits of one number are no farther apart
_PADDING = 0.9  # of the size: between the side of a cell and a number set from it
_CENTRED = 0.15  # of the size
_LEAST = 2.0  # points: what is flatter is a line
_CLOSE = 2.0  # of the size: drawn letters of a number are no farther from it, and no higher
_FIGURE = re.compile(r"[-+]?[0-9０-９][^一-鿿]{0,20}[一-鿿]{0,3}")  # a number, also with a unit
_WHOLE = 0.97  # of a cell's width: what fills it from side to side is its ground


class Drawn(NamedTuple):
    """What may be content without letters: a picture, or one of several curves."""

    box: Box
    picture: bool


class Beside(NamedTuple):
    """What is on a page beside the letters that are read: drawings (`drawn_on`), struck letters, slanting text."""

    drawn: Sequence[Drawn] = ()
    struck: Sequence[Letter] = ()
    aslant: Sequence[Box] = ()


def pieces(
    cells: Sequence[Box],
    bounds: Box,
    characters: Sequence[Letter],
    inside: set[int],
    beside: Beside | None = None,
) -> list[Piece]:
    """The cells of one table with their text.

    Args:
        cells: the boxes of its cells.
        bounds: the box of the table.
        characters: all letters of the page.
        inside: letters that are in a table already, by index; those of this one are added.
        beside: what else is on the page.
    """
    left, top, right, bottom = bounds
    drawn, struck, slanting = beside or Beside()
    owner: dict[int, int] = {}
    for index, letter in enumerate(characters):
        x, y = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
        if index in inside or not (left <= x < right and top <= y < bottom):
            continue
        cell = next((at for at, (x0, y0, x1, y1) in enumerate(cells) if x0 <= x < x1 and y0 <= y < y1), None)
        if cell is not None:
            owner[index] = cell
    for index in watermarks.across(characters, owner):
        owner.pop(index, None)
        inside.add(index)
    doubtful = _make_whole(owner, cells, characters, inside)
    inside.update(owner)
    held: list[list[int]] = [[] for _ in cells]
    for index in sorted(owner):
        held[owner[index]].append(index)
    found = []
    for at, box in enumerate(cells):
        written = [characters[index] for index in held[at]]
        text = fold_radicals(pdfplumber.utils.extract_text(written))
        unread = at in doubtful or letters.overprinted(written) or _is_disputed(written, struck, box)
        unread = unread or any(_within(one, box) for one in slanting)
        if unread or any(_is_content(one, box, text.strip(), written) for one in drawn):
            text += UNREAD
        found.append(
            Piece(text, (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)), tuple(held[at]))
        )
    return found


def drawn_on(page: Any) -> list[Drawn]:
    """Where pictures and drawn letters stand on a page: not lines and boxes, and not one curve by itself.

    Args:
        page: a pdfplumber page.
    """
    pictures = [corners(image) for image in page.images]
    curves = [corners(curve) for curve in page.curves]
    grouped = [
        box
        for at, box in enumerate(curves)
        if any(other != at and _near(box, curves[other]) for other in range(max(0, at - 3), min(len(curves), at + 4)))
    ]
    found = [Drawn(box, picture=True) for box in pictures] + [Drawn(box, picture=False) for box in grouped]
    return [one for one in found if min(one.box[2] - one.box[0], one.box[3] - one.box[1]) >= _LEAST]


def _is_content(one: Drawn, cell: Box, text: str, written: Sequence[Letter]) -> bool:
    """Whether something drawn is what an empty cell says, or a part of its number."""
    if not _within(one.box, cell):
        return False
    if not text:
        return True
    printed = [letter for letter in written if letter["text"].strip()]
    if _FIGURE.fullmatch(text) is None or all(_stands_in(letter, one.box) for letter in printed):
        return False
    x0, top, x1, bottom = one.box
    return one.picture or any(
        bottom - top <= _CLOSE * letter["size"]
        and letter["top"] < bottom
        and letter["bottom"] > top
        and max(x0 - letter["x1"], letter["x0"] - x1) <= _CLOSE * letter["size"]
        for letter in printed
    )


def _is_disputed(written: Sequence[Letter], struck: Sequence[Letter], cell: Box) -> bool:
    """Whether a remark gives a number to a cell that has one already, be it struck through."""
    figures = [letter for letter in written if letter["text"].isdigit()]
    if not any(letter.get("remark") for letter in figures):
        return False
    own = [letter for letter in struck if letter["text"].isdigit() and _stands_in(letter, cell)]
    return bool(own) or not all(letter.get("remark") for letter in figures)


def _stands_in(letter: Letter, box: Box) -> bool:
    x, y = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
    return bool(box[0] <= x < box[2] and box[1] <= y < box[3])


def _near(one: Box, other: Box) -> bool:
    reach = max(one[3] - one[1], other[3] - other[1])
    return one[0] <= other[2] + reach and other[0] <= one[2] + reach and one[1] <= other[3] and other[1] <= one[3]


def _within(inner: Box, outer: Box) -> bool:
    return (
        outer[0] - 2 <= inner[0]
        and inner[2] <= outer[2] + 2
        and outer[1] - 2 <= inner[1]
        and inner[3] <= outer[3] + 2
        and inner[2] - inner[0] <= _WHOLE * (outer[2] - outer[0])
    )


def _make_whole(
    owner: dict[int, int], cells: Sequence[Box], characters: Sequence[Letter], inside: set[int]
) -> set[int]:
    """Give numbers that several cells share to one of them; which cells hold one that could be another's."""
    doubtful: set[int] = set()
    for run in _numbers(characters):
        touched = [owner.get(index) for index in run]
        within = [cell for cell in touched if cell is not None]
        if not within or len(set(touched)) == 1 or any(index in inside for index in run):
            continue
        first, last = characters[run[0]], characters[run[-1]]
        fitting = _fitting(touched, cells, first, last)
        rivals = [
            index
            for index, cell in owner.items()
            if cell in within and index not in run and _beside(characters[index], first)
        ]
        if len(fitting) == 1 and not rivals:
            owner.update(dict.fromkeys(run, fitting.pop()))
        else:
            doubtful.update(within)
    return doubtful


def _fitting(touched: Sequence[int | None], cells: Sequence[Box], first: Letter, last: Letter) -> set[int]:
    """The cells that a number can be set in, of those that it touches."""
    size = first["size"]
    middle = (first["x0"] + last["x1"]) / 2
    fitting = set()
    if touched[0] is not None and -1 <= first["x0"] - cells[touched[0]][0] <= _PADDING * size:
        fitting.add(touched[0])
    if touched[-1] is not None and -1 <= cells[touched[-1]][2] - last["x1"] <= _PADDING * size:
        fitting.add(touched[-1])
    for cell in touched:
        if cell is not None and abs((cells[cell][0] + cells[cell][2]) / 2 - middle) <= _CENTRED * size:
            fitting.add(cell)
    return fitting


def _numbers(characters: Sequence[Letter]) -> list[list[int]]:
    """Digits printed one after the other that touch, by index."""
    found: list[list[int]] = []
    before: Any = None
    for index, letter in enumerate(characters):
        if not (letter["text"].isdigit() or (letter["text"] in ".," and before is not None)):
            before = None
            continue
        size = letter["size"]
        if (
            before is not None
            and _beside(letter, before)
            and -0.3 * size <= letter["x0"] - before["x1"] <= _TOUCH * size
        ):
            found[-1].append(index)
        else:
            found.append([index])
        before = letter
    return [run for run in found if len(run) > 1]


def _beside(one: Letter, other: Letter) -> bool:
    return bool(abs(one["top"] - other["top"]) < 0.3 * max(one["size"], 1.0))
