"""Statistics annexes: one indicator a row, with its unit and value.

Indicators of several annexes share wordings, so a document's rows are first gathered for every annex, and the annex is
taken whose rows they are: enough of them, and the greater part of all rows. Rows that no form has are kept as issues
with what they say (provinces add indicators); the rows of an unknown form are never forced into the codes of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from parsers.document import Document, Locator, Text
from parsers.forms.labels import is_words
from parsers.forms.templates import ListRow
from parsers.forms.values import DOUBTS
from parsers.record import Figure, Issue, decimal_text
from parsers.tables.binding.figures import alternatives_of
from parsers.tables.lists.entries import Entry
from parsers.tables.lists.indicators import ListReading, read_list
from parsers.tables.model import Slot
from parsers.tables.vocabulary import Vocabulary

_ROWS_OF_A_TABLE = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """What the annexes of a document say."""

    template: str | None = None
    figures: tuple[Figure, ...] = ()
    issues: tuple[Issue, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    used: frozenset[int] = frozenset()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One annex, and what a document prints of it.

    Attributes:
        key: form and name of the list.
        reading: the rows that may be of it.
        entries: those of them that stand in lists.
        known: how many different rows of the annex they are.
    """

    key: tuple[str, str]
    reading: ListReading
    entries: list[Entry]
    known: int


def read_lists(document: Document, words: Vocabulary) -> Listed:
    """Read the statistics annex of a document, if it has one."""
    best: _Candidate | None = None
    unknown: dict[Locator, Entry] = {}
    for key, table in words.list_tables.items():
        reading = read_list(document, words, key)
        entries = _of_lists(reading, document)
        # What is only like a label, or a piece of one, does not say that a table is this list.
        known = {entry.code for entry in entries if entry.code and entry.quality != "cut"}
        strange = sum(1 for entry in entries if entry.code is None or entry.quality == "cut")
        enough = len(known) >= table.least and len(known) >= table.share * (len(known) + strange)
        if enough and (best is None or len(known) > best.known):
            best = _Candidate(key, reading, entries, len(known))
        headed = [entry for entry in entries if entry.headed and _is_other_list(entry, words)]
        if len(headed) >= _ROWS_OF_A_TABLE:
            unknown.update({entry.label.locator: entry for entry in headed})
    if best is not None:
        return _Binder(words, best).bind_entries(document)
    issues = tuple(_tell_unknown(entry.label, entry.slots) for entry in unknown.values())
    return Listed(issues=issues, used=frozenset(_text_blocks(unknown.values(), document)))


def _is_other_list(entry: Entry, words: Vocabulary) -> bool:
    """Whether a row with numbers can be of a list; a later form's row is none, whichever of its cells names it."""
    cells = (entry.label, *entry.slots)
    return _has_numbers(entry.slots, words) and not any(words.rows.exact(slot.text) for slot in cells)


def unknown_tables(document: Document, words: Vocabulary) -> tuple[Issue, ...]:
    """Every row of numbers in a document that has no table of any form: kept as it is, for people.

    Reports before 2014 print tables of their own: by department, by quarter, by outcome.
    """
    issues: list[Issue] = []
    for block in document.blocks:
        if isinstance(block, Text):
            continue
        rows: list[Issue] = []
        for cells in block.rows():
            slots = [Slot(cell.text, cell.locator) for cell in cells]
            at = next((i for i, slot in enumerate(slots) if is_words(slot.text)), None)
            if at is not None and _has_numbers(slots[at + 1 :], words):
                rows.append(_tell_unknown(slots[at], slots[at + 1 :]))
        if len(rows) >= _ROWS_OF_A_TABLE:
            issues += rows
    return tuple(issues)


def _of_lists(reading: ListReading, document: Document) -> list[Entry]:
    """Rows of lists alone: a table without a list's header, and without known rows, is another table."""
    known = Counter(entry.place for entry in reading.entries if entry.code)
    lists = {place for place, count in known.items() if count >= _ROWS_OF_A_TABLE} | reading.headed
    return [
        entry
        for entry in reading.entries
        if entry.code or entry.place in lists or (entry.headed and isinstance(document.blocks[entry.place], Text))
    ]


def _text_blocks(entries: Iterable[Entry], document: Document) -> set[int]:
    """The blocks of text in which rows stand."""
    return {entry.place for entry in entries if isinstance(document.blocks[entry.place], Text)}


def _has_numbers(slots: Sequence[Slot], words: Vocabulary) -> bool:
    return any(words.values.is_number(slot.text) for slot in slots)


