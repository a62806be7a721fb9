"""Sheets as converters and typists leave them: each damage takes sheets and gives them changed.

Used by the property tests, with `layouts`; knows nothing of the reader.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from random import Random

from tests.parsers.layouts import Box, Line, Sheet


def drop_cell(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """One value cell is lost."""
    return _change(sheets_, random, lambda line, at: (*line[:at], *line[at + 1 :]))


def double_cell(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """One value cell is printed twice."""
    return _change(sheets_, random, lambda line, at: (*line[: at + 1], line[at], *line[at + 1 :]))


def _change(
    sheets_: Sequence[Sheet],
    random: Random,
    change: Callable[[Line, int], Line],
    which: Callable[[Box], bool] = lambda box: box.code is not None,
) -> list[Sheet]:
    """Change a line at one of its value cells; nothing where no cell is ``which``."""
    places = [i for i, sheet in enumerate(sheets_) if any(which(box) for line in sheet.lines for box in line)]
    if not places:
        return list(sheets_)
    number = random.choice(places)
    lines = sheets_[number].lines
    chosen = random.choice([i for i, line in enumerate(lines) if any(map(which, line))])
    line = lines[chosen]
    at = random.choice([i for i, box in enumerate(line) if which(box)])
    return _lines(sheets_, number, chosen, (change(line, at),))


def _relabel(
    sheets_: Sequence[Sheet], random: Random, change: Callable[[str], str], *, header: bool = False
) -> list[Sheet]:
    places = [
        (n, i, k)
        for n, sheet in enumerate(sheets_)
        for i, line in enumerate(sheet.lines)
        for k, box in enumerate(line)
        if box.code is None and len(box.text) >= 4 and box.header == header and (header or any(b.code for b in line))
    ]
    number, chosen, at = random.choice(places)
    sheet = sheets_[number]
    line = list(sheet.lines[chosen])
    line[at] = dataclasses.replace(line[at], text=change(line[at].text))
    lines = (*sheet.lines[:chosen], tuple(line), *sheet.lines[chosen + 1 :])
    return [*sheets_[:number], dataclasses.replace(sheet, lines=lines), *sheets_[number + 1 :]]


def misspell_label(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """One character of a row label is exchanged for another."""

    def change(text: str) -> str:
        at = random.randrange(len(text))
        return text[:at] + random.choice("的数及关于己末") + text[at + 1 :]

    return _relabel(sheets_, random, change)


def cut_label(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """The end of a row label is lost."""
    return _relabel(sheets_, random, lambda text: text[: random.randrange(1, len(text))])


def lose_label(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """A row label is lost."""
    return _relabel(sheets_, random, lambda _: "")


def misspell_header(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """One character of a column header is exchanged for another."""

    def change(text: str) -> str:
        at = random.randrange(len(text))
        return text[:at] + random.choice("的数及关于己末") + text[at + 1 :]

    return _relabel(sheets_, random, change, header=True)


def lose_header(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """A column header is lost."""
    return _relabel(sheets_, random, lambda _: "", header=True)


def lose_row(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """A whole row is lost."""
    number = random.choice([i for i, sheet in enumerate(sheets_) if sheet.lines])
    sheet = sheets_[number]
    chosen = random.choice([i for i, line in enumerate(sheet.lines) if any(box.code for box in line)])
    lines = (*sheet.lines[:chosen], *sheet.lines[chosen + 1 :])
    return [*sheets_[:number], dataclasses.replace(sheet, lines=lines), *sheets_[number + 1 :]]


def repeat_table(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """A table is printed twice."""
    number = random.choice([i for i, sheet in enumerate(sheets_) if sheet.lines])
    return [*sheets_[: number + 1], sheets_[number], *sheets_[number + 1 :]]


def drop_blank(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """One blank value cell is lost."""
    return _change(sheets_, random, lambda line, at: (*line[:at], *line[at + 1 :]), _is_blank)


def double_blank(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """One blank value cell is printed twice."""
    return _change(sheets_, random, lambda line, at: (*line[: at + 1], line[at], *line[at + 1 :]), _is_blank)


def drop_total(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """A total is lost."""
    return _change(sheets_, random, lambda line, at: (*line[:at], *line[at + 1 :]), _is_total)


def split_row(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """A row goes on in the next line."""
    number, chosen = _row(sheets_, random)
    line = sheets_[number].lines[chosen]
    values = [i for i, box in enumerate(line) if box.code]
    at = random.choice(values[1:] or values)
    return _lines(sheets_, number, chosen, (line[:at], line[at:]))


def repeat_row(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """A row is printed again, as behind a page break."""
    number, chosen = _row(sheets_, random)
    line = sheets_[number].lines[chosen]
    return _lines(sheets_, number, chosen, (line, tuple(dataclasses.replace(box, rows=1) for box in line)))


def split_label(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """A row label stands in two cells."""
    number, chosen, at = _label(sheets_, random)
    line = sheets_[number].lines[chosen]
    box = line[at]
    cut = random.randrange(1, len(box.text))
    pieces = (dataclasses.replace(box, text=box.text[:cut]), dataclasses.replace(box, text=box.text[cut:], columns=1))
    return _lines(sheets_, number, chosen, ((*line[:at], *pieces, *line[at + 1 :]),))


def space_label(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """Blanks stand in a row label."""

    def change(text: str) -> str:
        for _ in range(random.randrange(1, 4)):
            at = random.randrange(1, len(text))
            text = text[:at] + random.choice([" ", "\u3000", "  ", "\u00a0"]) + text[at:]
        return text

    return _relabel(sheets_, random, change)


def lose_character(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """One character of a row label is lost."""

    def change(text: str) -> str:
        at = random.randrange(len(text))
        return text[:at] + text[at + 1 :]

    return _relabel(sheets_, random, change)


def lose_header_row(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """A line of headers is lost."""
    number, chosen = _header(sheets_, random)
    return _lines(sheets_, number, chosen, ())


def repeat_headers(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """The headers of a table are printed again in the midst of it, as behind a page break."""
    number = random.choice([i for i, sheet in enumerate(sheets_) if sheet.headers])
    sheet = sheets_[number]
    at = random.randrange(sheet.headers, len(sheet.lines) + 1)
    above = [tuple(dataclasses.replace(box, rows=1) for box in line) for line in sheet.lines[sheet.headers : at]]
    lines = (*sheet.lines[: sheet.headers], *above, *sheet.lines[: sheet.headers], *sheet.lines[at:])
    return [*sheets_[:number], dataclasses.replace(sheet, lines=lines), *sheets_[number + 1 :]]


def _is_blank(box: Box) -> bool:
    return box.code is not None and not box.text.strip()


def _is_total(box: Box) -> bool:
    return box.code is not None and box.code.endswith("__total")


def _row(sheets_: Sequence[Sheet], random: Random) -> tuple[int, int]:
    """A line that holds values: number of its sheet, number of the line."""
    number = random.choice([i for i, sheet in enumerate(sheets_) if sheet.lines])
    return number, random.choice([i for i, line in enumerate(sheets_[number].lines) if any(box.code for box in line)])


def _label(sheets_: Sequence[Sheet], random: Random) -> tuple[int, int, int]:
    """The own label of a line that holds values: sheet, line, box."""
    while True:
        number, chosen = _row(sheets_, random)
        at = max((i for i, box in enumerate(sheets_[number].lines[chosen]) if box.code is None), default=-1)
        if at >= 0 and len(sheets_[number].lines[chosen][at].text) >= 2:
            return number, chosen, at


def _header(sheets_: Sequence[Sheet], random: Random) -> tuple[int, int]:
    number = random.choice([i for i, sheet in enumerate(sheets_) if sheet.lines])
    headers = [i for i, line in enumerate(sheets_[number].lines) if line and all(box.header for box in line)]
    return number, random.choice(headers)


def _lines(sheets_: Sequence[Sheet], number: int, chosen: int, new: Sequence[Line]) -> list[Sheet]:
    """The sheets with ``new`` lines in the place of one."""
    sheet = sheets_[number]
    lines = (*sheet.lines[:chosen], *new, *sheet.lines[chosen + 1 :])
    headers = sheet.headers - (chosen < sheet.headers and not new)
    return [*sheets_[:number], dataclasses.replace(sheet, lines=lines, headers=headers), *sheets_[number + 1 :]]


def swap_columns(sheets_: Sequence[Sheet], random: Random) -> list[Sheet]:
    """Two columns of the matrix change places, headers and values alike."""
    changed = []
    for sheet in sheets_:
        width = max((len([box for box in line if box.code]) for line in sheet.lines), default=0)
        if sheet.headers != 3 or width == 15:
            changed.append(sheet)
            continue
        first, second = random.sample(range(5), 2)
        lines = [list(line) for line in sheet.lines]
        lines[2][first], lines[2][second] = lines[2][second], lines[2][first]
        for line in lines[3:]:
            at = next(i for i, box in enumerate(line) if box.code) + 1
            line[at + first], line[at + second] = line[at + second], line[at + first]
        changed.append(dataclasses.replace(sheet, lines=tuple(map(tuple, lines))))
    return changed


DAMAGES: dict[str, Callable[[Sequence[Sheet], Random], list[Sheet]]] = {
    "drop_cell": drop_cell,
    "double_cell": double_cell,
    "misspell_label": misspell_label,
    "cut_label": cut_label,
    "lose_label": lose_label,
    "misspell_header": misspell_header,
    "lose_header": lose_header,
    "lose_row": lose_row,
    "repeat_table": repeat_table,
    "drop_blank": drop_blank,
    "double_blank": double_blank,
    "drop_total": drop_total,
    "split_row": split_row,
    "repeat_row": repeat_row,
    "split_label": split_label,
    "space_label": space_label,
    "lose_character": lose_character,
    "lose_header_row": lose_header_row,
    "repeat_headers": repeat_headers,
}
