"""Printed headers to columns.

A header says its columns by words, over one to three lines; their order is taken from the lines, so exchanged columns
are read as they stand. One lost word is filled in when it can be only one; a header of which only pieces are left is
accepted as the form's own when every letter of it is there, and then numbers count only where arithmetic proves them.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from parsers.characters import strip_blanks
from parsers.forms.labels import Match, Quality, fold, is_words
from parsers.forms.templates import Label, MatrixTable, RecordTable
from parsers.tables.model import Column, Header, Slot
from parsers.tables.vocabulary import Vocabulary

Lines = Sequence[Sequence[Slot]]
_SHORTEST_BEGUN = 2
_LUMP = "lump"  # no column of a form has this code
_SHORTEST_LEGIBLE = 3  # letters; shorter words (其他, 总计) are parts of others


def blocks_header(slots: Sequence[Slot], vocabulary: Vocabulary, *, ragged: bool) -> Header | None:
    """The header row of a small table (``信息内容 | 本年制发件数 | ...``); None when the line is none."""
    marker = next((i for i, slot in enumerate(slots) if fold(slot.text) in vocabulary.markers), None)
    columns: list[Column] = []
    first = None
    for index, slot in enumerate(slots):
        if marker is not None and index <= marker:
            continue
        matches = _block_columns(slot.text, vocabulary) if is_words(slot.text) else ()
        codes = tuple(match.key for match in matches)
        quality: Quality = matches[0].quality if matches else "exact"
        if not codes:
            codes, quality = vocabulary.cut_columns.exact(slot.text), "cut"
        if first is None and (codes or vocabulary.block_columns.opposes(slot.text)):
            first = index
        if codes or first is not None or marker is not None:
            columns.append(Column(codes, slot, quality))
    # Empty cells at the end of a line of text are padding; in a grid they are headers that were lost.
    pad = 0
    while ragged and columns and not columns[-1].codes and not columns[-1].slot.text.strip():
        columns.pop()
        pad += 1
    # A header whose words are all of other columns ends the reign of the one above it.
    other = marker is not None or any(vocabulary.block_columns.opposes(slot.text) for slot in slots)
    if not any(column.codes for column in columns) and not (other and any(is_words(c.slot.text) for c in columns)):
        return None
    return Header(tuple(columns), lead=0, pad=pad)


def _block_columns(text: str, vocabulary: Vocabulary) -> tuple[Match[str], ...]:
    """The columns that a header can be, whatever unit stands behind its words."""
    matches = vocabulary.block_columns.find(text)
    if matches and matches[0].quality == "exact":
        return matches
    bare = vocabulary.uncounted(vocabulary.money.without(text))
    return tuple(Match(key, "exact") for key in vocabulary.block_columns.exact(bare)) or matches


def matrix_header(name: str, table: MatrixTable, lines: Lines, vocabulary: Vocabulary) -> Header | None:
    """The columns of a matrix from its header lines; None when they cannot be told."""
    children = _children(table.columns)
    found: dict[str, tuple[Slot, Quality]] = {}
    before: list[tuple[str, str]] = []
    kept = [unrepeated(line, ()) for line in lines]
    named = {m.key[1] for line in kept for s in line for m in vocabulary.columns.find(s.text) if m.key[0] == name}
    sums = _subtotals(kept, table, children, vocabulary)
    for slot, (code, parts) in sums.items():
        found[code] = (slot, "exact")
        children = {parent: (*codes, code) if codes == parts else codes for parent, codes in children.items()}
    unnamed = [column.code for column in table.columns if column.code not in named]
    lump = _lump(kept, unnamed, children, name, vocabulary)
    whole = set(unnamed) <= set(lump[1] if lump is not None else ())
    strays = _strays(kept, name, sums, children, vocabulary)
    if not whole and any(_says_none_of(slot, table.columns, named) for slot in strays):
        # One column is another than the form's, and one of the form's is lacking: which of them is where is not said.
        return None
    strays = strays if whole else {}
    for slot, (code, parts) in strays.items():
        found[code] = (slot, "exact")
        children = {parent: (*codes, code) if codes == parts else codes for parent, codes in children.items()}
    for line in kept:
        tokens: list[tuple[str, ...]] = []
        for slot in line:
            if slot in sums or slot in strays:
                tokens.append(((sums.get(slot) or strays[slot])[0],))
                continue
            matches = [match for match in vocabulary.columns.find(slot.text) if match.key[0] == name]
            for match in matches or _begun(slot, [c for c in table.columns if c.code not in named], name):
                found.setdefault(match.key[1], (slot, match.quality))
                tokens.append((match.key[1],))
            tokens += [
                children[parent.key[1]] for parent in vocabulary.parents.find(slot.text) if parent.key[0] == name
            ]
        for left, right in itertools.pairwise(tokens):
            before += [(a, b) for a in left for b in right if a != b]
    wanted = [column.code for column in table.columns]
    missing = [code for code in wanted if code not in found]
    for code, parts in sums.values():
        wanted.insert(wanted.index(parts[-1]) + 1, code)
    if lump is not None:
        slot, parts = lump
        wanted[wanted.index(parts[0]) : wanted.index(parts[-1]) + 1] = [_LUMP]
        missing = [code for code in missing if code not in parts]
        before = [(_LUMP if a in parts else a, _LUMP if b in parts else b) for a, b in before]
        found[_LUMP] = (slot, "exact")
    for code, _ in strays.values():
        beside = [a for a, b in before if b == code and a in wanted]
        wanted.insert(max(map(wanted.index, beside), default=len(wanted) - 1) + 1, code)
    order = in_order(wanted, before)
    if order is None or len(missing) > 1 or (missing and order != wanted):
        return None
    first = next((slot for line in lines for slot in line), None)
    if first is None:
        return None
    parts_of = dict(sums.values())
    known = {column.code for column in table.columns}
    columns = [
        Column((code,), *found.get(code, (first, "cut")), inferred=code not in found)
        if code in known
        else Column((), found[code][0], subtotal=parts_of.get(code, ()), lump=code == _LUMP)
        for code in order
    ]
    return Header(tuple(columns))


def _lump(
    lines: Lines, missing: Sequence[str], children: dict[str, tuple[str, ...]], name: str, vocabulary: Vocabulary
) -> tuple[Slot, tuple[str, ...]] | None:
    """The one column that stands for all columns under a parent, none of which is printed; and these columns."""
    over = [
        (slot, children[match.key[1]])
        for line in lines
        for slot in line
        for match in vocabulary.parents.find(slot.text)
        if match.key[0] == name
    ]
    return over[0] if len(over) == 1 and set(over[0][1]) <= set(missing) else None


def _says_none_of(slot: Slot, columns: Sequence[Label], named: AbstractSet[str]) -> bool:
    """Whether a header has no letter of any of the columns that no other header names."""
    lost = {letter for c in columns if c.code not in named for word in c.wordings for letter in strip_blanks(word)}
    return not lost & set(strip_blanks(slot.text))


def _strays(
    lines: Lines,
    name: str,
    sums: Mapping[Slot, object],
    children: Mapping[str, tuple[str, ...]],
    vocabulary: Vocabulary,
) -> dict[Slot, tuple[str, tuple[str, ...]]]:
    """Headers of columns that no form has (上年, beside columns that all are there).

    A made-up code for each, and the columns of the parent under which it stands (none: under no parent).
    """
    found: dict[Slot, tuple[str, tuple[str, ...]]] = {}
    for line in lines:
        known = [[m.key[1] for m in vocabulary.columns.find(slot.text) if m.key[0] == name] for slot in line]
        over = [any(m.key[0] == name for m in vocabulary.parents.find(slot.text)) for slot in line]
        first = next((at for at, slot in enumerate(line) if known[at] or over[at] or slot in sums), len(line))
        codes = {code for column in known for code in column}
        parts = next((parts for parts in children.values() if codes and codes <= set(parts)), ())
        for at, slot in enumerate(line[first:], first):
            if not known[at] and not over[at] and slot not in sums and is_words(slot.text):
                found[slot] = (f"stray {len(found)}", parts)
    return found


def _subtotals(
    lines: Lines, table: MatrixTable, children: dict[str, tuple[str, ...]], vocabulary: Vocabulary
) -> dict[Slot, tuple[str, tuple[str, ...]]]:
    """Headers of columns that sum up those under one parent: a made-up code for each, and what it sums up.

    小计 among the columns of a parent; so is a word for the total there, where another one stands for the total itself.
    """
    sums = vocabulary.subtotals
    totals = [slot for line in lines for slot in line if fold(slot.text) in sums]
    found: dict[Slot, tuple[str, tuple[str, ...]]] = {}
    for line, parts in itertools.product(lines, children.values()):
        codes = {match.key[1] for slot in line for match in vocabulary.columns.find(slot.text)}
        if len(codes.intersection(parts)) < 2:
            continue
        for slot in line:
            word = fold(slot.text)
            # The total's own word may be written out in every line that it covers; another word for it is another sum.
            other = word in sums and any(fold(total.text) != word for total in totals if total is not slot)
            last = slot is totals[-1] if totals else True
            if word == sums[0] or (other and not (last and table.columns[0].code in codes)):
                found.setdefault(slot, (f"subtotal {len(found)}", parts))
    return found if len(found) <= 1 else {}


def total_first(name: str, table: MatrixTable, lines: Lines, vocabulary: Vocabulary) -> bool:
    """Whether a header prints the total, alone in its line, before all other columns."""
    named = [
        [m.key[1] for slot in line for m in vocabulary.columns.find(slot.text) if m.key[0] == name] for line in lines
    ]
    return next((line for line in named if line), []) == [table.total]


def record_header(
    name: str, table: RecordTable, lines: Lines, vocabulary: Vocabulary, *, whole: bool = True
) -> Header | None:
    """The columns of a record: blocks in printed order, each with its own order of columns.

    Where the record was set in parts (``whole`` false) only the blocks that are named need be there.
    """
    children = _children(table.blocks)
    wanted = [column.code for column in table.columns]
    waiting: list[str] = []
    orders: dict[str, list[Column]] = {}
    before: list[tuple[str, str]] = []
    for line in lines:
        tokens: list[tuple[str, ...]] = []
        columns: list[Column | None] = []
        new: list[str] = []
        for slot in line:
            block = next((m for m in vocabulary.record_blocks.find(slot.text) if m.key[0] == name), None)
            parent = next((m for m in vocabulary.parents.find(slot.text) if m.key[0] == name), None)
            column = next((m for m in vocabulary.columns.find(slot.text) if m.key[0] == name), None)
            if block:
                if block.key[1] not in (*waiting, *new, *orders):  # a heading names them too
                    new.append(block.key[1])
                tokens.append((block.key[1],))
            elif parent:
                tokens.append(children[parent.key[1]])
            elif column:
                columns.append(Column((column.key[1],), slot, column.quality))
            elif is_words(slot.text):
                columns.append(None)
        for left, right in itertools.pairwise(tokens):
            before += [(a, b) for a in left for b in right]
        # A line may hold the columns of a block named above it and, beside them, the names of the next blocks.
        if len(columns) % len(wanted) or len(columns) // len(wanted) > len([*waiting, *new]):
            return None
        waiting += new if not columns else []
        for start in range(0, len(columns), len(wanted)):
            group = _completed(columns[start : start + len(wanted)], wanted)
            if group is None or not (waiting or new):
                return None
            orders[waiting.pop(0) if waiting else new.pop(0)] = group
        waiting += new if columns else []
    blocks = in_order([block.code for block in table.blocks], before)
    if blocks is None or not orders or waiting or (whole and any(block not in orders for block in blocks)):
        return None
    blocks = [block for block in blocks if block in orders]
    lead = next((i for i, slot in enumerate(lines[0]) if is_words(slot.text)), 0)
    return Header(
        tuple(
            Column((table.code.format(row=block, column=column.codes[0]),), column.slot, column.quality)
            for block in blocks
            for column in orders[block]
        ),
        lead=lead,
        pad=next((i for i, slot in enumerate(reversed(lines[0])) if is_words(slot.text)), 0),
    )


def unrepeated(slots: Sequence[Slot], above: Sequence[Slot]) -> list[Slot]:
    """A header line without what a converter repeated in it: a merged cell's text in every cell that it covered.

    A neighbour to the right with the same text is the same cell, and so is the one below, where the line has others.
    """
    # Two lines of as many words: every merged cell was written out. Lines that are honest have different numbers.
    written_out = sum(is_words(slot.text) for slot in slots) == sum(is_words(slot.text) for slot in above)
    over = {slot.column: fold(slot.text) for slot in above} if written_out else {}
    new = [slot for slot in slots if not slot.text.strip() or over.get(slot.column) != fold(slot.text)]
    if not any(slot.text.strip() for slot in new):
        new = list(slots)
    kept: list[Slot] = []
    for slot in new:
        last = kept[-1] if kept else None
        beside = last is not None and last.end == slot.column
        if last is not None and beside and slot.text.strip() and fold(last.text) == fold(slot.text):
            kept[-1] = Slot(last.text, last.locator, last.column, last.span + slot.span)
        else:
            kept.append(slot)
    return kept


def assumed_header(codes: Sequence[str], words: Sequence[Label], text: str, slot: Slot) -> Header | None:
    """The form's own columns where ``text`` (the broken header) holds every letter of their words; else None."""
    have = Counter(strip_blanks(text))
    need = Counter(strip_blanks("".join(label.zh for label in words)))
    lacking = sum((need - have).values())
    if lacking > sum(need.values()) // 10 or is_rearranged(words, text):
        return None
    return Header(tuple(Column((code,), slot, "cut") for code in codes), assumed=True)


