"""Reports damaged on purpose, that know what is still printed in them.

`Paper` holds a form's tables; a mutation changes one place and the truth with it. What a careful reader sees is kept by
`Paper.truth`: a row's own numbers where its cells are still told apart, nothing where they are not. Used by
`test_mutations` with `printings`; knows nothing of the reader.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.parsers.layouts import Box, Sheet

STRAY = "?"  # the code of a number that no cell of the form has
UNITS = frozenset({"万元", "元", "个", "人", "人次", "件", "条", "次", "篇"})
BREAK, MARK, NOTE = "\ue001", "\ue002", "\ue003"  # printed by each layout in its own way


@dataclass(eq=False)
class Cell:
    """One printed cell.

    Attributes:
        means: of a value: the number that its print says, "" of a blank, None where a reader cannot say.
        code: of a value: whose number it was printed as.
        joined: of two values in one cell, and something between them: both, by code.
    """

    text: str
    rows: int = 1
    columns: int = 1
    code: str | None = None
    header: bool = False
    means: str | None = None
    joined: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Cell:
        """The same cell, printed again in one line."""
        return Cell(self.text, 1, self.columns, self.code, self.header, self.means, self.joined)


@dataclass(eq=False)
class Line:
    """One printed line.

    Attributes:
        codes: what the columns above its values are, left to right.
        moved: it stands elsewhere than in the form, and cells that reach over rows may push it aside.
    """

    cells: list[Cell]
    codes: list[str] = field(default_factory=list)
    moved: bool = False

    def values(self) -> list[Cell]:
        """Its cells that hold values, in printed order."""
        return [cell for cell in self.cells if cell.code]

    def labels(self) -> list[Cell]:
        """Its cells that hold words."""
        words = [cell for cell in self.cells if not cell.code and cell.text and MARK not in cell.text]
        return [cell for cell in words if cell.text not in UNITS]


@dataclass(eq=False)
class Part:
    """One table under its heading."""

    heading: str
    lines: list[Line]
    headers: int

    def rows(self) -> list[int]:
        """The lines that hold values."""
        return [at for at, line in enumerate(self.lines) if line.values()]


@dataclass(eq=False)
class Paper:
    """The tables of a report.

    Attributes:
        done: the mutations it went through.
    """

    parts: list[Part]
    done: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> Paper:
        """An undamaged one."""
        parts = []
        for sheet in sheets:
            lines = []
            for line in sheet.lines:
                cells = [Cell(b.text, b.rows, b.columns, b.code, b.header, b.text if b.code else None) for b in line]
                lines.append(Line(cells, [box.code for box in line if box.code]))
            parts.append(Part(sheet.heading, lines, sheet.headers))
        return cls(parts)

    def sheets(self) -> list[Sheet]:
        """The same for the printers of `layouts`."""
        return [
            Sheet(
                part.heading,
                tuple(
                    tuple(Box(cell.text, cell.rows, cell.columns, cell.code, cell.header) for cell in line.cells)
                    for line in part.lines
                ),
                part.headers,
            )
            for part in self.parts
        ]

    def truth(self, *, blanks: bool, wraps: bool, fills: bool) -> dict[str, set[str]]:
        """What may be read of each code that is printed: numbers, or "" of a blank.

        Args:
            blanks: the layout shows blank cells.
            wraps: a cell cut in two by a break is still one cell.
            fills: the layout fills up a line that lacks a cell, so that it ends in a blank.
        """
        allowed: dict[str, set[str]] = {}
        for part in self.parts:
            for line in part.lines:
                seen: list[str | None] = []
                for cell in line.values():
                    assert cell.code is not None
                    means = cell.text if fills and cell.means is None and cell.text.isdigit() else cell.means
                    if cell.code != STRAY and means is not None:
                        allowed.setdefault(cell.code, set()).add(means)
                    if cell.joined:
                        seen += cell.joined.values()
                    elif cell.text.strip() or blanks:
                        seen += [means] if wraps or BREAK not in cell.text else cell.text.split(BREAK)
                    for code in cell.joined:
                        allowed.setdefault(code, set()).add(cell.joined[code])
                if fills:
                    seen += [""] * (len(line.codes) - len(seen))
                # As many cells as columns: so it is printed. Out of its place, a row's cells stand under other headers.
                for shift in range(-2, 3) if line.moved else (0,):
                    under = [*[""] * shift, *seen[max(0, -shift) :], *[""] * -shift][: len(line.codes)]
                    for code, said in zip(line.codes, under, strict=True) if len(seen) == len(line.codes) else ():
                        if code != STRAY and said is not None:
                            allowed.setdefault(code, set()).add(said)
        return allowed


# ---- where


def _row(paper: Paper, random: Random) -> tuple[Part, int]:
    part = random.choice([part for part in paper.parts if part.rows()])
    return part, random.choice(part.rows())


def _value(paper: Paper, random: Random) -> tuple[Line, Cell]:
    part, at = _row(paper, random)
    line = part.lines[at]
    return line, random.choice(line.values())


def _label(paper: Paper, random: Random, *, header: bool = False) -> Cell:
    while True:
        part, at = _row(paper, random)
        if header:
            heads = [cell for line in part.lines for cell in line.cells if cell.header and len(cell.text) > 1]
            return random.choice(heads) if heads else _label(paper, random)
        labels = part.lines[at].labels()
        if labels and len(labels[-1].text) > 1:
            return random.choice(labels)


# ---- mutations


def blank_cell(paper: Paper, random: Random) -> None:
    """A cell's number is gone."""
    _, cell = _value(paper, random)
    cell.text = cell.means = ""


