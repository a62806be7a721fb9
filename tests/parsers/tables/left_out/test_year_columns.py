"""A column that names the report's year costs no figure; one of another year gives none."""

import pytest

from parsers import Hints, parse
from parsers.document import Locator
from parsers.tables.left_out.year_columns import year_columns
from parsers.tables.model import Slot

TITLE = "某市林业局2022年政府信息公开工作年度报告"
SECTION = "四、政府信息公开行政复议、行政诉讼情况"
OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
VALUES = ("3", "1", "2", "0", "6", "1", "0", "0", "1", "2", "0", "1", "0", "0", "1")
CODES = tuple(
    f"{block}__{column}"
    for block in ("review", "suit_direct", "suit_after_review")
    for column in ("upheld", "corrected", "other", "pending", "total")
)


def read(data: str, name: str) -> dict[str, str | None]:
    record = parse(data.encode(), Hints(url=name)).as_json()
    return {cell["code"]: cell["value"] for cell in record["cells"] if cell["status"] == "number"}


def page(*lines: list[str | tuple[str, int, int]]) -> str:
    joined = "".join(
        "<tr>"
        + "".join(
            f"<td rowspan={cell[1]} colspan={cell[2]}>{cell[0]}</td>" if isinstance(cell, tuple) else f"<td>{cell}</td>"
            for cell in line
        )
        + "</tr>"
        for line in lines
    )
    return f"<!DOCTYPE html><meta charset=utf-8><h1>{TITLE}</h1><p>{SECTION}</p><table>{joined}</table>"


def record(head: str, year: str) -> str:
    return page(
        [(head, 3, 1), ("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((word, 2, 1) for word in OUTCOMES), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [*OUTCOMES, *OUTCOMES],
        [year, *VALUES],
    )


@pytest.mark.parametrize(
    ("head", "year"), [("年度", "2022"), ("年份", "2022年"), ("", "2022年"), ("报告年度", "2022年度")]
)
def test_a_year_before_the_values_of_a_record(head: str, year: str) -> None:
    assert read(record(head, year), "report.html") == dict(zip(CODES, VALUES, strict=True))


def test_a_year_in_each_block_of_a_record() -> None:
    rows = [
        ["类别", "年度", *OUTCOMES],
        ["行政复议", "2022", *VALUES[:5]],
        ["未经复议直接起诉", "2022", *VALUES[5:10]],
        ["复议后起诉", "2022", *VALUES[10:]],
    ]
    expected = dict(zip(CODES, VALUES, strict=True))
    assert read(page(*map(list, rows)), "report.html") == expected
    piped = "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], ["---"] * 7, *rows[1:]))
    assert read(f"{TITLE}\n\n{SECTION}\n\n{piped}", "report.md") == expected


def test_a_year_behind_the_values_of_lines_with_tabs() -> None:
    line = "行政复议\t\t\t\t\t行政诉讼" + "\t" * 10
    heads = "\t".join(OUTCOMES)
    text = f"{TITLE}\n{SECTION}\n{line}年度\n{heads}\t未经复议直接起诉\t\t\t\t\t复议后起诉\t\t\t\t\t\n"
    text += "\t" * 5 + f"{heads}\t{heads}\t\n" + "\t".join((*VALUES, "2022年"))
    assert read(text, "report.txt") == dict(zip(CODES, VALUES, strict=True))


@pytest.mark.parametrize(("head", "year"), [("年度", "2021"), ("", "2021年")])
def test_a_row_of_another_year_gives_no_figure(head: str, year: str) -> None:
    assert read(record(head, year), "report.html") == {}


def test_a_bare_number_under_no_header_leaves_open_what_it_may_shift() -> None:
    read_ = read(record("", "2022"), "report.html")
    assert set(read_.items()) < set(zip(CODES, VALUES, strict=True))
    assert "review__upheld" not in read_


def test_a_number_among_years_is_no_year() -> None:
    def line(*texts: str) -> list[Slot]:
        return [Slot(text, Locator("text"), column) for column, text in enumerate(texts)]

    lines = [line("年度", "结果维持"), line("2022", "3"), line("12", "4")]
    assert year_columns(lines, {"年度"}, frozenset({"2022"})) == set()
    assert year_columns(lines[:2], {"年度"}, frozenset({"2022"})) == {0}
    assert year_columns(lines[:2], {"年度"}, frozenset({"2021", "2022"})) == set()


OTHER = ("9", "4", "5", "8", "26", "7", "3", "0", "2", "12", "5", "7", "3", "6", "21")


def numbers(data: bytes, name: str) -> dict[str, str]:
    record = parse(data, Hints(url=name)).as_json()
    return {cell["code"]: cell["value"] for cell in record["cells"] if cell["status"] == "number"}


@pytest.mark.parametrize(
    ("head", "years"),
    [("年度", ("2021年", "2022年")), ("", ("2022年", "2021年")), ("年份", ("2021", "2022")), ("", ("上年", "本年"))],
)
def test_rows_of_two_years_in_a_record(head: str, years: tuple[str, str]) -> None:
    rows = [
        [(head, 3, 1), ("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((word, 2, 1) for word in OUTCOMES), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [*OUTCOMES, *OUTCOMES],
        *([year, *(VALUES if year in {"2022年", "2022", "本年"} else OTHER)] for year in years),
    ]
    data = page(*rows)
    assert numbers(data.encode(), "report.html") == dict(zip(CODES, VALUES, strict=True))
    issues = parse(data.encode(), Hints(url="report.html")).issues
    (told,) = [issue.message for issue in issues if issue.code == "columns_left_out"]
    assert told == f"rows of another year are left out: {next(y for y in years if y not in {'2022年', '2022', '本年'})}"
    assert "cell_not_read" not in {issue.code for issue in issues}


@pytest.mark.parametrize("own_first", [True, False])
def test_rows_of_two_years_under_one_label(own_first: bool) -> None:
    own, other = ("31", "6", "0", "1", "4", "2", "44"), ("9", "0", "0", "0", "0", "0", "9")
    lines: list[list[str | tuple[str, int, int]]] = [
        ["申请人情况", "年度", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    ]
    for label in ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"):
        both: list[list[str | tuple[str, int, int]]] = [["2022年", *own], ["2021年", *other]]
        first, second = both if own_first else both[::-1]
        lines += [[(label, 2, 1), *first], second]
    found = numbers(page(*lines).encode(), "report.html")
    columns = ("natural", "company", "research", "welfare", "legal", "other_org", "total")
    assert found == {
        f"{row}__{column}": value
        for row in ("req_new", "req_carried_in")
        for column, value in zip(columns, own, strict=True)
    }


def test_a_row_without_a_year_among_those_of_two_years_leaves_all_open() -> None:
    rows = [
        [("年度", 3, 1), ("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((word, 2, 1) for word in OUTCOMES), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [*OUTCOMES, *OUTCOMES],
        ["2021年", *OTHER],
        ["2022年", *VALUES],
        ["合计", *OTHER],
    ]
    assert numbers(page(*rows).encode(), "report.html") == {}
