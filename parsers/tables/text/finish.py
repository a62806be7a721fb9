"""What was read in a stream to rows of the document, once all streams show how its texts keep blank cells."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.forms.labels import fold
from parsers.record import Issue
from parsers.tables.model import Findings, Header, Row
from parsers.tables.text.blank_cells import Line, Steps
from parsers.tables.text.found_rows import FoundRows, PrintedRow
from parsers.tables.text.gaps import Gaps
from parsers.tables.text.stream import Stream
from parsers.tables.text.wordings import Token
from parsers.tables.vocabulary import Vocabulary

_SHORTEST_WORD = 4  # letters of a decisive word that counts also where further letters follow it


@dataclass(frozen=True, slots=True)
class StreamReading:
    """What one stream holds.

    Attributes:
        stream: the text.
        tokens: its labels.
        gaps: what stands between them.
        found: the rows.
        unsure: matrices, and their headers that may name the total first.
    """

    stream: Stream
    tokens: Sequence[Token]
    gaps: Gaps
    found: FoundRows
    unsure: Sequence[tuple[str, Header]]

    @property
    def lines(self) -> list[Line]:
        """All rows, for measuring the steps between their cells."""
        counted = self.stream.counts_lines
        return [
            Line(each.row.table, each.gap, each.own_line, self.gaps.repeats_value(each.gap), counted)
            for each in self.found.rows
        ]


def finish_rows(reading: StreamReading, steps: Steps, words: Vocabulary, findings: Findings) -> None:
    """Add the rows of a stream to ``findings``, blanks counted back where the text keeps them."""
    stream = reading.stream
    printed = reading.found.rows
    for name, header in reading.unsure:
        printed = _place_total(printed, header, words.matrices[name][0].total, words)
    rows: list[Row] = []
    for each in printed:
        row = reading.gaps.finish_row(each.row, each.gap, steps, own_line=each.own_line)
        if row is not None:
            rows.append(row)
            findings.used.update(_blocks_of_row(each, stream))
    rows += reading.found.loose
    findings.rows += rows
    findings.issues += reading.found.issues
    if printed and not rows:
        labels = ", ".join(dict.fromkeys(each.row.label.strip() for each in printed))
        message = f"labels of a form without any value behind them: {labels}"
        start = printed[0].row.place[1]
        slot = stream.slot(start, start + len(printed[0].row.label))
        findings.issues.append(Issue("rows_without_values", message, slot.locator))
    if rows:
        findings.words.update(_find_decisive_words(reading, words))
        findings.used.update(_find_label_blocks(reading))


def _place_total(printed: Sequence[PrintedRow], header: Header, total: str, words: Vocabulary) -> list[PrintedRow]:
    """Where running text prints the total's header first: its column is where the rows add up, or unknown."""
    at = header.codes.index(total)
    columns = header.columns
    first = Header((columns[at], *columns[:at], *columns[at + 1 :]))
    leads = follows = 0
    for each in printed:
        if each.row.header is not header:
            continue
        read = [words.values.read(slot.text).number for slot in each.row.slots]
        numbers = [number for number in read if number is not None]
        if len(numbers) != each.gap.columns:
            continue
        # All columns together are twice the total.
        whole = sum(numbers) / 2
        if (numbers[0] == whole) != (numbers[at] == whole):
            leads += numbers[0] == whole
            follows += numbers[at] == whole
    chosen: Header | None = header
    if leads:
        chosen = None if follows else first
    return [
        dataclasses.replace(each, row=dataclasses.replace(each.row, header=chosen))
        if each.row.header is header
        else each
        for each in printed
    ]


def _blocks_of_row(printed: PrintedRow, stream: Stream) -> Iterator[int]:
    """The document's blocks in which a row stands, from its label to its last value."""
    gap = printed.gap
    last = gap.parts[-1][1] - 1 if gap.parts else gap.start
    for number in range(stream.index(gap.start - 1), stream.index(last) + 1):
        yield stream.blocks[number][0]


def _find_label_blocks(reading: StreamReading) -> Iterator[int]:
    """The document's blocks that hold nothing but labels of forms: headers and headings over rows."""
    stream = reading.stream
    lengths: Counter[int] = Counter()
    for token in reading.tokens:
        lengths[stream.index(token.start)] += len(fold(stream.raw[token.start : token.end]))
    for number, length in lengths.items():
        index, block = stream.blocks[number]
        if length >= len(fold(block.text)):
            yield index


def _find_decisive_words(reading: StreamReading, words: Vocabulary) -> Iterator[str]:
    """Words that only one form has: they say which form the document is of."""
    for token in reading.tokens:
        folded = fold(reading.stream.raw[token.start : token.end])
        for word in words.decisive:
            if word == folded or (len(word) >= _SHORTEST_WORD and folded.startswith(word)):
                yield word
