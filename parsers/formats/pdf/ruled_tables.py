"""The ruled tables of a PDF page, found by pdfplumber after sides that nobody drew are closed.

Browsers leave out the lower rule of a cell that goes on over the page break, and the upper one on the next page; some
forms are open to the left and right. Rules that touch belong to one table, and a table is a rectangle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.table import TableFinder

from parsers.formats.pdf.page import Box, around, corners

_THIN = 2.5  # points; rules are thinner, shading is thicker
_TOUCH = 3.0  # points: rules this close meet (pdfplumber's own tolerance)


@dataclass(slots=True)
class _Group:
    """Rules that hang together, each with its box."""

    rules: list[dict[str, Any]]
    boxes: list[Box]

    def touches(self, box: Box) -> bool:
        """Whether a rule with this box meets one of the group."""
        return any(_meet(box, other) for other in self.boxes)

    def positions(self, orientation: str, side: int) -> set[int]:
        """Where its rules of one orientation (``v`` or ``h``) stand, in whole points, by this corner of their boxes."""
        positions: set[int] = set()
        for rule, box in zip(self.rules, self.boxes, strict=True):
            if rule["orientation"] == orientation:
                positions.add(round(box[side]))
        return positions


def find_tables(page: Any) -> list[Any]:
    """The tables of a page (pdfplumber's), without shading among its rules.

    Args:
        page: pdfplumber's page, holding rules alone: see `is_shading`.
    """
    finder = TableFinder(page)
    upright: list[dict[str, Any]] = []
    level: list[dict[str, Any]] = []
    for group in _group_touching(finder.edges):
        if len(group.positions("v", 0)) < 2 or len(group.positions("h", 1)) < 2:
            continue  # a line, or a frame of two
        x0, top, x1, bottom = around(group.boxes)
        upright += [_make_rule(x0, top, x0, bottom), _make_rule(x1, top, x1, bottom)]
        level += [_make_rule(x0, top, x1, top), _make_rule(x0, bottom, x1, bottom)]
    if not upright:
        return list(finder.tables)
    found: list[Any] = page.find_tables({"explicit_vertical_lines": upright, "explicit_horizontal_lines": level})
    return found


def is_shading(item: dict[str, Any]) -> bool:
    """Whether an object of the page is a filled rectangle that is no line."""
    if item["object_type"] != "rect" or item["width"] < _THIN or item["height"] < _THIN:
        return False
    return not item.get("stroke") or bool(item.get("fill"))


def _group_touching(rules: Sequence[dict[str, Any]]) -> list[_Group]:
    """Rules in groups that hang together."""
    groups: list[_Group] = []
    for rule in rules:
        box = corners(rule)
        joined = _Group([rule], [box])
        apart: list[_Group] = []
        for group in groups:
            if group.touches(box):
                joined.rules.extend(group.rules)
                joined.boxes.extend(group.boxes)
            else:
                apart.append(group)
        groups = [*apart, joined]
    return groups


def _meet(one: Box, other: Box) -> bool:
    across = one[0] <= other[2] + _TOUCH and other[0] <= one[2] + _TOUCH
    down = one[1] <= other[3] + _TOUCH and other[1] <= one[3] + _TOUCH
    return across and down


def _make_rule(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    place = {"x0": x0, "x1": x1, "top": top, "bottom": bottom}
    return {"object_type": "line", **place, "width": x1 - x0, "height": bottom - top}
