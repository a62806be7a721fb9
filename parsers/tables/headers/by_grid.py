"""Headers of a matrix that has other columns than the form's: read by where each word stands in the grid.

Bodies leave out applicants from whom nobody asked (自然人 | 商业企业 | 总计), put kinds of their own in the place of
the form's (营利组织 | 非营利组织), or print one number a row (数量（件）). Every column is what the lowest word over it
says; what no form has is a column without a code, and its cells are told. Such a header says nothing of lines that are
not set below it: the binder takes only rows whose cells stand under its words.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from parsers.forms.labels import Quality, fold, is_words
from parsers.forms.templates import MatrixTable, RecordTable
from parsers.tables.model import Column, Header, Slot
from parsers.tables.vocabulary import Vocabulary

_LEAST = 2  # columns of the form that such a header names at least


def read_matrix_by_grid(
    name: str, table: MatrixTable, lines: Sequence[Sequence[Slot]], vocabulary: Vocabulary, *, ragged: bool
) -> Header | None:
    """The columns of a matrix by the grid; None where they cannot be told.

    Args:
        name: of the table in the forms.
        table: the form's own.
        lines: the header's, from above.
        vocabulary: all forms' words.
        ragged: the table is set as text: only a header in one line says where its columns are.
    """
    if ragged and len(lines) != 1:
        return None
    known: dict[str, tuple[Slot, Quality]] = {}
    first = None
    for line in lines:
        for slot in line:
            here = [match for match in vocabulary.columns.find(slot.text) if match.key[0] == name]
            double = known.get(here[0].key[1]) if here else None
            if double is not None and double[0].column != slot.column:
                return None  # the same column twice: of what else they are is not said
            if here:
                known[here[0].key[1]] = (slot, here[0].quality)
            if here or any(match.key[0] == name for match in vocabulary.parents.find(slot.text)):
                first = slot.column if first is None else min(first, slot.column)
    if first is None or len(known) < _LEAST:
        return None
    codes = {slot: (code, quality) for code, (slot, quality) in known.items()}
    columns: list[Column] = []
    leaves = _leaves(lines, first)
    if leaves is None:
        return None
    for slot in leaves:
        code, quality = codes.pop(slot, ("", "exact"))
        if not code and not is_words(slot.text):
            return None  # a header that is lost
        columns.append(Column((code,) if code else (), slot, quality))
    lost = [column for column in table.columns if column.code not in known]
    unknown = [column.slot for column in columns if not column.codes]
    if codes or any(_is_like(slot.text, column.wordings) for slot in unknown for column in lost):
        return None
    return Header(tuple(columns), by_grid=True)


def fill_blank_heads(
    name: str, table: MatrixTable, lines: Sequence[Sequence[Slot]], vocabulary: Vocabulary
) -> Header | None:
    """The form's own columns where a grid has as many, most have their words in the form's places, and others none.

    The blank heads are taken for those of the form that stand there; numbers under them count only where rows add up.

    Args:
        name: of the table in the forms.
        table: the form's own.
        lines: the header's, from above.
        vocabulary: all forms' words.
    """
    lowest: dict[int, Slot] = {column: slot for line in lines for slot in line for column in slot.columns}
    named = {slot: [m for m in vocabulary.columns.find(slot.text) if m.key[0] == name] for slot in lowest.values()}
    first = min((column for column, slot in lowest.items() if named[slot]), default=None)
    if first is None:
        return None
    leaves = [lowest[column] for column in sorted(lowest) if column >= first]
    if len(leaves) != len(table.columns) or len(set(leaves)) != len(leaves):
        return None
    columns: list[Column] = []
    for leaf, own in zip(leaves, table.columns, strict=True):
        if not leaf.text.strip():
            columns.append(Column((own.code,), leaf, "cut"))
        elif [match.key[1] for match in named[leaf]] == [own.code]:
            columns.append(Column((own.code,), leaf, named[leaf][0].quality))
        else:
            return None
    legible = [column.codes[0] for column in columns if column.slot.text.strip()]
    if 2 * len(legible) <= len(columns) or table.total not in legible:
        return None
    return Header(tuple(columns), assumed=True)


def read_record_by_grid(
    name: str, table: RecordTable, lines: Sequence[Sequence[Slot]], vocabulary: Vocabulary
) -> Header | None:
    """The columns of a record by the grid: the outcome is the lowest word over each, the block the word above it.

    Outcomes that are left out in a block (总计) are no columns; those of a block that no form has (行政诉讼, not parted
    by how suits began) are columns without a code. None where a word over any column is not known.
    """
    outcomes = {
        slot: match.key[1]
        for line in lines
        for slot in line
        for match in vocabulary.columns.find(slot.text)
        if match.key[0] == name and match.quality == "exact"
    }
    first = min((slot.column for slot in outcomes), default=None)
    leaves = _leaves(lines, first) if first is not None else None
    if leaves is None or len(leaves) < _LEAST or any(slot not in outcomes for slot in leaves):
        return None
    columns: list[Column] = []
    for leaf in leaves:
        above = [slot for line in lines for slot in line if leaf.column in slot.columns]
        over = [slot for slot in above if slot is not leaf and is_words(slot.text)]
        blocks = [key[1] for slot in over for key in vocabulary.record_blocks.exact(slot.text) if key[0] == name]
        parents = any(key[0] == name for slot in over for key in vocabulary.parents.exact(slot.text))
        if not blocks and not parents:
            return None
        code = table.code.format(row=blocks[-1], column=outcomes[leaf]) if blocks else None
        said = dataclasses.replace(leaf, text=f"{over[-1].text.strip()} {leaf.text.strip()}")
        columns.append(Column((code,), leaf) if code else Column((), said))
    codes = [column.codes for column in columns if column.codes]
    return Header(tuple(columns), by_grid=True) if codes and len(set(codes)) == len(codes) else None


def read_quantity_header(table: MatrixTable, line: Sequence[Slot], vocabulary: Vocabulary) -> Header | None:
    """The only column of a matrix with one number a row (办理情况 | 数量（件）), which is the total; else None."""
    said = [slot for slot in line if slot.text.strip()]
    words = vocabulary.quantities | {fold(word) for c in table.columns if c.code == table.total for word in c.wordings}
    named = [slot for slot in said if fold(vocabulary.uncounted(slot.text)) in words]
    if len(said) < _LEAST or named != said[-1:] or not all(is_words(slot.text) for slot in said):
        return None
    return Header((Column((table.total,), named[0]),), by_grid=True)


def stands_below(slots: Sequence[Slot], header: Header) -> bool:
    """Whether the cells behind a label stand one by one under the columns of a header; others are blank."""
    heads = [column.slot.column for column in header.columns]
    filled = {slot.column for slot in slots if slot.text.strip()}
    return filled <= set(heads) <= {slot.column for slot in slots}


def _leaves(lines: Sequence[Sequence[Slot]], first: int) -> list[Slot] | None:
    """The lowest header over each column from ``first`` on, left to right; empty ones behind the last are padding.

    None where a header stands partly over others: the line below lost a cell, and those behind it stand too far left.
    """
    found: dict[int, Slot] = {}
    for line in lines:
        for slot in line:
            if slot.column >= first:
                for column in slot.columns:
                    if slot.text.strip() or column not in found:
                        found[column] = slot
    leaves = list(dict.fromkeys(found[column] for column in sorted(found)))
    if any(sum(other is slot for other in found.values()) < slot.span for slot in leaves):
        return None
    while leaves and not leaves[-1].text.strip():
        leaves.pop()
    return leaves


def _is_like(text: str, wordings: Sequence[str]) -> bool:
    """Whether a word may be what is left of a lost column: most of its letters are that column's."""
    folded = fold(text)
    return any(
        2 * sum(letter in fold(word) for letter in folded) > len(folded) and len(folded) <= len(fold(word)) + 1
        for word in wordings
    )
