"""The unit of an amount is looked for wherever a document says it, before the form's is assumed."""

from typing import Any

import pytest

from parsers.tables.units import UnitsAbove, UnitWords
from tests.parsers import matrices

WORDS = UnitWords(["万元", "元", "千元", "亿元"])
ROW = "行政事业性收费"


def fee(data: str, name: str = "a.html") -> tuple[str | None, set[str]]:
    record = matrices.read(data.encode(), name)
    found: dict[str, Any] = {cell["code"]: cell["value"] for cell in record["cells"]}
    return found["adminfee_amount_wan"], matrices.issues(record)


def page(header: str = "本年收费金额", label: str = ROW, value: str = "437884", **around: str) -> str:
    rows = matrices.rows_of("第二十条第（八）项@1x2", f"信息内容|{header}", f"{label}|{value}")
    return (
        f"<!DOCTYPE html><h1>{matrices.TITLE}</h1><p>二、主动公开政府信息情况{around.get('heading', '')}</p>"
        f"{around.get('above', '')}<table>{around.get('inside', '')}{rows}</table>{around.get('below', '')}"
    )


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：件、元", "元"),
        ("（金额单位：千元）", "千元"),
        ("单位 ： 万 元", "万元"),
        ("计量单位为亿元。", "亿元"),
        ("注：收费金额以元为单位，件数以件计。", "元"),
        ("单位：人民币元", "元"),
        ("单位：件，金额单位：元", "元"),
        ("数量单位：件；计价单位：人民币（千元）", "千元"),
        ("单位（元）", "元"),
        ("（件、元）", "元"),
        ("收费金额：元", "元"),
        ("单位（盖章）：某局", None),
        ("单位：元、万元", None),
        ("单位：件", None),
        ("各单位：请于元旦前报送", None),
        ("本年收费437884元", None),
    ],
)
def test_what_a_text_says_of_units(text: str, unit: str | None) -> None:
    assert WORDS.said(text) == unit


def test_a_label_without_its_unit() -> None:
    assert WORDS.without("行政事业性收费（单位：元）") == ROW
    assert WORDS.without("行政事业性收费（千元）") == ROW
    assert WORDS.without("本年收费金额（金额单位为元，保留两位小数）") == "本年收费金额"
    assert WORDS.without("本年收费金额/元") == "本年收费金额"
    assert WORDS.without("行政事业性收费（含罚款）") == "行政事业性收费（含罚款）"


def test_a_unit_above_is_of_one_table_and_that_of_a_heading_of_its_section() -> None:
    units = UnitsAbove(WORDS)
    units.pass_text("二、主动公开政府信息情况（单位：件、元）")
    units.pass_text("单位：千元")
    assert units.of_table(None, []) == "千元"
    assert units.of_table(None, []) == "元"
    units.pass_text("三、收到和处理政府信息公开申请情况")
    assert units.of_table(None, []) is None
    assert units.of_table("单位：亿元", []) == "亿元"
    assert units.of_table(None, ["注：金额单位为元"]) == "元"
    assert units.of_table(None, ["本单位今年公开了许多信息，金额单位为元的另见附表，此处不再一一列举。"]) is None


@pytest.mark.parametrize(
    "around",
    [
        {"above": "<p>单位：件、元</p>"},
        {"above": "<p>单位：件，金额单位：元</p>"},
        {"above": "<p>（元）</p>"},
        {"heading": "（金额单位：元）"},
        {"inside": "<caption>单位：元</caption>"},
        {"inside": "<tr><td colspan=2>单位：元</td></tr>"},
        {"below": "<p>注：收费金额以元为单位。</p>"},
    ],
)
def test_a_unit_around_the_table_is_taken_and_told(around: dict[str, str]) -> None:
    value, issues = fee(page(**around))
    assert value == "43.7884"
    assert "unit_around" in issues
    assert "unit_assumed" not in issues


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (page(header="本年收费金额（单位：千元）", value="437.884"), "43.7884"),
        (page(header="本年收费金额(元)"), "43.7884"),
        (page(header="本年收费金额（单位为元）"), "43.7884"),
        (page(header="本年收费金额（以元计）"), "43.7884"),
        (page(header="本年收费金额（人民币：元）"), "43.7884"),
        (page(header="本年收费金额/元"), "43.7884"),
        (page(label="行政事业性收费（元）"), "43.7884"),
        (page(label="行政事业性收费（计量单位：元）"), "43.7884"),
        (page(label="行政事业性收费（单位：千元）", header="本年收费金额（单位：元）", value="437.884"), "43.7884"),
        (page(value="437884元", above="<p>单位：千元</p>"), "43.7884"),
        (page(value="437884（元）"), "43.7884"),
        (page(value="437.884千元"), "43.7884"),
        (page(header="本年收费金额（单位：万元）", above="<p>单位：元</p>", value="43.7884"), "43.7884"),
    ],
)
def test_the_nearest_unit_wins_and_nothing_is_misspelt(made: str, value: str) -> None:
    read, issues = fee(made)
    assert read == value
    assert not {"unit_assumed", "unit_around", "header_misspelt", "label_misspelt"} & issues


@pytest.mark.parametrize("above", ["", "<p>单位：件</p>", "<p>单位：元、万元</p>"])
def test_where_none_is_said_the_forms_own_is_assumed_and_told(above: str) -> None:
    value, issues = fee(page(above=above))
    assert value == "437884"
    assert "unit_assumed" in issues


@pytest.mark.parametrize("by", [" ", "\t", "\n"])
def test_a_unit_above_rows_set_as_text(by: str) -> None:
    lines = ["单位：件、元", "第二十条第（八）项", f"信息内容{by}本年收费金额", f"{ROW}{by}437884"]
    text = "\n".join([matrices.TITLE, "二、主动公开政府信息情况", *lines])
    value, issues = fee(text, "a.txt")
    assert value == "43.7884"
    assert "unit_around" in issues


@pytest.mark.parametrize(
    ("header", "value"), [("本年处理决定数量（单位：万件）", "3.5"), ("本年处理决定数量", "3.5万件")]
)
def test_counts_in_ten_thousands_are_read_and_told(header: str, value: str) -> None:
    rows = matrices.rows_of(f"信息内容|{header}", f"行政处罚|{value}", "行政许可|2件")
    page = f"<!DOCTYPE html><h1>{matrices.TITLE}</h1><p>二、主动公开政府信息情况</p><table>{rows}</table>"
    record = matrices.read(page.encode())
    found = {cell["code"]: cell["value"] for cell in record["cells"]}
    assert found == {"penalty_decisions": "35000", "permit_decisions": "2"}
    assert [issue["message"].split(":")[0] for issue in record["issues"] if issue["code"] == "ten_thousands"] == [
        "penalty_decisions"
    ]
