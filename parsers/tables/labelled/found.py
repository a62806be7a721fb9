"""Rows whose figures stand behind words of their own, on their way to figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.forms.labels import fold
from parsers.record import Figure, Issue
from parsers.tables.binding.alignment import Ways
from parsers.tables.binding.figures import Figures
from parsers.tables.labelled.label_paths import NamedRow
from parsers.tables.model import Column, Header, Row, Slot
from parsers.tables.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A cell of a form, the word of its column and its value as they are printed."""

    code: str
    word: Slot
    value: Slot


@dataclass(slots=True)
class Found:
    """Gathers the figures of one document.

    Attributes:
        rows: what was read, each with its label's row and its place.
        issues: what was told on the way.
        words: words of the forms that were met.
    """

    vocabulary: Vocabulary
    rows: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    _figures: Figures | None = None

    def add(self, row: NamedRow, cells: Sequence[NamedCell], place: tuple[int, int]) -> None:
        """Take in the cells of one row."""
        columns = tuple(Column((cell.code,), cell.word) for cell in cells)
        slots = tuple(cell.value for cell in cells)
        code = row.code if row.table not in self.vocabulary.records else ""
        named = Row(row.table, code, row.label, slots, place, header=Header(columns))
        if self._figures is None:
            self._figures = Figures(self.vocabulary, ())
        self._figures.emit(
            named, [cell.code for cell in cells], columns, Ways((tuple(range(len(cells))),), "exact"), None
        )
        self.rows.append(named)
        self.words |= {fold(cell.word.text) for cell in cells} & self.vocabulary.decisive.keys()

    def tell_unread(self, label: str, line: str, where: Slot) -> None:
        """Tell a row of which not all words are known: nothing of it is read."""
        said = " ".join(line.split())
        message = f"{label.strip()}: not all words beside its figures are a form's, and they are not read: {said}"
        self.issues.append(Issue("row_in_words", message, where.locator))

    @property
    def figures(self) -> list[Figure]:
        """What was read."""
        return self._figures.figures if self._figures is not None else []

    @property
    def told(self) -> list[Issue]:
        """What was told."""
        return [*self.issues, *(self._figures.issues if self._figures is not None else [])]
