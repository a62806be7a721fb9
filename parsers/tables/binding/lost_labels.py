"""Rows whose label is lost: read by their place among labelled rows, when only one reading fits.

Between two labelled rows stand as many rows without a label as the form has rows there that are nowhere else in the
document: then each of them can be only one. Any other number, and none of them is read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from parsers.forms.labels import fold, is_rest_of, ordinal
from parsers.record import Issue
from parsers.tables.binding.alignment import ways
from parsers.tables.model import Findings, Row
from parsers.tables.vocabulary import Vocabulary

_TELLING = 4  # letters left of a label that say whose they are
_SHORT = 2  # letters of a label that other labels begin with too


def place_rows(findings: Findings, vocabulary: Vocabulary, template: str | None) -> None:
    """Give rows without a label their code where it is certain; report the others. Changes ``findings``."""
    for name in vocabulary.matrices:
        rows = _headed(name, list(findings.of(name)), vocabulary)
        rows = _by_ordinal(name, _of_own_form(name, rows, vocabulary, template), vocabulary)
        findings.rows = [row for row in findings.rows if row.table != name] + rows
        if not any(row.code is None for row in rows):
            continue
        official = _official(name, rows, vocabulary, template)
        rows = _by_letters(name, rows, official, vocabulary)
        placed = _place(name, rows, official, vocabulary, findings)
        findings.rows = [row for row in findings.rows if row.table != name] + placed


def _headed(name: str, rows: list[Row], vocabulary: Vocabulary) -> list[Row]:
    """Take back rows that are named by the heading over the rows below them: their own label is lost.

    ``其他处理`` is a row of one form and a heading of another; before rows that stand under it, it is the heading.
    """
    groups = {row.code: row.group for table in vocabulary.matrices[name] for row in table.rows if row.group}
    bound = {row.code for row in rows}
    result = []
    for number, row in enumerate(rows):
        following = rows[number + 1] if number + 1 < len(rows) else None
        below = [code for code, group in groups.items() if group == row.code]
        if following is not None and following.code in below and below[0] not in bound:
            result.append(dataclasses.replace(row, code=None))
        else:
            result.append(row)
    return result


def _of_own_form(name: str, rows: list[Row], vocabulary: Vocabulary, template: str | None) -> list[Row]:
    """Take a shortened label for the row of the document's own form, where another form has a row of these words.

    ``（六）其他`` is ``其他处理`` of the older form and not the last of three rows of the newer, when neither of the
    other two is there.
    """
    known = {row.code: row for table in vocabulary.matrices[name] for row in table.rows}
    official = [
        row.code
        for table_name, form, table in vocabulary.templates.tables("matrix")
        if (table_name, form.template) == (name, template)
        for row in table.rows
    ]
    bound = {row.code for row in rows}
    result: list[Row] = []
    for row in rows:
        foreign = known.get(row.code or "")
        if foreign is None or foreign.code in official:
            result.append(row)
            continue
        beside = {code for code, other in known.items() if foreign.group and other.group == foreign.group}
        label = fold(row.label)
        above = [official.index(other.code) for other in result if other.code in official]
        free = [
            code
            for code in official[above[-1] + 1 if above else 0 :]
            if code not in bound and any(fold(word).startswith(label) for word in known[code].wordings)
        ]
        alone = len(bound & beside) == 1 and len(free) == 1 and label
        result.append(dataclasses.replace(row, code=free[0], quality="cut") if alone else row)
    return result


def _by_ordinal(name: str, rows: list[Row], vocabulary: Vocabulary) -> list[Row]:
    """Take back short labels with the ordinal of another row: they are what is left of a longer one.

    ``2.其他`` is not the row ``3.其他``, unless it stands among the rows of that row's heading.
    """
    known = {row.code: row for table in vocabulary.matrices[name] for row in table.rows}
    result: list[Row] = []
    for row in rows:
        own = known.get(row.code or "")
        printed = ordinal(row.label)
        above = known.get(result[-1].code or "") if result else None
        among = own is not None and above is not None and above.group == own.group
        foreign = own is not None and len(fold(row.label)) <= _SHORT and printed not in {"", ordinal(own.zh)}
        result.append(dataclasses.replace(row, code=None) if foreign and not among else row)
    return result


def _by_letters(name: str, rows: list[Row], official: list[str], vocabulary: Vocabulary) -> list[Row]:
    """Name rows whose label lost letters: the rest is of one row alone that is lacking between its neighbours.

    Its ordinal must be that row's: without one, letters alone do not say enough.
    """
    known = {line.code: line for table in vocabulary.matrices[name] for line in table.rows}
    index = {code: number for number, code in enumerate(official)}
    bound = {row.code for row in rows}
    result = list(rows)
    for number, row in enumerate(rows):
        rest, printed = fold(row.label), ordinal(row.label)
        if row.code is not None or len(rest) < _TELLING or not printed:
            continue
        above = [index[other.code] for other in rows[:number] if other.code in index]
        below = [index[other.code] for other in rows[number + 1 :] if other.code in index]
        gap = official[above[-1] + 1 if above else 0 : below[0] if below else len(official)]
        free = [known[code] for code in gap if code not in bound]
        fits = [
            line.code
            for line in free
            if ordinal(line.zh) == printed and any(is_rest_of(rest, fold(word)) for word in line.wordings)
        ]
        if len(fits) == 1:
            result[number] = dataclasses.replace(row, code=fits[0], quality="cut")
            bound.add(fits[0])
    return result


def _official(name: str, rows: Sequence[Row], vocabulary: Vocabulary, template: str | None) -> list[str]:
    """The form's rows in printed order: of the form most of whose own rows are here, else of the document's form."""
    seen = {row.code for row in rows}
    forms = [
        (form.template, [row.code for row in table.rows])
        for table_name, form, table in vocabulary.templates.tables("matrix")
        if table_name == name
    ]

    def fit(entry: tuple[str, list[str]]) -> tuple[int, bool]:
        return (-len(seen - {None} - set(entry[1])), entry[0] == template)

    return max(forms, key=fit)[1]


def _place(name: str, rows: list[Row], official: list[str], vocabulary: Vocabulary, findings: Findings) -> list[Row]:
    index = {code: number for number, code in enumerate(official)}
    bound = {row.code for row in rows if row.code is not None}
    columns = vocabulary.width(name)
    result: list[Row] = []
    run: list[Row] = []
    previous = -1
    for row in [*rows, None]:
        if row is not None and row.code is None:
            if (full := _full(row, columns)) is not None:
                run.append(full)
            elif any(vocabulary.values.is_number(slot.text) for slot in row.slots):
                findings.issues.append(_unplaced(row))
            continue
        following = len(official) if row is None else index.get(row.code or "", -1)
        if run:
            gap = [code for code in official[previous + 1 : max(following, previous + 1)] if code not in bound]
            fits = all(_may_be(name, lost, code, vocabulary) for lost, code in zip(run, gap, strict=False))
            if following >= 0 and len(gap) == len(run) and previous >= 0 and fits:
                for lost, code in zip(run, gap, strict=True):
                    result.append(dataclasses.replace(lost, code=code, quality="placed"))
                    bound.add(code)
            else:
                findings.issues += [_unplaced(lost) for lost in run]
            run = []
        if row is not None:
            result.append(row)
            previous = index.get(row.code or "", previous)
    return result


def _may_be(name: str, row: Row, code: str, vocabulary: Vocabulary) -> bool:
    """Whether what is left of a row's label is a part of the label of ``code``, and no other row's ordinal."""
    piece, printed = fold(row.label), ordinal(row.label)
    lines = [line for table in vocabulary.matrices[name] for line in table.rows if line.code == code]
    if printed and all(ordinal(line.zh) != printed for line in lines):
        return False
    return not piece or any(piece in fold(w) or is_rest_of(piece, fold(w)) for line in lines for w in line.wordings)


def _full(row: Row, columns: int) -> Row | None:
    """The row without the empty cells of its label and its padding; None when its values cannot be told from them."""
    if len(row.slots) > columns and row.slots[0].text.strip():
        return None  # where the label should be stands something: it may be what is left of one
    found = ways([bool(slot.text.strip()) for slot in row.slots], columns)
    if found.kind not in {"exact", "padded"} or len(found.ways) != 1:
        return None
    return dataclasses.replace(row, slots=tuple(row.slots[at] for at in found.ways[0] if at is not None))


def _unplaced(row: Row) -> Issue:
    raw = " | ".join(
        text for text in (row.label.strip(), *(slot.text.strip() for slot in row.slots)) if text or row.slots
    )
    return Issue("row_without_label", f"values without a label that could be only one row: {raw}", row.slots[0].locator)
