"""Statistics annexes: one indicator a row, with its unit and value.

Indicators of several annexes share wordings, so a document's rows are first gathered for every annex, and the annex is
taken whose rows they are: enough of them, and the greater part of all rows. Rows that no form has are kept as issues
with what they say (provinces add indicators); the rows of an unknown form are never forced into the codes of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parsers.document import Document, Locator, Text
from parsers.forms.labels import is_words
from parsers.forms.templates import ListRow
from parsers.forms.values import DOUBTS
from parsers.record import Figure, Issue, decimal_text
from parsers.tables.binding.figures import alternatives_of
from parsers.tables.lists.indicators import Entry, Reader
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


def read_lists(document: Document, words: Vocabulary) -> Listed:
    """Read the statistics annex of a document, if it has one."""
    best: tuple[int, tuple[str, str], Reader, list[Entry]] | None = None
    unknown: dict[Locator, Entry] = {}
    for key, table in words.list_tables.items():
        reader = Reader(words, key, table)
        entries = _of_lists(reader.run(document), reader, document)
        # What is only like a label, or a piece of one, does not say that a table is this list.
        known = {entry.code for entry in entries if entry.code and entry.quality != "cut"}
        strange = sum(1 for entry in entries if entry.code is None or entry.quality == "cut")
        enough = len(known) >= table.least and len(known) >= table.share * (len(known) + strange)
        if enough and (best is None or len(known) > best[0]):
            best = (len(known), key, reader, entries)
        headed = [entry for entry in entries if entry.headed and _numbers(entry.slots, words)]
        # A later form's row is none of a list's, whichever of its cells names it.
        headed = [e for e in headed if not any(words.rows.exact(slot.text) for slot in (e.label, *e.slots))]
        if len(headed) >= _ROWS_OF_A_TABLE:
            unknown.update({entry.label.locator: entry for entry in headed})
    if best is None:
        used = frozenset(entry.place for entry in unknown.values() if isinstance(document.blocks[entry.place], Text))
        return Listed(issues=tuple(_unknown(entry.label, entry.slots) for entry in unknown.values()), used=used)
    _, key, reader, entries = best
    return _Binder(words, key, reader).run(document, entries)


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
            if at is not None and _numbers(slots[at + 1 :], words):
                rows.append(_unknown(slots[at], slots[at + 1 :]))
        if len(rows) >= _ROWS_OF_A_TABLE:
            issues += rows
    return tuple(issues)


def _of_lists(entries: Sequence[Entry], reader: Reader, document: Document) -> list[Entry]:
    """Rows of lists alone: a table without a list's header, and without known rows, is another table."""
    known = Counter(entry.place for entry in entries if entry.code)
    lists = {place for place, count in known.items() if count >= _ROWS_OF_A_TABLE} | reader.headed
    return [
        entry
        for entry in entries
        if entry.code or entry.place in lists or (entry.headed and isinstance(document.blocks[entry.place], Text))
    ]


def _numbers(slots: Sequence[Slot], words: Vocabulary) -> bool:
    return any(words.values.is_number(slot.text) for slot in slots)


def _unknown(label: Slot, slots: Sequence[Slot]) -> Issue:
    raw = " | ".join(slot.text.strip() for slot in (label, *slots))
    return Issue("unknown_row", f"a row that no form has: {raw}", label.locator)


