"""Ruled tables: rows and columns from boxes, and parts that a page break parted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parsers.formats.pdf.grids import build_grid
from parsers.formats.pdf.page import Page, Piece
from tests.parsers.formats.pdf.pages import page, rows, ruled, table


def cut_head() -> tuple[Page, Page]:
    """A label of two rows cut by the break: （四）无 above, 法提供 below, the label of the block beside it empty."""
    x = (70.0, 100.0, 140.0, 300.0, 520.0)
    one = build_grid(
        1,
        [
            Piece("三、结果", (x[0], 700, x[1], 740)),
            Piece("（三）不予公开", (x[1], 700, x[2], 720)),
            Piece("8.属于行政查询事项", (x[2], 700, x[3], 720)),
            Piece("105", (x[3], 700, x[4], 720)),
            Piece("（四）无", (x[1], 720, x[2], 740)),
            Piece("1.本机关不掌握", (x[2], 720, x[3], 740)),
            Piece("769", (x[3], 720, x[4], 740)),
        ],
    )
    two = build_grid(
        2,
        [
            Piece("", (x[0], 80, x[1], 140)),
            Piece("法提供", (x[1], 80, x[2], 120)),
            Piece("2.没有现成信息", (x[2], 80, x[3], 100)),
            Piece("11", (x[3], 80, x[4], 100)),
            Piece("3.补正后", (x[2], 100, x[3], 120)),
            Piece("1", (x[3], 100, x[4], 120)),
            Piece("（五）不予处理", (x[1], 120, x[2], 140)),
            Piece("1.信访", (x[2], 120, x[3], 140)),
            Piece("62", (x[3], 120, x[4], 140)),
        ],
    )
    return page(1, tables=(one,)), page(2, tables=(two,))


def test_columns_of_the_parts_need_not_agree() -> None:
    one = page(1, tables=(ruled(1, 700, "信息内容|制发|有效", "规章|1|2"),))
    two = page(2, tables=(ruled(2, 80, "信息内容|本年处理决定数量", "行政许可|3", x=(69, 251.5, 523)),))
    cells = {cell.text: (cell.row, cell.column, cell.column_span) for cell in table(one, two).cells}
    assert cells["3"] == (3, 1, 2)
    assert cells["行政许可"] == (3, 0, 1)


def test_a_part_may_begin_at_a_column_of_the_table() -> None:
    """A label that spans a whole page has no rules there, so that the part on it begins at the second column."""
    one = page(1, tables=(ruled(1, 700, "三、结果|（一）予以公开|1", "|（二）部分公开|2"),))
    two = page(2, tables=(ruled(2, 80, "（三）不予公开|3", "（四）无法提供|4", x=(250, 400, 520)),))
    cells = {cell.text: (cell.row, cell.column) for cell in table(one, two).cells}
    assert cells["（三）不予公开"] == (2, 1)
    assert cells["4"] == (3, 2)


def test_a_label_printed_in_the_lower_part_of_its_cell_is_joined_to_the_empty_upper_part() -> None:
    one, two = cut_head()
    upper = [c if c.text != "（四）无" else replace(c, text="") for c in one.tables[0].cells]
    lower = [c if c.text != "法提供" else replace(c, text="（四）无法提供") for c in two.tables[0].cells]
    one.tables[0], two.tables[0] = (
        replace(one.tables[0], cells=tuple(upper)),
        replace(two.tables[0], cells=tuple(lower)),
    )
    head = next(cell for cell in table(one, two).cells if cell.text == "（四）无法提供")
    assert (head.row, head.row_span) == (1, 3)


def test_a_repeated_header_is_left_out_once() -> None:
    one = page(1, tables=(ruled(1, 700, "信息内容|制发|有效", "规章|1|2"),))
    two = page(2, tables=(ruled(2, 80, "信息内容|制发|有效", "行政许可|3|4"),))
    assert rows(table(one, two))[2:] == [["行政许可", "3", "4"]]


def test_a_label_cut_by_the_break_is_joined() -> None:
    found = table(*cut_head())
    cells = {cell.text: cell for cell in found.cells}
    head = cells["（四）无\n法提供"]
    assert (head.row, head.row_span) == (1, 3)
    assert [number for number, _ in head.places] == [1, 2]
    assert (cells["三、结果"].row, cells["三、结果"].row_span) == (0, 5)
    assert [cells[text].row for text in ("769", "11", "1", "62")] == [1, 2, 3, 4]


def test_a_new_label_below_the_break_is_not_joined() -> None:
    one, two = cut_head()
    cells = [cell for cell in two.tables[0].cells if cell.text != "法提供"]
    renamed = next(cell for cell in two.tables[0].cells if cell.text == "法提供")
    fresh = page(
        2,
        tables=(
            build_grid(2, [Piece(c.text, c.places[0][1]) for c in cells] + [Piece("（五）甲", renamed.places[0][1])]),
        ),
    )
    texts_found = {cell.text for cell in table(one, fresh).cells}
    assert {"（四）无", "（五）甲"} <= texts_found


def test_a_row_cut_by_the_break_is_one_row() -> None:
    one = page(1, tables=(ruled(1, 700, "规章|1|2", "（二）部分公开（区分处理的，|447|454"),))
    two = page(2, tables=(ruled(2, 80, "只计这一情形）||", "（三）不予公开|5|6"),))
    assert rows(table(one, two)) == [
        ["规章", "1", "2"],
        ["（二）部分公开（区分处理的，\n只计这一情形）", "447", "454"],
        ["（三）不予公开", "5", "6"],
    ]


@pytest.mark.parametrize("first", ["行政强制||", "2.重复申请||", "只计这一情形）|7|"])
def test_a_whole_row_below_the_break_stays_a_row(first: str) -> None:
    one = page(1, tables=(ruled(1, 700, "规章|1|2", "行政处罚|447|454"),))
    two = page(2, tables=(ruled(2, 80, first, "行政事业性收费|5|6"),))
    assert rows(table(one, two))[2] == first.split("|")


@pytest.mark.parametrize("unit", ["次", "万元", ""])
@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("1.参加或举办新闻发布会总次数", "其中：主要负责同志参加新闻发布会次数"),
        ("4.不同意公开答复数", "涉及商业秘密"),
        ("（一）主动公开政府信息数", "制发规范性文件总数"),
    ],
)
def test_labels_on_both_sides_of_a_break_that_have_values_of_their_own_are_two_rows(
    upper: str, lower: str, unit: str
) -> None:
    one = page(1, tables=(ruled(1, 700, f"指标|{unit}|1", f"{upper}|{unit}|10"),))
    two = page(2, tables=(ruled(2, 80, f"{lower}|{unit}|7", f"2.其他|{unit}|5"),))
    assert rows(table(one, two))[1:] == [[upper, unit, "10"], [lower, unit, "7"], ["2.其他", unit, "5"]]


@pytest.mark.parametrize(
    ("upper", "lower", "label"),
    [
        ("|3|4", "3.要求提供公开出版物||", "3.要求提供公开出版物"),  # the label jumped to the next page
        ("1.申|3|4", "请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请||", "1.申\n请人"),
    ],
)
def test_values_above_the_break_and_their_label_below_are_one_row(upper: str, lower: str, label: str) -> None:
    one = page(1, tables=(ruled(1, 700, "2.重复申请|0|0", upper),))
    two = page(2, tables=(ruled(2, 70, lower, "4.无正当理由大量反复申请|1|2"),))
    found = rows(table(one, two))
    assert len(found) == 3
    assert found[1][0].startswith(label)
    assert found[1][1:] == ["3", "4"]


def test_a_step_in_the_rules_is_no_row() -> None:
    label, value, other = "3.补正后申请内容仍不明确", "1210", "5"
    boxes: list[tuple[str, tuple[float, float, float, float]]] = [
        ("", (100, 104, 160, 126)),  # a piece of the label's cell, whose rule stands four points lower
        (label, (160, 100, 300, 126)),
        (value, (300, 100, 340, 126)),
        ("下一行", (100, 126, 300, 150)),
        (other, (300, 126, 340, 150)),
    ]
    found = build_grid(1, [Piece(text, box) for text, box in boxes])
    spans = {cell.text: (cell.row, cell.row_span) for cell in found.cells if cell.text}
    assert spans == {label: (0, 1), value: (0, 1), "下一行": (1, 1), other: (1, 1)}
    assert found.rows == 2
