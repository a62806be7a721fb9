"""Tables of requests with other columns than the form's are read by their words; what no form has is told."""

from typing import Any

import pytest

from tests.parsers import matrices
from tests.parsers.matrices import rows_of

ROWS = ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开")
CODES = ("req_new", "req_carried_in", "req_granted")
OVER = f"{matrices.CORNER}@3x3|申请人情况"


def rows(*values: str) -> list[str]:
    return [f"{label}|{value}" for label, value in zip(ROWS, values, strict=True)]


def read_all(framing: str, words: str, *values: str) -> dict[str, Any]:
    """The record of a table whose header is in one line, or in three as the form's."""
    if framing == "page":
        kinds = words.split("|")[1:-1]
        second = f"自然人@2x1|法人或其他组织@1x{len(kinds)}|总计@2x1"
        head = rows_of(f"{OVER}@1x{len(kinds) + 2}", second, "|".join(kinds))
        wide = [row.replace("|", "@1x3|", 1) for row in rows(*values)]
        return matrices.read(matrices.page(*wide, head=head))
    flat = f"申请人情况|{words}"
    if framing == "flat page":
        return matrices.read(matrices.page(*rows(*values), head=rows_of(flat)))
    if framing == "tabs":
        return matrices.read(matrices.tabs(flat, *rows(*values)), "report.txt")
    return matrices.read(matrices.sheet(flat, *rows(*values)), "report.xlsx")


@pytest.mark.parametrize("framing", ["page", "flat page", "tabs", "sheet"])
@pytest.mark.parametrize(
    ("words", "columns"),
    [
        ("自然人|商业企业|法律服务机构|总计", ("natural", "company", "legal", "total")),
        ("自然人|科研机构|其他|总计", ("natural", "research", "other_org", "total")),
        ("自然人|社会公益组织|法律服务机构|其他|总计", ("natural", "welfare", "legal", "other_org", "total")),
    ],
)
def test_columns_of_the_form_that_are_left_out(framing: str, words: str, columns: tuple[str, ...]) -> None:
    middle = {4: "|2|1", 5: "|2|1|0"}[len(columns)]
    record = read_all(framing, words, f"5{middle}|8", f"1{middle}|4", f"0{middle}|3")
    for code, natural in zip(CODES, "510", strict=True):
        cells = dict(zip(matrices.CODES, matrices.values(record, code), strict=True))
        assert cells.pop("natural") == natural
        assert [cells[column] for column in columns[1:-1]] == middle.split("|")[1:]
        assert {column for column, value in cells.items() if value == "absent"} == set(matrices.CODES) - set(columns)


@pytest.mark.parametrize("framing", ["flat page", "tabs", "sheet"])
@pytest.mark.parametrize(
    ("words", "strange"),
    [
        ("自然人|企业法人及其他营利组织|非营利组织|总计", (1, 2)),
        ("自然人|商业企业|科研机构|社会公益组织|法律服务机构|外国组织|总计", (5,)),
        ("自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|外国组织|总计", (6,)),
    ],
)
def test_columns_that_no_form_has_are_told_and_the_others_read(
    framing: str, words: str, strange: tuple[int, ...]
) -> None:
    count = len(words.split("|"))
    values = ["|".join(str(start + at) for at in range(count)) for start in (10, 20, 30)]
    record = read_all(framing, words, *values)
    for code, value in zip(CODES, values, strict=True):
        numbers = value.split("|")
        cells = matrices.values(record, code)
        assert (cells[0], cells[-1]) == (numbers[0], numbers[-1])
        assert all(cell == "absent" or cell in numbers for cell in cells)
        assert not {numbers[at] for at in strange} & set(cells)
    told = [issue["message"] for issue in record["issues"] if issue["code"] == "cell_of_no_form"]
    assert len(told) == 3 * len(strange)
    assert all(words.split("|")[strange[0]] in message for message in told[:: len(strange)])


@pytest.mark.parametrize("framing", ["page", "tabs", "sheet"])
@pytest.mark.parametrize("word", ["数量（件）", "件数", "办理数量(件)", "总计"])
def test_one_number_a_row_is_the_total(framing: str, word: str) -> None:
    head, numbers = f"办理情况|{word}", ("70", "6", "15")
    if framing == "page":
        record = matrices.read(matrices.page(*rows(*numbers), head=rows_of(head)))
    elif framing == "tabs":
        record = matrices.read(matrices.tabs(head, *rows(*numbers)), "report.txt")
    else:
        record = matrices.read(matrices.sheet(head, *rows(*numbers)), "report.xlsx")
    found = {code: matrices.values(record, code) for code in CODES}
    assert {code: cells[-1] for code, cells in found.items()} == dict(zip(CODES, numbers, strict=True))
    assert all(set(cells[:-1]) == {"absent"} for cells in found.values())


def test_a_header_line_that_lost_a_cell_says_nothing_by_its_grid() -> None:
    kinds = "|".join(kind for kind in matrices.KINDS if kind != "科研机构")
    head = rows_of(f"{OVER}@1x7", "自然人@2x1|法人或其他组织@1x5|总计@2x1", kinds)
    values = ("31|6|0|1|4|2|44", "3|1|0|0|0|0|4", "9|2|7|1|0|0|19")
    wide = [row.replace("|", "@1x3|", 1) for row in rows(*values)]
    record = matrices.read(matrices.page(*wide, head=head))
    for code, value in zip(CODES, values, strict=True):
        assert matrices.values(record, code) == value.split("|")  # by the form's order, the lost one told
    assert "header_misspelt" in matrices.issues(record)


def test_rows_that_do_not_stand_under_such_a_header_give_no_number() -> None:
    head = rows_of("申请人情况|自然人|商业企业|法律服务机构|总计")
    record = matrices.read(matrices.page(*rows("5|2|1|8|9", "1|0|0|1|2", "0|2|1|3|4"), head=head))
    assert not any(cell["status"] == "number" for cell in record["cells"])
