"""The rows of a statistics list: each label with the cells that can be its figure, from tables and from text.

A label is known by its own words; where the same words stand under two headings, the last heading says which. What no
form has is kept as a row without a code. Which cell is the figure, is left to `roles`.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.characters import strip_blanks
from parsers.document import Document, Table, Text
from parsers.forms.labels import Quality, fold, is_words
from parsers.forms.templates import ListTable
from parsers.tables.lines import part
from parsers.tables.lists.columns import Cells, Columns, Head, HeaderWords, settle, year_of
from parsers.tables.lists.run_on import FlatRows
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary

_LONGEST_LABEL = 4  # lines over which one label may be printed
_LONGEST_HEADER = 12
_MOST_CELLS = 8
_LONGEST_HEADER_WORD = 12
_COUNTING_ROWS = 4
_ROWS_OF_A_COLUMN = 2
_MOST_AROUND = 40  # letters of ordinals, units and 其中 around a label
_LETTER = re.compile(r"[㐀-鿿]")
_PAGE_NUMBER = re.compile(r"^\s*[-—–－―]\s*\d{1,3}\s*[-—–－―]\s*$")
_PROSE = re.compile(r"[。；]")
_AMONG = re.compile(r"^\s*其中\s*[:：]?\s*")  # 其中：1.当面申请数


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


class Reader:
    """Gathers the rows of one list."""

    def __init__(self, words: Vocabulary, key: tuple[str, str], table: ListTable) -> None:
        self._words = words
        self._lexicon = words.lists[key]
        self._rows = {row.code: row for row in table.rows}
        self._header = HeaderWords(table.header)
        self._flat = FlatRows(table.rows, words.units)
        units = "|".join(re.escape(unit) for unit in sorted(words.units, key=len, reverse=True))
        self._unit_behind = re.compile(rf"\s*[（(\[【]\s*(?:(?:计量)?单位[:：]?)?\s*(?P<unit>{units})\s*[)）\]】]\s*$")
        self._longest = self._lexicon.longest + _MOST_AROUND
        self._seen: list[str] = []
        self._columns: tuple[Columns, ...] = ()
        self._heads: list[Head] = []
        self._fresh = False
        self.headed: set[int] = set()
        self.years: set[int] = set()  # over the figures
        self.strays: list[tuple[int, tuple[Slot, ...]]] = []

    def run(self, document: Document) -> list[Entry]:
        """All rows of the document; blocks in which a header of such a list was met are in ``headed``.

        Lines of numbers without a label, in tables, are in ``strays`` with their block.
        """
        entries: list[Entry] = []
        run: list[tuple[int, Slot]] = []
        for index, block in enumerate(document.blocks):
            if isinstance(block, Text):
                run += [(index, slot) for slot in self._tokens(block)]
                continue
            entries += self._text(run)
            run = []
            entries += self._table(block, index)
        return [*entries, *self._text(run)]

    # ---- tables

    def _table(self, table: Table, place: int) -> list[Entry]:
        entries: list[Entry] = []
        for cells in table.rows():
            slots = [Slot(c.text, c.locator, c.column, c.column_span) for c in cells]
            if slots:
                entries += self._line(slots, place, ragged=table.ragged)
        return _doubted(_without_counts(_doubted(_without_padding(entries))))

    def _line(self, slots: list[Slot], place: int, *, ragged: bool) -> Iterator[Entry]:
        if self._take_header(slots, place):
            return
        starts = self._labels(slots)
        filled = tuple(slot for slot in slots if slot.text.strip())
        # Right below a header numbers count its columns.
        if not self._fresh and filled and all(self._words.values.is_number(slot.text) for slot in filled):
            self.strays.append((place, filled))
        self._fresh = False
        for number, (index, found) in enumerate(starts):
            end = starts[number + 1][0] if number + 1 < len(starts) else len(slots)
            label, behind = slots[index], slots[index + 1 : end]
            columns = self._columns_of(label)
            if columns is not None and number + 1 < len(starts):
                until = max((head.end for head, _ in columns.behind), default=0)
                behind = [slot for slot in behind if slot.column < until]
            cells = settle(behind, columns, label, self._words.units, grid=True, ragged=ragged)
            if found is None and not any(self._words.values.is_number(slot.text) for slot in behind):
                continue
            if found is not None:
                self._note(found[0])
            code, quality = found or (None, "exact")
            yield Entry(code, label, tuple(behind), place, cells, quality, headed=bool(self._columns))

    def _labels(self, slots: Sequence[Slot]) -> list[tuple[int, tuple[str, Quality] | None]]:
        """Where the labels of a line stand, and what they are; a list may print several rows a line."""
        found: dict[int, tuple[str, Quality] | None] = {}
        for index, slot in enumerate(slots):
            if self._is_label(slot.text) and (exact := self._code(slot.text, exact=True)):
                found[index] = exact
        for columns in self._columns if len(self._columns) > 1 or not found else ():
            for index, slot in enumerate(slots):
                if slot.column == columns.label and index not in found and self._is_label(slot.text):
                    found[index] = self._code(slot.text, exact=False)
        if not found:
            first = next((i for i, slot in enumerate(slots) if self._is_label(slot.text)), None)
            if first is None or all(len(fold(slot.text)) <= 1 for slot in slots if self._is_label(slot.text)):
                return []  # 甲 | 乙 | 1 | 2 below a header
            found[first] = self._code(slots[first].text, exact=False)
        return sorted(found.items())

    def _take_header(self, slots: Sequence[Slot], place: int) -> bool:
        heads = self._divided([Head(slot.column, slot.end, slot.text) for slot in slots])
        if self._header.is_header([head.text for head in heads]):
            self._heads = heads
        elif self._fresh and any(fold(head.text) for head in heads) and all(self._goes_on(slot) for slot in slots):
            # The second line of a header divides the cells of the first.
            below = [head for head in heads if head.text.strip()]
            kept = [head for head in self._heads if not any(b.start < head.end and b.end > head.start for b in below)]
            self._heads = sorted([*kept, *below], key=lambda head: head.start)
        else:
            return False
        self._head()
        self._fresh = True
        self.headed.add(place)
        return True

    def _head(self) -> None:
        """Take the columns from the header that was read last."""
        self._columns = self._header.columns(self._heads)
        chosen = [columns.behind[columns.chosen][0] for columns in self._columns if columns.chosen is not None]
        self.years.update(year for head in chosen if (year := year_of(head.text)) is not None)

    def _divided(self, heads: list[Head]) -> list[Head]:
        """A header whose last cells were fused into one, as the words it consists of."""
        words = self._header.words_of(heads[-1].text) or []
        if len(words) < 2 or self._header.role(heads[-1].text) != "other":
            return heads
        return [*heads[:-1], *(Head(at, at + 1, word) for at, word in enumerate(words, heads[-1].start))]

    def _goes_on(self, slot: Slot) -> bool:
        """Whether a cell can be of a header's second line: words that no row has."""
        if not slot.text.strip():
            return True
        below = any(head.start <= slot.column < head.end for head in self._heads)
        return below and self._is_label(slot.text) and not self._lexicon.find(slot.text)

    def _columns_of(self, label: Slot) -> Columns | None:
        left = [columns for columns in self._columns if columns.label < label.end]
        return (left or self._columns or (None,))[-1 if left else 0]

    # ---- text: one cell a line, or cells parted by blanks

    def _text(self, tokens: Sequence[tuple[int, Slot]]) -> list[Entry]:
        entries: list[Entry] = []
        position = 0
        while position < len(tokens):
            place, slot = tokens[position]
            if length := self._text_header(tokens, position):
                self.headed.update(at for at, _ in tokens[position : position + length])
                position += length
                continue
            if not self._is_label(slot.text):
                position += 1
                continue
            if _PROSE.search(slot.text):
                self._columns = ()
            length, found = self._joined([token for _, token in tokens[position : position + _LONGEST_LABEL]])
            behind = position + length
            while behind < len(tokens) and not self._is_label(tokens[behind][1].text):
                behind += 1
            slots = [token for _, token in tokens[position + length : behind]]
            if found is None and slots and behind < len(tokens):
                # A label that was wrapped around its own cells.
                rest = tokens[behind][1].text
                found = self._code(slot.text + rest, exact=True) if self._code(rest, exact=True) is None else None
                behind += found is not None
            entry = self._text_entry(slot, slots, place, found, follows=behind < len(tokens))
            if entry is not None:
                entries.append(entry)
            position = behind
        return _doubted(_without_counts(_doubted(entries)))

    def _text_entry(
        self, label: Slot, slots: list[Slot], place: int, found: tuple[str, Quality] | None, *, follows: bool
    ) -> Entry | None:
        columns = self._columns[0] if self._columns else None
        if columns is not None and not columns.has_unit and any(fold(s.text) in self._words.units for s in slots):
            columns = None  # torn
        most = len(columns.behind) + columns.before if columns else _MOST_CELLS
        slots = slots[:most] if not follows or len(slots) > _MOST_CELLS else slots
        numbers = any(self._words.values.is_number(slot.text) for slot in slots)
        cells = settle(slots, columns, label, self._words.units, grid=False, follows=follows)
        if found is None and numbers and slots:
            full = columns is not None and len(slots) - len(columns.behind) in {0, columns.before}
            if not full and fold(slots[0].text) not in self._words.units:
                return None
            found = self._code(label.text, exact=False)
            if found is None:
                return Entry(None, label, tuple(slots), place, cells, headed=columns is not None)
        if found is None:
            return None
        self._note(found[0])
        return Entry(found[0], label, tuple(slots), place, cells, found[1], headed=columns is not None)

    def _text_header(self, tokens: Sequence[tuple[int, Slot]], position: int) -> int:
        """How many tokens are a header, from here on; it is remembered."""
        most = _LONGEST_HEADER if self._header.may_begin(tokens[position][1].text) else 1
        for length in range(min(most, len(tokens) - position), 0, -1):
            pieces = [slot.text for _, slot in tokens[position : position + length]]
            if any(_PROSE.search(piece) for piece in pieces):
                continue
            words = self._header.words_of("\n".join(pieces)) or (self._header_line(pieces[0]) if length == 1 else None)
            if words is None or not self._header.is_header(words):
                continue
            others = self._others(tokens[position + length :])
            self._heads = [Head(at, at + 1, word) for at, word in enumerate([*words, *others])]
            self._head()
            return length + len(others)
        return 0

    def _header_line(self, line: str) -> list[str] | None:
        """A header set in one line, with words that no form has between blanks."""
        words = line.split()
        short = all(self._is_label(word) and 1 < len(fold(word)) <= _LONGEST_HEADER_WORD for word in words)
        return words if short else None

    def _others(self, tokens: Sequence[tuple[int, Slot]]) -> list[str]:
        """Further header words, of no form: short words that no row has, before the first row."""
        found: list[str] = []
        for (_, slot), (_, after) in itertools.pairwise(tokens):
            is_word = self._is_label(slot.text) and 1 < len(fold(slot.text)) <= _LONGEST_HEADER_WORD
            if not is_word or not self._is_label(after.text) or self._lexicon.find(slot.text):
                break
            found.append(slot.text)
        return found if len(found) < _MOST_CELLS else []

    def _tokens(self, block: Text) -> Iterator[Slot]:
        """The lines of a text as cells: whole, or in parts where one holds a label and what belongs to it."""
        start = 0
        for line in block.text.split("\n"):
            if not _PAGE_NUMBER.match(line):
                for first, last in self._flat.spans(line) or self._row(line):
                    yield Slot(line[first:last], part(block, start + first, start + last))
            start += len(line) + 1

    def _row(self, line: str) -> list[tuple[int, int]]:
        """The cells of a line: what blanks part, or, where that gives no label, label, unit and number run on."""
        parts = self._parts(line)
        if not parts or any(self._lexicon.exact(line[slice(*span)]) for span in parts):
            return parts
        return self._flat.row(line) or parts

    def _parts(self, line: str) -> list[tuple[int, int]]:
        cells = [match.span() for match in re.finditer(r"[^\s|｜]+", line)]
        if not cells:
            return []
        values = self._words.values
        tail = 0
        while tail < len(cells) - 1:
            text = line[slice(*cells[-tail - 1])]
            if not values.could_be(text) and not (tail and fold(text) in self._words.units):
                break
            tail += 1
        lead = 0  # what counts the rows stands before the label
        while lead < len(cells) - tail - 1 and re.fullmatch(r"\d{1,3}", line[slice(*cells[lead])]):
            lead += 1
        label = (cells[lead][0], cells[len(cells) - tail - 1][1])
        return [*cells[:lead], label, *cells[len(cells) - tail :]] if lead or tail else [label]

    def _joined(self, tokens: Sequence[Slot]) -> tuple[int, tuple[str, Quality] | None]:
        pieces = [slot.text for slot in tokens]
        labels = letters = 0
        for piece in pieces:
            letters += len(_LETTER.findall(piece))
            if letters > self._longest or not self._is_label(piece):
                break
            labels += 1
        for length in range(labels, 0, -1):
            if found := self._code("".join(pieces[:length]), exact=True):
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
        bare = _AMONG.sub("", self._unit_behind.sub("", text))
        matches: list[tuple[str, Quality]] = [
            (code, "exact") for code in self._lexicon.exact(text) or self._lexicon.exact(bare)
        ]
        if not exact and not matches:
            matches = [(match.key, match.quality) for match in self._lexicon.find(bare)]
        if len(matches) > 1:
            # The same words stand under several headings: the last heading seen says which.
            parents = [self._rows[code].parent for code, _ in matches]
            last = next((code for code in reversed(self._seen) if code in parents), None)
            matches = [match for match, parent in zip(matches, parents, strict=True) if parent == last and last]
            if matches and matches[0][0] in self._seen:
                return None  # a second time under one heading: another heading is lost between them
        return matches[0] if len(matches) == 1 else None

    def unit_of(self, entry: Entry) -> str:
        """The unit that is printed with a row: in a cell of its own, or behind the label."""
        if entry.cells.unit is not None:
            return strip_blanks(entry.cells.unit.text)
        match = self._unit_behind.search(entry.label.text)
        return match["unit"] if match else ""


