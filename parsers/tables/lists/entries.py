"""The rows of a list as they are printed, and what their neighbours say of them.

Which cell of a row is its figure may be open: cells that are blank in all rows are padding, cells that count the rows
are no figures, and a lone cell among rows of several may be that of another column.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.forms.labels import Quality
from parsers.tables.lists.columns import Cells
from parsers.tables.model import Slot

_COUNTING_ROWS = 4  # numbered cells, before they are taken for numbers of the rows
_STEPS_TO_BREAKS = 4  # as many of them follow each other by one, for each that does not
_ROWS_OF_A_COLUMN = 2
_ROWS_TO_STRAYS = 15  # a stray number in one of so many rows makes no column
_COUNT = re.compile(r"0*(\d{1,3})\*{0,2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A printed row: its label, and the cells behind it. ``code`` is None when no form has it."""

    code: str | None
    label: Slot
    slots: tuple[Slot, ...]
    place: int
    cells: Cells
    quality: Quality = "exact"
    headed: bool = False


def settle_entries(entries: Sequence[Entry]) -> list[Entry]:
    """Return rows without the cells that count them, lone cells in doubt where other rows have several.

    Lone cells are looked at twice: what counts the rows must not be taken from a row whose only cell it is, and where
    it was taken, other cells are alone.
    """
    return _doubt_lone_cells(_drop_counts(_doubt_lone_cells(entries)))


def drop_padding(entries: Sequence[Entry]) -> list[Entry]:
    """Return the rows of a table without cells of columns that are empty in every row."""
    filled = {slot.column for entry in entries for slot in entry.slots if slot.text.strip()}
    found: list[Entry] = []
    for entry in entries:
        values = [slot for slot in entry.cells.values if slot.column in filled]
        found.append(_keep_cells(entry, values))
    return found


def _drop_counts(entries: Sequence[Entry]) -> list[Entry]:
    """Rows without the first or last of several cells, where these number the rows or are a form's printed codes."""
    found = list(entries)
    for at, kept in ((0, slice(1, None)), (-1, slice(None, -1))):
        counts: list[tuple[int, int | None]] = []
        for number, entry in enumerate(found):
            values = entry.cells.values
            if not entry.cells.certain and len(values) > 1:
                counts.append((number, _read_count(values[at].text)))
        steps = breaks = 0
        for (_, count), (_, following) in itertools.pairwise(counts):
            if count is not None and following is not None and following - count == 1:
                steps += 1
            else:
                breaks += 1
        if len(counts) < _COUNTING_ROWS or steps < _STEPS_TO_BREAKS * breaks:
            continue
        for number, count in counts:
            if count is not None:
                found[number] = _keep_cells(found[number], found[number].cells.values[kept])
    return found


def _doubt_lone_cells(entries: Sequence[Entry]) -> list[Entry]:
    """Rows whose lone cell is no certain figure where rows of the same list, without a header, have several."""
    lengths = Counter(len(entry.cells.values) for entry in entries if not entry.cells.headed and entry.cells.values)
    least = max(_ROWS_OF_A_COLUMN, lengths.total() // _ROWS_TO_STRAYS)
    columns = max((length for length, rows in lengths.items() if rows >= least), default=0)
    found: list[Entry] = []
    for entry in entries:
        cells = entry.cells
        if not cells.headed and 0 < len(cells.values) < columns:
            found.append(replace(entry, cells=replace(cells, certain=False)))
        else:
            found.append(entry)
    return found


def _keep_cells(entry: Entry, values: Sequence[Slot]) -> Entry:
    """A row with some of its cells alone, unless its figure is certain already."""
    if entry.cells.certain or len(values) == len(entry.cells.values):
        return entry
    certain = len(values) <= 1 and not entry.cells.headed
    return replace(entry, cells=replace(entry.cells, values=tuple(values), certain=certain))


def _read_count(text: str) -> int | None:
    match = _COUNT.fullmatch(text.strip())
    return int(match[1]) if match else None
