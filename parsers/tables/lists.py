"""Statistics annexes: one indicator a row, with its unit and value.

Indicators of several annexes share wordings, so a document's rows are first gathered for every annex, and the annex is
taken whose rows they are: enough of them, and the greater part of all rows. Rows that no form has are kept as issues
with what they say (provinces add indicators); the rows of an unknown form are never forced into the codes of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from parsers._text import strip_blanks
from parsers.document import Document, Locator, Table, Text
from parsers.labels import Quality, fold, is_words
from parsers.record import Figure, Issue, decimal_text
from parsers.tables.lines import text_lines
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary
from parsers.templates import ListHeader, ListRow, ListTable

_ROWS_OF_A_TABLE = 3
_LONGEST_LABEL = 4  # lines over which one label may be printed


@dataclass(slots=True)
class _Entry:
    """A printed row: its label, and the cells behind it. ``code`` is None when no form has it."""

    code: str | None
    label: Slot
    slots: list[Slot]
    place: int
    quality: Quality = "exact"
    values: Sequence[int] | None = None  # indices of the value cells, best first, where the header names them


@dataclass(frozen=True, slots=True)
class Listed:
    """What the annexes of a document say."""

    template: str | None = None
    figures: tuple[Figure, ...] = ()
    issues: tuple[Issue, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    used: frozenset[int] = frozenset()


def read_lists(document: Document, words: Vocabulary) -> Listed:
    """Read the statistics annex of a document, if it has one."""
    best: tuple[int, tuple[str, str], list[_Entry]] | None = None
    for key, table in words.list_tables.items():
        entries = _Reader(words, key, table).run(document)
        known = {entry.code for entry in entries if entry.code}
        unknown = sum(1 for entry in entries if entry.code is None)
        enough = len(known) >= table.least and len(known) >= table.share * (len(known) + unknown)
        if enough and (best is None or len(known) > best[0]):
            best = (len(known), key, entries)
    if best is None:
        return Listed(issues=_unknown_tables(document, words))
    _, key, entries = best
    return _Binder(words, key).run(document, entries)


def _unknown_tables(document: Document, words: Vocabulary) -> tuple[Issue, ...]:
    """Rows of statistics tables that are no known form's: kept as they are, for people."""
    issues: dict[Locator, Issue] = {}
    for key, table in words.list_tables.items():
        for index, block in enumerate(document.blocks):
            if isinstance(block, Text):
                continue
            reader = _Reader(words, key, table)
            entries = reader.table(block, index)
            rows = [entry for entry in entries if any(words.values.is_number(slot.text) for slot in entry.slots)]
            rows = [entry for entry in rows if not words.rows.exact(entry.label.text)]
            if reader.has_header and len(rows) >= _ROWS_OF_A_TABLE:
                issues.update({entry.label.locator: _unknown(entry) for entry in rows})
    return tuple(issues.values())


def _unknown(entry: _Entry) -> Issue:
    raw = " | ".join(slot.text.strip() for slot in (entry.label, *entry.slots))
    return Issue("unknown_row", f"a row that no form has: {raw}", entry.label.locator)