def _without_padding(entries: list[Entry]) -> list[Entry]:
    """Without cells of columns that are empty in every row of the table."""
    filled = {slot.column for entry in entries for slot in entry.slots if slot.text.strip()}
    return [_narrowed(entry, [slot for slot in entry.cells.values if slot.column in filled]) for entry in entries]


def _without_counts(entries: list[Entry]) -> list[Entry]:
    """Without the first or last of several cells where they count the rows (a form's printed codes, row numbers)."""
    for at in (0, -1):
        rows = [(i, entry.cells.values) for i, entry in enumerate(entries) if not entry.cells.certain]
        counts = [(i, _count(values[at].text)) for i, values in rows if len(values) > 1]
        steps = Counter(a is not None and b is not None and b - a == 1 for (_, a), (_, b) in itertools.pairwise(counts))
        if len(counts) >= _COUNTING_ROWS and steps[True] >= 4 * steps[False]:
            counted = {i for i, count in counts if count is not None}
            entries = [
                _narrowed(entry, entry.cells.values[1:] if at == 0 else entry.cells.values[:-1])
                if i in counted
                else entry
                for i, entry in enumerate(entries)
            ]
    return entries


def _doubted(entries: list[Entry]) -> list[Entry]:
    """A lone cell is no certain figure where rows of the same list, without a header, have several."""
    lengths = Counter(len(entry.cells.values) for entry in entries if not entry.cells.headed and entry.cells.values)
    few = max(_ROWS_OF_A_COLUMN, lengths.total() // 15)  # a stray number in a row or two makes no column
    columns = max((length for length, rows in lengths.items() if rows >= few), default=0)
    return [
        replace(entry, cells=replace(entry.cells, certain=False))
        if not entry.cells.headed and 0 < len(entry.cells.values) < columns
        else entry
        for entry in entries
    ]


def _narrowed(entry: Entry, values: Sequence[Slot]) -> Entry:
    if entry.cells.certain or len(values) == len(entry.cells.values):
        return entry
    certain = len(values) <= 1 and not entry.cells.headed
    return replace(entry, cells=replace(entry.cells, values=tuple(values), certain=certain))


def _count(text: str) -> int | None:
    match = re.fullmatch(r"0*(\d{1,3})\*{0,2}", text.strip())
    return int(match[1]) if match else None
