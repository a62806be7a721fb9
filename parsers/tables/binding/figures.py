"""One row's cells to figures and issues, once it is known which ways of reading it there are.

What is the same in all ways that are left is given; the rest is ``ambiguous`` and lists what it could be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from parsers.characters import UNREAD
from parsers.document import Locator
from parsers.forms.values import DOUBTS, Value
from parsers.record import Figure, Issue, Method, decimal_text
from parsers.tables.binding import alignment
from parsers.tables.binding.runs import only_cutting
from parsers.tables.binding.totals import Sums, adds_up
from parsers.tables.model import Column, Row, Slot
from parsers.tables.vocabulary import Vocabulary

_UNREAD = "a picture, a control, an equation, or signs of an unknown font"
_MISSPELT = {
    "misspelt": ("label_misspelt", "the label is misspelt; it can be only this row"),
    "cut": ("label_cut", "the label is cut; it can be only this row"),
    "placed": ("label_lost", "the row has no label; by its place it can be only this row"),
}


def alternatives_of(value: Value) -> tuple[str, ...]:
    """What a cell whose number is in doubt may mean, smallest first."""
    numbers = {decimal_text(number) for number in (value.number, *value.others)}
    return tuple(sorted(filter(None, numbers), key=Decimal))


class Figures:
    """Gathers the figures and issues of one document."""

    def __init__(self, vocabulary: Vocabulary, issues: Sequence[Issue]) -> None:
        self._words = vocabulary
        self.figures: list[Figure] = []
        self.issues: list[Issue] = list(issues)
        self.compared: set[Locator] = set()  # subtotals: no figures of a form, and looked at

    def emit(
        self,
        row: Row,
        codes: Sequence[str | None],
        columns: Sequence[Column],
        ways: alignment.Ways,
        sums: Sums | None,
    ) -> None:
        """Figures of one row. ``sums``: (columns, column of their total) for the form's identities."""
        kept, used = self._narrow(row, ways, sums)
        assumed = bool(row.header and row.header.assumed)
        odd = ways.kind in {"surplus", "missing"} or len(ways.ways) != 1
        if odd:
            told = {"surplus": "more", "missing": "fewer"}.get(ways.kind, "other")
            self.tell_count(row, told, len(codes))
        if not kept:
            self.unreadable(row, [code for code in codes if code])
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
                value = self.value(slot, unit, self._said(row, column, unit)) if slot is not None else Value("blank")
                # A blank that is printed is not the same as a cell that is lost: that may have held a number.
                status = value.status if slot is not None else "lost"
                choices.setdefault((status, decimal_text(value.number)), (slot, value))
            if len(choices) == 1:
                slot, value = next(iter(choices.values()))
                if slot is not None:
                    method: Method = "identity" if (odd and used) or assumed or odd else "label"
                    self._figure(row, code, slot, value, method, header=column.slot.text)
                continue
            alternatives = tuple(sorted({number for _, number in choices if number is not None}, key=Decimal))
            slot = next((slot for slot, _ in choices.values() if slot is not None), row.slots[0])
            self.figures.append(
                Figure(code, None, "ambiguous", slot.raw, slot.locator, unit, "label", alternatives=alternatives)
            )

    def tell_count(self, row: Row, told: str, columns: int) -> None:
        """Report more or fewer cells than columns."""
        message = f"{row.label.strip()}: {told} cells ({len(row.slots)}) than columns ({columns})"
        self.tell("cell_count", message, row)

    def tell_blank_end(self, row: Row, slots: Sequence[Slot] | None) -> None:
        """Report a row whose last cell is blank, where that may be a cell that was lost.

        Args:
            row: the row.
            slots: its cells, as `find_blank_end` gives them; None where its end says nothing.
        """
        if slots is not None:
            what = "line" if row.ragged else "row"
            message = f"{row.label.strip()}: the last cell is blank; a {what} that lost a cell looks the same"
            self.tell("blank_at_end", message, row, slots[-1])

    def _narrow(self, row: Row, ways: alignment.Ways, sums: Sums | None) -> tuple[tuple[alignment.Way, ...], bool]:
        """The ways that the row's identity confirms, when any does and it says something (not all are zero)."""
        # Where cells are missing the identity cannot decide: the lost cell may have held any number. Where the padding
        # is not clear it cannot either: all ways are equally plain, and the printed total may be wrong.
        if len(ways.ways) <= 1 or not sums or ways.kind != "surplus":
            return ways.ways, False
        numbers = [self.value(slot) for slot in row.slots]

        def number(at: int | None) -> Decimal | None:
            if at is None or numbers[at].status == "blank":
                return Decimal()
            return numbers[at].number

        kept = []
        confirmed = False
        plain = alignment.plain_ways([slot.text for slot in row.slots], ways)
        for way in ways.ways:
            values = [number(at) for at in way]
            known = [value or Decimal() for value in values]
            holds = all(value is not None for value in values) and any(known)
            holds = holds and all(adds_up(known, part, at) for part, at in sums)
            confirmed = confirmed or holds
            if holds or way in plain:
                kept.append(way)
        return (tuple(kept), True) if confirmed else (ways.ways, False)

    def cut(self, row: Row, codes: Sequence[str], holds: Callable[[Sequence[Decimal]], bool] | None) -> None:
        """A row whose digits were run together."""
        slot = row.slots[0]
        run = slot.text.strip()
        one, possible = only_cutting(run, len(codes), holds)
        if one is not None:
            how: Method = "label" if len(codes) == 1 else "identity"
            if len(codes) > 1 and set(run) != {"0"}:
                text = f"{row.label.strip()}: {run} was cut in the only way in which it adds up: as right as its total"
                self.tell("run_together", text, row)
            for code, part in zip(codes, one, strict=True):
                self.figures.append(
                    Figure(code, Decimal(part), "number", slot.raw, slot.locator, self._unit(code), how)
                )
            return
        self.tell("run_together", f"{row.label.strip()}: {run} can be cut in several ways, or in none", row)
        for index, code in enumerate(codes):
            alternatives = tuple(sorted({cut[index] for cut in possible[:8]}, key=Decimal)) if holds else ()
            self.figures.append(
                Figure(code, None, "ambiguous", slot.raw, slot.locator, self._unit(code), alternatives=alternatives)
            )

    def value(self, slot: Slot, unit: str | None = None, header: str = "") -> Value:
        """What a cell says."""
        return self._words.values.read(slot.text, unit=unit, header=header)

    def _said(self, row: Row, column: Column, unit: str | None) -> str:
        """What is said of the unit of a cell: by its label, its header, or around the table, nearest first."""
        around = row.unit if self._words.values.is_money(unit) else row.counted
        return "\n".join((self._with_unit(row.label), self._with_unit(column.slot.text), self._stated(around)))

    def _with_unit(self, text: str) -> str:
        """A label or header, and the unit that it says, as it is usually said."""
        return f"{text}{self._stated(self._words.money.of_label(text))}"

    def _stated(self, unit: str | None) -> str:
        return f"（单位：{unit}）" if unit else ""

    def _figure(self, row: Row, code: str, slot: Slot, value: Value, method: Method, *, header: str) -> None:
        plain = f"{self._with_unit(row.label)}\n{self._with_unit(header)}"
        if UNREAD in slot.text:
            self.tell("unread_content", f"{code}: something stands in the cell that is no text ({_UNREAD})", row, slot)
        elif value.status == "text":
            self.tell("text_in_cell", f"{code}: {slot.text.strip()!r} is no number", row, slot)
        if value.doubt is not None:
            self.tell(value.doubt, f"{code}: {slot.text.strip()!r} {DOUBTS[value.doubt]}", row, slot)
            self._doubt(code, slot, value)
            return
        if slot.shared and value.number:  # nothing, merged over several rows, is nothing in each of them
            self.tell("merged_cell", f"{code}: {slot.text.strip()} is merged over several rows", row, slot)
            self._doubt(code, slot, value)
            return
        if row.unit and value.number and not value.assumed and self.value(slot, self._unit(code), plain).assumed:
            self.tell("unit_around", f"{code}: {row.unit} is said around the table, and not at the cell", row, slot)
        if value.scaled:
            self.tell(
                "ten_thousands", f"{code}: {slot.raw.strip()} is a count in ten thousands, maybe rounded", row, slot
            )
        if value.assumed:
            self.tell("unit_assumed", f"{code}: no unit is printed; {value.unit} is taken from the form", row, slot)
        self.figures.append(
            Figure(code, value.number, value.status, slot.raw, slot.locator, value.unit or self._unit(code), method)
        )

    def _doubt(self, code: str, slot: Slot, value: Value) -> None:
        """A figure whose printed number may not be the cell's."""
        known = alternatives_of(value)
        unit = value.unit or self._unit(code)
        self.figures.append(Figure(code, None, "ambiguous", slot.raw, slot.locator, unit, alternatives=known))

    def _stray(self, row: Row, column: Column, kept: Sequence[alignment.Way], index: int) -> None:
        if column.subtotal:
            self._check_subtotal(row, column, kept, index)
            return
        for way in kept[:1]:
            at = way[index]
            if at is not None and self._words.values.is_number(row.slots[at].text):
                text = (
                    f"{row.label.strip()}: {row.slots[at].text.strip()} under {column.slot.text.strip() or 'no header'}"
                )
                self.tell("cell_of_no_form", f"{text} has no place in any form", row, row.slots[at])

    def _check_subtotal(self, row: Row, column: Column, kept: Sequence[alignment.Way], index: int) -> None:
        """Compare a printed subtotal with the cells that it sums up, where the row can be read in one way."""
        assert row.header is not None
        parts = [i for i, other in enumerate(row.header.columns) if other.codes and other.codes[0] in column.subtotal]
        for way in kept if len(kept) == 1 else ():
            cells = [way[i] for i in (*parts, index)]
            self.compared.update(row.slots[at].locator for at in (way[index],) if at is not None)
            read = [self.value(row.slots[at]) for at in cells if at is not None]
            if len(read) != len(cells) or any(value.status not in {"number", "blank"} for value in read):
                return
            *numbers, printed = (value.number or Decimal() for value in read)
            if sum(numbers) != printed:
                said = f"{column.slot.text.strip()} says {printed}, its columns add up to {sum(numbers)}"
                text = f"{row.label.strip()}: {said}"
                self.tell("subtotal_differs", text, row, row.slots[cells[-1] or 0])

    def unreadable(self, row: Row, codes: Sequence[str]) -> None:
        """Cells that are printed, and whose values cannot be told apart."""
        slot = next((slot for slot in row.slots if slot.text.strip()), row.slots[0])
        self.figures += [Figure(code, None, "ambiguous", slot.raw, slot.locator, self._unit(code)) for code in codes]

    def _unit(self, code: str) -> str | None:
        return self._words.units_of.get(code)

    def tell_label(self, row: Row) -> None:
        """Report a row that was taken although its label is damaged."""
        if row.quality in _MISSPELT:
            issue, message = _MISSPELT[row.quality]
            self.tell(issue, f"{row.label.strip() or row.code}: {message} ({row.code})", row)

    def tell_header(self, rows: Sequence[Row], name: str) -> None:
        """Report columns that were taken although their headers are damaged; once for a table."""
        first = next((row for row in rows if row.header and row.header.assumed), None)
        if first is not None:
            self.tell(
                "header_broken", f"{name}: the header is in pieces; the form's own order of columns is taken", first
            )
        for row in rows:
            cut = next((c for c in row.header.columns if c.quality != "exact"), None) if row.header else None
            if cut is not None and row.header and not row.header.assumed:
                text = cut.slot.text.strip() or cut.codes[0]
                self.tell("header_misspelt", f"the column header {text} is misspelt or lost", row, cut.slot)
                break

    def tell(self, code: str, message: str, row: Row, slot: Slot | None = None) -> None:
        """Report something about a row, once."""
        where = slot or next(iter(row.slots), None)
        issue = Issue(code, message, where.locator if where else None)
        if issue not in self.issues:
            self.issues.append(issue)
