"""Numbers whose digits are set apart in their cells: joined where the whole file does so, else told."""

import pytest

from parsers import parse
from parsers.formats import read_document, resolve
from tests.parsers.formats.tiny_pdf import Sheet, pdf

X = [70.0, 180.0, 290.0, 400.0, 510.0]


def figures(*rows: str) -> dict[str, str]:
    """What is read of a table of rules and documents whose cells say this."""
    sheet = Sheet()
    sheet.text(100, 40, "某某市林业局2022年政府信息公开工作年度报告")
    sheet.text(74, 70, "二、主动公开政府信息情况")
    head = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    sheet.table(X, 100, [head, *(row.split("|") for row in rows)])
    data = pdf(sheet)
    for table in read_document(data).tables():
        for cell in table.cells:
            assert resolve(data, cell.locator) == cell.text
    return {cell["code"]: cell["value"] or cell["status"] for cell in parse(data).as_json()["cells"]}


@pytest.mark.parametrize(
    ("printed", "value"), [("4 7", "47"), ("6 9 6", "696"), ("1 0", "10"), ("8", "8"), ("", "blank")]
)
def test_digits_set_apart_are_one_number_where_all_are_set_so(printed: str, value: str) -> None:
    found = figures(f"规章|{printed}|0|1 2", "行政规范性文件|1 1|5|3 6")
    assert found["rules_issued"] == value
    assert [found[f"normdocs_{what}"] for what in ("issued", "repealed", "in_force")] == ["11", "5", "36"]


@pytest.mark.parametrize(
    "rows",
    [
        ("规章|4 7|0|12", "行政规范性文件|1 1|5|3 6"),  # another number's digits touch
        ("规章|4 7|0|1", "行政规范性文件|1 1|5|7"),  # two are not enough
        ("规章|4 7|0|0 2", "行政规范性文件|1 1|5|3 6"),  # two columns without a rule
    ],
)
def test_where_two_numbers_may_be_meant_it_is_told(rows: tuple[str, str]) -> None:
    assert figures(*rows)["rules_issued"] == "text"
