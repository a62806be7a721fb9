"""The letters of a PDF page in the cells of a ruled table; a number that is wider than its cell stays whole.

Letters belong to the cell that their middle lies in. Digits that touch are one number: where the rules part it, or its
end sticks out of the table, it belongs to the cell that it is set in - from its left side, to its right side, or in the
middle of it. Where more than one cell could be meant, all that it touches hold `UNREAD`, and so does an empty cell in
which a picture or drawn letters stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pdfplumber.utils

from parsers.formats import letters
from parsers.formats.letters import Letter
from parsers.formats.pages import Box, Piece
from parsers.radicals import UNREAD, fold_radicals

_TOUCH = 0.15  # of the size: digits of one number are no farther apart
_PADDING = 0.9  # of the size: between the side of a cell and a number set from it
_CENTRED = 0.15  # of the size
_LEAST = 2.0  # points: what is flatter is a line
_WHOLE = 0.97  # of a cell's width: what fills it from side to side is its ground


def pieces(
    cells: Sequence[Box], bounds: Box, characters: Sequence[Letter], inside: set[int], drawn: Sequence[Box] = ()
) -> list[Piece]:
    """The cells of one table with their text.

    Args:
        cells: the boxes of its cells.
        bounds: the box of the table.
        characters: all letters of the page.
        inside: letters that are in a table already, by index; those of this one are added.
        drawn: boxes of what may be content without letters (`drawn_on`).
    """
    left, top, right, bottom = bounds
    owner: dict[int, int] = {}
    for index, letter in enumerate(characters):
        x, y = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
        if index in inside or not (left <= x < right and top <= y < bottom):
            continue
        cell = next((at for at, (x0, y0, x1, y1) in enumerate(cells) if x0 <= x < x1 and y0 <= y < y1), None)
        if cell is not None:
            owner[index] = cell
    doubtful = _make_whole(owner, cells, characters, inside)
    inside.update(owner)
    held: list[list[int]] = [[] for _ in cells]
    for index in sorted(owner):
        held[owner[index]].append(index)
    found = []
    for at, box in enumerate(cells):
        written = [characters[index] for index in held[at]]
        text = fold_radicals(pdfplumber.utils.extract_text(written))
        if at in doubtful or letters.overprinted(written):
            text += UNREAD
        elif not text.strip() and any(_within(one, box) for one in drawn):
            text = UNREAD
        found.append(
            Piece(text, (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)), tuple(held[at]))
        )
    return found


def drawn_on(page: Any) -> list[Box]:
    """Where pictures and drawn letters stand on a page: not lines and boxes, and not one curve by itself.

    Args:
        page: a pdfplumber page.
    """
    pictures = [_corners(image) for image in page.images]
    curves = [_corners(curve) for curve in page.curves]
    grouped = [
        box
        for at, box in enumerate(curves)
        if any(other != at and _near(box, curves[other]) for other in range(max(0, at - 3), min(len(curves), at + 4)))
    ]
    return [box for box in (*pictures, *grouped) if min(box[2] - box[0], box[3] - box[1]) >= _LEAST]


def _corners(item: dict[str, Any]) -> Box:
    return float(item["x0"]), float(item["top"]), float(item["x1"]), float(item["bottom"])


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
