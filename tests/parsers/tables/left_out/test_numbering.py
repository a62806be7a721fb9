"""Columns that number the rows and rows that number the columns give no figure and cost none."""

from typing import Any

import pytest

from parsers.document import Locator
from parsers.forms.templates import load
from parsers.tables.left_out.numbering import drop_numbering
from parsers.tables.model import NumberedLine, Slot
from parsers.tables.vocabulary import vocabulary
from tests.parsers import matrices
from tests.parsers.matrices import rows_of

READ = {
    "req_new": ["31", "6", "17", "41", "21", "15", "131"],
    "req_carried_in": ["1", "0", "0", "0", "3", "0", "4"],
    "req_granted": ["0", "0", "0", "7", "3", "0", "10"],
    "req_partial": ["2", "", "0", "1", "0", "0", "3"],
}
LABELS = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "（一）予以公开",
    "（二）部分公开",
)
FLAT = "|".join(matrices.FLAT)


def numbered(first: int = 1) -> list[str]:
    cells = ["|".join(values) for values in READ.values()]
    return [f"{label}|{first + at}|{cells[at]}" for at, label in enumerate(LABELS)]


def read_all(record: dict[str, Any]) -> dict[str, list[str]]:
    return {row: [value or "" for value in matrices.values(record, row)] for row in READ}


@pytest.mark.parametrize("word", ["行次", "行号", "序号", "编号"])
@pytest.mark.parametrize(
    "numbers", ["", "甲|乙|1|2|3|4|5|6|7", "栏次||1|2|3|4|5|6|7", "A|B|(1)|(2)|(3)|(4)|(5)|(6)|(7)"]
)
@pytest.mark.parametrize("framing", ["page", "tabs", "sheet"])
def test_a_column_of_numbers_behind_the_labels(framing: str, numbers: str, word: str) -> None:
    rows = [*([numbers] if numbers else []), *numbered()]
    flat = f"申请人情况|{word}|{FLAT}"
    if framing == "page":
        head = rows_of(
            f"{matrices.CORNER}@3x1|{word}@3x1|申请人情况@1x7",
            "自然人@2x1|法人或其他组织@1x5|总计@2x1",
            "|".join(matrices.KINDS),
        )
        record = matrices.read(matrices.page(*rows, head=head))
    elif framing == "tabs":
        record = matrices.read(matrices.tabs(flat, *rows), "report.txt")
    else:
        record = matrices.read(matrices.sheet(flat, *rows), "report.xlsx")
    assert read_all(record) == READ
    assert not matrices.issues(record) & {"cell_count", "cell_not_read"}


def test_numbers_behind_labels_of_different_depth_in_text() -> None:
    flat = f"申请人情况|行次|{FLAT}"
    rows = numbered(5)
    rows[2] = f"三、本年度办理结果|{rows[2]}"
    record = matrices.read(matrices.tabs(flat, *rows), "report.txt")
    assert read_all(record) == READ


def test_numbers_that_do_not_count_are_told() -> None:
    flat = f"申请人情况|行次|{FLAT}"
    rows = numbered()
    rows[1] = rows[1].replace("|2|", "|7|", 1)
    record = matrices.read(matrices.tabs(flat, *rows), "report.txt")
    assert "cell_count" in matrices.issues(record)
    for row, values in READ.items():
        read = matrices.values(record, row)
        assert all(value in {None, "", own} for value, own in zip(read, values, strict=True))


def test_numbered_columns_of_a_record_and_of_small_tables() -> None:
    outcomes = "结果维持|结果纠正|其他结果|尚未审结|总计"
    small = rows_of(
        "信息内容|行次|本年制发件数|本年废止件数|现行有效件数",
        "甲|乙|1|2|3",
        "规章|1|0|0|5",
        "行政规范性文件|2|9|2|75",
        "信息内容|行次|本年处理决定数量@1x3",
        "甲|乙|4@1x3",
        "行政许可|3|843@1x3",
    )
    record_rows = rows_of(
        "行政复议@1x5|行政诉讼@1x10",
        f"{'|'.join(f'{word}@2x1' for word in outcomes.split('|'))}|未经复议直接起诉@1x5|复议后起诉@1x5",
        f"{outcomes}|{outcomes}",
        "|".join(str(number) for number in range(1, 16)),
        "4|6|0|0|10|0|0|6|1|7|5|0|5|0|10",
    )
    tables = f"<table>{small}</table><table>{record_rows}</table>"
    page = f"<!DOCTYPE html><meta charset=utf-8><h1>{matrices.TITLE}</h1>{tables}"
    record = matrices.read(page.encode())
    values = {cell["code"]: cell["value"] for cell in record["cells"] if cell["status"] == "number"}
    assert {code: values.get(code) for code in ("rules_in_force", "normdocs_issued", "normdocs_in_force")} == {
        "rules_in_force": "5",
        "normdocs_issued": "9",
        "normdocs_in_force": "75",
    }
    assert values["permit_decisions"] == "843"
    assert [values[f"review__{column}"] for column in ("upheld", "corrected", "other", "pending", "total")] == [
        *("4", "6", "0", "0", "10")
    ]
    assert values["suit_after_review__total"] == "10"
    assert not matrices.issues(record) & {"printed_twice", "cell_not_read"}


def lines(*rows: str) -> list[NumberedLine]:
    found: list[NumberedLine] = []
    for number, row in enumerate(rows):
        slots = [
            Slot(text, Locator.of("html", table=0, row=number, col=column), column)
            for column, text in enumerate(row.split("|"))
        ]
        found.append((number, slots))
    return found


def texts(rows: list[NumberedLine]) -> list[str]:
    return ["|".join(slot.text for slot in slots) for _, slots in rows]


def test_a_long_column_that_counts_needs_no_header() -> None:
    rows = [f"某项{'甲' * at}|{at}|{at * 3 % 7}" for at in range(1, 9)]
    words = vocabulary(load())
    kept, dropped = drop_numbering(lines("项目||数量", *rows), words, ragged=False)
    assert texts(kept)[1:] == [row.replace(f"|{at}|", "|", 1) for at, row in enumerate(rows, start=1)]
    assert len(dropped) == 8
    short, untouched = drop_numbering(lines("项目||数量", *rows[:7]), words, ragged=False)
    assert (len(short), untouched) == (8, [])


@pytest.mark.parametrize("row", ["行政许可|1|2|3", "1|2|3|4", "1|2|3|4|5|6|7", "2|3|4|5|6|7", "甲|1|3|5", "甲|乙"])
def test_rows_that_are_no_numbers_of_columns(row: str) -> None:
    kept, dropped = drop_numbering(lines(row), vocabulary(load()), ragged=False)
    assert (texts(kept), dropped) == ([row], [])