class _Binder:
    """Entries of the chosen annex to figures."""

    def __init__(self, words: Vocabulary, key: tuple[str, str], reader: Reader) -> None:
        self._words = words
        self._reader = reader
        self._form, self._name = key
        self._rows: dict[str, ListRow] = {row.code: row for row in words.list_tables[key].rows}
        self._issues: list[Issue] = []
        self._figures: list[Figure] = []

    def run(self, document: Document, entries: Sequence[Entry]) -> Listed:
        used: set[int] = set()
        for entry in entries:
            if isinstance(document.blocks[entry.place], Text):
                used.add(entry.place)
            if entry.code is None:
                self._issues.append(_unknown(entry.label, entry.slots))
            elif self._rows[entry.code].type != "heading":
                self._bind(entry, self._rows[entry.code])
        places = {entry.place for entry in entries if entry.code}
        for at, slots in self._reader.strays:
            if at in places:
                raw = " | ".join(slot.text.strip() for slot in slots)
                self._issues.append(Issue("row_without_label", f"values without a label: {raw}", slots[0].locator))
        place = min(places)
        return Listed(
            self._form,
            tuple(self._figures),
            tuple(self._issues),
            {self._name: place},
            frozenset(used),
            max(self._reader.years, default=None),
        )

    def _bind(self, entry: Entry, row: ListRow) -> None:
        name = entry.label.text.strip()
        if entry.quality != "exact":
            message = f"{name}: the label is not printed in full; it can be only {row.code}"
            self._issues.append(Issue(f"label_{entry.quality}", message, entry.label.locator))
        if not entry.cells.values:
            return
        # A unit of its own cell beats the form's, as a header's does.
        header = f"单位：{self._reader.unit_of(entry)}"
        read = [(slot, self._words.values.read(slot.text, unit=row.unit, header=header)) for slot in entry.cells.values]
        slot, value = next((pair for pair in read if pair[0].text.strip()), read[0])
        numbers = {decimal_text(value.number) for _, value in read if value.number is not None}
        torn = next((pair for pair in read if pair[1].number and self._is_torn(entry, pair[0], row)), None)
        if torn is not None:
            slot, value = torn
            plain = self._words.values.read(slot.text, unit=row.unit)
            known = tuple(sorted({decimal_text(number) or "" for number in (value.number, plain.number)}))
            self._figures.append(
                Figure(row.code, None, "ambiguous", slot.text, slot.locator, row.unit, alternatives=known)
            )
            self._issues.append(Issue("unit_assumed", f"{name}: the unit may be torn from its cell", slot.locator))
            return
        # Nothing but zeros adds up to nothing else; but a lost cell may have held anything.
        if not entry.cells.certain and numbers and not (entry.cells.whole and numbers == {"0"}):
            known = tuple(sorted(number for number in numbers if number))
            self._figures.append(
                Figure(row.code, None, "ambiguous", slot.text, slot.locator, row.unit, alternatives=known)
            )
            message = f"{name}: several values in one row, and no header that says which is the year's"
            self._issues.append(Issue("cell_count", message, slot.locator))
            return
        if value.doubt is not None:
            known = alternatives_of(value)
            message = f"{name}: {slot.text.strip()!r} {DOUBTS[value.doubt]}"
            self._issues.append(Issue(value.doubt, message, slot.locator))
            self._figures.append(
                Figure(row.code, None, "ambiguous", slot.text, slot.locator, row.unit, alternatives=known)
            )
            return
        if value.status == "text":
            self._issues.append(Issue("text_in_cell", f"{row.code}: {slot.text.strip()!r} is no number", slot.locator))
        if value.assumed:
            message = f"{row.code}: no unit is printed; {value.unit} is taken from the form"
            self._issues.append(Issue("unit_assumed", message, slot.locator))
        self._figures.append(
            Figure(row.code, value.number, value.status, slot.text, slot.locator, value.unit or row.unit)
        )

    def _is_torn(self, entry: Entry, value: Slot, row: ListRow) -> bool:
        """Whether the unit of an amount can be a piece of 万元: it stands behind it, or what is lacking before it."""
        unit = entry.cells.unit
        if unit is None or row.type != "decimal" or unit.text.strip() == row.unit or value not in entry.slots:
            return False
        at = entry.slots.index(unit)
        before = (entry.label, *entry.slots)[at].text.strip()
        lacking = (row.unit or "").removesuffix(unit.text.strip())
        return at > entry.slots.index(value) or (lacking != row.unit and before.endswith(lacking))