def _tell_unknown(label: Slot, slots: Sequence[Slot]) -> Issue:
    raw = " | ".join(slot.text.strip() for slot in (label, *slots))
    return Issue("unknown_row", f"a row that no form has: {raw}", label.locator)


class _Binder:
    """Entries of the chosen annex to figures."""

    def __init__(self, words: Vocabulary, chosen: _Candidate) -> None:
        self._words = words
        self._form, self._name = chosen.key
        self._reading = chosen.reading
        self._entries = chosen.entries
        self._rows: dict[str, ListRow] = {row.code: row for row in words.list_tables[chosen.key].rows}
        self._issues: list[Issue] = []
        self._figures: list[Figure] = []

    def bind_entries(self, document: Document) -> Listed:
        """Return what the annex says."""
        for entry in self._entries:
            if entry.code is None:
                self._issues.append(_tell_unknown(entry.label, entry.slots))
            elif self._rows[entry.code].type != "heading":
                self._bind_entry(entry, self._rows[entry.code])
        places = {entry.place for entry in self._entries if entry.code}
        for at, slots in self._reading.strays:
            if at in places:
                raw = " | ".join(slot.text.strip() for slot in slots)
                self._issues.append(Issue("row_without_label", f"values without a label: {raw}", slots[0].locator))
        return Listed(
            self._form,
            tuple(self._figures),
            tuple(self._issues),
            {self._name: min(places)},
            frozenset(_text_blocks(self._entries, document)),
            max(self._reading.years, default=None),
        )

    def _bind_entry(self, entry: Entry, row: ListRow) -> None:
        """The figure of one row; a doubt about any of its cells leaves it open."""
        name = entry.label.text.strip()
        if entry.quality != "exact":
            message = f"{name}: the label is not printed in full; it can be only {row.code}"
            self._issues.append(Issue(f"label_{entry.quality}", message, entry.label.locator))
        if not entry.cells.values:
            return
        # A unit of its own cell beats the form's, as a header's does.
        header = f"单位：{self._reading.codes.find_unit(entry)}"
        read = [(slot, self._words.values.read(slot.text, unit=row.unit, header=header)) for slot in entry.cells.values]
        for slot, value in read:
            if value.number and self._is_torn(entry, slot, row):
                plain = self._words.values.read(slot.text, unit=row.unit)
                self._leave_open(row, slot, {decimal_text(value.number) or "", decimal_text(plain.number) or ""})
                self._tell("unit_assumed", f"{name}: the unit may be torn from its cell", slot)
                return
        slot, value = next((pair for pair in read if pair[0].text.strip()), read[0])
        numbers = {decimal_text(value.number) for _, value in read if value.number is not None}
        # Nothing but zeros adds up to nothing else; but a lost cell may have held anything.
        if not entry.cells.certain and numbers and not (entry.cells.whole and numbers == {"0"}):
            self._leave_open(row, slot, filter(None, numbers))
            message = f"{name}: several values in one row, and no header that says which is the year's"
            self._tell("cell_count", message, slot)
            return
        if value.doubt is not None:
            self._tell(value.doubt, f"{name}: {slot.text.strip()!r} {DOUBTS[value.doubt]}", slot)
            self._leave_open(row, slot, alternatives_of(value), in_order=True)
            return
        if value.status == "text":
            self._tell("text_in_cell", f"{row.code}: {slot.text.strip()!r} is no number", slot)
        if value.assumed:
            self._tell("unit_assumed", f"{row.code}: no unit is printed; {value.unit} is taken from the form", slot)
        unit = value.unit or row.unit
        self._figures.append(Figure(row.code, value.number, value.status, slot.text, slot.locator, unit))

    def _tell(self, code: str, message: str, slot: Slot) -> None:
        self._issues.append(Issue(code, message, slot.locator))

    def _leave_open(self, row: ListRow, slot: Slot, numbers: Iterable[str], *, in_order: bool = False) -> None:
        """A figure that may be any of several numbers."""
        known = tuple(numbers) if in_order else tuple(sorted(numbers))
        self._figures.append(Figure(row.code, None, "ambiguous", slot.text, slot.locator, row.unit, alternatives=known))

    def _is_torn(self, entry: Entry, value: Slot, row: ListRow) -> bool:
        """Whether the unit of an amount can be a piece of 万元: it stands behind it, or what is lacking before it."""
        unit = entry.cells.unit
        if unit is None or row.type != "decimal" or unit.text.strip() == row.unit or value not in entry.slots:
            return False
        at = entry.slots.index(unit)
        before = (entry.label, *entry.slots)[at].text.strip()
        lacking = (row.unit or "").removesuffix(unit.text.strip())
        return at > entry.slots.index(value) or (lacking != row.unit and before.endswith(lacking))