class _Reader:
    """Gathers the rows of one annex from tables and from text."""

    def __init__(self, words: Vocabulary, key: tuple[str, str], table: ListTable) -> None:
        self._words = words
        self._lexicon = words.lists[key]
        self._rows = {row.code: row for row in table.rows}
        self._table = table
        self._seen: list[str] = []
        self._columns: list[tuple[str, int]] | None = None
        self._headed = False
        self._width = 0

    def run(self, document: Document) -> list[_Entry]:
        entries: list[_Entry] = []
        run: list[tuple[int, Slot]] = []
        for index, block in enumerate(document.blocks):
            if isinstance(block, Text):
                run += [(index, slot) for slot in text_lines(block)]
                continue
            entries += self._text(run)
            run = []
            entries += self.table(block, index)
        return [*entries, *self._text(run)]

    # ---- tables

    @property
    def has_header(self) -> bool:
        """Whether a header of such a table was met."""
        return self._headed

    def table(self, table: Table, place: int) -> list[_Entry]:
        """The rows of one table block."""
        entries: list[_Entry] = []
        for cells in table.rows():
            entries += self._line([Slot(c.text, c.locator, c.column, c.column_span) for c in cells], place)
        return entries

    def _line(self, slots: list[Slot], place: int) -> Iterator[_Entry]:
        if self._is_header(slots):
            return
        hits: list[tuple[int, str, Quality]] = []
        for index, slot in enumerate(slots):
            if self._is_label(slot.text) and (found := self._code(slot.text, exact=True)):
                hits.append((index, *found))
        if not hits:
            first = next((i for i, slot in enumerate(slots) if self._is_label(slot.text)), None)
            if first is None or not any(self._words.values.is_number(slot.text) for slot in slots[first + 1 :]):
                return
            near = self._code(slots[first].text, exact=False)
            if near is None:
                yield _Entry(None, slots[first], slots[first + 1 :], place)
                return
            hits = [(first, *near)]
        for number, (index, code, quality) in enumerate(hits):
            end = hits[number + 1][0] if number + 1 < len(hits) else len(slots)
            self._note(code)
            values = None
            if self._columns and len(hits) == 1 and len(slots) == self._width:
                values = [at - index - 1 for _, at in self._columns if at > index]
            yield _Entry(code, slots[index], slots[index + 1 : end], place, quality, values)

    def _is_header(self, slots: Sequence[Slot]) -> bool:
        header = self._table.header
        texts = [fold(slot.text) for slot in slots]
        others = set(map(fold, (*header.label, *header.unit, *header.ignore)))
        named = set(map(fold, (*header.label, *header.unit, *(w for words in header.value for w in words))))
        if sum(1 for text in texts if text in named) < 2:
            return False
        columns = list(_value_columns(texts, header))
        left = [at for at, text in enumerate(texts) if text and text not in others]
        if not columns and len(left) == 1:
            columns = [(texts[left[0]], left[0])]  # headed by a year, or by words that no form has
        self._columns = columns or None
        self._headed = True
        self._width = len(slots)
        return True

    # ---- text, one cell a line or cells parted by blanks

    def _text(self, lines: Sequence[tuple[int, Slot]]) -> Iterator[_Entry]:
        tokens = [(place, token) for place, line in lines for token in self._tokens(line)]
        position = 0
        while position < len(tokens):
            place, slot = tokens[position]
            if not self._is_label(slot.text):
                position += 1
                continue
            length, found = self._joined(tokens, position)
            behind = position + max(length, 1)
            slots: list[Slot] = []
            while behind < len(tokens) and len(slots) < 3 and not self._is_label(tokens[behind][1].text):
                slots.append(tokens[behind][1])
                behind += 1
            numbers = [token for token in slots if self._words.values.is_number(token.text)]
            if found is None and numbers and fold(slots[0].text) in self._words.units:
                found = self._code(slot.text, exact=False)
                if found is None:
                    yield _Entry(None, slot, slots, place)
            if found is not None:
                self._note(found[0])
                if slots:
                    yield _Entry(found[0], slot, slots, place, found[1])
            position = behind

    def _tokens(self, line: Slot) -> Iterator[Slot]:
        """A line as one cell, or as its parts where it holds a label and what belongs to it."""
        if not line.text.strip():
            return
        parts = line.text.split()
        if len(parts) > 1 and self._words.values.could_be(parts[-1]) and line.locator.kind == "text":
            start = line.locator.get("start")
            number = line.locator.get("line")
            at = 0
            cells = []
            for part in parts:
                at = line.text.index(part, at)
                cells.append(Slot(part, Locator.of("text", line=number, start=start + at, end=start + at + len(part))))
                at += len(part)
            tail = 2 if len(parts) > 2 and fold(parts[-2]) in self._words.units else 1
            head = cells[:-tail]
            first, last = head[0].locator.get("start"), head[-1].locator.get("end")
            label = line.text[first - start : last - start]
            yield Slot(label, Locator.of("text", line=number, start=first, end=last))
            yield from cells[-tail:]
            return
        yield line

    def _joined(self, tokens: Sequence[tuple[int, Slot]], position: int) -> tuple[int, tuple[str, Quality] | None]:
        for length in range(min(_LONGEST_LABEL, len(tokens) - position), 0, -1):
            pieces = [slot.text for _, slot in tokens[position : position + length]]
            if all(self._is_label(piece) for piece in pieces) and (found := self._code("".join(pieces), exact=True)):
                return length, found
        return 1, None

    # ---- both

    def _is_label(self, text: str) -> bool:
        folded = strip_blanks(text)
        return is_words(text) and folded not in self._words.units and not self._words.values.could_be(text)

    def _note(self, code: str) -> None:
        """Remember a row, and the heading it must stand under even where that was not readable."""
        self._seen.append(code)
        if parent := self._rows[code].parent:
            self._seen.append(parent)

    def _code(self, text: str, *, exact: bool) -> tuple[str, Quality] | None:
        matches = (
            [(code, "exact") for code in self._lexicon.exact(text)]
            if exact
            else [(match.key, match.quality) for match in self._lexicon.find(text)]
        )
        if len(matches) > 1:
            # The same words stand under several headings: the last heading seen says which.
            parents = [self._rows[code].parent for code, _ in matches]
            last = next((code for code in reversed(self._seen) if code in parents), None)
            matches = [match for match, parent in zip(matches, parents, strict=True) if parent == last and last]
            if matches and matches[0][0] in self._seen:
                return None  # a second time under one heading: another heading is lost between them
        if len(matches) != 1:
            return None
        code, quality = matches[0]
        return code, "exact" if quality == "exact" else ("misspelt" if quality == "misspelt" else "cut")


