"""A value merged over several rows is of all of them or of one, and costs nobody else."""

import pytest

from parsers.document import Cell, Locator, Table
from parsers.forms.templates import load
from parsers.forms.values import ValueReader
from parsers.tables.grid.merged_cells import table_lines
from tests.parsers import matrices

SECRET, LAW = "req_denied_state_secret", "req_denied_other_law"


def test_a_merged_total_is_open_and_the_other_figures_of_its_rows_are_read() -> None:
    record = matrices.read(
        matrices.page(
            "三、本年度办理结果@2x1|（三）不予公开@2x1|1.属于国家秘密|2|0|0|0|0|0|5@2x1",
            "2.其他法律行政法规禁止公开|3|0|0|0|0|0",
        )
    )
    assert matrices.values(record, SECRET) == ["2", "0", "0", "0", "0", "0", None]
    assert matrices.values(record, LAW) == ["3", "0", "0", "0", "0", "0", None]
    assert "merged_cell" in matrices.issues(record)
    assert "cell_count" not in matrices.issues(record)
    (total,) = [cell for cell in record["cells"] if cell["code"] == f"{LAW}__total"]
    assert (total["status"], total["raw"], total["alternatives"]) == ("ambiguous", "5", ["5"])


@pytest.mark.parametrize(("cell", "read"), [("0", "0"), ("", ""), ("/", "")])
def test_nothing_merged_over_rows_is_nothing_in_each(cell: str, read: str) -> None:
    record = matrices.read(
        matrices.page(
            f"三、本年度办理结果@2x1|（三）不予公开@2x1|1.属于国家秘密|2|0|{cell}@2x1|0|0|0|2",
            "2.其他法律行政法规禁止公开|3|0|0|0|0|3",
        )
    )
    assert matrices.values(record, SECRET) == ["2", "0", read, "0", "0", "0", "2"]
    assert matrices.values(record, LAW) == ["3", "0", read, "0", "0", "0", "3"]


def test_a_merged_cell_of_a_small_table() -> None:
    rows = matrices.rows_of("信息内容|本年处理决定数量", "行政处罚|7@2x1", "行政强制", "行政许可|4")
    record = matrices.read(f"<h1>{matrices.TITLE}</h1><p>二、主动公开政府信息情况</p><table>{rows}</table>".encode())
    found = {cell["code"]: (cell["status"], cell["value"]) for cell in record["cells"]}
    assert found["penalty_decisions"] == found["coercion_decisions"] == ("ambiguous", None)
    assert found["permit_decisions"] == ("number", "4")


def test_spans_that_lie_share_nothing() -> None:
    where = Locator.of("html")
    own = [Cell(text, 0, at, where, row_span=2) for at, text in enumerate(("规章", "1", "2"))]
    below = [Cell(text, 1, at + 3, where) for at, text in enumerate(("行政规范性文件", "3", "4"))]
    lines = table_lines(Table((*own, *below), where), ValueReader(load().reading.values))
    assert [[slot.text for slot in slots] for _, slots in lines] == [["规章", "1", "2"], ["行政规范性文件", "3", "4"]]