def is_rearranged(words: Sequence[Label], text: str) -> bool:
    """Whether what is legible of a broken header stands in another order than the form's, within any of its lines.

    In a record's ``words`` the columns come once for every block, and their order alone is looked at: a line may print
    it several times.
    """
    count = Counter(words)
    columns = [label for label in count if count[label] == max(count.values())]
    order = {
        strip_blanks(wording): at
        for at, label in enumerate(columns)
        for wording in label.wordings
        if len(strip_blanks(wording)) >= _SHORTEST_LEGIBLE
    }
    legible = re.compile("|".join(map(re.escape, sorted(order, key=len, reverse=True))) or r"(?!)")
    for line in text.split("\n"):
        found = [order[match.group()] for match in legible.finditer(strip_blanks(line))]
        passed = 0
        for before, at in itertools.pairwise([-1, *found]):
            # Back at the first after several others: the columns of the next block.
            if at < before and (at != min(found) or passed == 1):
                return True
            passed = 1 if at < before else passed + (at != before)
    return False


def begins_columns(name: str, table: MatrixTable, line: Sequence[Slot], vocabulary: Vocabulary) -> bool:
    """Whether every word of a header line is a column, or the beginning of just one: its cells were cut off."""
    words = [slot for slot in line if is_words(slot.text)]
    known = [any(key[0] == name for key in vocabulary.columns.exact(slot.text)) for slot in words]
    cut = [bool(_begun(slot, table.columns, name)) for slot in words]
    return any(cut) and len(words) > 1 and all(a or b for a, b in zip(known, cut, strict=True))


