"""Tables that were set as text: one cell a line or paragraph, cells parted by spaces, or run together.

The text between two tables is one stream. Labels are found in it letter by letter (blanks, line breaks and punctuation
inside them do not matter), and what stands between one label and the next is the row's values. The same rules hold as
for tables: a header must govern a row, prose between them ends its reign, and a row is what its label says.

Text files keep their empty lines, and converters print an empty cell as so many of them: where complete rows show how
many line breaks part two cells and two rows, blanks are counted back (`_Pitch`); elsewhere they are lost and the row is
aligned like any damaged one.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsers.document import Document, Locator, Text
from parsers.labels import fold, is_words
from parsers.tables.headers import assumed_header, matrix_header, record_header
from parsers.tables.lines import part
from parsers.tables.model import Column, Findings, Header, Row, Slot
from parsers.tables.vocabulary import RowKey, Vocabulary
from parsers.templates import RecordTable, ValueFacts

_BLANK = r"\s\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff"
_QUOTE = "\"'“”‘’「」『』《》〈〉<>"
_MARK = r"、，。；：！？（）()\[\]【】,;:!?.·•・/|*#_~…\-—–"
_SKIPPED = re.compile(f"[{_BLANK}{_QUOTE}{_MARK}]")
# What parts and adorns values, and remarks in brackets behind a digit (``22（其中修订16件）``), but no ordinals.
_AROUND_VALUES = r"[\s\d.,，+＋\-−－—–/／\\]|(?<=\d)[（(](?![一二三四五六七八九十]+[）)])[^（）()\n]{2,40}[）)]"
_OPENING = re.compile(r"^[）)\]】”\"'’：:，、。；;\s]*")
_CHINESE_ORDINAL = re.compile(
    r"(?:[（(][一二三四五六七八九十]{1,3}[）)][、.．]?|[一二三四五六七八九十]{1,3}[、.．])\s*$"
)
_ORDINAL_BEFORE_WORDS = re.compile(r"\s(?:[（(]?\d{1,2}[）)]|\d{1,2}[.．、])\s*$")
_PROSE = re.compile(r"[㐀-鿿，]{16}|[。；]\s*\S*[㐀-鿿]{4}")
_SHORTEST_ROW = 4
_SHORTEST_IN_TEXT = 3
_HEADER_REACH = 300  # characters in which the pieces of a broken header are looked for


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a wording can be."""

    kind: str  # row | group | column | parent | block | block_column | marker | corner
    key: RowKey
    printed_ordinal: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    """A label in the stream: its meanings and where it stands in the raw text."""

    meanings: tuple[_Meaning, ...]
    start: int
    end: int

    def of(self, kind: str) -> tuple[_Meaning, ...]:
        return tuple(meaning for meaning in self.meanings if meaning.kind == kind)


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
            parts += [gap, block.text]
            self._starts.append(length + len(gap))
            length += len(gap) + len(block.text)
            previous = block
        self.raw = "".join(parts)
        self.counts_lines = all(block.locator.kind == "text" for _, block in blocks)

    def index(self, at: int) -> int:
        """Which block of ``blocks`` a raw position lies in (or behind)."""
        return max(i for i, start in enumerate(self._starts) if start <= at or i == 0)

    def slot(self, start: int, end: int) -> Slot:
        """A stretch of the raw text as a cell; it lies within one block."""
        number = self.index(start)
        block = self.blocks[number][1]
        first = start - self._starts[number]
        return Slot(self.raw[start:end], part(block, first, min(first + end - start, len(block.text))))

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


def scan(document: Document, words: Vocabulary, findings: Findings) -> None:
    """Add to ``findings`` the rows that stand in text blocks."""
    dictionary = _Dictionary(words)
    scans: list[_Scan] = []
    run: list[tuple[int, Text]] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Text):
            run.append((index, block))
            continue
        if run:
            scans.append(_Scan(Stream(run), words, dictionary))
        run = []
    if run:
        scans.append(_Scan(Stream(run), words, dictionary))
    pitch = _Pitch.measure(gap for each in scans for gap in each.gaps)
    for each in scans:
        each.finish(pitch, findings)


