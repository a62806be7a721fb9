"""Tables that were set as text: one cell a line or paragraph, cells parted by spaces, or run together.

The text between two tables is one stream (`stream`). Labels are found in it letter by letter (`wordings`), and what
stands between one label and the next is the row's values (`gaps`). The same rules hold as for tables: a header must
govern a row, prose between them ends its reign, and a row is what its label says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.document import Document, Text
from parsers.forms.labels import fold
from parsers.record import Issue
from parsers.tables.model import Findings
from parsers.tables.text.blank_cells import Gap, Steps
from parsers.tables.text.finish import StreamReading, finish_rows
from parsers.tables.text.found_rows import FoundRows, RowMaker
from parsers.tables.text.gaps import REMARK, Gaps
from parsers.tables.text.loose_rows import find_loose_values
from parsers.tables.text.stream import Stream
from parsers.tables.text.stream_headers import LastLabel, StreamHeaders
from parsers.tables.text.stream_records import StreamRecords
from parsers.tables.text.wordings import Dictionary, Meaning, Token
from parsers.tables.vocabulary import Vocabulary

_PROSE = re.compile(r"[㐀-鿿，]{16}|[。；]\s*\S*[㐀-鿿]{4}")
_CHINESE_ORDINAL = re.compile(r"[一二三四五六七八九十]\s*[)）、.．]\s*$")
_SHORTEST_ROW = 4  # letters; a shorter label (其他, 总计) needs its ordinal, and a row before it
_LONGEST_ORDINAL = 5  # characters, with its punctuation


def scan_texts(document: Document, words: Vocabulary, findings: Findings) -> None:
    """Add to ``findings`` the rows that stand in text blocks."""
    dictionary = Dictionary(words)
    readings = [_StreamReader(stream, words, dictionary).read_stream() for stream in _streams_of(document)]
    steps = Steps.of([line for reading in readings for line in reading.lines])
    for reading in readings:
        finish_rows(reading, steps, words, findings)


def _streams_of(document: Document) -> Iterator[Stream]:
    """The texts between two tables of a document."""
    run: list[tuple[int, Text]] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Text):
            run.append((index, block))
        elif run:
            yield Stream(run)
            run = []
    if run:
        yield Stream(run)


class _StreamReader:
    """Reads the labels of one stream one after the other."""

    def __init__(self, stream: Stream, words: Vocabulary, dictionary: Dictionary) -> None:
        self._stream = stream
        self._words = words
        self._tokens = list(dictionary.tokens(stream.raw))
        self._gaps = Gaps(stream, self._tokens, dictionary, words.values)
        self._headers = StreamHeaders(stream, self._tokens, words)
        self._records = StreamRecords(stream, self._tokens, words, self._gaps, self._headers)
        self._maker = RowMaker(stream, words)
        self._found = FoundRows()

    def read_stream(self) -> StreamReading:
        """Return what the stream holds."""
        previous_end = 0
        for number, token in enumerate(self._tokens):
            between = REMARK.sub("", self._stream.raw[previous_end : token.start])
            if _PROSE.search(between):
                self._end_tables()
            self._read_label(number)
            previous_end = token.end
        self._end_tables()
        return StreamReading(self._stream, self._tokens, self._gaps, self._found, self._headers.unsure)

    def _end_tables(self) -> None:
        """Prose ends the reign of all headers."""
        self._records.end_all(self._found)
        self._headers.forget()

    def _read_label(self, number: int) -> None:
        """Take in one label. What it can be is asked in an order: it is the first of these that it is."""
        token = self._tokens[number]
        if token.of("marker"):
            self._headers.take_marker()
        elif token.of("other_block_column"):
            self._headers.take_block_column((), number)
        elif token.of("other_row"):
            self._tell_other_row(number)
        elif meanings := token.of("block_column"):
            self._headers.take_block_column([meaning.key[1] for meaning in meanings], number)
        elif label := self._headers.take_label(number):
            self._records.take_label(label, number, self._found)
        else:
            meaning = next((meaning for meaning in token.of("row") if self._is_row(token, meaning)), None)
            if meaning is not None:
                self._read_row(meaning, number)
                self._headers.last = LastLabel("row")
            elif token.of("row") and self._headers.last.kind == "row":
                self._read_behind_piece(number)

    def _read_behind_piece(self, number: int) -> None:
        """Rows behind a short word that is no label of its own: a piece of a heading, printed between their labels."""
        token = self._tokens[number]
        names = {key[0] for key in (meaning.key for meaning in token.of("row"))} & self._words.matrices.keys()
        gap = self._gaps.read_gap(number, self._words.width(names.pop())) if len(names) == 1 else None
        if gap is not None and not gap.parts:
            self._read_rest(gap, token)

    def _tell_other_row(self, number: int) -> None:
        """A label that only looks like one of the form's: its row is none of them."""
        token = self._tokens[number]
        slot = self._stream.slot(token.start, token.end)
        gap = self._gaps.read_gap(number, self._headers.count_block_columns() or 1)
        values = [self._stream.raw[start:end] for start, end in gap.parts]
        if any(map(self._words.values.is_number, values)):
            raw = " | ".join((slot.text, *values))
            self._found.issues.append(Issue("unknown_row", f"a row that no form has: {raw}", slot.locator))
            self._headers.last = LastLabel("row")

    def _is_row(self, token: Token, meaning: Meaning) -> bool:
        """Whether a label is that of a row, and not a word of the text or of a header."""
        last = self._headers.last.kind
        if meaning.key[0] in self._words.blocks:
            return self._headers.count_block_columns() > 0 and last in {"block_column", "row"}
        raw = self._stream.raw
        if len(fold(raw[token.start : token.end])) >= _SHORTEST_ROW:
            return True
        if last != "row":
            return False
        before = raw[max(0, token.start - _LONGEST_ORDINAL) : token.start]
        if meaning.printed_ordinal:
            return re.search(rf"{meaning.printed_ordinal}\s*[.．、)）]\s*$", before) is not None
        return _CHINESE_ORDINAL.search(before) is not None

    def _read_row(self, meaning: Meaning, number: int) -> None:
        """The values behind a row's label, and the rows whose own labels are not readable behind them."""
        token = self._tokens[number]
        name, code = meaning.key
        if name in self._words.blocks:
            header = self._headers.use_block_header(number)
        else:
            matrix_header = self._headers.use_matrix_header(name, token.start)
            if matrix_header is None:
                return
            header = matrix_header
        gap = self._gaps.read_gap(number, len(header.columns))
        self._read_rest(gap, token)
        self._found.rows.append(self._maker.make_row(name, code, token, gap, header))

    def _read_rest(self, gap: Gap, token: Token) -> None:
        """Rows in the rest of a gap: their labels are wrapped around the values, misspelt, cut or lost."""
        names = [meaning.key[0] for meaning in token.of("row") if meaning.key[0] in self._words.matrices]
        if not names:
            return
        name = names[0]
        for loose in find_loose_values(self._stream.raw, *gap.rest, gap.columns, self._words.values):
            header = self._headers.use_matrix_header(name)
            matches = [match for match in self._words.rows.find(loose.label) if match.key[0] == name]
            match = matches[0] if len(matches) == 1 else None
            start = loose.values[0][0]
            row = self._maker.make_loose_row(name, header, loose.values, start=start, match=match, label=loose.label)
            self._found.loose.append(row)
