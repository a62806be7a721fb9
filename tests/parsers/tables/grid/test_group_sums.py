"""Headings over rows that are printed as rows with their sums are subtotals, and nothing else is."""

import pytest

from tests.parsers import matrices

ROWS = (
    "1.本机关不掌握相关政府信息|5|0|0|1|0|0|6",
    "2.没有现成信息需要另行制作|0|2|0|0|0|0|2",
    "3.补正后申请内容仍不明确|1|0|0|0|0|3|4",
)
HEADING = "（四）无法提供|6|2|0|1|0|3|12"
SUMS = ["6", "2", "0", "1", "0", "3", "12"]
FIRST = "（二）部分公开|1|0|0|0|0|0|1"
FLAT = f"办理情况|{'|'.join(matrices.FLAT)}"


def read(framing: str, *rows: str) -> dict[str, object]:
    if framing == "page":
        return matrices.read(matrices.page(*rows, head=matrices.rows_of(FLAT)))
    if framing == "tabs":
        return matrices.read(matrices.tabs(FLAT, *rows), "report.txt")
    return matrices.read(matrices.sheet(FLAT, *rows), "report.xlsx")


@pytest.mark.parametrize("framing", ["page", "tabs", "sheet"])
@pytest.mark.parametrize("label", ["（四）无法提供", "无法提供", "四、无法提供"])
def test_a_heading_with_the_sums_of_its_rows(framing: str, label: str) -> None:
    record = read(framing, FIRST, HEADING.replace("（四）无法提供", label), *ROWS)
    assert matrices.values(record, "req_unable") == SUMS
    assert matrices.values(record, "req_unable_not_held") == ["5", "0", "0", "1", "0", "0", "6"]
    assert not matrices.issues(record) & {"unknown_row", "cell_not_read", "doubled_code"}


@pytest.mark.parametrize("framing", ["page", "tabs", "sheet"])
@pytest.mark.parametrize(
    "rows",
    [
        (HEADING.replace("|12", "|13"), *ROWS),  # no sums
        ("（四）无法提供|5|0|0|1|0|0|6", *ROWS[1:]),  # the first row's own label is lost
        (HEADING, *ROWS[:2]),  # a row is lost
        ("（四）无法提供|6|2|0|1|3|12", *ROWS),  # a cell is lost
    ],
)
def test_headings_whose_lines_may_be_other_rows(framing: str, rows: tuple[str, ...]) -> None:
    record = read(framing, FIRST, *rows)
    assert matrices.values(record, "req_unable") == ["absent"] * 7
    assert matrices.issues(record) & {"unknown_row", "label_lost", "row_without_label"}


def test_a_heading_in_a_column_of_its_own_is_no_row() -> None:
    head = matrices.rows_of(f"办理情况@1x2|{'|'.join(matrices.FLAT)}")
    rows = ["（四）无法提供@1x1||6|2|0|1|0|3|12", *(f"|{row}" for row in ROWS)]
    record = matrices.read(matrices.page(FIRST.replace("部分公开|", "部分公开@1x2|"), *rows, head=head))
    assert matrices.values(record, "req_unable") == ["absent"] * 7
