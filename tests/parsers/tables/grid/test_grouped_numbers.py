"""Thousands set apart by a full blank: one number where the document's sums say so, else told."""

import pytest

from tests.parsers import matrices

NEW = "一、本年新收政府信息公开申请数量"
OLD = "二、上年结转政府信息公开申请数量"
GRANTED = "三、本年度办理结果|（一）予以公开"
PROOFS = (f"{NEW}@1x3|10 849|18\u00a0292|0|0|5|1 000|30 146²", f"{OLD}@1x3|0|2 653|24|0|0|0|2 677")


def test_rows_that_add_up_are_read_and_keep_what_they_print() -> None:
    record = matrices.read(matrices.page(*PROOFS))
    assert matrices.values(record, "req_new") == ["10849", "18292", "0", "0", "5", "1000", "30146"]
    assert matrices.values(record, "req_carried_in") == ["0", "2653", "24", "0", "0", "0", "2677"]
    raw = {cell["code"]: cell["raw"] for cell in record["cells"]}
    assert (raw["req_new__natural"], raw["req_new__total"]) == ("10 849", "30 146²")


@pytest.mark.parametrize("framing", ["sheet", "word"])
def test_the_same_in_other_formats(framing: str) -> None:
    head = "|".join(("申请人情况", *matrices.FLAT))
    rows = [row.replace("@1x3", "").replace("²", "") for row in PROOFS]
    data, name = {
        "sheet": (matrices.sheet(head, *rows), "report.xlsx"),
        "word": (matrices.word(head, *rows), "report.docx"),
    }[framing]
    record = matrices.read(data, name)
    assert matrices.values(record, "req_new") == ["10849", "18292", "0", "0", "5", "1000", "30146"]


def _with_permits(*rows: str, permits: str = "435 400") -> dict[str, str | None]:
    table = matrices.rows_of("信息内容|本年处理决定数量", f"行政许可|{permits}")
    page = matrices.page(*rows).decode() + f"<table>{table}</table>"
    cells = matrices.read(page.encode())["cells"]
    return {cell["code"]: cell["value"] for cell in cells}


def test_where_rows_prove_the_habit_it_holds_for_tables_without_sums() -> None:
    assert _with_permits(*PROOFS)["permit_decisions"] == "435400"


@pytest.mark.parametrize(
    "rows",
    [
        ((PROOFS[0], f"{OLD}@1x3|0|2|24|0|0|0|26")),  # one row proves no habit
        ((*PROOFS, f"{GRANTED}@1x2|1 100|0|0|0|0|0|1 200")),  # one row contradicts it
        ((*PROOFS, f"{GRANTED}@1x2|1100|0|0|0|0|0|1100")),  # a number is not set apart
    ],
)
def test_without_proof_two_numbers_may_stand_in_a_cell(rows: tuple[str, ...]) -> None:
    assert _with_permits(*rows)["permit_decisions"] is None


def test_a_row_that_does_not_add_up_is_told() -> None:
    record = matrices.read(matrices.page(*PROOFS, f"{GRANTED}@1x2|1 100|0|0|0|0|0|1 200"))
    assert matrices.values(record, "req_granted") == [None, "0", "0", "0", "0", "0", None]
    assert "text_in_cell" in matrices.issues(record)


@pytest.mark.parametrize("text", ["10 84", "1 0849", "0 653", "12 345 67", "1 234.5"])
def test_other_groups_are_no_thousands(text: str) -> None:
    assert _with_permits(*PROOFS, permits=text)["permit_decisions"] is None
