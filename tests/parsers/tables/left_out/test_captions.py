"""The same table of two years: captions decide which of them is the report's."""

from typing import Any

import pytest

from tests.parsers import matrices
from tests.parsers.matrices import rows_of

OWN = {"req_new": ["31", "6", "0", "1", "4", "2", "44"], "req_carried_in": ["3", "1", "0", "0", "0", "0", "4"]}
OTHER = {"req_new": ["9", "8", "7", "6", "5", "4", "39"], "req_carried_in": ["2", "2", "2", "2", "2", "2", "12"]}
LABELS = {"req_new": "一、本年新收政府信息公开申请数量", "req_carried_in": "二、上年结转政府信息公开申请数量"}
FLAT = f"申请人情况|{'|'.join(matrices.FLAT)}"
PROACTIVE = "信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|0|1|2", "行政规范性文件|3|4|5"


def requests(values: dict[str, list[str]]) -> list[str]:
    return [FLAT, *("|".join([LABELS[row], *cells]) for row, cells in values.items())]


def page(*parts: tuple[str, list[str]], tied: bool = False) -> dict[str, Any]:
    """A page with a table of each part below its caption; ``tied``: the caption is the table's own."""
    body = f"<table>{rows_of(*PROACTIVE)}</table>"
    for caption, rows in parts:
        own = f"<caption>{caption}</caption>" if tied else ""
        body += f"{'' if tied else f'<p>{caption}</p>'}<table>{own}{rows_of(*rows)}</table>"
    return matrices.read(f"<!DOCTYPE html><meta charset=utf-8><h1>{matrices.TITLE}</h1>{body}".encode())


def read(record: dict[str, Any]) -> dict[str, list[str | None]]:
    return {row: matrices.values(record, row) for row in OWN}


PAIRS = [
    ("表1　2021年收到和处理政府信息公开申请情况（供对照）", "表2　2022年收到和处理政府信息公开申请情况"),
    ("2021年度", "2022年度"),
    ("上年收到和处理政府信息公开申请情况", "三、收到和处理政府信息公开申请情况"),
    ("附表：2021年申请情况", "单位：件"),
]


@pytest.mark.parametrize("own_first", [True, False])
@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_captions_of_two_years(old: str, new: str, own_first: bool) -> None:
    parts = [(new, requests(OWN)), (old, requests(OTHER))]
    record = page(*(parts if own_first else parts[::-1]))
    assert read(record) == OWN
    codes = matrices.issues(record)
    assert "table_left_out" in codes
    assert not codes & {"further_tables", "printed_twice", "cell_not_read"}
    # The tables that are printed once are this year's.
    found = {cell["code"]: cell["value"] for cell in record["cells"]}
    assert [found[f"normdocs_{what}"] for what in ("issued", "repealed", "in_force")] == ["3", "4", "5"]


def test_a_caption_that_is_tied_to_its_table() -> None:
    assert read(page(("2021年申请情况", requests(OTHER)), ("2022年申请情况", requests(OWN)), tied=True)) == OWN


def test_a_caption_in_the_first_row_of_its_table() -> None:
    old, new = (["2021年申请办理情况", *requests(OTHER)], ["2022年申请办理情况", *requests(OWN)])
    assert read(page(("", old), ("", new))) == OWN


@pytest.mark.parametrize("bars", [False, True])
def test_captions_over_tables_set_as_text(bars: bool) -> None:
    lines = ["2021年收到和处理政府信息公开申请情况", *requests(OTHER), "", "2022年收到和处理政府信息公开申请情况"]
    lines += requests(OWN)
    text = [f"|{line}|" if bars and "|" in line else line.replace("|", "\t") for line in lines]
    record = matrices.read("\n".join([matrices.TITLE, "", *text]).encode(), "report.md" if bars else "report.txt")
    assert read(record) == OWN


def test_last_years_table_over_two_tables_of_the_document() -> None:
    new, old = requests(OWN), requests(OTHER)
    record = page(("2021年申请情况", old[:2]), ("", [FLAT, *old[2:]]), ("2022年申请情况", new))
    assert read(record) == OWN


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2022年申请情况", "2022年申请情况"),
        ("2021年申请情况", "2020年申请情况"),
        ("供对照", "三、收到和处理政府信息公开申请情况"),
        ("2021年与2022年申请情况", "申请情况"),
        ("附：上年数据", "附表"),
    ],
)
def test_captions_that_do_not_decide(first: str, second: str) -> None:
    record = page((first, requests(OTHER)), (second, requests(OWN)))
    assert not any(cell["value"] for cell in record["cells"] if cell["code"].startswith("req_"))
    assert matrices.issues(record) & {"further_tables", "printed_twice"}


def test_a_table_printed_once_is_read_whatever_its_caption() -> None:
    assert read(page(("2021年收到和处理政府信息公开申请情况", requests(OWN)))) == OWN


def test_last_years_table_with_rows_that_this_years_has_not_is_not_left_out() -> None:
    more = [*requests(OTHER), "（一）予以公开|1|0|0|0|0|0|1"]
    record = page(("2021年申请情况", more), ("2022年申请情况", requests(OWN)))
    assert "table_left_out" not in matrices.issues(record)
