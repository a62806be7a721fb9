"""By what a text parts cells and rows: one cell a line, labels that go on over lines, empty lines between tables."""

from __future__ import annotations

import pytest

from tests.parsers import matrices
from tests.parsers.matrices import read

HEAD = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
ROWS = {
    "一、本年新收\n政府信息公开\n申请数量": "9 1 0 0 0 2 12",
    "二、上年结转政府信息公开申请数量": "1 0 0 0 0 0 1",
    "（一）予以公\n开": "4 1 0 0 0 0 5",
    "（二）部分公开": "2 0 0 0 0 2 4",
    "（七）总计": "6 1 0 0 0 2 9",
    "四、结转下年\n度继续办理": "4 0 0 0 0 0 4",
}
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
REVIEWS = ["7", "0", "5", "2", "14", "2", "2", "2", "0", "6", "7", "4", "7", "4", "22"]


def report(after_requests: int, after_reviews: int) -> bytes:
    """One cell a line; so many empty lines behind each of the two tables."""
    lines = [matrices.TITLE, matrices.SECTION, *HEAD]
    for label, values in ROWS.items():
        lines += [label, *values.split()]
    lines += [*[""] * after_requests, "四、政府信息公开行政复议、行政诉讼情况", "行政复议", "行政诉讼", *OUTCOMES]
    lines += ["未经复议直接起诉", "复议后起诉", *OUTCOMES, *OUTCOMES, *REVIEWS]
    lines += [*[""] * after_reviews, "五、存在的主要问题及改进情况"]
    return "\n".join(lines).encode()


def reviews(data: bytes) -> list[str | None]:
    record = read(data, "a.txt")
    codes = [f"{block}__{code}" for block in ("review", "suit_direct", "suit_after_review") for code in CODES]
    found = {cell["code"]: cell["value"] for cell in record["cells"]}
    return [found[code] for code in codes]


CODES = ("upheld", "corrected", "other", "pending", "total")


@pytest.mark.parametrize("empty", [0, 1, 2])
def test_the_same_empty_lines_behind_two_tables_are_no_blank_cell(empty: int) -> None:
    assert reviews(report(empty, empty)) == REVIEWS


def test_an_empty_line_behind_one_table_may_be_a_blank_cell_of_a_row_that_says_something_twice() -> None:
    found = reviews(report(0, 1))
    assert all(value in {None, printed} for value, printed in zip(found, REVIEWS, strict=True))
    assert None in found
