"""Small tables with one cell a row are read by both labels of each."""

from typing import Any

import pytest

from tests.parsers import matrices
from tests.parsers.formats.sheet.test_reader import xlsx

ROWS = (
    ("规章", ("本年制发件数", "1"), ("本年废止件数", "0"), ("现行有效件数", "12")),
    ("行政规范性文件", ("本年制发件数", "2"), ("本年废止件数", ""), ("现行有效件数", "43")),
    ("行政许可", ("本年处理决定数量", "798")),
    ("行政处罚", ("本年处理决定数量", "247")),
    ("行政强制", ("本年处理决定数量", "14")),
    ("行政事业性收费", ("本年收费金额（单位：万元）", "285.88")),
)
READ = {
    "rules_issued": "1",
    "rules_repealed": "0",
    "rules_in_force": "12",
    "normdocs_issued": "2",
    "normdocs_in_force": "43",
    "permit_decisions": "798",
    "penalty_decisions": "247",
    "coercion_decisions": "14",
    "adminfee_amount_wan": "285.88",
}
HEAD = ("信息内容", "项目", "数量")
SECTION = "二、主动公开政府信息情况"


def numbers(record: dict[str, Any]) -> dict[str, str]:
    return {cell["code"]: cell["value"] for cell in record["cells"] if cell["status"] == "number"}


def page(*rows: str) -> dict[str, Any]:
    table = f"<table>{matrices.rows_of(*rows)}</table>"
    return matrices.read(
        f"<!DOCTYPE html><meta charset=utf-8><h1>{matrices.TITLE}</h1><p>{SECTION}</p>{table}".encode()
    )


@pytest.mark.parametrize("head", [("|".join(HEAD),), ()])
@pytest.mark.parametrize("merged", [True, False])
def test_a_page_with_labels_merged_over_their_cells(*, merged: bool, head: tuple[str, ...]) -> None:
    lines = list(head)
    for label, *cells in ROWS:
        for at, (column, value) in enumerate(cells):
            own = f"{label}@{len(cells)}x1|" if merged and at == 0 else "" if merged else f"{label}|"
            lines.append(f"{own}{column}|{value}")
        lines.append("第二十条第（五）项@1x3")
    record = page(*lines)
    assert numbers(record) == READ
    blank = next(cell for cell in record["cells"] if cell["code"] == "normdocs_repealed")
    assert (blank["status"], blank["value"]) == ("blank", None)
    assert not matrices.issues(record) & {"cell_of_no_form", "cell_not_read", "text_in_cell"}


@pytest.mark.parametrize("framing", ["tabs", "sheet"])
@pytest.mark.parametrize("again", [True, False])
def test_lines_with_and_without_their_label(framing: str, *, again: bool) -> None:
    lines = [HEAD]
    for label, *cells in ROWS:
        lines += [(label if again or at == 0 else "", column, value) for at, (column, value) in enumerate(cells)]
    if framing == "tabs":
        text = [matrices.TITLE, SECTION, *("\t".join(line) for line in lines)]
        record = matrices.read("\n".join(text).encode(), "report.txt")
    else:
        cells = {f"{'ABC'[at]}{n}": text for n, line in enumerate(lines, start=3) for at, text in enumerate(line)}
        record = matrices.read(xlsx({"A1": matrices.TITLE, "A2": SECTION, **cells}), "report.xlsx")
    assert numbers(record) == READ


@pytest.mark.parametrize(
    "rows",
    [
        ("规章|本年制发件数|1", "本年制发件数|5"),  # the same column twice
        ("规章|本年制发件数|1", "本年处理决定数量|5"),  # a column of another row
        ("规章|上年制发件数|5",),
        ("本年制发件数|5",),
    ],
)
def test_cells_whose_labels_do_not_say_which_they_are(rows: tuple[str, ...]) -> None:
    record = page("|".join(HEAD), *rows)
    assert "5" not in numbers(record).values()
    assert matrices.issues(record) & {"cell_of_no_form", "cell_not_read", "unknown_row", "no_figures"}
