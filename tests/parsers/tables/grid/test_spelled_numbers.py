"""Chinese numerals are numbers in a table that has no others."""

import pytest

from tests.parsers import matrices

NEW = "一、本年新收政府信息公开申请数量"
OLD = "二、上年结转政府信息公开申请数量"


@pytest.mark.parametrize("framing", ["page", "tabs", "sheet"])
def test_a_table_in_numerals_is_read_and_keeps_what_it_prints(framing: str) -> None:
    rows = [f"{NEW}|十五|二|零|〇|一百零三|无|一百二十", f"{OLD}|两|零|零|零|零|零|二件"]
    head = "|".join(("申请人情况", *matrices.FLAT))
    data, name = {
        "page": (matrices.page(*rows), "report.html"),
        "tabs": (matrices.tabs(head, *rows), "report.txt"),
        "sheet": (matrices.sheet(head, *rows), "report.xlsx"),
    }[framing]
    record = matrices.read(data, name)
    assert matrices.values(record, "req_new") == ["15", "2", "0", "0", "103", "", "120"]
    assert matrices.values(record, "req_carried_in") == ["2", "0", "0", "0", "0", "0", "2"]
    raw = {cell["code"]: cell["raw"] for cell in record["cells"]}
    assert (raw["req_new__natural"], raw["req_new__total"]) == ("十五", "一百二十")


def test_tens_of_thousands_and_parts_of_amounts() -> None:
    rows = (
        "信息内容|本年处理决定数量",
        "行政许可|一万二千零五",
        "行政处罚|十万",
        "信息内容|本年收费金额（单位：万元）",
    )
    table = matrices.rows_of(*rows, "行政事业性收费|三十六点五")
    page = f"<!DOCTYPE html><h1>{matrices.TITLE}</h1><p>二、主动公开政府信息情况</p><table>{table}</table>"
    found = {cell["code"]: cell["value"] for cell in matrices.read(page.encode())["cells"]}
    assert found == {"permit_decisions": "12005", "penalty_decisions": "100000", "adminfee_amount_wan": "36.5"}


def test_beside_other_numbers_a_numeral_is_none() -> None:
    record = matrices.read(matrices.page(f"{NEW}|十五|2|0|0|1|0|18", f"{OLD}|二|1|0|0|0|0|3"))
    status = {cell["code"]: cell["status"] for cell in record["cells"]}
    assert (status["req_new__natural"], status["req_carried_in__natural"]) == ("text", "text")
    assert matrices.values(record, "req_new")[1:] == ["2", "0", "0", "1", "0", "18"]
