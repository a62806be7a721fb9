"""How cells of workbooks are set, and what a reader sees of them: shared by `sheetlooks`, `odslooks` and `xlslooks`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from parsers.characters import raised
from parsers.formats import contrast
from parsers.formats.sheet import number_formats

Place = tuple[int, int]  # row and column, from 0

MAX_ROWS = 5000
"""Rows of a sheet that are read."""


@dataclass(slots=True)
class Looks:
    """How one sheet shows its cells.

    Attributes:
        texts: what a cell shows that holds something else.
        over: what stands over a cell; it counts where the cell itself is empty.
        rows, columns: those that are hidden.
    """

    texts: dict[Place, str] = field(default_factory=dict)
    over: dict[Place, str] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Font:
    """How letters are set."""

    struck: bool = False
    lifted: bool = False
    ink: contrast.Colour | None = None

    def shows_on(self, ground: contrast.Colour | None) -> bool:
        """Whether letters of this font are read on a ground (None: one that is not known)."""
        return not self.struck and (self.ink is None or ground is None or contrast.shows(self.ink, ground))

    def put(self, text: str, ground: contrast.Colour | None) -> str:
        """A stretch of text as it is read."""
        if not self.shows_on(ground):
            return ""
        return raised(text) if self.lifted else text


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell is set. ``ground``: None where a pattern or a colour of the theme is not known."""

    font: Font = Font()
    ground: contrast.Colour | None = contrast.WHITE
    code: str = "General"


def put(stored: str, style: Style) -> str | None:
    """What a cell shows that holds a number; None where that is the number."""
    if not style.font.shows_on(style.ground):
        return ""
    text = number_formats.shown(stored, style.code)
    return text if text != stored else None


def tree(data: bytes) -> Any:
    """An XML part; entities are not expanded and nothing is fetched."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
