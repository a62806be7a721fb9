"""A row of a full grid that has lost a cell: the empty cell of its label is no blank of its first column."""

from __future__ import annotations

import pytest

from tests.parsers.matrices import CORNER, KINDS, issues, page, read, rows_of, values

HEAD = rows_of(
    f"{CORNER}|||申请人情况||||||",
    "|||自然人|法人或其他组织|||||总计",
    f"||||{'|'.join(KINDS)}|",
)
ROWS = {
    "req_new": "一、本年新收政府信息公开申请数量|||9|1|0|0|0|2|12",
    "req_carried_in": "二、上年结转政府信息公开申请数量|||1|0|0|0|0|0|1",
    "req_granted": "三、本年度办理结果|（一）予以公开||4|1|0|0|0|0|5",
    "req_partial": "|（二）部分公开||2|0|0|0|0|2|4",
    "req_outcome_total": "|（七）总计||6|1|0|0|0|2|9",
    "req_carried_out": "四、结转下年度继续办理|||4|0|0|0|0|0|4",
}


@pytest.mark.parametrize(
    ("row", "printed"),
    [
        ("req_granted", "三、本年度办理结果|（一）予以公开||407|-|0|1|0|408"),
        ("req_partial", "|（二）部分公开||407|-|0|1|0|408"),
        ("req_partial", "|（二）部分公开||5|0|0|0|0|5"),
        ("req_new", "一、本年新收政府信息公开申请数量|||407|-|0|1|0|408"),
    ],
)
def test_a_row_that_lost_a_cell_is_open_though_it_adds_up(row: str, printed: str) -> None:
    record = read(page(*{**ROWS, row: printed}.values(), head=HEAD))
    assert values(record, row) == [None] * 7
    assert {cell["status"] for cell in record["cells"] if cell["code"].startswith(row)} == {"ambiguous"}
    assert "cell_count" in issues(record)
    assert values(record, "req_carried_out") == ["4", "0", "0", "0", "0", "0", "4"]


def test_a_whole_row_with_a_blank_first_value_is_read() -> None:
    printed = "|（二）部分公开|||0|0|0|0|2|2"
    record = read(page(*{**ROWS, "req_partial": printed}.values(), head=HEAD))
    assert values(record, "req_partial") == ["", "0", "0", "0", "0", "2", "2"]


def test_a_row_that_lost_only_padding_is_read() -> None:
    printed = "一、本年新收政府信息公开申请数量||9|1|0|0|0|2|12"
    record = read(page(*{**ROWS, "req_new": printed}.values(), head=HEAD))
    assert values(record, "req_new") == ["9", "1", "0", "0", "0", "2", "12"]
