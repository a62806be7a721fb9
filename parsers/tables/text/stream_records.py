"""Records in a stream of text: as the form has them, in other layouts, or below a header that is in pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.forms.labels import is_words
from parsers.tables.headers.broken import assume_header
from parsers.tables.headers.records import read_record_header
from parsers.tables.text.found_rows import HEADER_REACH, FoundRows, RowMaker
from parsers.tables.text.gaps import Gaps
from parsers.tables.text.record_layouts import Segment
from parsers.tables.text.stream import Stream
from parsers.tables.text.stream_headers import HeaderLabel, StreamHeaders
from parsers.tables.text.wordings import Token
from parsers.tables.vocabulary import Vocabulary


class StreamRecords:
    """Reads the records of one stream, label by label."""

    def __init__(
        self, stream: Stream, tokens: Sequence[Token], words: Vocabulary, gaps: Gaps, headers: StreamHeaders
    ) -> None:
        self._stream = stream
        self._tokens = tokens
        self._words = words
        self._gaps = gaps
        self._headers = headers
        self._maker = RowMaker(stream, words)
        self._segments: dict[str, Segment] = {}

    def take_label(self, label: HeaderLabel, number: int, found: FoundRows) -> None:
        """Take in a label of a record's header: values may stand behind it.

        Args:
            label: what it is.
            number: of the label in the stream.
            found: takes the rows.
        """
        name = label.table
        if name not in self._words.records:
            return
        table = self._words.records[name][0]
        token = self._tokens[number]
        values = self._count_numbers(number, len(list(table.codes())))
        if name not in self._segments:
            self._segments[name] = Segment(name, table, self._words)
        slot = self._stream.slot(token.start, token.end)
        self._segments[name].take(label.kind, slot, number, values, headed=self._is_headed(number))
        header = read_record_header(name, table, self._headers.lines_of(name), self._words)
        if (header is None or not values) and self._goes_on(name, number):
            return
        if self._end_segment(name, found, official=header is not None):
            return
        if header is not None:
            gap = self._gaps.read_gap(number, len(header.columns))
            found.rows.append(self._maker.make_row(name, "", token, gap, header, own_line=True))
        else:
            self._find_broken(name, token, found)
        self._end_record(name)

    def end_all(self, found: FoundRows) -> None:
        """Prose ends the records: lines that make a whole by themselves are taken."""
        for name in list(self._segments):
            self._end_segment(name, found, official=False)
        self._segments = {}

    def _count_numbers(self, number: int, columns: int) -> int:
        """How many numbers stand behind a label."""
        raw = self._stream.raw
        gap = self._gaps.read_gap(number, columns)
        return sum(self._words.values.is_number(raw[start:end]) for start, end in gap.parts)

    def _is_headed(self, number: int) -> bool:
        """Whether words that are no label stand right before a label."""
        if number == 0:
            return False
        before = self._stream.raw[self._tokens[number - 1].end : self._tokens[number].start].split()
        return bool(before) and is_words(before[-1])

    def _goes_on(self, name: str, number: int) -> bool:
        """Whether the next label is of the record's header, too."""
        if number + 1 == len(self._tokens):
            return False
        following = self._tokens[number + 1]
        kinds = {meaning.kind for meaning in following.meanings if meaning.key[0] == name}
        return not kinds.isdisjoint({"column", "block", "parent"})

    def _end_segment(self, name: str, found: FoundRows, *, official: bool) -> bool:
        """Take the lines of a record that is laid out in another way, if they make a table."""
        segment = self._segments.get(name)
        lines = segment.whole(official=official) if segment is not None else []
        for line in lines:
            gap = self._gaps.read_gap(line.number, len(line.header.columns))
            token = self._tokens[line.number]
            own_line = line.kind == "part"
            found.rows.append(self._maker.make_row(name, "", token, gap, line.header, own_line=own_line))
        if lines:
            self._end_record(name)
        return bool(lines)

    def _end_record(self, name: str) -> None:
        self._segments.pop(name, None)
        self._headers.end_table(name)

    def _find_broken(self, name: str, token: Token, found: FoundRows) -> None:
        """A line of as many values as the record has, under a header that is in pieces."""
        table = self._words.records[name][0]
        codes = tuple(table.codes())
        raw = self._stream.raw
        at = token.end
        for line in raw[at : at + HEADER_REACH].split("\n"):
            values = [(at + match.start(), at + match.end()) for match in re.finditer(r"\S+", line)]
            if len(values) == len(codes) and all(self._words.values.could_be(raw[a:b]) for a, b in values):
                # Each block repeats the words of the columns.
                labels = [*table.blocks, *(column for _ in table.blocks for column in table.columns)]
                text = raw[max(0, at - HEADER_REACH) : at]
                header = assume_header(codes, labels, text, self._stream.slot(*values[0]))
                if header is not None:
                    found.loose.append(self._maker.make_loose_row(name, header, values, start=at))
                return
            at += len(line) + 1
