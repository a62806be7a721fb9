"""Page numbers among rows that were set as text are no cells."""

import pytest

from parsers.tables.text.page_marks import may_be_page_number, without_page_marks
from tests.parsers import matrices

HEAD = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
ABOVE, BELOW = "一、本年新收政府信息公开申请数量 3 1 0 0 0 0 4", "（三）不予公开\n1.属于国家秘密 0 0 0 0 0 0 0"


def text(*lines: str) -> bytes:
    return "\n".join([matrices.TITLE, matrices.SECTION, HEAD, ABOVE, *lines, BELOW]).encode()


@pytest.mark.parametrize(
    "mark", ["- 2 -", "— 2 —", "－12－", "第 2 页", "第2页 共6页", "2 / 6", "Page 2 of 6", "\f- 2 -"]
)
def test_a_page_number_is_no_cell(mark: str) -> None:
    assert not without_page_marks(f"0 5\n{mark}\n（三）").replace("0 5", "").replace("（三）", "").strip()
    short = matrices.read(text("（一）予以公开 1 1 0 0 0 0 2", "（二）部分公开 0 31 0 5", mark), "a.txt")
    assert matrices.values(short, "req_granted") == ["1", "1", "0", "0", "0", "0", "2"]
    assert set(matrices.values(short, "req_partial")) <= {None, "absent"}
    assert matrices.values(short, "req_denied_state_secret") == ["0"] * 7
    assert "cell_count" in matrices.issues(short)
    whole = matrices.read(text("（二）部分公开 0 31 0 5 0 0 36", mark), "a.txt")
    assert matrices.values(whole, "req_partial") == ["0", "31", "0", "5", "0", "0", "36"]


@pytest.mark.parametrize("line", ["0 / 6", "7 / 6", "12 - 3", "2", "规章 - 2 -", "1 / 1"])
def test_other_lines_are_kept(line: str) -> None:
    assert without_page_marks(f"0 5\n{line}\n（三）") == f"0 5\n{line}\n（三）"


def test_two_numbers_and_a_stroke_behind_a_label_are_values() -> None:
    assert without_page_marks("2 / 6", "规章") == "2 / 6"
    assert without_page_marks("2 / 6", "规章 0 1 2") == "     "


def test_a_number_alone_in_its_line_counts_only_where_the_row_adds_up() -> None:
    wrapped = matrices.read(text("（二）部分公开 0 31 0 5 0 0", "36"), "a.txt")
    assert matrices.values(wrapped, "req_partial") == ["0", "31", "0", "5", "0", "0", "36"]
    glued = matrices.read(text("（二）部分公开 0 31 0 5 0 0", "7"), "a.txt")
    assert set(matrices.values(glued, "req_partial")) == {None}
    assert may_be_page_number("1 2\n3", [(0, 1), (2, 3), (4, 5)])
    assert not may_be_page_number("1\n2\n3", [(0, 1), (2, 3), (4, 5)])


@pytest.mark.parametrize("rule", ["_" * 60, "=" * 60, "－" * 20, "─" * 30, "* " * 20, "-" * 8])
def test_a_line_between_rows_is_no_cell(rule: str) -> None:
    reading = matrices.read(
        text(rule, "（一）予以公开 1 1 0 0 0 0 2", rule, "（二）部分公开 0 31 0 5 0 0 36", rule), "a.txt"
    )
    assert matrices.values(reading, "req_granted") == ["1", "1", "0", "0", "0", "0", "2"]
    assert matrices.values(reading, "req_partial") == ["0", "31", "0", "5", "0", "0", "36"]
    assert "cell_count" not in matrices.issues(reading)


def test_a_line_to_write_on_is_a_blank_cell() -> None:
    reading = matrices.read(text("（一）予以公开 1 ____ 0 0 —— ___ 2"), "a.txt")
    assert matrices.values(reading, "req_granted") == ["1", "", "0", "0", "", "", "2"]
