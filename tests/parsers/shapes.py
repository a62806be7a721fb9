"""Tables of reviews and suits, and of requests, laid out in other ways than the form's.

Used by the property tests, with `layouts`; knows nothing of the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parsers.forms.templates import MatrixTable, RecordTable
from tests.parsers.layouts import Box, Line, Sheet, Values

HEADING = "四、政府信息公开行政复议、行政诉讼情况"


def two_lines(table: RecordTable, values: Values) -> list[Sheet]:
    """Blocks in one line of headers, outcomes in the next: no line for the suits alone."""
    width = len(table.columns)
    lines = (
        tuple(Box(block.zh, 1, width, header=True) for block in table.blocks),
        _outcomes(table) * len(table.blocks),
        tuple(Box(values[code], code=code) for code in table.codes()),
    )
    return [Sheet(HEADING, lines, headers=2)]


def one_line(table: RecordTable, values: Values) -> list[Sheet]:
    """Block and outcome in one header cell."""
    head = tuple(Box(f"{b.zh}（{c.zh}）", header=True) for b in table.blocks for c in table.columns)
    return [Sheet(HEADING, (head, tuple(Box(values[code], code=code) for code in table.codes())), headers=1)]


def stacked(table: RecordTable, values: Values) -> list[Sheet]:
    """Three blocks, one below the other, in one table."""
    lines: list[Line] = []
    for block in table.blocks:
        lines += [
            (Box(block.zh, 1, len(table.columns), header=True),),
            _outcomes(table),
            _values(table, block.code, values),
        ]
    return [Sheet(HEADING, tuple(lines), headers=2)]


def in_tables(table: RecordTable, values: Values) -> list[Sheet]:
    """Three tables, each under the name of its block."""
    parts = [(block.zh, (_outcomes(table), _values(table, block.code, values))) for block in table.blocks]
    return [Sheet(HEADING, ()), *(Sheet(name, lines, headers=1) for name, lines in parts)]


def block_rows(table: RecordTable, values: Values) -> list[Sheet]:
    """Blocks as rows, outcomes as columns; the suits under a heading of their own."""
    lines: list[Line] = [(Box("类型", 1, 2, header=True), *_outcomes(table))]
    suits = [block for block in table.blocks if block.parent]
    for block in table.blocks:
        if not block.parent:
            labels: Line = (Box(block.zh, 1, 2),)
        elif block is suits[0]:
            labels = (Box(block.parent, len(suits), 1), Box(block.zh))
        else:
            labels = (Box(block.zh),)
        lines.append((*labels, *_values(table, block.code, values)))
    return [Sheet(HEADING, tuple(lines), headers=1)]


def outcome_rows(table: RecordTable, values: Values) -> list[Sheet]:
    """Outcomes as rows, blocks as columns, under two lines of headers."""
    suits = [block for block in table.blocks if block.parent]
    lines: list[Line] = [
        (
            Box("处理结果", 2, 1, header=True),
            Box(table.blocks[0].zh, 2, 1, header=True),
            Box(suits[0].parent or "", 1, len(suits), header=True),
        ),
        tuple(Box(block.zh, header=True) for block in suits),
    ]
    for column in table.columns:
        codes = [table.code.format(row=block.code, column=column.code) for block in table.blocks]
        lines.append((Box(column.zh), *(Box(values[code], code=code) for code in codes)))
    return [Sheet(HEADING, tuple(lines), headers=2)]


def one_value_a_row(table: RecordTable, values: Values) -> list[Sheet]:
    """Every outcome of every block in a row of its own."""
    lines: list[Line] = [(Box("类别", header=True), Box("情形", header=True), Box("数量", header=True))]
    for block in table.blocks:
        for number, column in enumerate(table.columns):
            code = table.code.format(row=block.code, column=column.code)
            first = (Box(block.zh, len(table.columns), 1),) if number == 0 else ()
            lines.append((*first, Box(column.zh), Box(values[code], code=code)))
    return [Sheet(HEADING, tuple(lines), headers=1)]


def turned(table: MatrixTable, values: Values) -> list[Sheet]:
    """The table of requests with the applicants as rows and the outcomes as columns."""
    groups = {group.code: group for group in table.groups}
    sizes: dict[str, int] = {}
    for row in table.rows:
        sizes[row.group or ""] = sizes.get(row.group or "", 0) + 1
    head: list[list[Box]] = [[Box("申请人情况", 3, 1, header=True)], [], []]
    seen: set[str] = set()
    for row in table.rows:
        if row.group is None:
            head[0].append(Box(row.zh, 3, 1, header=True))
            continue
        if "result" not in seen:
            head[0].append(Box(groups["result"].zh, 1, sum(1 for other in table.rows if other.group), header=True))
            seen.add("result")
        if row.group == "result":
            head[1].append(Box(row.zh, 2, 1, header=True))
            continue
        if row.group not in seen:
            head[1].append(Box(groups[row.group].zh, 1, sizes[row.group], header=True))
            seen.add(row.group)
        head[2].append(Box(row.zh, header=True))
    lines: list[Line] = list(map(tuple, head))
    for column in table.columns:
        codes = [table.code.format(row=row.code, column=column.code) for row in table.rows]
        lines.append((Box(column.zh), *(Box(values[code], code=code) for code in codes)))
    return [Sheet("三、收到和处理政府信息公开申请情况", tuple(lines), headers=3)]


def _outcomes(table: RecordTable) -> Line:
    return tuple(Box(column.zh, header=True) for column in table.columns)


def _values(table: RecordTable, block: str, values: Values) -> Line:
    codes = [table.code.format(row=block, column=column.code) for column in table.columns]
    return tuple(Box(values[code], code=code) for code in codes)


RECORDS: dict[str, Callable[[RecordTable, Values], Sequence[Sheet]]] = {
    "two_lines": two_lines,
    "one_line": one_line,
    "stacked": stacked,
    "in_tables": in_tables,
    "block_rows": block_rows,
    "outcome_rows": outcome_rows,
    "one_value_a_row": one_value_a_row,
}
