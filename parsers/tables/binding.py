"""Rows to figures: every value under its code, or flagged.

What is printed in as many cells as there are columns is taken as printed. Anything else is decided by the row's own
identity, or by all readings agreeing, and says so (``method`` identity); what remains open is ``ambiguous`` and lists
what it could be.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from decimal import Decimal

from parsers.record import Figure, Issue, Method, decimal_text
from parsers.tables import align
from parsers.tables.model import Column, Findings, Header, Row, Slot
from parsers.tables.padding import has_totals, is_padded, lead, prints_all
from parsers.tables.runs import only_cutting
from parsers.tables.turned import trimmed
from parsers.tables.vocabulary import Vocabulary
from parsers.templates import MatrixTable, RecordTable
from parsers.values import Value

# Of rows under a broken header as many must add up for each that does not.
_RIGHT_TO_WRONG = 8
# For every identity of a row: its columns, and which of them is the total.
Sums = Sequence[tuple[tuple[int, ...], int]]

_MISSPELT = {
    "misspelt": ("label_misspelt", "the label is misspelt; it can be only this row"),
    "cut": ("label_cut", "the label is cut; it can be only this row"),
    "placed": ("label_lost", "the row has no label; by its place it can be only this row"),
}


class Binder:
    """Turns the rows of one document into figures and issues."""

    def __init__(self, vocabulary: Vocabulary, findings: Findings) -> None:
        self._words = vocabulary
        self._findings = findings
        self.figures: list[Figure] = []
        self.issues: list[Issue] = list(findings.issues)

    def run(self) -> None:
        """Bind all rows."""
        for name in self._words.blocks:
            for row in self._findings.of(name):
                self._block(row)
        for name, matrices in self._words.matrices.items():
            rows = [row for row in self._findings.of(name) if row.code is not None]
            self._report_header(rows, name)
            proven = _proven(rows, self._words, matrices[0])
            for row in rows:
                self._matrix(row, matrices[0], rows, proven)
            turned = sorted((row for row in self._findings.turned if row.table == name), key=lambda row: row.place)
            self._report_header(turned, name)
            for _, piece in itertools.groupby(turned, key=lambda row: row.header):
                for row in trimmed(list(piece)):
                    self._turned(row, matrices[0])
        for name, records in self._words.records.items():
            rows = list(self._findings.of(name))
            self._report_header(rows, name)
            for row in rows:
                self._record(row, records[0], rows)

    # ---- blocks

    def _block(self, row: Row) -> None:
        header = row.header
        if header is None:
            if any(self._words.values.is_number(slot.text) for slot in row.slots):
                self._issue("header_missing", f"{row.label}: values without column headers", row)
            return
        columns = self._block_columns(row, header)
        self._label_issue(row)
        count = len(header.columns)
        # Empty headers at the end that could not be told are no columns: what stands under them is a cell too many.
        while count > 1 and columns[count - 1] is None and not header.columns[count - 1].slot.text.strip():
            count -= 1
        pad = header.pad + len(columns) - count
        columns = columns[:count]
        row = self._unmerged(row, count)
        if row.run_together:
            codes = [code for code in columns if code]
            if len(codes) == count:
                self._cut(row, codes, None)
            return
        ways = self._ways(row, count, lead=header.lead, sure=True, padded=len(row.slots) <= count + pad)
        self._tell_blank_end(row, ways)
        self._emit(row, columns, header.columns[:count], ways, None)

    def _block_columns(self, row: Row, header: Header) -> list[str | None]:
        """The code of each printed column for this row; None where the row has no such cell."""
        cells = self._words.row_cells[row.table, row.code or ""]
        options = [[code for code in cells if code in column.codes] for column in header.columns]
        found: list[str | None] = [choice[0] if len(choice) == 1 else None for choice in options]
        open_columns = [
            index
            for index, (choice, column) in enumerate(zip(options, header.columns, strict=True))
            if len(choice) > 1 or not column.codes
        ]
        if open_columns:
            resolved = self._resolve(row, options, found, open_columns, header)
            for index, code in resolved.items():
                found[index] = code
            if resolved:
                self._issue("header_cut", f"{row.label}: column headers are cut or lost; they can be only these", row)
        for column, named in zip(header.columns, found, strict=True):
            if named and column.quality != "exact" and column.codes:
                self._issue("header_misspelt", f"the column header {column.slot.text.strip()} is misspelt", row)
        return found

    def _resolve(
        self,
        row: Row,
        options: Sequence[Sequence[str]],
        found: Sequence[str | None],
        open_columns: Sequence[int],
        header: Header,
    ) -> dict[int, str]:
        """Codes of cut or lost column headers, when the form leaves one choice in its printed order."""
        answers: set[tuple[str, ...]] = set()
        for table in self._words.blocks[row.table]:
            for line in table.rows:
                codes = [cell.code for cell in line.cells]
                known = [code for code in found if code]
                if line.code != row.code or len(codes) != len(header.columns) or not set(known) <= set(codes):
                    continue
                left = [code for code in codes if code not in known]
                if len(left) == len(open_columns) and all(
                    not options[index] or code in options[index] for index, code in zip(open_columns, left, strict=True)
                ):
                    answers.add(tuple(left))
        if len(answers) != 1:
            return {}
        lost = sum(1 for index in open_columns if not options[index])
        return dict(zip(open_columns, next(iter(answers)), strict=True)) if lost <= 1 else {}

    # ---- matrix

    def _matrix(self, row: Row, table: MatrixTable, rows: Sequence[Row], proven: bool) -> None:
        header = row.header
        if header is None or (header.assumed and not proven):
            if any(self._words.values.is_number(slot.text) for slot in row.slots):
                self._issue("header_missing", f"{row.label.strip()}: the columns have no readable headers", row)
                self._unreadable(row, [table.code.format(row=row.code, column=c.code) for c in table.columns])
            return
        self._label_issue(row)
        codes = [table.code.format(row=row.code, column=code) for code in header.codes]
        total = header.codes.index(table.total)

        def holds(numbers: Sequence[Decimal]) -> bool:
            return sum(n for i, n in enumerate(numbers) if i != total) == numbers[total]

        if row.run_together:
            self._cut(row, codes, holds)
            return
        row = self._unmerged(row, len(codes))
        before, sure = lead(row, rows, len(codes))
        padded = is_padded(row, rows, len(codes), before if sure else None)
        ways = self._ways(row, len(codes), lead=before, sure=sure, padded=padded)
        sums = [(tuple(range(len(codes))), total)]
        whole = align.complete([bool(slot.text.strip()) for slot in row.slots], len(codes))
        agreed = whole is not None and (not sure or whole[0] == before or prints_all(row, rows, len(codes)))
        if whole is not None and agreed and not row.overrun:
            numbers = [self._value(row.slots[at], None, "").number for at in whole if at is not None]
            known = [number for number in numbers if number is not None]
            if len(known) == len(codes) and holds(known):
                ways = align.Ways((whole,), "padded")
        # Where no row has a total, a blank one says nothing.
        if has_totals(row, rows, total):
            if self._is_short(row, ways, sums):
                ways = align.missing(len(codes) - 1, len(codes))
            else:
                self._tell_blank_end(row, ways)
        self._emit(row, codes, header.columns, ways, sums)

    def _turned(self, row: Row, table: MatrixTable) -> None:
        """A row of a matrix that is turned round: no identity runs along it, so only a full row is read."""
        header = row.header
        assert header is not None
        self._label_issue(row)
        codes = [table.code.format(row=code, column=row.code) for code in header.codes]
        row = self._unmerged(row, len(codes))
        if len(row.slots) != len(codes):
            self._tell_count(row, "more" if len(row.slots) > len(codes) else "fewer", len(codes))
            self._unreadable(row, codes)
            return
        ways = self._ways(row, len(codes), lead=None, sure=False, padded=False)
        self._tell_blank_end(row, ways)
        self._emit(row, codes, header.columns, ways, None)

    # ---- record

    def _record(self, row: Row, table: RecordTable, rows: Sequence[Row]) -> None:
        header = row.header
        if header is None:
            return
        codes = list(header.codes)
        sums = _block_sums(codes, table)
        told = {index for part, _ in sums for index in part}

        def holds(numbers: Sequence[Decimal]) -> bool:
            return all(_adds_up(numbers, part, at) for part, at in sums)

        if row.run_together:
            self._cut(row, codes, holds if len(told) == len(codes) else None)
            return
        if header.assumed:
            numbers = [self._value(slot, None, "").number for slot in row.slots]
            if (
                len(numbers) != len(codes)
                or any(n is None for n in numbers)
                or not holds([n or Decimal() for n in numbers])
            ):
                self._issue("header_missing", "the columns have no readable headers", row)
                self._unreadable(row, codes)
                return
        row = self._unmerged(row, len(codes))
        if header.lead is None:
            like = [other for other in rows if other.header and len(other.header.columns) == len(codes)]
            before, sure = lead(row, like, len(codes))
            padded = is_padded(row, like, len(codes), before if sure else None)
        else:
            before, sure = header.lead, True
            padded = row.regular and (row.ragged or bool(header.lead or header.pad))
        ways = self._ways(row, len(codes), lead=before, sure=sure, padded=padded)
        if self._is_short(row, ways, sums):
            ways = align.missing(len(codes) - 1, len(codes))
        else:
            self._tell_blank_end(row, ways)
        self._emit(row, codes, header.columns, ways, sums)

    # ---- shared

    def _unmerged(self, row: Row, columns: int) -> Row:
        """A row of a grid with its merged blank cells as so many blank cells."""
        if row.ragged or len(row.slots) >= columns or sum(slot.span for slot in row.slots) != columns:
            return row
        if any(slot.span > 1 and not self._words.values.is_blank(slot.text) for slot in row.slots):
            return row  # a number over several columns: which of them it is of is not said
        return dataclasses.replace(row, slots=tuple(slot for slot in row.slots for _ in range(slot.span)))

    def _ways(self, row: Row, columns: int, *, lead: int | None, sure: bool, padded: bool) -> align.Ways:
        if row.overrun:
            return align.Ways((), "surplus")
        filled = [bool(slot.text.strip()) for slot in row.slots]
        if len(filled) > columns and not padded:
            return align.surplus(len(filled), columns)
        return align.ways(filled, columns, lead=lead, sure=sure)

    def _is_short(self, row: Row, ways: align.Ways, sums: Sums) -> bool:
        """Whether a line of text has lost a cell and was padded at its end: its last cell looks blank.

        Only arithmetic can tell: as it stands the row does not add up, and with a cell more it does.
        """
        slots = self._ends_blank(row, ways)
        if slots is None or len(slots) < 3:
            return False
        read = [self._value(slot, None, "") for slot in slots]
        if any(value.status == "text" for value in read):
            return False
        numbers = [value.number or Decimal() for value in read]
        if all(_adds_up(numbers, part, at) for part, at in sums):
            return False
        last = len(numbers) - 1
        failed = [(part, at) for part, at in sums if not _adds_up(numbers, part, at)]
        for gap in range(last):
            shifted = [*numbers[:gap], None, *numbers[gap:last]]
            filled = [number or Decimal() for number in shifted]
            # Zeros add up anyhow: one identity at least must say something, and say what it did not say before.
            telling = any(_adds_up(filled, part, at) and filled[at] > 0 for part, at in failed)
            if telling and all(_could_add_up(shifted, part, at) for part, at in sums):
                return True
        return False

    def _ends_blank(self, row: Row, ways: align.Ways) -> list[Slot] | None:
        """The cells of a row of text whose last cell alone is blank at its end; None for all others."""
        if not row.ragged or len(ways.ways) != 1 or ways.kind not in {"exact", "padded"}:
            return None
        slots = [row.slots[at] for at in ways.ways[0] if at is not None]
        blank = len(slots) > 1 and not slots[-1].text.strip() and slots[-2].text.strip()
        return slots if blank else None

    def _tell_blank_end(self, row: Row, ways: align.Ways) -> None:
        slots = self._ends_blank(row, ways)
        if slots is not None:
            message = f"{row.label.strip()}: the last cell is blank; a line that lost a cell looks the same"
            self._issue("blank_at_end", message, row, slots[-1])

    def _emit(
        self,
        row: Row,
        codes: Sequence[str | None],
        columns: Sequence[Column],
        ways: align.Ways,
        sums: Sums | None,
    ) -> None:
        """Figures of one row. ``sums``: (columns, column of their total) for the form's identities."""
        kept, used = self._narrow(row, ways, sums)
        assumed = bool(row.header and row.header.assumed)
        odd = ways.kind in {"surplus", "missing"} or len(ways.ways) != 1
        if odd:
            told = {"surplus": "more", "missing": "fewer"}.get(ways.kind, "other")
            self._tell_count(row, told, len(codes))
        if not kept:
            self._unreadable(row, [code for code in codes if code])
            return
        for index, (code, column) in enumerate(zip(codes, columns, strict=True)):
            if code is None:
                self._stray(row, column, kept, index)
                continue
            unit = self._unit(code)
            choices: dict[tuple[str, str | None], tuple[Slot | None, Value]] = {}
            for way in kept:
                at = way[index]
                slot = row.slots[at] if at is not None else None
                value = self._value(slot, unit, column.slot.text) if slot is not None else Value("blank")
                choices.setdefault((value.status, decimal_text(value.number)), (slot, value))
            if len(choices) == 1:
                slot, value = next(iter(choices.values()))
                if slot is not None:
                    method: Method = "identity" if (odd and used) or assumed or odd else "label"
                    self._figure(row, code, slot, value, method)
                continue
            alternatives = tuple(sorted({number for _, number in choices if number is not None}, key=Decimal))
            slot = next((slot for slot, _ in choices.values() if slot is not None), row.slots[0])
            self.figures.append(
                Figure(code, None, "ambiguous", slot.text, slot.locator, unit, "label", alternatives=alternatives)
            )

    def _tell_count(self, row: Row, told: str, columns: int) -> None:
        message = f"{row.label.strip()}: {told} cells ({len(row.slots)}) than columns ({columns})"
        self._issue("cell_count", message, row)

    def _narrow(self, row: Row, ways: align.Ways, sums: Sums | None) -> tuple[tuple[align.Way, ...], bool]:
        """The ways that the row's identity confirms, when any does and it says something (not all are zero)."""
        # Where cells are missing the identity cannot decide: the lost cell may have held any number. Where the padding
        # is not clear it cannot either: all ways are equally plain, and the printed total may be wrong.
        if len(ways.ways) <= 1 or not sums or ways.kind != "surplus":
            return ways.ways, False
        numbers = [self._value(slot, None, "") for slot in row.slots]

        def number(at: int | None) -> Decimal | None:
            if at is None or numbers[at].status == "blank":
                return Decimal()
            return numbers[at].number

        kept = []
        confirmed = False
        plain = align.plain_ways([slot.text for slot in row.slots], ways)
        for way in ways.ways:
            values = [number(at) for at in way]
            known = [value or Decimal() for value in values]
            holds = all(value is not None for value in values) and any(known)
            holds = holds and all(_adds_up(known, part, at) for part, at in sums)
            confirmed = confirmed or holds
            if holds or way in plain:
                kept.append(way)
        return (tuple(kept), True) if confirmed else (ways.ways, False)

    def _cut(self, row: Row, codes: Sequence[str], holds: object) -> None:
        """A row whose digits were run together."""
        slot = row.slots[0]
        run = slot.text.strip()
        one, possible = only_cutting(run, len(codes), holds if callable(holds) else None)
        if one is not None:
            how: Method = "label" if len(codes) == 1 else "identity"
            for code, part in zip(codes, one, strict=True):
                self.figures.append(
                    Figure(code, Decimal(part), "number", slot.text, slot.locator, self._unit(code), how)
                )
            return
        self._issue("run_together", f"{row.label.strip()}: {run} can be cut in several ways, or in none", row)
        for index, code in enumerate(codes):
            alternatives = tuple(sorted({cut[index] for cut in possible[:8]}, key=Decimal)) if holds else ()
            self.figures.append(
                Figure(code, None, "ambiguous", slot.text, slot.locator, self._unit(code), alternatives=alternatives)
            )

    def _value(self, slot: Slot, unit: str | None, header: str) -> Value:
        return self._words.values.read(slot.text, unit=unit, header=header)

    def _figure(self, row: Row, code: str, slot: Slot, value: Value, method: Method) -> None:
        if value.status == "text":
            self._issue("text_in_cell", f"{code}: {slot.text.strip()!r} is no number", row, slot)
        if value.assumed:
            self._issue("unit_assumed", f"{code}: no unit is printed; {value.unit} is taken from the form", row, slot)
        self.figures.append(
            Figure(code, value.number, value.status, slot.text, slot.locator, value.unit or self._unit(code), method)
        )

    def _stray(self, row: Row, column: Column, kept: Sequence[align.Way], index: int) -> None:
        for way in kept[:1]:
            at = way[index]
            if at is not None and self._words.values.is_number(row.slots[at].text):
                text = (
                    f"{row.label.strip()}: {row.slots[at].text.strip()} under {column.slot.text.strip() or 'no header'}"
                )
                self._issue("cell_of_no_form", f"{text} has no place in any form", row, row.slots[at])

    def _unreadable(self, row: Row, codes: Sequence[str]) -> None:
        slot = next((slot for slot in row.slots if slot.text.strip()), row.slots[0])
        self.figures += [Figure(code, None, "ambiguous", slot.text, slot.locator, self._unit(code)) for code in codes]

    def _unit(self, code: str) -> str | None:
        return self._words.units_of.get(code)

    def _label_issue(self, row: Row) -> None:
        if row.quality in _MISSPELT:
            issue, message = _MISSPELT[row.quality]
            self._issue(issue, f"{row.label.strip() or row.code}: {message} ({row.code})", row)

    def _report_header(self, rows: Sequence[Row], name: str) -> None:
        first = next((row for row in rows if row.header and row.header.assumed), None)
        if first is not None:
            self._issue(
                "header_broken", f"{name}: the header is in pieces; the form's own order of columns is taken", first
            )
        for row in rows:
            cut = next((c for c in row.header.columns if c.quality != "exact"), None) if row.header else None
            if cut is not None and row.header and not row.header.assumed:
                text = cut.slot.text.strip() or cut.codes[0]
                self._issue("header_misspelt", f"the column header {text} is misspelt or lost", row, cut.slot)
                break

    def _issue(self, code: str, message: str, row: Row, slot: Slot | None = None) -> None:
        where = slot or next(iter(row.slots), None)
        issue = Issue(code, message, where.locator if where else None)
        if issue not in self.issues:
            self.issues.append(issue)


