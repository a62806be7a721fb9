"""The text between two tables as one stream, and from its places back to the blocks and their locators."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from parsers.document import Locator, Text
from parsers.formats.text.widths import WAYS_OF_COUNTING, screen_widths
from parsers.tables.lines import part
from parsers.tables.model import Slot
from parsers.tables.text.page_marks import without_page_marks

_IN_LINE = re.compile(r"(?:[^\t|]*[^\t|\s])? {2,}[^\t|]*|[^\t|]+")  # set with spaces
_LONGEST_HEAD = 16  # characters


class Stream:
    """Consecutive text blocks as one raw text, and back to locators."""

    def __init__(self, blocks: Sequence[tuple[int, Text]]) -> None:
        self.blocks = blocks
        parts: list[str] = []
        self._starts: list[int] = []
        length = 0
        previous: Text | None = None
        for _, block in blocks:
            gap = "\n" * _line_breaks(previous, block) if previous is not None else ""
            before = next((part for part in reversed(parts) if part.strip()), "")
            shown = without_page_marks(block.text, before)
            # A page's number is no cell, and its line none between two cells.
            parts += [gap, shown] if shown.strip() else [" " * (len(gap) + len(shown))]
            self._starts.append(length + len(gap))
            length += len(gap) + len(block.text)
            previous = block
        self.raw = "".join(parts)
        self.counts_lines = all(block.locator.kind == "text" for _, block in blocks)

    def index(self, at: int) -> int:
        """Which block of ``blocks`` a raw position lies in (or behind)."""
        return max(0, bisect.bisect_right(self._starts, at) - 1)

    def place(self, at: int) -> tuple[int, int]:
        """Where a row that begins at a raw position stands in the document: its block, and the position."""
        return self.blocks[self.index(at)][0], at

    def blanks(self, at: int) -> int | None:
        """How many blank cells bars alone set off behind the text at a raw position; None where no bars do."""
        bars = self.blocks[self.index(at)][1].bars
        return len(bars) - 1 if bars and set(bars) == {1} else None

    def slot(self, start: int, end: int) -> Slot:
        """A stretch of the raw text as a cell; it lies within one block."""
        number = self.index(start)
        block = self.blocks[number][1]
        first = start - self._starts[number]
        where = part(block, first, min(first + end - start, len(block.text)))
        return Slot(self.raw[start:end], where, across=self._across(block, first, start, end))

    def _across(self, block: Text, first: int, start: int, end: int) -> tuple[tuple[float, float], ...]:
        """Where a number or a header in a line that is set with spaces begins and ends on a screen."""
        text = block.text[: first + end - start]
        line = text[text.rfind("\n") + 1 :]
        if block.locator.kind != "text" or "\n" in self.raw[start:end] or end - start > _LONGEST_HEAD:
            return ()
        if _IN_LINE.fullmatch(line) is None:
            return ()
        indent = int(block.locator.get("start") or 0) if "\n" not in text else 0
        return tuple(
            (indent + screen_widths(line[: start - end], widths), indent + screen_widths(line, widths))
            for widths in WAYS_OF_COUNTING
        )

    def blank(self, at: int) -> Slot:
        """The empty line behind the raw position ``at`` (a line break of a text file)."""
        number = self.index(at)
        block = self.blocks[number][1]
        line = int(block.locator.get("line")) + self.raw.count("\n", self._starts[number], at) + 1
        return Slot("", Locator.of("text", line=line, start=0, end=0))


def _line_breaks(before: Text, after: Text) -> int:
    if before.locator.kind != "text" or after.locator.kind != "text":
        return 1
    last = before.locator.get("line_end") or before.locator.get("line")
    return max(1, int(after.locator.get("line")) - int(last))
