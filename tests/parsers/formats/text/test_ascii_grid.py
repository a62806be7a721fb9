"""Tables drawn with characters whose lines enclose spans: each cell in its place, however wide the lines are drawn."""

from __future__ import annotations

import pytest

from parsers import Hints, parse
from parsers.formats import read_document, resolve
from parsers.formats.text.ascii_grid import boxes
from tests.parsers import matrices

SPANNED = """\
┌────┬──────┐
│项目    │本年发生数  │
│        ├──┬───┤
│        │收到│办结  │
├────┼──┼───┤
│当面申请│12  │11    │
│（含补正│    │      │
│的）    │    │      │
├────┴──┼───┤
│合计          │7     │
└──────┴───┘"""
HALF = """\
+--------+-----------+
|项目    |本年发生数 |
|        +----+------+
|        |收到|办结  |
+========+====+======+
|当面申请|12  |11    |
|（含补正|    |      |
|的）    |    |      |
+--------+----+------+
|合计         |7     |
+-------------+------+"""
GRID = [
    ("项目", 0, 0, 2, 1),
    ("本年发生数", 0, 1, 1, 2),
    ("收到", 1, 1, 1, 1),
    ("办结", 1, 2, 1, 1),
    ("当面申请\n（含补正\n的）", 2, 0, 1, 1),
    ("12", 2, 1, 1, 1),
    ("11", 2, 2, 1, 1),
    ("合计", 3, 0, 1, 2),
    ("7", 3, 2, 1, 1),
]


@pytest.mark.parametrize("indent", ["", "    "])
@pytest.mark.parametrize("text", [SPANNED, HALF, HALF.replace("|", "│"), SPANNED.translate(str.maketrans("│─", "┃━"))])
def test_cells_stand_where_their_lines_enclose_them(text: str, indent: str) -> None:
    data = "".join(f"{indent}{line}\n" for line in text.splitlines()).encode()
    (table,) = read_document(data, Hints()).tables()
    found = [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells]
    assert found == GRID
    assert all(resolve(data, cell.locator) == cell.text for cell in table.cells)


@pytest.mark.parametrize("wide", ["“当面”", "①当面", "—当面"])
def test_a_line_with_letters_of_another_width_costs_no_grid(wide: str) -> None:
    lines = ["+--------+----+", "|项目    |收到|", "+--------+----+", f"|{wide:<6}|12  |", "+--------+----+"]
    found = boxes(lines)
    assert found is not None
    assert [(cell.row, cell.column) for cell in found] == [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize(
    "lines",
    [
        ["+----+----+", "|ab  |cd  |", "|abcd     |", "+----+----+"],  # a side ends where no rule is
        ["+----+----+", "|a|b|", "+----+----+", "|long line with more|b|", "+----+----+"],
        ["|a|b|", "|c|d|"],
    ],
)
def test_lines_that_enclose_no_rectangles_make_no_grid(lines: list[str]) -> None:
    assert boxes(lines) is None


def test_a_drawn_report_whose_labels_go_on_over_lines() -> None:
    text = (
        "某县林业局2022年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"
        "┌──────────┬────────────────┐\n│信息内容            │本年处理决定数量                │\n"
        "├──────────┼────────────────┤\n│行政许                │1284                            │\n"
        "│可                    │                                │\n├──────────┼────────────────┤\n"
        "│行政处罚            │                                │\n└──────────┴────────────────┘\n"
    )
    cells = {cell["code"]: cell["value"] or cell["status"] for cell in parse(text.encode(), Hints()).as_json()["cells"]}
    assert cells == {"permit_decisions": "1284", "penalty_decisions": "blank"}


def test_a_drawn_row_with_a_blank_at_its_end_may_have_lost_a_cell() -> None:
    """What is drawn may be filled up: the row adds up with its last cell as total, and one further to the left."""
    head = ["", *matrices.FLAT]
    rows = [
        head,
        ["一、本年新收政府信息公开申请数量", "9", "1", "0", "0", "0", "2", "12"],
        ["（七）总计", "422506", "14063", "34", "566", "3", "437172", ""],
    ]
    rule = "+" + "+".join("-" * 34 for _ in head) + "+"
    lines = [matrices.TITLE, matrices.SECTION, rule]
    for row in rows:
        blanks = (" " * (34 - len(cell) - sum(char > "⺀" for char in cell)) for cell in row)
        lines += ["|" + "|".join(map("".join, zip(row, blanks, strict=True))) + "|", rule]
    record = matrices.read("\n".join(lines).encode(), "a.txt")
    assert matrices.values(record, "req_new") == ["9", "1", "0", "0", "0", "2", "12"]
    total = matrices.values(record, "req_outcome_total")
    assert "437172" not in total[:6] or "cell_count" in matrices.issues(record)
