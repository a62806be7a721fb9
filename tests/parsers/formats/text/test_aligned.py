"""Text set in columns with spaces: the place tells the column, also of blank cells and below wrapped labels."""

from __future__ import annotations

import unicodedata

import pytest

from parsers import Hints
from parsers.document import Table
from parsers.formats import read_document, resolve
from tests.parsers import matrices

HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def wide(text: str, chinese: int, ambiguous: int) -> int:
    kinds = [unicodedata.east_asian_width(char) for char in text]
    return sum(ambiguous if kind == "A" else chinese if kind in "WF" else 1 for kind in kinds)


def padded(text: str, width: int, chinese: int, ambiguous: int, *, right: bool = False) -> str:
    blanks = " " * (width - wide(text, chinese, ambiguous))
    return blanks + text if right else text + blanks


def printed(
    rows: list[tuple[str, str]], widths: tuple[int, int] = (2, 2), label: int = 40, *, right: bool = False
) -> bytes:
    """Rows of label and values (``.``: blank) below the form's headers, in columns of 14."""

    def line(first: str, cells: list[str]) -> str:
        set_ = [padded(cell, 14, *widths, right=right) for cell in cells]
        return (padded(first, label, *widths) + "".join(set_)).rstrip()

    lines = [matrices.TITLE, matrices.SECTION, "", line("", HEADS)]
    for first, values in rows:
        lines.append(line(first, ["" if value == "." else value for value in values.split()]))
    return "\n".join([*lines, "", "五、存在的主要问题及改进情况"]).encode()


def tables(data: bytes) -> tuple[Table, ...]:
    document = read_document(data, Hints(url="a.txt"))
    for table in document.tables():
        for cell in table.cells:
            assert resolve(data, cell.locator, Hints(url="a.txt")) == cell.text
    return document.tables()


@pytest.mark.parametrize("widths", [(2, 2), (2, 1), (1, 1)])
@pytest.mark.parametrize("right", [False, True])
def test_the_place_tells_the_column_of_a_row_with_blanks(widths: tuple[int, int], *, right: bool) -> None:
    data = printed(
        [
            ("一、本年新收政府信息公开申请数量", "45 4 3 1 7 1 61"),
            ("二、上年结转政府信息公开申请数量", "4 . 2 2 2 . 10"),
            ("（一）予以公开", ". . . . 4 . 4"),
            ("3.危及“三安全一稳定”", "1 . . 1 . 1 3"),
        ],
        widths,
        right=right,
    )
    assert len(tables(data)) == 1
    record = matrices.read(data, "a.txt")
    assert matrices.values(record, "req_new") == ["45", "4", "3", "1", "7", "1", "61"]
    assert matrices.values(record, "req_carried_in") == ["4", "", "2", "2", "2", "", "10"]
    assert matrices.values(record, "req_granted") == ["", "", "", "", "4", "", "4"]
    assert matrices.values(record, "req_denied_security_stability") == ["1", "", "", "1", "", "1", "3"]


def test_a_label_that_fills_its_column_goes_on_below_its_values() -> None:
    data = printed(
        [
            ("（一）予以公开", "4 0 0 0 5 0 9"),
            ("2.其他法律行政法规禁止公", "1 0 0 0 0 0 1"),
            ("开", ""),
            ("1.申请人无正当理由逾期不", "0 0 0 0 1 0 1"),
            ("补正、行政机关不再处理其", ""),
            ("政府信息公开申请", ""),
            ("3.其他", "2 0 0 0 0 0 2"),
        ],
        label=26,
    )
    (table,) = tables(data)
    assert "2.其他法律行政法规禁止公\n开" in [cell.text for cell in table.cells]
    record = matrices.read(data, "a.txt")
    assert matrices.values(record, "req_denied_other_law") == ["1", "0", "0", "0", "0", "0", "1"]
    assert matrices.values(record, "req_other_no_correction") == ["0", "0", "0", "0", "1", "0", "1"]
    assert not matrices.issues(record) & {"label_cut", "label_lost", "label_misspelt"}


def test_rows_without_values_are_rows_of_their_own() -> None:
    data = printed(
        [
            ("1.属于国家秘密", ". . . . . . ."),
            ("2.其他法律行政法规禁止公开", ". . . . . . ."),
            ("3.危及“三安全一稳定”", "1 . . 1 . 1 3"),
        ],
        label=26,
    )
    record = matrices.read(data, "a.txt")
    assert matrices.values(record, "req_denied_state_secret") == [""] * 7
    assert matrices.values(record, "req_denied_security_stability") == ["1", "", "", "1", "", "1", "3"]


@pytest.mark.parametrize("moved", [1, 2, 5])
def test_a_number_below_no_header_makes_no_table(moved: int) -> None:
    data = printed([("一、本年新收政府信息公开申请数量", "45 4 3 1 7 1 61"), ("（一）予以公开", "5 . . . 4 . 9")])
    text = data.decode()
    at = text.index("（一）予以公开") + len("（一）予以公开")
    assert tables((text[:at] + " " * moved + text[at:]).encode()) == ()
