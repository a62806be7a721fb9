"""Invented reports add up."""

from __future__ import annotations

import pytest

from crawler.samples import invent


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2024])
def test_invented_reports_add_up(year: int) -> None:
    cells = invent("某县人民政府", year).cells()
    rows = {code.partition("__")[0] for code in cells if code.startswith("req_")}
    columns = ("natural", "company", "research", "welfare", "legal", "other_org")
    value = {code: int(text) for code, text in cells.items() if "__" in code}
    for row in rows:
        assert sum(value[f"{row}__{column}"] for column in columns) == value[f"{row}__total"]
    outcomes = rows - {"req_new", "req_carried_in", "req_outcome_total", "req_carried_out"}
    assert len(outcomes) == (21 if year >= 2021 else 19)
    for column in (*columns, "total"):
        closed = sum(value[f"{row}__{column}"] for row in outcomes)
        assert closed == value[f"req_outcome_total__{column}"]
        came = value[f"req_new__{column}"] + value[f"req_carried_in__{column}"]
        assert came == closed + value[f"req_carried_out__{column}"]
    earlier = invent("某县人民政府", year - 1).cells()
    assert earlier["req_carried_out__natural"] == cells["req_carried_in__natural"]
    if year > 2021:
        stock = int(earlier["normdocs_in_force"]) + int(cells["normdocs_issued"]) - int(cells["normdocs_repealed"])
        assert stock == int(cells["normdocs_in_force"])
    assert invent("某县人民政府", year) == invent("某县人民政府", year)