def _value_columns(texts: Sequence[str], header: ListHeader) -> Iterator[tuple[str, int]]:
    for words in header.value:
        for word in map(fold, words):
            for at, text in enumerate(texts):
                if text == word:
                    yield word, at


class _Binder:
    """Entries of the chosen annex to figures."""

    def __init__(self, words: Vocabulary, key: tuple[str, str]) -> None:
        self._words = words
        self._form, self._name = key
        self._rows: dict[str, ListRow] = {row.code: row for row in words.list_tables[key].rows}
        self._issues: list[Issue] = []
        self._figures: list[Figure] = []

    def run(self, document: Document, entries: Sequence[_Entry]) -> Listed:
        used: set[int] = set()
        for entry in entries:
            if isinstance(document.blocks[entry.place], Text):
                used.add(entry.place)
            if entry.code is None:
                self._issues.append(_unknown(entry))
            elif self._rows[entry.code].type != "heading":
                self._bind(entry, self._rows[entry.code])
        place = min(entry.place for entry in entries if entry.code)
        return Listed(self._form, tuple(self._figures), tuple(self._issues), {self._name: place}, frozenset(used))

    def _bind(self, entry: _Entry, row: ListRow) -> None:
        if entry.quality != "exact":
            self._issues.append(
                Issue(
                    f"label_{entry.quality}",
                    f"{entry.label.text.strip()}: the label is not printed in full; it can be only {row.code}",
                    entry.label.locator,
                )
            )
        slots = self._candidates(entry, row)
        if not slots:
            return
        printed = [slot for slot in slots if slot.text.strip()]
        readings = {
            (value.status, decimal_text(value.number)): slot
            for slot in reversed(printed)
            for value in [self._words.values.read(slot.text, unit=row.unit)]
        }
        if len(readings) > 1 and entry.values is None:
            numbers = tuple(sorted({number for _, number in readings if number}))
            slot = printed[0]
            self._figures.append(
                Figure(row.code, None, "ambiguous", slot.text, slot.locator, row.unit, alternatives=numbers)
            )
            self._issues.append(
                Issue("cell_count", f"{entry.label.text.strip()}: several values in one row", slot.locator)
            )
            return
        slot = printed[0] if printed else slots[0]
        value = self._words.values.read(slot.text, unit=row.unit)
        if value.status == "text":
            self._issues.append(Issue("text_in_cell", f"{row.code}: {slot.text.strip()!r} is no number", slot.locator))
        self._figures.append(
            Figure(row.code, value.number, value.status, slot.text, slot.locator, value.unit or row.unit)
        )

    def _candidates(self, entry: _Entry, row: ListRow) -> list[Slot]:
        """The cells that can hold the value, best first."""
        if entry.values is not None:
            return [entry.slots[at] for at in entry.values if 0 <= at < len(entry.slots)]
        slots = list(entry.slots)
        unit = next((slot for slot in slots if strip_blanks(slot.text) in self._words.units), None)
        if unit is not None:
            slots.remove(unit)
        if row.form_code is not None:
            slots = [slot for slot in slots if slot.text.strip() != row.form_code]
        return slots