def cut_label(paper: Paper, random: Random) -> None:
    """The end, or the beginning, of a row label is lost."""
    cell = _label(paper, random)
    at = random.randrange(1, len(cell.text))
    cell.text = random.choice([cell.text[:at], cell.text[:at], cell.text[at:]])


def double_label(paper: Paper, random: Random) -> None:
    """A row label is printed twice, in its cell or beside it."""
    part, at = _row(paper, random)
    line = part.lines[at]
    labels = line.labels()
    if not labels:
        double_line(paper, random)
        return
    cell = random.choice(labels)
    if random.random() < 0.5:
        cell.text = random.choice(["", " ", BREAK]).join([cell.text] * 2)
    else:
        line.cells.insert(line.cells.index(cell), cell.copy())


def lose_letters(paper: Paper, random: Random) -> None:
    """One or two letters of a row label are lost, or exchanged."""
    cell = _label(paper, random)
    for _ in range(random.choice([1, 1, 2])):
        if len(cell.text) < 2:
            return
        at = random.randrange(len(cell.text) - 1)
        pair = cell.text[at : at + 2]
        cell.text = cell.text[:at] + random.choice([pair[0], pair[1], pair[::-1]]) + cell.text[at + 2 :]


def move_line(paper: Paper, random: Random) -> None:
    """A row stands elsewhere in its table."""
    part, at = _row(paper, random)
    line = part.lines.pop(at)
    line.moved = True
    part.lines.insert(random.randrange(part.headers, len(part.lines) + 1), line)


def double_line(paper: Paper, random: Random) -> None:
    """A row is printed twice."""
    part, at = _row(paper, random)
    line = part.lines[at]
    again = Line([cell.copy() for cell in line.cells], line.codes)
    part.lines.insert(random.choice([at + 1, at + 1, len(part.lines)]), again)


def drop_row(paper: Paper, random: Random) -> None:
    """A row is gone."""
    part, at = _row(paper, random)
    del part.lines[at]


def cut_header(paper: Paper, random: Random) -> None:
    """A header is cut, lost, or its whole line is."""
    kind = random.randrange(4)
    if kind == 3:
        part = random.choice([part for part in paper.parts if part.rows()])
        heads = [at for at, line in enumerate(part.lines) if any(cell.header for cell in line.cells)]
        if heads:
            at = random.choice(heads)
            del part.lines[at]
            part.headers = max(0, part.headers - 1)
        return
    cell = _label(paper, random, header=True)
    at = random.randrange(1, len(cell.text))
    cell.text = ["", cell.text[:at], cell.text[at:]][kind]


def _inserted(paper: Paper, random: Random, text: str) -> None:
    part, at = _row(paper, random)
    part.lines.insert(at + random.randrange(2), Line([Cell(f"{MARK}{text}{MARK}")]))


def page_mark(paper: Paper, random: Random) -> None:
    """A page begins between two rows."""
    number = random.randrange(1, 12)
    marks = ["- {} -", "— {} —", "第{}页", "第 {} 页 共 12 页", "{}/12", "{}", "{}", "－{}－", "·{}·", "Page {}"]
    _inserted(paper, random, random.choice(marks).format(number))


def stray_line(paper: Paper, random: Random) -> None:
    """A number, or several, stand in a line of their own."""
    count = random.choice([1, 1, 2, 3, 7])
    _inserted(
        paper, random, "  ".join(str(random.choice([0, 1, 7, 2022, random.randrange(900)])) for _ in range(count))
    )


def run_together(paper: Paper, random: Random) -> None:
    """Two cells are one; a blank may be left where the second was."""
    for _ in range(40):
        part, at = _row(paper, random)
        line = part.lines[at]
        pairs = [pair for pair in itertools.pairwise(line.values()) if pair[0].text and pair[1].text]
        if pairs:
            break
    else:
        return
    cell, other = random.choice(pairs)
    between = random.choice(["", "", " ", BREAK])
    parts = (cell.text, other.text)
    whole = between.join(parts)
    kept = random.random() < 0.3
    undamaged = re.fullmatch(r"\d+", whole) or not whole.strip()
    cell.text = whole
    cell.means = whole.strip() if kept and undamaged else None
    if kept:
        other.text = other.means = ""
    else:
        line.cells.remove(other)
    if between and cell.text.replace(between, "").isdigit() and STRAY not in {cell.code, other.code}:
        cell.joined = {str(cell.code): parts[0], str(other.code): parts[1]}


