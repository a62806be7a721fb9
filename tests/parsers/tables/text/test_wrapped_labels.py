"""Labels over three lines with their values in the middle one, and pieces of headings printed between them."""

from typing import Any

import pytest

from tests.parsers import matrices

HEAD = "                              自然人  商业企业  科研机构  社会公益组织  法律服务机构  其他  总计"
ABOVE = "5.要求行政机关确认或重新出具已获取信息    6    0    0    0    0    0    6"
BELOW = "3.其他    1    0    0    0    0    2    3"
FIRST = ["4", "0", "5", "0", "0", "0", "9"]
SECOND = ["0", "7", "0", "0", "0", "0", "7"]


def row(values: list[str]) -> str:
    return "    ".join(values)


def read(*lines: str) -> dict[str, Any]:
    text = "\n".join((matrices.TITLE, matrices.SECTION, "申请人情况", HEAD, ABOVE, *lines, BELOW))
    return matrices.read(text.encode(), "report.txt")


@pytest.mark.parametrize("heading", ["（六）其他  ", "", "（六）其他处"])
def test_labels_over_three_lines_beside_a_piece_of_their_heading(heading: str) -> None:
    record = read(
        "      1.申请人无正当理由逾期不补正",
        f"      、行政机关不再处理其政府信息    {row(FIRST)}",
        "          公开申请",
        "      2.申请人逾期未按收费通知要求",
        f"{heading}缴纳费用、行政机关不再处理其    {row(SECOND)}",
        "          政府信息公开申请",
    )
    assert matrices.values(record, "req_other_no_correction") == FIRST
    assert matrices.values(record, "req_other_fee_unpaid") == SECOND
    assert matrices.values(record, "req_other_misc") == BELOW.split()[1:]


@pytest.mark.parametrize(
    "lines",
    [
        # a row more than the form has there
        (
            f"（六）其他  甲乙丙丁    {row(FIRST)}",
            f"（六）其他  戊己庚辛    {row(SECOND)}",
            f"子丑寅卯    {row(FIRST)}",
        ),
        (f"（六）其他  缴纳费用、行政机关不再处理其    {row(SECOND)}",),  # a row less
        (f"（六）其他  缴纳费用    {row(SECOND[:6])}", f"农田水利    {row(FIRST)}"),  # a cell less
    ],
)
def test_values_behind_a_piece_of_a_heading_that_may_be_another_rows_are_told(lines: tuple[str, ...]) -> None:
    record = read(*lines)
    for code in ("req_other_no_correction", "req_other_fee_unpaid"):
        assert not any(value not in {None, "absent"} for value in matrices.values(record, code))
    assert matrices.values(record, "req_other_misc") == BELOW.split()[1:]