def _block_sums(codes: Sequence[str], table: RecordTable) -> list[tuple[tuple[int, ...], int]]:
    """The identities of a record's row: one for every block all of whose columns it has."""
    places = {code: index for index, code in enumerate(codes)}
    sums = []
    for block in table.blocks:
        own = {column.code: table.code.format(row=block.code, column=column.code) for column in table.columns}
        if all(code in places for code in own.values()):
            sums.append((tuple(places[code] for code in own.values()), places[own[table.total]]))
    return sums


def _adds_up(numbers: Sequence[Decimal], part: Sequence[int], at: int) -> bool:
    return sum(numbers[i] for i in part if i != at) == numbers[at]


def _could_add_up(numbers: Sequence[Decimal | None], part: Sequence[int], at: int) -> bool:
    """Whether the columns add up with some number in the place of the lost one."""
    known = sum((number for i in part if i != at and (number := numbers[i]) is not None), Decimal())
    total = numbers[at]
    if total is None:
        return True
    return total == known if all(numbers[i] is not None for i in part) else total >= known


def _proven(rows: Sequence[Row], vocabulary: Vocabulary, table: MatrixTable) -> bool:
    """Whether the printed numbers themselves show that the assumed columns are the form's: the rows add up.

    Rows of one number and its total prove little, so some must have more; a wrong total among many rows disproves
    nothing.
    """
    columns = len(table.columns)
    total = [column.code for column in table.columns].index(table.total)
    right = wrong = telling = 0
    for row in rows:
        found = align.ways([bool(slot.text.strip()) for slot in row.slots], columns)
        if len(found.ways) != 1:
            continue
        numbers = [vocabulary.values.read(row.slots[at].text).number for at in found.ways[0] if at is not None]
        if any(number is None for number in numbers):
            continue
        known = [number or Decimal() for number in numbers]
        if sum(known) - known[total] != known[total]:
            wrong += 1
            continue
        right += 1
        telling += known[total] > 0 and sum(1 for number in known if number) > 2
    return telling > 0 and wrong * _RIGHT_TO_WRONG <= right
