"""A record in running text that is not laid out as the form has it: blocks in parts, or blocks or outcomes as rows.

The labels come one after the other, and behind some of them stand values. Which layout it is shows only at the end: a
page number between two headers looks like a value too. So lines are gathered, and taken when they make a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.forms.labels import fold
from parsers.forms.templates import RecordTable
from parsers.tables.grid.record_layouts import RecordWords
from parsers.tables.headers.records import read_record_header
from parsers.tables.model import Header, Slot
from parsers.tables.vocabulary import Vocabulary

_FEWEST = 3  # outcomes of a block that must have a value (of several blocks: on average)


@dataclass(frozen=True, slots=True)
class Line:
    """Values behind a label: which cells they are of, and the number of the label in the stream."""

    number: int
    header: Header
    kind: str  # outcome | block | part
    values: int


class Segment:
    """The labels of one record from its first header to its last values."""

    def __init__(self, name: str, table: RecordTable, vocabulary: Vocabulary) -> None:
        self._name = name
        self._table = table
        self._vocabulary = vocabulary
        self._words = RecordWords(name, table, vocabulary)
        self._blocks: list[list[Slot]] = []
        self._outcomes: list[Slot] = []
        self._fresh: set[str] = set()
        self._run: list[tuple[str, Slot]] = []  # labels since the last values
        self._last = ""
        self._lines: list[Line] = []
        self._passed: list[str] = []  # outcomes since the last block
        self._lost = False  # rows of another block, whose label was not read, have begun

    def take(self, kind: str, slot: Slot, number: int, values: int, *, headed: bool = False) -> None:
        """The next label.

        Args:
            kind: block | parent | column, as the stream has it.
            slot: the label.
            number: its number in the stream.
            values: how many numbers stand behind it.
            headed: right before it stand words that no label of the record has.
        """
        self._follow(kind, slot, headed=headed)
        self._run.append((kind, slot))
        if values:
            self._line(kind, slot, number, values)
            self._fresh.clear()
            self._run = []
            return
        side = "outcomes" if kind == "column" else "blocks"
        if side not in self._fresh:
            self._fresh.add(side)
            if side == "outcomes":
                self._outcomes = []
            else:
                self._blocks = []
        if kind == "block" and self._is_known(slot):
            self._blocks = []  # it was a heading over the table that named it before
        if side == "outcomes":
            self._outcomes.append(slot)
        elif not self._blocks or self._last != kind:
            self._blocks.append([slot])
        else:
            self._blocks[-1].append(slot)
        self._last = kind

    def _follow(self, kind: str, slot: Slot, *, headed: bool) -> None:
        """Notice where the rows of one block go on as another's: under unknown words, or from the first outcome on."""
        if kind != "column":
            self._passed, self._lost = [], False
            return
        outcome = fold(slot.text)
        again = outcome in self._passed and self._passed[-1] != outcome
        single = sum(map(len, self._blocks)) == 1
        self._lost = self._lost or (single and bool(self._passed) and (again or headed))
        self._passed.append(outcome)

    def _is_known(self, slot: Slot) -> bool:
        block = self._words.only_block([slot])
        return any(self._words.only_block([other]) == block for line in self._blocks for other in line)

    def _pairs(self) -> Header | None:
        """The header whose every column names block and outcome, when the last labels are such a one."""
        pairs: list[list[Slot]] = []
        rest = [(kind, slot) for kind, slot in self._run if kind != "parent"]
        while len(rest) > 1 and (rest[-2][0], rest[-1][0]) == ("block", "column"):
            pairs.insert(0, [rest[-2][1], rest[-1][1]])
            rest = rest[:-2]
        found = [self._words.labelled((), pair, None) for pair in pairs]
        columns = [column for each in found if each is not None for column in each.header.columns]
        distinct = len({column.codes for column in columns}) == len(pairs)
        return Header(tuple(columns), lead=0) if len(pairs) > 1 and distinct else None

    def _line(self, kind: str, slot: Slot, number: int, values: int) -> None:
        outcomes = [*self._outcomes, slot] if kind == "column" and "outcomes" in self._fresh else []
        if len(outcomes) == len(self._table.columns):
            whole = read_record_header(
                self._name, self._table, [*self._blocks, outcomes], self._vocabulary, whole=False
            )
            if whole is not None:
                self._lines.append(Line(number, whole, "part", values))
            return
        if (paired := self._pairs()) is not None:
            self._lines.append(Line(number, paired, "part", values))
            return
        above: Sequence[Sequence[Slot]] = self._blocks if kind == "column" else [self._outcomes]
        labelled = self._words.labelled(above, [slot], None)
        if labelled is not None and not (self._lost and kind == "column"):
            self._lines.append(Line(number, labelled.header, "outcome" if kind == "column" else "block", values))

    def whole(self, *, official: bool) -> list[Line]:
        """The lines, when they make a table.

        Args:
            official: the labels could be the form's own header as well.
        """
        found = {kind: [line for line in self._lines if line.kind == kind] for kind in ("outcome", "block", "part")}
        for kind, lines in found.items():
            cells = {code for line in lines for code in line.header.codes}
            blocks = [
                {self._table.code.format(row=block.code, column=column.code) for column in self._table.columns} & cells
                for block in self._table.blocks
            ]
            named = [block for block in blocks if block]
            if kind == "outcome" and named and len(cells) >= _FEWEST * len(named):
                return lines
            if kind == "block" and len(named) > 1:
                return lines
            if kind == "part" and len(named) > official and all(line.values >= _FEWEST for line in lines):
                return lines
        return []