class _Dictionary:
    """All wordings as one pattern over folded text."""

    def __init__(self, words: Vocabulary) -> None:
        self.meanings: dict[str, list[_Meaning]] = {}
        for name, tables in words.blocks.items():
            for table in tables:
                for marker in table.markers:
                    self._add(marker, _Meaning("marker", (name, "")))
                for row in table.rows:
                    for wording in row.wordings:
                        self._add(wording, _Meaning("row", (name, row.code)))
                    for cell in row.cells:
                        for wording in cell.wordings:
                            self._add(wording, _Meaning("block_column", (name, cell.code)))
        for name, matrices in words.matrices.items():
            for matrix in matrices:
                for corner in matrix.corner:
                    self._add(corner, _Meaning("corner", (name, "")))
                for column in matrix.columns:
                    for wording in column.wordings:
                        self._add(wording, _Meaning("column", (name, column.code)))
                    if column.parent:
                        self._add(column.parent, _Meaning("parent", (name, column.parent)))
                for group in matrix.groups:
                    for wording in group.wordings:
                        self._add(wording, _Meaning("group", (name, group.code)))
                for line in matrix.rows:
                    match = re.match(r"\d+", line.zh)
                    for wording in line.wordings:
                        if len(fold(wording)) < _SHORTEST_IN_TEXT and not words.columns.exact(wording):
                            continue  # too common a word to be a label within other text
                        self._add(wording, _Meaning("row", (name, line.code), match.group() if match else ""))
        for name, records in words.records.items():
            for record in records:
                for block in record.blocks:
                    for wording in block.wordings:
                        self._add(wording, _Meaning("block", (name, block.code)))
                    if block.parent:
                        self._add(block.parent, _Meaning("parent", (name, block.parent)))
                for column in record.columns:
                    for wording in column.wordings:
                        self._add(wording, _Meaning("column", (name, column.code)))
        wordings = sorted(self.meanings, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, wordings)) or r"(?!)")
        self.values = _values_pattern(words.templates.reading.values)

    def _add(self, wording: str, meaning: _Meaning) -> None:
        folded = fold(wording)
        known = self.meanings.setdefault(folded, [])
        if folded and meaning not in known:
            known.append(meaning)

    def tokens(self, raw: str) -> Iterator[_Token]:
        """The labels in a raw text, leftmost and longest first."""
        letters: list[str] = []
        places: list[int] = []
        for place, char in enumerate(raw):
            for letter in unicodedata.normalize("NFKC", char):
                if not _SKIPPED.match(letter):
                    letters.append(letter)
                    places.append(place)
        for match in self._pattern.finditer("".join(letters)):
            meanings = tuple(self.meanings[match.group()])
            yield _Token(meanings, places[match.start()], places[match.end() - 1] + 1)


def _values_pattern(facts: ValueFacts) -> re.Pattern[str]:
    """What can stand between two labels as values: numbers with their signs and units, and words for nothing."""

    def words(found: Iterable[str]) -> str:
        return "|".join(sorted((re.escape(word) for word in found if word), key=len, reverse=True))

    empty = words((*facts.blank, *facts.not_applicable))
    signs = words(facts.signs)
    units = words((*facts.money, *facts.counters))
    return re.compile(rf"(?:{_AROUND_VALUES}|{empty}|(?:{signs})(?=\s*\d)|(?<=\d)\s?(?:{units}))*")


@dataclass(frozen=True, slots=True)
class _Gap:
    """The values of one row as they stand: where each begins and ends, and the text up to the next label."""

    start: int  # raw position behind the label
    parts: tuple[tuple[int, int], ...]
    end: int  # raw position of the next label (with its ordinal)
    columns: int
    breaks: tuple[int, ...]  # line breaks before each part, and behind the last
    inside: bool  # another row of a form follows at once


