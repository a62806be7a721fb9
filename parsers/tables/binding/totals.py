"""What the columns of a row must add up to, and what that says of damaged rows.

A legible number is never doubted because of a sum; sums only tell of damage.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from parsers.forms.templates import MatrixTable, RecordTable
from parsers.tables.binding import alignment
from parsers.tables.model import Row
from parsers.tables.vocabulary import Vocabulary

# Of rows under a broken header as many must add up for each that does not.
_RIGHT_TO_WRONG = 8
# For every identity of a row: its columns, and which of them is the total.
Sums = Sequence[tuple[tuple[int, ...], int]]


def block_sums(codes: Sequence[str], table: RecordTable) -> list[tuple[tuple[int, ...], int]]:
    """The identities of a record's row: one for every block all of whose columns it has."""
    places = {code: index for index, code in enumerate(codes)}
    sums = []
    for block in table.blocks:
        own = {column.code: table.code.format(row=block.code, column=column.code) for column in table.columns}
        if all(code in places for code in own.values()):
            sums.append((tuple(places[code] for code in own.values()), places[own[table.total]]))
    return sums


def adds_up(numbers: Sequence[Decimal], part: Sequence[int], at: int) -> bool:
    """Whether the columns add up to their total."""
    return sum(numbers[i] for i in part if i != at) == numbers[at]


def could_add_up(numbers: Sequence[Decimal | None], part: Sequence[int], at: int) -> bool:
    """Whether the columns add up with some number in the place of the lost one."""
    known = sum((number for i in part if i != at and (number := numbers[i]) is not None), Decimal())
    total = numbers[at]
    if total is None:
        return True
    return total == known if all(numbers[i] is not None for i in part) else total >= known


def proven(rows: Sequence[Row], vocabulary: Vocabulary, table: MatrixTable) -> bool:
    """Whether the printed numbers themselves show that the assumed columns are the form's: the rows add up.

    Rows of one number and its total prove little, so some must have more; a wrong total among many rows disproves
    nothing.
    """
    columns = len(table.columns)
    total = [column.code for column in table.columns].index(table.total)
    right = wrong = telling = 0
    for row in rows:
        found = alignment.ways([bool(slot.text.strip()) for slot in row.slots], columns)
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


def has_lost_one(numbers: Sequence[Decimal], sums: Sums) -> bool:
    """Whether a row whose last cell looks blank has lost one: as it is it does not add up, with a cell more it does."""
    failed = [(part, at) for part, at in sums if not adds_up(numbers, part, at)]
    last = len(numbers) - 1
    for gap in range(last if failed else 0):
        shifted = [*numbers[:gap], None, *numbers[gap:last]]
        filled = [number or Decimal() for number in shifted]
        # Zeros add up anyhow: one identity at least must say something, and say what it did not say before.
        telling = any(adds_up(filled, part, at) and filled[at] > 0 for part, at in failed)
        if telling and all(could_add_up(shifted, part, at) for part, at in sums):
            return True
    return False
