"""Where zeros are not printed, and nothing but its place tells the column of a number."""

from typing import Any

import pytest

from parsers.formats.text.widths import WAYS_OF_COUNTING, screen_widths
from tests.parsers import matrices
from tests.parsers.formats.tiny_pdf import Sheet, pdf

WORDS = ("自然人", *matrices.KINDS, "总计")
LABELS = {
    "req_new": "一、本年新收政府信息公开申请数量",
    "req_carried_in": "二、上年结转政府信息公开申请数量",
    "req_granted": "（一）予以公开",
    "req_denied_state_secret": "1.属于国家秘密",
    "req_denied_security_stability": "3.危及“三安全一稳定”",
    "req_outcome_total": "（七）总计",
}
VALUES = {
    "req_new": ["18", "21", "17", "19", "7", "21", "103"],
    "req_carried_in": ["", "", "4", "", "", "", "4"],
    "req_granted": ["7", "", "7", "", "9", "", "23"],
    "req_denied_state_secret": ["", "", "", "", "", "12", "12"],
    "req_denied_security_stability": ["2", "", "", "", "", "2", "4"],
    "req_outcome_total": ["18", "25", "14", "19", "7", "21", "104"],
}
FULL = ("req_new", "req_outcome_total")
WIDTH = 14


def centred(text: str, width: int, widths: tuple[int, int]) -> str:
    room = width - screen_widths(text, widths)
    return " " * (room // 2) + text + " " * (room - room // 2)


def set_in_text(values: dict[str, list[str]], widths: tuple[int, int] = (2, 1)) -> list[str]:
    """Lines whose cells are set in the middle of their columns."""
    lines = [centred("申请人情况", 44, widths) + "".join(centred(word, WIDTH, widths) for word in WORDS)]
    for row, cells in values.items():
        lines.append(centred(LABELS[row], 44, widths) + "".join(centred(cell, WIDTH, widths) for cell in cells))
    return [line.rstrip() for line in lines]


def read_text(lines: list[str]) -> dict[str, Any]:
    return matrices.read("\n".join([matrices.TITLE, "", matrices.SECTION, *lines]).encode(), "report.txt")


def read_all(record: dict[str, Any]) -> dict[str, list[str | None]]:
    """The rows as they were read; blanks of a line that has no cells for them are absent."""
    found = {row: matrices.values(record, row) for row in VALUES}
    return {row: ["" if value == "absent" else value for value in values] for row, values in found.items()}


@pytest.mark.parametrize("widths", WAYS_OF_COUNTING)
def test_numbers_in_the_middle_of_their_columns_in_text(widths: tuple[int, int]) -> None:
    record = read_text(set_in_text(VALUES, widths))
    assert read_all(record) == VALUES
    assert "cell_count" not in matrices.issues(record)


def page(values: dict[str, list[str]], shift: dict[str, float] | None = None) -> bytes:
    """A page without rules; ``shift``: how far the numbers of a row stand right of their columns."""
    sheet = Sheet(900, 600)
    sheet.text(60, 40, matrices.TITLE, 11)
    sheet.text(60, 70, matrices.SECTION)
    columns = [330.0 + 75 * at for at in range(7)]
    for x, word in zip(columns, WORDS, strict=True):
        sheet.text(x, 100, word, 9)
    for at, (row, cells) in enumerate(values.items()):
        sheet.text(60, 125 + 25 * at, LABELS[row], 9)
        for x, cell in zip(columns, cells, strict=True):
            if cell:
                sheet.text(x + 18 - 2.5 * len(cell) + (shift or {}).get(row, 0.0), 125 + 25 * at, cell, 9)
    return pdf(sheet)


def test_numbers_below_each_other_on_a_page_without_rules() -> None:
    record = matrices.read(page(VALUES), "report.pdf")
    assert read_all(record) == VALUES
    assert "cell_count" not in matrices.issues(record)


def assert_told(record: dict[str, Any], row: str) -> None:
    """No number of a row is read but for those that it prints in any case."""
    assert not any(value not in {None, "absent", ""} for value in matrices.values(record, row))
    assert matrices.issues(record) & {"cell_count", "cells_missing"}


@pytest.mark.parametrize("row", ["req_granted", "req_denied_security_stability"])
@pytest.mark.parametrize("by", [37.0, 75.0, -75.0])
def test_numbers_that_stand_between_columns_or_under_others_are_told(row: str, by: float) -> None:
    record = matrices.read(page(VALUES, {row: by}), "report.pdf")
    assert_told(record, row)


def test_a_row_that_does_not_add_up_is_told() -> None:
    values = VALUES | {"req_granted": ["7", "", "7", "", "9", "", "24"]}
    for record in (read_text(set_in_text(values)), matrices.read(page(values), "report.pdf")):
        assert_told(record, "req_granted")


def test_a_row_whose_numbers_moved_because_a_cell_is_lost_is_told() -> None:
    lines = set_in_text(VALUES)
    at = list(VALUES).index("req_granted") + 1
    lines[at] = lines[at].replace(" " * WIDTH, "", 2)
    assert_told(read_text(lines), "req_granted")


def test_headers_tell_the_columns_where_too_few_rows_are_full() -> None:
    values = {row: cells for row, cells in VALUES.items() if row not in FULL}
    for record in (read_text(set_in_text(values)), matrices.read(page(values), "report.pdf")):
        assert {row: cells for row, cells in read_all(record).items() if row not in FULL} == values


def test_numbers_between_headers_are_told_where_too_few_rows_are_full() -> None:
    values = {row: cells for row, cells in VALUES.items() if row not in FULL}
    lines = set_in_text(values)
    at = list(values).index("req_granted") + 1
    lines[at] = lines[at].replace("）予以公开", "）予以公开" + " " * (WIDTH // 2))
    assert_told(read_text(lines), "req_granted")
    assert_told(matrices.read(page(values, {"req_granted": 37.0}), "report.pdf"), "req_granted")


def test_a_total_that_is_not_printed_leaves_its_row_open() -> None:
    values = VALUES | {"req_granted": ["7", "", "7", "", "9", "", ""]}
    assert_told(read_text(set_in_text(values)), "req_granted")


OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
CODES = [
    f"{block}__{column}"
    for block in ("review", "suit_direct", "suit_after_review")
    for column in ("upheld", "corrected", "other", "pending", "total")
]
RECORD = ["5", "6", "1", "", "12", "", "", "", "3", "3", "", "1", "4", "6", "11"]


def read_record(values: list[str], shift: int = 0) -> dict[str, str]:
    """The numbers of a record set in text, under headers in two lines; ``shift``: blanks before its values."""
    over = "".join(centred(word, 50, (2, 1)) for word in ("行政复议", "未经复议直接起诉", "复议后起诉"))
    heads = "".join(centred(word, 10, (2, 1)) for word in OUTCOMES * 3)
    row = " " * shift + "".join(centred(value, 10, (2, 1)) for value in values)
    text = f"{matrices.TITLE}\n四、政府信息公开行政复议、行政诉讼情况\n{over}\n{heads}\n{row.rstrip()}"
    record = matrices.read(text.encode(), "report.txt")
    return {cell["code"]: cell["value"] for cell in record["cells"] if cell["value"] is not None}


def test_a_record_under_its_headers() -> None:
    assert read_record(RECORD) == {code: value for code, value in zip(CODES, RECORD, strict=True) if value}


@pytest.mark.parametrize("shift", [5, 10, 50])
def test_a_record_beside_its_headers_is_told(shift: int) -> None:
    assert read_record(RECORD, shift) == {}


@pytest.mark.parametrize("at", [0, 4, 8, 14])
def test_a_record_that_does_not_add_up_or_lacks_a_total_is_told(at: int) -> None:
    assert read_record([*RECORD[:at], "", *RECORD[at + 1 :]]) == {}


def test_a_record_whose_last_block_is_blank_may_have_been_trimmed_and_is_told() -> None:
    assert read_record([*RECORD[:5], *[""] * 10]) == {}
    assert read_record([*RECORD[10:], *[""] * 10]) == {}
