"""Columns of another year, of changes, shares and remarks cost no figure and give none."""

from typing import Any

import pytest

from tests.parsers import matrices
from tests.parsers.matrices import rows_of

READ = {"req_new": ["31", "6", "0", "1", "4", "2", "44"], "req_carried_in": ["3", "1", "0", "0", "0", "0", "4"]}
NEW = "一、本年新收政府信息公开申请数量|31|6|0|1|4|2|44"
OLD = "二、上年结转政府信息公开申请数量|3|1|0|0|0|0|4"


def numbers(record: dict[str, Any]) -> dict[str, str]:
    return {cell["code"]: cell["value"] for cell in record["cells"] if cell["status"] == "number"}


def proactive(*rows: str, title: str = matrices.TITLE) -> bytes:
    table = f"<table>{rows_of(*rows)}</table>"
    return f"<!DOCTYPE html><meta charset=utf-8><h1>{title}</h1><p>二、主动公开政府信息情况</p>{table}".encode()


@pytest.mark.parametrize("framing", ["page", "tabs", "sheet"])
@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("上年总计", ("52", "7")),
        ("上年总计|增减", ("52|-8", "7|-3")),
        ("占比|备注", ("91.7%|其中网上申请2件", "8.3%|")),
        ("2021年总计|同比增长", ("52|-15%", "7|-43%")),
    ],
)
def test_columns_behind_those_of_requests(framing: str, words: str, values: tuple[str, str]) -> None:
    rows = [f"{row}|{value}" for row, value in zip((NEW, OLD), values, strict=True)]
    flat = f"申请人情况|{'|'.join(matrices.FLAT)}|{words}"
    if framing == "page":
        tall = "|".join(f"{word}@2x1" for word in words.split("|"))
        head = rows_of(
            f"{matrices.CORNER}@3x3|申请人情况@1x9",
            f"自然人@2x1|法人或其他组织@1x5|总计@2x1|{tall}",
            "|".join(matrices.KINDS),
        )
        rows = [row.replace("数量|", "数量@1x3|") for row in rows]
        record = matrices.read(matrices.page(*rows, head=head))
    elif framing == "tabs":
        record = matrices.read(matrices.tabs(flat, *rows), "report.txt")
    else:
        record = matrices.read(matrices.sheet(flat, *rows), "report.xlsx")
    assert {row: matrices.values(record, row) for row in READ} == READ
    assert "cell_count" not in matrices.issues(record)
    (told,) = [issue["message"] for issue in record["issues"] if issue["code"] == "columns_left_out"]
    assert told.endswith(words.replace("|", ", "))
    assert "cell_not_read" not in matrices.issues(record)


@pytest.mark.parametrize("years", [("2022年", "2021年"), ("2021年度", "2022年度")])
def test_seven_columns_for_each_of_two_years(years: tuple[str, str]) -> None:
    other = "|9|8|7|6|5|4|39"
    own_first = years[0].startswith("2022")
    head = rows_of(
        f"{matrices.CORNER}@3x1|{years[0]}申请人情况@1x7|{years[1]}申请人情况@1x7",
        "自然人@2x1|法人或其他组织@1x5|总计@2x1|自然人@2x1|法人或其他组织@1x5|总计@2x1",
        "|".join((*matrices.KINDS, *matrices.KINDS)),
    )
    rows = [row + other if own_first else row.replace("数量|", f"数量{other}|") for row in (NEW, OLD)]
    record = matrices.read(matrices.page(*rows, head=head))
    assert {row: matrices.values(record, row) for row in READ} == READ


@pytest.mark.parametrize("years", ["2021年|2022年", "2021|2022", "2021年度|2022年度", "上年|本年", "去年同期|本年度"])
def test_two_years_under_each_column_of_a_small_table(years: str) -> None:
    record = matrices.read(
        proactive(
            "信息内容@2x1|本年制发件数@1x2|本年废止件数@1x2|现行有效件数@1x2",
            f"{years}|{years}|{years}",
            "规章|9|0|8|1|7|2",
            "行政规范性文件|17|18|7|8|105|33",
            "第二十条第（五）项@1x7",
            "信息内容@2x1|本年处理决定数量@1x6",
            "|".join(f"{year}@1x3" for year in years.split("|")),
            "行政许可|4628@1x3|4097@1x3",
        )
    )
    assert numbers(record) == {
        "rules_issued": "0",
        "rules_repealed": "1",
        "rules_in_force": "2",
        "normdocs_issued": "18",
        "normdocs_repealed": "8",
        "normdocs_in_force": "33",
        "permit_decisions": "4097",
    }


def test_two_years_under_each_outcome() -> None:
    outcomes = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    table = rows_of(
        "类别@2x2|" + "|".join(f"{outcome}@1x2" for outcome in outcomes),
        "|".join(["2022年|2021年"] * 5),
        "行政复议@1x2|5|0|4|2|6|2|3|2|18|6",
        "行政诉讼@2x1|未经复议直接起诉|4|2|0|0|1|3|6|7|11|12",
        "复议后起诉|2|3|0|5|1|2|3|2|6|12",
    )
    section = "<p>四、政府信息公开行政复议、行政诉讼情况</p>"
    record = matrices.read(f"<!DOCTYPE html><h1>{matrices.TITLE}</h1>{section}<table>{table}</table>".encode())
    blocks = {"review": "5 4 6 3 18", "suit_direct": "4 0 1 6 11", "suit_after_review": "2 0 1 3 6"}
    codes = ("upheld", "corrected", "other", "pending", "total")
    expected = {
        f"{block}__{code}": value
        for block, values in blocks.items()
        for code, value in zip(codes, values.split(), strict=True)
    }
    assert numbers(record) == expected


