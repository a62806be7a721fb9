"""The same table of two years, told apart by captions: last year's is left out, this year's is read.

Bodies print last year's table before or behind this year's for comparison. A caption is the short text right above a
table, what the document ties to it, or a first row with one cell. It decides only where the table is printed again, row
for row: this year's under a caption of its own year, or under none while last year's names the table. Everything else
(no captions, a caption that was not renewed) stays as it is, and what is printed twice is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from parsers.document import Document, Locator, Table, Text
from parsers.forms.labels import fold
from parsers.identity.titles import is_headline
from parsers.record import Issue
from parsers.tables.model import Findings, Row
from parsers.tables.vocabulary import Vocabulary

_LONGEST = 60  # characters of a caption
_ABOVE = 3  # texts above a table that may be its caption, or the unit and the section below it
_SENTENCE = re.compile(r"[。；;！!？?]")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")

_Whose = Literal["own", "other", "unsaid"]


@dataclass(frozen=True, slots=True)
class _Caption:
    """What stands above a table. ``names``: it says of which table of the form it is."""

    whose: _Whose
    text: str = ""
    names: bool = False


@dataclass(slots=True)
class _Printing:
    """Rows of one table of the form that were printed together, over one table of the document or several."""

    caption: _Caption
    rows: list[Row] = field(default_factory=list)

    @property
    def codes(self) -> set[tuple[str | None, tuple[str, ...]]]:
        """What is printed: rows of a matrix or a small table by code, of a record by their columns."""
        return {_code(row) for row in self.rows}


def leave_out_other_years(document: Document, findings: Findings, words: Vocabulary, years: Collection[str]) -> None:
    """Take the rows of tables of another year out of ``findings``, where this year's table is printed beside them.

    Args:
        document: whose tables were read.
        findings: what they hold.
        words: all forms' words.
        years: those that the document's headlines name; with several nothing is known.
    """
    if len(years) != 1:
        return
    year = next(iter(years))
    for table in dict.fromkeys(row.table for row in findings.rows):
        rows = list(findings.of(table))
        if len({row.place[0] for row in rows}) < 2:
            continue
        printings = _printings(rows, document, year, words)
        for other in _to_leave_out(printings):
            _leave_out(other, findings)


def _printings(rows: Sequence[Row], document: Document, year: str, words: Vocabulary) -> list[_Printing]:
    found: list[_Printing] = []
    last = -1
    for row in rows:
        if row.place[0] != last:
            last = row.place[0]
            caption = _caption(document, last, year, row.table, words)
            own = {_code(each) for each in rows if each.place[0] == last}
            goes_on = bool(found) and caption.whose == "unsaid" and not own & found[-1].codes
            if not goes_on:
                found.append(_Printing(caption))
        found[-1].rows.append(row)
    return found


def _to_leave_out(printings: Sequence[_Printing]) -> list[_Printing]:
    own = [each for each in printings if each.caption.whose == "own"]
    unsaid = [each for each in printings if each.caption.whose == "unsaid"]
    kept = own or unsaid
    printed = set().union(*(each.codes for each in kept))
    others = [each for each in printings if each.caption.whose == "other" and (own or each.caption.names)]
    return [each for each in others if each.codes <= printed]


def _leave_out(printing: _Printing, findings: Findings) -> None:
    places = {row.place for row in printing.rows}
    table = printing.rows[0].table
    findings.rows = [row for row in findings.rows if row.table != table or row.place not in places]
    cells = [slot.locator for row in printing.rows for slot in row.slots]
    findings.left_out.update(cells)
    where: Locator | None = cells[0] if cells else None
    message = f"a table of another year is left out, this year's stands beside it: {printing.caption.text}"
    findings.issues.append(Issue("table_left_out", message, where))


def _code(row: Row) -> tuple[str | None, tuple[str, ...]]:
    return row.code, row.header.codes if not row.code and row.header is not None else ()


def _caption(document: Document, index: int, year: str, table: str, words: Vocabulary) -> _Caption:
    """The nearest text above a table that says a year; headings and units may stand between."""
    block = document.blocks[index]
    texts = [block.caption or ""] if isinstance(block, Table) else []
    if isinstance(block, Table):
        first = [cell.text for cell in next(iter(block.rows()), ()) if cell.text.strip()]
        texts += first if len(first) == 1 else []
    for above in reversed(document.blocks[max(0, index - _ABOVE) : index]):
        if not isinstance(above, Text):
            break
        texts.append(above.text)
    for text in texts:
        line = text.strip()
        if not line or len(line) > _LONGEST or _SENTENCE.search(line) or is_headline(line):
            continue
        named = set(_YEAR.findall(line))
        last = words.caption_last_year.search(fold(line)) is not None
        if len(named) > 1 or (last and year in named):
            return _Caption("unsaid")
        if named or last:
            return _Caption("own" if year in named else "other", line, _names(fold(line), table, words))
    return _Caption("unsaid")


def _names(folded: str, table: str, words: Vocabulary) -> bool:
    """Whether a caption says that it is of a table, and of none but this one of the form."""
    named = {name for name, pattern in words.caption_tables.items() if pattern.search(folded)}
    return named == {table}