def _begun(slot: Slot, lost: Sequence[Label], name: str) -> list[Match[tuple[str, str]]]:
    """Which of the lost columns a header begins to say: a page or a narrow cell cut it off."""
    folded = fold(slot.text)
    codes = [column.code for column in lost if any(fold(word).startswith(folded) for word in column.wordings)]
    return [Match((name, codes[0]), "cut")] if len(folded) >= _SHORTEST_BEGUN and len(codes) == 1 else []


def _children(labels: Sequence[Label]) -> dict[str, tuple[str, ...]]:
    children: dict[str, tuple[str, ...]] = {}
    for label in labels:
        if label.parent:
            children[label.parent] = (*children.get(label.parent, ()), label.code)
    return children


def _completed(columns: Sequence[Column | None], wanted: Sequence[str]) -> list[Column] | None:
    """The columns of one block; a single unreadable one is the one that is left."""
    known = [column for column in columns if column is not None]
    codes = [column.codes[0] for column in known]
    left = [code for code in wanted if code not in codes]
    if len(set(codes)) != len(codes) or len(left) != len(columns) - len(known) or len(left) > 1:
        return None
    return [column or Column((left[0],), known[0].slot, "cut") for column in columns]


def in_order(wanted: Sequence[str], before: Sequence[tuple[str, str]]) -> list[str] | None:
    """``wanted`` in an order in which every pair of ``before`` holds, else as the form has it; None: contradiction."""
    rest = list(wanted)
    pairs = {pair for pair in before if pair[0] in wanted and pair[1] in wanted}
    order: list[str] = []
    while rest:
        free = next((code for code in rest if not any(b == code and a in rest for a, b in pairs)), None)
        if free is None:
            return None
        rest.remove(free)
        order.append(free)
    return order
