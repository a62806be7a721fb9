"""What one stream of text holds: its rows as they stand, and how a row is made of a label and the values behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.forms.labels import Match
from parsers.record import Issue
from parsers.tables.model import Header, Row
from parsers.tables.text.blank_cells import Gap
from parsers.tables.text.stream import Stream
from parsers.tables.text.wordings import Token
from parsers.tables.units import CountWords, UnitWords, is_remark
from parsers.tables.vocabulary import RowKey, Vocabulary

HEADER_REACH = 300  # characters before a row in which its header, or pieces of it, and the unit are looked for
_REMARKS = 2  # lines behind a row that may be a remark on its unit


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row as it stands: which of its columns are blank is not known yet.

    Attributes:
        row: its cells are those that are printed.
        gap: where they stand.
        own_line: they begin in a line of their own, below the label.
    """

    row: Row
    gap: Gap
    own_line: bool


@dataclass(frozen=True, slots=True)
class FoundRows:
    """What was found in a stream so far.

    Attributes:
        rows: rows behind labels.
        loose: rows whose label or header is in pieces; as many values as columns stand there.
        issues: what was told on the way.
    """

    rows: list[PrintedRow] = field(default_factory=list)
    loose: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


class RowMaker:
    """Makes rows of the labels of one stream."""

    def __init__(self, stream: Stream, words: Vocabulary) -> None:
        self._stream = stream
        self._words = words

    def make_row(
        self, table: str, code: str, token: Token, gap: Gap, header: Header, *, own_line: bool = False
    ) -> PrintedRow:
        """Return the row that stands behind a label.

        Args:
            table: name of the table in the forms.
            code: of the row.
            token: the label.
            gap: the values behind it.
            header: the columns that hold there.
            own_line: the values begin in a line of their own.
        """
        unit = counted = None
        if table in self._words.blocks:
            unit = self._find_unit(self._words.money, token.start, gap.end)
            counted = self._find_unit(self._words.counts, token.start, gap.end)
        row = Row(
            table,
            code,
            self._stream.raw[token.start : token.end],
            tuple(self._stream.slot(start, end) for start, end in gap.parts),
            self._stream.place(token.start),
            piece=-1,
            header=header,
            ragged=True,
            unit=unit,
            counted=counted,
        )
        return PrintedRow(row, gap, own_line)

    def make_loose_row(
        self,
        table: str,
        header: Header | None,
        values: Sequence[tuple[int, int]],
        *,
        start: int,
        match: Match[RowKey] | None = None,
        label: str = "",
    ) -> Row:
        """Return a row of values that are all there, wherever what names them stands.

        Args:
            table: name of the table in the forms.
            header: the columns that hold there.
            values: where they begin and end.
            start: where the row begins.
            match: which row it is; None when its label is lost, or the table has but one.
            label: as it is printed.
        """
        slots = tuple(self._stream.slot(first, last) for first, last in values)
        place = self._stream.place(start)
        if match is None:
            code = "" if table in self._words.records else None
            return Row(table, code, "", slots, place, piece=-1, header=header, ragged=True)
        code = match.key[1]
        quality = match.quality
        return Row(table, code, label, slots, place, piece=-1, header=header, quality=quality, ragged=True)

    def _find_unit(self, words: UnitWords | CountWords, start: int, end: int) -> str | None:
        """The unit that the nearest line above a row says, or a remark behind it."""
        return next(filter(None, map(words.said, self._lines_around(start, end))), None)

    def _lines_around(self, start: int, end: int) -> Iterator[str]:
        raw = self._stream.raw
        above = raw[max(0, start - HEADER_REACH) : start].split("\n")
        yield from reversed(above)
        behind = raw[end : end + HEADER_REACH].strip().split("\n")
        yield from filter(is_remark, behind[:_REMARKS])
