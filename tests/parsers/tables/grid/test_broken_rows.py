"""Several rows in one, parted by line breaks, are read as the rows that they print."""

from typing import Any

import pytest

from tests.parsers import matrices


def numbers(record: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {cell["code"]: (cell["value"], cell["raw"]) for cell in record["cells"] if cell["status"] == "number"}


def proactive(*rows: str) -> dict[str, Any]:
    table = matrices.rows_of("信息内容|本年处理决定数量", *rows).replace("/br/", "<br>")
    page = f"<!DOCTYPE html><h1>{matrices.TITLE}</h1><p>二、主动公开政府信息情况</p><table>{table}</table>"
    return matrices.read(page.encode())


def requests(*rows: str) -> dict[str, Any]:
    return matrices.read(matrices.page(*rows).replace(b"/br/", b"<br>"))


def test_two_rows_of_a_small_table_in_one() -> None:
    record = proactive("行政处罚/br/行政强制|198/br/49", "行政许可|7")
    assert {code: value for code, (value, _) in numbers(record).items()} == {
        "penalty_decisions": "198",
        "coercion_decisions": "49",
        "permit_decisions": "7",
    }
    assert numbers(record)["coercion_decisions"][1] == "198\n49"
    assert "rows_in_one" in matrices.issues(record)


def test_the_rows_of_a_group_in_one_with_a_label_in_two_lines_and_a_blank_column() -> None:
    labels = "1.信访举报投诉类申请/br/2.重复/br/申请/br/3.要求提供公开出版物"
    cells = ["1/br/2/br/3", "0/br/0/br/4", "", "0/br/0/br/0", "0/br/0/br/0", "5/br/0/br/0", "6/br/2/br/7"]
    record = requests("三、本年度办理结果|（五）不予处理|" + "|".join((labels, *cells)))
    assert matrices.values(record, "req_not_processed_petition") == ["1", "0", "", "0", "0", "5", "6"]
    assert matrices.values(record, "req_not_processed_repeat") == ["2", "0", "", "0", "0", "0", "2"]
    assert matrices.values(record, "req_not_processed_publication") == ["3", "4", "", "0", "0", "0", "7"]


@pytest.mark.parametrize("values", ["198", "198/br/49/br/3", "198/br/见附件"])
def test_rows_whose_cells_have_other_lines_are_told_and_not_read(values: str) -> None:
    record = proactive(f"行政处罚/br/行政强制|{values}", "行政许可|7")
    assert set(numbers(record)) == {"permit_decisions"}
    assert "rows_in_one" not in matrices.issues(record)
    assert any("penalty" in issue["message"] for issue in record["issues"])


def test_a_label_in_two_lines_is_one_row() -> None:
    record = proactive("行政事业/br/许可|4", "行政/br/处罚|5/br/")
    assert {code: value for code, (value, _) in numbers(record).items()} == {"penalty_decisions": "5"}