@dataclass(frozen=True, slots=True)
class _Pitch:
    """Line breaks between two cells, and between two rows, where the text keeps them."""

    cell: int
    row: int

    @classmethod
    def measure(cls, gaps: Iterator[_Gap]) -> _Pitch | None:
        """From rows that are complete; None when there are none."""
        cells: Counter[int] = Counter()
        rows: Counter[int] = Counter()
        for gap in gaps:
            if gap.columns >= 2 and len(gap.parts) == gap.columns and all(gap.breaks[:-1]):
                cells.update(gap.breaks[:-1])
                if gap.inside:
                    rows[gap.breaks[-1]] += 1
        if not cells or not rows:
            return None
        cell, row = cells.most_common(1)[0][0], rows.most_common(1)[0][0]
        return cls(cell, row) if row > cell else None

    def blanks(self, gap: _Gap, *, own_line: bool) -> list[int] | None:
        """Blank cells before each part and behind the last; None where the line breaks do not add up."""
        breaks = list(gap.breaks)
        found: list[int] = []
        for index, count in enumerate(breaks[:-1]):
            net = count - (self.row - self.cell if own_line and index == 0 else 0)
            if net < self.cell or net % self.cell:
                return None
            found.append(net // self.cell - 1)
        rest = gap.columns - len(gap.parts) - sum(found)
        behind = breaks[-1] - self.row
        # What follows the last row of a table is not bound by its pitch.
        fits = behind == rest * self.cell if gap.inside else rest == max(0, behind // self.cell)
        return [*found, rest] if rest >= 0 and fits else None


class _Scan:
    """One stream: its labels, headers and rows."""

    def __init__(self, stream: Stream, words: Vocabulary, dictionary: _Dictionary) -> None:
        self._stream = stream
        self._words = words
        self._tokens = list(dictionary.tokens(stream.raw))
        self._values = dictionary.values
        self._rows: list[tuple[Row, _Gap, bool]] = []
        self._loose: list[Row] = []
        self._block_header: list[Column] = []
        self._lines: dict[str, list[list[Slot]]] = {}
        self._header: dict[str, Header | None] = {}
        self._line_kind: dict[str, str] = {}
        self._last: str = ""
        self._read()

    @property
    def gaps(self) -> list[_Gap]:
        """The gaps of all rows, for measuring the pitch."""
        return [gap for _, gap, _ in self._rows]

    def _read(self) -> None:
        previous_end = 0
        for number, token in enumerate(self._tokens):
            between = self._stream.raw[previous_end : token.start]
            if _PROSE.search(between):
                self._forget()
            self._token(token, number)
            previous_end = token.end

    def _forget(self) -> None:
        self._block_header = []
        self._lines = {}
        self._last = ""
        self._header = {}

    def _token(self, token: _Token, number: int) -> None:
        slot = self._stream.slot(token.start, token.end)
        if token.of("marker"):
            self._block_header = []
            self._last = "marker"
            return
        if meanings := token.of("block_column"):
            if self._last not in {"marker", "block_column"}:
                self._block_header = []
            elif unknown := self._words_before(token):
                self._block_header.append(Column((), unknown))
            self._block_header.append(Column(tuple(meaning.key[1] for meaning in meanings), slot))
            self._last = "block_column"
            return
        if self._take_header(token, slot):
            self._record(token, number)
            return
        for meaning in token.of("row"):
            if self._is_row(token, meaning):
                self._row(token, meaning, number)
                self._last = "row"
                return

    def _words_before(self, token: _Token) -> Slot | None:
        """Words between two column headers: a header that no form has, or a misspelt one."""
        before = [other for other in self._tokens if other.end <= token.start][-1:]
        start = before[0].end if before else 0
        match = re.search(r"\S+", self._stream.raw[start : token.start])
        if match is None or not is_words(match.group()):
            return None
        return self._stream.slot(start + match.start(), start + match.end())

    def _take_header(self, token: _Token, slot: Slot) -> bool:
        for kind in ("corner", "block", "parent", "column"):
            for meaning in token.of(kind):
                name = meaning.key[0]
                if kind == "column":
                    # 总计 and 其他 are columns only where the header they belong to has begun.
                    if not self._lines.get(name) or self._last not in {"header", f"header:{name}"}:
                        continue
                elif kind in {"corner", "block"} and self._last != f"header:{name}":
                    self._lines[name] = []
                lines = self._lines.setdefault(name, [])
                group = "child" if self._is_child(name, meaning) else kind
                if not lines or self._line_kind.get(name) != group:
                    lines.append([])
                self._line_kind[name] = group
                lines[-1].append(slot)
                self._header.pop(name, None)
                self._last = f"header:{name}"
                return True
        return False

    def _is_child(self, name: str, meaning: _Meaning) -> bool:
        tables = self._words.matrices.get(name, [])
        return any(c.code == meaning.key[1] and c.parent for table in tables for c in table.columns)

    def _is_row(self, token: _Token, meaning: _Meaning) -> bool:
        name, _ = meaning.key
        length = len(fold(self._stream.raw[token.start : token.end]))
        before = self._stream.raw[max(0, token.start - 5) : token.start]
        if name in self._words.blocks:
            return bool(self._block_header) and self._last in {"block_column", "row"}
        if length >= _SHORTEST_ROW:
            return True
        if meaning.printed_ordinal:
            return bool(re.search(rf"{meaning.printed_ordinal}\s*[.．、)）]\s*$", before)) and self._last == "row"
        return bool(re.search(r"[一二三四五六七八九十]\s*[)）、.．]\s*$", before)) and self._last == "row"

    def _row(self, token: _Token, meaning: _Meaning, number: int) -> None:
        name, code = meaning.key
        if name in self._words.blocks:
            header: Header | None = Header(tuple(self._block_header), lead=0)
            columns = len(self._block_header)
        else:
            header = self._matrix_header(name, token.start)
            columns = self._words.width(name)
        if header is None:
            return
        gap = self._gap(token.end, number, columns)
        self._add(name, code, token, gap, header, own_line=False)

    def _matrix_header(self, name: str, before: int = 0) -> Header | None:
        if name not in self._header:
            lines = self._lines.get(name)
            table = self._words.matrices[name][0]
            header = matrix_header(name, table, lines, self._words) if lines else None
            if header is None:
                codes = [column.code for column in table.columns]
                text = self._stream.raw[max(0, before - _HEADER_REACH) : before]
                header = assumed_header(codes, table.columns, text, self._stream.slot(before, before))
            self._header[name] = header
        return self._header[name]

    def _record(self, token: _Token, number: int) -> None:
        """The values behind a record's last column header."""
        name = self._last.partition(":")[2]
        if name not in self._words.records:
            return
        following = self._tokens[number + 1] if number + 1 < len(self._tokens) else None
        table = self._words.records[name][0]
        if following is not None and any(
            meaning.key[0] == name for meaning in following.meanings if meaning.kind in {"column", "block", "parent"}
        ):
            return
        header = record_header(name, table, self._lines.get(name, []), self._words)
        if header is not None:
            gap = self._gap(token.end, number, len(header.columns))
            self._add(name, "", token, gap, header, own_line=True)
        else:
            self._broken_record(name, table, token)
        self._lines[name] = []
        self._last = ""

    def _broken_record(self, name: str, table: RecordTable, token: _Token) -> None:
        """A line of as many values as the record has, under a header that is in pieces."""
        codes = tuple(table.codes())
        raw = self._stream.raw
        at = token.end
        for line in raw[at : at + _HEADER_REACH].split("\n"):
            pieces = [(at + m.start(), at + m.end()) for m in re.finditer(r"\S+", line)]
            if len(pieces) == len(codes) and all(self._words.values.could_be(raw[a:b]) for a, b in pieces):
                labels = [*table.blocks, *(column for _ in table.blocks for column in table.columns)]
                slots = tuple(self._stream.slot(a, b) for a, b in pieces)
                header = assumed_header(codes, labels, raw[max(0, at - _HEADER_REACH) : at], slots[0])
                if header is not None:
                    place = (self._stream.blocks[self._stream.index(at)][0], at)
                    self._loose.append(Row(name, "", "", slots, place, piece=-1, header=header, ragged=True))
                return
            at += len(line) + 1

    def _gap(self, start: int, number: int, columns: int) -> _Gap:
        raw = self._stream.raw
        following = self._tokens[number + 1] if number + 1 < len(self._tokens) else None
        limit = following.start if following is not None else len(raw)
        text = raw[start:limit]
        opening = _OPENING.match(text)
        first = opening.end() if opening else 0
        ordinals = {m.printed_ordinal for m in following.meanings if m.printed_ordinal} if following else set()
        body = _without_ordinal(text[first:], ordinals)
        values = self._values.match(body)
        taken = values.group() if values else ""
        if len(taken) < len(body):
            taken = _ORDINAL_BEFORE_WORDS.sub("", taken)
            taken = re.sub(r"(?<=\s)\d{1,2}[.．、]\s*$", "", taken)
        base = start + first
        parts = [(base + m.start(), base + m.end()) for m in re.finditer(r"\S+", taken)]
        if len(parts) > columns:
            line = [p for p in parts if "\n" not in raw[start : p[0]]]
            parts = line if len(line) == columns else parts
        end = base + (len(values.group()) if values else 0)
        inside = (
            end == base + len(body) and following is not None and bool(following.of("row") or following.of("group"))
        )
        edges = [start, *(e for _, e in parts)]
        begins = [*(s for s, _ in parts), end]
        breaks = tuple(raw.count("\n", a, b) for a, b in zip(edges, begins, strict=True))
        self._rest(base + len(taken), base + len(body), columns, number)
        return _Gap(start, tuple(parts), end, columns, breaks, inside)

    def _rest(self, start: int, end: int, columns: int, number: int) -> None:
        """Rows in the rest of a gap: their labels are wrapped around the values, misspelt, cut or lost."""
        token = self._tokens[number]
        name = next((meaning.key[0] for meaning in token.of("row") if meaning.key[0] in self._words.matrices), None)
        if name is None:
            return
        raw = self._stream.raw
        words: list[tuple[int, int]] = []
        values: list[tuple[int, int]] = []
        for match in [*re.finditer(r"\S+", raw[start:end]), None]:
            piece = (start + match.start(), start + match.end()) if match else None
            if piece and self._words.values.could_be(raw[slice(*piece)]):
                values.append(piece)
                continue
            if len(values) == columns:
                self._loose_row(name, words, values)
            if values:
                words, values = [], []
            if piece:
                words.append(piece)

    def _loose_row(self, name: str, words: Sequence[tuple[int, int]], values: Sequence[tuple[int, int]]) -> None:
        label = "".join(self._stream.raw[a:b] for a, b in words)
        matches = [match for match in self._words.rows.find(label) if match.key[0] == name]
        place = (self._stream.blocks[self._stream.index(values[0][0])][0], values[0][0])
        self._loose.append(
            Row(
                name,
                matches[0].key[1] if len(matches) == 1 else None,
                label if len(matches) == 1 else "",
                tuple(self._stream.slot(a, b) for a, b in values),
                place,
                piece=-1,
                header=self._matrix_header(name),
                quality=matches[0].quality if len(matches) == 1 else "exact",
                ragged=True,
            )
        )

    def _add(self, name: str, code: str, token: _Token, gap: _Gap, header: Header, *, own_line: bool) -> None:
        place = (self._stream.blocks[self._stream.index(token.start)][0], token.start)
        label = self._stream.raw[token.start : token.end]
        slots = tuple(self._stream.slot(a, b) for a, b in gap.parts)
        row = Row(name, code, label, slots, place, piece=-1, header=header, ragged=True)
        self._rows.append((row, gap, own_line))

    def finish(self, pitch: _Pitch | None, findings: Findings) -> None:
        """Turn what was read into rows, blanks counted back where the text keeps them."""
        kept = 0
        for row, gap, own_line in self._rows:
            finished = self._finished(row, gap, own_line, pitch)
            if finished is None:
                continue
            kept += 1
            findings.rows.append(finished)
            last = gap.parts[-1][1] - 1 if gap.parts else gap.start
            findings.used.update(
                self._stream.blocks[i][0]
                for i in range(self._stream.index(gap.start - 1), self._stream.index(last) + 1)
            )
        findings.rows += self._loose
        kept += len(self._loose)
        if kept:
            self._note_words(findings)
            findings.used.update(self._all_labels())

    def _all_labels(self) -> Iterator[int]:
        """Blocks that hold nothing but labels of forms: headers and headings over rows."""
        lengths: Counter[int] = Counter()
        for token in self._tokens:
            lengths[self._stream.index(token.start)] += len(fold(self._stream.raw[token.start : token.end]))
        for number, length in lengths.items():
            index, block = self._stream.blocks[number]
            if length >= len(fold(block.text)):
                yield index

    def _note_words(self, findings: Findings) -> None:
        for token in self._tokens:
            folded = fold(self._stream.raw[token.start : token.end])
            if folded in self._words.decisive:
                findings.words.add(folded)
            findings.words.update(
                word for word in self._words.decisive if folded.startswith(word) and len(word) >= _SHORTEST_ROW
            )

    def _finished(self, row: Row, gap: _Gap, own_line: bool, pitch: _Pitch | None) -> Row | None:
        columns = gap.columns
        if pitch is not None and self._stream.counts_lines and all(gap.breaks[:-1]):
            blanks = pitch.blanks(gap, own_line=own_line)
            if blanks is not None:
                return _replace(row, self._with_blanks(gap, blanks, pitch))
            close = {*gap.breaks[1 if own_line else 0 : -1]} <= {pitch.cell}
            behind = gap.breaks[-1] - pitch.row
            ends = behind == 0 if gap.inside else behind < pitch.cell
            if len(gap.parts) >= columns and not (len(gap.parts) == columns and close and ends):
                return dataclasses.replace(row, overrun=True)
        if len(gap.parts) == columns:
            return row
        if not gap.parts:
            return None
        if len(gap.parts) > columns and "\n" in self._stream.raw[gap.parts[0][0] : gap.parts[-1][1]]:
            return dataclasses.replace(row, overrun=True)
        if len(gap.parts) == 1 and columns > 1 and re.fullmatch(r"\d{2,}", row.slots[0].text):
            return _replace(row, row.slots, run_together=True)
        if len(gap.parts) == 1 and columns > 1 and not self._words.values.could_be(row.slots[0].text):
            return _replace(row, row.slots, run_together=True)
        return row

    def _with_blanks(self, gap: _Gap, blanks: Sequence[int], pitch: _Pitch) -> tuple[Slot, ...]:
        slots: list[Slot] = []
        edges = [gap.start, *(end for _, end in gap.parts)]
        for index, count in enumerate(blanks):
            at = edges[index]
            slots += [
                self._stream.blank(_nth_break(self._stream.raw, at, (number + 1) * pitch.cell - 1))
                for number in range(count)
            ]
            if index < len(gap.parts):
                slots.append(self._stream.slot(*gap.parts[index]))
        return tuple(slots)


def _replace(row: Row, slots: tuple[Slot, ...], *, run_together: bool = False) -> Row:
    return dataclasses.replace(row, slots=slots, run_together=run_together)


def _nth_break(raw: str, start: int, number: int) -> int:
    at = start
    for _ in range(number + 1):
        found = raw.find("\n", at)
        if found < 0:
            return at
        at = found + 1
    return at - 1


def _without_ordinal(text: str, ordinals: set[str]) -> str:
    """``text`` without the ordinal of the label that follows it."""
    for ordinal in ordinals:
        text = re.sub(rf"{ordinal}\s*[.．、]\s*$", "", text)
    while match := _CHINESE_ORDINAL.search(text):
        text = text[: match.start()]
    return text