def test_a_number_over_both_years_is_of_neither_for_certain() -> None:
    record = matrices.read(
        proactive("信息内容@2x1|本年处理决定数量@1x2", "2021年|2022年", "行政许可|45@1x2", "行政处罚|7|8")
    )
    assert numbers(record) == {"penalty_decisions": "8"}
    assert "merged_cell" in matrices.issues(record)


@pytest.mark.parametrize(
    ("title", "years"),
    [
        (matrices.TITLE, ("2021年",)),  # a header that was not renewed
        ("某市林业局政府信息公开工作年度报告", ("2021年", "2022年")),  # of which year the report is, is not said
    ],
)
def test_where_no_column_is_the_reports_for_certain_nothing_is_left_out(title: str, years: tuple[str, ...]) -> None:
    record = matrices.read(
        proactive(
            f"信息内容@2x1|本年处理决定数量@1x{len(years)}",
            "|".join(years),
            "行政许可|" + "|".join(map(str, range(4, 4 + len(years)))),
            title=title,
        )
    )
    assert "columns_left_out" not in matrices.issues(record)
    assert numbers(record) in ({"permit_decisions": "4"}, {})


def test_the_columns_for_last_year_and_the_change_of_the_form_of_2019_are_its_own() -> None:
    record = matrices.read(
        proactive("信息内容|上一年项目数量|本年增/减|处理决定数量", "行政许可|12|减3|500", "行政处罚|3|+1|40")
    )
    assert len(numbers(record)) == 6
    assert "columns_left_out" not in matrices.issues(record)


@pytest.mark.parametrize(
    ("words", "behind"),
    [
        ("2022年|2021年", "|9"),
        ("2022年（件）|2021年（件）|增减", "|9|-4"),
        ("数量（件）|占比", "|50%"),
        ("件数|上年件数|备注", "|9|其中网上2件"),
    ],
)
@pytest.mark.parametrize("framing", ["page", "tabs", "sheet"])
def test_columns_beside_the_only_number_of_a_row(words: str, behind: str, framing: str) -> None:
    head = f"项目|{words}"
    rows = [f"一、本年新收政府信息公开申请数量|5{behind}", f"二、上年结转政府信息公开申请数量|1{behind}"]
    if framing == "page":
        record = matrices.read(matrices.page(*rows, head=rows_of(head)))
    elif framing == "tabs":
        record = matrices.read(matrices.tabs(head, *rows), "report.txt")
    else:
        record = matrices.read(matrices.sheet(head, *rows), "report.xlsx")
    assert numbers(record) == {"req_new__total": "5", "req_carried_in__total": "1"}


def test_the_only_number_of_a_row_under_another_year_is_open() -> None:
    rows = ["一、本年新收政府信息公开申请数量|5", "二、上年结转政府信息公开申请数量|1"]
    assert numbers(matrices.read(matrices.page(*rows, head=rows_of("项目|2021年")))) == {}


@pytest.mark.parametrize("between", ["- 2 -", "（续表）", ""])
@pytest.mark.parametrize("first", ["3", ""])
def test_columns_left_out_stay_so_where_the_table_goes_on(between: str, first: str) -> None:
    """Below a page's end no header says again which column is last year's: its number moved a row by one column."""
    head = f"申请人情况|{'|'.join(matrices.FLAT)}|上年总计"
    rest = f"二、上年结转政府信息公开申请数量|{first}|1|0|0|0|0|4|195"
    text = matrices.tabs(head, f"{NEW}|52", "").decode() + f"{between}\n" + matrices.tabs(rest).decode().split("\n")[-1]
    record = matrices.read(text.encode(), "a.txt")
    assert matrices.values(record, "req_new") == READ["req_new"]
    assert matrices.values(record, "req_carried_in") == [first, "1", "0", "0", "0", "0", "4"]


def test_a_column_of_a_padded_header_line_is_not_left_out_by_its_place() -> None:
    """The third line of a header set with tabs begins anew: what is its eighth cell stands over another value."""
    outcomes = "结果维持|结果纠正|其他结果|尚未审结|总计"
    rows = [
        "行政复议|行政诉讼" + "|" * 14,
        f"{outcomes}|未经复议直接起诉|复议后起诉" + "|" * 9,
        f"{outcomes}|结果维持|结果纠正|上年数|其他结果|尚未审结|总计" + "|" * 5,
        "0|1|1|0|2|3|1|3|0|7|3|1|273|||4",
    ]
    record = matrices.read(matrices.tabs(*rows), "a.txt")
    read = {cell["code"]: cell["value"] for cell in record["cells"] if cell["status"] == "number"}
    assert read.get("suit_after_review__upheld") in {None, "3"}
    assert read.get("suit_after_review__corrected") in {None, "1"}
