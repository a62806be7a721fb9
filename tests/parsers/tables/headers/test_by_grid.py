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


OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
NAMES = dict(zip(OUTCOMES, ("upheld", "corrected", "other", "pending", "total"), strict=True))
SECTION = "四、政府信息公开行政复议、行政诉讼情况"


def record_of(*lines: str) -> dict[str, Any]:
    page = f"<!DOCTYPE html><h1>{matrices.TITLE}</h1><p>{SECTION}</p><table>{rows_of(*lines)}</table>"
    return matrices.read(page.encode())


def numbers(record: dict[str, Any]) -> dict[str, str]:
    return {cell["code"]: cell["value"] for cell in record["cells"] if cell["status"] == "number"}


@pytest.mark.parametrize("outcomes", [OUTCOMES[:4], OUTCOMES[1:], ("结果维持", "结果纠正", "总计")])
def test_reviews_and_suits_without_some_outcomes(outcomes: tuple[str, ...]) -> None:
    count = len(outcomes)
    tall = "|".join(f"{outcome}@2x1" for outcome in outcomes)
    values = [str(number) for number in range(1, 3 * count + 1)]
    record = record_of(
        f"行政复议@1x{count}|行政诉讼@1x{2 * count}",
        f"{tall}|未经复议直接起诉@1x{count}|复议后起诉@1x{count}",
        "|".join((*outcomes, *outcomes)),
        "|".join(values),
    )
    codes = [
        f"{block}__{NAMES[outcome]}" for block in ("review", "suit_direct", "suit_after_review") for outcome in outcomes
    ]
    assert numbers(record) == dict(zip(codes, values, strict=True))
    assert "cells_missing" in matrices.issues(record)


@pytest.mark.parametrize("outcomes", [OUTCOMES, OUTCOMES[:4]])
def test_suits_that_are_not_parted_are_told_and_reviews_read(outcomes: tuple[str, ...]) -> None:
    count = len(outcomes)
    values = [str(number) for number in range(1, 2 * count + 1)]
    record = record_of(f"行政复议@1x{count}|行政诉讼@1x{count}", "|".join((*outcomes, *outcomes)), "|".join(values))
    codes = [f"review__{NAMES[outcome]}" for outcome in outcomes]
    assert numbers(record) == dict(zip(codes, values[:count], strict=True))
    told = [issue["message"] for issue in record["issues"] if issue["code"] == "cell_of_no_form"]
    assert [
        f"{value} under 行政诉讼 {outcome}" in message
        for value, outcome, message in zip(values[count:], outcomes, told, strict=True)
    ] == [True] * count


@pytest.mark.parametrize("values", ["1|2|3|4|5|6|7|8|9|10|11", "1|2|3|4|5|6|7|8|9|10|11|12|13"])
def test_values_that_do_not_stand_under_such_outcomes_are_told(values: str) -> None:
    outcomes = OUTCOMES[:4]
    tall = "|".join(f"{outcome}@2x1" for outcome in outcomes)
    record = record_of(
        "行政复议@1x4|行政诉讼@1x8",
        f"{tall}|未经复议直接起诉@1x4|复议后起诉@1x4",
        "|".join((*outcomes, *outcomes)),
        values,
    )
    assert not numbers(record)
    assert "no_figures" in matrices.issues(record)


@pytest.mark.parametrize("outcomes", [OUTCOMES[:4], ("结果维持", "结果纠正", "总计")])
def test_blocks_as_rows_without_some_outcomes(outcomes: tuple[str, ...]) -> None:
    count = len(outcomes)
    rows = {"review": "行政复议@1x2", "suit_direct": "行政诉讼@2x1|未经复议直接起诉", "suit_after_review": "复议后起诉"}
    values = {block: [str(10 * at + number) for number in range(count)] for at, block in enumerate(rows, start=1)}
    record = record_of(
        "类型@1x2|" + "|".join(outcomes), *("|".join((label, *values[block])) for block, label in rows.items())
    )
    assert numbers(record) == {
        f"{block}__{NAMES[outcome]}": value
        for block in rows
        for outcome, value in zip(outcomes, values[block], strict=True)
    }


def test_a_row_of_suits_that_are_not_parted_is_told() -> None:
    record = record_of("类型|" + "|".join(OUTCOMES), "行政复议|1|2|3|4|10", "行政诉讼|5|6|7|8|26")
    reviews = [f"review__{NAMES[outcome]}" for outcome in OUTCOMES]
    assert numbers(record) == dict(zip(reviews, ["1", "2", "3", "4", "10"], strict=True))
    told = [issue["message"] for issue in record["issues"] if issue["code"] == "cell_of_no_form"]
    assert [message.split(": ")[1].split()[0] for message in told] == ["5", "6", "7", "8", "26"]


WORDS = ("自然人", *matrices.KINDS, "总计")
SUMS = ("31|6|0|1|4|2|44", "3|1|0|0|0|0|4", "0|2|1|0|0|0|3")


def blanked(*lost: int) -> str:
    return "|".join("" if at in lost else word for at, word in enumerate(WORDS))


@pytest.mark.parametrize("framing", ["page", "flat page", "sheet"])
@pytest.mark.parametrize("lost", [(4, 5), (1, 2), (1, 5), (2, 3, 4)])
def test_blank_heads_are_the_forms_where_rows_add_up(framing: str, lost: tuple[int, ...]) -> None:
    record = read_all(framing, blanked(*lost), *SUMS)
    assert [matrices.values(record, code) for code in CODES] == [row.split("|") for row in SUMS]
    assert "header_broken" in matrices.issues(record)


@pytest.mark.parametrize("framing", ["page", "flat page", "sheet"])
@pytest.mark.parametrize(
    ("words", "values"),
    [
        (blanked(4, 5), ("31|6|0|1|4|2|45", "3|1|0|0|0|0|5", "0|2|1|0|0|0|4")),  # the rows do not add up
        (blanked(1, 2, 3, 4), SUMS),  # most heads are blank
        ("自然人|科研机构|商业企业|社会公益组织|||总计", SUMS),  # in another order than the form's
        ("自然人|商业企业|科研机构|||总计", ("31|6|0|1|4|42", "3|1|0|0|0|4", "0|2|1|0|0|3")),  # a column is lacking
        ("自然人|商业企业|科研机构|||农业合作社|总计", SUMS),  # a head of no form
    ],
)
def test_blank_heads_that_may_be_others_give_no_number(framing: str, words: str, values: tuple[str, ...]) -> None:
    record = read_all(framing, words, *values)
    assert not any(cell["value"] for cell in record["cells"])
    assert matrices.issues(record) & {"header_missing", "header_cut", "header_broken"}


@pytest.mark.parametrize("framing", ["flat page", "sheet"])
def test_a_blank_head_of_the_total_gives_no_number(framing: str) -> None:
    record = read_all(framing, blanked(5, 6), *SUMS)
    assert not any(cell["value"] for cell in record["cells"])
