"""Tables for people: wide characters count double, nothing is ever cut off, and what one copies is never folded.

Off a terminal every row is one line. On a terminal that is too narrow, a row becomes several: columns that must stay
whole (ids, addresses) move to lines of their own below their row, and what is left is folded between words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from crawler.terminal.folding import PIECES, folded
from crawler.terminal.streams import heading, plain

_GAP = 2
_INDENT = 4


def shown(value: Any) -> str:
    """A value as it stands in a cell: one line, no control characters, None as nothing."""
    return "" if value is None else " ".join(plain(str(value)).split())


def table_lines(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, width: int | None = None, whole: Sequence[str] = ()
) -> list[str]:
    """The lines of a table, its head among them.

    Args:
        columns: names; a head is left out when all are empty.
        rows: values, as many as columns.
        width: cells of a line; None where lines have no end.
        whole: columns that leave the row first, in this order, and are never folded.
    """
    cells = [[shown(value) for value in row] for row in rows]
    table = _Table(list(columns), cells, whole)
    if width is not None:
        table.fit(width)
    return list(table.lines(width))


def fact_lines(facts: Sequence[tuple[str, Any]], *, width: int | None = None) -> list[str]:
    """Names and values, one below the other; what does not fit goes on below itself."""
    left = max((cell_len(name) for name, _ in facts), default=0)
    lines = []
    for name, value in facts:
        text = shown(value)
        room = None if width is None else max(width - left - _GAP, 1)
        pieces = [text] if room is None else folded(text, room)
        if room is not None and len(pieces) == 1 and cell_len(text) > room:  # an address: it stands alone
            lines += [name, f"{' ' * _INDENT}{text}"]
            continue
        for piece in pieces:
            lines.append(f"{_padded(name, left)}{' ' * _GAP}{piece}".rstrip())
            name = ""  # noqa: PLW2901 - it stands before the first piece alone
    return lines


class _Table:
    """A table being laid out: which columns stand in the row, how wide they are, and which hang below it."""

    def __init__(self, columns: list[str], cells: list[list[str]], whole: Sequence[str]) -> None:
        self._columns = columns
        self._cells = cells
        self._whole = [columns.index(name) for name in whole if name in columns]
        self._below: list[int] = []
        self._widths = [max(map(cell_len, self._texts(at))) for at in range(len(columns))]
        self._least = [self._longest_piece(at) for at in range(len(columns))]

    def _texts(self, at: int) -> list[str]:
        """A column from its name downwards."""
        return [self._columns[at], *(row[at] for row in self._cells)]

    def _longest_piece(self, at: int) -> int:
        """How narrow a column can be: as its longest word."""
        pieces = [piece for text in self._texts(at) for piece in PIECES.findall(text)]
        return max(map(cell_len, pieces), default=0)

    @property
    def _beside(self) -> list[int]:
        return [at for at in range(len(self._columns)) if at not in self._below]

    def _taken(self, widths: list[int]) -> int:
        beside = self._beside
        return sum(widths[at] for at in beside) + _GAP * (len(beside) - 1)

    def fit(self, width: int) -> None:
        """Move columns below their rows, then narrow what is left, until a row fits."""
        for at in self._whole:
            if self._taken(self._widths) <= width:
                return
            if len(self._beside) > 1:
                self._below.append(at)
        while self._taken(self._least) > width and len(self._beside) > 1:
            self._below.append(max(self._beside, key=lambda at: self._least[at]))
        # The widest gives way first, and no further than to the next one: so all that can fold end about as wide.
        while (over := self._taken(self._widths) - width) > 0:
            loose = [at for at in self._beside if self._widths[at] > self._least[at]]
            if not loose:
                return
            widest = max(loose, key=lambda at: self._widths[at])
            others = [self._widths[at] for at in loose if self._widths[at] < self._widths[widest]]
            floor = max(self._least[widest], max(others, default=self._least[widest]) - 1)
            self._widths[widest] = max(floor, self._widths[widest] - over)

    def lines(self, width: int | None) -> Iterator[str]:
        """Head and rows."""
        if any(self._columns):
            for line in self._row(self._columns, width):
                yield heading(line)
            yield "─" * min(self._taken(self._widths), width or 1 << 30)
        for row in self._cells:
            yield from self._row(row, width)

    def _row(self, row: list[str], width: int | None) -> Iterator[str]:
        beside = self._beside
        parts = [folded(row[at], self._widths[at]) if width is not None else [row[at]] for at in beside]
        for line in range(max(map(len, parts))):
            texts = [part[line] if line < len(part) else "" for part in parts]
            padded = [_padded(text, self._widths[at]) for text, at in zip(texts, beside, strict=True)]
            yield (" " * _GAP).join(padded).rstrip()
        yield from self._hanging(row, width or 0)

    def _hanging(self, row: list[str], width: int) -> Iterator[str]:
        room = width - _INDENT
        line = ""
        for at in sorted(self._below):
            text = row[at]
            if not text:
                continue
            joined = f"{line}{' ' * _GAP}{text}" if line else text
            if cell_len(joined) <= room:
                line = joined
                continue
            if line:
                yield f"{' ' * _INDENT}{line}"
            line = ""
            if cell_len(text) <= room:
                line = text
            elif at in self._whole:
                yield f"{' ' * _INDENT}{text}"
            else:
                yield from (f"{' ' * _INDENT}{piece}" for piece in folded(text, room))
        if line:
            yield f"{' ' * _INDENT}{line}"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