def split_cell(paper: Paper, random: Random) -> None:
    """A break stands within a number or a label."""
    line, cell = _value(paper, random)
    if len(cell.text) < 2 or random.random() < 0.3:
        labels = line.labels()
        if not labels:
            return
        cell = random.choice(labels)
    if len(cell.text) > 1:
        at = random.randrange(1, len(cell.text))
        cell.text = cell.text[:at] + BREAK + cell.text[at:]


def drop_column(paper: Paper, random: Random) -> None:
    """A column is gone with its header."""
    wide = [part for part in paper.parts if any(len(part.lines[at].codes) > 1 for at in part.rows())]
    if wide:
        _change_column(random.choice(wide), random, _drop)


def add_column(paper: Paper, random: Random) -> None:
    """A column of last year's numbers stands beside the others."""
    part = random.choice([part for part in paper.parts if part.rows()])
    _change_column(part, random, _add)


def _drop(head: list[Cell], line: list[Cell] | None, at: int, random: Random) -> None:
    if line is None:
        del head[at]
    else:
        del line[at]


def _add(head: list[Cell], line: list[Cell] | None, at: int, random: Random) -> None:
    if line is None:
        name = random.choice(["上年", "上年数", "去年同期", "2011年"])
        head.insert(at + 1, Cell(name, head[at].rows, 1, header=True))
    else:
        line.insert(at + 1, Cell(str(random.randrange(400)), code=STRAY))


def _change_column(part: Part, random: Random, change: Callable[..., None]) -> None:
    """Change one column of a part: the header over it, and every row that stands under that header."""
    rows = part.rows()
    chosen = random.choice(rows)
    width = len(part.lines[chosen].codes)
    at = random.randrange(width)
    if part.headers:
        head_lines, under = part.lines[: part.headers], rows
    else:  # a header of its own above every block
        above = [i for i in range(chosen) if sum(cell.header for cell in part.lines[i].cells) > 1]
        if not above:
            return
        head_lines = [part.lines[above[-1]]]
        next_head = next((i for i in range(chosen, len(part.lines)) if part.lines[i].cells[0].header), len(part.lines))
        under = [i for i in rows if above[-1] < i < next_head]
    before = [dict(zip(line.codes, line.codes, strict=True)) for line in (part.lines[i] for i in under)]
    if any(len(part.lines[i].codes) != width or len(part.lines[i].values()) != width for i in under) or not before:
        return
    leaf, over = _leaf(head_lines, at, width)
    if leaf is None:
        return
    cells, number = leaf
    wide = change is _add
    change(cells, None, number, random)
    for cell in over:
        cell.columns += 1 if wide else -1
    for i in under:
        line = part.lines[i]
        place = line.cells.index(line.values()[at])
        change([], line.cells, place, random)
        if wide:
            line.codes = [*line.codes[: at + 1], STRAY, *line.codes[at + 1 :]]
        else:
            line.codes = [*line.codes[:at], *line.codes[at + 1 :]]


def _leaf(lines: Sequence[Line], at: int, width: int) -> tuple[tuple[list[Cell], int] | None, list[Cell]]:
    """The header cell of a column, and those that span over it."""
    if len(lines) == 1:
        cells = lines[0].cells
        lead = len(cells) - width
        return ((cells, lead + at) if lead >= 0 and at < width else None), []
    if width == 7 and len(lines) == 3 and len(lines[2].cells) == 5 and len(lines[1].cells) == 3:
        over = lines[0].cells[-1:]
        if at in {0, 6}:
            return (lines[1].cells, 0 if at == 0 else 2), over
        return (lines[2].cells, at - 1), [*over, lines[1].cells[1]]
    if width == 15 and len(lines) == 3 and len(lines[2].cells) == 10 and len(lines[1].cells) == 7:
        if at < 5:
            return (lines[1].cells, at), lines[0].cells[:1]
        return (lines[2].cells, at - 5), [lines[0].cells[1], lines[1].cells[5 + (at - 5) // 5]]
    return None, []


def footnote(paper: Paper, random: Random) -> None:
    """A number, or a label, bears the mark of a footnote."""
    line, cell = _value(paper, random)
    if not cell.text or random.random() < 0.3:
        labels = line.labels()
        if not labels:
            return
        cell = random.choice(labels)
    cell.text += random.choice(["①", "*", "[1]", "※", NOTE])


MUTATIONS: dict[str, Callable[[Paper, Random], None]] = {
    "blank_cell": blank_cell,
    "cut_label": cut_label,
    "double_label": double_label,
    "lose_letters": lose_letters,
    "move_line": move_line,
    "double_line": double_line,
    "drop_row": drop_row,
    "cut_header": cut_header,
    "page_mark": page_mark,
    "stray_line": stray_line,
    "run_together": run_together,
    "split_cell": split_cell,
    "drop_column": drop_column,
    "add_column": add_column,
    "footnote": footnote,
}


def mutate(paper: Paper, random: Random) -> None:
    """One to four mutations."""
    count = random.choice([1, 1, 2, 2, 3, 4])
    while len(paper.done) < count:
        name = random.choice(list(MUTATIONS))
        before = paper.sheets()
        MUTATIONS[name](paper, random)
        if paper.sheets() != before:
            paper.done.append(name)
